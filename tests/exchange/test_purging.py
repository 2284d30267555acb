"""What lay in the trash for 30 days: gone from every table and folder, and nothing else with it."""

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from annotations.accounts.models import User
from annotations.agreement.handlers import DEPTH
from annotations.agreement.models import AgreementSum
from annotations.agreement.starting import KIND as AGREEMENT
from annotations.assignments import services as assignments
from annotations.assignments import trash
from annotations.assignments.models import Assignment, Campaign
from annotations.conversation.models import Message
from annotations.corpora import tagging, versions, withdrawing
from annotations.corpora.models import Article, ArticleAppearance, Corpus, Tag
from annotations.corpora.uploads import report_path, upload_path
from annotations.exchange import purging
from annotations.exchange.annotated_handlers import BRING, SURVEY
from annotations.exchange.handlers import EMPTY_TRASH, EXPORT
from annotations.exchange.models import Export
from annotations.exchange.store import path_of
from annotations.history.models import Event
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.limits import LIMITS
from annotations.registry import duplicates, merging
from annotations.registry.handlers import COMPARE
from annotations.registry.models import EntityLink
from annotations.registry.services import add_alias
from annotations.schema.services import find
from annotations.spans.handlers import COUNT
from annotations.spans.protocol import operate
from tests import factories
from tests.factories import TEXT, flagged, noted, placed, related, span_id

pytestmark = pytest.mark.django_db

KEPT = {"event", "account", "schema", "label", "relation_type", "django_migrations"}
"""What a purge leaves: the history, people, and schemas, which belong to no corpus."""


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORT_DIR = tmp_path / "exports"
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.UPLOAD_DIR.mkdir()
    return tmp_path


def rows() -> dict[str, list[str]]:
    """Every row of every table that a purge may touch."""
    found = {}
    with connection.cursor() as cursor:
        for name in sorted(set(connection.introspection.table_names(cursor)) - KEPT):
            cursor.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1')
            found[name] = [row[0] for row in cursor.fetchall()]
    return found


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def full(people: list[User]) -> Corpus:
    """A corpus with something in every table that hangs on it, and files."""
    corpus = factories.corpus()
    story = "Gubernur menolak usul itu karena warga pasar lama tidak pernah ditanya lebih dulu."
    for number, text in enumerate((TEXT, story, f"{story} Titik.", "Teks yang dibuang.")):
        article = factories.article(corpus, text, source="Pagi", external_id=f"a{number}")
    ArticleAppearance.objects.create(article=article, source="Sore")
    factories.searchable(corpus)
    tagging.tag(corpus, "banjir", corpus.articles.values_list("pk", flat=True), by=None)
    withdrawing.withdraw(corpus, [article.pk], reason="", by=None)
    _fill_registry(corpus)
    campaign = _campaign(corpus, people)
    for person in people:
        _label(campaign, person)
    versions.succeed(corpus.articles.get(external_id="a1"), f"{story} Baru.", by=None)
    for kind in (AGREEMENT, EXPORT):
        job = jobs.run_here(kind, {"campaign": campaign.pk, "include_open": True}, by=None)
        assert job.state == "done", job.error
    AgreementSum.objects.create(campaign=campaign, key=uuid4(), include_open=True, sums=b"0")
    run = campaign.agreement_runs.get()
    job = jobs.run_here(DEPTH, {"campaign": campaign.pk, "run": run.pk}, by=None)
    assert job.state == "done", job.error
    _load(corpus)
    for kind in (COMPARE, COUNT):
        assert jobs.run_here(kind, {"registry": corpus.registry_id}, by=None).state == "done"
    return corpus


def _campaign(corpus: Corpus, people: list[User]) -> Campaign:
    """A campaign over what has the tag."""
    design = assignments.Design(
        slug=f"tag-{corpus.slug}",
        name="",
        corpus=corpus,
        schema=find("atribusi@1.0"),
        annotators=people,
        overlap=2,
        tag=Tag.objects.get(corpus=corpus),
    )
    made = assignments.create_campaign(design, by=None)
    assignments.start(made, by=None)
    return made


def _fill_registry(corpus: Corpus) -> None:
    one, other, third = (factories.entity(corpus, name) for name in ("Laras", "Sari", "Ayu"))
    for entity in (one, other):
        add_alias(entity, text="Bu Laras", kind="short", proposed_by=None)
    factories.entity(corpus, "Bu Laras")
    duplicates.tell_apart(one, other, by=None)
    EntityLink.objects.create(
        registry=corpus.registry, source=one, target=other, kind="member_of", removed=False
    )
    merging.merge(third, one, by=None)


