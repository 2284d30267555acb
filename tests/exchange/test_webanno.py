"""WebAnno TSV 3: everything the format has, what strangers make of it, and a suite of cases."""

import os
import time
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.readers import archive
from annotations.corpora.readers.drafts import LineRefusal
from annotations.corpora.readers.sources import Source, source_at
from annotations.exchange.formats import webanno, webanno_rows, webanno_text
from annotations.exchange.formats.annotated import Annotated, TaggedLayer
from tests.exchange.foreign import layer, read, relations, said, sources, spans

SUITE = Path(os.environ.get("KUTIP_DATA", "/nowhere")) / "data" / "webanno-tsv3-suite"

HEAD = "#FORMAT=WebAnno TSV 3.3\n"
TEXT = "Sari menolak ."
SPAN = "#T_SP=webanno.custom.Actor|kind"
Told = list[tuple[str, int, bool]]


def tsv(*rows: str, head: Sequence[str] = (SPAN,), text: str = TEXT) -> str:
    """A file of one sentence: the words of the text, each with the cells of its row."""
    lines, at = [*head, "", "", f"#Text={text}"], 0
    words = text.split()
    for number, (word, cells) in enumerate(zip(words, rows, strict=True), 1):
        at = text.index(word, at)
        lines.append(f"1-{number}\t{at}-{at + len(word)}\t{word}\t{cells}\t")
    return HEAD + "\n".join(lines) + "\n"


def lossy(file: str | bytes) -> tuple[Annotated, Told]:
    [one] = read(webanno.read, {"siti/a.tsv": file})
    return one, said([one])


def attributes(one: TaggedLayer) -> list[dict[str, object]]:
    return [dict(span.attributes) for span in one.spans.values()]


def words(one: Annotated) -> list[tuple[str, list[str]]]:
    return spans(one.layers[0], one.draft.text)


# --- spans ------------------------------------------------------------------------------------


def test_a_span_is_labelled_by_its_layer_and_has_its_features() -> None:
    one = layer(webanno.read, {"siti/a.tsv": tsv("orang", "_", "_")})
    assert one.annotator == "siti"
    assert spans(one, TEXT) == [("Actor", ["Sari"])]
    assert attributes(one) == [{"kind": "orang"}]


def test_a_star_has_no_value_and_an_underscore_is_nothing() -> None:
    one = layer(webanno.read, {"a.tsv": tsv("*", "_", r"\*")})
    assert one.annotator == "webanno"
    assert spans(one, TEXT) == [("Actor", ["Sari"]), ("Actor", ["."])]
    assert attributes(one) == [{}, {"kind": "*"}]


def test_a_number_joins_rows_and_bars_part_what_is_stacked() -> None:
    one = layer(webanno.read, {"a.tsv": tsv("a[1]|b[2]", "a[1]", "b|c")})
    assert [span.fragments for span in one.spans.values()] == [
        *(((0, 12),), ((0, 4),)),
        *(((13, 14),), ((13, 14),)),
    ]
    assert [one["kind"] for one in attributes(one)] == ["a", "b", "b", "c"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (r"a\|b", "a|b"),
        (r"\_", "_"),
        (r"a\[1\]", "a[1]"),
        (r"a\[1\][2]", "a[1]"),
        (r"a\\[2]", "a\\"),
        (r"\t\n\r", "\t\n\r"),
        (r"a\;b\->c", "a;b->c"),
        ("a\\", "a\\"),
    ],
)
def test_what_is_escaped_stands_for_itself(cell: str, value: str) -> None:
    one = layer(webanno.read, {"a.tsv": tsv(cell, "_", "_")})
    assert attributes(one) == [{"kind": value}]


def test_a_part_of_a_word_has_a_row_of_its_own() -> None:
    file = tsv("_", "_", "_").replace("1-2\t", "1-1.1\t1-4\tari\t*[1]\t\n1-2\t")
    file = file.replace("menolak\t_", "menolak\t*[1]")
    one = layer(webanno.read, {"a.tsv": file})
    assert spans(one, TEXT) == [("Actor", ["ari menolak"])]


def test_layers_stand_beside_each_other() -> None:
    head = (SPAN, "#T_SP=a.b.Cue|", "#T_SP=a.b.Ner|identifier|value")
    one = layer(
        webanno.read, {"a.tsv": tsv("*\t*\tq1\tPER", "_\t*\t_\t_", "_\t_\t_\t_", head=head)}
    )
    assert [span.label for span in one.spans.values()] == ["Actor", "Cue", "Ner", "Cue"]
    assert attributes(one)[2] == {"identifier": "q1", "value": "PER"}


