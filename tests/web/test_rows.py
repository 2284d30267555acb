"""The rows of long tables, which have no template, say what one would and nothing else."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from annotations.corpora.searching.about import Heading
from annotations.templatetags.library import article_rows, concordance_rows
from annotations.web.kwic import Words
from annotations.web.library.concordance import ShownLine
from annotations.web.library.listing import Row, Snippet

BAD = "<i>\"x\"&'y'"
SAFE = "&lt;i&gt;&quot;x&quot;&amp;&#x27;y&#x27;"
DAY = datetime(2024, 10, 31, tzinfo=UTC)


def row(**more: object) -> Row:
    told = {
        "key": 1234,
        "title": BAD,
        "source": BAD,
        "published": DAY,
        "language": BAD,
        "length": 12_345,
        "snippet": Snippet(BAD, BAD, BAD),
        "tags": [BAD],
        "cluster": 7,
        "alike": 3,
    }
    return Row(**(told | more))  # type: ignore[arg-type]


def test_nothing_of_an_article_becomes_markup() -> None:
    told = article_rows([row()], "/corpora/a/", "/corpora/a/articles/", True)
    assert told.count(SAFE) == 7
    assert "<i>" not in told
    assert 'href="/corpora/a/articles/1234/">' in told
    assert 'value="1234"' in told
    assert (
        '<a class="library-alike" href="/corpora/a/?cluster=7">3 articles tell this story' in told
    )


def test_what_an_article_has_not_is_left_out() -> None:
    bare = row(title="", published=None, snippet=None, tags=[], alike=0)
    told = article_rows([bare, bare], "/corpora/a/", "/corpora/a/articles/", False)
    assert told.count("<tr>") == told.count(">Without a title</a></th>") == 2
    assert told.count(">—</td>") == 2
    assert "checkbox" not in told


@pytest.mark.parametrize(
    ("language", "number", "day"),
    [("en", "12,345", "31 Oct 2024"), ("id", "12.345", "31 Okt 2024")],
)
def test_rows_speak_the_language_of_the_page(language: str, number: str, day: str) -> None:
    with override(language):
        told = article_rows([row()], "/corpora/a/", "/corpora/a/articles/", False)
    assert f">{number}</td>" in told
    assert f">{day}</time>" in told
    assert ('data-label="Characters"' in told) is (language == "en")


def test_nothing_of_a_line_becomes_markup() -> None:
    words = Words(BAD, BAD, BAD)
    told = concordance_rows([ShownLine(Heading(BAD, BAD, DAY), f"/a/?{BAD}", words)])
    assert told.count(SAFE) == 6
    assert "<i>" not in told
    bare = concordance_rows([ShownLine(Heading("", "", None), "", words)])
    assert "Without a title" in bare
    assert "<a " not in bare
    assert " · " not in bare
