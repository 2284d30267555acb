"""What becomes of the columns of files, as a form: the questions, their answers, and the first rows
as those answers have them read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations.corpora.looking import Seen
from annotations.corpora.readers.columns import (
    DROPPED,
    KEPT,
    NO_WISH,
    Wish,
    becoming,
    folded,
    targets,
)
from annotations.corpora.readers.dates import Order, moment
from annotations.corpora.readers.drafts import Place, UnfitError
from annotations.corpora.readers.fields import draft
from annotations.corpora.readers.heads import Group, HeadRow
from annotations.corpora.reasons import sentence
from annotations.web.library.mapping import Choice, Question

FIELDS: Mapping[str, str | Promise] = {
    "text": gettext_lazy("Text"),
    "title": gettext_lazy("Title"),
    "published": gettext_lazy("Published"),
    "source": gettext_lazy("Source"),
    "author": gettext_lazy("Author"),
    "url": gettext_lazy("Address"),
    "language": gettext_lazy("Language"),
    "external_id": gettext_lazy("Id outside"),
}
ORDERS: Mapping[str, str | Promise] = {
    "": gettext_lazy("as the dates of each file show"),
    Order.DAY: gettext_lazy("the day first: 31/12/2024"),
    Order.MONTH: gettext_lazy("the month first: 12/31/2024"),
}
_EXAMPLE = 80


@dataclass(frozen=True, slots=True)
class Dating:
    """How the dates of each file were read, where nobody said it: `usual` where nothing told."""

    usual: Order
    orders: Mapping[str, Order] = field(default_factory=dict)
    unsure: Collection[str] = ()

    def order_in(self, file: str) -> Order:
        return self.orders.get(file, self.usual)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One of the first articles as it would be loaded, or why it would not."""

    file: str
    line: int
    title: str = ""
    published: datetime | None = None
    source: str = ""
    author: str = ""
    text: str = ""
    length: int | None = None
    fault: str = ""


@dataclass(slots=True)
class Asked:
    """Files with the same columns. `rows` are as the answers have them read; `unsure` tells that
    the order of their dates was taken from nowhere."""

    number: int
    group: Group
    columns: list[Question]
    order: Question
    remembered: bool = False
    unsure: bool = False
    rows: Sequence[ShownRow] = field(default_factory=list)

    @property
    def more_files(self) -> int:
        return self.group.files - 1

    @property
    def has_text(self) -> bool:
        return any(column.answer == "text" for column in self.columns)

    @property
    def refused(self) -> int:
        return sum(bool(row.fault) for row in self.rows)

    @property
    def faults(self) -> int:
        return sum(bool(question.fault) for question in (*self.columns, self.order))

    def wish(self) -> Wish:
        """The answers. Of objects only those that differ from what a key means: in an object
        without it, another key may mean the same."""
        meant = self.group.meant() if self.group.objects else {}
        answers = {column.name: column.answer for column in self.columns}
        columns = {name: to for name, to in answers.items() if meant.get(name) != to}
        order = Order(self.order.answer) if self.order.answer else None
        return Wish(columns, order, self.group.wish_names)


def asked(seen: Seen, dating: Dating, given: Mapping[str, Any] | None = None) -> list[Asked]:
    """Return what to ask of these files, with the answers `given`, else with those under which
    they were read."""
    told = len(seen.wishes) - seen.remembered
    before = {wish.names for wish in seen.wishes[told:]}
    questions = []
    for number, group in enumerate(seen.groups):
        wish = next((one for one in seen.wishes if one.names == group.wish_names), NO_WISH)
        one = _asked(number, group, wish)
        one.remembered = group.wish_names in before
        if given is not None:
            _fill(one, given)
        wish = one.wish()
        one.unsure = not wish.order and any(row.file in dating.unsure for row in group.rows)
        one.rows = [
            _shown(row, group.columns(row, wish), wish.order or dating.order_in(row.file))
            for row in group.rows
        ]
        questions.append(one)
    return questions


def _asked(number: int, group: Group, wish: Wish) -> Asked:
    answers = _answers(group, wish)
    columns = [
        Question(
            f"column-{number}-{at}", name, 0, _example(group, name), answers[name], _choices(name)
        )
        for at, name in enumerate(group.names)
    ]
    orders = [Choice(value, words) for value, words in ORDERS.items()]
    return Asked(
        number, group, columns, Question(f"order-{number}", "", 0, "", wish.order or "", orders)
    )


def _answers(group: Group, wish: Wish) -> dict[str, str]:
    if group.objects:
        return {name: becoming(name, wish) or to for name, to in group.meant().items()}
    return dict(zip(group.names, targets(group.names, wish), strict=True))


def _choices(name: str) -> list[Choice]:
    fields = [Choice(field, words) for field, words in FIELDS.items()]
    inner = [Choice("metadata", _("Metadata: its own keys"))] if folded(name) == "metadata" else []
    return [*fields, *inner, Choice(KEPT, _("keep as metadata")), Choice(DROPPED, _("leave out"))]


def _example(group: Group, name: str) -> str:
    values = (str(row.values[name]) for row in group.rows if name in row.values)
    first = next(values, "")
    return f"{first[:_EXAMPLE]}…" if len(first) > _EXAMPLE else first


def _fill(one: Asked, given: Mapping[str, Any]) -> None:
    for question in (*one.columns, one.order):
        answer = str(given.get(question.key, question.answer))
        if answer in {choice.value for choice in question.choices}:
            question.answer = answer
        else:
            question.fault = _("Choose one of the list.")
    if not one.group.objects:
        _refuse_twice(one.columns)


def _refuse_twice(columns: Sequence[Question]) -> None:
    taken: set[str] = set()
    for column in columns:
        if column.answer in taken:
            column.fault = _("Another column was chosen for this already.")
        elif column.answer not in (KEPT, DROPPED):
            taken.add(column.answer)


def _shown(row: HeadRow, columns: Mapping[str, str], order: Order) -> ShownRow:
    """The row as an article, as far as its beginning tells."""
    place = Place(row.file, row.line, 0)
    given = {to: name for to, name in columns.items() if name in row.values}
    told = {to: row.values[name] for to, name in given.items() if to != "metadata"}
    length = row.lengths.get(columns.get("text", ""))
    try:
        article = draft(told, place, "", None, partial(moment, order=order))
    except UnfitError as unfit:
        said = {to: str(value) for to, value in told.items()}
        return ShownRow(
            row.file,
            row.line,
            title=said.get("title", ""),
            source=said.get("source", ""),
            author=said.get("author", ""),
            text=said.get("text", ""),
            length=length,
            fault=sentence(unfit.in_column(columns)),
        )
    return ShownRow(
        row.file,
        row.line,
        article.title,
        article.published,
        article.source,
        article.author,
        article.text,
        length,
    )


def documents(rows: Sequence[HeadRow]) -> list[ShownRow]:
    """The first articles of files without columns."""
    fields = ("title", "published", "source", "author", "text")
    return [
        _shown(row, {name: name for name in fields if name in row.values}, Order.DAY)
        for row in rows
    ]