def test_what_covers_nothing_is_lost_with_what_leads_to_it() -> None:
    head = (SPAN, "#T_RL=a.b.By|BT_webanno.custom.Actor")
    file = tsv("_\t_", "*\t1-1.1", "_\t_", head=head)
    one, told = lossy(file.replace("1-2\t", "1-1.1\t4-4\t\t*\t_\t\n1-2\t"))
    assert words(one) == [("Actor", ["menolak"])]
    assert told == [("tagged_empty", 8, False), ("tagged_dangling", 9, False)]


# --- relations --------------------------------------------------------------------------------


def test_a_relation_goes_from_its_governor() -> None:
    head = (SPAN, "#T_RL=a.b.By|how|BT_webanno.custom.Actor")
    one = layer(webanno.read, {"a.tsv": tsv("*\tx\t1-2", "*\t_\t_", "_\t_\t_", head=head)})
    assert relations(one) == {("By", "0[1-2]", "0[1-1]")}
    assert [r.attributes for r in one.relations.values()] == [{"how": "x"}]


def test_numbers_tell_which_of_those_in_a_row_a_relation_joins() -> None:
    head = (SPAN, "#T_RL=a.b.By|BT_webanno.custom.Actor")
    file = tsv("*[1]|*[2]\t_", "*[3]|*[4]\t1-1[2_3]|1-1[1_4]", "*\t1-1[1_0]", head=head)
    assert relations(layer(webanno.read, {"a.tsv": file})) == {
        ("By", "0[2]", "0[3]"),
        ("By", "0[1]", "0[4]"),
        ("By", "0[1]", "0[1-3]"),
    }


def test_tokens_that_are_joined_are_spans() -> None:
    head = ("#T_RL=a.b.By|BT_a.b.Token",)
    one = layer(webanno.read, {"a.tsv": tsv("_", "1-1", "_", head=head)})
    assert spans(one, TEXT) == [("Token", ["Sari"]), ("Token", ["menolak"])]
    assert relations(one) == {("By", "Token[1-1]", "Token[1-2]")}


def test_slots_are_relations_with_their_roles() -> None:
    slots = "ROLE_a.Cue:its_args_a.b.Link_Type|webanno.custom.Actor"
    head = (SPAN, f"#T_SP=a.Cue|{slots}|kind")
    file = tsv(
        "*[1]|*[2]\t_\t_\t_",
        r"_\tby\;x;*\t1-1[2];1-3\tv".replace(r"\t", "\t"),
        "*\t_\t_\t_",
        head=head,
    )
    one = layer(webanno.read, {"a.tsv": file})
    assert relations(one) == {("its_args", "1[1-2]", "0[2]"), ("its_args", "1[1-2]", "0[1-3]")}
    assert [r.attributes for r in one.relations.values()] == [{"role": "by;x"}, {}]
    assert one.spans["1[1-2]"].attributes == {"kind": "v"}


def test_a_role_without_one_who_fills_it_is_none() -> None:
    slots = "ROLE_a.Cue:args_a.Link|webanno.custom.Actor"
    file = tsv("x\t_\t_", "_\tr;s\t1-1", "_\t_\t_", head=(SPAN, f"#T_SP=a.Cue|{slots}"))
    assert relations(layer(webanno.read, {"a.tsv": file})) == {("args", "1[1-2]", "0[1-1]")}


def test_without_a_number_that_without_one_is_meant() -> None:
    head = (SPAN, "#T_RL=a.b.By|BT_webanno.custom.Actor")
    one = layer(webanno.read, {"a.tsv": tsv("*[1]|*\t_", "*[2]\t1-1[0_2]", "_\t_", head=head)})
    assert relations(one) == {("By", "0[1-1|1]", "0[2]")}


def test_a_slot_for_anything_is_filled_by_anything() -> None:
    slots = "ROLE_a.Cue:args_a.Link|uima.tcas.Annotation"
    file = tsv("x\t_\t_", "_\tr;s;t\t1-1;1-3;1-9", "_\t_\t_", head=(SPAN, f"#T_SP=a.Cue|{slots}"))
    one, told = lossy(file)
    [first] = one.layers
    assert relations(first) == {("args", "1[1-2]", "0[1-1]"), ("args", "1[1-2]", "Token[1-3]")}
    assert told == [("tagged_dangling", 8, False)]


