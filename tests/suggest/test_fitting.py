"""A schema without a label gets no suggestion of it."""

from typing import Any

from annotations.schema.spec import builtin_document, parse
from annotations.suggest.fitting import fit
from annotations.suggest.proposing import suggestions
from annotations.suggest.records import Suggestion
from tests.suggest.reading import name

TEXT = "“Kami siap,” kata Ina Wati."


def under(*labels: str, attributes: bool = True) -> list[Suggestion]:
    """The suggestions under the schema Atribusi with these labels only."""
    document: Any = {**builtin_document(), "relations": []}
    document["labels"] = [
        label if attributes else {**label, "attributes": [], "entity": False}
        for label in document["labels"]
        if label["key"] in labels
    ]
    return list(fit(suggestions(TEXT, "id", (name("Ina Wati"),)), parse(document)))


def test_the_whole_schema_gets_them_as_they_are() -> None:
    assert under("QUOTE", "CUE", "ACTOR") == suggestions(TEXT, "id", (name("Ina Wati"),))


def test_without_the_label_nothing_of_it_is_suggested() -> None:
    assert under("STANCE") == []
    assert [one.label for one in under("ACTOR")] == ["ACTOR"]
    [quote] = under("QUOTE")
    assert (quote.cue, quote.speaker) == (None, None)


def test_without_attributes_and_entities_the_words_are_suggested() -> None:
    quote, actor = under("QUOTE", "CUE", "ACTOR", attributes=False)
    assert quote.cue
    assert (quote.attributes, quote.cue.attributes, actor.attributes) == ({}, {}, {})
    assert actor.entity is None
