"""The registry screens at two sizes: lists, search, an entity, its mentions, duplicates.

The times are of whole pages, through every middleware, in this process; the database is the
product's. What should be flat in the size of the registry is, where the second row is no slower.
Run: `.venv/bin/python -m bench registry`
"""

import statistics
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from bench.serving import set_up_django, site

SIZES = (1_000, 100_000)
LINKED = 200_000
ROUNDS = 15
TEXT = "Sari menolak."

ENTITIES = """
INSERT INTO entity (registry_id, uuid, name, folded, type, description, wikidata, attributes,
                    proposed, created_at)
SELECT %(registry)s, gen_random_uuid(), name, lower(name), type, '', '', '{}', false, now()
  FROM (SELECT initcap(substr(md5(m::text), 1, 3 + m %% 9) || ' ' || substr(md5((m * 7)::text), 1, 8))
               || CASE WHEN m < n THEN 'x' ELSE '' END AS name,
               (ARRAY['person', 'person', 'organisation', 'country'])[1 + n %% 4] AS type
          FROM generate_series(1, %(many)s) AS n,
               LATERAL (SELECT CASE WHEN n %% 50 = 4 THEN n - 4 ELSE n END) AS twin(m)) AS made"""
ALIASES = """
INSERT INTO alias (entity_id, text, folded, language, kind, removed)
SELECT id, text, lower(text), '', 'short', false
  FROM entity, LATERAL (VALUES (split_part(name, ' ', 2)), ('Kode ' || id %% (%(many)s / 2))) AS made(text)
 WHERE registry_id = %(registry)s"""
SPANS = """
INSERT INTO span (assignment_id, id, label_id, fragments, text, attributes, entity_id, changed_seq,
                  removed)
SELECT %(assignment)s, gen_random_uuid(), %(label)s, '{0,4}', '{Sari}', '{}',
       %(first)s + (power(random(), 3) * %(many)s)::bigint %% %(many)s, 1, false
  FROM generate_series(1, %(spans)s)"""


def main() -> None:
    with site():
        set_up_django()
        for many in SIZES:
            times = _measure(many)
            told = ", ".join(f"{name} {ms:.0f} ms" for name, ms in times.items())
            print(f"{many:,} entities: {told}", flush=True)


def _measure(many: int) -> Mapping[str, float]:
    from django.test import Client

    from annotations.accounts.models import User
    from annotations.registry.models import Entity

    registry = _fill(many)
    _prepare(registry)
    admin = User.objects.filter(role="admin").first()
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(admin or User.objects.create(username=f"a{uuid4()}", role="admin"))
    middle = Entity.objects.filter(registry=registry).order_by("folded")[many // 2]
    base = f"/registry/{registry}/"
    pages = {
        "first page": base,
        "a page in the middle": f"{base}?after={middle.uuid}",
        "one type": f"{base}?type=country&after={middle.uuid}",
        "search": f"{base}?q={middle.name[:6]}",
        "most used": f"{base}?order=use",
        "an entity": f"{base}{middle.uuid}/",
        "its mentions": f"{base}{middle.uuid}/mentions/",
        "duplicates": f"{base}duplicates/",
    }
    return {name: _median(browser, path) for name, path in pages.items()}


def _prepare(registry: int) -> None:
    """What jobs do: mentions are counted, names compared (how fast, is printed)."""
    from annotations.registry import duplicates
    from annotations.registry.models import Entity, Registry
    from annotations.spans.uses import count

    began = time.perf_counter()
    used = count(Registry.objects.get(pk=registry), hold=lambda: None)
    print(f"counting {used:,} entities that are mentioned: {time.perf_counter() - began:.1f} s")
    began, waiting = time.perf_counter(), Entity.objects.filter(registry=registry, compared=False)
    many = waiting.count()
    # the product's worker does the same meanwhile
    duplicates.compare(registry, progress=lambda done, total: None, hold=lambda: None)
    rate = many / (time.perf_counter() - began)
    print(f"comparing {many:,} entities, by two processes: {rate:,.0f}/s", flush=True)


def _median(browser: Any, path: str) -> float:
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        answer = browser.get(path)
        times.append((time.perf_counter() - began) * 1_000)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")
    return statistics.median(times)


def _fill(many: int) -> int:
    """A registry of so many entities, two aliases each (one shared by two), some spelt alike, and
    spans linked to some more often."""
    import hashlib

    from django.db import connection, connections

    from annotations.accounts.models import User
    from annotations.assignments import services as assignments
    from annotations.corpora.models import Article, ArticleText
    from annotations.corpora.services import create_corpus
    from annotations.registry.models import Entity
    from annotations.schema.models import Label
    from annotations.schema.services import find

    corpus = create_corpus(f"size-{many}", name=f"Size {many}", language="id", by=None)
    annotator = User.objects.create(username=f"annotator-{many}", role="annotator")
    digest = hashlib.sha256(TEXT.encode()).digest()
    article = Article.objects.create(corpus=corpus, sha256=digest, length=len(TEXT))
    ArticleText.objects.create(article=article, text=TEXT, sha256=digest, length=len(TEXT))
    design = assignments.Design(
        slug=f"size-{many}",
        name="",
        corpus=corpus,
        schema=find("atribusi@1.0"),
        annotators=[annotator],
        overlap=1,
    )
    campaign = assignments.create_campaign(design, by=None)
    assignments.start(campaign, by=None)
    values: dict[str, int] = {"registry": corpus.registry_id, "many": many, "spans": LINKED}
    with connection.cursor() as cursor:
        cursor.execute(ENTITIES, values)
        cursor.execute(ALIASES, values)
        first = Entity.objects.filter(registry=corpus.registry_id).order_by("pk")[0].pk
        label = Label.objects.get(schema=campaign.schema, key="ACTOR").pk
        [assignment] = campaign.assignments.values_list("pk", flat=True)
        cursor.execute(SPANS, values | {"first": first, "label": label, "assignment": assignment})
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return corpus.registry_id


if __name__ == "__main__":
    main()