def _label(campaign: Campaign, person: User) -> None:
    layer = campaign.assignments.filter(article__external_id="a0", annotator=person).get()
    Assignment.objects.filter(pk=layer.pk).update(status="open")
    entity = campaign.corpus.registry.entities.get(name="Laras")
    actor = placed(TEXT, "Laras", entity=str(entity.uuid))
    quote = placed(TEXT, "Kami", "tidak akan", label="QUOTE")
    speaker = related("SPEAKER", span_id(quote), span_id(actor))
    remarks = [noted(span_id(actor), "siapa?"), flagged(span_id(quote), "unsure")]
    body = {"client": str(uuid4()), "base": 0, "operations": [actor, quote, speaker, *remarks]}
    answer = operate(layer.pk, json.dumps(body).encode(), by=person)
    assert answer.status == 200, answer
    now = timezone.now()
    Message.objects.create(
        assignment=layer, id=uuid4(), asks=False, text="Sudah.", account=person, at=now
    )


def _load(corpus: Corpus) -> None:
    """A load of which the report stays, and one that left its upload."""
    upload = uuid4()
    upload_path(upload).write_bytes(b'{"text": "Dari berkas."}\n[]\n')
    file = {"id": str(upload), "name": "a.jsonl"}
    args = {"corpus": corpus.pk, "files": [file], "policy": "all_or_nothing", "encoding": ""}
    job = jobs.run_here("load_articles", args, by=None)
    assert report_path(job.pk).is_file()
    assert upload_path(upload).is_file()


@pytest.fixture
def people(annotator_a: User, annotator_b: User) -> list[User]:
    return [annotator_a, annotator_b]


def aged(thing: Corpus | Campaign, days: float) -> None:
    """It went into the trash so many days ago."""
    put = trash.withdraw_corpus if isinstance(thing, Corpus) else trash.withdraw_campaign
    put(thing, by=None)  # type: ignore[operator]  # the one that takes it
    at = timezone.now() - timedelta(days=days)
    type(thing).objects.filter(pk=thing.pk).update(withdrawn_at=at)


def nothing(done: int) -> None:
    pass


def test_after_thirty_days_a_corpus_was_never_there_and_others_are_as_they_were(
    people: list[User], folders: Path
) -> None:
    full(people)
    before, kept = rows(), files(folders)
    assert all(
        before[name]
        for name in (
            *("article_cluster", "duplicate", "entity_use", "export"),
            *("agreement_pair", "agreement_article", "agreement_sum"),
        )
    )
    doomed = full(people)
    assert len(files(folders)) > len(kept)
    aged(doomed, 30.1)
    assert purging.purge(nothing) == {"corpora": 1, "campaigns": 1}
    assert rows() == before
    assert files(folders) == kept
    purged = Event.objects.filter(verb__endswith=".purged").order_by("pk")
    assert [(one.verb, one.data["slug"]) for one in purged][-1] == ("corpus.purged", doomed.slug)


def test_after_thirty_days_a_campaign_was_never_there_and_its_articles_stay(
    people: list[User], folders: Path
) -> None:
    corpus = full(people)
    before, kept = rows(), files(folders)
    campaign = factories.campaign(corpus, people)
    _label(campaign, people[0])
    jobs.run_here(EXPORT, {"campaign": campaign.pk, "include_open": True}, by=None)
    aged(campaign, 30.1)
    assert purging.purge(nothing) == {"corpora": 0, "campaigns": 1}
    assert rows() == before
    assert files(folders) == kept


def test_a_registry_that_another_corpus_uses_stays(people: list[User]) -> None:
    doomed = full(people)
    entities = doomed.registry.entities.count()
    sharing = factories.corpus(registry=doomed.registry)
    aged(doomed, 31)
    purging.purge(nothing)
    assert list(Corpus.objects.all()) == [sharing]
    assert sharing.registry.entities.count() == entities == 4


def test_a_removal_that_is_stopped_at_any_step_goes_on_from_there(
    people: list[User], folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "ROWS", 1)
    monkeypatch.setattr(purging, "ARTICLES", 1)
    full(people)
    before, kept = rows(), files(folders)
    aged(full(people), 31)

    class Killed(Exception):
        pass

    def die(done: int) -> None:
        raise Killed

    steps = 0
    while purging.is_anything_due():
        with pytest.raises(Killed):
            purging.purge(die)
        steps += 1
    assert steps > 15
    assert rows() == before
    assert files(folders) == kept


@pytest.mark.parametrize("days", [0.0, 29.9])
def test_what_is_not_due_stays_whoever_asks(days: float, people: list[User]) -> None:
    corpus, other = full(people), full(people)
    campaign = other.campaigns.get()
    aged(corpus, days)
    aged(campaign, days)
    before = rows()
    assert not purging.is_anything_due()
    assert purging.purge(nothing) == {"corpora": 0, "campaigns": 0}
    keys = [("campaign", campaign.pk), ("campaign", corpus.campaigns.get().pk)]
    with connection.cursor() as cursor:
        for what, key in [*keys, ("corpus", corpus.pk), ("corpus", other.pk), ("corpus", 0)]:
            cursor.execute(f"SELECT purge_{what}(%s, 1000)", [key])
            assert cursor.fetchone() == (None,)
    assert rows() == before
    assert trash.restore_corpus(corpus, by=None)
    assert trash.restore_campaign(campaign, by=None)


