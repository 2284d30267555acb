"""What other browsers than Chromium read otherwise in a style sheet, or not at all."""

import re
from collections.abc import Iterator
from pathlib import Path

CSS = Path(__file__).resolve().parents[2] / "annotations/static/annotations/css"


def sheets() -> Iterator[tuple[str, str]]:
    for file in sorted(CSS.rglob("*.css")):
        yield file.relative_to(CSS).as_posix(), file.read_text()


def found(pattern: str) -> list[tuple[str, str]]:
    return [(name, hit) for name, css in sheets() for hit in re.findall(pattern, css, re.MULTILINE)]


def test_a_decoration_says_each_of_its_properties_alone() -> None:
    """Safari drops `text-decoration` with more than its line."""
    assert found(r"text-decoration: *[\w-]+ [^;]+;") == []


def test_highlights_are_of_the_article_alone() -> None:
    """WebKit also paints the first words of a dialog, unless the rule is of the article."""
    assert found(r"^.*::highlight\(")
    assert found(r"^(?! *article-text ::highlight\().*::highlight\(.*") == []


def test_a_badge_is_shown_where_its_silence_is_not_understood() -> None:
    """`content: … / ""` says that a badge is not read aloud; a browser that does not know the
    second part drops the whole, and takes the line before it."""
    silent = found(r'content: (.*) / "";')
    assert silent
    assert found(r'content: (.*);\n +content: \1 / "";') == silent
