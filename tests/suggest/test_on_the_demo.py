"""How good the suggestions are: measured against what our own two annotators tagged.

The floors lie a little below what is reached: whoever makes a rule better raises them.
"""

from collections.abc import Iterable
from functools import cache

from annotations.demo import corpus
from annotations.demo.records import DemoArticle, DemoLayer
from annotations.suggest.proposing import suggestions
from annotations.suggest.records import Name, Suggestion
from annotations.text.fragments import Fragments

Outcomes = list[bool]


def names() -> tuple[Name, ...]:
    return tuple(
        Name(entity.id, text, kind, entity.type)
        for entity in corpus.entities()
        for text, kind in (
            (entity.name, "name"),
            *((alias.text, alias.kind) for alias in entity.aliases),
        )
    )


@cache
def labelled() -> list[tuple[DemoArticle, list[Suggestion]]]:
    known = names()
    return [
        (article, suggestions(article.text, article.language, known))
        for article in corpus.articles()
        if article.layers
    ]


def fragments(layers: Iterable[DemoLayer], label: str) -> set[Fragments]:
    return {span.fragments for layer in layers for span in layer.spans if span.label == label}


def meet(one: Fragments, other: Fragments) -> bool:
    return any(s < end and start < e for s, e in one for start, end in other)


def share(outcomes: Outcomes) -> float:
    assert len(outcomes) > 50
    return sum(outcomes) / len(outcomes)


def test_most_quotes_are_met_by_a_suggestion() -> None:
    for annotator in ("a", "b"):
        outcomes = [
            any(meet(gold, one.fragments) for one in found if one.label == "QUOTE")
            for article, found in labelled()
            for gold in fragments([article.layers[annotator]], "QUOTE")
        ]
        assert share(outcomes) >= 0.95  # reached: 0.985 and 0.97; what is missed is free indirect


def test_most_suggested_quotes_meet_a_quote() -> None:
    outcomes = [
        any(meet(one.fragments, gold) for gold in fragments(article.layers.values(), "QUOTE"))
        for article, found in labelled()
        for one in found
        if one.label == "QUOTE"
    ]
    assert share(outcomes) >= 0.94  # reached: 0.97


def test_most_suggested_quotes_are_exactly_what_an_annotator_tagged() -> None:
    outcomes = [
        one.fragments in fragments(article.layers.values(), "QUOTE")
        for article, found in labelled()
        for one in found
        if one.label == "QUOTE"
    ]
    assert share(outcomes) >= 0.78  # reached: 0.83


def test_most_suggested_cues_are_cues_to_the_letter() -> None:
    outcomes = [
        one.cue.fragments in fragments(article.layers.values(), "CUE")
        for article, found in labelled()
        for one in found
        if one.cue
    ]
    assert share(outcomes) >= 0.83  # reached: 0.87


def test_most_cues_are_suggested_to_the_letter() -> None:
    outcomes = [
        gold in {one.cue.fragments for one in found if one.cue}
        for article, found in labelled()
        for gold in fragments(article.layers.values(), "CUE")
    ]
    assert share(outcomes) >= 0.85  # reached: 0.90


def test_most_suggested_speakers_are_speakers_of_such_a_quote() -> None:
    outcomes = [
        any(
            meet(one.fragments, quote) and meet(one.speaker.fragments, actor)
            for quote, actor in speakers(article)
        )
        for article, found in labelled()
        for one in found
        if one.speaker
    ]
    assert share(outcomes) >= 0.8  # reached: 0.84


def test_few_quotes_with_a_speaker_are_suggested_without() -> None:
    silent = [
        one.speaker is None
        for article, found in labelled()
        for one in found
        if one.label == "QUOTE"
        and any(meet(one.fragments, quote) for quote, _ in speakers(article))
    ]
    assert share(silent) <= 0.05  # reached: 0.01


def test_most_actors_of_the_registry_are_suggested_and_linked_to_the_right_entity() -> None:
    entities = {
        (span.fragments, span.entity)
        for article, _ in labelled()
        for layer in article.layers.values()
        for span in layer.spans
        if span.label == "ACTOR"
    }
    tagged = {place for place, _ in entities}
    linked = [
        (one.fragments, one.entity) in entities
        for _, found in labelled()
        for one in found
        if one.label == "ACTOR" and one.entity and one.fragments in tagged
    ]
    assert share(linked) >= 0.95


def speakers(article: DemoArticle) -> list[tuple[Fragments, Fragments]]:
    """Each quote with each of its speakers, of both annotators."""
    spans = {span.id: span for layer in article.layers.values() for span in layer.spans}
    return [
        (spans[relation.from_span].fragments, spans[relation.to_span].fragments)
        for layer in article.layers.values()
        for relation in layer.relations
        if relation.type == "SPEAKER" and relation.from_span and relation.to_span
    ]
