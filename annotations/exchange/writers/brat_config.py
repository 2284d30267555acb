"""brat's `annotation.conf` for a schema."""

import re
from collections.abc import Iterator

from annotations.schema.spec import CANNOT_TELL, Attribute, Spec

_OTHER = re.compile(r"[^A-Za-z0-9_-]+|_(?=[0-9a-f]+_)")
_PARTS = re.compile(r"[|,\s]")
"""What parts values, or ends their list, in the configuration; a blank may stand in one."""


def name_of(key: str) -> str:
    """The key in the letters that brat knows; another letter is written as its number, and so is a
    `_` that would be taken for the beginning of one."""
    return _OTHER.sub(lambda found: "".join(f"_{ord(c):x}_" for c in found.group()), key)


def configuration(spec: Spec) -> str:
    """Everything that the schema's layers may use. Spans may overlap in every way."""
    return "\n".join(
        (
            "[entities]",
            *(name_of(label.key) for label in spec.labels),
            "",
            "[relations]",
            *_relations(spec),
            "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>",
            "",
            "[events]",
            "",
            "[attributes]",
            *_attributes(spec),
            "",
        )
    )


def _relations(spec: Spec) -> Iterator[str]:
    for relation in spec.relations:
        ends = [
            "|".join(map(name_of, labels)) or "<ENTITY>"
            for labels in (relation.sources, relation.targets)
        ]
        yield f"{name_of(relation.key)}\tArg1:{ends[0]}, Arg2:{ends[1]}"


def _attributes(spec: Spec) -> Iterator[str]:
    """An attribute of several labels is one, with the values of all of them; one of whose values
    cannot stand in such a list has none, and takes any."""
    by_name: dict[str, list[tuple[str, Attribute]]] = {}
    for label in spec.labels:
        for attribute in label.attributes:
            by_name.setdefault(name_of(attribute.key), []).append((label.key, attribute))
    for name, of in by_name.items():
        labels = "|".join(name_of(label) for label, _ in of)
        values = dict.fromkeys(value.key for _, one in of for value in one.values)
        fits = not any(map(_PARTS.search, (value.replace(" ", "") for value in values)))
        said = f", Value:{'|'.join((*values, CANNOT_TELL))}" if values and fits else ""
        yield f"{name}\tArg:{labels}{said}"
