"""The lexicons are data: their files are whole, and say what the schema can hold."""

from importlib.resources import files

import pytest

from annotations.schema.spec import builtin_document, parse
from annotations.suggest.lexicon import lexicon_of

WORDS = files("annotations.suggest") / "words"


def rows(file: str) -> list[list[str]]:
    lines = (WORDS / file).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_lexicon_has_many_forms_and_none_twice(language: str) -> None:
    forms = [row[0] for row in rows(f"cues.{language}.tsv")]
    assert len(forms) == len(set(forms)) >= 120
    assert all(form == form.strip().lower() for form in forms)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_class_of_a_form_is_a_value_of_the_schema(language: str) -> None:
    cue = parse(builtin_document()).label("CUE")
    verb_class = cue and cue.attribute("verb_class")
    assert verb_class
    assert all(verb_class.accepts(row[1]) for row in rows(f"cues.{language}.tsv"))


@pytest.mark.parametrize("file", ["cues.id.tsv", "cues.en.tsv", "words.id.tsv", "words.en.tsv"])
def test_each_file_explains_its_columns_and_is_sorted_into_nothing_twice(file: str) -> None:
    assert (WORDS / file).read_text("utf-8").startswith("# ")
    found = rows(file)
    assert len({tuple(row[:2]) for row in found}) == len(found)


@pytest.mark.parametrize(
    ("language", "known"),
    [("id", "id"), ("id-ID", "id"), ("en_GB", "en"), ("EN", "en"), ("fr", None), ("", None)],
)
def test_the_language_of_the_article_decides(language: str, known: str | None) -> None:
    lexicon = lexicon_of(language)
    assert (lexicon.language if lexicon else None) == known
