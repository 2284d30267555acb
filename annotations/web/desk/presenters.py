"""What the desk shows: the article in blocks, the layer as JSON, the words around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from uuid import UUID

import msgspec
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.assignments.models import EDITABLE, Assignment, Status
from annotations.registry.models import Entity
from annotations.registry.queries import shown
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.schema.spec import Label, Spec
from annotations.spans.queries import LayerState, layer_state
from annotations.web.desk.painting import begun, painted

SCRIPTS = Path(__file__).parents[2] / "static"
MODULES = tuple(
    path.relative_to(SCRIPTS).as_posix()
    for folder in ("desk", "dom", "elements", "lib")
    for path in sorted((SCRIPTS / "annotations/js" / folder).glob("*.js"))
)

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


@dataclass(frozen=True, slots=True)
class Progress:
    """How many articles of the campaign this person has finished, of those that are theirs."""

    done: int
    total: int


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

    @cached_property
    def spec(self) -> Spec:
        return spec_of(self.assignment.schema_id)

    @cached_property
    def layer(self) -> LayerState:
        return layer_state(self.assignment)

    @property
    def text(self) -> SafeString:
        """The article in blocks; painted whole when nothing can change any more."""
        paint = begun if self.editable else painted
        return paint(self.article.body.text, self.language, self.layer.spans, self.spec)

    @property
    def labels(self) -> SafeString:
        """The palette, the filters and the guidelines of the schema."""
        language = get_language() or "en"
        return _labels(self.assignment.schema_id, language, editable=self.editable)

    @property
    def label_count(self) -> int:
        return len(self.spec.labels)

    @property
    def scripts(self) -> SafeString:
        """Every module the desk imports, so that the browser fetches them side by side."""
        return _scripts()

    @cached_property
    def progress(self) -> Progress:
        mine = Assignment.objects.filter(campaign=self.campaign, annotator=self.user)
        finished = Q(status__in=(Status.SUBMITTED, Status.SKIPPED))
        counts = mine.aggregate(done=Count("pk", filter=finished), total=Count("pk"))
        return Progress(counts["done"], counts["total"])

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
                "user": {"id": self.user.pk},
                "article": {
                    "id": self.article.pk,
                    "title": self.article.title,
                    "language": self.language,
                    "length": self.article.length,
                    "sha256": bytes(self.article.sha256).hex(),
                },
                "schema": self.spec,
                "spans": self.layer.spans,
                "relations": self.layer.relations,
                "entities": entities_of(self.assignment, self.layer.entities()),
                "undo": {"undo": self.layer.undo, "redo": self.layer.redo},
                "urls": _urls(self.assignment),
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
    labels = [_button(label) for label in spec_of(schema_id).labels]
    return render_to_string("desk/_labels.html", {"labels": labels, "editable": editable})


def _button(label: Label) -> LabelButton:
    return LabelButton(
        key=label.key,
        name=named(label.name),
        shortcut=label.shortcut,
        letter=label.letter,
        colour=label.colour,
        line=label.line,
        guideline=named(label.guideline) if label.guideline else "",
    )


@lru_cache(maxsize=1)
def _scripts() -> SafeString:
    return render_to_string("desk/_modules.html", {"modules": MODULES})


def entities_of(assignment: Assignment, uuids: Sequence[UUID]) -> dict[str, object]:
    """These entities by id, as the desk names them."""
    if not uuids:
        return {}
    found = shown(assignment.corpus.registry_id, uuids)
    return {str(entity.uuid): described(entity) for entity in found}


def described(entity: Entity) -> dict[str, object]:
    return {
        "name": entity.name,
        "type": entity.type,
        "aliases": [alias.text for alias in entity.aliases.all()],
        "proposed": entity.proposed,
    }


def _urls(assignment: Assignment) -> dict[str, str]:
    return {
        name: reverse(f"desk_{name}", args=[assignment.pk])
        for name in ("operations", "state", "check", "submit", "entities", "next", "skip", "active")
    }
