"""A text that may not be kept is gone, everywhere but in exports, which are named."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.corpora.looking import LOOK
from annotations.corpora.models import Article, Corpus
from annotations.corpora.readers.sources import source_at
from annotations.corpora.searching.models import CorpusSummary
from annotations.corpora.services import load
from annotations.exchange.annotated_handlers import SURVEY
from annotations.exchange.models import Export
from annotations.exchange.store import made_folder, path_of
from annotations.history.models import Event
from annotations.jobs.services import run_here
from tests import factories
from tests.corpora.test_load_job import uploaded
from tests.factories import placed
from tests.spans.test_operations import send

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

SECRET = "Nama yang dilarang disebut berkata sesuatu."


@pytest.fixture
def assignment(annotator_a: User) -> Assignment:
    made = factories.assignment(annotator_a, SECRET)
    Article.objects.filter(pk=made.article_id).update(title="Nama yang dilarang", author="Sari")
    factories.searchable(made.corpus)
    return made


def tables_with(words: str) -> list[str]:
    """The tables of the database in which a row holds these words."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found = []
        for name in names:
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{name}" t WHERE t::text LIKE %s)', [f"%{words}%"]
            )
            if cursor.fetchone() == (True,):
                found.append(name)
    return found


def take_down(corpus: Corpus, article: int, **options: Any) -> str:
    out = StringIO()
    call_command(
        "takedown",
        corpus.slug,
        str(article),
        **{"reason": "Putusan 1", "yes": True, **options},
        stdout=out,
        stderr=StringIO(),
    )
    return out.getvalue()


def looked_into(corpus: Corpus) -> None:
    """Files that hold the text were looked into, and what was found is kept with the job."""
    spans = {"spans": [{"start": 0, "end": 18, "label": "ORANG"}]}
    lines = json.dumps({"text": SECRET, "title": "Nama yang dilarang", **spans}).encode()
    for kind, name, data in (
        (LOOK, "a.jsonl", lines),
        (LOOK, "b.txt", SECRET.encode()),
        (SURVEY, "c.jsonl", lines),
    ):
        args = {"corpus": corpus.pk, "files": [uploaded(data, name)]}
        assert run_here(kind, args, by=None).state == "done"
    assert "job" in tables_with("ang dilarang")


def test_nothing_of_the_text_is_left_in_the_database(
    assignment: Assignment, annotator_a: User
) -> None:
    send(assignment, placed(SECRET, "Nama yang dilarang"))
    assert {"article_text", "span", "operation"} <= set(tables_with("ang dilarang"))
    Export.objects.create(
        campaign=assignment.campaign, sha256=bytes(32), finished_at="2026-01-01T00:00:00Z"
    )
    looked_into(assignment.corpus)
    told = take_down(assignment.corpus, assignment.article_id)
    assert tables_with("ang dilarang") == []
    assert "1 texts and 1 layers are gone for good." in told
    assert assignment.campaign.slug in told
    for where in (path_of(bytes(32)), made_folder(bytes(32))):
        assert f"may still hold the text: {assignment.campaign.slug}, 2026-01-01: {where}" in told
    article = Article.objects.get(pk=assignment.article_id)
    assert (article.title, article.author, article.taken_down) == ("", "", True)
    summary = CorpusSummary.objects.get(corpus=assignment.corpus)
    assert (summary.articles, summary.searchable) == (0, 0)
    event = Event.objects.get(verb="article.taken_down")
    assert event.data == {"reason": "Putusan 1", "layers": 1}


def test_it_is_not_loaded_again(assignment: Assignment, tmp_path: Any) -> None:
    take_down(assignment.corpus, assignment.article_id)
    (tmp_path / "lagi.txt").write_text(SECRET)
    report = load(assignment.corpus, [source_at(tmp_path / "lagi.txt")], by=None)
    assert [refusal.reason.code for refusal in report.refusals] == ["taken_down"]


def test_every_version_is_taken_down(assignment: Assignment) -> None:
    older = Article.objects.get(pk=assignment.article_id)
    newer = factories.article(assignment.corpus, f"{SECRET} Ralat.", previous=older)
    take_down(assignment.corpus, newer.pk)
    assert tables_with("ang dilarang") == []


def test_what_is_not_there_or_not_meant_stays(
    assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="There is no article"):
        take_down(factories.corpus("lain"), assignment.article_id)
    with pytest.raises(CommandError, match="Give a reason"):
        take_down(assignment.corpus, assignment.article_id, reason=" ")
    monkeypatch.setattr("sys.stdin", StringIO("y\n"))
    with pytest.raises(CommandError, match="Nothing was taken down"):
        take_down(assignment.corpus, assignment.article_id, yes=False)
    assert "article_text" in tables_with("ang dilarang")
