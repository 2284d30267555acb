"""brat standoff: every kind of line, whatever brat and its users do to a file, two real corpora."""

import os
import re
import zipfile
from contextlib import ExitStack
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.readers import archive
from annotations.corpora.readers.sources import Source, source_at
from annotations.exchange.formats import brat, brat_lines
from annotations.exchange.formats.annotated import Annotated, Reference, TaggedLayer
from tests.exchange.foreign import layer, read, relations, said, sources, spans

DATA = Path(os.environ.get("KUTIP_DATA", "/nowhere")) / "data"
real = pytest.mark.skipif(not DATA.is_dir(), reason="KUTIP_DATA does not lead to real data")

TEXT = "Sari 🚢 menolak: “Kami,” katanya, “tidak akan mundur.” Warga setuju.\n"
#       0    5 7        16        25       34
SARI, WARGA = "T1\tACTOR 0 4\tSari", "T4\tACTOR 54 59\tWarga"
CUE, DENIAL = "T3\tCUE 24 31\tkatanya", "T5\tCUE 7 14\tmenolak"


def ann(*lines: str) -> dict[str, str | bytes]:
    return {"siti/a.txt": TEXT, "siti/a.ann": "".join(f"{line}\n" for line in lines)}


def lossy(*lines: str) -> tuple[TaggedLayer, list[tuple[str, int, bool]]]:
    """The layer, and everything that is said of what could not be taken as it is."""
    [one] = read(brat.read, ann(*lines))
    return one.layers[0], said([one])


def test_spans_attributes_relations_events_notes_and_references() -> None:
    found = layer(
        brat.read,
        ann(
            SARI,
            "T2\tQUOTE 16 23;33 53\t“Kami,” “tidak akan mundur.”",
            CUE,
            WARGA,
            "A1\tKind T2 direct",
            "M1\tNegated T3",
            "R1\tSPEAKER Arg1:T2 Arg2:T1\t",
            "A2\tSure R1 yes",
            "E1\tCUE:T3 Agent:T1 Theme:T2",
            "A3\tTense E1 long past",
            "*\tSame T1 T4 T2",
            "N1\tReference T1 Wikidata:Q42\tSari Wulan",
            "#1\tAnnotatorNotes T2\tterpisah",
            "#2\tAnnotatorNotes R1\tyakin",
            "#3\tNormalization T4\torang",
            "#4\tAnnotatorNotes E1\tramai",
            "#5\tAnnotatorNotes T1\t",
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
        ("Same", "T4", "T2"),
    }
    assert found.spans["T2"].attributes == {"Kind": "direct"}
    assert found.spans["T3"].attributes == {"Negated": True, "Tense": "long past"}
    assert found.relations["R1"].attributes == {"Sure": "yes"}
    assert found.spans["T1"].reference == Reference("Wikidata", "Q42", "Sari Wulan")
    assert [found.spans[id].notes for id in ("T1", "T2", "T3")] == [[], ["terpisah"], ["ramai"]]
    assert found.spans["T4"].notes == ["Normalization: orang"]
    assert found.notes == ["R1: yakin"]


def test_an_event_as_an_argument_is_its_trigger() -> None:
    found = layer(
        brat.read,
        ann(
            "T1\tSAY 7 14\tmenolak",
            "T2\tSAY 24 31\tkatanya",
            "E2\tSAY:T2 Of:E1",
            "E1\tSAY:T1",
            "R1\tBefore Arg1:E1 Arg2:E2",
            "*\tSame E2 E1",
        ),
    )
    assert relations(found) == {("Of", "T2", "T1"), ("Before", "T1", "T2"), ("Same", "T2", "T1")}


def test_a_role_loses_its_number_and_that_is_said() -> None:
    found, losses = lossy(SARI, CUE, WARGA, "E1\tCUE:T3 Theme:T1 Theme2:T4")
    assert relations(found) == {("Theme", "T3", "T1"), ("Theme", "T3", "T4")}
    assert losses == [("brat_role", 4, True)]


def test_events_that_share_a_trigger_or_call_it_something_else_are_named() -> None:
    found, losses = lossy(SARI, CUE, WARGA, "E1\tCUE:T3 By:T1", "E2\tSAY:T3 By:T4", "A1\tK E2 x")
    assert relations(found) == {("By", "T3", "T1"), ("By", "T3", "T4")}
    assert found.spans["T3"].attributes == {"K": "x"}
    assert losses == [("brat_event_type", 5, True), ("brat_event_shared", 5, True)]


def test_the_second_event_of_an_id_is_left_out() -> None:
    found, losses = lossy(SARI, CUE, DENIAL, "E1\tCUE:T3 By:T1", "E1\tCUE:T5 By:T1")
    assert relations(found) == {("By", "T3", "T1")}
    assert losses == [("tagged_id_twice", 5, False)]


def test_the_ends_of_a_relation_are_named_not_counted() -> None:
    found = layer(brat.read, ann(SARI, CUE, "R1\tBy Arg2:T1 Arg1:T3", "R2\tOf Part:T1 Whole:T3"))
    assert relations(found) == {("By", "T3", "T1"), ("Of", "T1", "T3")}


def test_an_attribute_has_one_value() -> None:
    found, losses = lossy(SARI, "A1\tKind T1 a", "A2\tKind T1 a", "A3\tKind T1 b", "M4\tKind T1")
    assert found.spans["T1"].attributes == {"Kind": "a"}
    assert losses == [("brat_attribute", 4, False), ("brat_attribute", 5, False)]


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
            "visual.conf": "[labels]\n",
        },
    )
    assert [(one.layers[0].annotator, len(one.layers[0].spans)) for one in found] == [
        ("brat", 1),
        ("bayu", 0),
        ("siti", 1),
    ]


