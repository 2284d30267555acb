"""Agreement of a campaign: from nothing, after one article changed, and again with nothing new; and its
pages.

Layers of several annotators over made-up articles of 3,000 characters with 20 spans each, of eight sources; counting
is shared with the workers of a running product on the same machine. Run:
`.venv/bin/python -m bench agreement`, or with other sizes and on data that are kept:
`.venv/bin/python -m bench.agreement --sizes 1000x3 100000x2 --state FOLDER`. 100,000 articles take
some minutes to load.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.corpus import Sizes, articles, layers
from bench.memory import grown
from bench.serving import set_up_django, site

SIZES = ("1000x3", "10000x2")
PAGES = (
    *("", "QUOTE/", "-/all/", "-/spans/?what=alone&variant=exact", "-/watch/"),
    *(f"-/parts/?by={view}" for view in ("annotator", "week", "batch", "version", "source")),
    "-/parts/?by=source&test=each",
    "-/parts/?by=source&test=two&first=Outlet 3",
    "-/changes/?before={before}&after={after}&test=1",
)
OUTLETS = 8


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--sizes", nargs="+", default=SIZES, help="articles x annotators")
    told.add_argument("--state", type=Path, help="keep the data in this folder, and use it again")
    asked = told.parse_args()
    with site(state=asked.state):
        set_up_django()
        for size in asked.sizes:
            count, people = map(int, size.split("x"))
            _measure(_filled(count, people))


def _measure(campaign: Any) -> None:
    from annotations.agreement.models import AgreementPair, AgreementSum

    for made in (AgreementPair, AgreementSum):
        made.objects.filter(campaign=campaign).delete()
    print(f"--- {campaign.slug}", flush=True)
    runs = []
    for what, prepare in (
        ("from nothing", lambda: None),
        ("one article changed", lambda: _change(campaign)),
        ("nothing changed", lambda: None),
    ):
        prepare()
        took, more, run = _computed(campaign)
        runs.append(run.pk)
        print(
            f"{what}: {took:.2f} s, {more:.0f} MB more, {run.parameters['pairs_counted']:,} pairs"
            f" counted, {len(run.results)} figures",
            flush=True,
        )
    _pages(campaign, runs)


def _pages(campaign: Any, runs: list[int]) -> None:
    """Seconds of this process, and by the clock: the best of three."""
    from django.conf import settings
    from django.test import Client

    from annotations.accounts.models import User

    reader = User.objects.get_or_create(username="bench-admin", role="admin")[0]
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[0])
    for page in PAGES:
        words = page.format(before=runs[0], after=runs[-1])
        url, took = f"/campaigns/{campaign.slug}/agreement/{words}", []
        for _ in range(3):
            begun, worked = time.perf_counter(), time.process_time()
            answer = browser.get(url)
            took.append((time.process_time() - worked, time.perf_counter() - begun))
        worked, clock = min(took)
        print(
            f"{page or 'first page'}: {answer.status_code}, {worked:.2f} s of work, {clock:.2f} s"
        )


def _computed(campaign: Any) -> tuple[float, float, Any]:
    """Seconds, MB and the run."""
    from annotations.agreement import services

    run = services.begin(campaign, include_open=False)
    begun = time.perf_counter()
    more = grown(lambda: services.compute(run, lambda *told: None, helped=True))
    return time.perf_counter() - begun, more, run


def _change(campaign: Any) -> None:
    """One layer loses a span, or has it again, as if it had been reopened and submitted anew."""
    from annotations.assignments.models import Assignment

    layer = campaign.assignments.order_by("pk")[7]
    span = layer.spans.order_by("id").first()
    layer.spans.filter(id=span.id).update(removed=not span.removed)
    Assignment.objects.filter(pk=layer.pk).update(revision=layer.revision + 1)


def _filled(count: int, people: int) -> Any:
    """A campaign of so many articles, each with a submitted layer of every annotator."""
    from annotations.assignments.models import Campaign

    slug = f"bench-{count}x{people}"
    made: Campaign | None = Campaign.objects.filter(slug=slug).first()
    if made is not None:
        return made
    sizes, names = Sizes(count), [f"bench-{number}" for number in range(people)]
    with tempfile.TemporaryDirectory(prefix="kutip-bench-") as folder:
        texts, marks = Path(folder, "articles.jsonl"), Path(folder, "layers.jsonl")
        for path, lines in ((texts, _articles(sizes)), (marks, layers(sizes, *names))):
            with path.open("w", encoding="utf-8", newline="\n") as out:
                out.writelines(lines)
        begun = time.perf_counter()
        made = _started(slug, texts, names)
        _load(made, marks)
    print(f"{slug}: loaded in {time.perf_counter() - begun:.0f} s", flush=True)
    return made


def _articles(sizes: Sizes) -> Iterator[str]:
    for number, line in enumerate(articles(sizes)):
        yield json.dumps(json.loads(line) | {"source": f"Outlet {number % OUTLETS}"}) + "\n"


def _started(slug: str, texts: Path, names: list[str]) -> Any:
    from annotations.accounts.models import User
    from annotations.assignments import services
    from annotations.corpora import services as corpora
    from annotations.corpora.readers.sources import source_at
    from annotations.schema.services import find

    corpus = corpora.create_corpus(slug, name=slug, by=None)
    corpora.load(corpus, [source_at(texts)], by=None)
    people = [User.objects.get_or_create(username=name, role="annotator")[0] for name in names]
    schema = find("atribusi@1.0")
    design = services.Design(slug, slug, corpus, schema, people, overlap=len(people))
    campaign = services.create_campaign(design, by=None)
    services.start(campaign, by=None)
    return campaign


def _load(campaign: Any, marks: Path) -> None:
    from annotations.exchange.services import import_layers

    import_layers(campaign, marks, load=uuid4(), by=None)


if __name__ == "__main__":
    main()
