"""spaCy and Prodigy: what goes out comes back, up to what the report says."""

import json
from collections import Counter

from hypothesis import given, settings

from annotations.exchange.formats import prodigy
from annotations.exchange.writers.prodigy import WRITER
from tests.exchange import foreign
from tests.exchange.kutip_lines import TEXT, Drawn, campaigns, layer, line, relation, span
from tests.exchange.writers.judging import (
    apart,
    by_layer,
    counted,
    drawn_lines,
    joins,
    layers_of,
    lines,
    out,
    tagged,
    tagged_joins,
)


def test_the_shape_is_that_of_prodigy() -> None:
    quote, actor = span(TEXT, "“Kami,”", label="QUOTE"), span(TEXT, "Laras")
    said = relation("SPEAKER", {"span": quote["id"]}, {"span": actor["id"]})
    data, report = out(WRITER, lines(line(TEXT, layer("ani", actor, quote, relations=[said]))))
    record = json.loads(data)
    actor_there = {"start": 8, "end": 13, "label": "ACTOR"}
    quote_there = {"start": 23, "end": 30, "label": "QUOTE"}
    assert record["spans"] == [actor_there, quote_there]
    assert record["relations"] == [
        {"head_span": quote_there, "child_span": actor_there, "label": "SPEAKER"}
    ]
    assert (record["_annotator_id"], record["answer"]) == ("ani", "accept")
    assert counted(report) == {"layer_status": 1}


def test_a_relation_of_the_second_of_two_equal_spans_is_counted() -> None:
    quotes = [span(TEXT, "“Kami,”", label="QUOTE") for _ in range(2)]
    actor = span(TEXT, "Laras")
    said = relation("SPEAKER", {"span": quotes[1]["id"]}, {"span": actor["id"]})
    whole = layer("ani", actor, *quotes, relations=[said])
    _, report = out(WRITER, lines(line(TEXT, whole)))
    assert counted(report) == {"layer_status": 1, "twin_spans": 1}


@settings(deadline=None, max_examples=60)
@given(campaigns())
def test_what_goes_out_comes_back(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    data, report = out(WRITER, given)
    back = by_layer(foreign.read(prodigy.read, {"x.jsonl": data}))
    there = layers_of(given)
    assert back.keys() == there.keys()
    for key, layer_back in back.items():
        whole = there[key]
        assert tagged(layer_back) == Counter(one for each in whole.spans for one in apart(each))
        if not counted(report).get("twin_spans"):
            assert tagged_joins(layer_back) == joins(whole)
