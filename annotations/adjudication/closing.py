"""Submit a layer, gold or not: a gold one when nothing in it is open."""

from annotations.accounts.models import User
from annotations.adjudication.queries import ground_of
from annotations.adjudication.records import Case
from annotations.adjudication.standing import unsettled
from annotations.assignments.models import Assignment, Kind
from annotations.schema.rules import Finding, shortened
from annotations.spans import protocol
from annotations.spans.protocol import Answer
from annotations.spans.services import Allows, NotYours
from annotations.spans.submit import Submitted, check, submit
from annotations.text.words import N_

OPEN = N_("What annotators say of %(words)s is not settled yet.")
OPEN_ARTICLE = N_("What annotators say of the article is not settled yet.")
OPEN_CASE = "A1"


def close(assignment_id: int, base: int, *, by: User, settles: Allows) -> Answer:
    """Submit a layer as it stood at revision `base`, and say what came of it. Of a gold layer with
    its open cases (422); `settles` tells whether its adjudicator still may be one."""

    def also(assignment: Assignment) -> list[Finding]:
        if assignment.kind == Kind.GOLD and not settles(by, assignment):
            raise NotYours
        return open_findings(assignment)

    return protocol.close(assignment_id, base, by=by, also=also)


def submit_gold(gold: Assignment, *, by: User) -> Submitted:
    """The gold layer is submitted as it stands. Raises what `spans.submit.submit` does."""
    gold.refresh_from_db(fields=["revision"])
    return submit(gold.pk, base=gold.revision, by=by, also=open_findings)


def check_whole(assignment: Assignment) -> list[Finding]:
    """All that stands against submitting a layer, or that is to be looked at."""
    return [*check(assignment), *open_findings(assignment)]


def open_findings(assignment: Assignment) -> list[Finding]:
    """A1 for each case that is open in a gold layer, with its place; nothing for an annotator's."""
    if assignment.kind != Kind.GOLD:
        return []
    _, ground = ground_of(assignment)
    text = assignment.article.body.text
    return [_finding(case, text) for case in unsettled(ground.cases, ground.gold())]


def _finding(case: Case, text: str) -> Finding:
    if case.range == (0, 0):
        return Finding(OPEN_CASE, "E", None, OPEN_ARTICLE)
    words = shortened(text, *case.range)
    return Finding(OPEN_CASE, "E", None, OPEN, {"words": words}, "", (case.range,))
