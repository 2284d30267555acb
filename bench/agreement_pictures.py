"""Takes the pictures of docs/guide/agreement.md that need more than the demo has: three annotators, one
of whom misses much, and all of whom miss more of one source, over sixty made-up articles. Run: `.venv/bin/python -m bench.agreement_pictures`
"""

import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.corpus import Sizes, articles, layers
from bench.pictures import IMAGES, WIDE, pages
from bench.serving import set_up_django, site

PORT = 8922
SIZES = Sizes(60)
MISSED = {"ani": 0.05, "budi": 0.12, "citra": 0.35}
SOURCES = {"Harian Kota": 0.0, "Kabar Utara": 0.02, "Radio Pesisir": 0.12}
"""What is missed more in articles of each."""
GOLD = 20  # articles that have a gold layer


def main() -> None:
    with site(PORT) as running:
        set_up_django()
        campaign = _campaign()
        before = _measured(campaign)
        _changed(campaign)
        after = _measured(campaign)
        with pages(running) as page_of:
            manager = page_of("sari")
            root = f"/campaigns/{campaign.slug}/agreement"
            _shoot(manager, f"{root}/", "depth", "#agreement-depth")
            _shoot(
                manager,
                f"{root}/-/parts/",
                "annotators",
                "section:has(> .section-head #agreement-trust)",
            )
            _shoot(manager, f"{root}/-/parts/?by=source&test=each", "chance", "main")
            _shoot(
                manager, f"{root}/-/changes/?before={before}&after={after}&test=1", "changes", 1000
            )
            _shoot(page_of("citra"), f"{root}/-/gold/", "gold", 660)


def _shoot(page: Any, url: str, name: str, part: str | int) -> None:
    """Of a page, one part, or the height of its top."""
    page.goto(url)
    path = IMAGES / f"agreement-{name}.png"
    if isinstance(part, str):
        page.locator(part).screenshot(path=path)
    else:
        page.screenshot(path=path, clip={"x": 0, "y": 0, "width": WIDE["width"], "height": part})


def _campaign() -> Any:
    from annotations.accounts.models import User
    from annotations.assignments import services
    from annotations.corpora import services as corpora
    from annotations.corpora.readers.sources import source_at
    from annotations.exchange.services import import_layers
    from annotations.schema.services import find

    people = [User.objects.create(username=name, role="annotator") for name in MISSED]
    with tempfile.TemporaryDirectory() as folder:
        texts, marks = Path(folder, "articles.jsonl"), Path(folder, "layers.jsonl")
        texts.write_text("".join(_articles()), encoding="utf-8")
        marks.write_text("".join(_lines()), encoding="utf-8")
        corpus = corpora.create_corpus("pelabuhan", name="Pelabuhan", by=None)
        corpora.load(corpus, [source_at(texts)], by=None)
        options = services.Options(gold_shown=True)
        design = services.Design(
            "pelabuhan", "Pelabuhan", corpus, find("atribusi@1.0"), people, 3, options=options
        )
        campaign = services.create_campaign(design, by=None)
        services.start(campaign, by=None)
        import_layers(campaign, marks, load=uuid4(), by=None)
    return campaign


def _articles() -> Iterator[str]:
    for number, line in enumerate(articles(SIZES)):
        yield json.dumps(json.loads(line) | {"source": _source(number)}) + "\n"


def _source(number: int) -> str:
    return [*SOURCES][number % len(SOURCES)]


def _lines() -> Iterator[str]:
    """Everyone finds the same spans but those they miss; some articles have a gold layer of all."""
    chance = random.Random(3)
    for number, line in enumerate(layers(SIZES, "ani", "budi", "citra")):
        row = json.loads(line)
        if number < GOLD:
            row["layers"].append(_gold(row["layers"][0]))
        for layer in row["layers"]:
            missed = MISSED.get(layer["annotator"], 0.0) + SOURCES[_source(number)]
            layer["spans"] = [each for each in layer["spans"] if chance.random() > missed]
            layer["relations"] = []
        yield json.dumps(row) + "\n"


def _gold(layer: dict[str, Any]) -> dict[str, Any]:
    return {**layer, "annotator": "hakim", "kind": "gold"}


def _measured(campaign: Any) -> int:
    from annotations.agreement import depth, services

    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *told: None)
    depth.deepen(run, lambda *told: None)
    return int(run.pk)


def _changed(campaign: Any) -> None:
    """Some layers are reopened, lose their first spans, and are submitted again."""
    from annotations.assignments.models import Assignment, Status
    from annotations.spans.protocol import operate

    for layer in campaign.assignments.filter(kind="annotator").order_by("pk")[3:24]:
        some = [str(span.id) for span in layer.spans.filter(removed=False)[:6]]
        removals = [{"id": str(uuid4()), "op": "remove", "span": each} for each in some]
        body = {"client": str(uuid4()), "base": layer.revision, "operations": removals}
        known = Assignment.objects.filter(pk=layer.pk)
        known.update(status=Status.REOPENED)
        operate(layer.pk, json.dumps(body).encode(), by=layer.annotator)
        known.update(status=Status.SUBMITTED)


if __name__ == "__main__":
    main()
