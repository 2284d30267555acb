"""brat standoff: every kind of line, whatever brat and its users do to a file, two real corpora."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.readers.sources import source_at
from annotations.exchange.formats import brat
from annotations.exchange.formats.annotated import Annotated, Reference
from tests.exchange.foreign import layer, read, relations, said, sources, spans

DATA = Path(os.environ.get("KUTIP_DATA", "/nowhere")) / "data"
real = pytest.mark.skipif(not DATA.is_dir(), reason="KUTIP_DATA does not lead to real data")

TEXT = "Sari 🚢 menolak: “Kami,” katanya, “tidak akan mundur.” Warga setuju.\n"
#       0    5 7        16        25       34


def ann(*lines: str) -> dict[str, str | bytes]:
    return {"siti/a.txt": TEXT, "siti/a.ann": "".join(f"{line}\n" for line in lines)}


def test_spans_attributes_relations_events_notes_and_references() -> None:
    found = layer(
        brat.read,
        ann(
            "T1\tACTOR 0 4\tSari",
            "T2\tQUOTE 16 23;33 53\t“Kami,” “tidak akan mundur.”",
            "T3\tCUE 24 31\tkatanya",
            "T4\tACTOR 54 59\tWarga",
            "A1\tKind T2 direct",
            "M1\tNegated T3",
            "R1\tSPEAKER Arg1:T2 Arg2:T1\t",
            "A2\tSure R1 yes",
            "E1\tCUE:T3 Agent:T1 Theme2:T2",
            "A3\tTense E1 past",
            "*\tSame T1 T4",
            "N1\tReference T1 Wikidata:Q42\tSari Wulan",
            "#1\tAnnotatorNotes T2\tterpisah",
            "#2\tAnnotatorNotes R1\tyakin",
            "#3\tNormalization T4\torang",
        ),
    )
    assert found.annotator == "siti"
    assert spans(found, TEXT) == [
        ("ACTOR", ["Sari"]),
        ("QUOTE", ["“Kami,”", "“tidak akan mundur.”"]),
        ("CUE", ["katanya"]),
        ("ACTOR", ["Warga"]),
    ]
    assert relations(found) == {
        ("SPEAKER", "T2", "T1"),
        ("Agent", "T3", "T1"),
        ("Theme", "T3", "T2"),
        ("Same", "T1", "T4"),
    }
    assert found.spans["T2"].attributes == {"Kind": "direct"}
    assert found.spans["T3"].attributes == {"Negated": True, "Tense": "past"}
    assert found.relations["R1"].attributes == {"Sure": "yes"}
    assert found.spans["T1"].reference == Reference("Wikidata", "Q42", "Sari Wulan")
    assert found.spans["T2"].notes == ["terpisah"]
    assert found.spans["T4"].notes == ["Normalization: orang"]
    assert found.notes == ["R1: yakin"]


def test_an_event_as_an_argument_is_its_trigger() -> None:
    found = layer(
        brat.read,
        ann("T1\tSAY 7 14\tmenolak", "T2\tSAY 24 31\tkatanya", "E1\tSAY:T1", "E2\tSAY:T2 Of:E1"),
    )
    assert relations(found) == {("Of", "T2", "T1")}


def test_each_folder_is_an_annotator_and_files_in_none_are_brat_s() -> None:
    found = read(
        brat.read,
        {
            "x/siti/a.txt": TEXT,
            "x/siti/a.ann": "T1\tACTOR 0 4\tSari\n",
            "x/bayu/a.txt": TEXT,
            "x/bayu/a.ann": "",
            "a.txt": TEXT,
            "a.ann": "T1\tACTOR 54 59\tWarga\n",
            "annotation.conf": "[entities]\n",
        },
    )
    assert [(one.layers[0].annotator, len(one.layers[0].spans)) for one in found] == [
        ("brat", 1),
        ("bayu", 0),
        ("siti", 1),
    ]


def test_a_text_that_nobody_looked_at_has_no_layer() -> None:
    found = read(
        brat.read, {"new/a.txt": TEXT, "siti/a.txt": TEXT, "siti/b.ann": "", "siti/b.txt": "x"}
    )
    assert [(one.draft.place.file, len(one.layers)) for one in found] == [
        ("new/a.txt", 0),
        ("siti/a.txt", 1),
        ("siti/b.txt", 1),
    ]


def test_annotations_without_their_text_are_named() -> None:
    assert said(list(brat.read(sources({"siti/a.ann": "T1\tX 0 1\ta\n"})))) == [
        ("brat_no_text", 0, False)
    ]


def test_pieces_that_only_a_line_break_parts_are_one() -> None:
    text = "Kami pergi.\n  Kami datang.\n"
    files = {"a.txt": text, "a.ann": "T1\tQUOTE 0 11;14 26\tKami pergi. Kami datang.\n"}
    [one] = read(brat.read, files)
    assert one.layers[0].spans["T1"].fragments == ((0, 26),)
    assert said([one]) == [("brat_joined", 1, True)]


@pytest.mark.parametrize("start", [11, 12])
def test_a_line_break_of_two_characters_counts_as_the_words_say(start: int) -> None:
    """brat itself counts CRLF as one character (11); other programs count two (12)."""
    text = "Sari pergi\r\nBayu datang\r\n"
    files = {"a.txt": text.encode(), "a.ann": f"T1\tACTOR {start} {start + 4}\tBayu\n"}
    [one] = read(brat.read, files)
    assert spans(one.layers[0], text) == [("ACTOR", ["Bayu"])]
    assert one.draft.text == text
    assert said([one]) == []


def test_words_that_break_over_a_line_go_on_there() -> None:
    text = "Sari\nWulan pergi.\n"
    files = {"a.txt": text, "a.ann": "T1\tACTOR 0 10\tSari\nWulan\nT2\tX 11 16\tpergi\n"}
    found = layer(brat.read, files)
    assert spans(found, text) == [("ACTOR", ["Sari\nWulan"]), ("X", ["pergi"])]


def test_a_bad_line_costs_itself_and_is_named() -> None:
    found = list(
        brat.read(
            sources(
                ann(
                    "hello",
                    "T1\tACTOR 0 4\tSari",
                    "T2\tACTOR 4\tSari",
                    "T3\tACTOR 60 900\tsetuju.",
                    "T4\tACTOR 900 950\tx",
                    "T5\tACTOR 9999999999 99999999999\tx",
                    "T6\tACTOR 5 5\t",
                    "T1\tACTOR 7 14\tmenolak",
                    "T7\tACTOR 0 4\tBayu",
                    "R1\tSPEAKER Arg1:T1 Arg2:T99\t",
                    "R2\tSPEAKER Arg1:T1\t",
                    "R3\t",
                    "*\t",
                    "E1\t",
                    "A1\tKind T99 direct",
                    "A2\t",
                    "N1\tReference T99 W:1\tx",
                    "N2\tReference T1 W:1\tx",
                    "N3\tReference T1 W:2\tx",
                    "Z1\twhat",
                )
            )
        )
    )
    [one] = found
    assert isinstance(one, Annotated)
    assert list(one.layers[0].spans) == ["T1", "T3", "T7"]
    assert said(found) == [
        ("brat_line", 1, False),
        ("brat_line", 3, False),
        ("tagged_cut", 4, True),
        ("tagged_cut", 5, True),
        ("tagged_empty", 5, False),
        ("brat_line", 6, False),
        ("tagged_empty", 7, False),
        ("tagged_id_twice", 8, False),
        ("tagged_text_differs", 9, True),
        ("tagged_dangling", 10, False),
        ("brat_line", 11, False),
        ("brat_line", 12, False),
        ("tagged_dangling", 15, False),
        ("tagged_dangling", 16, False),
        ("tagged_dangling", 17, False),
        ("brat_reference", 19, False),
    ]


def test_a_text_that_is_not_utf8_is_refused_and_the_others_are_read() -> None:
    found = list(brat.read(sources({"a.txt": b"\xff\xfe", "a.ann": "", "b.txt": "x", "b.ann": ""})))
    assert [type(one).__name__ for one in found] == ["LineRefusal", "Annotated"]


WORDS = st.text(st.sampled_from("ab🚢é\u0301“ \n"), min_size=1, max_size=30).filter(str.strip)


@given(WORDS, st.data())
def test_what_is_written_is_read(text: str, data: st.DataObject) -> None:
    offsets = st.integers(0, len(text))
    bounds = data.draw(st.lists(st.tuples(offsets, offsets), max_size=5))
    wanted = [(min(pair), max(pair)) for pair in bounds if pair[0] != pair[1]]
    lines = [
        f"T{number}\tL{number % 2} {start} {end}\t{text[start:end]}\n"
        for number, (start, end) in enumerate(wanted)
    ]
    [one] = read(brat.read, {"a.txt": text, "a.ann": "".join(lines)})
    assert [span.fragments for span in one.layers[0].spans.values()] == [(w,) for w in wanted]


def folder(path: Path) -> list[Annotated]:
    files = sorted(p for p in path.rglob("*") if p.is_file())
    found = list(brat.read([source_at(p, name=str(p.relative_to(path))) for p in files]))
    assert all(isinstance(one, Annotated) for one in found)
    return [one for one in found if isinstance(one, Annotated)]


@real
@pytest.mark.parametrize(
    ("name", "annotators"),
    [("brat-four-annotators", {"Lisa", "Maria", "Max", "Peter"}), ("litbank-entities", {"brat"})],
)
def test_of_a_real_corpus_no_span_is_lost(name: str, annotators: set[str]) -> None:
    path = DATA / name
    written = sum(
        len(re.findall(rb"^T\d+\t", file.read_bytes(), re.MULTILINE))
        for file in path.rglob("*.ann")
    )
    found = folder(path)
    layers = [one for article in found for one in article.layers]
    assert {one.annotator for one in layers} == annotators
    assert sum(len(one.spans) for one in layers) == written
    assert [loss for one in found for loss in one.losses if not loss.kept] == []
