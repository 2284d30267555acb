"""The lines of a concordance, as every screen that has one shows them."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.corpora.searching.concordance import MOST, Line, Sort
from annotations.web.finding import WordsForm
from annotations.web.shell import way_to

LINES_A_PAGE = 50


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


def way_to_line(corpus: str, line: Line) -> str:
    """The address of the article, at the words found; `corpus` is a slug."""
    article = way_to("article", corpus, line.article)
    return f"{article}?from={line.start}&to={line.end}#hit"
