"""The spans behind a number: as many as it says, page by page, of unchanged layers only."""

import pytest

from annotations.agreement import cases as behind
from annotations.agreement.cases import Place
from annotations.agreement.measures.behind import Choice
from annotations.agreement.parts import Where
from annotations.assignments.models import Status
from annotations.corpora.models import Article
from tests.agreement.layers import mark, set_status

pytestmark = pytest.mark.django_db

ALONE = Choice("alone", ("QUOTE",), "overlap")


@pytest.fixture
def run(study):
    study.lay(0, study.annotator_a, mark("QUOTE", (0, 9), type="direct"), mark("QUOTE", (20, 25)))
    study.lay(0, study.annotator_b, mark("QUOTE", (0, 9), type="mixed"), mark("QUOTE", (40, 45)))
    study.lay(1, study.annotator_a, *(mark("QUOTE", (at, at + 2)) for at in range(0, 90, 3)))
    study.lay(1, study.annotator_b)
    return study.run()


def spans(found):
    """What the cases of a page are of: the article, and where each annotator's span begins."""

    def start(layer, at):
        return None if at is None else layer.marks[at].fragments[0][0]

    return [
        (each.place.article, start(each.one, each.case.one), start(each.other, each.case.other))
        for each in found.cases
    ]


def test_a_value_that_met_another_opens_the_two_spans(run, study):
    choice = Choice("value", ("QUOTE",), detail="type", two=("mixed", "direct"))
    found = behind.page(run, choice, Where())
    assert (found.total, spans(found)) == (1, [(study.articles[0].pk, 0, 0)])
    (case,) = found.cases
    assert case.names == ("annotator_a", "annotator_b")
    assert case.one.marks[case.case.one].values == {"type": "direct"}
    assert case.text == study.articles[0].body.text


def test_pages_follow_one_another_and_come_back(run, monkeypatch):
    monkeypatch.setattr(behind, "ON_A_PAGE", 10)
    first = behind.page(run, ALONE, Where())
    every, page = spans(first), first
    assert not first.earlier
    while page.later:
        page = behind.page(run, ALONE, Where(), after=page.cases[-1].place)
        every += spans(page)
    assert len(every) == len(set(every)) == first.total == 32
    assert page.earlier
    for _ in range(3):
        page = behind.page(run, ALONE, Where(), before=page.cases[0].place)
    assert spans(page) == spans(first)
    assert not page.earlier


def test_an_article_and_a_pair_leave_out_the_others(run, study):
    article = study.articles[0].pk
    found = behind.page(run, ALONE, Where(("annotator_a", "annotator_b"), article))
    assert (found.total, len(found.cases)) == (2, 2)
    assert behind.page(run, ALONE, Where(("annotator_a", "nobody"))).total == 0


def test_a_layer_that_changed_since_is_left_out_and_said_to_be(run, study):
    layer = study.campaign.assignments.get(article=study.articles[0], annotator=study.annotator_a)
    set_status(layer, Status.REOPENED)
    study.lay(0, study.annotator_a, mark("CUE", (50, 53)))
    found = behind.page(run, ALONE, Where(article=study.articles[0].pk))
    assert (found.total, found.missing, found.cases) == (2, 1, [])


def test_an_article_in_the_trash_shows_nothing_of_itself(run, study):
    Article.objects.filter(pk=study.articles[1].pk).update(withdrawn_at="2026-01-01T00:00Z")
    found = behind.page(run, ALONE, Where())
    assert found.missing == 1
    assert {case.place.article for case in found.cases} == {study.articles[0].pk}


def test_pages_cost_the_same_whatever_the_number(run, study, django_assert_num_queries):
    for choice in (ALONE, Choice("lost", ("QUOTE",), step="found")):
        with django_assert_num_queries(7):
            behind.page(run, choice, Where())


@pytest.mark.parametrize("written", ["", "1.2.3", "a.b.c.d", "1.2.3.-4", "1.2.3.²", "1.2.3.4.5"])
def test_what_is_no_place_is_none(written):
    assert Place.parse(written) is None
    assert Place.parse("1.2.3.4") == Place(1, 2, 3, 4)
