"""What a load would do is what it does, without a row written."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpora import loading, services
from annotations.corpora.models import Article, Corpus
from annotations.corpora.readers.drafts import ArticleDraft
from annotations.corpora.readers.sources import told_apart
from annotations.corpora.rehearsing import rehearse
from annotations.corpora.reports import LoadReport
from annotations.corpora.services import Policy
from tests import factories
from tests.corpora.reading import source

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


def counts(report: LoadReport) -> list[tuple[str, int, int, int]]:
    return [(file.name, file.loaded, file.already, file.refused) for file in report.files]


def line(text: str, name: str | None = None) -> bytes:
    return json.dumps({"text": text, "external_id": name}).encode() + b"\n"


def test_two_files_of_one_name_are_counted_apart(corpus: Corpus) -> None:
    files = [source("a.jsonl", line("a") + b"[]\n"), source("a.jsonl", line("a") + line("b"))]
    rehearsed = rehearse(corpus, [*told_apart(files)])
    loaded = services.load(corpus, files, by=None, policy=Policy.SKIP)
    told = [("a.jsonl", 1, 0, 1), ("a (2).jsonl", 1, 1, 0)]
    assert counts(rehearsed) == counts(loaded) == told
    assert [refusal.place.file for refusal in loaded.refusals] == ["a.jsonl"]


def test_what_is_new_there_already_and_refused_is_counted_by_file(corpus: Corpus) -> None:
    services.load(corpus, [source("z.jsonl", line("a", "x"))], by=None)
    files = [
        source("a.jsonl", line("a") + line("b") + line("b") + line("c", "x") + b"[]\n"),
        source("b.jsonl", line("b") + line("d", "y") + line("e", "y")),
    ]
    journal: list[object] = []
    report = rehearse(corpus, files, journal=journal.append)
    assert counts(report) == [("a.jsonl", 1, 2, 2), ("b.jsonl", 1, 1, 1)]
    assert [refusal.reason.code for refusal in report.refusals] == [
        *("json_not_object", "external_id_taken", "external_id_taken")
    ]
    assert len(journal) == 6
    assert Article.objects.count() == 1


def test_the_title_counts_where_it_is_part_of_the_text() -> None:
    corpus = factories.corpus(title_in_text=True)
    data = b'{"text": "a", "title": "A"}\n{"text": "a", "title": "B"}\n'
    assert counts(rehearse(corpus, [source("a.jsonl", data)])) == [("a.jsonl", 2, 0, 0)]


def test_two_rehearsals_know_nothing_of_each_other(corpus: Corpus) -> None:
    for _ in range(2):
        assert rehearse(corpus, [source("a.jsonl", line("a"))]).loaded == 1


def test_what_progress_raises_ends_it_and_the_next_begins_anew(corpus: Corpus) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rehearse(corpus, [source("a.jsonl", line("a"))], progress=stop)
    assert rehearse(corpus, [source("a.jsonl", line("a"))]).loaded == 1


def test_every_article_is_seen_in_order(corpus: Corpus) -> None:
    seen: list[ArticleDraft] = []
    rehearse(corpus, [source("a.jsonl", line("b") + b"[]\n" + line("a"))], see=seen.append)
    assert [draft.text for draft in seen] == ["b", "a"]


articles = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from([None, "x", "y", "z"])), max_size=12
)


@settings(deadline=None, max_examples=40)
@given(before=articles, after=articles, at_once=st.integers(1, 4))
def test_a_load_does_what_its_rehearsal_said(
    before: list[tuple[str, str | None]], after: list[tuple[str, str | None]], at_once: int
) -> None:
    corpus = factories.corpus()
    first, second = (
        source("a.jsonl", b"".join(line(*one) for one in some)) for some in (before, after)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "_CHUNK_ROWS", at_once)
        services.load(corpus, [first], by=None, policy=Policy.SKIP)
        said = rehearse(corpus, [second])
        done = services.load(corpus, [second], by=None, policy=Policy.SKIP)
    assert counts(said) == counts(done)
