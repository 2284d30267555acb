"""The articles of a run, each with all its layers at once: counted once, kept, and read again.

Who counts which is decided by `aligning`.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from django.db import connection

from annotations.agreement.identities import Identities
from annotations.agreement.layers import Compared, read
from annotations.agreement.material import fingerprint
from annotations.agreement.measures.gamma.measure import Chance
from annotations.agreement.measures.tally import Key
from annotations.agreement.measures.together import VERSION, Reading, Together, together
from annotations.agreement.models import AgreementArticle, AgreementRun
from annotations.corpora.models import Article

CHANCE = Chance(sampler="shuffle", samples=30, precision=0.05, seed=1, seconds=20.0)
"""How chance is drawn for every article; the seed of one is this, and the first four bytes of the
SHA-256 of its text as a number. Whatever changes here makes what is kept stale: see VERSION."""

CHANGED = "a layer of it changed since the run"

_UNSAVED = 2.0  # seconds of work that a worker may lose

_LAYERS = """
SELECT g.article_id, array_agg(g.id ORDER BY g.id), array_agg(u.username ORDER BY g.id)
  FROM assignment g JOIN account u ON u.id = g.annotator_id
 WHERE g.id = ANY(%s) GROUP BY g.article_id ORDER BY g.article_id"""

_KEPT = """
SELECT article_id, layers FROM agreement_article
 WHERE campaign_id = %s AND version = %s AND article_id = ANY(%s)"""

_FOUND = """
SELECT article_id, layers, found FROM agreement_article
 WHERE campaign_id = %s AND version = %s ORDER BY article_id"""

_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Layered:
    """An article with the layers of it that a run compared, in the order of their keys, at these
    revisions; `print` is their fingerprint."""

    article: int
    layers: Sequence[int]
    names: Sequence[str]
    revisions: Sequence[int]
    print: bytes


class _Kept(msgspec.Struct, array_like=True):
    """What is kept of `Together`: the keys of numbers are lists that end with the number."""

    numbers: list[list[str | float]]
    missing: dict[str, str]
    readings: list[Reading]


_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(_Kept).decode


def articles(run: AgreementRun) -> list[Layered]:
    """Return the articles of a run with two layers or more, in order. One query."""
    used = dict(zip(run.layers["assignments"], run.layers["revisions"], strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_LAYERS, [run.layers["assignments"]])
        rows: list[tuple[int, list[int], list[str]]] = cursor.fetchall()
    return [_layered(*row, used) for row in rows]


def kept(run: AgreementRun, some: Sequence[Layered]) -> set[int]:
    """Return which of these articles are counted, with their layers as the run compared them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [run.campaign_id, VERSION, [each.article for each in some]])
        there = {article: bytes(layers) for article, layers in cursor.fetchall()}
    return {each.article for each in some if there.get(each.article) == each.print}


def count(
    run: AgreementRun,
    some: Sequence[Layered],
    compared: Compared,
    advance: Callable[[Layered], None],
) -> None:
    """These articles are counted, but those whose layers changed since the run. `advance` hears of each
    and may raise to stop: what was counted stays."""
    rows: list[AgreementArticle] = []
    begun = time.monotonic()
    try:
        for each, row in zip(some, _counted(run, some, compared), strict=True):
            rows += [row] if row else []
            advance(each)
            if time.monotonic() - begun > _UNSAVED:
                _keep(rows)
                rows, begun = [], time.monotonic()
    finally:
        _keep(rows)


def found(run: AgreementRun, every: Sequence[Layered]) -> Iterator[tuple[Layered, Together | None]]:
    """Yield every article with what is kept of it; None where its layers changed before they were
    counted. One query."""
    wanted = {each.article: each for each in every}
    seen = set()
    with connection.chunked_cursor() as cursor:
        cursor.execute(_FOUND, [run.campaign_id, VERSION])
        while rows := cursor.fetchmany(_ROWS):
            for article, layers, stored in rows:
                each = wanted.get(article)
                if each is not None and bytes(layers) == each.print:
                    seen.add(article)
                    yield each, _together(stored)
    yield from ((each, None) for each in every if each.article not in seen)


def _layered(
    article: int, layers: Sequence[int], names: Sequence[str], used: Mapping[int, int]
) -> Layered:
    revisions = [used[layer] for layer in layers]
    sides = (np.array(each, dtype=np.int64) for each in (layers, revisions))
    return Layered(article, layers, names, revisions, fingerprint(*sides))


def _counted(
    run: AgreementRun, some: Sequence[Layered], compared: Compared
) -> Iterator[AgreementArticle | None]:
    """Yield a row for each article, None where a layer is not as the run had it."""
    layers = read([key for each in some for key in each.layers], compared, Identities({}))
    there = Article.objects.filter(withdrawn_at=None)
    known = there.in_bulk([each.article for each in some])
    for each in some:
        sides = [layers[key] for key in each.layers]
        article = known.get(each.article)
        if article is None or [side.revision for side in sides] != [*each.revisions]:
            yield None
            continue
        marks = [side.linked.marks for side in sides]
        salt = int.from_bytes(bytes(article.sha256)[:4])
        told = together(article.length, marks, CHANCE, salt=salt)
        yield AgreementArticle(
            campaign_id=run.campaign_id,
            article_id=each.article,
            layers=each.print,
            version=VERSION,
            found=_stored(told),
        )


def _keep(rows: Sequence[AgreementArticle]) -> None:
    AgreementArticle.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["campaign_id", "article_id"],
        update_fields=["layers", "version", "found"],
    )


def _stored(told: Together) -> bytes:
    numbers: list[list[str | float]] = [[*key, number] for key, number in told.numbers.items()]
    return _ENCODE(_Kept(numbers, dict(told.missing), list(told.readings)))


def _together(stored: bytes) -> Together:
    kept = _DECODE(stored)
    numbers: dict[Key, float] = {
        tuple(map(str, key)): float(number) for *key, number in kept.numbers
    }
    return Together(numbers, kept.missing, kept.readings)
