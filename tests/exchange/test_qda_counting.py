"""How positions of a REFI-QDA project count: found out, and said where it cannot be."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange.formats import qda
from annotations.exchange.formats.annotated import Annotated
from annotations.exchange.formats.qda_counting import Breaks, Offsets, Text, Way
from tests.exchange.foreign import read, said, spans
from tests.exchange.qda_projects import Coded, Source, Written

BREAKS: tuple[Breaks, ...] = ("as they stand", "once", "twice")
WAYS = [Way(*way) for way in product((False, True), BREAKS, (False, True))]
TEXT = "Aksi 🚢 di Ampel.\r\nSari 🚢 menolak.\r\nWarga setuju.\r\n"


def counted(text: str, at: int, way: Way) -> int:
    """The position of a code point as a program that counts this way writes it."""
    before = text[:at]
    if way.breaks == "once":
        before = before.replace("\r\n", "\n")
    if way.breaks == "twice":
        before = before.replace("\r\n", "\n").replace("\n", "\r\n")
    return way.mark + len(before.encode("utf-16-le")) // 2 if way.utf16 else way.mark + len(before)


def written(
    text: str, words: list[tuple[int, int]], way: Way, *, named: bool = True, inline: bool = False
) -> Written:
    selections = [
        Coded(
            counted(text, start, way),
            counted(text, end, way),
            ["c1"],
            name=" ".join(text[start:end].split())[:40] if named else "",
            guid=f"g{number}",
        )
        for number, (start, end) in enumerate(words)
    ]
    data = None if inline else text.encode("utf-8-sig" if way.mark else "utf-8")
    return Written([Source(text if inline else "", selections, data=data)])


def only(project: Written) -> Annotated:
    [found] = read(qda.read, {"p.qdpx": project.qdpx()})
    return found


def places(text: str, *words: str) -> list[tuple[int, int]]:
    return [(text.index(word), text.index(word) + len(word)) for word in words]


def covered(found: Annotated) -> list[str]:
    return [words for _, [words] in spans(found.layers[0], found.draft.text)]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("way", [w for w in WAYS if w.breaks != "twice"])
def test_the_way_is_found_out_by_the_words_or_by_where_words_end(way: Way, named: bool) -> None:
    found = only(written(TEXT, places(TEXT, "Ampel", "Sari", "menolak", "Warga"), way, named=named))
    assert covered(found) == ["Ampel", "Sari", "menolak", "Warga"]
    told = {code for code, _, kept in said([found]) if kept}
    assert told == {
        *(["offsets_utf16"] if way.utf16 else []),
        *(["qda_breaks"] if way.breaks == "once" else []),
        *(["qda_mark"] if way.mark else []),
    }


def test_line_breaks_that_the_xml_made_one_may_count_twice() -> None:
    text = TEXT.replace("\r", "")
    way = Way(breaks="twice")
    found = only(written(text, places(text, "Sari", "menolak", "Warga"), way, inline=True))
    assert covered(found) == ["Sari", "menolak", "Warga"]


@pytest.mark.parametrize(
    ("origin", "words"), [("NVivo 14", "c"), ("ATLAS.ti 23", "."), ("QualCoder 3.7", ".")]
)
def test_where_nothing_tells_the_likeliest_way_is_taken_and_said(origin: str, words: str) -> None:
    text = "a\r\nb.c.d.e"
    at = text.index("c")
    selection = Coded(at, at + 1, ["c1"], name="1:1")
    project = Written([Source(data=text.encode(), selections=[selection])], origin=origin)
    found = only(project)
    assert ("qda_unit", True) in [(code, kept) for code, _, kept in said([found])]
    assert covered(found) == [words]


def test_one_text_that_tells_decides_for_the_others() -> None:
    way = Way(utf16=True)
    clear = written(TEXT, places(TEXT, "Sari", "menolak"), way).sources[0]
    unclear_text = "🚢 a b c d"
    unclear = written(unclear_text, [(2, 3)], way, named=False).sources[0]
    unclear.guid = "a1"
    found = read(qda.read, {"p.qdpx": Written([unclear, clear]).qdpx()})
    assert covered(found[0]) == ["a"]
    assert [code for code, _, _ in said(found)] == ["offsets_utf16", "offsets_utf16"]


def test_a_project_of_qualcoder_comes_in_as_it_was_coded() -> None:
    """It writes each text with a mark and, for MAXQDA, with CR LF, but counts neither (`refi.py`)."""
    text = "Aksi 🚢 di Ampel.\nSari 🚢 menolak.\nWarga setuju.\n"
    words = ["Ampel", "Sari", "menolak", "setuju"]
    selections = [
        Coded(start, end, ["c1"], name=text[start:end]) for start, end in places(text, *words)
    ]
    data = text.replace("\n", "\r\n").encode("utf-8-sig")
    found = only(Written([Source(data=data, selections=selections)], origin="QualCoder 3.7"))
    assert covered(found) == words
    assert {code for code, _, _ in said([found])} == {"qda_breaks"}


def test_a_position_inside_what_counts_twice_is_before_it() -> None:
    offsets = Offsets(Text("a🚢b"), Way(utf16=True))
    assert [offsets.code_points(at) for at in range(5)] == [0, 1, 1, 2, 3]
    assert [offsets.splits(at) for at in range(5)] == [False, False, True, False, False]


alphabet = st.sampled_from(["a", "b", " ", ".", "é", "🚢", "\r\n", "\n", "𝕏"])
texts = st.lists(alphabet, min_size=1, max_size=60).map("".join)


@given(texts, st.sampled_from(WAYS))
def test_every_position_comes_back(text: str, way: Way) -> None:
    """In all ways, wherever a program of that way can put the cursor."""
    seen = Text(text, mark=way.mark, inline=True).seen(way)
    offsets = Offsets(Text(text, mark=way.mark, inline=True), way)
    for at in range(len(text) + 1):
        inside = text[at - 1 : at + 1] == "\r\n" and seen.breaks == "once"
        position = counted(text, at, seen if seen.breaks != "twice" else way)
        if not inside and not (seen.breaks == "twice" and "\r" in text):
            assert offsets.code_points(position) == at
            assert not offsets.splits(position)


@st.composite
def codings(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """A text, and some places in it that hold words to be named after."""
    text = draw(texts)
    ends = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(ends, ends).map(sorted), max_size=8))
    usable = [
        (start, end)
        for start, end in pairs
        if len("".join(text[start:end].split())) > 1
        and not any(text[at - 1 : at + 1] == "\r\n" for at in (start, end))
    ]
    return f"x{text}", [(start + 1, end + 1) for start, end in usable]


@given(codings())
def test_what_counts_as_the_standard_says_comes_back(
    made: tuple[str, list[tuple[int, int]]],
) -> None:
    text, words = made
    found = only(written(text, words, Way()))
    assert [span.fragments for layer in found.layers for span in layer.spans.values()] == [
        ((start, end),) for start, end in words
    ]


@given(codings(), st.sampled_from([w for w in WAYS if w.breaks != "twice"]))
def test_what_counts_otherwise_comes_back_or_it_is_said_that_it_may_not(
    made: tuple[str, list[tuple[int, int]]], way: Way
) -> None:
    text, words = made
    found = only(written(text, words, way))
    whole = [span.fragments for layer in found.layers for span in layer.spans.values()] == [
        ((start, end),) for start, end in words
    ]
    assert whole or "qda_unit" in {code for code, _, _ in said([found])}
