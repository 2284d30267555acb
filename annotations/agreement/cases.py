"""The spans behind a number of a run, page by page: found by the kept counts, read as they stand."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from django.db import connection

from annotations.agreement import heads
from annotations.agreement.columns import Columns, columns_of
from annotations.agreement.identities import Identities
from annotations.agreement.layers import Compared, Layer, read
from annotations.agreement.measures.behind import Case, Choice, What, cases
from annotations.agreement.measures.numbers import Ints
from annotations.agreement.measures.questions import Names
from annotations.agreement.measures.relations import Linked
from annotations.agreement.models import AgreementRun, AgreementState
from annotations.agreement.parts import Where
from annotations.schema.services import spec_of

ON_A_PAGE = 25
_OWN: dict[What, str] = {"relation": heads.SOURCES, "entity": heads.LINKED}
_READ_AT_ONCE, _READ_AT_MOST = 50, 1_000  # pairs of layers, for one page

_TEXTS = """SELECT t.article_id, t.text FROM article_text t JOIN article a ON a.id = t.article_id
             WHERE t.article_id = ANY(%s) AND a.withdrawn_at IS NULL"""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a case stands among all: articles in their order, pairs of layers, the nth case."""

    article: int
    first: int
    second: int
    nth: int

    @classmethod
    def parse(cls, written: str) -> "Place | None":
        """Return what `str` wrote, None for anything else."""
        parts = written.split(".")
        if len(parts) != 4 or not all(part.isascii() and part.isdigit() for part in parts):
            return None
        return cls(*(int(part[:18]) for part in parts))

    def __str__(self) -> str:
        return f"{self.article}.{self.first}.{self.second}.{self.nth}"


@dataclass(frozen=True, slots=True)
class Found:
    """One case with the layers it is of; `names` are theirs, in the order of `case`."""

    place: Place
    names: Names
    one: Linked
    other: Linked
    case: Case
    text: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """`total` is the number that was asked about; `missing`: pairs of layers that changed since they
    were counted, or went into the trash, and are left out of this page. `earlier` and `later`: there
    may be cases before and behind these. `batches`: those of all articles of the run."""

    total: int
    cases: Sequence[Found]
    missing: int
    earlier: bool
    later: bool
    batches: Sequence[str]


def page(
    run: AgreementRun,
    choice: Choice,
    where: Where,
    *,
    after: Place | None = None,
    before: Place | None = None,
) -> CasePage:
    """Return the first cases behind `after`, or the last ones before `before`, ON_A_PAGE at the most.
    Only layers whose counts say that they have such cases are read: four queries, seven where the
    pieces of the run are not there, and two for every handful of those."""
    found = columns_of(run, _heads(choice))
    numbers = found.sums(found.factors(choice.factor))
    numbers[~where.rows(found)] = 0
    walk = _Walk(run, found, choice, numbers)
    if before is not None:
        some = [*islice(walk.back(before), ON_A_PAGE + 1)]
        shown = some[:ON_A_PAGE][::-1]
        more = len(some) > ON_A_PAGE, bool(shown)
        return CasePage(walk.total, shown, walk.missing, *more, found.batch.words)
    some = [*islice(walk.on(after), ON_A_PAGE + 1)]
    shown = some[:ON_A_PAGE]
    more = after is not None, len(some) > ON_A_PAGE
    return CasePage(walk.total, shown, walk.missing, *more, found.batch.words)


class _Walk:
    """The cases in order, forth or back, read as far as somebody asks."""

    def __init__(self, run: AgreementRun, found: Columns, choice: Choice, numbers: Ints) -> None:
        self.total = int(numbers.sum())
        self.missing = 0
        self._found, self._choice, self._numbers = found, choice, numbers
        self._compared = Compared.of(spec_of(run.campaign.schema_id))
        state = AgreementState.objects.filter(campaign=run.campaign_id).first()
        self._identities = Identities.from_json(state.merged if state else {})
        self._rows: list[int] = np.flatnonzero(numbers).tolist()

    def on(self, after: Place | None) -> Iterator[Found]:
        """Yield the cases behind a place, or all."""
        at = 0
        if after is not None:
            at = bisect_left(self._rows, _pair_of(after), key=self._pair)
        for each in self._cases(self._rows[at:]):
            if after is None or each.place > after:
                yield each

    def back(self, before: Place) -> Iterator[Found]:
        """Yield the cases before a place, the nearest first."""
        at = bisect_right(self._rows, _pair_of(before), key=self._pair)
        for each in self._cases(self._rows[:at][::-1], backwards=True):
            if each.place < before:
                yield each

    def _pair(self, row: int) -> tuple[int, int, int]:
        found = self._found
        return int(found.article[row]), int(found.first[row]), int(found.second[row])

    def _cases(self, rows: Sequence[int], *, backwards: bool = False) -> Iterator[Found]:
        for some in self._handfuls(rows[:_READ_AT_MOST]):
            known = [self._pair(row) for row in some]
            layers = read(
                {key for _, *two in known for key in two}, self._compared, self._identities
            )
            texts = _texts([article for article, *_ in known])
            for row, (article, *two) in zip(some, known, strict=True):
                both = [layers[key] for key in two]
                now = [layer.revision for layer in both]
                if article not in texts or now != self._found.revisions[row].tolist():
                    self.missing += 1
                    continue
                yield from self._of(row, both, texts[article], backwards=backwards)

    def _of(
        self, row: int, both: Sequence[Layer], text: str, *, backwards: bool
    ) -> Iterator[Found]:
        first, second = both[::-1] if self._found.turned[row] else both
        one, other = first.linked, second.linked
        names = self._found.names[int(self._found.pair[row])]
        some = [*enumerate(cases(one, other, self._compared.order, self._choice))]
        for nth, case in some[::-1] if backwards else some:
            yield Found(Place(*self._pair(row), nth), names, one, other, case, text)

    def _handfuls(self, rows: Sequence[int]) -> Iterator[list[int]]:
        """Yield the rows in pieces that fill a page, as far as one can tell."""
        some: list[int] = []
        spans = 0
        for row in rows:
            some.append(row)
            spans += int(self._numbers[row])
            # a case may stand for two spans
            if spans > 2 * ON_A_PAGE or len(some) == _READ_AT_ONCE:
                yield some
                some, spans = [], 0
        if some:
            yield some


def _pair_of(place: Place) -> tuple[int, int, int]:
    return place.article, place.first, place.second


def _texts(articles: Sequence[int]) -> Mapping[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(_TEXTS, [list(articles)])
        return dict(cursor.fetchall())


def _heads(choice: Choice) -> list[str]:
    """Return the heads of the counts that a choice sums."""
    if choice.what in _OWN:
        return [_OWN[choice.what]]
    of = heads.values if choice.what == "value" else heads.spans
    found = [of(label) for label in choice.labels]
    return [*found, heads.FUNNEL] if choice.what == "lost" else found
