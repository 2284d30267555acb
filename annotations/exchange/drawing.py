"""A schema drawn from what files of another tool hold: each name that is to be made becomes a
label, an attribute or a type of relation. Pure.

What is drawn is a whole schema document (`annotations.schema.spec`): of an existing one with more in
it, or of its own. Colours, lines and letters are told apart as far as they go round.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from annotations.exchange.mapping import LEFT_OUT, Decisions, Named
from annotations.exchange.surveying import AttributeFound, LabelFound, RelationFound, Survey
from annotations.schema.spec import CANNOT_TELL, builtin_document

MAKE = "+"
"""What a name is mapped to that shall be made; no schema's key can be taken for it in a form."""

_COLOURS = ("actor", "quote", "cue", "stance", "target", "accent")
_LINES = ("solid", "double", "dotted", "dashed", "thick", "wavy")
_MOST_CHOICES = 30

Document = dict[str, Any]


def everything(survey: Survey) -> Decisions:
    """All that the survey found shall be made."""
    return Decisions(
        {
            name: Named(MAKE, dict.fromkeys(found.attributes, MAKE))
            for name, found in survey.labels.items()
        },
        {
            name: Named(MAKE, dict.fromkeys(found.attributes, MAKE))
            for name, found in survey.types.items()
        },
    )


def drawn(
    survey: Survey, decisions: Decisions, *, base: Document | None, key: str, name: str
) -> tuple[Document, Decisions]:
    """The schema `key`@1.0 with all of `base` and what the decisions say shall be made, and the
    decisions under it. Where nothing shall be made, the document only has another name."""
    kinds = builtin_document()["entity_types"]
    empty = {"labels": [], "relations": [], "constraints": [], "entity_types": kinds}
    document = deepcopy(base or empty)
    document |= {"key": key, "version": "1.0", "name": {"en": name}}
    drawing = _Drawing(document)
    labels = {
        one: drawing.label(one, decided, survey.labels[one])
        for one, decided in decisions.labels.items()
        if one in survey.labels
    }
    keys = {one: decided.to for one, decided in labels.items() if decided.to}
    relations = {
        one: drawing.relation(one, decided, survey.types[one], keys)
        for one, decided in decisions.relations.items()
        if one in survey.types
    }
    return document, Decisions(labels, relations, decisions.people)


def makes(decisions: Decisions) -> bool:
    """Whether anything shall be made."""
    named = (*decisions.labels.values(), *decisions.relations.values())
    return any(MAKE in (one.to, *one.attributes.values()) for one in named)


class _Drawing:
    def __init__(self, document: Document) -> None:
        self._document = document

    def label(self, name: str, decided: Named, found: LabelFound) -> Named:
        labels: list[Document] = self._document["labels"]
        if decided.to != MAKE:
            owner = next((one for one in labels if one["key"] == decided.to), None)
            return Named(decided.to, _attributes(owner, decided, found.attributes))
        owner = {
            "key": _fresh(name, (one["key"] for one in labels)),
            "name": {"en": name},
            "shortcut": str(len(labels) + 1),
            "letter": _letter(name, {one["letter"] for one in labels}),
            "colour": _COLOURS[len(labels) % len(_COLOURS)],
            "line": _LINES[(len(labels) + len(labels) // len(_COLOURS)) % len(_LINES)],
            "entity": found.references > 0,
            "attributes": [],
        }
        labels.append(owner)
        return Named(owner["key"], _attributes(owner, decided, found.attributes))

    def relation(
        self, name: str, decided: Named, found: RelationFound, keys: Mapping[str, str]
    ) -> Named:
        relations: list[Document] = self._document["relations"]
        if decided.to != MAKE:
            owner = next((one for one in relations if one["key"] == decided.to), None)
            return Named(decided.to, _attributes(owner, decided, found.attributes))
        ends = [e for e in found.ends if e.source in keys and e.target in keys]
        if not ends:
            return Named(LEFT_OUT)
        owner = {
            "key": _fresh(name, (one["key"] for one in relations)),
            "name": {"en": name},
            "from": sorted({keys[e.source] for e in ends}),
            "to": sorted({keys[e.target] for e in ends}),
            "attributes": [],
        }
        relations.append(owner)
        return Named(owner["key"], _attributes(owner, decided, found.attributes))


def _attributes(
    owner: Document | None, decided: Named, found: Mapping[str, AttributeFound]
) -> dict[str, str]:
    """The attributes of an owner that is there, those that shall be made with it."""
    if owner is None:
        return {}
    chosen = {}
    for name, to in decided.attributes.items():
        if to == MAKE and name in found:
            made = _attribute(name, found[name], [one["key"] for one in owner["attributes"]])
            owner["attributes"].append(made)
            chosen[name] = made["key"]
        elif to != MAKE:
            chosen[name] = to
    return chosen


def _attribute(name: str, found: AttributeFound, taken: Iterable[str]) -> Document:
    """True or false where it is nothing else, a choice where few short values come again and
    again, else text."""
    made: Document = {"key": _fresh(name, taken), "name": {"en": name}, "kind": "text"}
    if found.truths == found.count:
        made["kind"] = "bool"
    elif not found.truths and not found.more and 0 < len(found.values) <= _MOST_CHOICES:
        made["kind"] = "choice"
        named = [value for value in found.values if value.strip() and value != CANNOT_TELL]
        values = sorted(named, key=lambda value: (-found.values[value], value))
        made["values"] = [{"key": value, "name": {"en": value}} for value in values]
    return made


def _fresh(name: str, taken: Iterable[str]) -> str:
    """The name, with a number where it is taken or means something else in a form."""
    known = {*taken, MAKE, LEFT_OUT}
    candidates = (name, *(f"{name} {number}" for number in range(2, len(known) + 3)))
    return next(one for one in candidates if one not in known)


def _letter(name: str, taken: set[str]) -> str:
    """A letter of the name that no other label has, else its first two."""
    letters = [c.upper() for c in name if c.isalnum()] or ["?"]
    return next((c for c in letters if c not in taken), "".join(letters[:2]))
