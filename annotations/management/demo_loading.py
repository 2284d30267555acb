"""The demo: accounts, a corpus, a campaign, and two annotators' layers, through the usual doors."""

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from django.db import transaction

from annotations.accounts.models import Role, User
from annotations.accounts.services import make_sign_in_link
from annotations.adjudication.closing import open_findings
from annotations.agreement.starting import start as measure
from annotations.assignments import services as assignments
from annotations.assignments.models import Campaign
from annotations.corpora import services as corpora
from annotations.corpora.models import Corpus, Membership
from annotations.corpora.readers.sources import Source
from annotations.demo.corpus import articles, entities
from annotations.demo.records import DemoArticle, DemoLayer, DemoRelation, DemoSpan
from annotations.registry.models import Registry
from annotations.registry.services import add_alias, register
from annotations.schema.services import find
from annotations.spans.requests import MAX_OPERATIONS
from annotations.spans.requests import parse as parse_batch
from annotations.spans.services import apply_batch
from annotations.spans.submit import submit

SLUG = "demo"
PURPOSE = "demo"
"""Of the sign-in links: what tells the demo's accounts from others."""
PEOPLE = (
    ("manager", Role.MANAGER, "Ratih Manajer"),
    ("adjudicator", Role.ADJUDICATOR, "Arya Ajudikator"),
    ("siti", Role.ANNOTATOR, "Siti Anotator"),
    ("bayu", Role.ANNOTATOR, "Bayu Anotator"),
)
ACCOUNTS = "demo-accounts.json"
MARKS = "demo-marks.json"
ANNOTATORS = {"a": "siti", "b": "bayu"}


class NamesTakenError(Exception):
    """Accounts with the demo's names are there and are not the demo's."""


@transaction.atomic
def load() -> bool:
    """The demo is in the database, whole, and a job measures its agreement. False where it was there
    already. Raises NamesTakenError rather than touch accounts that others made under the same
    names."""
    if Corpus.objects.filter(slug=SLUG).exists():
        return False
    if taken := User.objects.filter(username__in=[name for name, *_ in PEOPLE]):
        raise NamesTakenError(", ".join(user.username for user in taken))
    people = {name: _person(name, role, shown) for name, role, shown in PEOPLE}
    manager = people["manager"]
    corpus = corpora.create_corpus(SLUG, name="Demo: Arunika", by=manager, language="id")
    Membership.objects.create(corpus=corpus, user=people["adjudicator"], role=Role.ADJUDICATOR)
    corpora.load(corpus, [_source(articles())], by=manager)
    _fill(corpus.registry, manager)
    campaign = _campaign(corpus, [people[name] for name in ANNOTATORS.values()], manager)
    for article in articles():
        for key, layer in article.layers.items():
            _label(campaign, article, layer, people[ANNOTATORS[key]])
    measure(campaign, include_open=False, by=manager)
    return True


def _person(username: str, role: Role, display_name: str) -> User:
    person = User(username=username, role=role, display_name=display_name)
    person.set_unusable_password()
    person.save()
    make_sign_in_link(person, PURPOSE, None)
    return person


def _source(found: Iterable[DemoArticle]) -> Source:
    keys = ("external_id", "title", "language", "source", "author", "url", "published", "text")
    lines = [
        json.dumps({key: getattr(article, key) for key in keys}, ensure_ascii=False)
        for article in found
    ]
    data = "".join(line + "\n" for line in lines).encode()
    return Source("demo.jsonl", len(data), lambda: BytesIO(data))


def _fill(registry: Registry, by: User) -> None:
    for entity in entities():
        row = register(registry, name=entity.name, type=entity.type, by=by, uuid=entity.id)
        for alias in entity.aliases:
            add_alias(row, text=alias.text, kind=alias.kind, language=alias.language)


