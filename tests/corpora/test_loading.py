"""Loading: each text once, all or nothing, and a report that names every fault."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from annotations.accounts.models import User
from annotations.corpora import services
from annotations.corpora.models import Article, ArticleAppearance, ArticleText, Corpus
from annotations.corpora.reports import LoadReport, report_from
from annotations.corpora.services import Policy, SlugTakenError, create_corpus
from annotations.history.models import Event
from tests import factories
from tests.corpora.reading import source, zipped

pytestmark = pytest.mark.django_db

GOOD = '{{"text": "Rania setuju – artikel {}."}}\n'


def lines(count: int, start: int = 0) -> bytes:
    return "".join(GOOD.format(number) for number in range(start, start + count)).encode()


def load(corpus: Corpus, data: bytes, name: str = "a.jsonl", **how: object) -> LoadReport:
    return services.load(corpus, [source(name, data)], by=None, **how)  # type: ignore[arg-type]  # what a test names


def counts(report: LoadReport) -> tuple[int, int, int]:
    return (report.loaded, report.already, report.refused)


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


def test_an_article_is_kept_with_all_that_is_known_of_it(corpus: Corpus) -> None:
    known = {
        "text": "Sari: “Tidak 🚢.”\r\n",
        "external_id": "a\\1",
        "title": "Tab\tdan \\N",
        "source": "Harian Kota",
        "author": "Rania",
        "url": "https://example.org/1",
        "published": "2024-10-31T08:30:00+07:00",
        "language": "en",
        "metadata": {"x": [1, 2.5, None, "“"], "large": 10**400},
    }
    load(corpus, json.dumps(known).encode())
    (article,) = Article.objects.select_related("body")
    assert (article.body.text, article.external_id, article.title) == (
        *(known["text"], "a\\1", "Tab\tdan \\N"),
    )
    assert (article.source, article.author, article.url, article.language) == (
        *("Harian Kota", "Rania", "https://example.org/1", "en"),
    )
    assert article.published == datetime(2024, 10, 31, 1, 30, tzinfo=UTC)
    assert article.metadata == known["metadata"]
    assert bytes(article.sha256) == hashlib.sha256(known["text"].encode()).digest()  # type: ignore[attr-defined]  # a text
    assert (article.length, article.encoding) == (18, "utf-8")


def test_the_same_file_twice_adds_nothing(corpus: Corpus) -> None:
    load(corpus, lines(2_500))
    assert counts(load(corpus, lines(2_500))) == (0, 2_500, 0)
    assert Article.objects.count() == ArticleText.objects.count() == 2_500
    assert ArticleAppearance.objects.count() == 0


def test_the_same_text_twice_in_one_file_is_one_article(corpus: Corpus) -> None:
    assert counts(load(corpus, lines(1) * 2_001)) == (1, 2_000, 0)


def test_the_same_text_elsewhere_is_an_appearance_once(corpus: Corpus) -> None:
    load(corpus, b'{"text": "a", "source": "Satu"}')
    again = b'{"text": "a", "source": "Dua", "url": "https://example.org/2"}\n'
    report = load(corpus, again * 2)
    assert (report.loaded, report.already, report.appearances) == (0, 2, 1)
    assert load(corpus, again).appearances == 0
    assert ArticleAppearance.objects.get().source == "Dua"


def test_the_same_text_may_stand_in_two_corpora(corpus: Corpus) -> None:
    load(corpus, lines(1))
    assert counts(load(factories.corpus(), lines(1))) == (1, 0, 0)


def test_one_bad_line_among_many_leaves_the_corpus_as_it_was(corpus: Corpus) -> None:
    data = lines(1_500) + b'{"text": 7}\n' + lines(700, 1_500) + b"{\n"
    report = load(corpus, data)
    assert (report.kept, *counts(report)) == (False, 0, 0, 2)
    assert [refusal.place.line for refusal in report.refusals] == [1_501, 2_202]
    assert not Article.objects.exists()


def test_bad_lines_may_be_skipped(corpus: Corpus) -> None:
    data = lines(1_500) + b'{"text": 7}\n' + lines(700, 1_500) + b"{\n"
    report = load(corpus, data, policy=Policy.SKIP)
    assert (report.kept, *counts(report)) == (True, 2_200, 0, 2)
    assert Article.objects.count() == 2_200


def test_an_external_id_names_one_article(corpus: Corpus) -> None:
    data = b'{"text": "a", "external_id": "x"}\n{"text": "b", "external_id": "x"}\n'
    report = load(corpus, data, policy=Policy.SKIP)
    assert [(r.reason.code, r.place.line) for r in report.refusals] == [("external_id_taken", 2)]
    assert counts(load(corpus, data, policy=Policy.SKIP)) == (0, 1, 1)


def test_the_id_of_an_article_that_was_withdrawn_is_free_again(corpus: Corpus) -> None:
    load(corpus, b'{"text": "a", "external_id": "x"}')
    Article.objects.update(withdrawn_at=datetime.now(UTC))
    assert counts(load(corpus, b'{"text": "b", "external_id": "x"}')) == (1, 0, 0)


def test_a_corpus_may_have_titles_as_the_first_block_of_texts() -> None:
    corpus = factories.corpus(title_in_text=True)
    load(corpus, b'{"text": "Isi.", "title": "Judul"}\n{"text": "Tanpa judul."}\n')
    texts = ArticleText.objects.order_by("article_id").values_list("text", flat=True)
    assert list(texts) == ["Judul\n\nIsi.", "Tanpa judul."]


def test_the_report_counts_each_file_with_its_encoding(corpus: Corpus) -> None:
    held = {"a.txt": "naïf".encode("latin-1"), "b.jsonl": lines(2)}
    report = load(corpus, zipped(held), "x.zip")
    assert [(file.name, file.encoding, file.loaded) for file in report.files] == [
        *[("x.zip/a.txt", "windows-1252 guessed", 1), ("x.zip/b.jsonl", "utf-8", 2)]
    ]


def test_a_report_is_the_same_after_it_was_stored(corpus: Corpus) -> None:
    report = load(corpus, lines(2) + b'{"text": "\\u0000", "title": "\\ud800"}', policy=Policy.SKIP)
    assert report_from(json.loads(json.dumps(report.as_json()))) == report


def test_the_journal_names_every_line_that_was_not_loaded(corpus: Corpus) -> None:
    load(corpus, lines(1))
    journal: list[object] = []
    load(corpus, lines(2) + b"[]\n", policy=Policy.SKIP, journal=journal.append)
    here = {"file": "a.jsonl"}
    assert journal == [
        here
        | {
            "line": 3,
            "byte": len(lines(2)),
            "outcome": "refused",
            "code": "json_not_object",
            "reason": "This is JSON, but no object in braces.",
        },
        here | {"line": 1, "byte": 0, "outcome": "already there"},
    ]


def test_progress_is_told_in_bytes_and_ends_at_the_total(corpus: Corpus) -> None:
    told: list[tuple[int, int]] = []
    load(corpus, lines(3), progress=lambda done, total: told.append((done, total)))
    size = len(lines(3))
    assert told[0] == (0, size)
    assert told[-1] == (size, size)


def test_what_progress_raises_stops_the_load_and_leaves_nothing(corpus: Corpus) -> None:
    def stop(done: int, total: int) -> None:
        if done > 60_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(corpus, lines(3_000), progress=stop)
    assert not Article.objects.exists()


def test_a_load_is_written_into_the_history(corpus: Corpus, manager: User) -> None:
    services.load(corpus, [source("a.jsonl", lines(2))], by=manager)
    event = Event.objects.get(verb="corpus.loaded")
    assert (event.by, event.data) == (manager, {"loaded": 2, "already": 0, "refused": 0})


def test_whoever_makes_a_corpus_manages_it(manager: User) -> None:
    corpus = create_corpus("sidang", name="Sidang", by=manager, language="id")
    assert corpus.registry.name == "Sidang"
    assert [(m.user, m.role) for m in corpus.memberships.all()] == [(manager, "manager")]


def test_two_corpora_of_one_name_have_registries_of_their_own(manager: User) -> None:
    one = create_corpus("satu", name="Sidang", by=manager)
    two = create_corpus("dua", name="Sidang", by=manager)
    assert one.registry != two.registry


@pytest.mark.parametrize("slug", ["new", "sidang"])
def test_a_slug_that_is_taken_is_refused(slug: str, manager: User) -> None:
    create_corpus("sidang", name="Sidang", by=manager)
    with pytest.raises(SlugTakenError):
        create_corpus(slug, name="Lain", by=manager)
    assert Corpus.objects.count() == 1
