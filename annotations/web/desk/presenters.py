"""What the desk shows: the article in blocks, the layer as JSON, the words around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from uuid import UUID

import msgspec
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from annotations import policy
from annotations.accounts.models import User
from annotations.adjudication.corrected import settled_for
from annotations.adjudication.counting import counts
from annotations.assignments.models import EDITABLE, Assignment, Kind, Status
from annotations.assignments.queries import Reopening, finished, reopenings
from annotations.corpora.models import ArticleText
from annotations.prepared.rows import OneRow
from annotations.registry.models import Entity
from annotations.registry.queries import shown
from annotations.schema.guidelines import Guidelines
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.schema.spec import Attribute, Label, Spec
from annotations.spans.queries import LayerState, layer_state, spans_before
from annotations.text.blocks import Block, cutting
from annotations.web.corrected import corrections_url
from annotations.web.desk.painting import bare, painted, parted
from annotations.web.desk.threads import ways
from annotations.web.reading import preferences_url

SCRIPTS = Path(__file__).parents[2] / "static"
MODULES = tuple(
    path.relative_to(SCRIPTS).as_posix()
    for folder in ("desk", "dom", "elements", "lib")
    for path in sorted((SCRIPTS / "annotations/js" / folder).glob("*.js"))
)
MAIN = "annotations/js/main.js"
CASES = "annotations/js/adjudicating.js"
CASE_MODULES = tuple(
    path.relative_to(SCRIPTS).as_posix()
    for path in sorted((SCRIPTS / "annotations/js/cases").glob("*.js"))
)
URLS = (
    *("operations", "state", "history", "check", "submit", "entities", "suggestions"),
    *("next", "skip", "active"),
)

_TEXTS = OneRow(ArticleText)
_IN_SCRIPT = (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026"))


@dataclass(frozen=True, slots=True)
class LabelButton:
    """A label as the palette shows it."""

    key: str
    name: str
    shortcut: str
    letter: str
    colour: str
    line: str
    guideline: str
    attributes: tuple["AttributeGuide", ...]


@dataclass(frozen=True, slots=True)
class AttributeGuide:
    """What is said of an attribute and of its values: key, name and safe HTML of each."""

    key: str
    about: str
    values: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many articles are finished, of how many, and which those are in words."""

    done: int
    total: int
    words: str


