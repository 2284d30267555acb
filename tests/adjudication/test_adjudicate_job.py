"""What all agree on, settled over a whole campaign: in steps that a death cannot split."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotations.adjudication import together
from annotations.adjudication.counting import counts
from annotations.adjudication.handlers import KIND, key_of
from annotations.adjudication.queries import Counts
from annotations.adjudication.services import claim_next, open_gold
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.assignments.services import close
from annotations.jobs import running, services
from annotations.jobs.models import Job, State
from annotations.spans.models import Operation
from annotations.web.jobs.outcomes import outcome
from tests import factories
from tests.adjudication.settling import campaign_of, more, submitted, work
from tests.agreement.layers import mark, set_status

pytestmark = pytest.mark.django_db

ACTOR, SHORTER = mark("ACTOR", (20, 24)), mark("ACTOR", (20, 23))


@pytest.fixture
def campaign(annotator_a, annotator_b, adjudicator) -> Campaign:
    """Of four articles two are of one mind, one is not, and one is not ready."""
    made = campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator,))
    one, two, three = [*made.corpus.articles.all(), *more(made, 3)][:3]
    submitted(made, one, annotator_a=(ACTOR,), annotator_b=(ACTOR,))
    submitted(made, two, annotator_a=(ACTOR,), annotator_b=(SHORTER,))
    submitted(made, three)
    return made


def run(campaign: Campaign, by: Any, rule: str = "equal") -> Job:
    return services.run_here(KIND, {"campaign": campaign.pk, "rule": rule}, by=by)


def test_what_all_agree_on_is_submitted_and_the_rest_waits_for_anybody(
    campaign, adjudicator, manager
) -> None:
    job = run(campaign, adjudicator)
    assert (job.state, job.result) == (State.DONE, {"settled": 2, "open": 1})
    assert outcome(job) == "2 settled, 1 left open"
    assert counts(campaign) == Counts(waiting=1, ready=1, progress=0, settled=2)
    gold = campaign.assignments.filter(kind=Kind.GOLD, status=Status.SUBMITTED)
    assert {layer.annotator for layer in gold} == {adjudicator}
    assert sorted(layer.span_count for layer in gold) == [0, 1]
    left = claim_next(campaign, by=manager)
    assert (left.annotator, left.status) == (manager, Status.OPEN)


def test_again_it_finds_nothing_new(campaign, adjudicator) -> None:
    run(campaign, adjudicator)
    before = Operation.objects.count()
    assert run(campaign, adjudicator).result == {"settled": 0, "open": 1}
    assert Operation.objects.count() == before
    assert campaign.assignments.filter(kind=Kind.GOLD).count() == 2


def test_what_somebody_works_on_is_left_alone(campaign, adjudicator, manager) -> None:
    """Another's layer, be it untouched, and one's own as soon as something was done in it."""
    one, two, three, _ = campaign.corpus.articles.order_by("pk")
    open_gold(campaign, one, by=manager)
    touched = open_gold(campaign, two, by=adjudicator)
    work(touched, factories.noted(None, "nanti"))
    untouched = open_gold(campaign, three, by=adjudicator)
    assert run(campaign, adjudicator).result == {"settled": 1, "open": 0}
    assert Assignment.objects.get(pk=untouched.pk).status == Status.SUBMITTED
    assert counts(campaign) == Counts(waiting=1, ready=0, progress=2, settled=1)


def test_ones_own_that_stays_open_stays_ones_own(campaign, adjudicator) -> None:
    two = campaign.corpus.articles.order_by("pk")[1]
    mine = open_gold(campaign, two, by=adjudicator)
    run(campaign, adjudicator)
    assert Assignment.objects.get(pk=mine.pk).annotator == adjudicator


def test_a_majority_settles_more(annotator_a, annotator_b, adjudicator) -> None:
    third = factories.user("annotator_c")
    campaign = campaign_of(annotator_a, annotator_b, third, adjudicators=(adjudicator,))
    first = campaign.corpus.articles.get()
    submitted(campaign, first, annotator_a=(ACTOR,), annotator_b=(ACTOR,), annotator_c=(SHORTER,))
    assert run(campaign, adjudicator).result == {"settled": 0, "open": 1}
    assert run(campaign, adjudicator, "majority").result == {"settled": 1, "open": 0}


def test_what_a_majority_decided_waits_with_the_article(
    annotator_a, annotator_b, adjudicator, manager
) -> None:
    third, quote = factories.user("annotator_c"), mark("QUOTE", (0, 9), type="direct")
    campaign = campaign_of(annotator_a, annotator_b, third, adjudicators=(adjudicator,))
    submitted(
        campaign,
        campaign.corpus.articles.get(),
        annotator_a=(quote, ACTOR),
        annotator_b=(quote, SHORTER),
        annotator_c=(mark("ACTOR", (20, 22)),),
    )
    assert run(campaign, adjudicator, "majority").result == {"settled": 0, "open": 1}
    left = campaign.assignments.get(kind=Kind.GOLD)
    assert (left.annotator, left.status, left.span_count) == (None, Status.WAITING, 1)
    assert claim_next(campaign, by=manager) == left
    assert left.spans.filter(removed=False).count() == 1


def test_what_the_schema_finds_incomplete_is_left_open(campaign, adjudicator) -> None:
    """A stance has a polarity: a layer that came from a file may lack it."""
    four = campaign.corpus.articles.order_by("pk")[3]
    submitted(
        campaign, four, **dict.fromkeys(("annotator_a", "annotator_b"), (mark("STANCE", (20, 24)),))
    )
    assert run(campaign, adjudicator).result == {"settled": 2, "open": 2}


class Killed(BaseException):
    """The process is gone: nothing after it runs."""


@pytest.mark.parametrize(
    ("line", "nth"),
    [
        ("hand_out", 1),
        ("prepare", 2),
        ("submit_gold", 2),
        ("hand_back", 1),
        ("keep", 1),
        ("keep", 3),
    ],
)
def test_it_may_die_at_any_line_and_goes_on(
    campaign, adjudicator, monkeypatch, line: str, nth: int
) -> None:
    """Each article is settled as a whole or not at all, and counted once."""
    met = {"n": 0}

    def dying(known: Any) -> Any:
        def die(*args: Any, **named: Any) -> Any:
            done = known(*args, **named)
            met["n"] += 1
            if met["n"] == nth:
                raise Killed
            return done

        return die

    with monkeypatch.context() as patch:
        if line == "keep":
            patch.setattr(
                services.Running, "save_checkpoint", dying(running.Running.save_checkpoint)
            )
        else:
            patch.setattr(together, line, dying(getattr(together, line)))
        asked = {"campaign": campaign.pk, "rule": "majority"}
        job = services.start(KIND, asked, by=adjudicator, dedupe_key=key_of(campaign))
        with pytest.raises(Killed):
            running.execute(job.pk)
    Job.objects.filter(pk=job.pk).update(state=State.QUEUED, lease_until=None)
    running.execute(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (State.DONE, {"settled": 2, "open": 1})
    assert counts(campaign) == Counts(waiting=1, ready=1, progress=0, settled=2)
    assert Operation.objects.filter(assignment__kind=Kind.GOLD, op="place").count() == 1


def test_it_stops_where_it_is_asked_to(campaign, adjudicator, monkeypatch) -> None:
    job = services.start(KIND, {"campaign": campaign.pk, "rule": "equal"}, by=adjudicator)

    def stop(running: services.Running, *told: object) -> None:
        raise services.Cancelled

    monkeypatch.setattr(services.Running, "report", stop)
    running.execute(job.pk)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert counts(campaign).settled == 1
    monkeypatch.undo()
    assert services.retry(job.pk, by=adjudicator)
    assert running.execute(job.pk).result == {"settled": 2, "open": 1}


def test_a_campaign_that_does_not_run_is_refused_in_a_sentence(campaign, adjudicator) -> None:
    close(campaign, by=None)
    job = run(campaign, adjudicator)
    assert (job.state, job.error) == (
        State.FAILED,
        "This campaign does not run: nothing of it can be settled.",
    )
    assert "Nobody is there" in refused_without_a_person(campaign)


def refused_without_a_person(campaign: Campaign) -> str:
    Campaign.objects.update(status="running")
    return run(campaign, None).error


# --- the command -----------------------------------------------------------------------------


def told(campaign: Campaign, *asked: str) -> str:
    out = StringIO()
    call_command("adjudicate", campaign.slug, *asked, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_settles_and_tells_what_is_left(campaign, adjudicator, capsys) -> None:
    assert json.loads(told(campaign, "--json")) == {
        "by": "adjudicator",
        "settled": 2,
        "open": 1,
        "in_progress": 0,
        "waiting": 1,
    }
    assert "100 % settled by adjudicator" in capsys.readouterr().err
    assert told(campaign, "--rule", "majority") == (
        "0 settled, 1 left open for adjudicators; 0 in progress, 1 with their annotators\n"
    )


def test_the_command_settles_in_the_name_of_somebody_who_may(
    campaign, adjudicator, annotator_a
) -> None:
    for name in ("annotator_a", "nobody"):
        with pytest.raises(CommandError, match="may not adjudicate"):
            told(campaign, "--by", name)
    with pytest.raises(CommandError, match="There is no campaign"):
        call_command("adjudicate", "tiada")
    campaign.places.create(user=adjudicator)
    with pytest.raises(CommandError, match="Nobody may adjudicate"):
        told(campaign)
    boss = factories.user("boss", role="admin")
    assert json.loads(told(campaign, "--json"))["by"] == boss.username


def test_a_settled_article_that_was_reopened_is_left_to_its_adjudicator(
    campaign, adjudicator
) -> None:
    run(campaign, adjudicator)
    one = campaign.assignments.filter(kind=Kind.GOLD, status=Status.SUBMITTED)[0]
    set_status(one, Status.REOPENED)
    assert run(campaign, adjudicator).result == {"settled": 0, "open": 1}
    assert Assignment.objects.get(pk=one.pk).status == Status.REOPENED
