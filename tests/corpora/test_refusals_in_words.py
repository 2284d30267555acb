"""What a refusal says of an article: the column as the file has it, our field in brackets."""

import pytest

from annotations.corpora.readers import kinds
from annotations.corpora.readers.drafts import LineRefusal, Reason
from annotations.corpora.reasons import sentence
from annotations.limits import LIMITS
from tests.corpora.reading import read, source

LONG = "x" * (LIMITS.field_code_points + 1)


def said(name: str, data: str) -> list[str]:
    refused = [found for found in read(name, data.encode()) if isinstance(found, LineRefusal)]
    return [sentence(one.reason) for one in refused]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Judul,Isi\na,\n", "“Isi” (text) is missing."),
        ("Judul,Isi\na,  \n", "“Isi” (text): The text is empty."),
        (f"Judul,Isi\n{LONG},a\n", "“Judul” (title) has 2,001 characters; it may have 2,000."),
        ("Isi,Tanggal\na,besok\n", "“Tanggal” (published): “besok” is no date."),
        ("Isi,Bahasa\na,Jawa\n", "“Bahasa” (language): “Jawa” is no language code"),
        ("Isi,Desk\na,b\x07\n", "“Desk” (metadata) holds the control character U+0007"),
        ("Isi,METADATA\na,{x\n", "“METADATA” (metadata): Not JSON: a key in double quotes"),
        ("text,title\na,\x07\n", "“title” holds the control character U+0007"),
        ("text,published\na,besok\n", "“published”: “besok” is no date."),
    ],
)
def test_a_column_is_named_as_the_file_has_it(data: str, words: str) -> None:
    [told] = said("a.csv", data)
    assert told.startswith(words)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('{"isi": "a", "tanggal": "besok"}', "“tanggal” (published): “besok” is no date."),
        ('{"isi": ""}', "“isi” (text): The text is empty."),
        ('{"isi": "a", "Judul": "\\u0000"}', "“Judul” (title) holds a NUL (U+0000)"),
        ('{"text": ["a"]}', "“text” must hold text, not a list."),
        ('{"text": null}', "“text” is missing."),
        ('{"judul": "a", "b": 1}', "No key of this object holds the text"),
        ('{"isi": "a", "desk": ["\\udc00"]}', "“desk” (metadata) holds half a surrogate pair"),
        ('{"isi": "a", "metadata": {"desk": "\\u0001"}}', "“desk” (metadata) holds the control"),
    ],
)
def test_a_key_is_named_as_the_file_has_it(data: str, words: str) -> None:
    [told] = said("a.jsonl", data)
    assert told.startswith(words)


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.csv", b"isi,judul\n"), ("a.json", b"[]"), ("a.jsonl", b"\n"), ("a.json", b"")],
)
def test_a_file_without_articles_says_so(name: str, data: bytes) -> None:
    file = source(name, data)
    assert list(kinds.read(file)) == []
    assert [sentence(note) for note in file.notes] == ["The file holds no article."]


def test_what_an_earlier_load_recorded_can_still_be_said() -> None:
    assert sentence(Reason("published", {"value": "besok"})).startswith("“besok” is no date.")
    assert sentence(Reason("field_missing", {"field": "text"})) == "“text” is missing."
    kind = Reason("metadata_type", {"kind": "json:list"})
    assert sentence(kind) == "“metadata” must hold an object, not a list."