class Desk:
    """One person's view of one assignment. Each part is read when the template asks for it."""

    def __init__(self, assignment: Assignment, user: User) -> None:
        self.assignment, self.user = assignment, user
        self.article = assignment.article
        self.campaign = assignment.campaign

    @property
    def title(self) -> str:
        return self.article.title or _("Untitled article")

    @property
    def language(self) -> str:
        return self.article.language or self.assignment.corpus.language

    @property
    def editable(self) -> bool:
        return self.assignment.status in EDITABLE

    @property
    def gold(self) -> bool:
        """Whether the layers of others are settled here: only then the page has cases."""
        return self.assignment.kind == Kind.GOLD

    @cached_property
    def reopening(self) -> Reopening | None:
        """Why the article came back to its annotator, while it is with them again."""
        if self.assignment.status != Status.REOPENED:
            return None
        return reopenings([self.assignment.pk]).get(self.assignment.pk)

    @property
    def corrections_url(self) -> str:
        """Where what gold has otherwise is shown, "" where nothing of that is for this person. Two
        queries, none for a layer that may change or a campaign that does not show it."""
        if self.editable or not policy.SEE_OWN_AGAINST_GOLD.allows(self.user, self.campaign):
            return ""
        settled = settled_for(self.user).filter(pk=self.assignment.pk).exists()
        return corrections_url(self.campaign.slug, article=self.article.pk) if settled else ""

    @cached_property
    def spec(self) -> Spec:
        return spec_of(self.assignment.schema_id)

    @cached_property
    def layer(self) -> LayerState:
        return layer_state(self.assignment)

    @cached_property
    def _text(self) -> str:
        body = _TEXTS.find(pk=self.article.pk)
        if body is None:
            raise ArticleText.DoesNotExist
        return body.text

    @cached_property
    def _parted(self) -> tuple[list[Block], Iterator[Block]]:
        """The blocks in sight, and the others; those are cut when they are asked for, once."""
        return parted(cutting(self._text, self.language))

    @property
    def text_in_sight(self) -> SafeString:
        """The first blocks of the article, painted: what a screen shows before any script has run.
        Knows no more of the layer than that."""
        shown, _beyond = self._parted
        spans = spans_before(self.assignment, shown[-1].end) if shown else []
        return painted(self._text, shown, spans, self.spec, last="in-sight")

    @property
    def text_beyond(self) -> SafeString:
        """The other blocks; painted when nothing can change any more."""
        text, (_shown, beyond) = self._text, self._parted
        rest = list(beyond)
        if self.editable:
            return bare(text, rest)
        return painted(text, rest, self.layer.spans, self.spec)

    @property
    def labels(self) -> SafeString:
        """The palette and the filters of the schema."""
        language = get_language() or "en"
        return _labels(self.assignment.schema_id, language, editable=self.editable)

    @property
    def guides(self) -> SafeString:
        """What the schema says of its labels, their attributes and values: shown for the label in
        use, so the article needs not wait for it."""
        return _guides(self.assignment.schema_id, get_language() or "en")

    @property
    def label_count(self) -> int:
        return len(self.spec.labels)

    @property
    def scripts(self) -> SafeString:
        """The desk's scripts; where their modules are files of their own, every one they import, so
        that the browser fetches them side by side."""
        return _scripts(gold=self.gold)

    @property
    def preloads(self) -> SafeString:
        """What the browser fetches while the article is shown, to run after that."""
        return _preloads(get_language() or "en", gold=self.gold)

    @cached_property
    def progress(self) -> Progress:
        """Of a person's own articles; where layers are settled, of all that can be."""
        if self.gold:
            articles = counts(self.campaign)
            total = articles.ready + articles.progress + articles.settled
            words = _("Articles of this campaign that are settled")
            return Progress(articles.settled, total, words)
        words = _("Articles of this campaign you have finished")
        return Progress(*finished(self.campaign.pk, self.user.pk), words)

    @cached_property
    def state_json(self) -> bytes:
        """The layer and all that is needed to change it, as the desk's scripts read it."""
        return msgspec.json.encode(
            {
                "assignment": {
                    "id": self.assignment.pk,
                    "status": self.assignment.status,
                    "revision": self.layer.revision,
                    "editable": self.editable,
                },
                "user": {"id": self.user.pk, "name": self.user.username},
                "article": {
                    "id": self.article.pk,
                    "title": self.article.title,
                    "language": self.language,
                    "length": self.article.length,
                    "sha256": bytes(self.article.sha256).hex(),
                },
                "schema": self.spec,
                "campaign": {
                    "suggestions": self.campaign.suggestions,
                    "quote_coverage": self.campaign.quote_coverage,
                },
                "spans": self.layer.spans,
                "relations": self.layer.relations,
                "notes": self.layer.notes,
                "flags": self.layer.flags,
                "waivers": self.layer.waivers,
                "settlements": self.layer.settlements,
                "threads": ways(self.assignment, self.user),
                "entities": entities_of(self.assignment, self.layer.entities()),
                "undo": {"undo": self.layer.undo, "redo": self.layer.redo},
                "urls": _urls(self.assignment) | {"preferences": preferences_url(self.user)},
                "preferences": self.user.preferred,
            }
        )

    @property
    def state_script(self) -> SafeString:
        """The same, safe inside a script element."""
        text = self.state_json.decode()
        for character, escaped in _IN_SCRIPT:
            text = text.replace(character, escaped)
        return mark_safe(text)  # noqa: S308 - just escaped


