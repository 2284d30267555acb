"""brat: what goes out is accepted by brat's own parser and comes back, up to the report."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from bratsubset.annotation import TextAnnotations
from hypothesis import assume, given, settings

from annotations.exchange.formats import brat
from annotations.exchange.records import LayerRecord, SpanRecord
from annotations.exchange.writers.brat import CONFIG, WRITER
from annotations.exchange.writers.brat_config import configuration, name_of
from annotations.exchange.writers.line_ends import Folded
from annotations.exchange.writers.losses import Part
from annotations.exchange.writers.shape import between_spans
from tests.exchange import foreign
from tests.exchange.kutip_lines import (
    SPEC,
    TEXT,
    Drawn,
    campaigns,
    layer,
    line,
    note,
    relation,
    span,
)
from tests.exchange.writers.judging import (
    by_layer,
    counted,
    drawn_lines,
    layers_of,
    lines,
    out,
    unzipped,
)
from tests.exchange.writers.odd_names import ODD_SPEC

Pieces = list[tuple[int, int]]


def standoff(document: dict[str, Any]) -> str:
    """The annotations of the only layer."""
    files = unzipped(out(WRITER, lines(document))[0])
    [name] = [name for name in files if name.endswith(".ann")]
    return files[name].decode()


def test_it_is_what_brat_writes() -> None:
    entity = {
        "aliases": [],
        "id": "0b9a3a0e-55b1-4a5e-9c39-0f1d2c3b4a59",
        "name": "Laras",
        "type": "person",
    }
    actor = span(TEXT, "Laras", entity=entity["id"])
    quote = span(
        TEXT, "“Kami,”", "“tidak", label="QUOTE", attributes={"type": "direct"}, notes=[note()]
    )
    said = relation("SPEAKER", {"span": quote["id"]}, {"span": actor["id"]})
    whole = layer("ani", actor, quote, relations=[said])
    assert standoff(line(TEXT, whole, entities=[entity])) == (
        "T1\tACTOR 8 13\tLaras\n"
        "N1\tReference T1 Kutip:0b9a3a0e-55b1-4a5e-9c39-0f1d2c3b4a59\tLaras\n"
        "T2\tQUOTE 23 30;40 46\t“Kami,” “tidak\n"
        "A1\ttype T2 direct\n"
        "#1\tAnnotatorNotes T2\tRagu.\n"
        "R1\tSPEAKER Arg1:T2 Arg2:T1\t\n"
    )


@pytest.mark.parametrize(
    ("text", "piece", "bounds", "lost"),
    [
        ("satu\r\ndua", "dua", "5 8", {Part.LINE_ENDS}),
        ("satu\rdua", "tu\rdu", "2 4;5 7", {Part.LINE_ENDS}),
        ("satu\n\ndua", "satu\n\ndua", "0 4;6 9", set()),
        ("satu\ndua", "\ndua", "5 8", {Part.EDGE_BREAKS}),
        ("🚢 dua", "dua", "2 5", set()),
    ],
)
def test_spans_are_cut_at_line_breaks_and_offsets_count_them_once(
    text: str, piece: str, bounds: str, lost: set[Part]
) -> None:
    data, report = out(WRITER, lines(line(text, layer("ani", span(text, piece)))))
    [ann] = [data for name, data in unzipped(data).items() if name.endswith(".ann")]
    assert ann.decode().split("\t")[1] == f"ACTOR {bounds}"
    always = {Part.STATUS, Part.FIELDS}
    assert report.lost.keys() - always == lost


def test_the_configuration_knows_the_schema() -> None:
    config = configuration(SPEC)
    assert "[entities]\nACTOR\nQUOTE\nCUE\nSTANCE\nTARGET\n" in config
    assert "SPEAKER\tArg1:QUOTE, Arg2:ACTOR\n" in config
    assert "polarity\tArg:STANCE, Value:favor|against|neutral|mixed|?\n" in config
    assert "scare\tArg:QUOTE\n" in config
    assert name_of("Kutipan langsung") == "Kutipan_20_langsung"
    assert name_of("Kutipan_20_langsung") == "Kutipan_5f_20_langsung"


def test_no_value_of_a_schema_begins_a_line_of_the_configuration() -> None:
    begin = re.compile(r"\[|[A-Za-z0-9_-]+(\t|$)|<OVERLAP>|$")
    assert all(begin.match(row) for row in configuration(ODD_SPEC).splitlines())


@settings(deadline=None, max_examples=80)
@given(campaigns())
def test_what_goes_out_comes_back(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    texts = [Folded(one.article.text).text for one in given]
    # a mark at the beginning is taken off by whoever reads UTF-8
    assume(len(set(texts)) == len(texts) and not any(t.startswith("\ufeff") for t in texts))
    data, _ = out(WRITER, given)
    files = unzipped(data)
    found = foreign.read(brat.read, dict(files))
    assert {loss.reason.code for one in found for loss in one.losses} <= {"brat_joined"}
    back = by_layer(found)
    there = {
        (Folded(text).text, name): (text, one) for (text, name), one in layers_of(given).items()
    }
    assert back.keys() == there.keys()
    for key, layer_back in back.items():
        text, whole = there[key]
        ids = _numbered(text, whole)
        assert {id: one.fragments for id, one in layer_back.spans.items()} == {
            ids[one.id]: pieces for one in whole.spans if (pieces := _expected(text, one))
        }
        for one in whole.spans:
            if one.id in ids:
                _same(one, layer_back.spans[ids[one.id]])
        assert {(r.type, r.source, r.target) for r in layer_back.relations.values()} == {
            (relation.type, ids[source], ids[target])
            for relation, source, target in between_spans(whole)
            if source in ids and target in ids
        }


@settings(deadline=None, max_examples=30)
@given(campaigns(least=1))
def test_brats_own_parser_accepts_every_file(drawn: Drawn) -> None:
    data, _ = out(WRITER, drawn_lines(drawn))
    with TemporaryDirectory() as folder:
        for name, content in unzipped(data).items():
            Path(folder, name.replace("/", "-")).write_bytes(content)
        _judge(Path(folder))


def _judge(folder: Path) -> None:
    for path in folder.glob("*.ann"):
        parsed = TextAnnotations(str(path.with_suffix("")))
        assert parsed.failed_lines == []
        spans = list(parsed.get_textbounds())
        assert len(spans) == path.read_bytes().count(b"\nT") + path.read_bytes().startswith(b"T")
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        assert all(0 <= a < b <= len(text) for one in spans for a, b in one.spans)


def test_a_folder_for_each_annotator_and_no_file_of_the_unseen() -> None:
    document = line(TEXT, layer("ani"), layer("Budi…"), layer("ani", kind="gold"))
    data, report = out(WRITER, lines(document, line("Lain.")))
    folders = {name.rpartition("/")[0] for name in unzipped(data) if name != CONFIG}
    assert folders == {"ani", "Budi…", "ani (gold)"}
    assert counted(report)["article_without_layers"] == 1


def _numbered(text: str, whole: LayerRecord) -> dict[str, str]:
    kept = [one for one in whole.spans if _expected(text, one)]
    return {one.id: f"T{number}" for number, one in enumerate(kept, 1)}


def _expected(text: str, one: SpanRecord) -> tuple[tuple[int, int], ...]:
    """Fragments in the folded text, without breaks at their edges; those with only blanks that
    hold a break between them are one."""
    folded = Folded(text)
    joined: Pieces = []
    for start, end in ((folded.at(a), folded.at(b)) for a, b in one.fragments):
        words = folded.text[start:end]
        first = start + len(words) - len(words.lstrip("\n"))
        last = end - (len(words) - len(words.rstrip("\n")))
        if first >= last:
            continue
        between = folded.text[joined[-1][1] : first] if joined else ""
        if between.isspace() and "\n" in between:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)


def _same(one: SpanRecord, there: Any) -> None:
    assert there.label == one.label
    assert there.attributes == {k: v for k, v in one.attributes.items() if v is not False}
    assert (there.reference.key if there.reference else None) == one.entity
    assert ["".join(each.split()) for each in there.notes] == [
        "".join(each.text.split()) for each in one.notes
    ]
