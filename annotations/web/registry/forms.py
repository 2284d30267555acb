"""The forms of the registry. What cannot be is refused by the services; forms only read."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from annotations.limits import LIMITS
from annotations.registry.editing import Description, Valid
from annotations.registry.models import Alias, AliasKind, Entity, EntityType, LinkKind
from annotations.registry.services import MAX_NAME, BadEntity


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])


class EntityForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=MAX_NAME)
    type = forms.ChoiceField(label=_("Type"), choices=EntityType.choices)
    description = forms.CharField(
        label=_("Description"),
        max_length=LIMITS.field_code_points,
        required=False,
        help_text=_("A few words that tell it from others of that name."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    wikidata = forms.CharField(
        label=_("Wikidata"),
        max_length=20,
        required=False,
        help_text=_("Its Q and number, such as Q252. Nothing is fetched."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    attributes = forms.CharField(
        label=_("Attributes"),
        max_length=100_000,
        required=False,
        help_text=_("One on each line, its name and a colon first: party: Green."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    @staticmethod
    def of(entity: Entity) -> "EntityForm":
        """The form with what is known of the entity."""
        lines = "\n".join(f"{key}: {value}" for key, value in entity.attributes.items())
        known = ("name", "type", "description", "wikidata")
        return EntityForm(
            initial={field: getattr(entity, field) for field in known} | {"attributes": lines}
        )

    def clean_attributes(self) -> dict[str, str]:
        attributes: dict[str, str] = {}
        for line in self.cleaned_data["attributes"].splitlines():
            key, colon, value = (part.strip() for part in line.partition(":"))
            if not line.strip():
                continue
            if not colon or not key or key in attributes:
                raise ValidationError(
                    _("“%(line)s” is no attribute: write a name of its own, a colon and words."),
                    params={"line": line[:60]},
                )
            attributes[key] = value
        return attributes

    def description_told(self) -> Description:
        """What was filled in; only of a valid form."""
        return Description(**self.cleaned_data)


class DatesForm(forms.Form):
    """When something holds."""

    valid_from = _day(_("From"))
    valid_to = _day(_("Until"))

    def valid(self) -> Valid:
        """Raises BadEntity; only of a valid form."""
        return Valid(self.cleaned_data["valid_from"], self.cleaned_data["valid_to"])

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("valid_from"), self.cleaned_data.get("valid_to")
        try:
            Valid(start, end)
        except BadEntity as bad:
            self.add_error("valid_to", str(bad))
        return self.cleaned_data


class NameForm(DatesForm):
    text = forms.CharField(label=_("Name"), max_length=MAX_NAME)
    kind = forms.ChoiceField(label=_("Kind"), choices=AliasKind.choices)
    language = forms.CharField(
        label=_("Language"),
        max_length=35,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "placeholder": "id"}),
    )
    field_order = ("text", "kind", "language", "valid_from", "valid_to")


class SplitForm(forms.Form):
    """Which of an entity's names become one of their own."""

    aliases = forms.MultipleChoiceField(
        label=_("Names that go"), widget=forms.CheckboxSelectMultiple, required=False
    )
    name = forms.CharField(label=_("Name of the new entity"), max_length=MAX_NAME)
    type = forms.ChoiceField(label=_("Type"), choices=EntityType.choices)

    def __init__(self, *args: Any, aliases: Sequence[Alias], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["aliases"]
        field.choices = [(str(one.pk), one.text) for one in aliases]  # type: ignore[attr-defined]


class LinkForm(DatesForm):
    kind = forms.ChoiceField(label=_("Link"), choices=LinkKind.choices)
    field_order = ("kind", "valid_from", "valid_to")
