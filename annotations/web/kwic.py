"""The lines of a concordance, as every screen that has one shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from annotations.corpora.searching.concordance import MOST, Line, Sort
from annotations.corpora.searching.matching import AROUND, stretch
from annotations.web.finding import WordsForm

LINES_A_PAGE = 50
_WORDS_BESIDE = 3
"""Words on each side of a hit by which a browser finds it among others."""


class KwicForm(WordsForm):
    """Whose places are looked for, and the order they are shown in."""

    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            (Sort.FOUND.value, _("As found")),
            (Sort.LEFT.value, _("By the words before")),
            (Sort.HIT.value, _("By the words found")),
            (Sort.RIGHT.value, _("By the words after")),
        ],
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=MOST)

    @property
    def sorting(self) -> Sort:
        return Sort(self.cleaned_data.get("sort") or Sort.FOUND)

    @property
    def page_number(self) -> int:
        return self.cleaned_data.get("page") or 1


@dataclass(frozen=True, slots=True)
class Words:
    """What stands before the words found, they, and what follows; each on one line."""

    left: str
    hit: str
    right: str


def words(line: Line) -> Words:
    """Return the words of a line, where it was broken or spaced otherwise with single spaces."""
    return Words(
        " ".join(line.left.split()) + (" " if line.left[-1:].isspace() else ""),
        " ".join(line.hit.split()),
        (" " if line.right[:1].isspace() else "") + " ".join(line.right.split()),
    )


def articles_url(corpus: str) -> str:
    """Where the addresses of a corpus's articles begin; `corpus` is a slug."""
    return f"{reverse('corpus', args=[corpus])}articles/"


def way_to_line(articles: str, line: Line) -> str:
    """The address of the article, at the words found; `articles` as `articles_url` gave it."""
    return f"{articles}{line.article}/?from={line.start}&to={line.end}#hit"


def led_to(page: str, line: Line) -> str:
    """The address of a page that holds the text, with the way to the words found as browsers
    follow it by themselves (a text fragment); one that knows none opens the page all the same."""
    before = line.left.rpartition("\n")[2].split()
    if len(line.left) == AROUND and before and "\n" not in line.left:
        del before[0]  # the context may begin inside a word
    after = line.right.partition("\n")[0].split()[:_WORDS_BESIDE]
    if len(line.right) == AROUND and "\n" not in line.right:
        after = line.right.split()[:-1][:_WORDS_BESIDE]
    parts = [f"{_quoted(before[-_WORDS_BESIDE:])}-"] if before else []
    parts.append(_quoted(line.hit.split()))
    parts += [f"-{_quoted(after)}"] if after else []
    return f"{page}#:~:text={','.join(parts)}"


def desk_at(layer: int, article: int, text: str, start: int, end: int) -> str:
    """The address of an annotator's layer on the desk, at these words; at the first line of more than
    one."""
    line_end = start + len(text[start:end].partition("\n")[0])
    line = Line(article, *stretch(text, start, line_end))
    desk = reverse("desk", args=[layer])
    return led_to(desk, line) if line.hit else desk


def _quoted(words: Sequence[str]) -> str:
    """Words as they stand in a text fragment, where a hyphen means something, too."""
    return quote(" ".join(words), safe="").replace("-", "%2D")
