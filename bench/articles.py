"""Articles by the ten thousand and by the million: loading, making searchable, listing, searching.

Each corpus is loaded and indexed once, then its pages are asked for over HTTP by a manager, one
after the other, with words picked from its own texts by how many articles have them. Client, web
server and database share the machine.

Run: `.venv/bin/python -m bench articles`, or with other sizes, on data that are kept:
`.venv/bin/python -m bench.articles --sizes 10000 1000000 --state FOLDER`. A million take about
three minutes to load, sixteen to index, and 12 GB.
"""

import argparse
import http.client
import json
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

from bench.serving import Site, session_cookies, set_up_django, site

SIZES = (1_000, 20_000)
CHARACTERS = 3_000
REQUESTS = 60
SAMPLE = 400
SYLLABLES = [
    "ba",
    "ca",
    "da",
    "ga",
    "ja",
    "ka",
    "la",
    "ma",
    "na",
    "pa",
    "ra",
    "sa",
    "ta",
    "wa",
    "bi",
    "di",
    "gi",
    "ki",
    "li",
    "mi",
    "ni",
    "pi",
    "ri",
    "si",
    "ti",
    "ang",
    "eng",
    "ung",
]
SOURCES = ["Harian Kota", "Kabar Pesisir", "The Harbour Post", "Suara Teluk", "Warta Lembah"]


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    told.add_argument(
        "--state", type=Path, help="keep the data in this folder, and use what it has"
    )
    told.add_argument("--corpora", nargs="+", default=(), help="measure these, and load nothing")
    asked = told.parse_args()
    with site(state=asked.state) as where:
        set_up_django()
        corpora = list(asked.corpora) or [filled(size) for size in asked.sizes]
        figures = [_measured(where, corpus) for corpus in corpora]
    _tell(corpora, figures)


# --- the articles ----------------------------------------------------------------------------


def filled(size: int) -> str:
    """A corpus of so many searchable articles, made unless it is there."""
    from annotations.corpora import services
    from annotations.corpora.models import Corpus
    from annotations.corpora.readers.sources import source_at

    slug = f"bench-{size}"
    corpus = Corpus.objects.filter(slug=slug).first()
    if corpus is None:
        corpus = services.create_corpus(slug, name=slug, by=None)
        with tempfile.TemporaryDirectory(prefix="kutip-bench-") as folder:
            file = Path(folder, "articles.jsonl")
            with file.open("w", encoding="utf-8") as out:
                out.writelines(_lines(size))
            begun = time.perf_counter()
            services.load(corpus, [source_at(file)], by=None)
            took = time.perf_counter() - begun
        print(f"{size:,} articles loaded in {took:.1f} s: {size / took:,.0f}/s", flush=True)
        _wait_for_the_job(corpus.pk, size)
    return slug


def _wait_for_the_job(corpus: int, size: int) -> None:
    """The worker of the site makes the articles searchable; its job tells how long that took."""
    from annotations.jobs.models import Job

    jobs = Job.objects.filter(kind="index_articles", args__corpus=corpus)
    while not (done := jobs.filter(finished_at__isnull=False).first()):
        time.sleep(1)
    if not done.started_at or not done.finished_at or done.result != {"searchable": size}:
        raise SystemExit(f"the job ended {done.state}: {done.result} {done.error}")
    took = (done.finished_at - done.started_at).total_seconds()
    print(f"{size:,} articles made searchable in {took:.1f} s: {size / took:,.0f}/s", flush=True)


