"""kutip/1: one JSON object on each line, every key sorted, nothing between the tokens. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from annotations.corpora.readers.drafts import UnfitError
from annotations.corpora.readers.json_text import parse
from annotations.exchange.records import BARE_FORMAT, FORMAT, OFFSET_UNIT, Line
from annotations.exchange.written import WrittenSpans


def _written(spans: WrittenSpans) -> object:
    return spans.written()


_encoder = msgspec.json.Encoder(enc_hook=_written, order="deterministic")
_decoder = msgspec.json.Decoder(Line)


def write(line: Line, to: bytearray) -> None:
    """Append the line to `to`, with its LF. Of a line of BARE_FORMAT no word of the text, and no
    metadata, as these may quote it."""
    _encoder.encode_into(_bare(line) if line.format == BARE_FORMAT else line, to, -1)
    to += b"\n"


def _bare(line: Line) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(line, enc_hook=list)
    article = document["article"]
    article |= {"length": len(article.pop("text")), "metadata": {}}
    for layer in document["layers"]:
        for each in (*layer["spans"], *layer.get("waivers", ())):
            del each["text"]
    return document


def with_revision(line: Line, revision: int) -> bytes:
    """The line of one layer with the layer's revision, without LF. It is part of no split."""
    whole = {name: getattr(line, name) for name in line.__struct_fields__ if name != "split"}
    return _encoder.encode(whole | {"revision": revision})


def read(data: bytes) -> Line:
    """The line in `data` (without its LF). Raises UnfitError for anything that is not one, a key
    given twice, an unknown key, NaN, and numbers nothing can keep.

    What our own exports always hold may be left out where it can only be empty: `entities`,
    `relations`, `notes`, `attributes`, `entity`, `submitted_at`, and all of the article but its
    text. Costs a fifth of that for a line that holds every key.
    """
    line = _read_whole(data) or _read_with_care(data)
    if line.format != FORMAT:
        raise UnfitError("layer_format", given=line.format[:40])
    if line.offset_unit != OFFSET_UNIT:
        raise UnfitError("layer_offset_unit", given=line.offset_unit[:40])
    return line


def read_any(data: bytes) -> Line:
    """The line of an export of ours, whichever: in one of BARE_FORMAT all texts are empty. Raises
    UnfitError."""
    if b'"format":"' + BARE_FORMAT.encode() not in data:
        return read(data)
    document = msgspec.json.decode(data)
    try:
        del document["article"]["length"]
        return msgspec.convert(_with_empty_texts(document), Line)
    except (msgspec.ValidationError, KeyError, TypeError, AttributeError) as fault:
        raise UnfitError("layer_shape", detail=str(fault)) from fault


def read_own(data: bytes) -> Line:
    """The same of a line that we wrote, as the hash of its file has proved: whether a key is in it
    twice, which is more than half of the work, is not asked. Raises UnfitError."""
    line = _decoded(data)
    if line and (line.format, line.offset_unit) == (FORMAT, OFFSET_UNIT):
        return line
    return read_any(data)


def _with_empty_texts(document: dict[str, Any]) -> dict[str, Any]:
    document["article"]["text"] = ""
    for layer in document["layers"]:
        for each in (*layer["spans"], *layer.get("waivers", ())):
            each["text"] = ()
    return document


def _read_whole(data: bytes) -> Line | None:
    """The line if it holds every key exactly once, else None: then it needs a closer look.

    The decoder keeps the last of two equal keys and says nothing. But then the line, written
    again, has fewer colons: each one ends a key or stands in a text that was kept. An escaped
    colon would upset the count.
    """
    if b"\\u003" in data:
        return None
    line = _decoded(data)
    whole = line and _encoder.encode(line).count(b":") == data.count(b":")
    return line if whole else None


def _decoded(data: bytes) -> Line | None:
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


# with care ----------------------------------------------------------------------------------------


def _read_with_care(data: bytes) -> Line:
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        raise UnfitError("layer_not_utf8", bytes=data[fault.start : fault.end].hex()) from fault
    document = parse(text)
    if not isinstance(document, dict):
        raise UnfitError("json_not_object")
    try:
        if "\\u" in text:  # only an escape may be half a surrogate pair
            json.dumps(document, ensure_ascii=False).encode()
        return msgspec.convert(_filled(document), Line)
    except (msgspec.ValidationError, RecursionError, UnicodeEncodeError) as fault:
        raise UnfitError("layer_shape", detail=str(fault)) from fault


_ARTICLE: Mapping[str, Any] = {
    **dict.fromkeys(("author", "id", "language", "source", "title", "url", "sha256"), ""),
    "external_id": None,
    "published": None,
    "metadata": {},
}
_EMPTY: Mapping[str, Any] = {
    "layer": {"notes": [], "relations": [], "spans": [], "submitted_at": None},
    "span": {"attributes": {}, "entity": None, "notes": []},
    "relation": {"attributes": {}},
    "entity": {"aliases": []},
    "alias": {"language": ""},
    "message": {"at": "", "author": ""},
    "settlement": {"at": "", "author": "", "reason": "", "result": None, "took": None},
}


def _filled(document: dict[str, Any]) -> dict[str, Any]:
    """The document with what may be left out; what is of a wrong shape stays as it is."""
    whole = {"entities": [], "layers": [], **document}
    if isinstance(article := whole.get("article"), dict):
        whole["article"] = {**_ARTICLE, **article}
    whole["entities"] = _each(whole["entities"], "entity", {"aliases": "alias"})
    inner = {"spans": "span", "relations": "relation"}
    inner |= {"messages": "message", "settlements": "settlement"}
    whole["layers"] = _each(whole["layers"], "layer", inner)
    return whole


def _each(values: Any, kind: str, inner: Mapping[str, str] | None = None) -> Any:
    if not isinstance(values, Sequence) or isinstance(values, str):
        return values
    return [_one(value, kind, inner or {}) for value in values]


def _one(value: Any, kind: str, inner: Mapping[str, str]) -> Any:
    if not isinstance(value, dict):
        return value
    filled = _EMPTY[kind] | value
    return filled | {key: _each(filled[key], of) for key, of in inner.items() if key in filled}
