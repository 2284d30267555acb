"""Many spans at once are walked through beside their texts: not one false one gets past."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.schema.models import Label
from tests import factories
from tests.database.test_refusals import refused, run

pytestmark = pytest.mark.django_db

SHORT = "Menteri Laras 🚢 menolak usul itu. " * 20
LONG = "".join(f"{n} 🚢 é“kata” e\u0301. " for n in range(1_500))  # more than is copied at once
MANY = 150
"""More than are looked at one by one."""


@dataclass(frozen=True)
class Row:
    layer: int
    label: int
    fragments: list[int]
    text: list[str]
    entity: int | None = None


@pytest.fixture
def layers(annotator_a: User) -> list[Assignment]:
    return [factories.assignment(annotator_a, text) for text in (SHORT, LONG)]


@pytest.fixture
def rows(layers: list[Assignment]) -> list[Row]:
    """Spans of both layers, some over others, some of two or three fragments, in any order."""
    chance, made = random.Random(7), []
    for layer, text in zip(layers, (SHORT, LONG), strict=True):
        label = Label.objects.get(schema=layer.schema, key="ACTOR").pk
        for at in range(MANY):
            bounds = chance.sample(range(len(text) + 1), 2 * (1 + (at % 5 == 0) + (at % 15 == 0)))
            if at % 2:  # most are short
                bounds = [bounds[0] - 30, bounds[0]] if bounds[0] > 30 else [0, 7]
            made.append(Row(layer.pk, label, *quoted(text, sorted(bounds))))
    chance.shuffle(made)
    return made


def quoted(text: str, bounds: list[int]) -> tuple[list[int], list[str]]:
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return bounds, [text[start:stop] for start, stop in pairs]


def insert(rows: Sequence[Row]) -> None:
    """All of them in one statement."""
    values = ",".join(
        ["(%s, %s, %s, %s::int4[], %s::text[], '{}', %s::bigint, 1, false)"] * len(rows)
    )
    run(
        "INSERT INTO span (assignment_id, id, label_id, fragments, text, attributes, entity_id,"
        f" changed_seq, removed) VALUES {values}",
        *(
            value
            for row in rows
            for value in (row.layer, uuid4(), row.label, row.fragments, row.text, row.entity)
        ),
    )


def test_all_that_fit_go_in(rows: list[Row], layers: list[Assignment]) -> None:
    insert(rows)
    assert [layer.spans.count() for layer in layers] == [MANY, MANY]


@pytest.mark.parametrize("fragment", [0, 1, 2])
@pytest.mark.parametrize("which", range(4))
def test_one_false_word_is_found(rows: list[Row], fragment: int, which: int) -> None:
    at = [at for at, row in enumerate(rows) if len(row.text) > fragment][which]
    text = [*rows[at].text]
    text[fragment] = text[fragment][:-1] + "☠"
    rows[at] = replace(rows[at], text=text)
    refused(lambda: insert(rows), "span_text")


@pytest.mark.parametrize("text", [SHORT, LONG])
@pytest.mark.parametrize("before", [[], [0, 7], [0, 7, 8, 9]])
def test_an_end_past_the_text_is_refused(
    rows: list[Row], layers: list[Assignment], text: str, before: list[int]
) -> None:
    """Its words are all that is left of the text, and fewer than the span is long."""
    layer = layers[[SHORT, LONG].index(text)]
    fragments, words = quoted(text, [*before, len(text) - 3, len(text) + 1])
    past = replace(rows[0], layer=layer.pk, fragments=fragments, text=words)
    refused(lambda: insert([*rows, past]), "span_text")


def test_a_label_of_another_schema_is_refused(rows: list[Row]) -> None:
    rows[70] = replace(rows[70], label=-1)
    refused(lambda: insert(rows), "span_label")


def test_a_layer_that_is_not_there_has_no_spans(rows: list[Row]) -> None:
    rows[70] = replace(rows[70], layer=-1)
    refused(lambda: insert(rows), "span_label")


def test_an_entity_of_another_registry_is_refused(
    rows: list[Row], layers: list[Assignment]
) -> None:
    own = factories.entity(layers[0].corpus).pk
    mine = [replace(row, entity=own) if row.layer == layers[0].pk else row for row in rows]
    insert(mine)
    at = next(at for at, row in enumerate(rows) if row.layer == layers[0].pk)
    mine[at] = replace(mine[at], entity=factories.entity(factories.corpus()).pk)
    refused(lambda: insert(mine), "span_entity")
