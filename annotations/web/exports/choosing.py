"""The form of what goes into an export. As it stands at first it asks for everything."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.corpora.searching.facets import offered
from annotations.exchange.choices.asking import BadChoice, attributes_of, check, choice_of
from annotations.exchange.choices.record import KINDS, USUAL_LAYERS, Choice
from annotations.exchange.choices.telling import kind_name
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.web.finding import LABELLING, DateInput

_ARTICLES = (
    *("words", "title", "source", "author", "language", "since", "until", "tag", "cluster"),
    "state",
)
_NAMES = ("annotators", "labels", "attributes", "relations")
_SHARES = ("train", "dev", "test")


class _Ticks(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class _StoryField(forms.IntegerField):
    """The key of a story, or an address that names it: that of its articles in their list."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: Any) -> int | None:
        named = _IN_ADDRESS.search(str(value or ""))
        return super().to_python(named[1] if named else value)


_IN_ADDRESS = re.compile(r"[?&]cluster=([0-9]+)")


class ChoiceForm(forms.Form):
    """`choice` is there once the form is valid. Of names, none ticked means all."""

    include_open = forms.BooleanField(
        label=_("also layers that are open, reopened or set aside, as they stand"), required=False
    )
    words = forms.CharField(label=_("Words in title and text"), required=False, max_length=300)
    title = forms.CharField(label=_("Part of the title"), required=False, max_length=200)
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "sources"}),
    )
    author = forms.CharField(label=_("Author"), required=False, max_length=200)
    language = forms.CharField(
        label=_("Language"),
        required=False,
        max_length=35,
        widget=forms.TextInput(attrs={"list": "languages", "autocapitalize": "none"}),
    )
    since = forms.DateField(
        label=_("Published from"), required=False, widget=DateInput(format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Published to"), required=False, widget=DateInput(format="%Y-%m-%d")
    )
    cluster = _StoryField(
        label=_("Story"),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text=_(
            "Its number, or the address of “2 articles tell this story” in the list of articles."
        ),
    )
    state = forms.ChoiceField(
        label=_("Labelling"),
        required=False,
        choices=[("", _("Any")), *LABELLING],
    )
    layers = _Ticks(
        label=_("Layers"),
        required=False,
        choices=lambda: [(kind, kind_name(kind)) for kind in KINDS],
        initial=USUAL_LAYERS,
        help_text=_("Majority and union are computed from the annotators' layers."),
    )
    without_text = forms.BooleanField(
        label=_("Without texts"),
        required=False,
        help_text=_("Offsets and the hashes of texts only, where texts may not be passed on."),
    )
    pseudonyms = forms.BooleanField(
        label=_("Pseudonyms for annotators"),
        required=False,
        help_text=_("The same in every export of this campaign; nothing in the file leads back."),
    )
    utf16 = forms.BooleanField(label=_("Offsets also in UTF-16 units"), required=False)
    bytes = forms.BooleanField(label=_("Offsets also in UTF-8 bytes"), required=False)
    split = forms.BooleanField(
        label=_("Part into train, dev and test"),
        required=False,
        help_text=_("Articles of one story stay together; outlets and languages are parted alike."),
    )
    train = forms.IntegerField(label=_("Train, %"), min_value=0, max_value=100, initial=80)
    dev = forms.IntegerField(label=_("Dev, %"), min_value=0, max_value=100, initial=10)
    test = forms.IntegerField(label=_("Test, %"), min_value=0, max_value=100, initial=10)
    seed = forms.IntegerField(label=_("Seed"), min_value=0, max_value=2**63 - 1, initial=1)
    licence = forms.CharField(
        label=_("Licence"),
        required=False,
        max_length=500,
        help_text=_("It stands in the data card, in your words."),
    )

    def __init__(self, data: Any = None, *, campaign: Campaign) -> None:
        super().__init__(data)
        self._campaign = campaign
        self.facets = offered(campaign.corpus)
        self.choice = Choice()
        for name in (*_SHARES, "seed"):
            self.fields[name].required = False
        tags = [(name, name) for name in self._tags()]
        self.fields["tag"] = forms.ChoiceField(
            label=_("Tag"), required=False, choices=[("", _("Any")), *tags]
        )
        offered_names = self._offered()
        self._names = [name for name, (_label, choices) in offered_names.items() if choices]
        for name, (label, choices) in offered_names.items():
            self.fields[name] = _Ticks(label=label, required=False, choices=choices)

    def articles(self) -> Sequence[forms.BoundField]:
        return [self[name] for name in _ARTICLES]

    def names(self) -> Sequence[forms.BoundField]:
        return [self[name] for name in self._names]

    def shares(self) -> Sequence[forms.BoundField]:
        return [self[name] for name in (*_SHARES, "seed")]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.choice = choice_of(dict(self._document(told)))
                check(self.choice, self._campaign)
            except BadChoice as refused:
                raise ValidationError(str(refused)) from refused
        return told

    def _document(self, told: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
        yield "articles", {name: told[name] for name in _ARTICLES if told[name]}
        yield "layers", told["layers"] or USUAL_LAYERS
        yield from ((name, told[name]) for name in _NAMES if told[name])
        yield "include_open", told["include_open"]
        yield "text", not told["without_text"]
        yield "pseudonyms", told["pseudonyms"]
        yield "offsets", [unit for unit in ("utf16", "bytes") if told[unit]]
        yield "licence", " ".join(told["licence"].split())
        if told["split"]:
            shares = (*_SHARES, "seed")
            yield "split", {name: told[name] for name in shares if told[name] is not None}

    def _tags(self) -> Sequence[str]:
        tags = self._campaign.corpus.tags.order_by("name")
        return list(tags.values_list("name", flat=True))

    def _offered(self) -> dict[str, tuple[Any, Sequence[tuple[str, str]]]]:
        spec = spec_of(self._campaign.schema_id)
        people = User.objects.filter(campaigns=self._campaign).order_by("username")
        attributes = {key: named(each.name) for key, each in attributes_of(spec).items()}
        return {
            "annotators": (_("Annotators"), [(each.username, str(each)) for each in people]),
            "labels": (_("Labels"), [(each.key, named(each.name)) for each in spec.labels]),
            "attributes": (_("Attributes"), sorted(attributes.items())),
            "relations": (
                _("Relations"),
                [(each.key, named(each.name)) for each in spec.relations],
            ),
        }
