"""The articles of two runs: counted again as they were, and what sets the runs apart on them."""

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from annotations.agreement import comparing
from annotations.agreement.comparing import as_json, comparison
from annotations.agreement.former import layers_at
from annotations.agreement.identities import Identities
from annotations.agreement.layers import Compared, read
from annotations.agreement.measures.scores import TOO_FEW_ARTICLES
from annotations.agreement.models import AgreementPair
from annotations.agreement.twice import twice
from annotations.assignments.models import Status
from annotations.schema.services import spec_of
from annotations.spans.protocol import operate
from tests import factories
from tests.agreement import layers
from tests.agreement.conftest import Study
from tests.agreement.layers import lay, mark, set_status
from tests.api.test_api import Program
from tests.web.test_agreement_changes import measured
from tests.web.test_agreement_page import text_of

pytestmark = pytest.mark.django_db

EXACT = ("span_f1", "exact", None, None, None, None)


def operated(layer, *operations):
    layer.refresh_from_db()
    body = {"client": str(uuid4()), "base": layer.revision, "operations": operations}
    set_status(layer, Status.REOPENED)
    answer = operate(layer.pk, json.dumps(body).encode(), by=layer.annotator)
    assert answer.status == 200, answer
    set_status(layer, Status.SUBMITTED)
    layer.refresh_from_db()
    return layer.revision


def test_a_layer_is_read_as_it_was_at_every_revision(study: Study):
    compared = Compared.of(spec_of(study.campaign.schema_id))
    registry = study.campaign.corpus.registry
    laras = factories.entity(study.campaign.corpus, "Laras")
    text = study.articles[0].body.text
    layer = study.lay(0, study.annotator_a, mark("QUOTE", (0, 9), (12, 15), type="direct"))
    quote = str(layer.spans.get().pk[1])
    actor = factories.placed(text, text[20:25], entity=str(laras.uuid))
    key = actor["span"]["id"]
    steps = [
        [actor, factories.related("SPEAKER", quote, key)],
        [factories.operation("set", span=quote, attributes={"type": "mixed"})],
        [factories.operation("move", span=quote, fragments=[[1, 9]], text=[text[1:9]])],
        [factories.operation("link", span=key, entity=None)],
        [factories.operation("remove", span=key)],
    ]
    now = {}
    nobody = Identities({})
    for step in [[], *steps]:
        if step:
            operated(layer, *step)
        layer.refresh_from_db()
        now[layer.revision] = read([layer.pk], compared, nobody)[layer.pk].linked
    assert len(now) == 6
    assert registry is not None
    for revision, linked in now.items():
        then = layers_at(study.campaign, {layer.pk: revision}, compared, nobody)
        assert then == {layer.pk: linked}
    assert not layers_at(study.campaign, {layer.pk: 0}, compared, nobody)[layer.pk].marks


@pytest.fixture
def runs(annotator_a, annotator_b):
    """Nine articles; between the runs, annotators came to agree on six, one came, one went."""
    corpus = factories.corpus()
    rows = [layers.article(corpus, title=f"Berita {at}") for at in range(9)]
    campaign = factories.campaign(corpus, [annotator_a, annotator_b], slug="kampanye")
    for row in rows[:8]:
        lay(campaign, row, annotator_a, mark("QUOTE", (0, 9)), mark("CUE", (12, 15)))
        lay(campaign, row, annotator_b, mark("QUOTE", (1, 9)), mark("CUE", (12, 15)))
    before = measured(campaign)
    for row in rows[:6]:
        layer = campaign.assignments.get(article=row, annotator=annotator_b)
        span = str(layer.spans.get(label__key="QUOTE").pk[1])
        text = row.body.text[0:9]
        operated(layer, factories.operation("move", span=span, fragments=[[0, 9]], text=[text]))
    for who in (annotator_a, annotator_b):
        lay(campaign, rows[8], who, mark("QUOTE", (0, 9)))
    set_status(campaign.assignments.get(article=rows[7], annotator=annotator_a), Status.REOPENED)
    return before, measured(campaign)


