"""Many places labelled in one step, and taken back in one."""

from uuid import UUID, uuid4

import pytest

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.assignments.services import close
from annotations.spans import labelling
from annotations.spans.labelling import Chosen, Outcome, label_places, step_of, take_back
from annotations.spans.models import Operation, Span
from tests import factories
from tests.factories import TEXT, operation, placed
from tests.spans.test_operations import send

pytestmark = pytest.mark.django_db

OTHER = "Warga dan warga 🚢 bertemu Menteri Laras."


@pytest.fixture
def campaign(annotator_a: User) -> Campaign:
    corpus = factories.corpus()
    for text in (TEXT, OTHER):
        factories.article(corpus, text)
    return factories.campaign(corpus, [annotator_a])


@pytest.fixture
def layers(campaign: Campaign) -> dict[int, Assignment]:
    found = campaign.assignments.select_related("article__body").order_by("article_id")
    return {one.pk: one for one in found}


def places(layers: dict[int, Assignment], *words: str) -> list[Chosen]:
    """The first of each of these words in every layer that has it."""
    return [
        Chosen(
            one.pk, one.article.body.text.index(word), one.article.body.text.index(word) + len(word)
        )
        for one in layers.values()
        for word in words
        if word in one.article.body.text
    ]


def label(
    layers: dict[int, Assignment],
    chosen: list[Chosen],
    by: User,
    form: UUID | None = None,
    key: str = "ACTOR",
) -> tuple[Outcome, UUID]:
    step = step_of(form or uuid4(), key, chosen, layers.keys())
    return label_places(layers, chosen, key, step=step, by=by), step


def told(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.changed, outcome.already, len(outcome.refused)


def standing() -> list[str]:
    spans = Span.objects.filter(removed=False).order_by("assignment__article_id", "fragments")
    return [span.text[0] for span in spans]


def test_each_place_becomes_a_span_of_its_layer_which_is_opened(
    layers: dict[int, Assignment], annotator_a: User
) -> None:
    outcome, step = label(layers, places(layers, "Menteri Laras", "Warga"), annotator_a)
    assert told(outcome) == (4, 0, 0)
    assert standing() == ["Menteri Laras", "Warga", "Warga", "Menteri Laras"]
    assert {one.status for one in Assignment.objects.all()} == {Status.OPEN}
    assert set(Operation.objects.values_list("group", flat=True)) == {step}


def test_a_place_that_has_the_label_is_passed_over(
    layers: dict[int, Assignment], annotator_a: User
) -> None:
    first = next(iter(layers.values()))
    send(first, placed(TEXT, "Warga"), placed(TEXT, "Menteri Laras", label="TARGET"))
    outcome, _ = label(layers, places(layers, "Menteri Laras", "Warga"), annotator_a)
    assert told(outcome) == (3, 1, 0)


def test_the_same_step_twice_labels_nothing_twice(
    layers: dict[int, Assignment], annotator_a: User
) -> None:
    form, chosen = uuid4(), places(layers, "Menteri Laras", "Warga")
    outcomes = [told(label(layers, chosen + chosen, annotator_a, form)[0]) for _ in range(2)]
    assert outcomes == [(4, 0, 0), (4, 0, 0)]
    assert len(standing()) == 4


def test_a_step_that_was_cut_short_goes_on(
    layers: dict[int, Assignment], annotator_a: User
) -> None:
    form, chosen = uuid4(), places(layers, "Warga")
    step = step_of(form, "ACTOR", chosen, layers.keys())
    first = dict([next(iter(layers.items()))])
    label_places(first, chosen, "ACTOR", step=step, by=annotator_a)
    assert told(label(layers, chosen, annotator_a, form)[0]) == (2, 0, 0)
    assert len(standing()) == 2


def test_one_undo_takes_the_whole_step_back(
    layers: dict[int, Assignment], annotator_a: User
) -> None:
    form, chosen = uuid4(), places(layers, "Menteri Laras", "Warga")
    _, step = label(layers, chosen, annotator_a, form)
    for _ in range(2):
        assert told(take_back(layers.values(), step=step, by=annotator_a)) == (4, 0, 0)
    assert standing() == []
    assert told(label(layers, chosen, annotator_a, form)[0]) == (4, 0, 0)
    assert len(standing()) == 4


def test_a_layer_that_went_on_keeps_the_step_and_says_why(
    layers: dict[int, Assignment], annotator_a: User
) -> None:
    _, step = label(layers, places(layers, "Warga"), annotator_a)
    first, second = layers.values()
    send(first, placed(TEXT, "menolak", label="CUE"))
    outcome = take_back([first, second], step=step, by=annotator_a)
    assert told(outcome) == (1, 0, 1)
    assert outcome.refused[0].assignment == first
    assert "another one since" in outcome.refused[0].reason
    assert standing() == ["menolak", "Warga"]


def test_what_was_undone_on_the_desk_counts_as_taken_back(
    layers: dict[int, Assignment], annotator_a: User
) -> None:
    _, step = label(layers, places(layers, "bersorak"), annotator_a)
    first = next(iter(layers.values()))
    send(first, operation("undo", of=str(step)))
    assert told(take_back(layers.values(), step=step, by=annotator_a)) == (1, 0, 0)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.SKIPPED])
def test_a_layer_that_is_done_is_refused_in_a_sentence(
    layers: dict[int, Assignment], annotator_a: User, status: Status
) -> None:
    first = next(iter(layers))
    Assignment.objects.filter(pk=first).update(status=status)
    outcome, _ = label(layers, places(layers, "Warga"), annotator_a)
    assert told(outcome) == (1, 0, 1)
    assert outcome.refused[0].reason == f"This layer is not open; it is {status.label.lower()}."


def test_a_closed_campaign_and_a_stranger_change_nothing(
    layers: dict[int, Assignment], campaign: Campaign, annotator_a: User, stranger: User
) -> None:
    for layer in layers.values():
        send(layer, placed(layer.article.body.text, "Laras"))
    assert told(label(layers, places(layers, "Warga"), stranger)[0]) == (0, 0, 2)
    close(campaign, by=None)
    outcome, _ = label(layers, places(layers, "Warga"), annotator_a)
    assert told(outcome) == (0, 0, 2)
    assert "closed" in outcome.refused[0].reason
    assert standing() == ["Laras", "Laras"]


@pytest.mark.parametrize("at", [(5, 5), (9, 2), (0, 10_000), (7, 8), (-3, 5)])
def test_a_place_that_cannot_be_leaves_its_layer_as_it_was(
    layers: dict[int, Assignment], annotator_a: User, at: tuple[int, int]
) -> None:
    first, second = layers
    chosen = [Chosen(first, *at), Chosen(first, 0, 7), Chosen(second, 0, 5), Chosen(10**9, 0, 5)]
    assert told(label(layers, chosen, annotator_a)[0]) == (1, 0, 1)
    assert standing() == ["Warga"]


def test_a_layer_that_changed_meanwhile_is_tried_again(
    layers: dict[int, Assignment], annotator_a: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, chosen = next(iter(layers.values())), places(layers, "Warga", "Menteri Laras")
    revision, known = labelling._revision, iter([True])

    def behind(assignment_id: int) -> int:
        base = revision(assignment_id)
        if next(known, False):
            send(first, placed(TEXT, "Warga"))
        return base

    monkeypatch.setattr(labelling, "_revision", behind)
    assert told(label(layers, chosen, annotator_a)[0]) == (3, 1, 0)
