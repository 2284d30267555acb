"""What the machine would label in this article. It knows the text, the schema and the registry, and
nobody's layer: everybody who sees the same registry is offered the same."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec
from django.db.models import Value
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from annotations import policy
from annotations.assignments.models import Assignment
from annotations.limits import LIMITS
from annotations.registry.queries import aliases_known_to, seen_by
from annotations.schema.services import spec_of
from annotations.suggest.fitting import fit
from annotations.suggest.proposing import suggestions as found_in
from annotations.suggest.records import Name, Part, Reason, Suggestion
from annotations.text.fragments import covered
from annotations.web.guards import may_json
from annotations.web.http import HtmxRequest

Entities = Mapping[UUID, Mapping[str, object]]


@require_GET
@may_json(policy.LABEL)
def suggestions(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """The suggestions for the article, in text order; none where the campaign hides them, or the
    article was withdrawn. `until` says how far a very long text was looked at, else it is null."""
    if not assignment.campaign.suggestions or assignment.article.withdrawn_at:
        return _answer([], None)
    article = assignment.article
    text = article.body.text
    names = _names(request.user.pk, assignment.corpus.registry_id)
    found = found_in(text, article.language or assignment.corpus.language, names)
    entities = _entities(names)
    shown = [_shown(text, one, entities) for one in fit(found, spec_of(assignment.schema_id))]
    looked_at = LIMITS.suggestion_code_points
    return _answer(shown, looked_at if len(text) > looked_at else None)


def _answer(shown: list[dict[str, object]], until: int | None) -> HttpResponse:
    content = msgspec.json.encode({"suggestions": shown, "until": until})
    return HttpResponse(content, content_type="application/json")


def _names(user_id: int, registry_id: int) -> tuple[Name, ...]:
    """The names and aliases that this person may see, in two queries. What another annotator
    proposed would tell what they found in this very article."""
    seen = seen_by(user_id, registry_id)
    known = aliases_known_to(user_id).filter(entity__in=seen)
    names = seen.order_by("pk").values_list("uuid", "name", Value("name"), "type")
    aliases = known.order_by("pk").values_list("entity__uuid", "text", "kind", "entity__type")
    most = LIMITS.suggestion_names
    return tuple(Name(*row) for row in (*names[:most], *aliases[:most]))


def _entities(names: Iterable[Name]) -> dict[UUID, dict[str, object]]:
    """The entities that bear these names, as the desk is told of them."""
    found: dict[UUID, dict[str, object]] = {}
    aliases: dict[UUID, list[str]] = {}
    for name in names:
        if name.kind == "name":
            aliases[name.entity] = []
            found[name.entity] = {
                "id": name.entity,
                "name": name.text,
                "type": name.type,
                "aliases": aliases[name.entity],
            }
        elif name.entity in aliases:
            aliases[name.entity].append(name.text)
    return found


def _shown(text: str, one: Suggestion, entities: Entities) -> dict[str, object]:
    return _part(text, one, entities) | {
        "label": one.label,
        "reason": _said(one.reason),
        "score": one.score,
        "cue": _part(text, one.cue, entities) if one.cue else None,
        "speaker": _part(text, one.speaker, entities) if one.speaker else None,
    }


def _part(text: str, part: Part | Suggestion, entities: Entities) -> dict[str, object]:
    return {
        "fragments": part.fragments,
        "text": covered(text, part.fragments),
        "attributes": part.attributes,
        "entity": entities.get(part.entity) if part.entity else None,
    }


def _said(reason: Reason) -> str:
    return _(reason.sentence) % reason.details
