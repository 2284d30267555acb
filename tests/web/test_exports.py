"""The screen of exports: who may see, make and download them, and what a download carries."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotations.accounts.models import Role, User
from annotations.assignments.models import Campaign
from annotations.corpora.models import Article, Membership
from annotations.corpora.searching.models import ArticleCluster
from annotations.exchange.handing_out import attachment
from annotations.exchange.handlers import EXPORT
from annotations.exchange.models import Export
from annotations.exchange.ranges import Span, Unsatisfiable, asked
from annotations.exchange.store import path_of
from annotations.history.models import Event
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.jobs.running import execute
from tests import factories
from tests.exchange.kutip_lines import (
    TEXT,
    article_of,
    compact,
    layer,
    line,
    load,
    span,
    write_file,
)

pytestmark = pytest.mark.django_db

WHATS = ("manifest.json", "schema.json", "card.md", "sha256")


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    settings.EXPORT_DIR = tmp_path / "exports"
    settings.UPLOAD_DIR = tmp_path / "uploads"


@pytest.fixture
def campaign(annotator_a: User, tmp_path: Path) -> Campaign:
    corpus = factories.corpus("berita")
    article_of(corpus, line())
    campaign = factories.campaign(corpus, [annotator_a], slug="kutipan")
    load(campaign, write_file(tmp_path, line(TEXT, layer("annotator_a", span(TEXT, "Laras")))))
    return campaign


@pytest.fixture
def export(campaign: Campaign) -> Export:
    args: dict[str, object] = {"campaign": campaign.pk, "include_open": False}
    job = jobs.run_here(EXPORT, args, by=None)
    return Export.objects.get(job=job)


@pytest.fixture
def manager_in(signed_in: Any, manager: User) -> Client:
    client: Client = signed_in(manager)
    return client


@pytest.fixture
def stranger_in(signed_in: Any, stranger: User) -> Client:
    client: Client = signed_in(stranger)
    return client


def got(client: Client, door: str, **headers: str) -> Any:
    """The answer, read to its end: `data` is what it carried."""
    answer: Any = client.get(door, headers=headers)
    answer.data = answer.getvalue()
    return answer


def doors(export: Export) -> list[str]:
    """The addresses that show an export, or one of its files."""
    words = [export.campaign.slug, export.pk]
    return [
        reverse("exports", args=words[:1]),
        reverse("export", args=words),
        *(reverse("export_beside", args=[*words, what]) for what in WHATS),
    ]


@pytest.mark.parametrize("who", ["manager", "adjudicator", "analyst"])
def test_who_manages_or_reads_the_corpus_sees_and_downloads(
    request: pytest.FixtureRequest, who: str, export: Export, signed_in: Any
) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert [got(client, door).status_code for door in doors(export)] == [200] * 6


@pytest.mark.parametrize("who", ["annotator_a", "annotator_b", "stranger"])
def test_to_who_labels_and_to_strangers_there_is_nothing(
    request: pytest.FixtureRequest, who: str, export: Export, signed_in: Any
) -> None:
    client = signed_in(request.getfixturevalue(who))
    slug = export.campaign.slug
    assert [got(client, door).status_code for door in doors(export)] == [404] * 6
    assert client.get(reverse("exports_progress", args=[slug])).status_code == 404
    assert client.post(reverse("exports_make", args=[slug])).status_code == 404
    assert client.get(reverse("layers_load", args=[slug])).status_code == 404


def test_a_manager_who_labels_here_sees_nothing(
    export: Export, annotator_a: User, signed_in: Any
) -> None:
    User.objects.filter(pk=annotator_a.pk).update(role=Role.MANAGER)
    Membership.objects.create(corpus=export.campaign.corpus, user=annotator_a, role=Role.MANAGER)
    client = signed_in(annotator_a)
    assert [got(client, door).status_code for door in doors(export)] == [404] * 6


def test_who_loses_the_right_loses_the_file(
    export: Export, manager: User, manager_in: Client
) -> None:
    door = reverse("export", args=[export.campaign.slug, export.pk])
    assert got(manager_in, door).status_code == 200
    User.objects.filter(pk=manager.pk).update(role=Role.ANNOTATOR)
    assert manager_in.get(door).status_code == 404


def test_signed_out_one_signs_in_first(export: Export, client: Client) -> None:
    for door in doors(export):
        assert client.get(door).headers["Location"].startswith("/sign-in/")


def test_an_export_is_found_only_under_its_own_campaign(export: Export, manager_in: Client) -> None:
    other = factories.campaign(factories.corpus(), [factories.user()], slug="lain")
    assert manager_in.get(reverse("export", args=[other.slug, export.pk])).status_code == 404


def test_a_download_is_the_file_and_can_do_no_harm(export: Export, manager_in: Client) -> None:
    door = reverse("export", args=[export.campaign.slug, export.pk])
    answer = got(manager_in, door, **{"Accept-Encoding": "gzip"})
    data = answer.data
    assert hashlib.sha256(data).digest() == bytes(export.sha256 or b"")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="kutipan-')
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Length"] == str(len(data))
    assert "private" in answer.headers["Cache-Control"]
    assert Event.objects.filter(verb="export.downloaded").count() == 1


def test_a_download_goes_on_where_it_broke(export: Export, manager_in: Client) -> None:
    door = reverse("export", args=[export.campaign.slug, export.pk])
    whole = got(manager_in, door)
    rest = got(manager_in, door, **{"Range": "bytes=100-", "If-Range": whole.headers["ETag"]})
    size = len(whole.data)
    assert (rest.status_code, rest.data) == (206, whole.data[100:])
    assert rest.headers["Content-Range"] == f"bytes 100-{size - 1}/{size}"
    assert rest.headers["Content-Length"] == str(size - 100)


def test_one_may_ask_about_a_file_without_getting_it(export: Export, manager_in: Client) -> None:
    door = reverse("export", args=[export.campaign.slug, export.pk])
    answer: Any = manager_in.head(door, headers={"Range": "bytes=5-"})  # which is of GET alone
    for close in answer._resource_closers:  # what a server does; the test client does it for GET
        close()
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(export.bytes))
    assert not Event.objects.filter(verb="export.downloaded").exists()


def test_a_range_of_another_file_gets_all_of_this_one(export: Export, manager_in: Client) -> None:
    door = reverse("export", args=[export.campaign.slug, export.pk])
    answer = got(manager_in, door, **{"Range": "bytes=100-", "If-Range": '"other"'})
    assert answer.status_code == 200


def test_behind_the_end_there_is_no_range(export: Export, manager_in: Client) -> None:
    door = reverse("export", args=[export.campaign.slug, export.pk])
    answer = manager_in.get(door, headers={"Range": "bytes=999999999-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{export.bytes}")


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", None),
        ("bytes=0-4", Span(0, 5)),
        ("bytes=5-", Span(5, 10)),
        ("bytes=-3", Span(7, 10)),
        ("bytes=-99", Span(0, 10)),
        ("bytes=0-99", Span(0, 10)),
        ("bytes=4-2", None),
        ("bytes=0-1,3-4", None),
        ("bytes=-", None),
        ("lines=0-1", None),
        ("bytes=٣-", None),
    ],
)
def test_what_a_range_asks_for(header: str, span: Span | None) -> None:
    assert asked(header, 10) == span


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=-0", "bytes=99-100"])
def test_what_no_file_can_give(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        asked(header, 10)


@pytest.mark.parametrize(
    "name",
    ['a"b\r\nX: y', "../../etc/passwd", "C:\\a", "berita 🚢.jsonl", "\u202eexe.jsonl", "", "a;b=c"],
)
def test_a_hostile_name_stays_a_name(name: str) -> None:
    header = attachment(name)
    assert header.startswith("attachment")
    assert header.isascii()
    assert header.isprintable()
    assert not any(sign in header for sign in ("/", "\\\\", "%2F", "%5C", "%0A", "%E2%80%AE"))


def test_a_file_that_is_gone_is_not_there(export: Export, manager_in: Client) -> None:
    path_of(bytes(export.sha256 or b"")).unlink()
    assert (
        manager_in.get(reverse("export", args=[export.campaign.slug, export.pk])).status_code == 404
    )


def test_nothing_else_stands_beside_an_export(export: Export, manager_in: Client) -> None:
    base = reverse("export", args=[export.campaign.slug, export.pk]).removesuffix(".jsonl")
    assert manager_in.get(f"{base}.settings.py").status_code == 404


def test_the_page_shows_counts_and_checksum(export: Export, manager_in: Client) -> None:
    text = manager_in.get(reverse("exports", args=[export.campaign.slug])).content.decode()
    assert bytes(export.sha256 or b"").hex() in text
    assert reverse("export", args=[export.campaign.slug, export.pk]) in text


def test_the_page_asks_the_same_however_many_exports(
    campaign: Campaign,
    manager_in: Client,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    args: dict[str, object] = {"campaign": campaign.pk, "include_open": False}
    door = reverse("exports", args=["kutipan"])
    jobs.run_here(EXPORT, args, by=None)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        manager_in.get(door)
    for _ in range(3):
        jobs.run_here(EXPORT, args, by=None)
    with django_assert_num_queries(len(one)):
        manager_in.get(door)


def test_making_one_twice_at_once_makes_one(campaign: Campaign, manager_in: Client) -> None:
    door = reverse("exports_make", args=[campaign.slug])
    for _ in range(2):
        answer = manager_in.post(door, {"include_open": "on"})
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            "/campaigns/kutipan/exports/",
        )
    job = Job.objects.get(kind=EXPORT)
    assert job.args == {"campaign": campaign.pk, "choice": {"include_open": True}}
    page = manager_in.get(answer.headers["Location"]).content.decode()
    assert 'id="export-running"' in page
    assert "Export as JSONL" not in page
    execute(job.pk)
    assert Export.objects.get(job=job).choice == {"include_open": True}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("{key}", 303),
        (" {key} ", 303),
        ("https://kutip.example/corpora/berita/?q=&cluster={key}", 303),
        ("{key}1", 422),
        ("x", 422),
        ("0", 422),
    ],
)
def test_a_story_can_be_chosen_by_its_number_or_its_address(
    campaign: Campaign, manager_in: Client, said: str, status: int
) -> None:
    article = Article.objects.get(corpus=campaign.corpus)
    ArticleCluster.objects.create(article=article, corpus=campaign.corpus, cluster=article.pk)
    door = reverse("exports_make", args=[campaign.slug])
    answer = manager_in.post(door, {"cluster": said.format(key=article.pk)})
    assert answer.status_code == status
    jobs = [job.args["choice"] for job in Job.objects.filter(kind=EXPORT)]
    assert jobs == ([{"articles": {"cluster": article.pk}}] if status == 303 else [])
    if said == "{key}1":
        assert "In this corpus no two articles tell the story" in answer.content.decode()


def test_what_was_chosen_is_what_goes_in(
    campaign: Campaign, manager_in: Client, settings: Any
) -> None:
    door = reverse("exports_make", args=[campaign.slug])
    said = {
        "labels": ["ACTOR"],
        "layers": ["annotators", "majority"],
        "annotators": ["annotator_a"],
        "without_text": "on",
        "pseudonyms": "on",
        "utf16": "on",
        "licence": " CC  BY ",
    }
    assert manager_in.post(door, said).status_code == 303
    job = Job.objects.get(kind=EXPORT)
    choice = {
        "annotators": ["annotator_a"],
        "labels": ["ACTOR"],
        "layers": ["annotators", "majority"],
        "licence": "CC BY",
        "offsets": ["utf16"],
        "pseudonyms": True,
        "text": False,
    }
    assert job.args == {"campaign": campaign.pk, "choice": choice}
    execute(job.pk)
    export = Export.objects.get(job=job)
    path = reverse("export", args=[campaign.slug, export.pk])
    assert b"Laras" not in got(manager_in, path).data
    shown = manager_in.get(reverse("exports", args=[campaign.slug])).content.decode()
    assert "Layers: each annotator, majority." in shown
    for format, status in (("brat", 409), ("spans", 200)):
        converted = reverse("export_converted", args=[campaign.slug, export.pk, format])
        assert got(manager_in, converted).status_code == status
    refused = manager_in.get(reverse("export_format", args=[campaign.slug, export.pk, "brat"]))
    assert b"brat needs them" in refused.content

    # and expired, as by policy: said, listed, made again from the same choice
    settings.EXPORT_DAYS = 30
    Export.objects.update(finished_at=timezone.now() - timedelta(days=31))
    call_command("sweep", "--once")
    execute(Job.objects.get(kind="expire_exports").pk)
    assert not path_of(bytes(export.sha256 or b"")).exists()
    gone = manager_in.get(path)
    assert (gone.status_code, gone.json()["error"]) == (410, "expired")
    page = manager_in.get(reverse("exports", args=[campaign.slug])).content.decode()
    assert "expired" in page
    again = reverse("export_again", args=[campaign.slug, export.pk])
    assert again in page
    manager_in.post(again)
    execute(Job.objects.filter(kind=EXPORT).latest("created_at").pk)
    fresh = Export.objects.latest("created_at")
    assert (fresh.sha256, fresh.choice, fresh.has_file) == (export.sha256, choice, True)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"split": "on", "train": "90"}, "Train, dev and test must be 100 percent together."),
        ({"words": "..."}, "There is no word in this"),
        ({"labels": ["NADA"]}, "NADA"),
        ({"since": "kemarin"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_chosen_is_said(
    campaign: Campaign, manager_in: Client, said: dict[str, Any], words: str
) -> None:
    answer = manager_in.post(reverse("exports_make", args=[campaign.slug]), said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Job.objects.filter(kind=EXPORT).exists()


def test_two_exports_are_compared(
    export: Export, campaign: Campaign, manager_in: Client, stranger_in: Client
) -> None:
    span_id = str(campaign.assignments.get(revision=1).spans.get().id)
    campaign.assignments.get(revision=1).spans.update(attributes={"form": "<b>"})
    job = jobs.run_here(EXPORT, {"campaign": campaign.pk}, by=None)
    other = Export.objects.get(job=job)
    door = reverse("exports_compare", args=[campaign.slug])
    asked = {"before": str(export.pk), "after": str(other.pk)}
    assert manager_in.get(door).status_code == 200
    text = manager_in.get(door, asked).content.decode()
    assert span_id in text
    assert "form: &lt;b&gt;" in text
    document = json.loads(got_with(manager_in, f"{door[:-1]}.json", asked))
    [change] = document["changes"]
    assert (change["how"], change["id"], change["old"]) == ("changed", span_id, {"attributes": {}})
    same = {"before": str(export.pk), "after": str(export.pk)}
    assert "Nothing differs." in manager_in.get(door, same).content.decode()
    assert manager_in.get(f"{door[:-1]}.json", {"before": "x"}).status_code == 422
    path_of(bytes(other.sha256 or b"")).write_bytes(b"{}\n")
    assert "cannot be compared" in manager_in.get(door, asked).content.decode()
    assert manager_in.get(f"{door[:-1]}.json", asked).status_code == 409
    assert stranger_in.get(door, asked).status_code == 404


def got_with(client: Client, door: str, asked: dict[str, str]) -> bytes:
    answer: Any = client.get(door, asked)
    data: bytes = answer.getvalue()
    return data


def test_the_progress_ends_with_a_fresh_page(campaign: Campaign, manager_in: Client) -> None:
    manager_in.post(reverse("exports_make", args=[campaign.slug]))
    door = reverse("exports_progress", args=[campaign.slug])
    assert b"export-running" in manager_in.get(door).content
    execute(Job.objects.get(kind=EXPORT).pk)
    assert manager_in.get(door).headers["HX-Refresh"] == "true"


# loading layers -----------------------------------------------------------------------------------


def upload(client: Client, campaign: Campaign, data: bytes, **options: Any) -> Any:
    file = SimpleUploadedFile("layers.jsonl", data)
    return client.post(reverse("layers_load", args=[campaign.slug]), {"file": file}, **options)


def test_a_manager_loads_layers_by_upload(
    campaign: Campaign, manager_in: Client, settings: Any
) -> None:
    answer = upload(manager_in, campaign, compact(line(TEXT, layer("tamu"), layer("annotator_a"))))
    job = Job.objects.get(kind="import_layers")
    report = reverse("layers_report", args=[campaign.slug, job.pk])
    assert (answer.status_code, answer.headers["Location"]) == (303, report)
    assert b"hx-get" in manager_in.get(report).content
    execute(job.pk)
    page = manager_in.get(report).content.decode()
    assert "New, inactive accounts: tamu" in page
    assert "line 1" in page
    assert list(Path(settings.UPLOAD_DIR).iterdir()) == []
    assert b"layers.jsonl" in manager_in.get(reverse("layers_load", args=[campaign.slug])).content


def test_a_bad_file_is_refused_with_its_line(
    campaign: Campaign, manager_in: Client, settings: Any
) -> None:
    upload(manager_in, campaign, b"\n{}")
    job = Job.objects.get(kind="import_layers")
    execute(job.pk)
    report = reverse("layers_report", args=[campaign.slug, job.pk])
    assert b"Line 2: " in manager_in.get(report).content
    assert list(Path(settings.UPLOAD_DIR).iterdir()) == []


def test_without_a_file_or_a_running_campaign_nothing_starts(
    campaign: Campaign, manager_in: Client
) -> None:
    door = reverse("layers_load", args=[campaign.slug])
    assert manager_in.post(door).status_code == 422
    Campaign.objects.update(status="closed")
    assert upload(manager_in, campaign, compact(line())).status_code == 422
    assert not Job.objects.filter(kind="import_layers").exists()


def test_a_file_that_is_too_large_is_not_read(campaign: Campaign, manager_in: Client) -> None:
    assert upload(manager_in, campaign, b"{}", CONTENT_LENGTH=str(2**40)).status_code == 413


def test_an_upload_without_the_token_is_refused(
    campaign: Campaign, manager: User, signed_in: Any
) -> None:
    client = signed_in(manager, enforce_csrf_checks=True)
    assert upload(client, campaign, compact(line())).status_code == 403
    assert not Job.objects.filter(kind="import_layers").exists()


def test_a_load_is_shown_only_under_its_campaign(campaign: Campaign, manager_in: Client) -> None:
    upload(manager_in, campaign, b"{}")
    job = Job.objects.get(kind="import_layers")
    other = factories.campaign(factories.corpus(), [factories.user()], slug="lain")
    for name in ("layers_report", "layers_progress"):
        assert manager_in.get(reverse(name, args=[other.slug, job.pk])).status_code == 404


def test_the_manifest_is_json(export: Export, manager_in: Client) -> None:
    door = reverse("export_beside", args=[export.campaign.slug, export.pk, "manifest.json"])
    manifest = json.loads(manager_in.get(door).content)
    assert manifest["counts"]["spans"] == 1
    assert manifest["file"]["name"].startswith("kutipan-")
