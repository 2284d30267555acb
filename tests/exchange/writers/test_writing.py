"""What is true of every format: the same bytes again, no offset that lies, nothing lost silently."""

import json
from collections.abc import Mapping, Sequence
from itertools import repeat
from operator import attrgetter

import pytest
from hypothesis import assume, example, given, settings

from annotations.exchange.formats import brat, doccano, label_studio, prodigy, uima
from annotations.exchange.formats.annotated import TaggedLayer
from annotations.exchange.losing import sentence
from annotations.exchange.records import Line
from annotations.exchange.writers import shape
from annotations.exchange.writers.known import WRITERS
from annotations.exchange.writers.line_ends import Folded
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import safe_name, zipped
from annotations.exchange.writers.shape import Untrue, Writer, written
from tests.exchange import foreign
from tests.exchange.foreign import Reader
from tests.exchange.kutip_lines import (
    SPEC,
    TEXT,
    Drawn,
    campaigns,
    layer,
    line,
    note,
    settlement,
    span,
    waiver,
)
from tests.exchange.writers.judging import (
    by_layer,
    counted,
    drawn_lines,
    everything,
    lines,
    out,
    unzipped,
)
from tests.exchange.writers.odd_names import ODD_SPEC, under_odd_names
from tests.exchange.writers.stance_lines import article, entity, stances

every_format = pytest.mark.parametrize("key", WRITERS)


