from uuid import UUID

import pytest

from annotations.demo.compiler import Sheet, compile_layer
from annotations.demo.misspelled import MisspelledError
from annotations.demo.pages import Line
from annotations.demo.records import DemoLayer

LARAS = UUID(int=7)
TEXT = "“Kami siap,” kata Laras, “dan kami tahu.” Kami 😔 juga."
ACTOR = "a1 ACTOR `Laras` form=name entity=laras"


def compiled(*lines: str) -> DemoLayer:
    sheet = Sheet("01-uji.txt", TEXT, "demo-01:a", {"laras": LARAS})
    return compile_layer(sheet, [Line(number, text) for number, text in enumerate(lines, 41)])


def test_a_split_quote_keeps_its_fragments_in_code_points() -> None:
    quote = compiled("q1 QUOTE `“Kami ... siap,”` | `“dan ... tahu.”` type=direct").spans[0]
    assert quote.fragments == ((0, 12), (25, 41))
    assert quote.text == ("“Kami siap,”", "“dan kami tahu.”")


def test_an_emoji_counts_as_one_code_point() -> None:
    assert compiled("a1 ACTOR `😔 juga`").spans[0].fragments == ((47, 53),)


def test_attributes_and_entity_are_read_from_small_words() -> None:
    actor, quote = compiled(ACTOR, "q1 QUOTE `“Kami ... siap,”` scare=true type=direct").spans
    assert (actor.attributes, actor.entity) == ({"form": "name"}, LARAS)
    assert quote.attributes == {"scare": True, "type": "direct"}


def test_relations_are_read_from_capital_words_and_numbered() -> None:
    layer = compiled("q1 QUOTE `“dan ... tahu.”` SPEAKER=a1,a2", ACTOR, "a2 ACTOR `kami`")
    first, second = layer.relations
    quote, laras, we = (span.id for span in layer.spans)
    assert [first.to_span, second.to_span] == [laras, we]
    assert {(one.from_span, one.type) for one in (first, second)} == {(quote, "SPEAKER")}


def test_a_relation_may_lead_to_an_entity() -> None:
    relation = compiled("s1 STANCE `tahu` HOLDER=@laras").relations[0]
    assert (relation.to_span, relation.to_entity) == (None, LARAS)


def test_a_relation_may_come_from_the_article() -> None:
    layer = compiled(ACTOR, "article VIA=a1")
    assert layer.relations[0].from_span is None
    assert layer.relations[0].to_span == layer.spans[0].id


def test_ids_are_the_same_every_time_and_differ_between_layers() -> None:
    other = Sheet("01-uji.txt", TEXT, "demo-01:b", {"laras": LARAS})
    mine, again = compiled(ACTOR).spans[0].id, compiled(ACTOR).spans[0].id
    assert mine == again
    assert mine != compile_layer(other, [Line(41, ACTOR)]).spans[0].id


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a2 ACTOR `Sekar`", "not in the text: Sekar"),
        ("a2 ACTOR `Kami`", "occurs 2 times, say which with #n: Kami"),
        ("a2 ACTOR `Kami`#3", "occurs only 2 times: Kami"),
        ("q1 QUOTE `“dan ... tahu.”` | `“Kami siap,”`", "fragments touch, overlap or are out"),
        ("q1 QUOTE `Kami siap` | `,”`", "fragments touch, overlap or are out"),
        ("a1 ACTOR `kata`", "a second a1 in this layer"),
        ("a2 ACTOR `kata` entity=nobody", "no entity nobody in the registry"),
        ("s1 STANCE `tahu` HOLDER=@nobody", "no entity nobody in the registry"),
        ("q1 QUOTE `tahu` SPEAKER=a9", "no span a9 in this layer"),
        ("q1 QUOTE `tahu` SPEAKER=article", "no span article in this layer"),
        ("a2 ACTOR kata", "neither a span nor a relation of the article"),
        ("article", "neither a span nor a relation of the article"),
        ("a2 ACTOR `kata` form", "not a list of key=value"),
        ("a2 ACTOR `kata` form=name form=role", "not a list of key=value"),
        ("a2 ACTOR `kata` `Laras`", "not a list of key=value"),
        ("a2 ACTOR `kata` |", "no words in backticks here: "),
        ("a2 ACTOR `kata", "no words in backticks here: `kata"),
        ("article VIA=a1 form=name", "an article has relations only"),
        ("a2 ACTOR `kata` Form=name", "neither small nor capital: Form"),
    ],
)
def test_a_bad_line_is_refused_with_its_file_and_number(line: str, why: str) -> None:
    with pytest.raises(MisspelledError) as refused:
        compiled(ACTOR, line)
    assert str(refused.value).startswith(f"01-uji.txt:42: {why}")