def _lines(count: int) -> Iterator[str]:
    """Words as in a language: the n-th most frequent one n times as rare as the first."""
    chance = random.Random(7)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) for _ in range(60_000)]
    words = list(dict.fromkeys(words))
    ranks, total = [], 0.0
    for rank in range(1, len(words) + 1):
        total += 1 / rank
        ranks.append(total)
    for number in range(count):
        chosen = chance.choices(words, cum_weights=ranks, k=CHARACTERS // 7)
        article = {
            "external_id": f"artikel-{number}",
            "title": " ".join(chosen[:6]),
            "source": chance.choice(SOURCES),
            "author": f"Wartawan {number % 500}",
            "language": chance.choice(("id", "id", "en")),
            "published": f"{2010 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}",
            "text": f"{number} {' '.join(chosen)}.",
        }
        yield json.dumps(article) + "\n"


# --- what is asked for ---------------------------------------------------------------------------


def _questions(corpus_slug: str) -> Mapping[str, Sequence[str]]:
    """Addresses of each kind, below the corpus."""
    from annotations.corpora.models import Article, ArticleText, Corpus
    from annotations.corpora.searching.models import CorpusFacet

    corpus = Corpus.objects.get(slug=corpus_slug)
    chance = random.Random(3)
    first = Article.objects.filter(corpus=corpus).order_by("pk").values_list("pk", flat=True)[0]
    last = Article.objects.filter(corpus=corpus).order_by("-pk").values_list("pk", flat=True)[0]
    keys = [chance.randint(first, last) for _ in range(SAMPLE)]
    texts = list(ArticleText.objects.filter(article__in=keys).values_list("text", flat=True))
    held = Counter(word for text in texts for word in set(re.findall(r"[a-z]{4,}", text.lower())))
    by = {
        "in half of all": _of(held, len(texts), 0.35, 1.0),
        "in a tenth": _of(held, len(texts), 0.05, 0.2),
        "in a hundredth": _of(held, len(texts), 0.004, 0.02),
    }
    sources = CorpusFacet.objects.filter(corpus=corpus, field="source").values_list(
        "value", flat=True
    )
    authors = (
        Article.objects.filter(pk__in=keys).exclude(author="").values_list("author", flat=True)
    )
    pick: Callable[[Sequence[str]], str] = chance.choice
    phrases = [" ".join(re.findall(r"\w+", text)[20:22]) for text in texts]

    def many(make: Callable[[], Mapping[str, object]], path: str = "") -> Sequence[str]:
        return [f"{path}?{urlencode(make())}" for _ in range(REQUESTS)]

    sources, authors = list(sources), list(authors)
    asked = {
        "the first page": many(dict),
        "a page in the middle": many(lambda: {"after": chance.choice(keys)}),
        "newest first": many(lambda: {"order": "newest", "after": chance.choice(keys)}),
        "one source": many(lambda: {"source": pick(sources)}),
        "author and language": many(lambda: {"author": pick(authors), "language": "id"}),
        "a month": many(lambda: _month(chance)),
        "a source and a year": many(lambda: {"source": pick(sources), **_year(chance)}),
        "two words": many(lambda: {"q": f"{pick(by['in a tenth'])} {pick(by['in a tenth'])}"}),
        "a phrase": many(lambda: {"q": f'"{pick(phrases)}"'}),
        "word and source": many(lambda: {"q": pick(by["in a tenth"]), "source": pick(sources)}),
        "part of a title": many(lambda: {"title": pick(by["in a tenth"])[:5]}),
    }
    for name, words in by.items():
        asked[f"a word {name}"] = many(lambda words=words: {"q": pick(words)})  # type: ignore[misc]
    for name, words in by.items():
        asked[f"concordance, {name}"] = many(
            lambda words=words: {"q": pick(words), "sort": pick(["left", "right"])},  # type: ignore[misc]
            "concordance/",
        )
    return asked


def _of(held: Counter[str], texts: int, least: float, most: float) -> Sequence[str]:
    """The words that this share of the articles has."""
    found = sorted(word for word, count in held.items() if least <= count / texts <= most)
    return found[:200] or [held.most_common(1)[0][0]]


def _month(chance: random.Random) -> Mapping[str, object]:
    year, month = chance.randint(2015, 2024), chance.randint(1, 12)
    return {"since": f"{year}-{month:02}-01", "until": f"{year}-{month:02}-28"}


def _year(chance: random.Random) -> Mapping[str, object]:
    year = chance.randint(2015, 2024)
    return {"since": f"{year}-01-01", "until": f"{year}-12-31"}


# --- measuring -----------------------------------------------------------------------------------


def _measured(where: Site, corpus: str) -> Mapping[str, tuple[float, float]]:
    """The median and the 95th percentile of each kind, in milliseconds."""
    from annotations.accounts.models import User

    user = User.objects.filter(username="bench").first() or User(username="bench", role="admin")
    user.set_unusable_password()
    user.save()
    [cookie] = session_cookies([user])
    connection = http.client.HTTPConnection(where.host, where.port)
    found = {}
    for kind, addresses in _questions(corpus).items():
        for address in addresses[:5]:
            _ask(connection, corpus, address, cookie)
        times = [_ask(connection, corpus, address, cookie) for address in addresses]
        found[kind] = (statistics.median(times), statistics.quantiles(times, n=20)[-1])
    return found


def _ask(connection: http.client.HTTPConnection, corpus: str, address: str, cookie: str) -> float:
    begun = time.perf_counter()
    connection.request("GET", f"/corpora/{corpus}/{address}", headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    took = time.perf_counter() - begun
    if answer.status != 200:
        raise SystemExit(f"{address}: {answer.status}")
    return took * 1_000


def _tell(corpora: Sequence[str], figures: Sequence[Mapping[str, tuple[float, float]]]) -> None:
    print(f"milliseconds, median / 95 %: {', '.join(corpora)}; last: 95 % of the last by the first")
    for kind in figures[0]:
        told = "  ".join(f"{one[kind][0]:6.1f} / {one[kind][1]:6.1f}" for one in figures)
        print(f"{kind:28} {told}   {figures[-1][kind][1] / figures[0][kind][1]:.1f}")


if __name__ == "__main__":
    main()
