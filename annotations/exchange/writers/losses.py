"""What a format could not hold of an export: counted by kind, the first places of each listed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from annotations.exchange.records import LayerRecord, Line

FIRST_PLACES = 10
"""So many places of each kind are listed; all are counted."""


class Part(StrEnum):
    """What kutip/1 may say and a format may have no room for. The value names it in reports."""

    # that of enumerations is written in Python, and is asked for each thing that is lost
    __hash__ = str.__hash__

    # articles and layers
    UNSEEN = "article_without_layers"
    EMPTY = "layer_without_spans"
    TEXT = "article_text"
    FIELDS = "article_fields"
    METADATA = "article_metadata"
    SPLIT = "split"
    STATUS = "layer_status"
    ARTICLE_NOTES = "article_notes"
    ARTICLE_FLAGS = "article_flags"
    WAIVERS = "waivers"
    SETTLEMENTS = "settlements"
    MESSAGES = "messages"
    # spans
    FRAGMENTS = "fragments"
    ATTRIBUTES = "attributes"
    ENTITY = "entity"
    SPAN_NOTES = "span_notes"
    FLAGS = "flags"
    # relations
    RELATIONS = "relations"
    FROM_ARTICLE = "relations_from_article"
    TO_ENTITY = "relations_to_entity"
    RELATION_ATTRIBUTES = "relation_attributes"
    # entities
    ALIASES = "aliases"
    MERGED = "merged_entities"
    # what single formats cannot hold
    FALSE = "false_attributes"
    LINE_ENDS = "line_ends"
    EDGE_BREAKS = "edge_blanks"
    NOTHING_LEFT = "only_blanks"
    JOINED = "fragments_across_line_break"
    NAMES = "renamed"
    NOTE_LINES = "note_line_breaks"
    TWINS = "twin_spans"
    OTHER_LABELS = "other_labels"
    OVERLAPS = "overlaps"
    DISCONTINUOUS = "discontinuous"
    INSIDE_TOKEN = "inside_token"  # noqa: S105 - of a text
    CUT = "cut_cells"
    UNWRITABLE = "unwritable_characters"
    CUT_WORDS = "cut_words"
    # what statements of stances cannot hold
    ENDLESS = "stances_without_ends"
    HULL = "fragments_joined"
    PUNCTUATION = "punctuation"
    UNDATED = "articles_without_date"
    SAME_NAMES = "same_names"
    HEDGED = "hedged_stances"
    OTHER_LAYERS = "layers_beside_gold"
    UNLINKED = "stances_not_linked"
    UNTIMED = "stances_outside_time"
    UNSIGNED = "stances_without_direction"
    REPEATED = "repeated_stances"
    SUMMED = "summed_stances"


class Where(NamedTuple):
    """An article's id, an annotator ("" where it is about the article), and the id of a span,
    relation, note, message, waiver or settlement ("" where it is about the layer)."""

    article: str
    annotator: str
    id: str


@dataclass(slots=True)
class Lost:
    """How often something of a kind was lost, and where it was first."""

    count: int = 0
    places: list[Where] = field(default_factory=list)


class LossReport:
    """Fills while a format is written; complete when the writer has come to its end."""

    def __init__(self, format: str) -> None:
        self.format = format
        self.lost: dict[Part, Lost] = {}

    def lose(
        self, part: Part, line: Line, layer: LayerRecord | None = None, id: str = "", count: int = 1
    ) -> None:
        """`count` things of this kind are not in the file, or not as they were."""
        lost = self.lost.get(part)
        if lost is None:
            lost = self.lost[part] = Lost()
        lost.count += count
        if len(lost.places) < FIRST_PLACES:
            lost.places.append(Where(line.article.id, layer.annotator if layer else "", id))

    def lose_each(
        self,
        part: Part,
        line: Line,
        layer: LayerRecord,
        ids: Sequence[str],
        count: int | None = None,
    ) -> None:
        """The same for each of these things of a layer; `count` where they are of several each."""
        self.lose_there(part, line.article.id, layer.annotator, ids, count)

    def lose_there(
        self,
        part: Part,
        article: str,
        annotator: str,
        ids: Sequence[str],
        count: int | None = None,
    ) -> None:
        """The same where neither line nor layer is at hand any more."""
        if ids:
            lost = self.lost.setdefault(part, Lost())
            lost.count += len(ids) if count is None else count
            room = FIRST_PLACES - len(lost.places)
            lost.places += [Where(article, annotator, id) for id in ids[:room]]

    def count(self, part: Part) -> int:
        return self.lost[part].count if part in self.lost else 0

    def document(self, meaning: Callable[[Part], str]) -> dict[str, object]:
        """The report as JSON has it, the kinds in a fixed order, each with what it means."""
        losses = [
            {
                "kind": part.value,
                "meaning": meaning(part),
                "count": self.lost[part].count,
                "places": [place._asdict() for place in self.lost[part].places],
            }
            for part in Part
            if part in self.lost
        ]
        return {"format": self.format, "losses": losses}
