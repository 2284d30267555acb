"""What of a UIMA CAS spans need: its text, its structures, and which of them lead to which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from annotations.corpora.readers.drafts import Place
from annotations.exchange.formats.annotated import Value
from annotations.limits import LIMITS

MOST_STRUCTURES = 500_000
MOST_WORDS = LIMITS.field_code_points
"""Code points of a list of words that stand as one value: many may share a list."""
ARRAY = "uima.cas.FSArray"
TOKEN_TYPE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"  # noqa: S105 - a word
DOCUMENT = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
OWN_ARTICLE = "kutip.Article"
"""What our own files say of the article, under the names of our fields."""
OWN_PART = "kutip.Part"
"""From a span in our own files to each further fragment of it."""
ENTITY, ENTITY_NAME = "kutipEntity", "kutipEntityName"
"""What a span in our own files is linked to: the UUID of the entity, and its name."""
_PASSED_OVER = (
    *(TOKEN_TYPE, "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"),
    *("de.tudarmstadt.ukp.dkpro.core.api.metadata.type.", "uima.tcas.DocumentAnnotation"),
    *("de.tudarmstadt.ukp.clarin.webanno.api.type.", "uima.cas."),
)
PRIMITIVE = frozenset(
    f"uima.cas.{name}"
    for name in ("String", "Boolean", "Byte", "Short", "Integer", "Long", "Float", "Double")
)
LISTS = frozenset(f"{name}Array" for name in PRIMITIVE) | frozenset(f"{n}[]" for n in PRIMITIVE)
"""Arrays of values, not of structures."""


@dataclass(slots=True)
class Structure:
    """`values` are what it says by itself, `references` the ids that its features lead to;
    `elements` are those of an array, `words` what a list of values says."""

    id: str
    type: str
    place: Place
    sofa: str = ""
    begin: int | None = None
    end: int | None = None
    values: dict[str, Value] = field(default_factory=dict)
    references: dict[str, list[str]] = field(default_factory=dict)
    elements: list[str] = field(default_factory=list)
    words: str | None = None

    @property
    def name(self) -> str:
        """Its type without the package."""
        return self.type.rpartition(".")[2]

    @property
    def has_place(self) -> bool:
        return self.begin is not None and self.end is not None


@dataclass(slots=True)
class Cas:
    """One document: the text of its first view, the id of that, and all structures by theirs."""

    encoding: str
    texts: dict[str, str] = field(default_factory=dict)
    structures: dict[str, Structure] = field(default_factory=dict)

    def led_to(self, ids: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Value]]]:
        """Where ids lead, through an array and through links, and what the links say."""
        for id in ids:
            one = self.structures.get(id)
            for inner in one.elements if one and one.elements else [id]:
                yield self._end(inner)

    def _end(self, id: str) -> tuple[str, Mapping[str, Value]]:
        link = self.structures.get(id)
        if link is None or link.has_place:
            return id, {}
        targets = link.references.get("target") or next(iter(link.references.values()), [])
        return (targets[0], link.values) if targets else (id, {})


def is_passed_over(type: str) -> bool:
    """Whether structures of this type are there for others: sentences, tokens, what is said of the
    document and of the layers."""
    return type.startswith(_PASSED_OVER)


def joined(words: Sequence[str]) -> str | None:
    """The words of a list in one line; None where there are none, or too many for a value."""
    said = "; ".join(filter(None, words)) if sum(map(len, words)) <= MOST_WORDS else ""
    return said if 0 < len(said) <= MOST_WORDS else None
