"""The statements of a network, counted as the lines come by; nodes get numbers, and names back.

In memory are counts of different statements and the nodes, both bounded (TooMany), and no text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from annotations.exchange.records import EntityRecord, LayerRecord, Line
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.network_choices import (
    Actors,
    Choices,
    Kept,
    Layers,
    Qualifier,
    Ties,
)
from annotations.exchange.writers.shape import entities_of
from annotations.exchange.writers.stances import (
    NAME_CODE_POINTS,
    POLARITIES,
    STRONGEST,
    Named,
    Stance,
    count_aliases,
    moment,
    stances_of,
)
from annotations.exchange.writers.xml_text import known
from annotations.limits import LIMITS
from annotations.networks import levels
from annotations.networks.counting import Counted, Counts, Statement, TooMany, What
from annotations.networks.levels import Levels

ACTOR, CONCEPT = "actor", "concept"


@dataclass(slots=True)
class Node:
    """`frequency` is the number of its statements, at whatever time."""

    named: Named
    kind: str
    aliases: str
    frequency: int = 0


@dataclass(frozen=True, slots=True)
class Statements:
    """Actors and concepts in the order of their names; `counts` name them by their places there."""

    actors: Sequence[Node]
    concepts: Sequence[Node]
    counts: Sequence[Counts]


def levels_of(choices: Choices) -> Levels:
    """The levels of what the ties are made of."""
    if choices.ties is Ties.IGNORE:
        return levels.NONE
    return {
        Qualifier.AGREEMENT: levels.BINARY,
        Qualifier.STRENGTH: levels.ordered(STRONGEST),
        Qualifier.POLARITY: levels.nominal(len(POLARITIES)),
    }[choices.qualifier]


def statements_of(lines: Iterable[Line], report: LossReport, choices: Choices) -> Statements:
    """All statements of the lines that the choices want; the others are in the report."""
    reading = _Reading(report, choices)
    for number, line in enumerate(lines):
        reading.read(number, line)
    return reading.statements()


@dataclass(slots=True)
class _Nodes:
    """The nodes of one kind, by what they are."""

    kind: str
    numbers: dict[Named, int] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)

    def number(self, named: Named, entities: Mapping[str, EntityRecord]) -> int:
        if named not in self.numbers:
            if len(self.nodes) >= LIMITS.network_nodes:
                raise TooMany(What.NODES, LIMITS.network_nodes)
            self.numbers[named] = len(self.nodes)
            entity = entities.get(named.key)
            aliases = dict.fromkeys(known(one.text)[0] for one in entity.aliases) if entity else ()
            self.nodes.append(Node(named, self.kind, "|".join(aliases)))
        return self.numbers[named]

    def places(self) -> Sequence[int]:
        """By number, the place in the order of names."""
        order = sorted(range(len(self.nodes)), key=lambda number: _order(self.nodes[number]))
        places = [0] * len(order)
        for place, number in enumerate(order):
            places[number] = place
        return places

    def in_order(self) -> Sequence[Node]:
        return sorted(self.nodes, key=_order)


def _order(node: Node) -> tuple[str, str, str]:
    return node.named.name, node.named.key, node.named.type


class _Reading:
    def __init__(self, report: LossReport, choices: Choices) -> None:
        self._report, self._choices = report, choices
        self._actors, self._concepts = _Nodes(ACTOR), _Nodes(CONCEPT)
        most = LIMITS.network_statements
        self._counted = Counted(choices.duplicates, choices.timed, most)

    def read(self, number: int, line: Line) -> None:
        entities, used = entities_of(line), set[str]()
        at = moment(line)
        for layer in self._layers(line):
            for stance in stances_of(line, layer, self._report, self._choices.told):
                used |= stance.keys
                lost = self._count(stance, line, layer, number, at, entities)
                self._report.lose(lost, line, layer, stance.span.id)
        count_aliases(line, used, self._report)

    def statements(self) -> Statements:
        rows, columns = self._actors.places(), self._concepts.places()
        counts = [
            Counts(at, (rows[row], columns[column], level), times)
            for at, (row, column, level), times in self._counted.counts()
        ]
        return Statements(self._actors.in_order(), self._concepts.in_order(), counts)

    def _layers(self, line: Line) -> Iterator[LayerRecord]:
        """Those that count; the others are in the report."""
        wanted = self._choices.layers
        has_gold = any(layer.kind == "gold" for layer in line.layers)
        only_gold = wanted is Layers.GOLD or (wanted is Layers.GOLD_FIRST and has_gold)
        for layer in line.layers:
            if only_gold and layer.kind != "gold":
                self._report.lose(Part.OTHER_LAYERS, line, layer)
            else:
                yield layer

    def _count(
        self,
        stance: Stance,
        line: Line,
        layer: LayerRecord,
        document: int,
        at: int | None,
        entities: Mapping[str, EntityRecord],
    ) -> Part:
        """What of the stance is lost: all of it for some reason, or what counting leaves out."""
        choices = self._choices
        actor, concept = self._actor(stance, line), stance.target
        if not (actor and actor.name and concept.name):
            return Part.ENDLESS
        if choices.unlinked is Kept.LEFT_OUT and not (_is_known(actor) and concept.key):
            return Part.UNLINKED
        ends = [self._fit(one, line, layer) for one in (actor, concept)]
        if choices.isolates:
            self._numbers(ends, entities)
        if stance.hedged and choices.hedged is Kept.LEFT_OUT:
            return Part.HEDGED
        if not self._is_in_time(at):
            return Part.UNTIMED
        level = self._level(stance)
        if level is None:
            return Part.UNSIGNED
        row, column = self._numbers(ends, entities)
        if not self._counted.add(Statement(row, column, level, at, document)):
            return Part.REPEATED
        self._actors.nodes[row].frequency += 1
        self._concepts.nodes[column].frequency += 1
        return Part.SUMMED

    def _numbers(
        self, ends: Sequence[Named], entities: Mapping[str, EntityRecord]
    ) -> tuple[int, int]:
        actor, concept = ends
        return self._actors.number(actor, entities), self._concepts.number(concept, entities)

    def _actor(self, stance: Stance, line: Line) -> Named | None:
        wanted, article = self._choices.actors, line.article
        if wanted is Actors.HOLDER:
            return stance.holder
        if wanted is Actors.PERSON:
            return stance.person
        if wanted is Actors.ORGANISATION:
            return stance.organisation
        return Named("", article.source if wanted is Actors.SOURCE else article.author, wanted)

    def _fit(self, named: Named, line: Line, layer: LayerRecord) -> Named:
        """With a name that is not too long, and that XML can hold."""
        name, unwritable = known(named.name)
        if unwritable:
            self._report.lose(Part.UNWRITABLE, line, layer)
        if len(name) > NAME_CODE_POINTS:
            self._report.lose(Part.CUT, line, layer)
        return named._replace(name=name[:NAME_CODE_POINTS])

    def _is_in_time(self, at: int | None) -> bool:
        since, until = self._choices.since, self._choices.until
        if at is None:
            return not (since or until or self._choices.timed)
        day = day_of(at)
        return (since is None or since <= day) and (until is None or day <= until)

    def _level(self, stance: Stance) -> int | None:
        if self._choices.ties is Ties.IGNORE:
            return 0
        if self._choices.qualifier is Qualifier.AGREEMENT:
            return None if stance.sign is None else int(stance.sign > 0)
        if self._choices.qualifier is Qualifier.STRENGTH:
            return None if stance.strength is None else stance.strength + STRONGEST
        known = stance.polarity in POLARITIES
        return POLARITIES.index(stance.polarity) if known else None


def _is_known(actor: Named) -> bool:
    """Linked to an entity, or of the article itself."""
    return bool(actor.key) or actor.type in (Actors.SOURCE, Actors.AUTHOR)


def day_of(at: int) -> date:
    """The day of a moment, in UTC."""
    return datetime.fromtimestamp(at, UTC).date()