def test_the_elements_of_a_chain_lead_to_each_other() -> None:
    head = ("#T_CH=a.b.Link|referenceRelation|referenceType",)
    file = tsv(
        "same->1-1|*->2-2\tx[1]|*[2]", "same->1-1\tx[1]", "end->1-7|q->2-1\ty[1]|*[2]", head=head
    )
    one = layer(webanno.read, {"a.tsv": file})
    assert relations(one) == {("next", "0[1-1]", "0[1-7]"), ("next", "0[2-1]", "0[2-2]")}
    assert [r.attributes for r in one.relations.values()] == [
        {"referenceRelation": "same"},
        {"referenceRelation": "q"},
    ]
    assert one.spans["0[1-1]"].fragments == ((0, 12),)
    assert one.spans["0[1-1]"].attributes == {"referenceType": "x"}
    assert one.spans["0[1-7]"].attributes == {"referenceType": "y", "referenceRelation": "end"}


# --- text -------------------------------------------------------------------------------------


def test_the_text_is_rebuilt_at_its_offsets() -> None:
    file = (
        f"{HEAD}{SPAN}\n\n#Text=🚢 Ia\\tpergi\n#Text=jauh\n1-1\t2-4\t🚢\t_\t\n1-2\t5-7\tIa\t*[1]\t\n"
        "1-3\t8-13\tpergi\t_\t\n1-4\t14-18\tjauh\t_\t\n\n#Sentence.id=2\n#Text= Ia\n"
        "2-1\t21-23\tIa\t*[1]\t\n"
    )
    one, told = lossy(file)
    assert one.draft.text == "  🚢 Ia\tpergi\njauh\n\n Ia"
    assert words(one) == [("Actor", ["Ia\tpergi\njauh\n\n Ia"])]
    assert told == []


def test_offsets_that_cannot_be_are_told_and_hold_within_their_sentence() -> None:
    file = f"{HEAD}{SPAN}\n#Text=Ia pergi\n1-1\t0-2\tIa\t_\t\n1-2\t3-8\tpergi\t*\t\n"
    for begin in (4, 99_999_999):
        one, told = lossy(f"{file}#Text=Sari\n2-1\t{begin}-{begin + 4}\tSari\t*\t\n")
        assert one.draft.text == "Ia pergi\nSari"
        assert words(one) == [("Actor", ["pergi"]), ("Actor", ["Sari"])]
        assert told == [("webanno_gap", 6, True)]


def test_a_row_outside_its_sentence_is_lost_and_other_words_are_told() -> None:
    rows = "1-1\t0-4\tSari\t*\t\n1-2\t5-99\tx\t*\t\n1-3\t9-8\tx\t*\t\n1-4\t5-7\tXX\t*\t\n"
    one, told = lossy(f"{HEAD}{SPAN}\n#Text={TEXT}\n{rows}")
    assert words(one) == [("Actor", ["Sari"]), ("Actor", ["me"])]
    assert told == [
        ("webanno_outside", 5, False),
        ("webanno_outside", 6, False),
        ("webanno_words", 7, True),
    ]


def test_without_a_text_the_words_make_it_up() -> None:
    one, told = lossy(f"{HEAD}{SPAN}\n1-1\t2-6\tSari\t*\t\n1-1.1\t3-4\ta\t_\t\n1-2\t8-9\t.\t_\t\n")
    assert (one.draft.text, words(one), told) == ("  Sari  .", [("Actor", ["Sari"])], [])


def test_a_sentence_without_tokens_is_a_line() -> None:
    one, told = lossy(f"{HEAD}#Text=Judul\n#Text=dua\n1-1\t0-5\tJudul\n#Text=Sari\n")
    assert (one.draft.text, told) == ("Judul\ndua\nSari", [])


def test_who_tagged_it_is_the_file_in_what_inception_exports() -> None:
    [one] = read(webanno.read, {"x.zip/annotation/berita.txt/siti.tsv": tsv("*", "_", "_")})
    assert (one.layers[0].annotator, one.draft.title) == ("siti", "berita")


# --- what strangers make of it ----------------------------------------------------------------


