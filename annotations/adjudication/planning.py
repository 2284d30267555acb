"""The operations by which a rule settles the cases of a gold layer. Pure.

Each case is one group, which stands or falls by itself and is undone by itself; what one request does
not hold goes before it in others. All ids follow from
the gold layer and the case, so that the same again is known as a repeat, and what somebody took back
is not done again. What is in the gold layer already, just so and settled by nothing (a layer that came
from a file), is not placed a second time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, UUID, uuid5

from msgspec.structs import replace

from annotations.adjudication.records import (
    ARTICLE,
    Case,
    Layer,
    Named,
    RelationCase,
    RelationVersion,
    Shape,
    SpanCase,
    SpanVersion,
    Target,
    in_order,
    members_of,
)
from annotations.adjudication.rules import Decided, Rule, decide
from annotations.adjudication.standing import UNSETTLED, Gold, Standing, Status, standing
from annotations.spans.remarks import Member, Result, SettlementImage
from annotations.spans.requests import (
    MAX_MEMBERS,
    MAX_OPERATIONS,
    AnyOperation,
    End,
    Place,
    Relate,
    RelationImage,
    Settle,
    Settled,
    SpanImage,
    Waive,
    Waived,
)

Group = list[AnyOperation]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan is made on: the key of the gold layer, what is in it, the layers it settles with
    the cases between them, and the entities that any of them links to."""

    key: int
    spans: Sequence[SpanImage]
    relations: Sequence[RelationImage]
    settlements: Sequence[SettlementImage]
    waived: Collection[tuple[str, str]]
    layers: Sequence[Layer]
    cases: Sequence[Case]
    outdated: Collection[UUID]
    entities: Mapping[UUID, Named]

    def gold(self) -> Gold:
        return Gold(
            spans={span.id for span in self.spans},
            relations={relation.id for relation in self.relations},
            settlements=self.settlements,
            outdated=self.outdated,
        )


def plan(ground: Ground, rule: Rule) -> list[Group]:
    """Return the groups of operations, those of spans before those of the relations between them."""
    planning = _Planning(ground, rule)
    return [*planning.spans(), *planning.relations(), *_waivers(ground)]


@dataclass(slots=True)
class _Planning:
    ground: Ground
    rule: Rule
    standing: Mapping[str, Standing] = field(init=False)
    _results: dict[str, UUID] = field(default_factory=dict)
    _by_member: dict[Member, list[SettlementImage]] = field(init=False)
    _spans: dict[UUID, SpanImage] = field(init=False)
    _unsettled: dict[str, list[SpanImage]] = field(init=False)
    _relations: dict[tuple[str, End, End], RelationImage] = field(init=False)

    def __post_init__(self) -> None:
        ground = self.ground
        self.standing = standing(ground.cases, ground.gold())
        settlements = {each.id: each for each in ground.settlements}
        for case, found in self.standing.items():
            if found.settlement and (result := settlements[found.settlement].span):
                self._results[case] = result
        self._by_member = defaultdict(list)
        for each in ground.settlements:
            for member in each.of:
                self._by_member[member].append(each)
        settled = {each.span for each in ground.settlements}
        self._spans = {span.id: span for span in ground.spans}
        self._unsettled = defaultdict(list)
        for span in ground.spans:
            if span.id not in settled:
                self._unsettled[str(span.fragments)].append(span)
        self._relations = {(one.type, one.source, one.target): one for one in ground.relations}

    # --- spans -------------------------------------------------------------------------------

    def spans(self) -> Iterator[Group]:
        for case in self.ground.cases:
            if not isinstance(case, SpanCase) or not self._is_open(case):
                continue
            if (decided := decide(case, self.rule)) is not None:
                yield from self._span(case, decided)

    def _span(self, case: SpanCase, decided: Decided) -> Iterator[Group]:
        ids = _Ids(self.ground.key, case)
        version = decided.version
        if not isinstance(version, SpanVersion):
            if self.standing[case.id].status is Status.OPEN:
                yield [ids.settle(case, decided, None)]
            return
        there = self._there(case, version.span)
        if there is not None:
            self._results[case.id] = there
            yield [ids.settle(case, decided, Result(span=there))]
        elif self.standing[case.id].status is Status.OPEN:
            self._results[case.id] = ids.of("span")
            placing = Place(
                id=ids.of("place"), group=ids.group, span=_placed(ids.of("span"), version)
            )
            yield [placing, ids.settle(case, decided, Result(span=ids.of("span")))]

    def _there(self, case: SpanCase, shape: Shape) -> UUID | None:
        """The span of the gold layer that is just so: one that nothing settled, or for a case that
        changed the one that was settled before."""
        if self.standing[case.id].status is Status.CHANGED:
            before = [self._spans[span] for span in self._settled(case) if span in self._spans]
            return next((span.id for span in before if self._is_so(span, shape)), None)
        some = self._unsettled[str(shape.fragments)]
        found = next((span for span in some if self._is_so(span, shape)), None)
        if found is None:
            return None
        some.remove(found)
        return found.id

    def _settled(self, case: SpanCase) -> Iterator[UUID]:
        """What came of some of the case's members before."""
        for member in sorted(members_of(case), key=in_order):
            yield from (each.span for each in self._by_member[member] if each.span)

    def _is_so(self, span: SpanImage, shape: Shape) -> bool:
        entity = self.ground.entities.get(span.entity) if span.entity else None
        return (span.label, span.fragments, span.attributes, entity) == (
            shape.label,
            shape.fragments,
            shape.attributes,
            shape.entity,
        )

    # --- relations ---------------------------------------------------------------------------

    def relations(self) -> Iterator[Group]:
        for case in self.ground.cases:
            if not isinstance(case, RelationCase) or not self._is_open(case):
                continue
            decided = decide(case, self.rule)
            if decided is not None and self.standing[case.id].status is Status.OPEN:
                yield from self._relation(case, decided)

    def _relation(self, case: RelationCase, decided: Decided) -> Iterator[Group]:
        ids = _Ids(self.ground.key, case)
        version = decided.version
        if not isinstance(version, RelationVersion):
            yield [ids.settle(case, decided, None)]
            return
        source = self._source(case)
        targets = [self._target(to) for to in version.to]
        if source is None:
            return
        relating: list[Relate] = []
        result: list[UUID] = []
        for at, (target, attributes) in enumerate(zip(targets, version.attributes, strict=True)):
            if target is None:
                return
            there = self._related(case.type, source, target, attributes)
            result.append(there or ids.of(f"relation {at}"))
            if there is None:
                relation = RelationImage(result[-1], case.type, source, target, attributes)
                relating.append(
                    Relate(id=ids.of(f"relate {at}"), group=ids.group, relation=relation)
                )
        yield from _divided(relating, ids, ids.settle(case, decided, Result(relations=result)))

    def _source(self, case: RelationCase) -> End | None:
        if case.source == ARTICLE:
            return End(article=True)
        span = self._results.get(case.source)
        return End(span=span) if span else None

    def _target(self, to: Target) -> End | None:
        if to.entity is not None:
            return End(entity=to.entity.id)
        span = self._results.get(to.case or "")
        return End(span=span) if span else None

    def _related(
        self, kind: str, source: End, target: End, attributes: Mapping[str, str | bool]
    ) -> UUID | None:
        """The relation of the gold layer that is just so."""
        found = self._relations.get((kind, source, target))
        return found.id if found and found.attributes == attributes else None

    def _is_open(self, case: Case) -> bool:
        is_open = self.standing[case.id].status in UNSETTLED
        return is_open and len(members_of(case)) <= MAX_MEMBERS


