"""Which of one's corrections are asked for, how many there are of each sort, and one page of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from annotations.adjudication.corrected import Corrected
from annotations.adjudication.corrections import Correction, Difference, Kind
from annotations.assignments.models import Assignment

ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Place:
    """Where a correction stands among all: its article, and its id there."""

    article: int
    correction: str

    @classmethod
    def parse(cls, written: str) -> "Place | None":
        """Return what `str` wrote, None for anything else."""
        article, _, correction = written.partition(".")
        if not (article.isascii() and article.isdigit() and correction):
            return None
        return cls(int(article[:18]), correction)

    def __str__(self) -> str:
        return f"{self.article}.{self.correction}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for: corrections about spans of a label or relations of a type, in one
    thing, of one article."""

    about: str = ""
    difference: str = ""
    article: int | None = None
    after: Place | None = None
    before: Place | None = None

    @classmethod
    def of(cls, told: QueryDict) -> "Wanted":
        article = told.get("article", "")
        return cls(
            about=told.get("about", ""),
            difference=told.get("in", ""),
            article=int(article[:18]) if article.isascii() and article.isdigit() else None,
            after=Place.parse(told.get("after", "")),
            before=Place.parse(told.get("before", "")),
        )

    @property
    def told(self) -> dict[str, str]:
        """What an address says of it, without the page."""
        every = {"about": self.about, "in": self.difference, "article": self.article or ""}
        return {word: str(value) for word, value in every.items() if value}

    def narrowed(self, about: str, difference: str = "") -> "Wanted":
        """The same of one sort, from its first page."""
        return replace(self, about=about, difference=difference, after=None, before=None)


@dataclass(frozen=True, slots=True)
class Row:
    """One correction, and the own layer it is in."""

    layer: Assignment
    correction: Correction

    @property
    def place(self) -> Place:
        return Place(self.layer.article_id, self.correction.id)


@dataclass(frozen=True, slots=True)
class Sort:
    """Corrections about one label or type: how many, and how many in each thing, the most first."""

    about: str
    number: int
    of: Sequence[tuple[Difference, int]]


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row]
    earlier: bool
    later: bool


def written(difference: Difference) -> str:
    """A difference as an address names it."""
    return f"{difference.kind}.{difference.attribute}" if difference.attribute else difference.kind


def rows_of(found: Sequence[Corrected]) -> list[Row]:
    """Return every correction, article after article."""
    return [Row(each.layer, one) for each in found for one in each.corrections]


def sorts(rows: Sequence[Row]) -> list[Sort]:
    """Return what one is corrected in, the most first: all together ("") before its parts."""
    by_about: dict[str, list[Row]] = {}
    for row in rows:
        by_about.setdefault(row.correction.about, []).append(row)
    parts = [_sort(about, some) for about, some in by_about.items()]
    return [_sort("", rows), *sorted(parts, key=lambda one: (-_weight(one), one.about))]


def chosen(rows: Sequence[Row], wanted: Wanted) -> list[Row]:
    """Return those that are asked for."""
    return [
        row
        for row in rows
        if wanted.about in ("", row.correction.about)
        and wanted.difference in ("", *map(written, row.correction.differs))
    ]


def page(rows: Sequence[Row], wanted: Wanted) -> Page:
    """Return the first behind a place, or the last before one. Where a place is gone, its article
    begins anew: some may be seen twice, and none is passed over."""
    first = 0 if wanted.after is None else _behind(rows, wanted.after)
    last = min(first + ON_A_PAGE, len(rows))
    if wanted.before is not None:
        last = _at(rows, wanted.before)
        first = max(0, last - ON_A_PAGE)
    return Page(rows[first:last], first > 0, last < len(rows))


def _at(rows: Sequence[Row], place: Place) -> int:
    found = (at for at, row in enumerate(rows) if row.place == place)
    return next(found, _article(rows, place.article - 1))


def _behind(rows: Sequence[Row], place: Place) -> int:
    found = (at + 1 for at, row in enumerate(rows) if row.place == place)
    return next(found, _article(rows, place.article))


def _article(rows: Sequence[Row], article: int) -> int:
    """Where the articles begin that come no earlier than this one in the list."""
    found = (at for at, row in enumerate(rows) if row.layer.article_id <= article)
    return next(found, len(rows))


def _sort(about: str, rows: Sequence[Row]) -> Sort:
    counted = Counter(one for row in rows for one in row.correction.differs)
    return Sort(about, len(rows), sorted(counted.items(), key=_in_order))


def _in_order(item: tuple[Difference, int]) -> tuple[bool, int, str]:
    difference, number = item
    return difference.kind == Kind.REMARK, -number, written(difference)


def _weight(sort: Sort) -> int:
    """How many of them correct something."""
    return sort.number - dict(sort.of).get(Difference(Kind.REMARK), 0)


def by_article(found: Sequence[Corrected]) -> Mapping[int, int]:
    """Return how many there are in each article that was looked at."""
    return {each.layer.article_id: len(each.corrections) for each in found}
