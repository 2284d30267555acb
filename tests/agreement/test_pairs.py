"""Counting by several workers: no pair twice, none lost, the same numbers whoever counts."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from annotations.agreement import pairs, services, working
from annotations.agreement.layers import Compared
from annotations.agreement.models import AgreementPair
from annotations.jobs.models import Job
from annotations.registry import merging
from annotations.registry.models import Entity
from annotations.spans.models import Span
from tests import factories
from tests.agreement.conftest import Study
from tests.agreement.layers import article, lay, mark
from tests.plans import plans_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def wide(annotator_a, annotator_b, monkeypatch: pytest.MonkeyPatch) -> Study:
    """Eight articles labelled by both, counted two at a time."""
    monkeypatch.setattr(pairs, "AT_ONCE", 2)
    corpus = factories.corpus()
    rows = [article(corpus) for _ in range(8)]
    campaign = factories.campaign(corpus, [annotator_a, annotator_b])
    for at, row in enumerate(rows):
        lay(campaign, row, annotator_a, mark("QUOTE", (0, 9 + at)))
        lay(campaign, row, annotator_b, mark("QUOTE", (0, 9)), mark("CUE", (30, 33)))
    return Study(campaign, rows, annotator_a, annotator_b)


@pytest.fixture
def compared(wide: Study) -> Compared:
    return Compared.of(services.spec_of(wide.campaign.schema_id))


@pytest.fixture
def another(wide: Study, compared: Compared) -> Iterator[Event]:
    """Another worker has two pairs in hand, until it is told to go; then it dies with them."""
    in_hand, die = Event(), Event()

    def work() -> None:
        try:
            with transaction.atomic():
                assert pairs.count_some(wide.campaign, compared) == 2
                in_hand.set()
                die.wait(30)
                transaction.set_rollback(True)
        finally:
            connection.close()

    wide.run()  # what is counted gets its numbers
    AgreementPair.objects.all().delete()
    pairs.bring_up_to_date(wide.campaign, include_open=False)
    thread = Thread(target=work)
    thread.start()
    assert in_hand.wait(30)
    yield die
    die.set()
    thread.join(30)


def test_what_one_has_in_hand_no_other_takes(
    wide: Study, compared: Compared, another: Event
) -> None:
    assert (
        working.help_out(
            wide.campaign, services.spec_of(wide.campaign.schema_id), advance=lambda done: None
        )
        == 6
    )
    assert pairs.waiting(wide.campaign) == 2


def test_what_a_worker_dies_with_is_counted_by_the_others(wide: Study, another: Event) -> None:
    finished: list[object] = []

    def work() -> None:
        try:
            finished.append(wide.run().results)
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    thread.join(1)
    assert not finished  # it waits for what is in hand
    another.set()
    thread.join(30)
    alone = wide.run()
    assert finished == [alone.results]
    assert alone.parameters["pairs_counted"] == 0


def test_a_large_campaign_asks_other_workers_once(
    wide: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "_WORTH_HELP", 4)
    for _ in range(2):
        run = services.begin(wide.campaign, include_open=False)
        services.compute(run, lambda *told: None, helped=True)
        AgreementPair.objects.all().delete()
    kinds = list(Job.objects.values_list("kind", flat=True))
    assert kinds == [working.HELP] * 3


def test_a_merge_of_entities_makes_wait_only_the_pairs_that_name_them(wide: Study, manager) -> None:
    registry = wide.campaign.corpus.registry
    one, other = (
        Entity.objects.create(registry=registry, name=name, folded=name, type="other")
        for name in ("korut", "korea utara")
    )
    layer = wide.campaign.assignments.get(article=wide.articles[3], annotator=wide.annotator_a)
    Span.objects.filter(assignment=layer).update(entity=one)
    wide.run()
    merging.merge(one, other, by=manager)
    pairs.follow_merges(wide.campaign)
    waiting = AgreementPair.objects.filter(counts__isnull=True).values_list("article", flat=True)
    assert list(waiting) == [wide.articles[3].pk]
    assert wide.run().parameters["pairs_counted"] == 1
    assert wide.run().parameters["pairs_counted"] == 0


def test_the_fingerprint_tells_the_layers_of_a_run_from_others(wide: Study) -> None:
    first, again = wide.run(), wide.run()
    assert first.fingerprint == again.fingerprint
    layer = wide.campaign.assignments.get(article=wide.articles[0], annotator=wide.annotator_a)
    layer.spans.update(removed=True)
    type(layer).objects.filter(pk=layer.pk).update(revision=layer.revision + 1)
    changed = wide.run()
    assert changed.fingerprint != first.fingerprint
    assert changed.layers["assignments"] == first.layers["assignments"]


def test_layers_are_paired_article_by_article_and_never_all_with_all(wide: Study) -> None:
    plan = plans_of(lambda: pairs.bring_up_to_date(wide.campaign, include_open=False))
    assert any("agreement_pair" in line for line in plan)
    assert not [line for line in plan if "CTE Scan" in line or "Join Filter: (s.id" in line]


def test_what_was_counted_of_a_text_goes_when_it_is_taken_down(wide: Study) -> None:
    wide.run()
    article = wide.articles[2].pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_down(%s)", [article])
    kept = AgreementPair.objects.values_list("article", flat=True)
    assert article not in kept
    assert len(kept) == 7
