"""The jobs of a corpus, tried again: they go on where they stopped, or say that they cannot."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from annotations.accounts.models import User
from annotations.corpora import tagging
from annotations.corpora.models import Article, ArticleTag
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.uploads import suffice, upload_path
from annotations.history.models import Event
from annotations.jobs import services as jobs
from annotations.jobs.models import Job, State
from annotations.jobs.running import execute
from tests import factories
from tests.corpora.test_load_job import arguments, lines, uploaded

pytestmark = pytest.mark.django_db


def test_a_cancelled_load_that_waited_is_loaded_when_it_is_tried_again(manager: User) -> None:
    job = jobs.start("load_articles", arguments(factories.corpus(), uploaded(lines(3))), by=manager)
    jobs.cancel(job.pk, by=manager)
    assert suffice(job.args, job.checkpoint)
    jobs.retry(job.pk, by=manager)
    done = execute(job.pk)
    assert done is not None
    assert (done.state, (done.result or {})["loaded"], Article.objects.count()) == ("done", 3, 3)
    assert not suffice(done.args, {})


def test_a_load_whose_upload_is_gone_is_refused_again_in_a_sentence(manager: User) -> None:
    file = uploaded(lines(3))
    job = jobs.start("load_articles", arguments(factories.corpus(), file), by=manager)
    jobs.cancel(job.pk, by=manager)
    upload_path(UUID(file["id"])).unlink()
    jobs.retry(job.pk, by=manager)
    refused = execute(job.pk)
    assert refused is not None
    assert (refused.state, "not there any more" in refused.error) == (State.FAILED, True)


def test_what_was_read_already_needs_no_file() -> None:
    gone = str(uuid4())
    for args in ({"files": [{"id": gone}]}, {"upload": gone}, {"file": gone}, {"path": "/none"}):
        assert not suffice(args, {})
        assert suffice(args, {"report": {}})
    assert suffice({"files": [{"id": gone}]}, {"layers": {}})
    assert suffice({"corpus": 1, "tag": 2}, {})


def test_tagging_that_stopped_goes_on_and_counts_all_it_changed(
    manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = factories.corpus()
    for number in range(5):
        factories.article(corpus, f"Artikel {number} tentang banjir.")
    factories.searchable(corpus)
    tag = tagging.named(corpus, "banjir", manager)
    monkeypatch.setattr(tagging, "_AT_ONCE", 2)
    monkeypatch.setattr(tagging, "_put", twice(tagging._put))
    job = jobs.run_here("tag_articles", tag_args(corpus.pk, tag.pk), by=manager)
    assert (job.state, ArticleTag.objects.count()) == (State.QUEUED, 4)
    Job.objects.filter(pk=job.pk).update(state=State.FAILED)
    monkeypatch.undo()
    jobs.retry(job.pk, by=manager)
    done = execute(job.pk)
    assert done is not None
    assert (done.result, ArticleTag.objects.count()) == ({"changed": 5}, 5)


def test_tagging_that_died_behind_its_last_article_is_not_told_twice(manager: User) -> None:
    corpus = factories.corpus()
    factories.searchable(corpus)
    tag = tagging.named(corpus, "banjir", manager)
    job = jobs.start("tag_articles", tag_args(corpus.pk, tag.pk), by=manager)
    Job.objects.filter(pk=job.pk).update(checkpoint={"after": 0, "changed": 5})
    done = execute(job.pk)
    assert done is not None
    assert done.result == {"changed": 5}
    assert not Event.objects.filter(verb="articles.tagged").exists()


def tag_args(corpus: int, tag: int) -> dict[str, object]:
    return {"corpus": corpus, "tag": tag, "criteria": Criteria().as_json(), "add": True}


def twice(put: Callable[..., int]) -> Callable[..., int]:
    """It works two times, and then no more."""
    left = [2]

    def some(*args: Any) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise OSError("the disk is gone")
        return put(*args)

    return some
