"""What an annotator looks for in their own articles, and what the places they chose become."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.corpora.searching.criteria import Criteria, Hands
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.spans.labelling import MOST_PLACES, Chosen
from annotations.web.kwic import KwicForm

LONGEST_PLACE = 2_000
"""Code points; a place that was found is never as long."""

_PLACE = re.compile(r"([0-9]{1,18}):([0-9]{1,9}):([0-9]{1,9})", re.ASCII)


class OwnForm(KwicForm):
    """Words in one's own articles of a campaign; sent in the address. `all`: every place of the
    page is chosen from the beginning."""

    beside = ("sort",)

    all = forms.BooleanField(required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["q"].label = _("Words in your articles")

    def criteria(self, campaign: Campaign, by: User) -> Criteria:
        return Criteria(terms=self.cleaned_data.get("q") or (), hands=Hands(campaign.pk, by.pk))


class LabelForm(forms.Form):
    """The places that were chosen, and their label. `form`: the key of the page they were chosen
    on, which makes a repeat of the request harmless."""

    form = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: "QueryDict | None", *, campaign: Campaign, **more: Any) -> None:
        super().__init__(data, **more)
        self.ticked: Sequence[str] = data.getlist("place") if data is not None else ()
        labels = spec_of(campaign.schema_id).labels
        self.fields["label"] = forms.ChoiceField(
            label=_("Label"),
            choices=[("", "—"), *((label.key, named(label.name)) for label in labels)],
            error_messages={"required": _("Choose the label that these places shall have.")},
        )

    def clean(self) -> None:
        if not self.ticked:
            raise forms.ValidationError(_("No place was chosen. Tick those that you mean."))
        if len(self.ticked) > MOST_PLACES:
            message = _("Label at most %(most)s places at once. Nothing was labelled.")
            raise forms.ValidationError(message, params={"most": MOST_PLACES})
        places = [_place(told) for told in self.ticked]
        known = {place for place in places if place is not None}
        if len(known) < len(set(self.ticked)):
            raise forms.ValidationError(
                _("Some of these places cannot be read. Nothing was labelled; look again.")
            )
        self.cleaned_data["places"] = known

    @property
    def places(self) -> Collection[Chosen]:
        """What was chosen; only of a valid form."""
        chosen: Collection[Chosen] = self.cleaned_data["places"]
        return chosen


def written_place(place: Chosen) -> str:
    """A place as the form sends it."""
    return f"{place.assignment}:{place.start}:{place.end}"


def _place(told: str) -> Chosen | None:
    found = _PLACE.fullmatch(told)
    if found is None:
        return None
    place = Chosen(*map(int, found.groups()))
    return place if 0 < place.end - place.start <= LONGEST_PLACE else None