def test_a_bad_row_costs_itself_and_is_named() -> None:
    bad = {
        "hello": ("webanno_line", False),
        "1-2": ("webanno_line", False),
        "1-2\t5-x\tmenolak\t*\t": ("webanno_line", False),
        "١-٢\t5-12\tmenolak\t*\t": ("webanno_line", False),
        "1-2\t-5-12\tmenolak\t*\t": ("webanno_line", False),
        "1-2\t5-99999999999999999999\tmenolak\t*\t": ("webanno_line", False),
        "1-2\t5-12\tmenolak": ("webanno_columns", True),
        "1-2\t5-12\tmenolak\t_\t_\tx": ("webanno_columns", True),
        "1-2\t5-12\tmenolak\t\\f\t": ("tagged_value", False),
    }
    for line, (code, kept) in bad.items():
        rows = tsv("*", "_", "*").splitlines()
        rows[6] = line
        one, told = lossy("\n".join(rows))
        assert {"Sari", "."} <= {text for _, [text] in words(one)}, line
        assert told == [(code, 7, kept)], line


def test_a_relation_or_chain_that_leads_nowhere_is_lost() -> None:
    head = (SPAN, "#T_RL=a.By|BT_webanno.custom.Actor", "#T_CH=a.Link|r|t")
    file = tsv("*\t1-9\t_\t_", "_\t1-1\tx\t*[1]", "*\t1-1[7_0]|x[y]\t->1\t_", head=head)
    one, told = lossy(file)
    assert one.layers[0].relations == {}
    assert sorted(told) == [
        *[("tagged_dangling", 8, False), ("tagged_dangling", 9, False)],
        *[("tagged_dangling", 10, False)] * 2,
        *[("webanno_line", 9, False), ("webanno_line", 10, False)],
    ]


@pytest.mark.parametrize("file", ["", "\n\n", "x\ty\n", "#T_SP=a|b\n", HEAD, HEAD + SPAN + "\n"])
def test_a_file_without_it_is_refused(file: str) -> None:
    assert said(list(webanno.read(sources({"a.tsv": file})))) == [("webanno_none", 0, False)]


def test_a_text_that_none_may_hold_is_refused() -> None:
    for text, code in ((r"\b", "character_control"), (" ", "text_empty")):
        file = f"{HEAD}#Text={text}\n1-1\t0-1\t{text}\n"
        [(found, _, _)] = said(list(webanno.read(sources({"a.tsv": file}))))
        assert found == code


def test_a_text_longer_than_an_article_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Short:
        article_code_points = 10

    monkeypatch.setattr(webanno_text, "LIMITS", Short())
    monkeypatch.setattr(webanno, "MOST", 10)
    [refused] = list(webanno.read(sources({"a.tsv": tsv("*", "_", "_")})))
    assert said([refused]) == [("text_too_long", 1, False)]


def test_a_line_that_is_no_text_or_too_long_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    file = tsv("*", "_", "“").encode().replace(b"menolak\t", b"\xff\t")
    one, told = lossy(file)
    assert words(one) == [("Actor", ["Sari"]), ("Actor", ["."])]
    assert told == [("undecodable", 7, False)]
    monkeypatch.setattr("annotations.corpora.readers.lines.LIMITS", _Small())
    one, told = lossy(tsv("*", "x" * 100, "*"))
    assert words(one) == [("Actor", ["Sari"]), ("Actor", ["."])]
    assert told == [("line_too_long", 7, False)]


class _Small:
    line_bytes = 100


def test_a_file_without_end_is_read_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webanno_rows, "MOST_LINES", 6)
    one, told = lossy(tsv("*", "*", "*"))
    assert words(one) == [("Actor", ["Sari"])]
    assert told == [("brat_stopped", 7, False)]


def test_layers_with_too_many_columns_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webanno_rows, "MOST_COLUMNS", 2)
    head = (SPAN, "#T_SP=a.Wide|a|b", "#T_SP=a.Cue|")
    one, told = lossy(tsv("*\t*", "_\t_", "_\t_", head=head))
    assert words(one) == [("Actor", ["Sari"]), ("Cue", ["Sari"])]
    assert told == [("webanno_layer", 3, False)]


def test_much_of_anything_takes_no_time() -> None:
    many, begun = 20_000, time.monotonic()
    stack = "|".join(["*"] * many)
    head = (SPAN, "#T_RL=a.By|BT_webanno.custom.Actor", *(f"#T_SP=a.L{n}|a|b" for n in range(200)))
    joins = "|".join(["1-1"] * many)
    one, _ = lossy(tsv(f"{stack}\t_", f"{stack}\t{joins}", "\\" * many, head=head))
    assert len(one.layers[0].spans) == 2 * many + 1
    lossy(HEAD + "#Text=a\n" * many + "1-1\t0-1\ta\n")
    lossy(
        HEAD
        + SPAN
        + "\n"
        + f"#T_SP=ROLE_{'_' * many}|{'|' * 300}\n#Text=a\n1-1\t0-1\ta\t{'[' * many}\t\n"
    )
    assert time.monotonic() - begun < 20