@settings(deadline=None, max_examples=25)
@given(campaigns())
def test_the_same_lines_make_the_same_bytes(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    for key, writer in WRITERS.items():
        first, second = out(writer, given), out(writer, given)
        assert first[0] == second[0], key
        assert counted(first[1]) == counted(second[1]), key


@every_format
def test_a_merged_entity_is_the_one_it_goes_on_as(key: str) -> None:
    heir, concept = entity("Laras Prabasari"), entity("Tambang", "concept")
    middle = entity("Bu Laras") | {"merged_into": heir["id"]}
    merged = entity("Laras") | {"merged_into": middle["id"]}
    held = stances(TEXT, (merged, concept, "favor"), (heir, concept, "against"))
    actor = span(TEXT, "Laras", entity=merged["id"])
    held["spans"] = sorted([*held["spans"], actor], key=lambda one: one["fragments"])
    apart = article(TEXT, held, day="2024-03-01", entities=[merged, middle, heir, concept])
    said = json.dumps(held).replace(merged["id"], heir["id"])
    as_one = article(TEXT, json.loads(said), day="2024-03-01", entities=[heir, concept])
    data, report = out(WRITERS[key], lines(apart))
    if key != "tables-xlsx":  # it has a sheet of what was lost
        assert data == out(WRITERS[key], lines(as_one))[0]
    assert report.count(Part.MERGED) == 2
    assert {place.id for place in report.lost[Part.MERGED].places} == {merged["id"], middle["id"]}


@pytest.mark.parametrize("key", ["quotes-csv", "stances-tsv", "dna-csv", "tables-xlsx"])
def test_a_table_without_a_row_for_long_begins_all_the_same(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shape, "SOON", 0)
    [given] = lines(line(TEXT, layer("ani", span(TEXT, "Laras"))))
    endless = repeat(given, 1_000)
    pieces = written(WRITERS[key], endless, SPEC, LossReport(key))
    assert next(pieces)
    assert next(endless, None) is not None
    assert b"".join([*written(WRITERS[key], [given], SPEC, LossReport(key))])


@pytest.mark.parametrize("key", [key for key, writer in WRITERS.items() if writer.needs_all])
def test_what_is_said_to_need_all_lines_does(key: str) -> None:
    given = iter(lines(line(TEXT, layer("ani", span(TEXT, "Laras")))) * 3)
    next(written(WRITERS[key], given, SPEC, LossReport(key)))
    assert next(given, None) is None


READERS: dict[str, Reader] = {
    "brat": brat.read,
    "doccano": doccano.read,
    "label-studio": label_studio.read,
    "prodigy": prodigy.read,
    "uima-json": uima.read,
    "uima-xmi": uima.read,
}


@settings(deadline=None, max_examples=12)
@given(campaigns(least=1))
@example(everything())
def test_odd_names_break_no_format_and_stay_apart(drawn: Drawn) -> None:
    given = drawn_lines(under_odd_names(drawn))
    texts = [Folded(one.article.text).text for one in given]
    assume(len(set(texts)) == len(texts) and not any(t.startswith("\ufeff") for t in texts))
    for key, writer in WRITERS.items():
        data, report = out(writer, given, ODD_SPEC)
        if key in READERS:
            is_zip = writer.extension == "zip"
            files = unzipped(data) if is_zip else {f"a.{writer.extension}": data}
            _same_names(by_layer(foreign.read(READERS[key], dict(files))), given, counted(report))


def _same_names(
    back: Mapping[tuple[str, str], TaggedLayer], given: Sequence[Line], lost: Mapping[str, int]
) -> None:
    """As many spans, labels and attributes came back as went out, but what is reported."""
    spans = [span for one in back.values() for span in one.spans.values()]
    out = [span for one in given for each in one.layers for span in each.spans]
    gone = lost.get(Part.NOTHING_LEFT.value, 0)
    assert len(spans) >= len(out) - gone
    if not gone:
        assert len({span.label for span in spans}) == len({span.label for span in out})
        if Part.ATTRIBUTES.value not in lost:
            false = lost.get(Part.FALSE.value, 0)
            kept = sum(len(span.attributes) for span in spans)
            assert kept == sum(len(span.attributes) for span in out) - false


@every_format
def test_a_span_that_lies_stops_it_and_is_named(key: str) -> None:
    false = span(TEXT, "Laras") | {"text": ["Laris"]}
    with pytest.raises(Untrue, match=false["id"]):
        out(WRITERS[key], lines(line(TEXT, layer("ani", false))))


@every_format
@pytest.mark.parametrize("bounds", [[[-5, -1]], [[8, 500]], [[8, 8]], [[13, 8]]])
def test_offsets_outside_the_text_stop_it(key: str, bounds: list[list[int]]) -> None:
    text = [TEXT[start:end] for start, end in bounds]
    false = span(TEXT, "Laras") | {"fragments": bounds, "text": text}
    with pytest.raises(Untrue):
        out(WRITERS[key], lines(line(TEXT, layer("ani", false))))


@every_format
def test_a_campaign_without_layers_makes_a_whole_file(key: str) -> None:
    data, report = out(WRITERS[key], [])
    assert counted(report) == {}
    if WRITERS[key].extension == "zip":
        unzipped(data)


@every_format
def test_what_is_not_held_is_counted(key: str) -> None:
    """One of everything: what the writer does not say it holds is in the report."""
    one = span(
        TEXT,
        *("“Kami,”", "“tidak"),
        label="QUOTE",
        attributes={"type": "direct"},
        notes=[note()],
        flags=["unsure"],
    )
    whole = layer("ani", one, notes=[note()], flags=["unsure"], waivers=[waiver(TEXT, "Warga")])
    gold = layer(
        "hakim", span(TEXT, "Laras"), kind="gold", settlements=[settlement([("ani", one)])]
    )
    _, report = out(WRITERS[key], lines(line(TEXT, whole, gold), line("Kosong.", layer("ani"))))
    told = {
        *(Part.FRAGMENTS, Part.ATTRIBUTES, Part.SPAN_NOTES, Part.FLAGS, Part.ARTICLE_NOTES),
        *(Part.ARTICLE_FLAGS, Part.WAIVERS, Part.SETTLEMENTS, Part.EMPTY, Part.STATUS),
        *(Part.TEXT, Part.FIELDS),
    }
    assert told - WRITERS[key].holds <= report.lost.keys()
    assert all(report.lost[part].places for part in report.lost)


def test_every_kind_of_loss_has_a_sentence() -> None:
    assert all(sentence(part) for part in Part)


def test_a_report_lists_the_first_places_and_counts_all() -> None:
    spans = [span(TEXT, "Laras", flags=["unsure"]) for _ in range(12)]
    _, report = out(WRITERS["doccano"], lines(line(TEXT, layer("ani", *spans))))
    lost = report.lost[Part.FLAGS]
    assert (lost.count, len(lost.places)) == (12, 10)
    assert lost.places[0].id == spans[0]["id"]
    assert json.dumps(report.document(sentence))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("sari", "sari"),
        ("Sari (gold)", "Sari (gold)"),
        ("Łucja-ش.2", "Łucja-ش.2"),
        ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd"),
        ("C:\\con", "C%3A%5Ccon"),
        ("con", "%63on"),
        ("COM1.txt", "%43OM1.txt"),
        ("a\u202egnp.exe", "a%E2%80%AEgnp.exe"),
        ("titik.", "titik%2E"),
        ("50%", "50%25"),
        ("", "%"),
        ("-rf", "%2Drf"),
    ],
)
def test_a_name_can_do_no_harm_where_it_is_unpacked(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_long_names_stay_apart_and_have_room() -> None:
    names = [f"{'🚢' * 500}{number}" for number in range(3)] + ["a" * 120, "a" * 121]
    safe = [safe_name(name) for name in names]
    assert len(set(safe)) == 5
    assert max(len(one.encode()) for one in safe) < 140
    assert safe[3] == "a" * 120


def test_a_package_streams_and_is_sound() -> None:
    members = [(f"a/{number}.txt", b"x" * number) for number in range(50)]
    pieces = list(zipped(members))
    assert len(pieces) > 50
    assert unzipped(b"".join(pieces)) == dict(members)


@pytest.mark.parametrize("writer", WRITERS.values(), ids=attrgetter("key"))
def test_the_part_of_a_split_is_in_the_file_or_counted_as_lost(writer: Writer) -> None:
    whole = line(TEXT, layer("ani", span(TEXT, "Laras")))
    dev, test = (out(writer, lines(whole | {"split": part})) for part in ("dev", "test"))
    assert (dev[0] != test[0], counted(dev[1]).get("split", 0)) in [(True, 0), (False, 1)]