def _campaign(corpus: Corpus, annotators: list[User], by: User) -> Campaign:
    design = assignments.Design(
        slug=SLUG,
        name="Demo: siapa bilang apa",
        corpus=corpus,
        schema=find("atribusi@1.0"),
        annotators=annotators,
        overlap=len(annotators),
    )
    campaign = assignments.create_campaign(design, by=by)
    assignments.start(campaign, by=by)
    return campaign


def _label(campaign: Campaign, article: DemoArticle, layer: DemoLayer, by: User) -> None:
    """The person has labelled and submitted this article, operation by operation."""
    waiting = campaign.assignments.get(annotator=by, article__external_id=article.external_id)
    assignment = assignments.open_own(waiting, by)
    operations = list(_operations(layer))
    revision = 0
    for start in range(0, len(operations), MAX_OPERATIONS):
        body = {"base": revision, "operations": operations[start : start + MAX_OPERATIONS]}
        applied = apply_batch(assignment.pk, parse_batch(msgspec.json.encode(body)), by=by)
        if applied.refusal:
            raise applied.refusal
        revision = applied.revision
    submit(assignment.pk, base=revision, by=by, also=open_findings)


def _operations(layer: DemoLayer) -> Iterator[dict[str, object]]:
    for span in layer.spans:
        yield {"op": "place", "id": _operation_id(span.id), "span": _span(span)}
    for relation in layer.relations:
        yield {"op": "relate", "id": _operation_id(relation.id), "relation": _relation(relation)}


def _operation_id(made: UUID) -> UUID:
    return uuid5(NAMESPACE_URL, f"kutip:demo:{made}")


def _span(span: DemoSpan) -> dict[str, object]:
    return {
        "id": span.id,
        "label": span.label,
        "fragments": span.fragments,
        "text": span.text,
        "attributes": dict(span.attributes),
        "entity": span.entity,
    }


def _relation(relation: DemoRelation) -> dict[str, object]:
    end = {"span": relation.to_span} if relation.to_span else {"entity": relation.to_entity}
    return {
        "id": relation.id,
        "type": relation.type,
        "from": {"span": relation.from_span} if relation.from_span else {"article": True},
        "to": end,
        "attributes": dict(relation.attributes),
    }


def renew_accounts(state: Path, base_url: str) -> None:
    """`demo-accounts.json` (mode 0600) in the state folder lists the demo's accounts, each with its
    password and a fresh sign-in link. A password that was changed since is not listed, and not
    changed back."""
    known, marks = _read(state / ACCOUNTS), _read(state / MARKS)
    passwords = {row["username"]: row["password"] for row in known if "username" in row}
    seen = {row["username"]: row["mark"] for row in marks if "username" in row}
    people = User.objects.filter(is_active=True, sign_in_links__purpose=PURPOSE).distinct()
    rows = []
    for person in people:
        name = person.username
        password = _password(person, passwords.get(name, ""), seen.get(name, ""))
        rows.append(_account(person, password, base_url))
    _write(state / MARKS, [{"username": p.username, "mark": _mark(p)} for p in people])
    _write(state / ACCOUNTS, rows)


def _read(file: Path) -> list[dict[str, str]]:
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return [row for row in rows if isinstance(row, dict)]
    except (OSError, ValueError, TypeError):
        return []


def _write(file: Path, rows: list[dict[str, str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(file.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump(rows, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
    fresh.replace(file)


def _password(person: User, known: str, seen: str) -> str:
    """The person's password where it is still the one made here, else "". Its mark tells without
    the half second that checking four passwords takes."""
    if not person.has_usable_password():
        made = secrets.token_urlsafe(12)
        person.set_password(made)
        person.save(update_fields=["password"])
        return made
    return known if seen == _mark(person) else ""


def _mark(person: User) -> str:
    return sha256(person.password.encode()).hexdigest()


def _account(person: User, password: str, base_url: str) -> dict[str, str]:
    link = make_sign_in_link(person, PURPOSE, None)
    return {
        "role": person.role,
        "username": person.username,
        "password": password,
        "sign_in_url": base_url.rstrip("/") + link,
    }
