"""What no figure may depend on: who comes first, what labels are called, how letters are stored."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.agreement.measures.figures import figures
from annotations.agreement.measures.questions import Questions
from annotations.agreement.measures.study import Row
from annotations.agreement.measures.tally import Mark, tally
from annotations.agreement.measures.unitizing import cu_alpha, u_alpha_of_label
from tests.agreement.drawn import LABELS, LENGTH, layers, segments
from tests.agreement.worked import computed

ASK = Questions(LABELS, (), replicates=20)
TEXT = "Café é 🚢 𝒦im “Ñandú” naïve — kata Å kata"

few = settings(max_examples=30, deadline=None)
campaigns = st.lists(st.tuples(layers(max_size=4), layers(max_size=4)), min_size=1, max_size=3)


def figured(campaign, ask=ASK, length=LENGTH):
    rows = [Row(at, ("ani", "budi"), 1.0, tally(length, *two)) for at, two in enumerate(campaign)]
    return [
        (each.value, each.n, each.undefined, each.interval)
        for each in sorted(figures(rows, ask), key=lambda each: (each.measure, each.variant))
    ]


@few
@given(campaigns)
def test_who_comes_first_changes_no_figure(campaign):
    assert figured([(two, one) for one, two in campaign]) == figured(campaign)


@few
@given(campaigns)
def test_what_labels_are_called_changes_no_figure(campaign):
    names = {"ACTOR": "z", "QUOTE": "b", "STANCE": "📌"}
    renamed = [
        tuple([replace(mark, label=names[mark.label]) for mark in side] for side in two)
        for two in campaign
    ]
    ask = replace(ASK, labels=tuple(names[label] for label in LABELS))
    for one, other in zip(figured(renamed, ask), figured(campaign), strict=True):
        assert one[1:3] == other[1:3]
        assert one[0] == (other[0] if other[0] is None else pytest.approx(other[0]))


@few
@given(campaigns, layers(max_size=3))
def test_an_article_that_only_one_person_did_changes_nothing(campaign, alone):
    people = {
        name: {str(at): spans(two[side]) for at, two in enumerate(campaign)}
        for side, name in enumerate(("ani", "budi"))
    }
    given = {"annotators": people, "mode": "exact"}
    more = {"annotators": people | {"ani": people["ani"] | {"x": spans(alone)}}, "mode": "exact"}
    assert computed("pairwise_span_f1", more) == computed("pairwise_span_f1", given)


def spans(marks):
    return [[[list(part) for part in mark.fragments], mark.label] for mark in marks]


@few
@given(st.data(), st.sampled_from(["NFC", "NFD"]))
def test_how_letters_are_stored_changes_no_match(data, form):
    """Spans on whole letters of a text, in the text as it is and in another normal form."""
    letters = clusters(unicodedata.normalize("NFC", TEXT))
    pair = st.tuples(st.integers(0, len(letters) - 1), st.integers(1, 6))
    sides = [data.draw(st.lists(pair, max_size=5)) for _ in range(2)]
    stored = [unicodedata.normalize(form, letter) for letter in letters]
    found = [
        tally(sum(map(len, each)), *([mark(each, *at) for at in side] for side in sides))
        for each in (letters, stored)
    ]
    for key in (("QUOTE", "matched", "exact"), ("QUOTE", "matched", "overlap")):
        assert found[0].get(key) == found[1].get(key)


def clusters(text):
    """Letters with the marks that belong to them."""
    found = []
    for letter in text:
        if unicodedata.combining(letter):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def mark(letters, first, number):
    edges = [0]
    for letter in letters:
        edges.append(edges[-1] + len(letter))
    return Mark("QUOTE", ((edges[first], edges[min(first + number, len(letters))]),), {})


@few
@given(segments(), segments())
def test_continuum_figures_are_symmetric(first, second):
    where = {"begin": 0, "length": 30}
    for measure in (
        lambda sides: u_alpha_of_label(sides, "a", **where),
        lambda sides: cu_alpha(sides, **where),
    ):
        one, other = measure([first, second]), measure([second, first])
        assert one.value == (other.value if other.value is None else pytest.approx(other.value))
