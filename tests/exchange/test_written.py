"""Spans that stay as they are written until somebody looks."""

import msgspec
import pytest

from annotations.exchange.formats import kutip
from annotations.exchange.records import LayerRecord, NoteRecord
from annotations.exchange.written import WrittenSpans, claims, first_lie, in_one_form
from tests.exchange.kutip_lines import TEXT, compact, layer, line, span


def document(*spans: dict[str, object]) -> bytes:
    return compact(list(spans))


def line_with(spans: WrittenSpans) -> bytes:
    """A line whose one layer has these spans, as it is written."""
    read = kutip.read(compact(line(TEXT, layer())))
    [only] = read.layers
    assert isinstance(only, LayerRecord)
    only.spans = spans
    whole = bytearray()
    kutip.write(read, whole)
    return bytes(whole)


def test_spans_nobody_looked_at_are_written_as_they_stand() -> None:
    odd = b'[ {"not": "a span"} ]'
    assert odd in line_with(WrittenSpans(odd))


def test_spans_are_the_same_records_at_every_look_and_go_out_as_they_became() -> None:
    one, other = span(TEXT, "Laras"), span(TEXT, "katanya", label="CUE")
    spans = WrittenSpans(document(one, other))
    assert ([each.id for each in spans], len(spans)) == ([one["id"], other["id"]], 2)
    assert spans[0] is spans[:1][0]
    spans[0].notes = [NoteRecord("2026-03-20T08:00:00Z", "ani", "1", "Ragu.")]
    noted = one | {
        "notes": [{"at": "2026-03-20T08:00:00Z", "author": "ani", "id": "1", "text": "Ragu."}]
    }
    assert line_with(spans) == compact(line(TEXT, layer("annotator_a", noted, other))) + b"\n"


@pytest.mark.parametrize(
    "lie",
    [
        {"text": ["Laris"]},
        {"text": ["Laras", "Laras"]},
        {"text": []},
        {"fragments": [[8, 14]]},
        {"fragments": [[8, 10], [10, 13]]},
        {"fragments": [[8, 10], [10, 13]], "text": ["La", "raS"]},
        {"fragments": []},
    ],
)
def test_the_first_span_that_lies_is_told(lie: dict[str, object]) -> None:
    true = [span(TEXT, "Laras"), span(TEXT, "Menteri", "Laras")]
    assert first_lie(claims(document(*true)), TEXT) is None
    assert first_lie(claims(document(*true, true[0] | lie, *true)), TEXT) == 2


def test_attributes_get_their_one_form_and_words_that_look_like_them_do_not() -> None:
    given = '{"b": ": \\", ", "aa": true}'
    words = '{"attributes":' + given
    text = f"{words} dan {words}"
    spans = [span(text, words, attributes={"x": words}), span(text, words, attributes={})]
    spans[1]["attributes"] = json = msgspec.json.decode(given)
    stands = document(*spans).replace(compact(json), given.encode())
    assert stands != document(*spans)
    assert in_one_form(stands, {given}) == document(*spans)
