"""DNA: the file is sound to SQLite and says what the export says, and so does the event list."""

import csv
import errno
import hashlib
import sqlite3
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from annotations.exchange.records import Line
from annotations.exchange.writers import dna_file
from annotations.exchange.writers.cells import restored
from annotations.exchange.writers.dna_csv import COLUMNS
from annotations.exchange.writers.dna_passwords import PASSWORD, digest, everybodys
from annotations.exchange.writers.known import WRITERS
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.shape import fitted
from annotations.exchange.writers.stances import stances_of
from annotations.exchange.writers.utf16 import Units
from tests.exchange.kutip_lines import TEXT, TEXTS, Drawn, campaigns, layer, line, relation, span
from tests.exchange.writers.judging import counted, drawn_lines, lines, out
from tests.exchange.writers.stance_lines import article, entity, stances
from tests.exchange.writers.test_networks import COAST, LARAS, MINISTRY, varied

Rows = Callable[..., list[tuple[Any, ...]]]

_STATEMENTS = """
SELECT s.ID, t.Label, d.Title, s.Start, s.Stop, c.Name,
  (SELECT Value FROM DATABOOLEAN b JOIN VARIABLES v ON v.ID = b.VariableId
    WHERE StatementId = s.ID AND Variable = 'agreement'),
  (SELECT Value FROM DATAINTEGER WHERE StatementId = s.ID),
  (SELECT group_concat(Variable || '=' || Value, ' ') FROM (
    SELECT Variable, Value FROM DATASHORTTEXT x JOIN VARIABLES v ON v.ID = x.VariableId
    JOIN ENTITIES e ON e.ID = Entity WHERE StatementId = s.ID AND Value <> '' ORDER BY v.ID))
FROM STATEMENTS s JOIN STATEMENTTYPES t ON t.ID = StatementTypeId
JOIN DOCUMENTS d ON d.ID = DocumentId JOIN CODERS c ON c.ID = s.Coder ORDER BY s.ID
"""


