"""A schema drawn from what files of another tool hold."""

from annotations.exchange.drawing import MAKE, drawn, everything, makes
from annotations.exchange.mapping import Decisions, Named
from annotations.exchange.surveying import (
    AttributeFound,
    EndsFound,
    LabelFound,
    RelationFound,
    Survey,
)
from annotations.schema.spec import Spec, builtin_document, parse

SURVEY = Survey(
    labels={
        "PER": LabelFound(
            3,
            references=1,
            attributes={
                "sure": AttributeFound(3, truths=3),
                "kind": AttributeFound(5, values={"a": 1, "b": 2, "?": 1, " ": 1}),
                "gloss": AttributeFound(3, more=True, values={"x": 1}),
            },
        ),
        "+": LabelFound(1),
        **{f"L{number}": LabelFound(1) for number in range(12)},
    },
    types={
        "by": RelationFound(2, [EndsFound("L1", "PER", 1), EndsFound("L2", "PER", 1)]),
        "lost": RelationFound(1, [EndsFound("gone", "PER", 1)]),
    },
)


def everything_drawn() -> tuple[Spec, Decisions]:
    document, decisions = drawn(SURVEY, everything(SURVEY), base=None, key="lama", name="Lama")
    return parse(document), decisions


def test_what_is_made_can_be_told_apart() -> None:
    spec, _ = everything_drawn()
    assert (spec.key, spec.version, spec.name) == ("lama", "1.0", {"en": "Lama"})
    looks = {(label.colour, label.line) for label in spec.labels}
    assert len(looks) == len(spec.labels) == 14
    assert [label.key for label in spec.labels if label.entity] == ["PER"]
    assert len(spec.entity_types) == len(parse(builtin_document()).entity_types)


def test_attributes_are_what_their_values_are() -> None:
    spec, decisions = everything_drawn()
    label = spec.label("PER")
    assert label is not None
    made = {one.key: (one.kind, [value.key for value in one.values]) for one in label.attributes}
    assert made == {"sure": ("bool", []), "kind": ("choice", ["b", "a"]), "gloss": ("text", [])}
    assert decisions.labels["PER"].attributes == {key: key for key in made}


def test_a_relation_joins_what_it_joined_and_needs_something_to_join() -> None:
    spec, decisions = everything_drawn()
    assert [(one.key, one.sources, one.targets) for one in spec.relations] == [
        ("by", ("L1", "L2"), ("PER",))
    ]
    assert decisions.relations["lost"] == Named("")


def test_a_name_that_means_something_in_the_form_gets_a_number() -> None:
    _, decisions = everything_drawn()
    assert decisions.labels["+"].to == "+ 2"


def test_a_schema_that_is_there_keeps_all_it_has() -> None:
    base = builtin_document()
    decided = Decisions({"PER": Named("ACTOR", {"sure": MAKE, "kind": ""}), "L1": Named(MAKE)})
    assert makes(decided)
    document, decisions = drawn(SURVEY, decided, base=base, key="lama", name="Lama")
    spec, before = parse(document), parse(base)
    assert [label.key for label in spec.labels] == [*(one.key for one in before.labels), "L1"]
    actor = spec.label("ACTOR")
    assert actor is not None
    assert actor.attribute("sure") is not None
    assert decisions.labels["PER"] == Named("ACTOR", {"sure": "sure", "kind": ""})
    assert parse(builtin_document()) == before
