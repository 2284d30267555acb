"""Loading articles: how many a second, and how much memory, with every constraint on.

10,000 articles of 3,000 characters, JSONL, each load into a new corpus, in one transaction. Reader
and database share the machine. Run: `.venv/bin/python -m bench load_articles`
"""

import json
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.serving import set_up_django
from workbench.local import servers

ARTICLES = 10_000
CHARACTERS = 3_000
ROUNDS = 3
PEERS = json.loads((Path(__file__).parent / "peers.json").read_text(encoding="utf-8"))
PLAIN = (
    "menteri pesisir menolak usul kapal warga setuju rapat komisi selat kami the harbour talks said "
    "officials laut pulau anggaran pekan depan sidang nelayan kota ujar dermaga izin hari itu"
)
RARER = ["“tidak", "mundur,”", "–", "e\u0301lan", "🚢"]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kutip-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        os.environ["KUTIP_STATE"] = folder
        file = Path(folder, "articles.jsonl")
        with file.open("w", encoding="utf-8") as out:
            out.writelines(_lines(ARTICLES))
        with servers.ensure():
            set_up_django()
            _measure(file)


def _measure(file: Path) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _load(file)  # warms the files of the database; counted by nobody
    before = _peak()
    rates = [ARTICLES / _load(file) for _ in range(ROUNDS)]
    rate = statistics.median(rates)
    print(f"median of {ROUNDS}: {rate:,.0f} articles/s", end="; ")
    peers = PEERS["import_articles_per_second"].items()
    print(", ".join(f"{rate / figure:.1f}x {name}" for name, figure in peers))
    print(f"memory grew by {(_peak() - before) / 1024:.1f} MiB over {ROUNDS * ARTICLES:,} articles")


def _load(file: Path) -> float:
    """Load the file into a new corpus and return the seconds it took."""
    from annotations.corpora import services
    from annotations.corpora.readers.sources import source_at

    corpus = services.create_corpus(f"bench-{time.time_ns()}", name="Bench", by=None)
    begun = time.perf_counter()
    report = services.load(corpus, [source_at(file)], by=None)
    took = time.perf_counter() - begun
    if report.loaded != ARTICLES:
        raise SystemExit(f"{report.loaded} of {ARTICLES} articles were loaded")
    print(f"{ARTICLES:,} articles in {took:.2f} s: {ARTICLES / took:,.0f}/s", flush=True)
    return took


def _lines(count: int) -> Iterator[str]:
    chance, plain = random.Random(1), PLAIN.split()
    weights = [12] * len(plain) + [1] * len(RARER)
    for number in range(count):
        words = chance.choices(plain + RARER, weights, k=CHARACTERS // 6)
        text = f"{number} " + " ".join(words)
        article = {
            "external_id": f"artikel-{number}",
            "title": f"Artikel {number}",
            "source": "Harian Kota",
            "published": "2026-03-20T08:00:00Z",
            "language": "id",
            "text": (text * 2)[:CHARACTERS],
        }
        yield json.dumps(article, ensure_ascii=False) + "\n"


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
