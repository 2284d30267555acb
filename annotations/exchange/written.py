"""Spans as the bytes they are written in, which most exports hand on as they are. Pure."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import overload

import msgspec

from annotations.exchange.records import Attributes, Pair, SpanRecord
from annotations.text.fragments import covered


class Claim(msgspec.Struct, gc=False):
    """What a written span says of its text."""

    fragments: list[Pair]
    label: str
    text: list[str]


class WrittenSpans(Sequence[SpanRecord]):
    """The spans of a layer in `document`, a JSON array. They are records from when one is first looked
    at, and may be changed; until then they are written as they stand."""

    def __init__(self, document: bytes) -> None:
        self._document = document
        self._records: list[SpanRecord] | None = None

    @overload
    def __getitem__(self, at: int) -> SpanRecord: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[SpanRecord]: ...
    def __getitem__(self, at: int | slice) -> SpanRecord | Sequence[SpanRecord]:
        return self.records[at]

    def __len__(self) -> int:
        return len(self.records)

    @property
    def records(self) -> list[SpanRecord]:
        """The spans, always the same records."""
        if self._records is None:
            self._records = _records(self._document)
        return self._records

    def written(self) -> msgspec.Raw | list[SpanRecord]:
        """What an encoder makes the array of."""
        return msgspec.Raw(self._document) if self._records is None else self._records


def claims(document: bytes) -> list[Claim]:
    """What the spans of a JSON array say."""
    return _claims(document)


def first_lie(said: Iterable[Claim], text: str) -> int | None:
    """The number, from 0, of the first span that does not cover what it says in this text."""
    for number, claim in enumerate(said):
        fragments = claim.fragments
        if len(fragments) == 1:
            ((start, end),) = fragments
            if [text[start:end]] == claim.text:
                continue
        elif [*covered(text, tuple(fragments))] == claim.text:
            continue
        return number
    return None


def in_one_form(document: bytes, attributes: Iterable[str]) -> bytes:
    """The document with these attributes in the one form of the format, wherever they stand: PostgreSQL
    orders keys by their length, and puts spaces between the tokens."""
    for given in attributes:
        # nothing within a string looks so: quotation marks are escaped there
        document = document.replace(*_forms(given))
    return document


_HEAD = b'{"attributes":'
_records = msgspec.json.Decoder(list[SpanRecord]).decode
_claims = msgspec.json.Decoder(list[Claim]).decode
_attributes = msgspec.json.Decoder(Attributes).decode
_encode = msgspec.json.Encoder(order="deterministic").encode


@lru_cache(maxsize=4_096)
def _forms(given: str) -> tuple[bytes, bytes]:
    """How a span with such attributes begins, and how it shall; the same few stand on most spans."""
    return _HEAD + given.encode(), _HEAD + _encode(_attributes(given))
