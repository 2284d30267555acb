"""A schema whose names are as people of other tools give them, with all that parts something in some
format; and what was drawn under the built-in schema, under this one."""

import copy
from itertools import count
from typing import Any

from annotations.schema.spec import CANNOT_TELL, builtin_document, parse
from tests.exchange.kutip_lines import Drawn

_ODD = (
    *(
        "A B",
        "A_20_B",
        "A|B",
        "x;y",
        "]]>",
        '"q"',
        "tab\tl",
        "baris\nbaru",
        "=cmd",
        "a,b: c",
        "[x]",
    ),
    *("🚢e\u0301", "<b>&amp;", "it's", "sofa", "begin", "id", "text", "T1", "#1", "-", "\u2028a"),
)
_names: dict[str, str] = {}
_numbers = count()


def _odd(key: str) -> str:
    """Another name for each key, no two alike."""
    if key not in _names:
        again, number = divmod(next(_numbers), len(_ODD))
        _names[key] = _ODD[number] + f" {again}" * bool(again)
    return _names[key]


def _document() -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(builtin_document())
    for owner in (*document["labels"], *document["relations"]):
        owner["key"] = _odd(owner["key"])
    for owner in (*document["labels"], *document["relations"]):
        for attribute in owner.get("attributes", ()):
            attribute["key"] = _odd(attribute["key"])
            for value in attribute.get("values", ()):
                value["key"] = _odd(value["key"])
    for relation in document["relations"]:
        for end in ("from", "to"):
            relation[end] = [*map(_odd, relation[end])]
    return document


ODD_SPEC = parse(_document())


def under_odd_names(drawn: Drawn) -> Drawn:
    lines = copy.deepcopy(drawn.lines)
    for layer in (layer for line in lines for layer in line["layers"]):
        for span in (*layer["spans"], *layer.get("waivers", ())):
            span["label"] = _odd(span["label"])
        for relation in layer["relations"]:
            relation["type"] = _odd(relation["type"])
        for owner in (*layer["spans"], *layer["relations"]):
            owner["attributes"] = {
                _odd(key): _odd(value) if isinstance(value, str) and value != CANNOT_TELL else value
                for key, value in owner["attributes"].items()
            }
    return Drawn(lines)