@lru_cache(maxsize=64)
def _labels(schema_id: int, language: str, *, editable: bool) -> SafeString:
    """Rendered once for each frozen schema version and language, not at each opening."""
    context = {"labels": _buttons(schema_id, language), "editable": editable}
    return render_to_string("desk/_labels.html", context)


@lru_cache(maxsize=64)
def _guides(schema_id: int, language: str) -> SafeString:
    spec = spec_of(schema_id)
    schema = f"{named(spec.name)} {spec.version}"
    context = {"labels": _buttons(schema_id, language), "schema": schema}
    return render_to_string("desk/_guides.html", context)


def _buttons(schema_id: int, language: str) -> list[LabelButton]:
    spec = spec_of(schema_id)
    guidelines = Guidelines(spec, language.partition("-")[0])
    return [_button(label, guidelines) for label in spec.labels]


def _button(label: Label, guidelines: Guidelines) -> LabelButton:
    return LabelButton(
        key=label.key,
        name=named(label.name),
        shortcut=label.shortcut,
        letter=label.letter,
        colour=label.colour,
        line=label.line,
        guideline=mark_safe(guidelines.of_label(label)),  # noqa: S308 - rendered without markup
        attributes=tuple(_guide(label, one, guidelines) for one in label.attributes),
    )


def _guide(label: Label, attribute: Attribute, guidelines: Guidelines) -> AttributeGuide:
    """What is said of an attribute; of values about which nothing is said, nothing."""

    def said(*path: str) -> SafeString:
        return mark_safe(guidelines.of(label.key, attribute.key, *path))  # noqa: S308 - as above

    values = [(value.key, named(value.name)) for value in attribute.values]
    if attribute.kind == "bool":
        values = [("true", _("yes")), ("false", _("no"))]
    written = tuple((key, name, said(key)) for key, name in values if said(key))
    return AttributeGuide(attribute.key, said(), written)


@lru_cache(maxsize=2)
def _scripts(*, gold: bool) -> SafeString:
    modules = (*MODULES, *CASE_MODULES) if gold else MODULES
    context = {"entries": _entries(gold=gold), "modules": () if _is_whole() else modules}
    return render_to_string("desk/_modules.html", context)


@lru_cache(maxsize=2 * len(settings.LANGUAGES))
def _preloads(_language: str, *, gold: bool) -> SafeString:
    paths = _entries(gold=gold) if _is_whole() else ()
    return render_to_string("desk/_preloads.html", {"paths": paths, "gold": gold})


def _entries(*, gold: bool) -> tuple[str, ...]:
    """The scripts that a desk runs, in this order."""
    return (MAIN, CASES) if gold else (MAIN,)


def _is_whole() -> bool:
    """Whether the desk's modules are one file."""
    return MAIN in getattr(staticfiles_storage, "bundles", ())


def entities_of(assignment: Assignment, uuids: Sequence[UUID]) -> dict[str, object]:
    """These entities by id, as the desk names them to whoever labels here."""
    if not uuids:
        return {}
    found = shown(assignment.corpus.registry_id, uuids, user_id=assignment.annotator_id)
    return {str(entity.uuid): described(entity) for entity in found}


def described(entity: Entity) -> dict[str, object]:
    return {
        "name": entity.name,
        "type": entity.type,
        "aliases": [alias.text for alias in entity.aliases.all()],
        "proposed": entity.proposed,
    }


def _urls(assignment: Assignment) -> dict[str, str]:
    """Where the desk asks and sends. That of messages has a 0 for the layer they are about."""
    if assignment.kind != Kind.GOLD:
        return {name: reverse(f"desk_{name}", args=[assignment.pk]) for name in URLS}
    found = {name: reverse(f"desk_{name}", args=[assignment.pk]) for name in (*URLS, "cases")}
    return found | {"messages": reverse("question_messages", args=[0])}
