"""Which quotation marks belong together."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.text.quotemarks import scan


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in scan(text).outermost()]


@pytest.mark.parametrize(
    ("text", "outermost"),
    [
        ("Ia berkata “ya” lalu “tidak”.", ["“ya”", "“tidak”"]),
        ('Ia berkata "ya" lalu "tidak".', ['"ya"', '"tidak"']),
        ("“Ia bilang «pergi» kepada kami”", ["“Ia bilang «pergi» kepada kami”"]),
        ("Er sagte „nein“ und ging.", ["„nein“"]),
        ("Zei „nee” en ging.", ["„nee”"]),
        ("彼は「はい」と言った", ["「はい」"]),
        ("“Satu,\n“dua,\n“tiga.” Selesai.", ["“Satu,\n“dua,\n“tiga.”"]),
        ('“Kata dia "ya" saja”', ['“Kata dia "ya" saja”']),
        ("tanpa tanda", []),
    ],
)
def test_pairs_are_found_whatever_their_kind(text: str, outermost: list[str]) -> None:
    assert pieces(text) == outermost
    assert scan(text).alone == ()


@pytest.mark.parametrize(
    ("text", "alone"),
    [("“tak tertutup", (0,)), ("tak dibuka”", (10,)), ('5" lebar', (1,)), ("“satu «dua”", (6,))],
)
def test_a_mark_without_a_partner_stands_alone(text: str, alone: tuple[int, ...]) -> None:
    assert scan(text).alone == alone


@given(st.text(alphabet='“”„«»「」"ab \n', max_size=40))
def test_every_pair_begins_and_ends_with_a_mark_and_none_is_used_twice(text: str) -> None:
    marks = scan(text)
    used = [at for start, end in marks.pairs for at in (start, end - 1)]
    assert len({*used, *marks.alone}) == len(used) + len(marks.alone)
    assert all(text[at] in '“”„«»「」"' for at in [*used, *marks.alone])
    outer = marks.outermost()
    assert all(first[1] <= second[0] for first, second in pairwise(outer))
