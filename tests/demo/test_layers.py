"""The layers are what two careful people would hand in: complete, and not quite the same."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import pytest

from annotations.demo.corpus import articles, entities
from annotations.demo.records import DemoArticle, DemoLayer, DemoSpan
from annotations.schema import spec as schema

SPEC = schema.parse(schema.builtin_document())


@dataclass(frozen=True)
class Pass:
    article: DemoArticle
    layer: DemoLayer

    @property
    def spans(self) -> dict[UUID, DemoSpan]:
        return {span.id: span for span in self.layer.spans}


PASSES = {
    f"{article.external_id}-{key}": Pass(article, layer)
    for article in articles()
    for key, layer in article.layers.items()
}
every_layer = pytest.mark.parametrize("one", PASSES.values(), ids=list(PASSES))


@every_layer
def test_fragments_are_ordered_apart_and_cover_the_words_they_carry(one: Pass) -> None:
    for span in one.layer.spans:
        offsets = [offset for fragment in span.fragments for offset in fragment]
        assert offsets == sorted(set(offsets))
        assert span.text == tuple(one.article.text[start:end] for start, end in span.fragments)


@every_layer
def test_no_fragment_begins_or_ends_with_a_space_or_a_comma(one: Pass) -> None:
    for span in one.layer.spans:
        assert all(text == text.strip(" \n,.;:") for text in span.text)


@every_layer
def test_a_layer_has_the_size_of_a_finished_one(one: Pass) -> None:
    assert 20 <= len(one.layer.spans) <= 45
    assert len(one.layer.relations) >= 15


@every_layer
def test_labels_and_attributes_are_those_of_the_schema(one: Pass) -> None:
    for span in one.layer.spans:
        label = SPEC.label(span.label)
        assert label is not None
        for key, value in span.attributes.items():
            attribute = label.attribute(key)
            assert attribute is not None, f"{span.label} has no {key}"
            assert attribute.accepts(value), f"{key}={value}"


@every_layer
def test_required_attributes_and_quote_types_are_chosen(one: Pass) -> None:
    for span in one.layer.spans:
        label = SPEC.label(span.label)
        assert label is not None
        required = {attribute.key for attribute in label.attributes if attribute.required}
        chosen = required | ({"type"} if span.label == "QUOTE" else set())
        assert chosen <= span.attributes.keys()


@every_layer
def test_only_labels_that_may_name_an_entity_do(one: Pass) -> None:
    known = {entity.id for entity in entities()}
    for span in one.layer.spans:
        label = SPEC.label(span.label)
        assert label is not None
        assert span.entity is None or (label.entity and span.entity in known)


@every_layer
def test_relations_join_what_the_schema_lets_them_join(one: Pass) -> None:
    for relation in one.layer.relations:
        type_ = SPEC.relation(relation.type)
        assert type_ is not None
        if relation.from_span is None:
            assert type_.from_article
        else:
            assert one.spans[relation.from_span].label in type_.sources
        if relation.to_span is None:
            assert type_.to_entity
            assert relation.to_entity is not None
        else:
            assert one.spans[relation.to_span].label in type_.targets


@every_layer
def test_every_span_has_as_many_relations_as_the_schema_asks(one: Pass) -> None:
    counted = Counter((relation.from_span, relation.type) for relation in one.layer.relations)
    for type_ in SPEC.relations:
        for span in one.layer.spans:
            if span.label in type_.sources:
                count = counted[span.id, type_.key]
                assert count >= type_.min, f"{span.text} lacks {type_.key}"
                assert type_.max is None or count <= type_.max


@every_layer
def test_a_nested_quote_lies_inside_its_parent_and_never_in_itself(one: Pass) -> None:
    for relation in one.layer.relations:
        if relation.type == "NESTED_IN" and relation.from_span and relation.to_span:
            child, parent = one.spans[relation.from_span], one.spans[relation.to_span]
            assert parent.fragments[0][0] <= child.fragments[0][0]
            assert child.fragments[-1][1] <= parent.fragments[-1][1]
            assert child.fragments != parent.fragments


@every_layer
def test_no_layer_tags_the_same_words_twice_with_one_label(one: Pass) -> None:
    tagged = [(span.label, span.fragments) for span in one.layer.spans]
    assert len(set(tagged)) == len(tagged)


def shares(article: DemoArticle, label: str | None = None) -> tuple[int, int]:
    """Return how many spans both annotators placed alike, and how many they placed in all."""
    first, second = (
        {(s.label, s.fragments) for s in layer.spans if label in (None, s.label)}
        for layer in article.layers.values()
    )
    return len(first & second), len(first) + len(second)


def f1(label: str | None = None) -> float:
    pairs = [shares(article, label) for article in articles() if article.layers]
    return 2 * sum(alike for alike, _ in pairs) / sum(placed for _, placed in pairs)


def test_the_two_annotators_agree_imperfectly_but_credibly() -> None:
    assert 0.7 <= f1() <= 0.85


def test_they_agree_less_on_stances_than_on_cues() -> None:
    assert 0.45 <= f1("STANCE") < f1("QUOTE") < f1("CUE") <= 0.95


@pytest.mark.parametrize(
    "article", [one for one in articles() if one.layers], ids=lambda one: one.external_id
)
def test_no_article_is_labelled_the_same_twice(article: DemoArticle) -> None:
    alike, placed = shares(article)
    assert 0.65 <= 2 * alike / placed < 0.95


def values(label: str, key: str) -> list[tuple[object, object]]:
    """Return the pairs of values of an attribute on the spans placed alike."""
    found: list[tuple[object, object]] = []
    for article in articles():
        if article.layers:
            first, second = (
                {s.fragments: s.attributes.get(key) for s in layer.spans if s.label == label}
                for layer in article.layers.values()
            )
            found += [(first[where], second[where]) for where in first.keys() & second.keys()]
    return found


@pytest.mark.parametrize(("label", "key"), [("QUOTE", "type"), ("STANCE", "polarity")])
def test_they_differ_now_and_then_on_a_value(label: str, key: str) -> None:
    pairs = values(label, key)
    assert 0.75 <= sum(a == b for a, b in pairs) / len(pairs) < 1


def test_they_differ_now_and_then_on_an_entity() -> None:
    linked = [
        {(s.fragments, s.entity) for layer in [article.layers[key]] for s in layer.spans}
        for article in articles()
        if article.layers
        for key in ("a", "b")
    ]
    assert any(one != other for one, other in zip(linked[::2], linked[1::2], strict=True))
