"""One span per line: all that is known of a span, and proof of its offsets."""

import json

from hypothesis import given, settings

from annotations.exchange.writers.spans import WRITER
from tests.exchange.kutip_lines import TEXT, Drawn, campaigns, layer, line, relation, span
from tests.exchange.writers.judging import counted, drawn_lines, lines, out


def test_a_span_says_all_that_is_known_of_it() -> None:
    quote, actor = span(TEXT, "“Kami,”", "“tidak", label="QUOTE"), span(TEXT, "Laras")
    said = relation("SPEAKER", {"span": quote["id"]}, {"span": actor["id"]})
    data, report = out(WRITER, lines(line(TEXT, layer("ani", actor, quote, relations=[said]))))
    first, second = map(json.loads, data.splitlines())
    assert (first["annotator"], first["label"], first["text"]) == ("ani", "ACTOR", ["Laras"])
    assert second["fragments"] == quote["fragments"]
    assert [(r["type"], r["to"]) for r in second["relations"]] == [("SPEAKER", said["to"])]
    assert counted(report) == {"article_text": 1}


@settings(deadline=None)
@given(campaigns())
def test_every_span_is_a_line_and_no_line_ends_within_one(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    data, report = out(WRITER, given)
    rows = [json.loads(row) for row in data.split(b"\n")[:-1]]
    texts = {one.article.id: one.article.text for one in given}
    ids = [each.id for one in given for each_layer in one.layers for each in each_layer.spans]
    assert [row["id"] for row in rows] == ids
    for row in rows:
        text = texts[row["article"]["id"]]
        assert [text[start:end] for start, end in row["fragments"]] == row["text"]
    empty = sum(not each.spans for one in given for each in one.layers)
    assert report.document(str)["format"] == "spans"
    assert counted(report).get("layer_without_spans", 0) == empty
