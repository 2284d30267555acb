"""What annotators are told of the schema: complete, in both languages, and safe to show."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.schema import guidelines
from annotations.schema.guidelines import Guidelines, parse, rendered
from annotations.schema.spec import Spec, builtin_document
from annotations.schema.spec import parse as spec_of

SPEC = spec_of(builtin_document())
ALLOWED = {"p", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "br", "hr", "a"}


def paths(spec: Spec) -> set[tuple[str, ...]]:
    """All that a guideline can be about."""
    found: set[tuple[str, ...]] = set()
    for label in spec.labels:
        found.add((label.key,))
        for attribute in label.attributes:
            values = ["true", "false"] if attribute.kind == "bool" else []
            values += [value.key for value in attribute.values]
            found.add((label.key, attribute.key))
            found |= {(label.key, attribute.key, value) for value in values}
    return found


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_built_in_schema_is_explained_to_the_last_value(language: str) -> None:
    words = guidelines.written("atribusi", language)
    assert set(words) == paths(SPEC)
    for path, said in words.items():
        assert len(said) > 15, path
        assert len(path) != 3 or len(said) < 260, f"{path}: one or two sentences and an example"


@pytest.mark.parametrize("language", ["en", "id"])
def test_no_sign_of_markdown_is_left_over(language: str) -> None:
    for said in guidelines.written("atribusi", language).values():
        assert not re.search(r"[*#`\[\]]", re.sub("<[^>]+>", "", rendered(said))), said


def test_labels_say_when_how_far_and_what_not() -> None:
    for language, heads in (
        ("en", "When. Extent. Not. Example."),
        ("id", "Kapan. Bentang. Bukan. Contoh."),
    ):
        for label in SPEC.labels:
            html = Guidelines(SPEC, language).of_label(label)
            assert re.findall(r"<p><strong>(\w+\.)</strong>", html) == heads.split()


def test_a_language_without_a_file_reads_english() -> None:
    quote = SPEC.label("QUOTE")
    assert quote
    assert Guidelines(SPEC, "fr").of_label(quote) == Guidelines(SPEC, "en").of_label(quote)
    assert Guidelines(SPEC, "fr").of("QUOTE", "type", "direct") != ""


def test_another_schema_shows_what_its_version_says() -> None:
    document = {
        "key": "lain",
        "version": "2",
        "name": {"en": "Other"},
        "relations": [],
        "labels": [
            {"key": "X", "name": {"en": "X"}, "shortcut": "1", "letter": "X", "colour": "actor"}
            | {"line": "solid", "guideline": {"en": "Mark *all* of it.", "id": "Tandai semua."}}
        ],
    }
    spec = spec_of(document)
    [label] = spec.labels
    assert Guidelines(spec, "en").of_label(label) == "<p>Mark <em>all</em> of it.</p>\n"
    assert Guidelines(spec, "id").of_label(label) == "<p>Tandai semua.</p>\n"
    assert Guidelines(spec, "en").of("X", "none") == ""


def test_words_stand_under_their_headings() -> None:
    text = "before\n# A\nof a\n\n## b\n### c\nof c\n### d\n# E\nof e # not one\n#no\n"
    assert parse(text) == {
        ("A",): "of a",
        ("A", "b"): "",
        ("A", "b", "c"): "of c",
        ("A", "b", "d"): "",
        ("E",): "of e # not one\n#no",
    }


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("[x](javascript:alert(1))", "[x]"),
        ("[x](data:text/html;base64,AA)", "[x]"),
        ("[x](//evil.example)", "[x]"),
        ("![x](https://evil.example/x.png)", "!<a"),
        ("# A heading", "# A heading"),
        ("[x](https://a.example/?a=1&b=2)", 'rel="noopener noreferrer" target="_blank"'),
    ],
)
def test_what_could_harm_is_text(markdown: str, shown: str) -> None:
    assert shown in rendered(markdown)
    assert_harmless(rendered(markdown))


@given(st.text(alphabet="<>[]()!*_`#&\"'=/:ajscript \n\u202e"))
def test_whatever_is_written_the_page_stays_whole(markdown: str) -> None:
    assert_harmless(rendered(markdown))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        assert {name for name, _ in attrs} <= {"href", "title", "rel", "target", "start", "class"}
        assert all(re.match("https?://|mailto:", v or "") for n, v in attrs if n == "href")
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("br", "hr"):
            assert self.open.pop() == tag


def assert_harmless(html: str) -> None:
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert tags.open == []