def test_names_may_hold_colons_umlauts_and_dots() -> None:
    name = "müller/düne: teil 1.rev.2"
    found = read(brat.read, {f"{name}.txt": TEXT, f"{name}.ANN": f"{SARI}\n"})
    [one] = found
    assert one.draft.title == "düne: teil 1.rev.2"
    assert (one.layers[0].annotator, len(one.layers[0].spans)) == ("müller", 1)


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


def test_a_second_file_of_a_name_is_named_and_the_first_counts() -> None:
    files = {"a.txt": TEXT, "a.TXT": "Ia pergi.", "a.ann": f"{SARI}\n", "a.ANN": ""}
    found = list(brat.read(sources(files)))
    assert said(found) == [("brat_twice", 0, False), ("brat_twice", 0, False)]
    [one] = [one for one in found if isinstance(one, Annotated)]
    assert spans(one.layers[0], one.draft.text) == [("ACTOR", ["Sari"])]


# --- texts ------------------------------------------------------------------------------------


def test_pieces_that_only_a_line_break_parts_are_one() -> None:
    text = "Kami pergi.\n  Kami datang.\n"
    files = {"a.txt": text, "a.ann": "T1\tQUOTE 0 11;14 26\tKami pergi. Kami datang.\n"}
    [one] = read(brat.read, files)
    assert one.layers[0].spans["T1"].fragments == ((0, 26),)
    assert said([one]) == [("brat_joined", 1, True)]


def test_a_piece_that_ends_before_it_begins_is_not_mended() -> None:
    files = {"a.txt": "Kami.\n\n\n\nIa.\n", "a.ann": "T1\tX 9 5;9 11\tIa\n"}
    assert said(read(brat.read, files)) == [("tagged_backwards", 1, False)]


def test_pieces_that_words_or_spaces_part_stay_apart() -> None:
    text = "Kami\npergi. Ia datang.\n"
    files = {"a.txt": text, "a.ann": "T1\tX 0 4;5 10;12 14\tKami pergi Ia\nT2\tX 0 4;5 5\tKami\n"}
    [one] = read(brat.read, files)
    assert one.layers[0].spans["T1"].fragments == ((0, 10), (12, 14))
    assert one.layers[0].spans["T2"].fragments == ((0, 4),)
    assert said([one]) == [("brat_joined", 1, True)]
    files = {"a.txt": "Sari  Wulan", "a.ann": "T1\tX 0 4;6 11\tSari Wulan\n"}
    assert layer(brat.read, files).spans["T1"].fragments == ((0, 4), (6, 11))


@pytest.mark.parametrize("start", [11, 12])
def test_a_line_break_of_two_characters_counts_as_the_words_say(start: int) -> None:
    """brat itself counts CRLF as one character (11); other programs count two (12)."""
    text = "Sari pergi\r\nBayu datang\r\n"
    files = {"a.txt": text, "a.ann": f"T1\tACTOR {start} {start + 4}\tBayu\n"}
    [one] = read(brat.read, files)
    assert spans(one.layers[0], text) == [("ACTOR", ["Bayu"])]
    assert one.draft.text == text
    assert said([one]) == []


def test_where_no_words_tell_a_line_break_is_one_character() -> None:
    text = "Sari pergi\r\nBayu datang\r\n"
    [one] = read(brat.read, {"a.txt": text.encode(), "a.ann": "T1\tACTOR 11 15\n"})
    assert spans(one.layers[0], text) == [("ACTOR", ["Bayu"])]


