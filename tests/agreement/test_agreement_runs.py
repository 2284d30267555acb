import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.agreement import counted, pairs, results, services
from annotations.agreement.handlers import agreement
from annotations.agreement.layers import Compared
from annotations.agreement.measures import scores
from annotations.agreement.models import AgreementPair, AgreementRun
from annotations.agreement.standing import Look, standing
from annotations.assignments.models import Assignment, Status
from annotations.jobs import services as jobs
from annotations.jobs.models import State
from tests import factories
from tests.agreement.layers import article, lay, mark, set_status

pytestmark = pytest.mark.django_db

KEYS = {
    "measure",
    "variant",
    "label",
    "attribute",
    "matched",
    "pair",
    "value",
    "interval",
    "n",
    "articles",
    "sd",
    "coverage",
    "undefined",
}


def figure(run, **wanted):
    wanted = {"label": None, "attribute": None, "matched": None, "pair": None} | wanted
    (row,) = (row for row in run.results if wanted.items() <= row.items())
    return row


def f1(run, variant="exact", **wanted):
    return figure(run, measure="span_f1", variant=variant, **wanted)


@pytest.fixture
def both(study):
    """Two articles labelled by both: one alike, one with a boundary and a value that differ."""
    alike = mark("QUOTE", (0, 9), (12, 20), type="direct"), mark("ACTOR", (30, 35))
    study.lay(0, study.annotator_a, *alike)
    study.lay(0, study.annotator_b, *alike)
    study.lay(1, study.annotator_a, mark("QUOTE", (4, 20), type="mixed"))
    study.lay(1, study.annotator_b, mark("QUOTE", (5, 20), type="indirect"))
    return study


def test_figures_of_a_small_campaign_are_those_worked_out_by_hand(both):
    run = both.run()
    assert f1(run, label="QUOTE")["value"] == 0.5
    assert f1(run, "overlap", label="QUOTE")["value"] == 1.0
    assert f1(run, "iou:0.5", label="QUOTE")["value"] == 1.0
    assert f1(run)["value"] == pytest.approx(4 / 6)
    assert (f1(run)["n"], f1(run)["articles"], f1(run)["sd"]) == (6, 2, 0.0)
    assert f1(run, label="QUOTE", pair=["annotator_a", "annotator_b"])["value"] == 0.5
    kind = figure(run, measure="alpha", label="QUOTE", attribute="type", matched="overlap")
    assert (kind["n"], kind["coverage"], kind["variant"]) == (2, 1.0, "nominal")
    # direct/direct, mixed/indirect: 1 - (4 - 1) * 2 / (4 * 4 - 4 - 1 - 1)
    assert kind["value"] == pytest.approx(0.4)
    assert figure(run, measure="u_alpha", label="ACTOR")["value"] == 1.0


def test_every_row_has_the_same_keys_and_strict_json(both):
    run = AgreementRun.objects.get(pk=both.run().pk)
    assert {frozenset(row) for row in run.results} == {frozenset(KEYS)}
    text = json.dumps(results.record(run), allow_nan=False)
    assert json.loads(text)["results"] == run.results


def test_an_interval_names_its_level_and_method(both):
    interval = f1(both.run())["interval"]
    assert interval["low"] <= interval["high"]
    assert (interval["level"], interval["method"]) == (0.95, "percentile bootstrap over articles")


def test_the_run_lists_the_layers_it_compared_at_their_revisions(both):
    run = both.run()
    assert [
        (x["external_id"], x["annotator"], x["revision"], x["status"])
        for x in results.compared(run)
    ] == [
        ("a0", "annotator_a", 2, "submitted"),
        ("a0", "annotator_b", 2, "submitted"),
        ("a1", "annotator_a", 1, "submitted"),
        ("a1", "annotator_b", 1, "submitted"),
    ]
    assert next(results.compared(run))["sha256"] == bytes(both.articles[0].sha256).hex()


def test_what_was_left_out_is_listed_with_the_reason(both):
    lay(both.campaign, both.articles[2], both.annotator_a, mark("CUE", (3, 6)))
    left = {(x["external_id"], x["annotator"]): x["reason"] for x in results.excluded(both.run())}
    assert left == {("a2", None): counted.ONE_LAYER, ("a2", "annotator_b"): counted.NOT_BEGUN}


def test_an_article_done_by_one_annotator_changes_no_figure(both):
    before = both.run().results
    both.lay(2, both.annotator_a, mark("QUOTE", (3, 6), type="direct"))
    assert both.run().results == before