def test_the_database_keeps_the_campaigns_of_a_corpus_and_the_rest_of_a_registry(
    people: list[User],
) -> None:
    corpus = full(people)
    aged(corpus, 31)
    asked = (
        ("SELECT purge_corpus(%s, 10)", [corpus.pk]),
        (
            "SELECT purge_some_of_registry(%s, 10)",
            [corpus.registry_id],
        ),
    )
    for query, values in asked:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query, values)
    assert corpus.articles.exists()


def test_the_database_keeps_the_days_that_are_promised() -> None:
    with connection.cursor() as cursor:
        for minutes in (-1, 1):
            cursor.execute(
                "SELECT is_due(now() - make_interval(days => %s, mins => %s))",
                [LIMITS.trash_days, minutes],
            )
            assert cursor.fetchone() == (minutes > 0,)
        cursor.execute("SELECT is_due(NULL)")
        assert cursor.fetchone() == (False,)


def test_the_sweeper_has_the_trash_emptied_once(people: list[User]) -> None:
    call_command("sweep", once=True)
    assert not Job.objects.filter(kind=EMPTY_TRASH).exists()
    aged(full(people), 31)
    call_command("sweep", once=True)
    call_command("sweep", once=True)
    job = Job.objects.get(kind=EMPTY_TRASH)
    done = jobs.execute(job.pk)
    assert done is not None
    assert (done.state, done.result) == ("done", {"corpora": 1, "campaigns": 1})
    assert not Corpus.objects.exists()


def test_a_job_about_what_lies_in_the_trash_says_so_and_does_nothing(people: list[User]) -> None:
    corpus = full(people)
    campaign = corpus.campaigns.get()
    looked = dict(Job.objects.get(kind="load_articles").args)
    trash.withdraw_corpus(corpus, by=None)
    before = rows()
    about: dict[str, dict[str, Any]] = {
        "load_articles": looked,
        "survey_articles": looked,
        "index_articles": looked,
        "tag_articles": looked | {"tag": 0},
        SURVEY: looked,
        BRING: looked,
        "revise_article": looked | {"article": 0, "upload": str(uuid4())},
        EXPORT: {"campaign": campaign.pk, "include_open": False},
        AGREEMENT: {"campaign": campaign.pk},
        DEPTH: {"campaign": campaign.pk, "run": campaign.agreement_runs.get().pk},
        "import_layers": {"campaign": campaign.pk, "upload": str(uuid4())},
    }
    for kind, args in about.items():
        job = jobs.run_here(kind, args, by=None)
        assert (kind, job.state, "in the trash" in job.error) == (kind, "failed", True)
    after = rows()
    assert {name for name in after if after[name] != before[name]} == {"job"}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_load_that_runs_is_stopped_and_the_corpus_comes_back_as_it_was() -> None:
    corpus = factories.corpus()
    factories.article(corpus)
    upload = uuid4()
    lines = "".join(f'{{"text": "Artikel {number}."}}\n' for number in range(3_000))
    upload_path(upload).write_text(lines)
    args = {"corpus": corpus.pk, "files": [{"id": str(upload), "name": "a.jsonl"}],
            "policy": "skip", "encoding": ""}  # fmt: skip
    begun, withdrawn = threading.Event(), threading.Event()
    ended: list[Job] = []

    def told(done: int, total: int | None, message: str) -> None:
        if done > 20_000 and not begun.is_set():
            begun.set()
            withdrawn.wait(10)
            # the pulse asks twice a second whether somebody wants the job to stop
            threading.Event().wait(1.5)

    def load() -> None:
        ended.append(jobs.run_here("load_articles", args, by=None, progress=told))
        connection.close()

    thread = threading.Thread(target=load)
    thread.start()
    assert begun.wait(10)
    assert trash.withdraw_corpus(corpus, by=None)
    withdrawn.set()
    thread.join()
    assert [job.state for job in ended] == ["cancelled"]
    assert trash.restore_corpus(corpus, by=None)
    assert Article.objects.count() == 1
    assert not Export.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_who_restores_first_keeps_everything(people: list[User]) -> None:
    """A restore that waits for a step of the removal finds the thing not restorable; a removal
    that waits for a restore finds nothing due."""
    corpus = full(people)
    aged(corpus, 31)
    articles = corpus.articles.count()
    gone: list[object] = []

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT purge_corpus(%s, 10)", [corpus.pk])
            gone.append(cursor.fetchone()[0])
        connection.close()

    with transaction.atomic():
        Corpus.objects.filter(pk=corpus.pk).update(withdrawn_at=None)
        thread = threading.Thread(target=ask)
        thread.start()
        threading.Event().wait(0.3)
    thread.join()
    assert gone == [None]
    assert corpus.articles.count() == articles


def test_an_export_that_another_campaign_has_byte_for_byte_stays(people: list[User]) -> None:
    campaign = full(people).campaigns.get()
    export = Export.objects.get()
    twin = factories.campaign(campaign.corpus, people)
    Export.objects.create(campaign=twin, sha256=export.sha256, finished_at=timezone.now())
    aged(campaign, 31)
    purging.purge(nothing)
    assert path_of(bytes(export.sha256 or b"")).is_file()
