"""The fields of one article, checked: from what a line or a row holds to an `ArticleDraft`."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from annotations.corpora.readers import dates
from annotations.corpora.readers.drafts import ArticleDraft, Place, UnfitError
from annotations.limits import LIMITS
from annotations.text import gate

NAMES = (
    *("text", "external_id", "title", "source", "author", "url"),
    *("published", "language", "metadata"),
)
Gate = Callable[[str], gate.Refusal | None]

_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def draft(
    record: Mapping[str, object],
    place: Place,
    encoding: str,
    beside: Mapping[str, object] | None = None,
    moment: Callable[[str], datetime] = dates.moment,
) -> ArticleDraft:
    """Return the article that `record` describes. Raises UnfitError naming the field.

    `text` is required; null is the same as absent; keys of no field go into `metadata`, and so does
    all that stands `beside` the record, whatever its keys. `moment` reads `published`.
    """
    text = _string(record, "text", required=True)
    written = _string(record, "published")
    return ArticleDraft(
        place,
        encoding,
        text,
        utf8(text),
        external_id=_line(record, "external_id", LIMITS.external_id_code_points) or None,
        title=_free(record, "title"),
        source=_free(record, "source"),
        author=_free(record, "author"),
        url=_line(record, "url", LIMITS.field_code_points),
        language=_language(record),
        published=moment(written) if written else None,
        metadata=_metadata(record, beside),
    )


def utf8(text: str) -> bytes:
    """Return `text` in UTF-8. Raises UnfitError where an article may not hold it."""
    if len(text) > LIMITS.article_code_points:
        limit = LIMITS.article_code_points
        raise UnfitError("text_too_long", field="text", length=len(text), limit=limit)
    if not text or text.isspace():
        raise UnfitError("text_empty", field="text")
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = b""
    if not data or _is_suspect(text, data):
        _admit(gate.refusal, text, "text")
    return data


def _is_suspect(text: str, data: bytes) -> bool:
    """Whether the gate must look: a fifth of its time, and never False for what it refuses."""
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls > 0 or "\ufffe" in text or "\uffff" in text


def takes_number(name: str, value: object) -> bool:
    """Whether `value` is a number that a field of this name takes: ids and moments are texts, and
    programs write numbers for them."""
    if name == "published":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return name == "external_id" and isinstance(value, int) and not isinstance(value, bool)


def _string(record: Mapping[str, object], name: str, *, required: bool = False) -> str:
    value = record.get(name)
    if value is None:
        if required:
            raise UnfitError("field_missing", field=name)
        return ""
    if isinstance(value, str):
        return value
    if takes_number(name, value):
        return json.dumps(value)
    raise UnfitError("field_type", field=name, kind=_kind(value))


_KINDS = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "list",
    dict: "object",
}


def _kind(value: object) -> str:
    return f"json:{_KINDS[type(value)]}"


def _line(record: Mapping[str, object], name: str, limit: int) -> str:
    value = _string(record, name)
    _short(value, name, limit)
    _admit_short(gate.refuse_line, value, name)
    return value


def _free(record: Mapping[str, object], name: str) -> str:
    value = _string(record, name)
    _short(value, name, LIMITS.field_code_points)
    _admit_short(gate.refusal, value, name)
    return value


def _short(value: str, name: str, limit: int) -> None:
    if len(value) > limit:
        raise UnfitError("field_too_long", field=name, length=len(value), limit=limit)


def _language(record: Mapping[str, object]) -> str:
    value = _string(record, "language")
    if value and not _LANGUAGE.fullmatch(value):
        raise UnfitError("language", field="language", value=value[:40])
    return value


def _admit_short(gate_of: Gate, value: str, name: str) -> None:
    """As `_admit`, sooner: what is printable to the last character passes every gate."""
    if not value.isprintable():
        _admit(gate_of, value, name)


def _admit(gate_of: Gate, value: str, name: str) -> None:
    refused = gate_of(value)
    if refused is not None:
        raise UnfitError(
            f"character_{refused.what}",
            field=name,
            character=refused.character,
            at=refused.offset,
        )


def _metadata(
    record: Mapping[str, object], beside: Mapping[str, object] | None
) -> Mapping[str, object]:
    given = record.get("metadata")
    if given is not None and not isinstance(given, dict):
        raise UnfitError("metadata_type", field="metadata", kind=_kind(given))
    rest = {key: value for key, value in record.items() if key not in NAMES}
    rest.update(beside or {})
    if not given and not rest:
        return {}
    return _checked_metadata(given or {}, rest)


def _checked_metadata(given: dict[str, object], rest: dict[str, object]) -> Mapping[str, object]:
    twice = given.keys() & rest.keys()
    if twice:
        raise UnfitError("metadata_twice", key=min(twice)[:40])
    metadata = given | rest
    for key, value in metadata.items():
        try:
            _walk(key, 2)
            _walk(value, 2)
        except UnfitError as unfit:
            raise UnfitError.of(unfit.in_column({"metadata": key})) from unfit
    size = len(json.dumps(metadata, ensure_ascii=False).encode())
    if size > LIMITS.metadata_bytes:
        raise UnfitError("metadata_too_long", length=size, limit=LIMITS.metadata_bytes)
    return metadata


def _walk(value: object, depth: int) -> None:
    if isinstance(value, str):
        _admit(gate.refusal, value, "metadata")
    elif isinstance(value, dict | list):
        if depth > LIMITS.metadata_depth:
            raise UnfitError("metadata_too_deep", field="metadata", limit=LIMITS.metadata_depth)
        for key in value:
            _walk(key, depth + 1)
        for inner in value.values() if isinstance(value, dict) else ():
            _walk(inner, depth + 1)
