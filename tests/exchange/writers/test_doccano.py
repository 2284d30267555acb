"""doccano: what goes out comes back, up to what the report says."""

import json
from collections import Counter

from hypothesis import given, settings

from annotations.exchange.formats import doccano
from annotations.exchange.writers.doccano import WRITER
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


def test_the_shape_is_the_one_with_relations() -> None:
    quote, actor = span(TEXT, "“Kami,”", "“tidak", label="QUOTE"), span(TEXT, "Laras")
    said = relation("SPEAKER", {"span": quote["id"]}, {"span": actor["id"]})
    data, report = out(WRITER, lines(line(TEXT, layer("ani", actor, quote, relations=[said]))))
    record = json.loads(data)
    assert record["entities"] == [
        {"id": 1, "label": "ACTOR", "start_offset": 8, "end_offset": 13},
        {"id": 2, "label": "QUOTE", "start_offset": 23, "end_offset": 30},
        {"id": 3, "label": "QUOTE", "start_offset": 40, "end_offset": 46},
    ]
    assert record["relations"] == [{"id": 1, "from_id": 2, "to_id": 1, "type": "SPEAKER"}]
    assert counted(report) == {"fragments": 1, "layer_status": 1}


@settings(deadline=None)
@given(campaigns())
def test_what_goes_out_comes_back(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    data, report = out(WRITER, given)
    back = by_layer(foreign.read(doccano.read, {"ani.jsonl": data}))
    there = layers_of(given)
    assert back.keys() == there.keys()
    for key, layer_back in back.items():
        whole = there[key]
        assert tagged(layer_back) == Counter(one for each in whole.spans for one in apart(each))
        assert tagged_joins(layer_back) == joins(whole)
        assert layer_back.notes == [note.text for note in whole.notes if note.text.strip()]
    split = sum(len(each.fragments) > 1 for one in there.values() for each in one.spans)
    assert counted(report).get("fragments", 0) == split