def test_a_reopened_layer_does_not_count_until_it_is_submitted_again(both):
    layer = both.campaign.assignments.get(article=both.articles[1], annotator=both.annotator_a)
    assert f1(both.run(), label="QUOTE")["value"] == 0.5
    set_status(layer, Status.REOPENED)
    run = both.run()
    assert f1(run, label="QUOTE")["value"] == 1.0
    assert {x["reason"] for x in results.excluded(run) if x["annotator"] == "annotator_a"} == {
        counted.REOPENED,
        counted.NOT_BEGUN,
    }


def test_include_open_counts_begun_layers_as_they_stand(both):
    both.lay(2, both.annotator_a, mark("CUE", (3, 6)))
    layer = both.lay(2, both.annotator_b, mark("CUE", (3, 6)))
    set_status(layer, Status.OPEN)
    assert f1(both.run(), label="CUE")["undefined"] == scores.NO_SPANS
    run = both.run(include_open=True)
    assert f1(run, label="CUE")["value"] == 1.0
    assert "open" in {x["status"] for x in results.compared(run)}


def test_an_open_layer_nobody_touched_is_not_an_empty_answer(both):
    both.lay(2, both.annotator_a, mark("CUE", (3, 6)))
    layer = both.campaign.assignments.get(article=both.articles[2], annotator=both.annotator_b)
    set_status(layer, Status.OPEN)
    run = both.run(include_open=True)
    assert f1(run, label="CUE")["value"] is None
    assert counted.NOT_BEGUN in {x["reason"] for x in results.excluded(run)}


def test_a_submitted_layer_without_spans_is_an_answer(both):
    both.lay(2, both.annotator_a, mark("CUE", (3, 6)))
    both.lay(2, both.annotator_b)
    assert f1(both.run(), label="CUE")["value"] == 0.0


def test_the_gold_layer_never_counts(both, adjudicator):
    layer = both.campaign.assignments.first()
    Assignment.objects.create(
        campaign=both.campaign,
        corpus=both.campaign.corpus,
        schema=both.campaign.schema,
        article=layer.article,
        annotator=adjudicator,
        kind="gold",
        status=Status.SUBMITTED,
    )
    assert "adjudicator" not in {x["annotator"] for x in results.compared(both.run())}


def test_a_withdrawn_article_is_left_out(both):
    both.articles[1].withdrawn_at = "2026-01-01T00:00Z"
    both.articles[1].save(update_fields=["withdrawn_at"])
    run = both.run()
    assert f1(run, label="QUOTE")["value"] == 1.0
    assert {x["reason"] for x in results.excluded(run) if x["external_id"] == "a1"} == {
        counted.WITHDRAWN
    }


def test_cannot_tell_is_missing_not_a_value(both):
    both.lay(2, both.annotator_a, mark("QUOTE", (3, 6), type="?"))
    both.lay(2, both.annotator_b, mark("QUOTE", (3, 6), type="?"))
    kind = figure(both.run(), measure="alpha", label="QUOTE", attribute="type", matched="overlap")
    assert (kind["n"], kind["coverage"]) == (2, pytest.approx(4 / 6))


def test_removed_spans_do_not_count(both):
    layer = both.campaign.assignments.get(article=both.articles[0], annotator=both.annotator_a)
    layer.spans.filter(label__key="ACTOR").update(removed=True)
    assert f1(both.run(), label="ACTOR")["value"] == 0.0


def test_one_annotator_alone_is_undefined_with_the_reason(annotator_a):
    corpus = factories.corpus()
    row = article(corpus)
    campaign = factories.campaign(corpus, [annotator_a])
    lay(campaign, row, annotator_a, mark("QUOTE", (0, 9)))
    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *progress: None)
    assert {row["undefined"] for row in run.results} == {scores.TOO_FEW_LAYERS}
    assert run.layers["assignments"] == []


def test_an_empty_campaign_has_every_row_and_no_value(annotator_a, annotator_b):
    campaign = factories.campaign(factories.corpus(), [annotator_a, annotator_b])
    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *progress: None)
    assert {row["value"] for row in run.results} == {None}
    links = {"relation_f1", "target_accuracy", "entity_accuracy"}
    coded = {"percent", "scott_pi", "cohen_kappa", "ac1", "ac2", "alpha"}
    assert {row["measure"] for row in run.results} == {
        "span_f1",
        "funnel",
        "u_alpha",
    } | links | coded
    assert run.layers["assignments"] == []
    assert run.excluded == {"articles": {}, "layers": {}}


def test_only_the_pairs_that_changed_are_counted_again(both):
    first = both.run()
    again = both.run()
    layer = both.campaign.assignments.get(article=both.articles[1], annotator=both.annotator_a)
    set_status(layer, Status.REOPENED)
    both.lay(1, both.annotator_a, mark("CUE", (30, 33)))
    third = both.run()
    numbers = [run.parameters["pairs_counted"] for run in (first, again, third)]
    assert numbers == [2, 0, 1]
    assert again.results == first.results
    assert f1(third, label="CUE")["value"] == 0.0


