"""Which spans of a campaign are looked for."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments.models import Campaign, Kind, Status
from annotations.registry.models import Entity
from annotations.registry.queries import Candidate, Reader, candidates, family
from annotations.registry.services import MAX_NAME
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.schema.spec import CANNOT_TELL, Attribute, Spec
from annotations.spans.concordance import Wanted
from annotations.text.names import fold
from annotations.web.kwic import KwicForm
from annotations.web.labels import value_name, written_value

GOLD = "gold"
SUBMITTED = (Status.SUBMITTED,)
WITH_OPEN = (Status.SUBMITTED, Status.OPEN, Status.REOPENED, Status.SKIPPED)
PEOPLE_OFFERED = 500
_LARGEST_KEY = 2**63 - 1

Value = tuple[str, str, str | bool | None]
"""A label, an attribute, and what it is set to; None: not set."""


class SpansForm(KwicForm):
    """Spans by their own words and by what was said of them; sent in the address. `meant` are the
    entities that a name may mean, where it means no single one."""

    beside = ("label", "value", "entity", "annotator", "layers", "sort")

    entity = forms.CharField(
        label=gettext_lazy("Entity"), required=False, max_length=MAX_NAME, strip=True
    )
    layers = forms.ChoiceField(
        label=gettext_lazy("Layers"),
        required=False,
        choices=[
            ("", gettext_lazy("Submitted")),
            ("open", gettext_lazy("Open, reopened and set aside, too")),
        ],
    )
    after = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST_KEY)

    def __init__(self, data: Any, *, campaign: Campaign, by: User) -> None:
        super().__init__(data)
        self._registry, self._by = campaign.corpus.registry, by
        self.meant: Sequence[Candidate] = ()
        self.known: Entity | None = None
        spec = spec_of(campaign.schema_id)
        self._values = {_written(value): value for value in _values(spec)}
        self.fields["q"].label = _("Words of the span")
        anything = ("", _("Any"))
        self.fields["label"] = forms.ChoiceField(
            label=_("Label"),
            required=False,
            choices=[anything, *((label.key, named(label.name)) for label in spec.labels)],
        )
        self.fields["value"] = forms.ChoiceField(
            label=_("Value"), required=False, choices=[anything, *_offered(spec)]
        )
        self.fields["annotator"] = forms.ChoiceField(
            label=_("Annotator"),
            required=False,
            choices=[anything, *_people(campaign), (GOLD, _("Gold"))],
        )

    def clean_entity(self) -> Collection[int]:
        """The entity, and all that was merged into it."""
        told: str = self.cleaned_data["entity"]
        if not told:
            return ()
        self.known = self._found(told)
        if self.known is None:
            if self.meant:
                raise forms.ValidationError(_("Several may be meant. Choose one of these."))
            raise forms.ValidationError(_("The registry knows nobody by this name."))
        return family(self.known)

    def clean(self) -> None:
        told = self.cleaned_data
        of_label, *_rest = self._values.get(told.get("value", ""), ("",))
        if of_label and told.get("label") not in ("", None, of_label):
            self.add_error("value", _("The label that was chosen has no such value."))

    def wanted(self) -> Wanted:
        """What is asked for; only of a valid form."""
        told = self.cleaned_data
        label, attribute, value = self._values.get(told["value"], ("", "", None))
        who = told["annotator"]
        return Wanted(
            statuses=WITH_OPEN if told["layers"] else SUBMITTED,
            terms=told["q"],
            label=told["label"] or label,
            attribute=attribute,
            value=value,
            entities=told["entity"],
            annotator=int(who) if who and who != GOLD else None,
            gold=who == GOLD,
        )

    def _found(self, told: str) -> Entity | None:
        """The entity with this key, or the only one of this name. Two queries."""
        known = policy.entities_seen_by(self._by, self._registry)
        try:
            return known.filter(uuid=UUID(told)).first()
        except ValueError:
            pass
        self.meant = candidates(self._registry.pk, told, Reader(self._by.pk))
        same = [one for one in self.meant if fold(told) in (fold(one.name), fold(one.alias))]
        only = same if len(same) == 1 else self.meant if len(self.meant) == 1 else []
        return known.filter(uuid=only[0].uuid).first() if only else None


def _people(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Who labels in the campaign, or did. One query."""
    passes = campaign.assignments.filter(kind=Kind.ANNOTATOR, annotator__isnull=False)
    worked = passes.values("annotator")
    who = User.objects.filter(Q(pk__in=worked) | Q(pk__in=campaign.places.values("user")))
    for person in who.order_by("username")[:PEOPLE_OFFERED]:
        yield str(person.pk), str(person)


def _values(spec: Spec) -> Iterator[Value]:
    for label in spec.labels:
        for attribute in label.attributes:
            for value in _of(attribute):
                yield label.key, attribute.key, value


def _of(attribute: Attribute) -> Sequence[str | bool | None]:
    """What may be asked for; free text cannot, but that there is none."""
    if attribute.kind == "text":
        return (None,)
    if attribute.kind == "bool":
        return (True, False, None)
    return (*(value.key for value in attribute.values), CANNOT_TELL, None)


def _written(value: Value) -> str:
    label, attribute, set_to = value
    return f"{label}.{attribute}" + ("" if set_to is None else f"={written_value(set_to)}")


def _offered(spec: Spec) -> Iterator[tuple[str, Sequence[tuple[str, str]]]]:
    for label in spec.labels:
        for attribute in label.attributes:
            yield (
                f"{named(label.name)} · {named(attribute.name)}",
                [
                    (_written((label.key, attribute.key, value)), value_name(attribute, value))
                    for value in _of(attribute)
                ],
            )
