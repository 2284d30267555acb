import pytest

from annotations.demo.corpus import read_article
from annotations.demo.misspelled import MisspelledError
from annotations.demo.pages import FIELDS, cut

FRONT = "\n".join(f"{field}: {field}!" for field in FIELDS)
PAGE = f"{FRONT}\n---\nSatu.\n\nDua: tiga.\n\n== siti ==\na1 ACTOR `Satu`\n\n== bayu ==\n"


def test_a_page_falls_into_fields_text_and_sections() -> None:
    page = cut("x.txt", PAGE)
    assert page.fields["title"] == "title!"
    assert page.text == "Satu.\n\nDua: tiga."
    assert [line.text for line in page.sections["siti"]] == ["a1 ACTOR `Satu`"]
    assert page.sections["bayu"] == ()


def test_a_line_keeps_its_number_in_the_file() -> None:
    line = cut("x.txt", PAGE).sections["siti"][0]
    assert PAGE.split("\n")[line.number - 1] == line.text


def test_an_article_has_a_layer_for_every_section() -> None:
    assert set(read_article("x.txt", PAGE).layers) == {"a", "b"}


@pytest.mark.parametrize(
    ("content", "where", "why"),
    [
        (FRONT, "x.txt:8", "no line ---"),
        (PAGE.replace("author: author!\n", ""), "x.txt:8", "missing: author"),
        (PAGE.replace("author:", "autor:"), "x.txt:4", "not a field, or twice"),
        (PAGE.replace("author:", "title:"), "x.txt:4", "not a field, or twice"),
        (PAGE.replace("bayu", "siti"), "x.txt:17", "a second section of siti"),
        (PAGE.replace("bayu", "tono"), "x.txt:17", "a section of nobody: tono"),
    ],
)
def test_a_bad_page_is_refused_with_its_line(content: str, where: str, why: str) -> None:
    with pytest.raises(MisspelledError) as refused:
        read_article("x.txt", content)
    assert str(refused.value).startswith(f"{where}: {why}")
