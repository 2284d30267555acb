"""The lines of a concordance: their words, and the way to where they stand."""

import pytest

from annotations.corpora.searching.concordance import Line
from annotations.corpora.searching.matching import stretch
from annotations.web.kwic import led_to, words


def line(text: str) -> Line:
    """The place between the brackets of a text."""
    start, end = text.index("["), text.index("]") - 1
    return Line(7, *stretch(text.replace("[", "").replace("]", ""), start, end))


def test_what_was_broken_or_spaced_stands_on_one_line() -> None:
    shown = words(line("Kata\n\nsang  [menteri\r\nitu] \t lagi"))
    assert (shown.left, shown.hit, shown.right) == ("Kata sang ", "menteri itu", " lagi")


@pytest.mark.parametrize(
    ("text", "led"),
    [
        ("[menteri]", "menteri"),
        ("Kata para “[menteri] baru”, lagi dan lagi", "Kata%20para%20%E2%80%9C-,menteri,-baru"),
        ("a-b, c&d [juru bicara]", "a%2Db%2C%20c%26d-,juru%20bicara"),
        ("Satu baris.\nKata [menteri]\nlain lagi", "Kata-,menteri"),
        ("[ma-\nsuk] kota", "ma%2D%20suk,-kota"),
        ("x" * 99 + " kata [menteri] lain " + "y" * 99, "kata-,menteri,-lain"),
        ("x" * 99 + "–[menteri]–" + "y" * 99, "menteri"),
    ],
)
def test_a_browser_is_led_to_the_words_by_those_beside_them(text: str, led: str) -> None:
    told = led_to("/desk/1/", line(text))
    assert told.startswith(f"/desk/1/#:~:text={led}")
