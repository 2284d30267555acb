"""Layers in and out: how fast, and how much memory, with every constraint on.

10,000 articles of 3,000 characters with 200,000 spans are loaded as layers into a fresh campaign
and exported again; then the memory of both at five times the size. Loaders and database share the
machine. Run: `.venv/bin/python -m bench layers`
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.corpus import Sizes, articles, layers
from bench.machine import pace
from bench.memory import grown
from bench.serving import set_up_django
from workbench.local import servers

USUAL, LARGE = Sizes(10_000), Sizes(50_000)
ROUNDS = 3
ANNOTATOR = "bench"
PEERS = json.loads((Path(__file__).parent / "peers.json").read_text(encoding="utf-8"))


def main() -> None:
    if len(sys.argv) > 1:
        set_up_django()
        _memory_of_export(sys.argv[1])
        return
    with tempfile.TemporaryDirectory(prefix="kutip-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        os.environ["KUTIP_STATE"] = folder
        with servers.ensure():
            set_up_django()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            print(pace(), flush=True)
            _usual(Path(folder))
            _large(Path(folder))


def _usual(folder: Path) -> None:
    """Seconds: the median of some rounds, and how many times that is a rival's."""
    corpus, file = _prepared(folder, USUAL)
    loads, exports = [], []
    for number in range(ROUNDS):
        campaign = _campaign(corpus, f"usual-{number}")
        loads.append(_timed(lambda campaign=campaign: _load(campaign, file, USUAL)))
        exports.append(_timed(lambda campaign=campaign: _export(campaign, USUAL)))
        print(f"loaded in {loads[-1]:.2f} s, exported in {exports[-1]:.2f} s", flush=True)
    load, export = statistics.median(loads), statistics.median(exports)
    rate, spans = USUAL.articles / load, _spans(USUAL)
    rates = PEERS["import_layers_articles_per_second"].items()
    times = PEERS["export_10000_articles_200000_spans_seconds"].items()
    print(
        f"load: median {load:.2f} s = {rate:,.0f} articles/s, {spans / load:,.0f} spans/s", end="; "
    )
    print(", ".join(f"{rate / peer:.1f}x {name}" for name, peer in rates))
    print(f"export: median {export:.2f} s", end="; ")
    print(", ".join(f"{peer / export:.1f}x {name}" for name, peer in times))


def _large(folder: Path) -> None:
    """Memory, at both sizes, each in a process of its own."""
    corpus, file = _prepared(folder, LARGE)
    campaign = _campaign(corpus, "large")
    begun = time.perf_counter()
    more = grown(lambda: _load(campaign, file, LARGE))
    took = time.perf_counter() - begun
    print(f"load of {_spans(LARGE):,} spans: {took:.2f} s, {more:.1f} MB more", flush=True)
    for sizes, slug in ((USUAL, "usual-0"), (LARGE, "large")):
        print(f"export of {_spans(sizes):,} spans: ", end="", flush=True)
        subprocess.run([sys.executable, "-m", "bench.layers", slug], check=True)


def _memory_of_export(slug: str) -> None:
    """Time and memory of one export in this fresh process."""
    from annotations.assignments.models import Campaign

    campaign = Campaign.objects.select_related("corpus", "schema").get(slug=slug)
    begun = time.perf_counter()
    more = grown(lambda: _export(campaign, LARGE if slug == "large" else USUAL))
    print(f"{time.perf_counter() - begun:.2f} s, {more:.1f} MB more")


def _spans(sizes: Sizes) -> int:
    return sizes.articles * sizes.spans


def _prepared(folder: Path, sizes: Sizes) -> tuple[Any, Path]:
    """A corpus with the articles, and the file with the layers over them."""
    from annotations.corpora import services
    from annotations.corpora.readers.sources import source_at

    corpus = services.create_corpus(f"bench-{sizes.articles}", name="Bench", by=None)
    texts = _written(folder / "articles.jsonl", articles(sizes))
    services.load(corpus, [source_at(texts)], by=None)
    return corpus, _written(folder / f"layers-{sizes.articles}.jsonl", layers(sizes, ANNOTATOR))


def _written(path: Path, lines: Iterable[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(lines)
    return path


def _campaign(corpus: Any, slug: str) -> Any:
    """A campaign that has just been started, so that every article has a place that waits."""
    from annotations.accounts.models import User
    from annotations.assignments import services
    from annotations.schema.services import find

    annotator = User.objects.get_or_create(username=ANNOTATOR, role="annotator")[0]
    schema = find("atribusi@1.0")
    design = services.Design(slug, slug, corpus, schema, [annotator], overlap=1)
    campaign = services.create_campaign(design, by=None)
    services.start(campaign, by=None)
    return campaign


def _load(campaign: Any, file: Path, sizes: Sizes) -> None:
    from annotations.exchange.services import import_layers

    report = import_layers(campaign, file, load=uuid4(), by=None)
    if (report.layers, report.spans) != (sizes.articles, _spans(sizes)):
        raise SystemExit(f"only {report.layers} layers with {report.spans} spans were loaded")


def _export(campaign: Any, sizes: Sizes) -> None:
    from annotations.exchange.services import export, order

    made = export(_ordered(order, campaign), progress=lambda *told: None, hold=lambda: None)
    if made.manifest["counts"]["spans"] != _spans(sizes):
        raise SystemExit(f"only {made.manifest['counts']['spans']} spans were exported")


def _ordered(order: Callable[..., Any], campaign: Any) -> Any:
    from django.utils import timezone

    from annotations.exchange.choices.record import Choice
    from annotations.jobs.models import Job

    job = Job.objects.create(kind="export", run_after=timezone.now())
    return order(campaign, Choice(), job=job.pk, by=None)


def _timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
