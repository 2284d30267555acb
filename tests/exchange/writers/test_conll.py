"""CoNLL: what goes out comes back word by word, up to what the report says."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.exchange.formats import conll
from annotations.exchange.records import LayerRecord
from annotations.exchange.writers.conll import WRITER
from annotations.exchange.writers.losses import Part
from annotations.exchange.writers.words import TOKEN, Words, parted
from tests.exchange import foreign
from tests.exchange.kutip_lines import TEXT, Drawn, campaigns, layer, line, span
from tests.exchange.writers.judging import counted, drawn_lines, lines, out, unzipped


def columns(document: dict[str, Any]) -> str:
    files = unzipped(out(WRITER, lines(document))[0])
    [data] = files.values()
    return data.decode()


def test_a_word_and_its_tag_on_each_line() -> None:
    text = "Laras menolak. “Kami,” katanya."
    whole = layer("ani", span(text, "Laras"), span(text, "“Kami,”", label="QUOTE"))
    assert columns(line(text, whole)) == (
        "Laras\tB-ACTOR\nmenolak\tO\n.\tO\n\n"
        "“\tB-QUOTE\nKami\tI-QUOTE\n,\tI-QUOTE\n”\tI-QUOTE\nkatanya\tO\n.\tO\n\n"
    )


def test_a_sentence_does_not_end_inside_a_span() -> None:
    text = "Satu. Dua."
    assert "\n\n" not in columns(line(text, layer("ani", span(text, text)))).rstrip("\n")


@pytest.mark.parametrize(
    ("pieces", "lost"),
    [
        (("Lar",), Part.INSIDE_TOKEN),
        (("“Kami,”", "“tidak"), Part.DISCONTINUOUS),
        ((" ",), Part.NOTHING_LEFT),
        ((" Laras ",), Part.EDGE_BREAKS),
    ],
)
def test_what_is_no_run_of_words_is_counted(pieces: tuple[str, ...], lost: Part) -> None:
    _, report = out(WRITER, lines(line(TEXT, layer("ani", span(TEXT, *pieces)))))
    assert report.count(lost) == 1


def test_of_spans_that_overlap_the_first_stays() -> None:
    whole = layer("ani", span(TEXT, "Menteri Laras"), span(TEXT, "Laras menolak", label="CUE"))
    data, report = out(WRITER, lines(line(TEXT, whole)))
    assert counted(report)["overlaps"] == 1
    assert b"CUE" not in b"".join(unzipped(data).values())


MIXED = st.text(
    st.sampled_from(
        "ab_1 \n.。”-\ufeff\u200b\u200d\u0301\u0301कि漢กั🚢م\u064bé\r\x00\x1f\x85\xa0\u2028"
    ),
    max_size=30,
)
"""Words, signs and blanks of several scripts, and all that belongs to what is before it."""


@settings(deadline=None)
@given(MIXED)
def test_where_words_begin_and_end_is_told_by_two_neighbours(text: str) -> None:
    found, words = [word.span() for word in TOKEN.finditer(text)], Words(text)
    places = range(len(text) + 1)
    assert [at for at in places if words.begins(at)] == [start for start, _ in found]
    assert [at for at in places if words.ends(at)] == [end for _, end in found]


@settings(deadline=None, max_examples=300)
@given(MIXED, st.sets(st.integers(0, 30)))
def test_parts_have_the_words_of_the_pattern(text: str, drawn: set[int]) -> None:
    places = {place for found in TOKEN.finditer(text) for place in found.span()}
    cuts = sorted({0, len(text)} | places & drawn)
    found = [[word.decode() for word in part] for part in parted(text, cuts)]
    assert found == [TOKEN.findall(text[start:end]) for start, end in pairwise(cuts)]


def test_a_script_of_many_signs_is_parted_as_every_other() -> None:
    text = "".join(map(chr, range(0x4E00, 0x4F00)))
    assert parted(text, [0, 1, len(text)]) == [[text[0].encode()], [c.encode() for c in text[1:]]]


@settings(deadline=None, max_examples=80)
@given(campaigns())
def test_what_goes_out_comes_back(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    data, report = out(WRITER, given)
    found = foreign.read(conll.read, dict(unzipped(data)))
    assert [one.losses for one in found if one.losses] == []
    expected = [(each, one.article.text) for one in given for each in one.layers]
    assert len(found) == len(expected)
    kept = 0
    for one, (whole, text) in zip(found, expected, strict=True):
        assert one.draft.text.split() == TOKEN.findall(text)
        [back] = one.layers
        words = [
            (each.label, "".join(one.draft.text[a:b] for a, b in each.fragments).split())
            for each in back.spans.values()
        ]
        assert words == _kept(whole, text)
        kept += len(words)
    parts = (Part.DISCONTINUOUS, Part.NOTHING_LEFT, Part.INSIDE_TOKEN, Part.OVERLAPS)
    everything = sum(len(whole.spans) for whole, _ in expected)
    assert kept + sum(map(report.count, parts)) == everything


def _kept(whole: LayerRecord, text: str) -> list[tuple[str, list[str]]]:
    """The spans that stay, in text order, each as its words: those of one fragment that is, blanks
    at its edges aside, made of whole tokens, none of which a span before it has."""
    tokens = {found.start(): found.end() for found in TOKEN.finditer(text)}
    taken: set[int] = set()
    kept = []
    for one in whole.spans:
        start, end = one.fragments[0]
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        inside = [at for at in tokens if start <= at < end]
        whole_tokens = start in tokens and end in tokens.values()
        if len(one.fragments) == 1 and whole_tokens and not taken.intersection(inside):
            taken.update(inside)
            kept.append((start, (one.label, [text[at : tokens[at]] for at in inside])))
    return [each for _, each in sorted(kept)]
