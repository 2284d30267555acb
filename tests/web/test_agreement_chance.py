"""Whether parts of a campaign differ by more than chance: asked on the page, by programs, at the shell."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone, translation

from annotations.agreement import queries, services
from annotations.agreement.methods import paragraph, paragraph_with_test
from tests import factories
from tests.agreement.layers import article, lay, mark
from tests.api.test_api import Program
from tests.web.test_agreement_page import text_of

pytestmark = pytest.mark.django_db

PARTS = "campaigns/kampanye/agreement/parts"


def campaign_of(corpus, people):
    """Annotators agree about articles of Kompas, and hardly about those of any other source."""
    campaign = factories.campaign(corpus, people, slug="kampanye")
    for row in corpus.articles.order_by("pk"):
        for at, person in enumerate(people):
            apart = at if row.source != "Kompas" else 0
            lay(campaign, row, person, *(mark("QUOTE", (b + apart, b + 3)) for b in (7, 17, 27)))
    services.compute(services.begin(campaign, include_open=False), lambda *progress: None)
    return campaign


@pytest.fixture
def campaign(annotator_a, annotator_b):
    corpus = factories.corpus()
    for source in [*["Kompas"] * 5, *["Tempo"] * 5, "Antara"]:
        article(corpus, source=source)
    return campaign_of(corpus, [annotator_a, annotator_b])


@pytest.fixture
def client(campaign, manager, signed_in):
    return signed_in(manager)


def asked(client, **words):
    url = reverse("agreement_parts", args=["kampanye"])
    return client.get(url, {"by": "source", "test": "each"} | words)


def test_every_part_is_told_from_all_others(client):
    told = asked(client, format="json").json()
    rest = {each["key"]: each["rest"] for each in told["groups"]}
    assert rest["Kompas"]["difference"] == pytest.approx(1.0)
    # both halves of ten articles, and their mirror image: 2 of 462 dealings are as unlike
    assert rest["Kompas"]["p"] < 0.02
    assert rest["Kompas"]["p"] <= rest["Kompas"]["p_of_any"] < 0.05
    assert rest["Antara"] == {
        "difference": None,
        "p": None,
        "p_of_any": None,
        "undefined": "too few articles to tell a difference from chance",
    }
    assert (told["test"]["replicates"], told["test"]["seed"], told["test"]["two"]) == (
        1000,
        1,
        None,
    )
    text = text_of(asked(client))
    assert "more than chance" in text
    assert "+1.000" in text
    assert "too few articles" in text
    assert "any of the 3 parts" in text
    # and nothing that nobody asked for
    told = asked(client, format="json", test="").json()
    assert told["test"] is None
    assert {each["rest"] for each in told["groups"]} == {None}
    text = text_of(asked(client, test=""))
    assert "Test each against all others" in text
    assert "Whole articles were dealt" not in text


def test_one_part_is_told_from_another(client):
    told = asked(client, test="two", first="Tempo", second="Kompas", format="json").json()
    two = told["test"]["two"]
    assert two["difference"] == pytest.approx(-1.0)
    # 2 of 252 dealings
    assert two["p"] == two["p_of_any"] == pytest.approx(2 / 252, abs=0.012)
    assert two["interval"] == {"low": pytest.approx(-1.0), "high": pytest.approx(-1.0)}
    assert [two[side]["articles"] for side in ("first", "second")] == [5, 5]
    text = text_of(asked(client, test="two", first="Tempo", second="Kompas"))
    assert "−1.000" in text
    assert '<option value="Tempo" selected>' in text
    rest = asked(client, test="two", first="Kompas", format="json").json()["test"]["two"]
    assert (rest["second"]["part"], rest["second"]["articles"]) == (None, 6)


def test_what_cannot_be_told_says_so(client):
    def text(first, second):
        return text_of(asked(client, test="two", first=first, second=second))

    assert "one is never unlike itself" in text("Kompas", "Kompas")
    for first, second in (("Antara", "Kompas"), ("nothing", "Kompas"), ("Kompas", "nothing")):
        assert "at least twenty ways" in text(first, second)
    assert asked(client, test="two").status_code == 404
    for wrong in ({"test": "x"}, {"batch": "9999-12-31T23:59:59"}):
        assert asked(client, **wrong).status_code == 404


def test_the_methods_name_the_test_in_both_languages(client, campaign):
    methods = asked(client, format="json").json()["test"]["methods"]
    for words in ("permutation test", "1,000 times", "seed 1", "Davison", "Westfall", "3 parts"):
        assert words in methods
    with translation.override("id"):
        words = paragraph_with_test(queries.newest(campaign), parts=3)
    for told in ("uji permutasi", "1.000 kali", "Westfall"):
        assert told in words
    assert "permutation" not in paragraph(queries.newest(campaign))


def test_programs_are_told_what_the_page_shows(client, manager, annotator_a):
    for query in ("by=source&test=each", "by=week&test=two&first=2026-01-05&label=QUOTE"):
        page = client.get(f"{reverse('agreement_parts', args=['kampanye'])}?{query}&format=json")
        assert Program(manager).get(f"{PARTS}?{query}") == (200, page.json())
    assert Program(annotator_a).get(f"{PARTS}?by=source")[0] == 404
    status, told = Program(manager).get(f"{PARTS}?by=annotator")
    assert (status, told["error"]) == (400, "malformed")
    assert "annotator" in told["message"]


def test_articles_of_two_campaigns_are_compared_with_themselves(
    client, campaign, annotator_a, annotator_b
):
    again = factories.campaign(campaign.corpus, [annotator_a, annotator_b], slug="ulang")
    for row in campaign.corpus.articles.order_by("pk"):
        for person in (annotator_a, annotator_b):
            lay(again, row, person, *(mark("QUOTE", (b, b + 3)) for b in (7, 17, 27)))
    services.compute(services.begin(again, include_open=False), lambda *progress: None)
    two = {"by": "version", "test": "two", "first": "ulang", "second": "kampanye"}
    told = asked(client, **two, format="json").json()["test"]["two"]
    # six articles differ: all of them must change places, or none
    assert told["p"] == pytest.approx(2 / 2**6, abs=0.015)
    assert told["shared_articles"] == 11
    assert "11 articles are in both" in text_of(asked(client, **two))


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (datetime(2026, 3, 2, 3, 5, tzinfo=UTC), ("03:05<", "03:04<")),
        (datetime(2026, 3, 2, 3, 4, 9, tzinfo=UTC), ("03:04, second 9<", "03:04, second 0<")),
        (
            datetime(2026, 3, 2, 3, 4, 0, 250_000, tzinfo=UTC),
            ("03:04, second 0.250<", "03:04, second 0.000<"),
        ),
    ],
)
def test_two_batches_never_have_one_name(
    second, words, annotator_a, annotator_b, manager, signed_in, monkeypatch
):
    corpus = factories.corpus()
    for moment in [datetime(2026, 3, 2, 3, 4, tzinfo=UTC), second]:
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda moment=moment: moment)
            article(corpus)
    campaign_of(corpus, [annotator_a, annotator_b])
    client = signed_in(manager)
    text = text_of(asked(client, by="batch", test=""))
    for word in words:
        # in the filter, in the table, and twice among what can be tested
        assert text.count(word) >= 4, word
    batch = second.strftime("%Y-%m-%dT%H:%M:%S.%f")
    url = reverse("agreement_spans", args=["kampanye"])
    behind = text_of(client.get(url, {"what": "matched", "variant": "exact", "batch": batch}))
    assert words[0].rstrip("<") in behind


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_shell_prints_parts_and_tests(campaign, manager):
    def printed(*args):
        out = StringIO()
        call_command("agreement", "kampanye", *args, stdout=out, stderr=StringIO())
        return out.getvalue()

    told = json.loads(printed("--json", "--by", "source", "--test", "--only", "label=QUOTE"))
    page = Program(manager).get(f"{PARTS}?by=source&test=each&label=QUOTE")[1]
    assert told["parts"] == page
    assert "parts" not in json.loads(printed("--json"))
    text = printed("--by", "source", "--test")
    assert "+1.000" in text
    assert "permutation test" in text
    text = printed("--by", "source", "--test", "Tempo", "Kompas")
    assert "-1.000" in text
    assert "all " in printed("--by", "source")
    for wrong, why in (
        (["--test"], "say with --by"),
        (["--by", "source", "--only", "x"], "no WORD=VALUE"),
        (["--by", "source", "--only", "label=NOTHING"], "Nothing in this campaign"),
        (["--by", "source", "--test", "a", "b", "c"], "two parts at the most"),
    ):
        with pytest.raises(CommandError, match=why):
            printed(*wrong)
