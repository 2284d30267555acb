"""Builders of rows: the smallest true thing, with what a test cares about given by name."""

import hashlib
from itertools import count
from uuid import UUID, uuid4

from annotations.accounts.models import User
from annotations.assignments import services as assignments
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.corpora.models import Article, ArticleText, Corpus
from annotations.corpora.searching.models import CorpusSummary
from annotations.corpora.upkeep import count_loaded, make_searchable
from annotations.registry.models import Entity, Registry
from annotations.registry.services import register
from annotations.schema.services import find

_number = count(1)

TEXT = "Menteri Laras menolak. “Kami,” katanya, “tidak akan mundur 🚢.” Warga bersorak."
PASSWORD = "benar-kuda-baterai-staples"


def user(username: str = "", *, role: str = "annotator", **fields: object) -> User:
    person = User(username=username or f"orang{next(_number)}", role=role, **fields)
    person.set_unusable_password()
    person.save()
    return person


def corpus(slug: str = "", **fields: object) -> Corpus:
    slug = slug or f"korpus-{next(_number)}"
    registry = fields.pop("registry", None) or Registry.objects.create(name=f"registri {slug}")
    made = Corpus.objects.create(slug=slug, name=slug.title(), registry=registry, **fields)
    CorpusSummary.objects.create(corpus=made)
    return made


def article(corpus: Corpus, text: str = TEXT, **fields: object) -> Article:
    sha256 = hashlib.sha256(text.encode()).digest()
    fields.setdefault("language", corpus.language)
    row = Article.objects.create(corpus=corpus, sha256=sha256, length=len(text), **fields)
    ArticleText.objects.create(article=row, text=text, sha256=sha256, length=len(text))
    count_loaded(corpus, 1, row.pk)
    return row


def searchable(corpus: Corpus) -> None:
    """All articles of the corpus can be found."""
    make_searchable(corpus, progress=lambda done, total: None, hold=lambda: None)


def entity(corpus: Corpus, name: str = "Laras", type: str = "person") -> Entity:
    return register(corpus.registry, name=name, type=type, by=None)


def campaign(
    corpus: Corpus,
    annotators: list[User],
    *,
    overlap: int | None = None,
    slug: str = "",
    started: bool = True,
    schema: str = "atribusi@1.0",
) -> Campaign:
    design = assignments.Design(
        slug=slug or f"kampanye-{next(_number)}",
        name="",
        corpus=corpus,
        schema=find(schema),
        annotators=annotators,
        overlap=overlap or len(annotators),
    )
    row = assignments.create_campaign(design, by=None)
    if started:
        assignments.start(row, by=None)
    return row


def assignment(annotator: User, text: str = TEXT, corpus_: Corpus | None = None) -> Assignment:
    """An open assignment of a campaign of its own over an article with this text."""
    place = corpus_ or corpus()
    article(place, text)
    opened = assignments.claim_next(campaign(place, [annotator]), annotator)
    if opened is None:
        raise AssertionError("a fresh campaign has an article to label")
    return opened


def gold(layer: Assignment, adjudicator: User, *, slot: int = 1) -> Assignment:
    """An open gold layer of the same campaign over the same article as an annotator's layer."""
    return Assignment.objects.create(
        campaign_id=layer.campaign_id,
        corpus_id=layer.corpus_id,
        schema_id=layer.schema_id,
        article_id=layer.article_id,
        annotator=adjudicator,
        kind=Kind.GOLD,
        status=Status.OPEN,
        slot=slot,
    )


def operation(op: str, **fields: object) -> dict[str, object]:
    """An operation as a client sends it, with an id of its own."""
    return {"id": str(uuid4()), "op": op, **fields}


def placed(text: str, *quoted: str, label: str = "ACTOR", **fields: object) -> dict[str, object]:
    """A `place` of the first occurrences of these pieces of a text, in order."""
    fragments, at = [], 0
    for piece in quoted:
        at = text.index(piece, at)
        fragments.append([at, at + len(piece)])
        at += len(piece)
    span = {"id": str(uuid4()), "label": label, "fragments": fragments, "text": list(quoted)}
    return operation("place", span=span | fields)


def related(kind: str, source: str, target: str) -> dict[str, object]:
    """A `relate` from one span to another."""
    ends = {"from": {"span": source}, "to": {"span": target}}
    return operation("relate", relation={"id": str(uuid4()), "type": kind, **ends})


def noted(span: str | None, text: str, note: str = "") -> dict[str, object]:
    """A `note` on a span or, without one, on the article; with an id it is that note again."""
    return operation("note", note={"id": note or str(uuid4()), "span": span, "text": text})


def flagged(span: str | None, *flags: str, confidence: int | None = None) -> dict[str, object]:
    """A `flag`: all that is flagged about a span or, without one, the article."""
    return operation("flag", flag={"span": span, "flags": flags, "confidence": confidence})


def waived(
    text: str, *quoted: str, reason: str | None = "", label: str = "QUOTE", waiver: str = ""
) -> dict[str, object]:
    """A `waive` of the first occurrences of these pieces of a text, in order."""
    span = placed(text, *quoted, label=label)["span"]
    if not isinstance(span, dict):
        raise TypeError("not a place")
    return operation("waive", waiver=span | {"reason": reason} | ({"id": waiver} if waiver else {}))


def settled(
    of: list[tuple[Assignment, str]],
    decision: str | None,
    result: str | list[str] | None = None,
    *,
    took: Assignment | None = None,
    reason: str = "",
    settlement: str = "",
    sort: str = "span",
) -> dict[str, object]:
    """A `settle` of spans (or `sort` "relation") of annotators' layers, of which a span or relations
    of the gold layer came; with an id it is that settlement again."""
    came = {"span" if isinstance(result, str) else "relations": result} if result else None
    settlement_ = {
        "id": settlement or str(uuid4()),
        "of": [{"layer": layer.pk, sort: one} for layer, one in of],
        "decision": decision,
        "took": took.pk if took else None,
        "result": came,
        "reason": reason,
    }
    return operation("settle", settlement=settlement_)


def span_id(operation: dict[str, object]) -> str:
    """The id of the span that a `place` makes."""
    span = operation["span"]
    if not isinstance(span, dict):
        raise TypeError("not a place")
    return str(UUID(str(span["id"])))
