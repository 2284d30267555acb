"""Articles of objects: which field each key holds, whatever the others of the file have."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from annotations.corpora.readers.columns import (
    DROPPED,
    KEPT,
    Wish,
    becoming,
    meaning,
    targets,
    wish_for,
)
from annotations.corpora.readers.dates import Dates
from annotations.corpora.readers.drafts import (
    LineRefusal,
    Reading,
    Reason,
    UnfitError,
    shown,
)
from annotations.corpora.readers.fields import NAMES, draft, takes_number
from annotations.corpora.readers.objects import Record
from annotations.corpora.readers.sources import Source

_FIELDS = frozenset(NAMES)
# files whose objects all have other keys, or more than articles have, are not remembered
_KNOWN = 100
_KEYS = 100
_SAID = 200  # code points of the keys, where something is said of them

Object = dict[str, object]
Sorted = tuple[Object, Object]
"""The fields of an article, and what else its object holds."""


def articles(source: Source, records: Callable[[], Iterator[Record]]) -> Iterator[Reading]:
    """Yield the article of each record of the file, or its refusal. `records` is called a second
    time where the dates of the whole file must be seen."""
    keys = Keys(wish_for(source.wishes, ()), source.note)
    dates = Dates(keys.wish.order, source.order, lambda: _written(records(), keys), source.note)
    item: Record | None = None
    for item in records():
        if item.value is None:
            yield item.refused()
            continue
        try:
            fields, beside = keys.sort(item.value)
            yield draft(fields, item.place, item.encoding, beside, dates.moment)
        except UnfitError as unfit:
            yield LineRefusal(item.place, _reason(unfit, item.value, keys), item.encoding)
    if item is None:
        source.note(Reason("file_nothing"))


def _reason(unfit: UnfitError, value: Object, keys: "Keys") -> Reason:
    """Why an object is refused, in the names of its keys; where none holds a text, which it has."""
    keyed = {to: name for name, to in keys.becomes(value).items()}
    if unfit.reason.code != "field_missing" or "text" in value:
        return unfit.in_column(keyed)
    lists = (name for name, held in value.items() if isinstance(held, list) and _is_record(held))
    if (name := next(lists, None)) is not None:
        return Reason("json_wrapped", {"name": shown(name[:_SAID])})
    return Reason("json_no_text", {"names": shown(", ".join(value)[:_SAID])})


def _is_record(held: list[object]) -> bool:
    return bool(held) and isinstance(held[0], dict)


def _written(records: Iterable[Record], keys: "Keys") -> Iterator[str]:
    """Yield the dates as they stand in the file."""
    for item in records:
        written = keys.sort(item.value or {})[0].get("published")
        if isinstance(written, str):
            yield written


class Keys:
    """Sorts the keys of objects of one file. What is null claims no field, and neither does a value
    of a kind that the field cannot hold, unless its key is the field's own name or was wished."""

    def __init__(self, wish: Wish, note: Callable[[Reason], None]) -> None:
        self.wish = wish
        self._note = note
        self._known: dict[tuple[str, ...], list[str]] = {}

    def sort(self, value: Object) -> Sorted:
        if not self.wish.columns and value.keys() <= _FIELDS:
            return value, {}
        fields: Object = {}
        beside: Object = {}
        becomes = self.becomes(value)
        for name, held in value.items():
            target = becomes.get(name)
            if target == KEPT or (target is None and (held is not None or name not in _FIELDS)):
                beside[name] = held
            elif target is not None and target != DROPPED:
                fields[target] = held
        return fields, beside

    def becomes(self, value: Mapping[str, object]) -> dict[str, str]:
        """Return what each key becomes whose value may be a field's."""
        names = tuple(name for name, held in value.items() if self._may_claim(name, held))
        return dict(zip(names, self._targets(names), strict=True))

    def _may_claim(self, name: str, held: object) -> bool:
        if isinstance(held, str):
            return True
        if held is None:
            return False
        target, rank = meaning(name)
        said = rank == 0 or becoming(name, self.wish) is not None
        return said or takes_number(target, held)

    def _targets(self, names: tuple[str, ...]) -> list[str]:
        found = self._known.get(names)
        if found is None:
            found = targets(names, self.wish, self._note)
            if len(self._known) < _KNOWN and len(names) <= _KEYS:
                self._known[names] = found
        return found
