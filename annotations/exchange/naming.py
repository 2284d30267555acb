"""Ids, names and moments as a file spells them. Pure; every refusal is an UnfitError."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from annotations.corpora.readers.drafts import UnfitError
from annotations.exchange.records import made_uuid, many_uuid_bytes, uuid_bytes
from annotations.text.gate import refusal, refuse_line

MAX_ID = 200
"""The most code points in an id that is no UUID."""
MAX_NAME = 500
"""The most code points in the name of an annotator, an entity or an alias."""

Key = tuple[str, bytes]
"""A UUID as text and as bytes."""


class Keys:
    """The UUIDs of one layer's ids."""

    def __init__(self, digest: str, annotator: str) -> None:
        self.known: dict[str, Key] = {}
        self.annotator = annotator
        self._digest = digest

    def learn(self, raws: Sequence[str]) -> None:
        """Remember all of these, in less time than one by one, if every one is a UUID."""
        keys = many_uuid_bytes(raws)
        if keys is not None:
            self.known |= {raw: (raw.lower(), key) for raw, key in zip(raws, keys, strict=True)}

    def of(self, raw: str) -> Key:
        """The UUID of an id, which is remembered."""
        known = self.known.get(raw)
        if known is None:
            known = self.known[raw] = self._fresh(raw)
        return known

    def _fresh(self, raw: str) -> Key:
        given = uuid_bytes(raw)
        if given is not None:
            return raw.lower(), given
        if not raw:
            raise UnfitError("layer_id_empty")
        check_line(raw, "id", MAX_ID)
        made = made_uuid(self._digest, self.annotator, raw)
        return str(made), made.bytes


def entity_id(raw: str) -> str:
    if uuid_bytes(raw) is None:
        raise UnfitError("layer_entity_id", given=raw[:40])
    return raw.lower()


def moment(value: str) -> datetime:
    """The moment, in UTC."""
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is None:
            raise ValueError(value)
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise UnfitError("layer_submitted_at", given=value[:40]) from fault


def check_name(value: str, field: str) -> None:
    if not value or value != " ".join(value.split()):
        raise UnfitError("layer_name", field=field, given=value[:40])
    check_line(value, field, MAX_NAME)


def check_line(value: str, field: str, limit: int) -> None:
    """A line of text, as names and ids are."""
    check_length(value, field, limit)
    if bad := refuse_line(value):
        raise UnfitError("layer_character", field=field, character=bad.character)


def check_words(value: str, field: str, limit: int) -> None:
    """A text of any lines, as an article's."""
    check_length(value, field, limit)
    if bad := refusal(value):
        raise UnfitError("layer_character", field=field, character=bad.character)


def check_length(value: str, field: str, limit: int) -> None:
    if len(value) > limit:
        raise UnfitError("field_too_long", field=field, length=len(value), limit=limit)


def refuse_twice(code: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise UnfitError(code, name=name[:80])
        seen.add(name)
