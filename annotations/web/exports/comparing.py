"""What changed from one export of a campaign to another: a page, and the whole as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from annotations import policy
from annotations.assignments.models import Campaign
from annotations.exchange.comparison import Comparison, Unordered, Unreadable
from annotations.exchange.differing import Change
from annotations.exchange.handing_out import attachment
from annotations.exchange.models import Export
from annotations.exchange.ranges import watched
from annotations.exchange.store import path_of
from annotations.web.exports import presenters
from annotations.web.exports.private import kept_in
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, refusal

OFFERED, SHOWN = 100, 200
"""Exports that can be chosen, the newest; changes that the page lists, the first."""


class CompareForm(forms.Form):
    """Two exports of a campaign that have a file."""

    def __init__(self, data: QueryDict | None, *, campaign: Campaign) -> None:
        super().__init__(data or None)
        rows = presenters.finished(campaign).filter(expired_at=None)[:OFFERED]
        self._exports = {str(export.pk): export for export in rows}
        choices = [(key, _named(export)) for key, export in self._exports.items()]
        for name, label in (("before", gettext_lazy("From")), ("after", gettext_lazy("To"))):
            self.fields[name] = forms.ChoiceField(label=label, choices=choices)

    def exports(self) -> tuple[Export, Export]:
        """Those that were chosen; only of a valid form."""
        told = self.cleaned_data
        return self._exports[told["before"]], self._exports[told["after"]]


@dataclass(frozen=True, slots=True)
class CountRow:
    """How many things of a kind were added, changed, removed."""

    what: str
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of a thing as it was and as it is; "" where one side has none."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    change: Change
    sign: str
    what: str
    fields: Sequence[FieldRow]


@require_safe
@may(policy.SEE_EXPORTS)
def compare(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """The two exports that the address names, compared by reading both; or a form that asks."""
    form = CompareForm(request.GET, campaign=campaign)
    context: dict[str, Any] = {"campaign": campaign, "form": form}
    if form.is_valid():
        try:
            context |= _found(_comparison(request, form), request.GET.urlencode())
        except (Unreadable, Unordered) as error:
            context["error"] = error
        except FileNotFoundError:
            raise Http404 from None
    return page(request, "exports/compare.html", context)


@require_safe
@may(policy.SEE_EXPORTS)
def whole(request: HtmxRequest, campaign: Campaign) -> HttpResponse | StreamingHttpResponse:
    """All of it as JSON, written while it is sent. What would break it is found out before."""
    form = CompareForm(request.GET, campaign=campaign)
    if not form.is_valid():
        return refusal(_("Choose two exports that have a file."), error="choice", status=422)
    try:
        compared = _comparison(request, form)
        for _change in compared.changes():
            pass
        compared.counts.clear()
    except (Unreadable, Unordered) as error:
        return refusal(str(error), error="damaged", status=409)
    except FileNotFoundError:
        raise Http404 from None
    exports = form.exports()
    pieces = watched(
        compared.as_json(*(str(export.pk) for export in exports)),
        lambda: all(policy.may_still_download(request.user, export) for export in exports),
    )
    response = StreamingHttpResponse(pieces, content_type="application/json")
    response.headers["Content-Disposition"] = attachment(f"{campaign.slug}.diff.json")
    return kept_in(response)


def _comparison(request: HtmxRequest, form: CompareForm) -> Comparison:
    exports = form.exports()
    if not all(policy.DOWNLOAD.allows(request.user, export) for export in exports):
        raise PermissionDenied
    before, after = (path_of(bytes(export.sha256 or b"")) for export in exports)
    return Comparison(before, after)


def _found(compared: Comparison, query: str) -> dict[str, Any]:
    changes = compared.changes()
    rows = [_row(change) for change in islice(changes, SHOWN)]
    for _change in changes:  # to the end, for the counts
        pass
    counts = [
        CountRow(_what(what), **by) for what, by in compared.table().items() if any(by.values())
    ]
    return {
        "compared": True,
        "changes": rows,
        "counts": counts,
        "more": compared.counts.total() - len(rows),
        "query": query,
    }


def _row(change: Change) -> ChangeRow:
    old, new = change.old or {}, change.new or {}
    fields = [
        FieldRow(name, _said(old, name), _said(new, name))
        for name in sorted(old.keys() | new.keys())
        if name != "id" and (old.get(name) or new.get(name))
    ]
    sign = {"added": "+", "changed": "~", "removed": "−"}[change.how]
    return ChangeRow(change, sign, _what(change.what), fields)


def _said(side: dict[str, Any], name: str) -> str:
    return _in_words(side.get(name))


def _in_words(value: Any) -> str:
    """A value; of what has keys, what stands under each; several things one after the other."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_in_words(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(map(_in_words, value))
    return "" if value is None else str(value)


def _what(what: str) -> str:
    return {
        "article": _("Article"),
        "entity": _("Entity"),
        "layer": _("Layer"),
        "span": _("Span"),
        "relation": _("Relation"),
        "note": _("Note"),
        "message": _("Message"),
        "waiver": _("Waiver"),
        "settlement": _("Settlement"),
    }[what]


def _named(export: Export) -> str:
    made = date_format(export.created_at, "j M Y, H:i")
    return f"{made} UTC · {bytes(export.sha256 or b'').hex()[:8]}"
