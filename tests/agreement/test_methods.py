"""The paragraph tells of what was compared, and claims nothing that was not."""

from typing import Any

import pytest
from django.utils import translation

from annotations.agreement.methods import paragraph
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Campaign

WORDS = {
    "alpha": "Attribute values are compared by Krippendorff's alpha",
    "ac2": "Gwet's AC2 with linear weights",
    "relation_f1": "Relations are compared by F1",
    "entity_accuracy": "Entities are compared by their identity",
}
DEPTH = {
    "parameters": {"samples": 30, "precision": 0.02, "seed": 1},
    "left_out": {"gamma": {}, "cu_alpha": {}},
    "articles": 7,
}


def run(*measures: str, depth: dict[str, Any] | None = None) -> AgreementRun:
    return AgreementRun(
        campaign=Campaign(),
        parameters={"level": 0.95, "replicates": 1000, "seed": 1, "schema": "x@1.0"},
        summary={"articles": 7, "layers": 28, "annotators": 4},
        results=[{"measure": each} for each in ("span_f1", "u_alpha", *measures)],
        depth=depth,
    )


@pytest.fixture(autouse=True)
def _a_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Campaign, "schema", "x@1.0")


@pytest.mark.parametrize("measure", WORDS)
def test_what_was_compared_is_told_and_nothing_else(measure: str) -> None:
    measures = {"alpha", measure} if measure == "ac2" else {measure}
    told = paragraph(run(*measures))
    assert {each for each, words in WORDS.items() if words in told} == measures


@pytest.mark.parametrize(
    ("measures", "steps"),
    [
        ((), "(boundary, label)"),
        (("alpha", "relation_f1"), "(boundary, label, each attribute, each relation)"),
        (("entity_accuracy",), "(boundary, label, entity)"),
    ],
)
def test_the_steps_are_those_of_the_schema(measures: tuple[str, ...], steps: str) -> None:
    assert steps in paragraph(run(*measures))


def test_thresholds_of_the_models_are_named_in_both_languages() -> None:
    for language in ("en", "id"):
        with translation.override(language):
            told = paragraph(run(depth=DEPTH))
        assert "B-cubed" not in told
        model = told[told.index("MACE") :]
        assert all(f" {number} " in model for number in (3, 50, 20))
    assert "B-cubed" in paragraph(run("entity_accuracy", depth=DEPTH))
