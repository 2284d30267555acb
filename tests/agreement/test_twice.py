"""The articles of two runs: counted again as they were, and what sets the runs apart on them."""

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from annotations.agreement import comparing
from annotations.agreement.comparing import as_json, comparison, with_chance
from annotations.agreement.former import layers_at
from annotations.agreement.identities import Identities
from annotations.agreement.layers import Compared, read
from annotations.agreement.models import AgreementPair
from annotations.agreement.twice import TooMany, twice
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
    """Twelve articles; between the runs, annotators came to agree on seven, one came, one went."""
    corpus = factories.corpus()
    rows = [layers.article(corpus, title=f"Berita {at}") for at in range(12)]
    campaign = factories.campaign(corpus, [annotator_a, annotator_b], slug="kampanye")
    for at, row in enumerate(rows[:11]):
        lay(campaign, row, annotator_a, mark("QUOTE", (0, 9)), mark("CUE", (12, 15)))
        lay(campaign, row, annotator_b, mark("QUOTE", (int(at < 8), 9)), mark("CUE", (12, 15)))
    before = measured(campaign)
    for row in rows[:7]:
        layer = campaign.assignments.get(article=row, annotator=annotator_b)
        span = str(layer.spans.get(label__key="QUOTE").pk[1])
        text = row.body.text[0:9]
        operated(layer, factories.operation("move", span=span, fragments=[[0, 9]], text=[text]))
    for who in (annotator_a, annotator_b):
        lay(campaign, rows[11], who, mark("QUOTE", (0, 9)))
    set_status(campaign.assignments.get(article=rows[10], annotator=annotator_a), Status.REOPENED)
    return before, measured(campaign)


def test_runs_are_told_apart_on_the_articles_of_both(runs):
    found = twice(*runs, most=None)
    assert (found.shared, found.changed, found.gone) == (10, 7, [])
    assert [len(found.only_before), len(found.only_after)] == [1, 1]
    f1 = found.differences[EXACT]
    # of ten articles with forty spans, sixteen quotes were apart, and two are
    assert f1.value == pytest.approx(38 / 40 - 24 / 40)
    assert f1.p == pytest.approx(2 / 2**7, abs=0.012)
    assert f1.is_more_than_chance
    cue = found.differences["span_f1", "exact", "CUE", None, None, None]
    assert (cue.value, cue.p) == (0, 1)
    u_alpha = found.differences["u_alpha", "nominal", "QUOTE", None, None, None]
    assert u_alpha.value > 0
    back = twice(*runs[::-1], most=None).differences[EXACT]
    assert (back.value, back.p) == (pytest.approx(-f1.value), f1.p)


def test_what_moved_on_since_both_runs_is_counted_as_it_was(runs, annotator_b):
    found = twice(*runs, most=None)
    campaign = runs[0].campaign
    for layer in campaign.assignments.filter(annotator=annotator_b, status=Status.SUBMITTED):
        text = layer.article.body.text
        operated(layer, factories.placed(text, text[20:30]))
    measured(campaign)
    assert twice(*runs, most=None) == found
    AgreementPair.objects.filter(campaign=campaign).delete()
    assert twice(*runs, most=None) == found


def test_a_text_that_is_gone_is_left_out(runs):
    changed = runs[0].campaign.corpus.articles.order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_down(%s)", [changed.pk])
    found = twice(*runs, most=None)
    assert found.gone == [changed.pk]
    assert found.differences[EXACT].value == pytest.approx(34 / 36 - 22 / 36)


def test_more_articles_are_not_more_queries(runs, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        twice(*runs, most=None)


def test_too_much_to_count_again_is_not_begun(runs, manager, signed_in, monkeypatch):
    with pytest.raises(TooMany):
        twice(*runs, most=13)
    assert twice(*runs, most=14).changed == 7
    monkeypatch.setattr(comparing, "MOST", 13)
    path = f"campaigns/kampanye/agreement/{runs[0].pk}/{runs[1].pk}?test=1"
    status, told = Program(manager).get(path)
    assert status == 200
    assert told["test"] == {"undefined": "not computed: too large", "pairs": 14, "most": 13}
    text = text_of(signed_in(manager).get(address(runs, test=1)))
    assert "14 pairs of layers would have to be counted again" in text


def address(runs, **more):
    query = {"before": runs[0].pk, "after": runs[1].pk, **more}
    told = "&".join(f"{word}={value}" for word, value in query.items())
    return f"{reverse('agreement_changes', args=['kampanye'])}?{told}"


def test_page_program_and_shell_are_told_the_same(runs, manager, signed_in):
    client = signed_in(manager)
    text = text_of(client.get(address(runs)))
    assert "Is this more than chance?" in text
    assert as_json(comparison(*runs))["test"] is None
    text = text_of(client.get(address(runs, test=1)))
    assert "Both runs have 10 articles, of which 7 changed." in text
    assert "1 article left out: only in the earlier run" in text
    assert "+0.350" in text
    assert "more than chance" in text
    told = client.get(address(runs, test=1, format="json")).json()
    assert told == as_json(with_chance(*runs))
    path = f"campaigns/kampanye/agreement/{runs[0].pk}/{runs[1].pk}?test=1"
    assert Program(manager).get(path) == (200, told)
    test = told["test"]
    assert (test["articles"], test["changed"], test["replicates"], test["seed"]) == (10, 7, 1000, 1)
    assert [len(test["left_out"][why]) for why in ("only_before", "only_after", "gone")] == [
        1,
        1,
        0,
    ]
    assert "permutation test" in test["methods"]
    f1 = next(each for each in told["figures"] if each["measure"] == "span_f1")
    assert f1["tested"]["difference"] == pytest.approx(0.35)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_shell_compares_with_an_earlier_run(runs):
    def printed(*args):
        out = StringIO()
        call_command("agreement", "kampanye", *args, stdout=out, stderr=StringIO())
        return out.getvalue()

    told = json.loads(printed("--json", "--against", str(runs[0].pk)))["changes"]
    assert told["test"]["changed"] == 7
    text = printed("--against", str(runs[0].pk))
    assert f"Against run {runs[0].pk}:" in text
    assert "+0.350" in text
    assert "1 of the earlier run alone, 1 of this one alone" in text
    with pytest.raises(CommandError, match="no finished run 0"):
        printed("--against", "0")