def test_a_span_over_a_line_break_of_two_characters() -> None:
    text = "Sari\r\nWulan pergi.\r\n"
    files = {"a.txt": text, "a.ann": "T1\tACTOR 0 10\tSari\r\nWulan\r\nT2\tX 0 4;5 10\t\n"}
    [one] = read(brat.read, files)
    assert [span.fragments for span in one.layers[0].spans.values()] == [((0, 11),), ((0, 11),)]
    assert said([one]) == [("brat_joined", 3, True)]


@pytest.mark.parametrize("first", [0, 1])
def test_a_byte_order_mark_is_taken_off_and_counts_as_the_words_say(first: int) -> None:
    """brat leaves the mark in the text (1); other programs take it off (0)."""
    line = f"T1\tACTOR {first} {first + 4}\tSari\nT2\tX {first + 7} {first + 14}\tmenolak\n"
    [one] = read(brat.read, {"a.txt": b"\xef\xbb\xbf" + TEXT.encode(), "a.ann": f"\ufeff{line}"})
    assert one.draft.text == TEXT
    assert spans(one.layers[0], TEXT) == [("ACTOR", ["Sari"]), ("X", ["menolak"])]
    assert said([one]) == []


def test_marks_and_letters_that_combine_are_code_points() -> None:
    text = "👩‍🚀 Ade\u0301 🇮🇩 pergi"
    found = layer(brat.read, {"a.txt": text, "a.ann": "T1\tX 4 8\tAde\u0301\nT2\tX 9 11\t🇮🇩\n"})
    assert spans(found, text) == [("X", ["Ade\u0301"]), ("X", ["🇮🇩"])]


@pytest.mark.parametrize("data", [b"\xff\xfe", TEXT.encode("utf-16"), b"Sari \xe9", b"", b"a\0b"])
def test_a_text_that_is_none_in_utf8_is_refused_and_the_others_are_read(data: bytes) -> None:
    found = list(brat.read(sources({"a.txt": data, "a.ann": "", "b.txt": "x", "b.ann": ""})))
    assert [type(one).__name__ for one in found] == ["LineRefusal", "Annotated"]
    assert len(said(found)) == 1


# --- lines ------------------------------------------------------------------------------------


def test_words_that_break_over_a_line_go_on_there() -> None:
    text = "Sari\nWulan\n\nDewi pergi.\n"
    lines = "T1\tACTOR 0 16\tSari\nWulan\n\nDewi\nT2\tX 17 22\tpergi\n"
    found = layer(brat.read, {"a.txt": text, "a.ann": lines})
    assert spans(found, text) == [("ACTOR", ["Sari\nWulan\n\nDewi"]), ("X", ["pergi"])]


def test_a_note_that_breaks_over_a_line_goes_on_there() -> None:
    found, losses = lossy(SARI, "#1\tAnnotatorNotes T1\tpertama", "kedua", "Z1\tlain", "ketiga")
    assert found.spans["T1"].notes == ["pertama\nkedua\nketiga"]
    assert losses == [("brat_line", 4, False)]


def test_a_line_that_goes_on_with_nothing_is_named_and_the_offsets_are_believed() -> None:
    found, losses = lossy(SARI, "Z1\twhat", "Wulan", "T2\tX 7 14\tme", "nolak", "R1\tX", "lain")
    assert spans(found, TEXT) == [("ACTOR", ["Sari"]), ("X", ["menolak"])]
    assert losses == [("brat_line", number, False) for number in (7, 2, 3, 6)]


def test_lines_may_end_in_any_way() -> None:
    for end in ("\n", "\r\n", "\r"):
        files = {"a.txt": TEXT, "a.ann": end.join((SARI, CUE, "hm", ""))}
        [one] = read(brat.read, files)
        assert len(one.layers[0].spans) == 2
        assert said([one]) == [("brat_line", 1 if end == "\r" else 3, False)]
        assert one.losses[0].place.byte == len(f"{SARI}{end}{CUE}{end}")


