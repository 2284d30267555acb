import json

import numpy as np
import pytest

from annotations.agreement.measures.annotators import Pair, self_agreement, standings
from annotations.agreement.measures.dawid_skene import dawid_skene
from annotations.agreement.measures.mace import mace
from annotations.agreement.measures.scores import (
    NO_SPANS,
    TOO_FEW_ANNOTATORS,
    TOO_FEW_UNITS,
)
from tests.agreement.test_worked_examples import OURS
from tests.agreement.worked import lines

PAIRS = {
    ("ani", "budi"): Pair(40, 50, 50),
    ("ani", "citra"): Pair(10, 50, 50),
    ("budi", "citra"): Pair(20, 50, 50),
}


def drawn(skill, items=300, classes=3, seed=1):
    """Readings of annotators who know the true class as often as their skill says, else guess."""
    random = np.random.default_rng(seed)
    truth = random.integers(classes, size=items)
    readings = np.zeros((items, len(skill), classes), dtype=np.int64)
    for who, share in enumerate(skill):
        knows = random.random(items) < share
        said = np.where(knows, truth, random.integers(classes, size=items))
        readings[np.arange(items), who, said] = 1
    return readings, truth


def test_each_stands_against_the_rest_and_is_left_out():
    found = standings(PAIRS)
    assert {name: each.rest.value for name, each in found.items()} == pytest.approx(
        {"ani": 0.5, "budi": 0.6, "citra": 0.3}
    )
    assert found["citra"].without.value == 0.8
    assert found["citra"].gain == pytest.approx(0.8 - (0.8 + 0.2 + 0.4) / 3)
    assert found["budi"].gain < 0


def test_two_annotators_have_no_rest_and_few_spans_no_standing():
    two = {("ani", "budi"): Pair(40, 50, 50)}
    assert standings(two)["ani"].rest.undefined == TOO_FEW_ANNOTATORS
    few = {names: Pair(4, 5, 5) for names in PAIRS}
    assert standings(few)["ani"].rest.undefined == TOO_FEW_UNITS
    assert standings(few, least_units=10)["ani"].rest.value == 0.8


def test_a_pair_without_spans_leaves_the_others_their_mean():
    pairs = PAIRS | {("ani", "budi"): Pair(0, 0, 0)}
    found = standings(pairs, least_units=1)
    assert found["citra"].without.undefined == NO_SPANS
    assert found["citra"].gain is None


def test_passes_of_one_person_are_no_pair_of_people():
    pairs = PAIRS | {("ani", "ani"): Pair(45, 50, 50), ("budi", "budi"): Pair(0, 0, 0)}
    assert standings(pairs) == standings(PAIRS)
    own = self_agreement(pairs)
    assert own["ani"].value == 0.9
    assert own["budi"].undefined == NO_SPANS


def test_the_anaesthetists_of_1979_are_told_apart():
    example = next(
        each
        for each in map(json.loads, lines(OURS.read_text("utf-8")))
        if each["measure"] == "dawid_skene_marginals"
    )
    readings = np.array(example["input"]["counts"])
    model = dawid_skene(readings, least_items=30)
    assert model.marginals == pytest.approx([0.3996, 0.4220, 0.1118, 0.0667], abs=1e-3)
    assert model.errors[0, 0] == pytest.approx([0.89, 0.11, 0, 0], abs=0.01)
    assert model.posterior.sum(axis=1) == pytest.approx(np.ones(45))
    assert dawid_skene(readings).undefined == TOO_FEW_UNITS


def test_who_guesses_is_found_and_the_truth_with_it():
    readings, truth = drawn([0.9, 0.8, 0.85, 0.0])
    model = dawid_skene(readings)
    right = np.einsum("ott->ot", model.errors).mean(axis=1)
    assert right.argmin() == 3
    assert (model.posterior.argmax(axis=1) == truth).mean() > 0.9
    trust = mace(readings)
    assert trust.competence.argmin() == 3
    assert trust.competence[:3] == pytest.approx([0.9, 0.8, 0.85], abs=0.1)
    assert trust.competence[3] < 0.2
    assert (trust.posterior.argmax(axis=1) == truth).mean() > 0.9


def test_the_same_seed_gives_the_same_competence():
    readings, _ = drawn([0.9, 0.6, 0.7], items=80)
    assert (mace(readings, seed=5).competence == mace(readings, seed=5).competence).all()


def test_a_row_that_stands_for_several_items_counts_as_so_many():
    readings, _ = drawn([0.9, 0.6, 0.7, 0.5], items=60)
    times = np.arange(60) % 3 + 1
    together, apart = dawid_skene(readings, times=times), dawid_skene(np.repeat(readings, times, 0))
    assert together.items == apart.items == times.sum()
    assert together.marginals == pytest.approx(apart.marginals, abs=1e-4)
    assert together.errors == pytest.approx(apart.errors, abs=1e-3)
    assert mace(readings, times=times).competence == pytest.approx(
        mace(np.repeat(readings, times, 0)).competence, abs=1e-6
    )


def test_of_several_starts_the_likeliest_is_taken(monkeypatch):
    readings, _ = drawn([0.6, 0.6, 0.0, 0.0], items=60)
    found = []
    for starts in (1, 3, 10):
        monkeypatch.setattr("annotations.agreement.measures.mace.RESTARTS", starts)
        found.append(mace(readings).log_likelihood)
    assert found == sorted(found)
    assert found[0] < found[-1]


@pytest.mark.parametrize("model", [dawid_skene, mace])
def test_too_little_is_refused(model):
    readings, _ = drawn([0.9, 0.8, 0.7])
    assert model(readings[:, :2]).undefined == TOO_FEW_ANNOTATORS
    assert model(readings[:49]).undefined == TOO_FEW_UNITS
    alone = readings.copy()
    alone[20:, 1:] = 0
    assert model(alone).undefined == TOO_FEW_UNITS
    assert model(readings[:0]).undefined == TOO_FEW_ANNOTATORS
    assert len(model(readings[:49]).posterior) == 0


@pytest.mark.parametrize("model", [dawid_skene, mace])
def test_items_nobody_read_and_those_who_read_little_have_no_figure(model):
    readings, _ = drawn([0.9, 0.8, 0.7, 0.9])
    readings[0] = 0
    readings[10:, 3] = 0
    found = model(readings)
    assert np.isnan(found.posterior[0]).all()
    if model is dawid_skene:
        assert np.isnan(found.errors[3]).all()
        assert not np.isnan(found.errors[:3]).any()
    else:
        readings[:, 3] = 0
        assert np.isnan(model(readings).competence[3])
