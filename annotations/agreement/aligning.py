"""The articles of a run are counted with all their layers at once, by as many workers as there are.

They are taken by the handful, under an advisory lock that PostgreSQL takes back from a process that is gone:
who dies leaves its handful to the others, but for what it had kept. The numbers are the same whoever
counts.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from annotations.agreement import together
from annotations.agreement.layers import Compared
from annotations.agreement.models import AgreementRun
from annotations.agreement.together import Layered
from annotations.jobs import services as jobs
from annotations.jobs.models import LIVE, Job

HELP = "agreement_depth_count"
"""The kind of job that counts beside another."""
HANDFUL = 20

_HELPERS = 3
_WORTH_HELP = 3 * HANDFUL
_PAUSE = 0.5  # seconds, between two looks at what others have in hand
_HANDFULS = (
    0x4B78  # the class of our advisory locks; the first article of a handful completes the key
)


def count_all(
    run: AgreementRun,
    every: Sequence[Layered],
    compared: Compared,
    report: Callable[[int, int], None],
    *,
    helped_for: UUID | None,
) -> None:
    """Every article is counted with its layers as the run compared them, but those whose layers changed
    since. Those that are kept are not counted again; `report` hears (done, all) and may raise to stop: what
    was counted stays. Other workers help as long as the job `helped_for` lives.
    """
    done = together.kept(run, every)
    report(len(done), len(every))
    if helped_for and len(every) - len(done) > _WORTH_HELP:
        _ask_for_help(run, helped_for)

    def advance(each: Layered) -> None:
        done.add(each.article)
        report(len(done), len(every))

    while len(done) < len(every):
        before = len(done)
        for some in _handfuls(every):
            _count(run, some, compared, done, advance)
        if len(done) == before:
            report(before, len(every))
            time.sleep(_PAUSE)


def help_out(
    run: AgreementRun,
    number: int,
    compared: Compared,
    *,
    of: UUID,
    advance: Callable[[int], None],
) -> int:
    """Articles of a run are counted until others have the rest in hand, or the job that is helped ends;
    helpers of different numbers begin at different articles. Returns how many were."""
    counted: list[int] = []

    def one_more(each: Layered) -> None:
        counted.append(each.article)
        advance(len(counted))

    handfuls = [*_handfuls(together.articles(run))]
    first = len(handfuls) * number // (_HELPERS + 1)
    for some in (*handfuls[first:], *handfuls[:first]):
        if not Job.objects.filter(pk=of, state__in=LIVE).exists():
            break
        _count(run, some, compared, set(), one_more)
    return len(counted)


def _count(
    run: AgreementRun,
    some: Sequence[Layered],
    compared: Compared,
    done: set[int],
    advance: Callable[[Layered], None],
) -> None:
    """These articles are counted and `done`, if nobody else has them in hand."""
    if all(each.article in done for each in some):
        return
    with _in_hand(some) as ours:
        if ours:
            done |= together.kept(run, some)
            left = [each for each in some if each.article not in done]
            together.count(run, left, compared, advance)


@contextmanager
def _in_hand(some: Sequence[Layered]) -> Iterator[bool]:
    """Whether a handful is ours until the block ends."""
    key = [_HANDFULS, some[0].article % 2**31]
    ours = _asked("SELECT pg_try_advisory_lock(%s, %s)", key)
    try:
        yield ours
    finally:
        if ours:
            _asked("SELECT pg_advisory_unlock(%s, %s)", key)


def _asked(question: str, key: Sequence[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, key)
        return bool(cursor.fetchone() == (True,))


def _handfuls(every: Sequence[Layered]) -> Iterator[Sequence[Layered]]:
    for at in range(0, len(every), HANDFUL):
        yield every[at : at + HANDFUL]


def _ask_for_help(run: AgreementRun, job: UUID) -> None:
    for number in range(1, _HELPERS + 1):
        args = {"campaign": run.campaign_id, "run": run.pk, "number": number, "of": str(job)}
        jobs.start(HELP, args, by=None, dedupe_key=f"{HELP}:{run.pk}:{number}")
