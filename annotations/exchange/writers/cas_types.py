"""The types of a UIMA CAS for a schema: one for each label and each relation, their attributes as
features.

They stand in `webanno.custom`, where INCEpTION keeps layers of its users, and are such that it takes
each for a layer: spans with features that are texts, relations with a `Governor` and a `Dependent`
of one range. All features are texts: in UIMA a boolean that nobody has set is false.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from annotations.exchange.formats.uima_cas import (
    DOCUMENT,
    ENTITY,
    ENTITY_NAME,
    OWN_ARTICLE,
    OWN_PART,
)
from annotations.schema.spec import RelationType, Spec

STRING = "uima.cas.String"
ANNOTATION = "uima.tcas.Annotation"
FROM, TO = "Governor", "Dependent"

_CUSTOM = "webanno.custom"
PACKAGES = (*(name.rpartition(".")[0] for name in (DOCUMENT, OWN_PART)), _CUSTOM)
"""Of all types."""
_OTHER = re.compile("[^A-Za-z0-9_]+")
_TAKEN = frozenset(("sofa", "begin", "end", "xmiID", FROM, TO, ENTITY, ENTITY_NAME))
"""Features that every type may have, or that a library needs for itself."""


@dataclass(slots=True)
class Type:
    """`name` has its package before it, `local` has none, `tag` is what XMI calls it; `features` are
    names with what they range over, `named` those of attributes by their keys."""

    name: str
    above: str = ANNOTATION
    features: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    tag: str = field(init=False)
    local: str = field(init=False)

    def __post_init__(self) -> None:
        package, self.local = self.name.split(".")[-2:]
        self.tag = f"{package}:{self.local}"

    def feature(self, key: str) -> str:
        """The name of the feature for an attribute; made where there was none."""
        known = self.named.get(key)
        if known is None:
            known = _apart(_identifier(key), _TAKEN.union(self.features))
            self.named[key] = known
            self.features[known] = STRING
        return known


class Types:
    """Those of a schema. What lines say beyond it, by labels of old versions, is added."""

    def __init__(self, spec: Spec) -> None:
        self._labels: dict[str, Type] = {}
        self._relations: dict[str, Type] = {}
        self._names: set[str] = set()
        texts = dict.fromkeys(("documentId", "documentTitle"), STRING)
        self.document = Type(DOCUMENT, "uima.tcas.DocumentAnnotation", texts)
        self.article = Type(OWN_ARTICLE, "uima.cas.TOP")
        self.part = _relating(OWN_PART, ANNOTATION)
        for label in spec.labels:
            made = self.label(label.key)
            for attribute in label.attributes:
                made.feature(attribute.key)
            if label.entity:
                made.features |= {ENTITY: STRING, ENTITY_NAME: STRING}
        for relation in spec.relations:
            made = self.relation(relation.key, self._range(relation))
            for attribute in relation.attributes:
                made.feature(attribute.key)

    def __iter__(self) -> Iterator[Type]:
        yield from (self.document, self.article, self.part)
        yield from self._labels.values()
        yield from self._relations.values()

    def label(self, key: str) -> Type:
        """The type of spans with this label."""
        if key not in self._labels:
            self._labels[key] = Type(self._name(key))
        return self._labels[key]

    def relation(self, key: str, ends: str = ANNOTATION) -> Type:
        """The type of these relations."""
        if key not in self._relations:
            self._relations[key] = _relating(self._name(key), ends)
        return self._relations[key]

    def _range(self, relation: RelationType) -> str:
        """What a relation joins: both ends have one range, or INCEpTION sees no relation."""
        labels = {*relation.sources, *relation.targets}
        return self.label(labels.pop()).name if len(labels) == 1 else ANNOTATION

    def _name(self, key: str) -> str:
        name = _apart(f"{_CUSTOM}.{_identifier(key)}", self._names)
        self._names.add(name)
        return name


def _relating(name: str, ends: str) -> Type:
    return Type(name, features={FROM: ends, TO: ends})


def _identifier(key: str) -> str:
    """The key in the letters that every name in UIMA may have; another is written as its number."""
    name = _OTHER.sub(lambda found: "".join(f"_{ord(c):x}_" for c in found.group()), key)
    return name if name[0].isalpha() else f"x{name}"


def _apart(name: str, taken: AbstractSet[str]) -> str:
    """The name, with a number behind it where it is taken."""
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found
