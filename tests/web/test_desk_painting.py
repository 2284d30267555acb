from html.parser import HTMLParser
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.schema.spec import builtin_document, parse
from annotations.spans.requests import SpanImage
from annotations.web.desk.painting import IN_SIGHT, badge_of, begun, painted

SPEC = parse(builtin_document())
LABELS = [label.key for label in SPEC.labels]
TEXT = "Satu <dua>\r\n\r\n“tiga & empat”\nقال 🚢 lima.\n"


class Reader(HTMLParser):
    """The text as a browser reads it, with the spans over each character."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.read: list[tuple[str, frozenset[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "mark":
            self.open.append(dict(attrs)["data-span"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.read += [(character, frozenset(self.open)) for character in data]


def read(html: str) -> list[tuple[str, frozenset[str]]]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader.read


def span(*fragments: tuple[int, int], label: str = "QUOTE", **attributes: str) -> SpanImage:
    text = [TEXT[start:end] for start, end in fragments]
    return SpanImage(uuid4(), label, [list(pair) for pair in fragments], text, {**attributes})


@st.composite
def spans(draw: st.DrawFn) -> SpanImage:
    offsets = draw(st.lists(st.integers(0, len(TEXT)), min_size=2, max_size=6, unique=True))
    flat = sorted(offsets)[: len(offsets) // 2 * 2]
    pairs = zip(flat[::2], flat[1::2], strict=True)
    return span(*pairs, label=draw(st.sampled_from(LABELS)))


@given(st.lists(spans(), max_size=8))
@settings(max_examples=60)
def test_marks_lie_over_just_the_characters_of_their_spans(given: list[SpanImage]) -> None:
    seen = read(painted(TEXT, "id", given, SPEC))
    assert "".join(character for character, _ in seen) == TEXT
    for offset, (_, over) in enumerate(seen):
        expected = {
            str(one.id)
            for one in given
            if any(start <= offset < end for start, end in one.fragments)
        }
        assert over == expected


def test_what_is_in_sight_comes_painted_and_the_rest_bare() -> None:
    paragraph = "Laras bicara di dermaga. " * 40 + "\n"
    text = paragraph * (2 * IN_SIGHT // len(paragraph))
    given = [span((at, at + 5)) for at in range(0, len(text), len(paragraph))]
    seen = read(begun(text, "id", given, SPEC))
    assert "".join(character for character, _ in seen) == text
    painted_at = [offset for offset, (_, over) in enumerate(seen) if over]
    wanted = [s for one in given for s, _ in one.fragments if s < IN_SIGHT]
    assert sorted({at - at % len(paragraph) for at in painted_at}) == wanted


def test_a_stance_shows_its_sign_and_an_unknown_label_a_question() -> None:
    assert badge_of(span((0, 4), label="STANCE", polarity="against"), SPEC) == "S−"
    assert badge_of(span((0, 4), label="STANCE"), SPEC) == "S"
    assert badge_of(span((0, 4), label="GONE"), SPEC) == "?"


def test_a_label_the_schema_lost_is_painted_all_the_same() -> None:
    assert 'data-colour="accent" data-line="solid"' in painted(
        TEXT, "id", [span((0, 4), label="GONE")], SPEC
    )


@pytest.mark.parametrize(("language", "direction"), [("id", "ltr"), ("ar", "rtl")])
def test_the_rest_of_a_long_paragraph_keeps_its_direction(language: str, direction: str) -> None:
    html = begun("١٢٣ " * 900, language, [], SPEC)
    assert html.count('dir="auto"') == 1
    assert f'dir="{direction}" class="continues"' in html


def test_letters_of_spans_that_begin_together_stand_side_by_side() -> None:
    html = painted(TEXT, "id", [span((0, 4)), span((0, 10), label="ACTOR")], SPEC)
    assert html.count("data-badge=") == 2
    assert html.count('data-nth="1"') == 1