@contextmanager
def opened(data: bytes) -> Iterator[Rows]:
    """The file, sound to SQLite; what it answers to queries."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.dna")
        path.write_bytes(data)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            yield lambda query, *values: database.execute(query, values).fetchall()


def dna(given: Sequence[Line], **words: str) -> tuple[bytes, LossReport]:
    return out(fitted(WRITERS["dna"], words), given)


def event_list(given: Sequence[Line], **words: str) -> list[dict[str, str]]:
    data, _ = out(fitted(WRITERS["dna-csv"], words), given)
    return list(csv.DictReader(StringIO(data.decode(), newline=""), delimiter=";"))


def test_statements_have_their_roles_places_and_coders() -> None:
    with opened(dna(varied())[0]) as rows:
        found = rows(_STATEMENTS)
    first, other = (one.article.id for one in varied())
    ends = "organization=Kementerian concept=pesisir"
    at = TEXT.index("bersorak") + 1  # a ship, which is two units, comes before
    after_the_ship = (at, at + len("bersorak"))
    stance = {
        "menolak": (14, 21, 1, 1, f"person=Laras {ends}", "Hedged Statement", "ani"),
        "bersorak": (
            *after_the_ship,
            0,
            -2,
            "person=Warga concept=pesisir",
            "DNA Statement",
            "ani",
        ),
        "katanya": (
            *(31, 38, None, None, f"person=Laras {ends} polarity=neutral"),
            *("Undirected Statement", "ani"),
        ),
        "lain": (0, 4, 1, 1, ends, "DNA Statement", "ani"),
        "emas": (
            *(0, 4, 0, -1, "person=Laras concept=pesisir", "DNA Statement"),
            "hakim (gold)",
        ),
    }
    titles = {first: ["menolak", "bersorak", "katanya"], other: ["lain", "emas"]}
    expected = [
        (number, type_, title, start, stop, coder, agreement, strength, entities)
        for number, (title, key) in enumerate(
            ((title, key) for title, keys in titles.items() for key in keys), 1
        )
        for start, stop, agreement, strength, entities, type_, coder in [stance[key]]
    ]
    assert found == expected


def test_a_statement_stands_at_utf16_units_of_a_text_with_lf_alone() -> None:
    text = "🚢\r\nKami 🚢\r\nakan mundur"
    held = span(text, "Kami 🚢\r\n", "mundur", label="STANCE", attributes={"polarity": "favor"})
    target = span(text, "akan", label="TARGET")
    relations = [
        relation("HOLDER", {"span": held["id"]}, {"entity": LARAS["id"]}),
        relation("TOWARD", {"span": held["id"]}, {"span": target["id"]}),
    ]
    given = lines(article(text, layer("ani", held, target, relations=relations), entities=[LARAS]))
    data, report = dna(given)
    with opened(data) as rows:
        [(stored, start, stop)] = rows(
            "SELECT Text, Start, Stop FROM DOCUMENTS d JOIN STATEMENTS s ON DocumentId = d.ID"
        )
    assert stored == "🚢\nKami 🚢\nakan mundur"
    java = stored.encode("utf-16-le")
    assert java[start * 2 : stop * 2].decode("utf-16-le") == "Kami 🚢\nakan mundur"
    assert (report.count(Part.HULL), report.count(Part.LINE_ENDS)) == (1, 1)
    [row] = event_list(given)
    assert (int(row["start_position"]), int(row["stop_position"])) == (start, stop)
    assert row["text"] == "Kami 🚢\nakan mundur"


def test_a_document_has_what_is_known_of_its_article() -> None:
    about = {
        "title": "J" * 200,
        "source": "Harian",
        "author": "Sari",
        "url": "https://contoh.example",
        "external_id": "a1",
        "metadata": {"section": "Opini"},
    }
    given = lines(article("Satu.", day="2024-03-01", **about), line("Dua."))
    data, report = dna(given)
    with opened(data) as rows:
        documents = rows("SELECT Title, Author, Source, Section, Notes, Date FROM DOCUMENTS")
    notes = "url: https://contoh.example\nid: a1\nlanguage: id"
    assert documents == [
        ("J" * 190, "Sari", "Harian", "Opini", notes, 1_709_251_200),
        (given[1].article.id, "", "", "", "language: id", 0),
    ]
    assert (report.count(Part.CUT), report.count(Part.UNDATED)) == (1, 1)


def test_entities_have_their_attributes_and_are_told_apart() -> None:
    twin = entity("Laras", "person") | {"id": "0b9a3a0e-55b1-4a5e-9c39-0f1d2c3b4a59"}
    held = [(LARAS, COAST, "favor"), (twin, COAST, "against"), (LARAS, COAST, "favor")]
    data, report = dna(lines(article(TEXT, stances(TEXT, *held), entities=[LARAS, twin, COAST])))
    with opened(data) as rows:
        found = rows(
            "SELECT Value, group_concat(AttributeVariable || '=' || AttributeValue, ',')"
            " FROM ENTITIES e JOIN VARIABLES v ON v.ID = e.VariableId"
            " JOIN ATTRIBUTEVALUES a ON EntityId = e.ID"
            " JOIN ATTRIBUTEVARIABLES n ON n.ID = AttributeVariableId"
            " WHERE Variable = 'person' AND StatementTypeId = 1 GROUP BY e.ID ORDER BY e.ID"
        )
    assert found == [
        ("", "Type=,Alias=,Notes="),
        ("Laras", f"Type=person,Alias=Mbak Laras | L.,Notes={LARAS['id']}"),
        ("Laras (2)", f"Type=person,Alias=,Notes={twin['id']}"),
    ]
    assert report.count(Part.SAME_NAMES) == 1


def test_coders_see_one_another_and_only_the_admin_changes_them() -> None:
    with opened(dna(varied())[0]) as rows:
        coders = rows(
            "SELECT Name, PermissionEditCoders, PermissionEditOthersStatements FROM CODERS"
        )
        assert rows("SELECT COUNT(*) FROM CODERRELATIONS") == [(3 * 2,)]
        assert rows("SELECT DISTINCT Password FROM CODERS") == [(everybodys(),)]
        assert dict(rows("SELECT * FROM SETTINGS"))["version"] == "3.0.7"
    assert coders == [("Admin", 1, 1), ("ani", 0, 1), ("hakim (gold)", 0, 1)]


def test_the_password_is_what_jasypt_checks() -> None:
    """By the rule of the design: a salt of 16 bytes, SHA-256 a hundred thousand times."""
    stored = b64decode(everybodys())
    hashed = stored[:16] + PASSWORD.encode()
    for _ in range(100_000):
        hashed = hashlib.sha256(hashed).digest()
    assert stored[16:] == hashed
    assert len(digest("é" * 100, b"s" * 16)) < 191


def test_hedged_stances_stand_apart_or_together_or_not_at_all() -> None:
    for word, types in (
        ("apart", {"Hedged Statement": 1, "DNA Statement": 3, "Undirected Statement": 1}),
        ("together", {"DNA Statement": 4, "Undirected Statement": 1}),
        ("left-out", {"DNA Statement": 3, "Undirected Statement": 1}),
    ):
        data, report = dna(varied(), hedged=word)
        with opened(data) as rows:
            found = rows(
                "SELECT Label, COUNT(*) FROM STATEMENTS s"
                " JOIN STATEMENTTYPES t ON t.ID = StatementTypeId GROUP BY Label"
            )
        assert dict(found) == types
        assert report.count(Part.HEDGED) == (word == "left-out")


def test_names_can_be_highlighted_and_mean_only_themselves() -> None:
    odd = entity("A.S. (Barat)*")
    given = lines(article(TEXT, stances(TEXT, (odd, COAST, "favor")), entities=[odd, COAST]))
    for word, labels in (("no", []), ("yes", [("A\\.S\\. \\(Barat\\)\\*",), ("pesisir",)])):
        with opened(dna(given, highlight=word)[0]) as rows:
            assert rows("SELECT Label FROM REGEXES ORDER BY Label") == labels
    long = entity("(" * 190)
    given = lines(article(TEXT, stances(TEXT, (long, COAST, "favor")), entities=[long, COAST]))
    with opened(dna(given, highlight="yes")[0]) as rows:
        assert ("\\(" * 95,) in rows("SELECT Label FROM REGEXES")


def test_a_full_disk_is_an_error_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of at most four pages is one that finds no more room."""
    connect = sqlite3.connect

    def small(*given: Any, **more: Any) -> sqlite3.Connection:
        database: sqlite3.Connection = connect(*given, **more)
        database.execute("PRAGMA max_page_count = 4")
        return database

    monkeypatch.setattr(dna_file.sqlite3, "connect", small)
    with pytest.raises(OSError) as full:  # noqa: PT011 - its number says which
        dna(varied())
    assert full.value.errno == errno.ENOSPC