def test_twice_the_articles_are_twice_the_pairs_and_the_same_queries(annotator_a, annotator_b):
    numbers, queries = [], []
    for size in (4, 4, 8):  # the first numbers what is counted
        corpus = factories.corpus()
        rows = [article(corpus) for _ in range(size)]
        campaign = factories.campaign(corpus, [annotator_a, annotator_b])
        for row in rows:
            for who in (annotator_a, annotator_b):
                lay(campaign, row, who, mark("QUOTE", (0, 9)))
        run = services.begin(campaign, include_open=False)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            services.compute(run, lambda *progress: None)
        numbers.append(run.parameters["pairs_counted"])
        queries.append(len(captured))
    assert numbers == [4, 4, 8]
    assert queries[1] == queries[2] <= 30


def test_a_pair_that_changed_since_it_was_counted_is_not_summed(both):
    both.run()
    assert len(standing(Look.at(both.campaign, include_open=False)).article) == 2
    for elsewhere in ({"first_revision": 99}, {"version": 0}):
        AgreementPair.objects.filter(article=both.articles[0]).update(**elsewhere)
        found = standing(Look.at(both.campaign, include_open=False))
        assert found.article.tolist() == [both.articles[1].pk]


def test_a_pair_of_another_version_is_counted_again(both):
    both.run()
    AgreementPair.objects.filter(article=both.articles[0]).update(version=0)
    assert both.run().parameters["pairs_counted"] == 1


def test_a_layer_reopened_while_others_are_counted_is_left_out(both):
    pairs.follow_merges(both.campaign)
    pairs.bring_up_to_date(both.campaign, include_open=False)
    set_status(
        both.campaign.assignments.get(article=both.articles[0], annotator=both.annotator_a),
        Status.REOPENED,
    )
    pairs.count_some(both.campaign, Compared.of(services.spec_of(both.campaign.schema_id)))
    found = standing(Look.at(both.campaign, include_open=False))
    assert found.article.tolist() == [both.articles[1].pk]


def test_what_changed_since_a_run_is_counted(both):
    run = both.run()
    assert not services.changes_since(run)
    layer = both.campaign.assignments.get(article=both.articles[1], annotator=both.annotator_a)
    set_status(layer, Status.REOPENED)
    assert services.changes_since(run) == services.Changes(changed=0, added=0, gone=2)
    both.lay(1, both.annotator_a, mark("CUE", (30, 33)))
    assert services.changes_since(run) == services.Changes(changed=1, added=0, gone=0)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_job_done_twice_leaves_one_run(both, manager):
    args = {"campaign": both.campaign.pk, "include_open": False}
    job = jobs.run_here("agreement", args, by=manager)
    assert job.state == State.DONE, job.error
    assert set(job.result) == {"run"}
    job.refresh_from_db()
    assert agreement(jobs.Running(job)) == job.result
    run = AgreementRun.objects.get()
    assert (run.requested_by, run.job_id) == (manager, job.pk)


def test_a_job_that_died_half_way_is_finished_by_its_second_try(both):
    job = jobs.start("agreement", {"campaign": both.campaign.pk}, by=None)
    unfinished = services.begin(both.campaign, include_open=False, job=job.pk)
    agreement(jobs.Running(job))
    unfinished.refresh_from_db()
    assert unfinished.finished_at
    assert f1(unfinished)["value"] is not None


def test_a_job_of_a_campaign_that_is_gone_is_refused(db):
    job = jobs.run_here("agreement", {"campaign": 0}, by=None)
    assert (job.state, job.attempts) == (State.FAILED, 1)


def test_three_annotators_make_three_pairs_and_their_mean(annotator_a, annotator_b):
    third = factories.user("annotator_c")
    corpus = factories.corpus()
    row = article(corpus)
    campaign = factories.campaign(corpus, [annotator_a, annotator_b, third])
    lay(campaign, row, annotator_a, mark("QUOTE", (0, 9)))
    lay(campaign, row, annotator_b, mark("QUOTE", (0, 9)))
    lay(campaign, row, third, mark("QUOTE", (0, 8)))
    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *progress: None)
    mean = f1(run)
    assert mean["value"] == pytest.approx(1 / 3)
    assert mean["sd"] == pytest.approx((2 / 9) ** 0.5)
    assert (mean["n"], figure(run, measure="u_alpha", label="QUOTE")["n"]) == (6, 3)
    assert len({tuple(row["pair"]) for row in run.results if row["pair"]}) == 3
