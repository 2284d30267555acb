"""Layers of a campaign, made through the door that everyone's spans go through."""

import json
from collections.abc import Iterator
from itertools import count
from uuid import uuid4

from django.utils import timezone

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.corpora.models import Article, Corpus
from annotations.spans.protocol import operate
from tests import factories

Mark = tuple[str, list[tuple[int, int]], dict[str, object]]
_numbers = count(1)


def article(corpus: Corpus, **fields: object) -> Article:
    """An article of its own text, 100 code points long, with an emoji in front."""
    text = f"🚢 {next(_numbers):04d} " + "lima huruf setiap kata " * 5
    return factories.article(corpus, text[:100], **fields)


def mark(label: str, *fragments: tuple[int, int], **attributes: object) -> Mark:
    return label, list(fragments), attributes


def lay(campaign: Campaign, article: Article, who: User, *marks: Mark) -> Assignment:
    """This person's layer of the article holds these marks more, and is submitted."""
    layer = campaign.assignments.get(article=article, annotator=who)
    if layer.status == Status.WAITING:
        set_status(layer, Status.OPEN)
    if marks:
        answer = operate(layer.pk, placing(article, layer.revision, marks), by=who)
        assert answer.status == 200, answer
    set_status(layer, Status.SUBMITTED)
    return layer


def placing(article: Article, base: int, marks: tuple[Mark, ...]) -> bytes:
    """The body that places these marks on a layer at this revision."""
    body = {
        "client": str(uuid4()),
        "base": base,
        "operations": [*_places(article, marks)],
    }
    return json.dumps(body).encode()


def set_status(layer: Assignment, status: Status) -> None:
    submitted = timezone.now() if status == Status.SUBMITTED else layer.submitted_at
    Assignment.objects.filter(pk=layer.pk).update(status=status, submitted_at=submitted)
    layer.refresh_from_db()


def _places(article: Article, marks: tuple[Mark, ...]) -> Iterator[dict[str, object]]:
    text = article.body.text
    for label, fragments, attributes in marks:
        span = {
            "id": str(uuid4()),
            "label": label,
            "fragments": [list(fragment) for fragment in fragments],
            "text": [text[start:end] for start, end in fragments],
            "attributes": attributes,
        }
        yield factories.operation("place", span=span)