@dataclass(frozen=True, slots=True)
class _Ids:
    """The ids of what is made of a case."""

    key: int
    case: Case

    @property
    def group(self) -> UUID:
        return self.of("group")

    def of(self, what: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"kutip:gold:{self.key}:{self.case.id}:{what}")

    def settle(self, case: Case, decided: Decided, result: Result | None) -> Settle:
        members = sorted(members_of(case), key=in_order)
        return Settle(
            id=self.of("settle"),
            group=self.group,
            settlement=Settled(
                id=self.of("settlement"),
                of=members,
                decision=decided.decision,
                took=decided.took,
                result=result,
                reason=decided.reason,
            ),
        )


def _divided(relating: Sequence[Relate], ids: _Ids, settle: Settle) -> Iterator[Group]:
    """What is related, and then settled, in one group; where that is more than a request holds, what
    does not fit goes before, in groups of its own."""
    beyond, last = relating[: -(MAX_OPERATIONS - 1)], relating[-(MAX_OPERATIONS - 1) :]
    for at in range(0, len(beyond), MAX_OPERATIONS):
        group = ids.of(f"group {at}")
        some = beyond[at : at + MAX_OPERATIONS]
        yield [replace(relate, group=group) for relate in some]
    yield [*last, settle]


def _placed(span_id: UUID, version: SpanVersion) -> SpanImage:
    shape = version.span
    entity = shape.entity.id if shape.entity else None
    return SpanImage(
        span_id, shape.label, shape.fragments, shape.text, dict(shape.attributes), entity
    )


# --- waivers ---------------------------------------------------------------------------------


def _waivers(ground: Ground) -> Iterator[Group]:
    """What every layer waives is waived in gold, for the reason that the first of them gives."""
    if not ground.layers:
        return
    first, *others = (
        {(one.label, str(one.fragments)): one for one in layer.waivers if one.reason}
        for layer in ground.layers
    )
    for where, waiver in first.items():
        if where in ground.waived or not all(where in other for other in others):
            continue
        name = f"kutip:gold:{ground.key}:waiver:{where}"
        waived = Waived(
            uuid5(NAMESPACE_URL, name), waiver.label, waiver.fragments, waiver.text, waiver.reason
        )
        yield [Waive(id=uuid5(NAMESPACE_URL, f"{name}:waive"), waiver=waived)]
