"""HTML of strangers: parsed whole or refused, and its text with the gaps that people see."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from annotations.corpora.readers.blocks import Tags, text_of
from annotations.corpora.readers.drafts import UnfitError
from annotations.corpora.readers.hypertext import is_crowded, parse_html

TAGS = Tags(
    paragraphs=frozenset(("p", "ul")),
    lines=frozenset(("li",)),
    cells=frozenset(("td",)),
    breaks=frozenset(("br",)),
    kept=frozenset(("pre",)),
    dropped=frozenset(("script",)),
)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p> a  b\n c </p>", "a b c"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a <b>b</b>c<i> d</i></p>", "a bc d"),
        ("a<p>b</p>c", "a\n\nb\n\nc"),
        ("<p>a<br>b</p>", "a\nb"),
        ("<p>a<br> <br>b</p>", "a\n\nb"),
        ("<ul><li>a</li><li>b</li></ul>c", "a\nb\n\nc"),
        ("<table><tr><td>a</td> <td>b</td></tr></table>", "a\tb"),
        ("<p>a<script>x<b>y</b></script>b</p>", "ab"),
        ("<pre>a\n  <b>b </b> c</pre>", "a\n  b  c"),
        ("<p></p><p> </p>", ""),
        ("a&nbsp;b&#173;c&zwj;", "a\u00a0b\u00adc\u200d"),
        ("a&#0;b&#x1f;c&#31;d&#xFFFF;e&#128512;&#12;3&#123;", "abcde😀3{"),
    ],
)
def test_the_text_has_the_gaps_people_see(markup: str, text: str) -> None:
    assert text_of(parse_html(f"<body>{markup}"), TAGS) == text


def test_comments_and_instructions_have_no_text_but_what_follows_them_has() -> None:
    root = etree.fromstring("<p>a<!--x-->b<?y z?>c<script>d</script>e</p>")
    assert text_of(root, TAGS) == "abce"


def test_scripts_and_long_values_are_no_crowd() -> None:
    words = "a=1 " * 2_000
    assert not is_crowded(f"<script>if (a<b) {words}</script><p title='{words}'>x</p>")
    assert not is_crowded(f"<!-- <p {words}> --><style><p {words}></style>")
    assert is_crowded(f"<script>a<b</script><p {words}>")
    assert is_crowded(f"<P\n{words}")
    assert not is_crowded("<p " + "a=1 " * 999)


@pytest.mark.parametrize("markup", ["", " ", "\0", "<!--x-->"])
def test_nothing_is_no_page(markup: str) -> None:
    with pytest.raises(UnfitError):
        parse_html(markup)


@settings(deadline=None)
@given(st.text(st.sampled_from("<>/&;#x!-\"'=a p\n\0é😀0123456789"), max_size=200))
def test_no_markup_breaks_the_parser(markup: str) -> None:
    try:
        text = text_of(parse_html(markup), TAGS)
    except UnfitError:
        return
    assert "\0" not in text