def test_a_bad_line_costs_itself_and_is_named() -> None:
    bad = {
        "hello": "brat_line",
        "T2\tACTOR 4\tSari": "brat_line",
        "T2\tACTOR -1 4\tSari": "brat_line",
        "T2\tACTOR NaN 4\tSari": "brat_line",
        "T2\tACTOR ٠ ٤\tSari": "brat_line",
        "T2\tACTOR 9999999999 99999999999\tx": "brat_line",
        "T2\tACTOR 0 4;\tSari": "brat_line",
        "T2\t 0 4\tSari": "tagged_unlabelled",
        "T2\tACTOR 6 5\t": "tagged_backwards",
        "T2\tACTOR 5 5\t": "tagged_empty",
        "T2\tA\0B 0 4\tSari": "brat_line",
        "T1\tACTOR 7 14\tmenolak": "tagged_id_twice",
        "R1\tSPEAKER Arg1:T1 Arg2:T99\t": "tagged_dangling",
        "R1\tSPEAKER Arg1:T1 Arg2:T1\t": "tagged_loop",
        "R1\tSPEAKER Arg1:T1 Arg1:T3\t": "brat_line",
        "R1\tSPEAKER Arg1:T1\t": "brat_line",
        "R1\tSPEAKER T1 T3\t": "brat_line",
        "R1\t": "brat_line",
        "*\t": "brat_line",
        "*\tSame T1": "brat_line",
        "*\tSame T1 T99": "tagged_dangling",
        "E1\t": "brat_line",
        "E1\tCUE": "brat_line",
        "E1\tCUE:T99 By:T1": "tagged_dangling",
        "E1\tCUE:E1 By:T1": "tagged_dangling",
        "E1\tCUE:T3 By": "brat_line",
        "E1\tCUE:T3 By:E1": "tagged_loop",
        "A1\tKind T99 direct": "tagged_dangling",
        "A1\t": "brat_line",
        "A1\tKind": "brat_line",
        "A1\tKind T1 a\0b": "brat_line",
        "N1\tReference T99 W:1\tx": "tagged_dangling",
        "N1\tReference T1 1\tx": "brat_line",
        "N1\tReference T1\tx": "brat_line",
        "#1\tlone words": "brat_line",
        "Z1\twhat": "brat_line",
        "T2 ACTOR 0 4 Sari": "brat_line",
        "\ufeffT2\tACTOR 0 4\tSari": "brat_line",
    }
    for line, code in bad.items():
        found, losses = lossy(SARI, CUE, line, WARGA)
        assert list(found.spans) == ["T1", "T3", "T4"], line
        assert losses == [(code, 3, False)], line


def test_what_can_be_kept_in_another_form_is() -> None:
    found, losses = lossy(
        SARI,
        "T2\tACTOR 60 900\tsetuju.",
        "T3\tACTOR 900 950\tx",
        "T4\tACTOR 0 4\tBayu",
        "N1\tReference T1 W:1\tx",
        "N2\tReference T1 W:2:3\tx",
        "#1\tAnnotatorNotes T99\tlepas",
        "#2\tAnnotatorNotes\tbebas",
    )
    assert list(found.spans) == ["T1", "T2", "T4"]
    assert found.spans["T1"].reference == Reference("W", "1", "x")
    assert found.notes == ["T99: lepas", "bebas"]
    assert losses == [
        ("tagged_cut", 2, True),
        ("tagged_cut", 3, True),
        ("tagged_empty", 3, False),
        ("tagged_text_differs", 4, True),
        ("brat_reference", 6, False),
    ]


def test_a_line_in_another_encoding_or_too_long_costs_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = f"{SARI}\nT2\tX 0 4\tS\xe9ri\n".encode("latin-1") + f"{CUE}\n".encode()
    [one] = read(brat.read, {"a.txt": TEXT, "a.ann": data})
    assert list(one.layers[0].spans) == ["T1", "T3"]
    assert said([one]) == [("undecodable", 2, False)]
    monkeypatch.setattr("annotations.corpora.readers.lines.LIMITS", _Small())
    [one] = read(brat.read, {"a.txt": TEXT, "a.ann": f"{SARI}\n#1\tN T1\t{'x' * 200}\n{CUE}\n"})
    assert list(one.layers[0].spans) == ["T1", "T3"]
    assert said([one]) == [("line_too_long", 2, False)]


class _Small:
    line_bytes = 100


def test_a_file_without_end_is_read_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brat_lines, "MOST_LINES", 3)
    found, losses = lossy(SARI, CUE, WARGA, "T9\tX 0 1\tS", "T10\tX 0 1\tS")
    assert list(found.spans) == ["T1", "T3", "T4"]
    assert losses == [("brat_stopped", 4, False)]


def test_many_pieces_and_lines_take_no_time() -> None:
    text = "a\n" * 20_000
    pieces = ";".join(f"{at} {at + 1}" for at in range(0, len(text), 2))
    lines = f"T1\tX {pieces}\ta\n" + "a\n" * 19_999 + "T2\tX 0 40000\ta\n" + "a\n" * 25_000
    [one] = read(brat.read, {"a.txt": text, "a.ann": lines})
    assert one.layers[0].spans["T1"].fragments == ((0, 39_999),)
    assert [loss.reason.code for loss in one.losses].count("brat_line") == 5_001