def test_other_files_are_passed_over() -> None:
    assert list(webanno.read(sources({"a.txt": tsv("*", "_", "_")}))) == []


def test_a_damaged_member_of_an_archive_is_named() -> None:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("siti/a.tsv", tsv("RUSAK", "_", "_"))
    broken = data.getvalue().replace(b"RUSAK", b"rusak")
    source = Source("x.zip", len(broken), lambda: BytesIO(broken))
    with ExitStack() as stack:
        members = [one for one in archive.members(source, stack) if isinstance(one, Source)]
        assert said(list(webanno.read(members))) == [("zip_damaged", 0, False)]
        assert not webanno.begins_so(members[0])


LINE = st.text(st.sampled_from("#T_SPRLCHBText=OROLE:|[]*_;->1234\\\t. a🚢\0"), max_size=30)
PIECES = st.sampled_from(
    [
        "#T_SP=a.B|c",
        "#T_RL=a.R|BT_a.B",
        "#T_CH=a.C|r|t",
        "#T_SP=ROLE_x:y_z.w|",
        "#Text=a b",
        "#T_SP=",
    ]
)


@given(st.lists(LINE | PIECES | st.builds("1-{}\t0-1\ta\t{}".format, st.integers(0, 3), LINE)))
def test_no_file_makes_it_fall(lines: list[str]) -> None:
    for one in webanno.read(sources({"a.tsv": HEAD + "\n".join(lines)})):
        assert isinstance(one, Annotated | LineRefusal)
        assert said([one]) is not None


# --- what is written is read ------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """A span over code points of the text, and the slots and relations that leave it."""

    label: str
    start: int
    end: int
    value: str
    slots: Sequence[tuple[str, int]]
    joins: Sequence[int]


WORD = st.text(st.sampled_from("ab🚢é“"), min_size=1, max_size=4)
SENTENCES = st.lists(st.lists(WORD, min_size=1, max_size=4), min_size=1, max_size=3)
VALUE = st.text(st.sampled_from("a_*|[]1;\\->\t\n🚢"), max_size=6)
ESCAPES = {"\t": "\\t", "\n": "\\n", **{mark: f"\\{mark}" for mark in "\\[]|_;*"}}
Token = tuple[str, int, int]


def escaped(value: str) -> str:
    return "".join(ESCAPES.get(mark, mark) for mark in value).replace("->", "\\->") or "*"


def units(text: str, at: int) -> int:
    return len(text[:at].encode("utf-16-le")) // 2


def rows_of(text: str, tokens: Sequence[Token], start: int, end: int) -> list[Token]:
    """The tokens that a span covers, and the parts of those it covers in part."""
    met = [
        (max(start, a), min(end, b), unit, (a, b)) for unit, a, b in tokens if a < end > start < b
    ]
    return [(unit if (a, b) == whole else f"{unit}.", a, b) for a, b, unit, whole in met]


def tokens_of(sentences: Sequence[Sequence[str]]) -> list[Token]:
    tokens, at = [], 0
    for number, sentence in enumerate(sentences, 1):
        for place, word in enumerate(sentence, 1):
            tokens.append((f"{number}-{place}", at, at + len(word)))
            at += len(word) + 1
    return tokens


def write(sentences: Sequence[Sequence[str]], spans: Sequence[Written]) -> str:
    """The file, every span numbered."""
    text, tokens = "\n".join(map(" ".join, sentences)), tokens_of(sentences)
    parts: dict[Token, str] = {token: token[0] for token in tokens}
    numbers: dict[str, count[int]] = {}
    covered = [rows_of(text, tokens, one.start, one.end) for one in spans]
    for row in (row for rows in covered for row in rows if row not in parts):
        parts[row] = f"{row[0]}{next(numbers.setdefault(row[0], count(1)))}"
    cells = cells_of(spans, covered, parts)
    lines = [HEAD, *WRITTEN]
    for number, sentence in enumerate(sentences, 1):
        lines.append(f"\n#Text={' '.join(sentence)}\n")
        for row in sorted(parts, key=lambda row: (row[1], -row[2])):
            if row[0].startswith(f"{number}-"):
                ends = f"{units(text, row[1])}-{units(text, row[2])}"
                joined = "\t".join("|".join(cell) or "_" for cell in cells[row])
                lines.append(f"{parts[row]}\t{ends}\t{text[row[1] : row[2]]}\t{joined}\t\n")
    return "".join(lines)


