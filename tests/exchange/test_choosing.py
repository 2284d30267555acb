"""A choice asked of a campaign: what it finds, what it refuses, and what stands beside the file."""

import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from annotations.accounts.models import User
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Campaign
from annotations.corpora import tagging
from annotations.corpora.searching.models import ArticleCluster
from annotations.exchange import expiring
from annotations.exchange.handlers import EXPORT
from annotations.exchange.manifest import companions
from annotations.exchange.models import Export
from annotations.exchange.store import path_of
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from tests import factories
from tests.exchange.kutip_lines import (
    article_of,
    exported,
    layer,
    line,
    load,
    span,
    write_file,
)

pytestmark = pytest.mark.django_db

TEXTS = [f"Menteri Laras {word} banjir nomor {word}." for word in ("satu", "dua", "tiga", "empat")]


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    corpus = factories.corpus("berita")
    documents = []
    for number, text in enumerate(TEXTS):
        layers = (layer("ani", span(text, "Laras")), layer("budi", span(text, "Menteri Laras")))
        document = line(text, *layers)
        document["article"] |= {
            "language": "id" if number else "en",
            "published": f"2026-0{number + 1}-05T00:00:00Z",
            "source": "Harian Selat" if number % 2 else "Antara",
        }
        article_of(corpus, document)
        documents.append(document)
    people = [factories.user("ani"), factories.user("budi")]
    campaign = factories.campaign(corpus, people, slug="kutipan")
    load(campaign, write_file(tmp_path, *documents))
    factories.searchable(corpus)
    return campaign


def ended(campaign: Campaign, **choice: Any) -> Job:
    args: dict[str, object] = {"campaign": campaign.pk, "choice": choice}
    return jobs.run_here(EXPORT, args, by=None)


def made(campaign: Campaign, **choice: Any) -> Export:
    job = ended(campaign, **choice)
    assert job.state == "done", job.error
    return Export.objects.get(job=job)


def lines_of(export: Export) -> list[dict[str, Any]]:
    data = path_of(bytes(export.sha256 or b"")).read_bytes()
    return [json.loads(each) for each in data.splitlines()]


def numbers(export: Export) -> list[int]:
    """Which of TEXTS are in it."""
    return sorted(TEXTS.index(each["article"]["text"]) for each in lines_of(export))


def test_articles_are_found_as_in_their_list(campaign: Campaign) -> None:
    [two, three] = campaign.corpus.articles.filter(body__text__in=TEXTS[1:3])
    tagging.tag(campaign.corpus, "penting", [three.pk], by=None)
    ArticleCluster.objects.all().delete()
    for article in (two, three):
        ArticleCluster.objects.create(article=article, corpus=campaign.corpus, cluster=two.pk)
    submitted = campaign.assignments.filter(article=two)
    submitted.update(status="open")
    for articles, expected in (
        ({"words": "tiga"}, [2]),
        ({"source": "Harian Selat"}, [1, 3]),
        ({"language": "en"}, [0]),
        ({"since": "2026-02-05", "until": "2026-03-05"}, [1, 2]),
        ({"tag": "penting"}, [2]),
        ({"cluster": two.pk}, [1, 2]),
        ({"state": "submitted"}, [0, 2, 3]),
        ({"state": "open"}, [1]),
        ({"words": "banjir", "source": "Antara", "until": "2026-02-01"}, [0]),
        ({}, [0, 1, 2, 3]),
    ):
        assert numbers(made(campaign, articles=articles)) == expected, articles


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"articles": {"outlet": "x"}}, "There is nothing called “outlet” that could be chosen."),
        ({"warna": 1}, "There is nothing called “warna” that could be chosen."),
        ({"labels": ["NADA"]}, "The schema atribusi@1.0 has no label “NADA”."),
        ({"attributes": ["warna"]}, "The schema atribusi@1.0 has no attribute “warna”."),
        ({"relations": ["KAWAN"]}, "The schema atribusi@1.0 has no relation “KAWAN”."),
        ({"annotators": ["siapa"]}, "Nobody called “siapa” labels in kutipan."),
        ({"articles": {"tag": "lama"}}, "The corpus has no tag “lama”."),
        (
            {"articles": {"language": "xx"}},
            "No article of the campaign is what was asked for: nothing was exported.",
        ),
        (
            {"layers": ["silver"]},
            "This cannot be chosen: Invalid enum value 'silver' at $.layers[0].",
        ),
    ],
)
def test_what_is_not_there_is_refused_with_a_sentence(
    campaign: Campaign, choice: dict[str, Any], words: str, settings: Any
) -> None:
    job = ended(campaign, **choice)
    assert (job.state, job.error.replace("`", "").replace(" - at ", " at ")) == ("failed", words)
    assert [path for path in Path(settings.EXPORT_DIR).rglob("*") if path.is_file()] == []


def test_an_export_of_nothing_is_refused(db: None) -> None:
    empty = factories.campaign(factories.corpus(), [factories.user()], started=False)
    job = ended(empty)
    assert job.error == "There is nothing to export: the campaign has no articles yet."


def test_what_cannot_be_searched_yet_is_not_left_out_unsaid(campaign: Campaign) -> None:
    article_of(campaign.corpus, line("Baru saja dimuat."))
    assert "still being made searchable" in ended(campaign, articles={"words": "banjir"}).error
    assert made(campaign).lines == 4