def test_runs_are_told_apart_on_the_articles_of_both(
    runs, annotator_b, django_assert_max_num_queries
):
    with django_assert_max_num_queries(22):
        found = twice(*runs, most=None)
    assert (found.shared, found.changed, found.gone) == (7, 6, [])
    assert [len(found.only_before), len(found.only_after)] == [1, 1]
    f1 = found.differences[EXACT]
    # of seven articles with twenty-eight spans, fourteen were apart, and two are
    assert f1.value == pytest.approx(26 / 28 - 14 / 28)
    assert f1.p == pytest.approx(2 / 2**6, abs=0.015)
    assert f1.is_more_than_chance
    cue = found.differences["span_f1", "exact", "CUE", None, None, None]
    assert (cue.value, cue.p) == (0, 1)
    u_alpha = found.differences["u_alpha", "nominal", "QUOTE", None, None, None]
    assert u_alpha.value > 0
    back = twice(*runs[::-1], most=None).differences[EXACT]
    assert (back.value, back.p) == (pytest.approx(-f1.value), f1.p)
    # and the same after all of it moved on, or nothing of it is counted any more
    campaign = runs[0].campaign
    for layer in campaign.assignments.filter(annotator=annotator_b, status=Status.SUBMITTED):
        text = layer.article.body.text
        operated(layer, factories.placed(text, text[20:30]))
    measured(campaign)
    assert twice(*runs, most=None) == found
    AgreementPair.objects.filter(campaign=campaign).delete()
    assert twice(*runs, most=None) == found
    changed = campaign.corpus.articles.order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_down(%s)", [changed.pk])
    found = twice(*runs, most=None)
    assert found.gone == [changed.pk]
    assert found.differences[EXACT].value == pytest.approx(22 / 24 - 12 / 24)


def test_runs_without_an_article_in_common_cannot_be_told_apart(study: Study):
    nothing = study.run()
    study.lay(0, study.annotator_a, mark("QUOTE", (0, 9)))
    study.lay(0, study.annotator_b, mark("QUOTE", (0, 9)))
    for before, after in ((nothing, nothing), (nothing, study.run())):
        found = twice(before, after, most=0)
        assert (found.shared, found.changed, found.only_before) == (0, 0, [])
        assert {each.undefined for each in found.differences.values()} == {TOO_FEW_ARTICLES}


def address(runs, **more):
    query = {"before": runs[0].pk, "after": runs[1].pk, **more}
    told = "&".join(f"{word}={value}" for word, value in query.items())
    return f"{reverse('agreement_changes', args=['kampanye'])}?{told}"


def test_page_and_program_are_told_the_same(runs, manager, signed_in, monkeypatch):
    client = signed_in(manager)
    assert "Is this more than chance?" in text_of(client.get(address(runs)))
    assert as_json(comparison(*runs))["test"] is None
    text = text_of(client.get(address(runs, test=1)))
    for words in (
        "Both runs have 7 articles, of which 6 changed.",
        "1 article left out: only in the earlier run",
        "+0.429",
        "more than chance",
    ):
        assert words in text
    told = client.get(address(runs, test=1, format="json")).json()
    path = f"campaigns/kampanye/agreement/{runs[0].pk}/{runs[1].pk}?test=1"
    assert Program(manager).get(path) == (200, told)
    test = told["test"]
    assert (test["articles"], test["changed"], test["replicates"], test["seed"]) == (7, 6, 1000, 1)
    assert [len(test["left_out"][why]) for why in ("only_before", "only_after", "gone")] == [
        1,
        1,
        0,
    ]
    assert "permutation test" in test["methods"]
    f1 = next(each for each in told["figures"] if each["measure"] == "span_f1")
    assert f1["tested"]["difference"] == pytest.approx(3 / 7)
    monkeypatch.setattr(comparing, "MOST", 11)
    test = Program(manager).get(path)[1]["test"]
    assert test == {"undefined": "not computed: too large", "pairs": 12, "most": 11}
    text = text_of(client.get(address(runs, test=1)))
    assert "12 pairs of layers would have to be counted again" in text
    assert "On the articles of both" not in text


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_shell_compares_with_an_earlier_run(runs):
    def printed(*args):
        out = StringIO()
        call_command("agreement", "kampanye", *args, stdout=out, stderr=StringIO())
        return out.getvalue()

    told = json.loads(printed("--json", "--against", str(runs[0].pk)))["changes"]
    assert told["test"]["changed"] == 6
    text = printed("--against", str(runs[0].pk))
    assert f"Against run {runs[0].pk}:" in text
    assert "+0.429" in text
    assert "1 of the earlier run alone, 1 of this one alone" in text
    with pytest.raises(CommandError, match="no finished run 0"):
        printed("--against", "0")