WRITTEN = (
    "#T_SP=a.Actor|value\n",
    "#T_SP=a.Cue|value|ROLE_a.Cue:args_a.CueLink|uima.tcas.Annotation\n",
    "#T_RL=a.By|how|BT_a.Actor\n",
)


def cells_of(
    spans: Sequence[Written], covered: Sequence[Sequence[Token]], parts: Mapping[Token, str]
) -> dict[Token, list[list[str]]]:
    cells: dict[Token, list[list[str]]] = {row: [[] for _ in range(6)] for row in parts}
    for number, (one, rows) in enumerate(zip(spans, covered, strict=True), 1):
        targets = [f"{parts[covered[to][0]]}[{to + 1}]" for _, to in one.slots]
        roles = ";".join(escaped(role) for role, _ in one.slots) or "_"
        value = f"{escaped(one.value)}[{number}]"
        for row in rows:
            if one.label == "Actor":
                cells[row][0].append(value)
            else:
                given = (value, f"{roles}[{number}]", ";".join(targets) or "*")
                for cell, item in zip(cells[row][1:4], given, strict=True):
                    cell.append(item)
        for to in one.joins:
            first = cells[covered[to][0]]
            first[4].append("x")
            first[5].append(f"{parts[rows[0]]}[{number}_{to + 1}]")
    return cells


@given(SENTENCES, st.data())
def test_what_is_written_is_read(sentences: list[list[str]], data: st.DataObject) -> None:
    text = "\n".join(map(" ".join, sentences))
    edges = [at for at, mark in enumerate(text) if not mark.isspace()]
    pairs = st.tuples(st.sampled_from(edges), st.sampled_from(edges)).map(sorted)
    drawn = data.draw(st.lists(pairs, max_size=5))
    labels = [data.draw(st.sampled_from(("Actor", "Cue"))) for _ in drawn]
    actors = [number for number, label in enumerate(labels) if label == "Actor"]
    spans = []
    for number, (start, last) in enumerate(drawn):
        others = [other for other in range(len(drawn)) if other != number]
        filled = st.lists(st.sampled_from(others), unique=True) if others else st.just([])
        slots = [(data.draw(VALUE), to) for to in data.draw(filled)]
        joins = [to for to in actors if to > number and labels[number] == "Actor"]
        slots = slots if labels[number] == "Cue" else []
        spans.append(Written(labels[number], start, last + 1, data.draw(VALUE), slots, joins))
    one = lossy(write(sentences, spans))
    assert one[0].draft.text == text
    assert one[1] == []
    compare(one[0].layers[0], spans)


def compare(found: TaggedLayer, spans: Sequence[Written]) -> None:
    layers = {"Actor": 0, "Cue": 1}
    ids = [f"{layers[one.label]}[{number}]" for number, one in enumerate(spans, 1)]
    assert {id: (s.label, s.fragments, s.attributes) for id, s in found.spans.items()} == {
        id: (one.label, ((one.start, one.end),), {"value": one.value} if one.value else {})
        for id, one in zip(ids, spans, strict=True)
    }
    wanted: list[tuple[str, str, str, Mapping[str, str]]] = []
    for id, one in zip(ids, spans, strict=True):
        wanted += [("args", id, ids[to], {"role": role} if role else {}) for role, to in one.slots]
        wanted += [("By", id, ids[to], {"how": "x"}) for to in one.joins]
    given = [(r.type, r.source, r.target, r.attributes) for r in found.relations.values()]
    assert sorted(given, key=str) == sorted(wanted, key=str)


# --- the suite of cases -----------------------------------------------------------------------


@pytest.mark.skipif(not SUITE.is_dir(), reason="KUTIP_DATA does not lead to webanno-tsv3-suite")
def test_every_case_of_the_suite_loads() -> None:
    files = sorted(SUITE.glob("*/reference.tsv"))
    found = [list(webanno.read([source_at(file)])) for file in files]
    articles = [one for [one] in found if isinstance(one, Annotated)]
    assert len(files) == len(articles) == 75
    assert sum(len(one.layers[0].spans) for one in articles) == 198
    assert sum(len(one.layers[0].relations) for one in articles) == 48
    told = [loss.reason.code for one in articles for loss in one.losses]
    # the suite has spans that cover nothing, and the same relation twice
    assert {code: told.count(code) for code in set(told)} == {
        "tagged_empty": 26,
        "tagged_dangling": 5,
        "tagged_relation_twice": 1,
    }
