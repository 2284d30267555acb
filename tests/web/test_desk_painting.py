from html.parser import HTMLParser
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.schema.spec import builtin_document, parse
from annotations.spans.requests import SpanImage
from annotations.text import graphemes
from annotations.text.blocks import cut, cutting
from annotations.web.desk.painting import IN_SIGHT, badge_of, bare, painted, parted

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
    seen = read(painted(TEXT, cut(TEXT, "id"), given, SPEC))
    assert "".join(character for character, _ in seen) == TEXT
    for offset, (_, over) in enumerate(seen):
        expected = {
            str(one.id)
            for one in given
            if any(start <= offset < end for start, end in one.fragments)
        }
        assert over == expected


def test_what_is_in_sight_and_the_rest_are_the_whole_text() -> None:
    paragraph = "Laras bicara di dermaga. " * 40 + "\n"
    text = paragraph * (2 * IN_SIGHT // len(paragraph))
    shown, beyond = parted(cutting(text, "id"))
    others = list(beyond)
    assert (*shown, *others) == cut(text, "id")
    assert shown[-1].start < IN_SIGHT <= others[0].start
    given = [span((at, at + 5)) for at in range(0, len(text), len(paragraph))]
    first = read(painted(text, shown, given, SPEC))
    rest = read(bare(text, others))
    assert "".join(character for character, _ in first + rest) == text
    assert sum(bool(over) for _, over in first) == 5 * len(shown)
    assert not any(over for _, over in rest)


def test_a_short_text_has_no_rest() -> None:
    shown, beyond = parted(cut(TEXT, "id"))
    assert (tuple(shown), list(beyond)) == (cut(TEXT, "id"), [])
    assert not parted(())[0]


@pytest.mark.parametrize("between", ["\n", ""])
def test_what_is_beyond_is_not_cut_before_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    """Not even where the article is one paragraph: its sentences are looked for one by one."""
    looked_at = []
    known = graphemes.is_boundary

    def looking(text: str, at: int) -> bool:
        looked_at.append(at)
        return known(text, at)

    monkeypatch.setattr(graphemes, "is_boundary", looking)
    text = between.join(["Laras bicara di dermaga. " * 100] * 40)
    shown, _beyond = parted(cutting(text, "id"))
    assert 0 < len(looked_at) < len(text) / 25 / 4  # a sentence has 25 characters
    assert shown


def test_a_stance_shows_its_sign_and_an_unknown_label_a_question() -> None:
    assert badge_of(span((0, 4), label="STANCE", polarity="against"), SPEC) == "S−"
    assert badge_of(span((0, 4), label="STANCE"), SPEC) == "S"
    assert badge_of(span((0, 4), label="GONE"), SPEC) == "?"


def test_a_label_the_schema_lost_is_painted_all_the_same() -> None:
    assert 'data-colour="accent" data-line="solid"' in painted(
        TEXT, cut(TEXT, "id"), [span((0, 4), label="GONE")], SPEC
    )


@pytest.mark.parametrize(("language", "direction"), [("id", "ltr"), ("ar", "rtl")])
def test_the_rest_of_a_long_paragraph_keeps_its_direction(language: str, direction: str) -> None:
    text = "١٢٣ " * 900
    html = painted(text, cut(text, language), [], SPEC)
    assert html.count('dir="auto"') == 1
    assert f'dir="{direction}" class="continues"' in html


def test_letters_of_spans_that_begin_together_stand_side_by_side() -> None:
    html = painted(TEXT, cut(TEXT, "id"), [span((0, 4)), span((0, 10), label="ACTOR")], SPEC)
    assert html.count("data-badge=") == 2
    assert html.count('data-nth="1"') == 1