def test_the_event_list_says_the_same() -> None:
    given = varied()
    listed = event_list(given)
    with opened(dna(given)[0]) as rows:
        found = rows(_STATEMENTS)
    assert [
        (row["statement_id"], row["start_position"], row["stop_position"], row["coder"])
        for row in listed
    ] == [(str(one[0]), str(one[3]), str(one[4]), one[5]) for one in found]
    assert [row["agreement"] for row in listed] == ["1", "0", "", "1", "0"]
    assert [row["strength"] for row in listed] == ["1", "-2", "0", "1", "-1"]
    assert listed[0]["person_entity"] == LARAS["id"]
    assert listed[0]["organization_entity"] == MINISTRY["id"]
    assert restored(listed[0]["document_author"]) == "=1+1"
    assert [row["hedged"] for row in listed] == ["1", "0", "0", "0", "0"]


def test_the_event_list_looks_as_dna_writes_it() -> None:
    text = 'Kata; "ya"\nlalu'
    held = span(text, text, label="STANCE", attributes={"polarity": "favor"})
    relations = [
        relation("HOLDER", {"span": held["id"]}, {"entity": LARAS["id"]}),
        relation("TOWARD", {"span": held["id"]}, {"span": held["id"]}),
    ]
    whole = layer("ani", held, relations=relations)
    given = lines(article(text, whole, day="2024-03-01", entities=[LARAS]))
    for word, cell in (("kept", '"Kata; ""ya""\nlalu"'), ("as-dna", "\"Kata, 'ya' lalu\"")):
        data, report = out(fitted(WRITERS["dna-csv"], {"punctuation": word}), given)
        header, row = data.decode().split("\n", 1)
        assert header == ";".join(f'"{name}"' for name in COLUMNS)
        assert row.startswith('1;2024-03-01 00:00:00;"Laras";"";')
        assert f";0;{len(text)};{cell};" in row
        assert report.count(Part.PUNCTUATION) == (word == "as-dna")


def test_what_has_no_room_is_in_the_report() -> None:
    _, report = out(WRITERS["dna-csv"], varied())
    assert counted(report) == {
        "article_text": 2,
        "layer_status": 3,
        "aliases": 4,
        "other_labels": 6,
        "stances_without_ends": 1,
    }
    _, report = dna(varied())
    assert counted(report) == {
        "layer_status": 3,
        "other_labels": 6,
        "stances_without_ends": 1,
        "articles_without_date": 2,
    }


@settings(deadline=None, max_examples=15)
@given(campaigns())
def test_both_have_every_stance_and_no_other(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    stances = [
        stance
        for one in given
        for each in one.layers
        for stance in stances_of(one, each, LossReport(""))
    ]
    listed = event_list(given)
    assert [row["span_id"] for row in listed] == [stance.span.id for stance in stances]
    data = dna(given)[0]
    assert dna(given)[0] == data
    with opened(data) as rows:
        texts = rows(
            "SELECT Text, Start, Stop FROM DOCUMENTS d JOIN STATEMENTS s ON DocumentId = d.ID ORDER BY s.ID"
        )
    for row, (text, start, stop) in zip(listed, texts, strict=True):
        covered = text.encode("utf-16-le")[start * 2 : stop * 2].decode("utf-16-le")
        assert restored(row["text"]) == covered


@settings(max_examples=30)
@given(TEXTS)
def test_units_are_those_of_an_encoder(text: str) -> None:
    units = Units(text)
    for at in range(len(text) + 1):
        assert units.at(at) == len(text[:at].encode("utf-16-le")) // 2
