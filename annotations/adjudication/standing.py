"""Which cases are settled by now, which are open, which are void. Pure.

`js/cases/standing.js` tells the same while an adjudicator works; `tests/vectors/adjudication.json`
holds both to it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from annotations.adjudication.records import Case, RelationCase, SpanCase, members_of
from annotations.spans.remarks import Member, SettlementImage


class Status(StrEnum):
    SETTLED = "settled"
    """A settlement is about all of its members, and what it made stands."""
    VOID = "void"
    """A relation whose source, or every target, was settled to be nothing."""
    CHANGED = "changed"
    """It was settled, but layers changed since: open again."""
    OPEN = "open"


UNSETTLED = (Status.OPEN, Status.CHANGED)


@dataclass(frozen=True, slots=True)
class Gold:
    """What an adjudicator has by now: the spans and relations of the gold layer, its settlements, and
    those of them that are `outdated`: about something that its layer changed since."""

    spans: Collection[UUID] = ()
    relations: Collection[UUID] = ()
    settlements: Sequence[SettlementImage] = ()
    outdated: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands; `settlement` is the one it is settled by."""

    status: Status
    settlement: UUID | None = None


def standing(cases: Iterable[Case], gold: Gold) -> dict[str, Standing]:
    """Return how each case stands, by its id. Where two settlements are about the same, the later
    in their order counts."""
    every = list(cases)
    about = _About(gold)
    found = {case.id: about.case(case) for case in every}
    nothing = {
        case.id for case in every if isinstance(case, SpanCase) and about.is_nothing(found[case.id])
    }
    for case in every:
        is_settled = found[case.id].status == Status.SETTLED
        if isinstance(case, RelationCase) and _is_void(case, nothing) and not is_settled:
            found[case.id] = Standing(Status.VOID)
    return found


def unsettled(cases: Iterable[Case], gold: Gold) -> list[Case]:
    """Return the cases that are open, or open again, in their order."""
    every = list(cases)
    found = standing(every, gold)
    return [case for case in every if found[case.id].status in UNSETTLED]


class _About:
    """What was settled, by what it is about."""

    def __init__(self, gold: Gold) -> None:
        self._outdated = set(gold.outdated)
        self._standing = [each for each in gold.settlements if _stands(each, gold)]
        self._of = [frozenset(each.of) for each in self._standing]
        self._by_member: defaultdict[Member, set[int]] = defaultdict(set)
        for at, members in enumerate(self._of):
            for member in members:
                self._by_member[member].add(at)
        self._nothing = {each.id for each in self._standing if each.decision == "none"}

    def case(self, case: Case) -> Standing:
        members = members_of(case)
        touching = {at for member in members for at in self._by_member.get(member, ())}
        for at in sorted(touching, reverse=True):
            settlement = self._standing[at].id
            if settlement not in self._outdated and members <= self._of[at]:
                return Standing(Status.SETTLED, settlement)
        return Standing(Status.CHANGED if touching else Status.OPEN)

    def is_nothing(self, found: Standing) -> bool:
        return found.settlement in self._nothing


def _stands(settlement: SettlementImage, gold: Gold) -> bool:
    """Whether what a settlement made is in the gold layer still."""
    if settlement.span is not None and settlement.span not in gold.spans:
        return False
    return all(relation in gold.relations for relation in settlement.relations)


def _is_void(case: RelationCase, nothing: Collection[str]) -> bool:
    if case.source in nothing:
        return True
    ends: Mapping[str | None, bool] = {
        to.case: to.case in nothing for version in case.versions for to in version.to
    }
    return all(ends.values())