def test_damaged_members_of_an_archive_are_named() -> None:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("siti/a.txt", TEXT)
        made.writestr("siti/a.ann", SARI + "\n")
        made.writestr("siti/b.txt", "Ia pergi. RUSAK")
        made.writestr("siti/c.txt", TEXT)
        made.writestr("siti/c.ann", SARI + "\n# RUSAK")
    broken = data.getvalue().replace(b"RUSAK", b"rusak")
    source = Source("x.zip", len(broken), lambda: BytesIO(broken))
    with ExitStack() as stack:
        members = [one for one in archive.members(source, stack) if isinstance(one, Source)]
        found = list(brat.read(members))
    assert [type(one).__name__ for one in found] == ["Annotated", "LineRefusal", "Annotated"]
    assert said(found) == [("zip_damaged", 0, False), ("zip_damaged", 0, False)]


# --- what is written is read ------------------------------------------------------------------

WORDS = st.text(st.sampled_from("ab🚢é\u0301“\u2028 \n"), min_size=1, max_size=40).filter(str.strip)


@given(WORDS, st.booleans(), st.data())
def test_what_is_written_is_read(lines: str, crlf: bool, data: st.DataObject) -> None:
    """brat's own way: offsets in the text with LF, pieces with a space between them and in the
    place of line breaks."""
    text = lines.replace("\n", "\r\n") if crlf else lines
    cuts = sorted(data.draw(st.sets(st.integers(0, len(lines)), min_size=2, max_size=8)))
    wanted = [(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
    label = data.draw(st.sampled_from(("ACTOR", "QUOTE-1", "a_b")))
    bounds = ";".join(f"{start} {end}" for start, end in wanted)
    words = " ".join(lines[start:end] for start, end in wanted).replace("\n", " ")
    written = f"T1\t{label} {bounds}\t{words}\nT2\tX 0 {len(lines)}\nR1\tOf Arg1:T1 Arg2:T2\n"
    [one] = read(brat.read, {"a.txt": text.encode(), "a.ann": written + "A1\tK R1 v\n"})
    found = one.layers[0]
    covered = [text[start:end].replace("\r\n", "\n") for start, end in found.spans["T1"].fragments]
    assert "".join("".join(covered).split()) == "".join(words.split())
    if not any("\n" in lines[a:b] for (_, a), (b, _) in pairwise(wanted)):
        assert covered == [lines[start:end] for start, end in wanted]
    assert found.spans["T2"].fragments == ((0, len(text)),)
    assert relations(found) == {("Of", "T1", "T2")}
    assert found.relations["R1"].attributes == {"K": "v"}


@given(st.lists(st.text(st.sampled_from("TEARMN#*0123456789:; \t\rabX\0\ufeff")), max_size=12))
def test_no_file_makes_it_fall(lines: list[str]) -> None:
    [one] = read(brat.read, ann(SARI, CUE, *lines))
    assert {"T1", "T3"} <= set(one.layers[0].spans)
    assert said([one]) is not None


# --- real corpora -----------------------------------------------------------------------------


def folder(path: Path) -> list[Annotated]:
    files = sorted(p for p in path.rglob("*") if p.is_file())
    found = list(brat.read([source_at(p, name=str(p.relative_to(path))) for p in files]))
    assert all(isinstance(one, Annotated) for one in found)
    return [one for one in found if isinstance(one, Annotated)]


@real
@pytest.mark.parametrize(
    ("name", "texts", "annotators"),
    [
        ("brat-four-annotators", 28, {"Lisa", "Maria", "Max", "Peter"}),
        ("litbank-entities", 100, {"brat"}),
    ],
)
def test_of_a_real_corpus_nothing_is_lost(name: str, texts: int, annotators: set[str]) -> None:
    path = DATA / name
    found = folder(path)
    layers = [one for article in found for one in article.layers]
    assert len(found) == texts
    assert {one.annotator for one in layers} == annotators
    for annotator in annotators:
        files = [file for file in path.rglob("*.ann") if file.parent.name == annotator]
        assert len(files) == texts // len(annotators)
        theirs = [one for one in layers if one.annotator == annotator]
        assert sum(len(one.spans) for one in theirs) == written(files, "T")
        assert sum(len(one.relations) for one in theirs) == written(files, "R")
    assert [loss for one in found for loss in one.losses if not loss.kept] == []


def written(files: list[Path], kind: str) -> int:
    return sum(
        len(re.findall(rf"^{kind}\d+\t".encode(), file.read_bytes(), re.MULTILINE))
        for file in files
    )