CHOICES: list[dict[str, Any]] = [
    {},
    {"layers": ["annotators", "majority", "union"], "pseudonyms": True},
    {"split": {"train": 50, "dev": 25, "test": 25}, "offsets": ["bytes", "utf16"]},
    {"text": False, "labels": ["ACTOR"]},
]


@pytest.mark.parametrize("choice", CHOICES)
def test_the_same_choice_makes_the_same_bytes(campaign: Campaign, choice: dict[str, Any]) -> None:
    first, second = made(campaign, **choice), made(campaign, **choice)
    assert bytes(first.sha256 or b"") == bytes(second.sha256 or b"")
    assert first.manifest["history"]["operations"] == second.manifest["history"]["operations"] == 8
    assert first.manifest["choice"] == first.choice
    assert first.manifest["people"] == 2
    if not choice:
        assert path_of(bytes(first.sha256 or b"")).read_bytes() == exported(campaign)


def test_the_parts_are_counted_and_said(campaign: Campaign) -> None:
    export = made(campaign, split={"train": 50, "dev": 25, "test": 25})
    parts = sorted(each["split"] for each in lines_of(export))
    assert parts == ["dev", "test", "train", "train"]
    assert export.manifest["split"] == {"dev": 1, "test": 1, "train": 2}


def test_the_manifest_names_nobody_whom_the_file_does_not(campaign: Campaign) -> None:
    export = made(campaign, annotators=["ani"], pseudonyms=True, layers=["annotators"])
    beside = companions(export, "kutipan.jsonl")
    told = beside[".manifest.json"] + beside[".card.md"]
    assert b"ani" not in told.replace(b"annotators", b"").replace(b"Romani", b"")
    [name] = export.manifest["annotators"]
    assert export.manifest["choice"]["annotators"] == [name]
    assert export.choice["annotators"] == ["ani"]


def test_the_card_says_what_a_reader_must_know(campaign: Campaign, manager: User) -> None:
    row = {"label": None, "attribute": None, "pair": None, "interval": None, "sd": 0.1, "n": 4}
    AgreementRun.objects.create(
        campaign=campaign,
        results=[row | {"measure": "span_f1", "variant": "exact", "value": 0.24996}],
        layers={"articles": 4},
        finished_at=campaign.created_at,
    )
    export = made(
        campaign, layers=["majority"], licence="CC BY 4.0 *", articles={"until": "2026-03-31"}
    )
    card = companions(export, "kutipan.jsonl")[".card.md"].decode()
    for words in (
        "- **Published**: 2026-01-05 to 2026-03-05",
        "| Antara | 2 |",
        "| en | 1 |",
        "| majority | 3 |",
        "| Span F1, exact | all | 0.250 | none |",
        "CC BY 4.0 \\*",
        "- Layers: majority.",
        "The data are a snapshot of the campaign",
        "The mean span F1 of two annotators was 0.250 for exact matches.",
        "Data ini adalah potret kampanye",
        "0,250",
    ):
        assert words in card, words
    named = companions(made(campaign), "kutipan.jsonl")[".card.md"].decode()
    assert "| annotator\\-" not in named
    assert "| ani |" not in named
    assert named.count("| annotator-") == 2


def test_files_go_when_their_time_is_over(campaign: Campaign, settings: Any) -> None:
    first, twin = made(campaign), made(campaign)
    settings.EXPORT_DAYS = 7
    assert not expiring.is_anything_due()
    Export.objects.filter(pk=first.pk).update(finished_at="2020-01-01T00:00:00Z")
    assert expiring.expire(lambda done: None) == 1
    file = path_of(bytes(twin.sha256 or b""))
    assert file.exists()
    Export.objects.filter(pk=twin.pk).update(finished_at="2020-01-01T00:00:00Z")
    assert expiring.expire(lambda done: None) == 1
    assert not file.exists()
    assert expiring.expire(lambda done: None) == 0
    settings.EXPORT_DAYS = 0
    Export.objects.update(expired_at=None)
    assert not expiring.is_anything_due()


def test_what_dead_jobs_left_is_removed_a_day_later(campaign: Campaign, settings: Any) -> None:
    export = made(campaign)
    part = Path(settings.EXPORT_DIR, "parts", f"{export.pk}.{uuid4()}.part")
    part.write_bytes(b"half")
    (strange := part.with_name("catatan.part")).touch()
    unknown, fresh = (path_of(bytes([n]) * 32) for n in (1, 2))
    for file in (unknown, fresh):
        file.parent.mkdir(parents=True)
        file.write_bytes(b"whole, and nobody knows")
    os.utime(unknown, (0, 0))
    os.utime(path_of(bytes(export.sha256 or b"")), (0, 0))
    assert not expiring.is_anything_due()
    os.utime(part, (0, 0))
    waiting = jobs.start(EXPORT, {"campaign": campaign.pk}, by=None)
    Export.objects.filter(pk=export.pk).update(job=waiting)
    assert not expiring.is_anything_due()
    Export.objects.filter(pk=export.pk).update(job=export.job)
    assert expiring.is_anything_due()
    os.utime(strange, (0, 0))
    expiring.expire(lambda done: None)
    assert not part.exists()
    assert not strange.exists()
    assert not unknown.exists()
    assert fresh.exists()
    assert path_of(bytes(export.sha256 or b"")).exists()


def test_a_search_leaves_the_planner_as_it_was(campaign: Campaign) -> None:
    made(campaign, articles={"words": "banjir"})
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)
