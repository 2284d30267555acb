"""Runs in depth: gamma, cu-alpha, B-cubed and trust, by job, command and record."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from jsonschema import validate

from annotations.agreement import depth, results, services, together
from annotations.agreement.measures import scores
from annotations.agreement.models import AgreementArticle, AgreementRun
from annotations.assignments.models import Assignment, Status
from annotations.jobs import services as jobs
from annotations.jobs.models import State
from tests import factories
from tests.agreement.layers import article, lay, mark, set_status
from tests.agreement.test_agreement_command import RECORD
from tests.agreement.test_agreement_runs import KEYS, figure

pytestmark = pytest.mark.django_db


def deepened(run):
    told = []
    depth.deepen(run, lambda done, total, message: told.append((done, total)))
    run = AgreementRun.objects.get(pk=run.pk)
    run.results = results.figures(run)
    return run, told


@pytest.fixture
def three(study):
    """Two articles: alike, and with labels of one annotator that overlap."""
    alike = mark("QUOTE", (0, 9), type="direct"), mark("ACTOR", (30, 35))
    for who in (study.annotator_a, study.annotator_b):
        study.lay(0, who, *alike)
        study.lay(1, who, mark("QUOTE", (4, 20), type="mixed"), mark("CUE", (8, 10)))
    return study


def test_a_run_in_depth_has_figures_and_says_what_is_left_out(three):
    run, told = deepened(three.run())
    assert figure(run, measure="gamma")["value"] == 1.0
    assert (figure(run, measure="gamma")["n"], figure(run, measure="gamma")["articles"]) == (8, 2)
    alpha = figure(run, measure="cu_alpha")
    assert (alpha["value"], alpha["n"], alpha["articles"]) == (1.0, 4, 1)
    assert figure(run, measure="ku_alpha", label="CUE")["undefined"] == scores.TWO_LABELS
    assert figure(run, measure="ku_alpha", label="STANCE")["undefined"] == scores.NO_SPANS
    assert run.depth["left_out"]["cu_alpha"] == {scores.TWO_LABELS: [three.articles[1].pk]}
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert {frozenset(row) for row in run.results} == {frozenset(KEYS)}


def test_the_record_tells_how_chance_was_drawn(three):
    run, _ = deepened(three.run())
    told = results.record(AgreementRun.objects.get(pk=run.pk))
    json.dumps(told, allow_nan=False)
    chance = told["depth"]["parameters"]
    assert {name: chance[name] for name in ("sampler", "samples", "precision", "seed")} == {
        "sampler": "shuffle",
        "samples": 30,
        "precision": 0.05,
        "seed": 1,
    }
    assert told["depth"]["samples"] >= 60
    assert 0 < told["depth"]["precision"] < 0.1
    (out,) = told["depth"]["excluded"]
    assert (out["external_id"], out["measure"]) == ("a1", "cu_alpha")
    assert {row["measure"] for row in told["results"]} >= {
        "gamma",
        "gamma_k",
        "cu_alpha",
        "b_cubed",
    }
    assert told["depth"]["trust"][0]["undefined"] == scores.TOO_FEW_ANNOTATORS


def test_only_what_changed_is_counted_again_and_the_figures_are_the_same(three):
    first, _ = deepened(three.run())
    again, told = deepened(three.run())
    assert (again.depth["results"], told) == (first.depth["results"], [(2, 2)])
    layer = three.campaign.assignments.filter(article=three.articles[1]).first()
    set_status(layer, Status.REOPENED)
    three.lay(1, layer.annotator, mark("ACTOR", (40, 50)))
    changed, told = deepened(three.run())
    assert told == [(1, 2), (2, 2)]
    assert figure(changed, measure="gamma")["value"] < 1


def test_a_layer_that_changed_since_the_run_is_left_out_with_the_reason(three):
    run = three.run()
    layer = three.campaign.assignments.filter(article=three.articles[1]).first()
    set_status(layer, Status.REOPENED)
    three.lay(1, layer.annotator, mark("ACTOR", (40, 50)))
    run, _ = deepened(run)
    assert run.depth["left_out"]["gamma"] == {together.CHANGED: [three.articles[1].pk]}
    assert figure(run, measure="gamma")["articles"] == 1


def test_what_is_stopped_is_gone_on_with(three):
    run = three.run()

    def stop(done, total, message):
        if done == 1:
            raise jobs.Cancelled

    with pytest.raises(jobs.Cancelled):
        depth.deepen(run, stop)
    assert AgreementArticle.objects.count() == 1
    run, told = deepened(AgreementRun.objects.get(pk=run.pk))
    assert told == [(1, 2), (2, 2)]
    assert figure(run, measure="gamma")["value"] == 1.0


def test_an_empty_run_has_every_figure_undefined(annotator_a, annotator_b):
    campaign = factories.campaign(factories.corpus(), [annotator_a, annotator_b])
    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *progress: None)
    run, _ = deepened(run)
    assert {row["value"] for row in run.depth["results"]} == {None}
    assert run.depth["trust"] == []


def test_mentions_of_one_entity_are_compared_whatever_it_is_called(three):
    one, other = (
        factories.entity(three.campaign.corpus, name) for name in ("Korut", "Korea Utara")
    )
    for who, entity in ((three.annotator_a, one), (three.annotator_b, other)):
        layer = three.lay(2, who, mark("ACTOR", (0, 5)), mark("ACTOR", (10, 15)))
        layer.spans.update(entity=entity)
    run, _ = deepened(three.run())
    (exact,) = (
        row
        for row in run.results
        if row["measure"] == "entity_accuracy"
        and row["matched"] == "overlap"
        and not row["pair"]
        and row["n"]
    )
    cluster = figure(run, measure="b_cubed", label="ACTOR", matched="overlap")
    assert (exact["value"], cluster["value"], cluster["n"], cluster["sd"]) == (0.0, 1.0, 2, 0.0)
    assert cluster["coverage"] == 1.0
    pair = figure(
        run,
        measure="b_cubed",
        label="ACTOR",
        matched="overlap",
        pair=["annotator_a", "annotator_b"],
    )
    assert pair["value"] == 1.0


def test_clusters_reach_over_articles_whoever_has_the_older_layer(three):
    """One holds two mentions for Laras, the other for Sari and Ayu; in the second article the layers
    stand the other way round."""
    laras, sari, ayu = (factories.entity(three.campaign.corpus, each) for each in ("L", "S", "A"))
    more = article(three.campaign.corpus)
    for slot, who in enumerate((three.annotator_b, three.annotator_a), 1):
        Assignment.objects.create(
            campaign=three.campaign,
            corpus=three.campaign.corpus,
            schema=three.campaign.schema,
            article=more,
            annotator=who,
            slot=slot,
        )
    for row, other in ((three.articles[2], sari), (more, ayu)):
        for who, entity in ((three.annotator_a, laras), (three.annotator_b, other)):
            lay(three.campaign, row, who, mark("ACTOR", (0, 5))).spans.update(entity=entity)
    run, _ = deepened(three.run())
    found = figure(run, measure="b_cubed", label="ACTOR", matched="overlap")
    # precision 1, recall 1/2
    assert (found["value"], found["n"]) == (pytest.approx(2 / 3), 2)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_command_prints_the_figures_in_depth_when_asked(three):
    out = StringIO()
    call_command("agreement", "kampanye", "--depth", "--json", stdout=out, stderr=StringIO())
    told = json.loads(out.getvalue(), parse_constant=pytest.fail)
    validate(told, RECORD)
    assert [row["value"] for row in told["results"] if row["measure"] == "gamma"] == [1.0]
    table = StringIO()
    call_command("agreement", "kampanye", "--depth", stdout=table, stderr=StringIO())
    assert "gamma_k" in table.getvalue()
    gone = jobs.run_here("agreement_depth", {"campaign": three.campaign.pk, "run": 0}, by=None)
    assert (gone.state, gone.attempts) == (State.FAILED, 1)
