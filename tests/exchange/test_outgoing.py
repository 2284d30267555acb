"""What an export holds, in which order, and that it cannot lie."""

import json
import time
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from django.db import connection, connections
from django.utils import timezone

from annotations.accounts.models import User
from annotations.assignments.models import Campaign, Status
from annotations.exchange import fetching, outgoing
from annotations.exchange import members as order
from annotations.exchange.assembly import Lies
from annotations.exchange.members import members
from annotations.exchange.outgoing import Tally, line_of
from annotations.registry import merging
from annotations.spans.models import Span
from tests import factories
from tests.exchange.kutip_lines import (
    TEXT,
    article_of,
    compact,
    exported,
    layer,
    line,
    load,
    relation,
    span,
    write_file,
)

SECOND = "Rania setuju dengan usul itu."


@pytest.fixture
def campaign(db: None) -> Campaign:
    corpus = factories.corpus()
    for text in (TEXT, SECOND, "Artikel ketiga."):
        article_of(corpus, line(text))
    return factories.campaign(corpus, [factories.user("ani"), factories.user("budi")])


def documents(campaign: Campaign, *, include_open: bool = False) -> list[dict[str, Any]]:
    return [json.loads(one) for one in exported(campaign, include_open=include_open).splitlines()]


def test_every_article_has_a_line_and_they_stand_by_id(campaign: Campaign) -> None:
    ids = [each["article"]["id"] for each in documents(campaign)]
    assert len(ids) == 3
    assert ids == sorted(ids)
    assert all(each["layers"] == [] for each in documents(campaign))


def test_an_article_outside_the_campaign_has_none(campaign: Campaign) -> None:
    article_of(campaign.corpus, line("Datang kemudian."))
    assert len(documents(campaign)) == 3


def test_a_withdrawn_article_has_none(campaign: Campaign, tmp_path: Any) -> None:
    load(campaign, write_file(tmp_path, line(TEXT, layer("ani", span(TEXT, "Laras")))))
    campaign.corpus.articles.filter(body__text=TEXT).update(withdrawn_at=timezone.now())
    assert TEXT not in [each["article"]["text"] for each in documents(campaign)]


@pytest.mark.parametrize(
    ("status", "default", "with_open"),
    [
        ("submitted", True, True),
        ("open", False, True),
        ("reopened", False, True),
        ("skipped", False, True),
        ("waiting", False, False),
        ("loading", False, False),
    ],
)
@pytest.mark.parametrize("kind", ["annotator", "gold"])
def test_which_layers_go_out(
    campaign: Campaign, tmp_path: Any, kind: str, status: str, default: bool, with_open: bool
) -> None:
    load(campaign, write_file(tmp_path, line(TEXT, layer("ani", span(TEXT, "Laras"), kind=kind))))
    campaign.assignments.filter(revision=1).update(status=status)
    here = [
        sum(len(each["layers"]) for each in documents(campaign, include_open=o))
        for o in (False, True)
    ]
    assert here == [default, with_open]


def test_removed_spans_and_relations_stay_here(campaign: Campaign, tmp_path: Any) -> None:
    quote, actor = span(TEXT, "“Kami,”", label="QUOTE"), span(TEXT, "Laras")
    speaker = relation("SPEAKER", {"span": quote["id"]}, {"span": actor["id"]})
    load(
        campaign, write_file(tmp_path, line(TEXT, layer("ani", quote, actor, relations=[speaker])))
    )
    Span.objects.filter(id=actor["id"]).update(removed=True)
    campaign.assignments.get(revision=1).relations.update(removed=True)
    [only] = next(each["layers"] for each in documents(campaign) if each["layers"])
    assert [one["id"] for one in only["spans"]] == [quote["id"]]
    assert only["relations"] == []


def test_what_was_just_loaded_is_found_by_its_key_though_nobody_counted_it(
    db: None, tmp_path: Any
) -> None:
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 2_000)))
    corpus = factories.corpus()
    article_of(corpus, line(text))
    campaign = factories.campaign(corpus, [factories.user("ani")])
    load(
        campaign, write_file(tmp_path, line(text, layer("ani", *(span(text, one) for one in text))))
    )
    [mine] = campaign.assignments.filter(revision=1)
    keys = [mine.pk, *range(mine.pk + 1, mine.pk + 128)]
    for query, index in ((fetching.SPANS, "span_pkey"), (fetching.RELATIONS, "relation_")):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query}", {"before": 0, "keys": keys, "labels": ["ACTOR"]})
            plan = "\n".join(one for (one,) in cursor.fetchall())
        assert f"on {index}" in plan or f"using {index}" in plan
        assert "Seq Scan" not in plan


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("pieces", [("Laras",), ("Menteri", "Laras")])
@pytest.mark.parametrize("lie", ["text[1] = 'Laris'", "label_id = 0", "label_id = label_id + 1000"])
def test_an_export_that_would_lie_is_not_made(
    tmp_path: Any, pieces: tuple[str, ...], lie: str
) -> None:
    """Past every constraint, a span says it covers what it does not, or is no such thing."""
    corpus = factories.corpus()
    article_of(corpus, line())
    campaign = factories.campaign(corpus, [factories.user("ani")])
    load(campaign, write_file(tmp_path, line(TEXT, layer("ani", span(TEXT, *pieces)))))
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE span DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE span SET {lie}")
        cursor.execute("ALTER TABLE span ENABLE TRIGGER USER")
    with pytest.raises(Lies):
        exported(campaign)


def test_the_tally_counts_what_went_out(campaign: Campaign, tmp_path: Any) -> None:
    spans = (span(TEXT, "Menteri", "Laras"), span(TEXT, "katanya", label="CUE"))
    load(campaign, write_file(tmp_path, line(TEXT, layer("ani", *spans), layer("budi"))))
    tally = Tally()
    found = members(campaign, outgoing.SUBMITTED)
    list(outgoing.lines(campaign, found, tally))
    assert (tally.articles, tally.articles_with_layers, tally.fragments) == (3, 1, 3)
    assert (tally.labels, tally.annotators) == ({"ACTOR": 1, "CUE": 1}, {"ani": 1, "budi": 1})
    assert tally.code_points == sum(map(len, (TEXT, SECOND, "Artikel ketiga.")))


def test_many_articles_come_in_handfuls(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = exported(campaign)
    monkeypatch.setattr(order, "ARTICLES_AT_ONCE", 1)
    assert exported(campaign) == whole
    monkeypatch.setattr(order, "ARTICLES_AT_ONCE", 100)
    monkeypatch.setattr(order, "CODE_POINTS_AT_ONCE", 30)
    assert exported(campaign) == whole


def test_numbers_and_dates_of_articles_keep_one_form(annotator_a: User) -> None:
    corpus = factories.corpus()
    document = line("Satu.")
    document["article"] |= {
        "metadata": {"z": 1.0, "a": [1e-7, 10**30, None], "é": {"b": True, "a": "🚢"}},
        "published": "2024-10-31T00:00:00.120000Z",
    }
    article_of(corpus, document)
    [out] = exported(factories.campaign(corpus, [annotator_a])).splitlines()
    assert b'"metadata":{"a":[1e-7,1000000000000000000000000000000,null],"z":1.0,' in out
    assert b'"published":"2024-10-31T00:00:00.120000Z"' in out


def test_one_layer_alone_is_a_line_with_its_revision(campaign: Campaign, tmp_path: Any) -> None:
    whole = line(TEXT, layer("ani", span(TEXT, "Laras")), layer("budi"))
    load(campaign, write_file(tmp_path, whole))
    mine = campaign.assignments.get(revision=1, annotator__username="ani")
    alone = json.loads(line_of(mine))
    assert alone.pop("revision") == 1
    assert alone == whole | {"layers": [whole["layers"][0]]}


def test_a_place_that_waits_is_a_line_with_an_empty_layer(campaign: Campaign) -> None:
    mine = campaign.assignments.filter(status=Status.WAITING, annotator__isnull=False)[0]
    alone = json.loads(line_of(mine))
    assert (alone["revision"], alone["layers"][0]["spans"]) == (0, [])


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("many", [1, 5])
def test_all_of_an_export_is_of_one_moment(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    corpus = factories.corpus()
    texts = [f"Artikel {number} oleh Laras." for number in range(4)]
    for text in texts:
        article_of(corpus, line(text))
    campaign = factories.campaign(corpus, [factories.user("ani")])
    monkeypatch.setattr(order, "ARTICLES_AT_ONCE", 1)
    monkeypatch.setattr(fetching, "MANY_ARTICLES", many)
    tally = Tally()
    with outgoing.snapshot():
        found = members(campaign, outgoing.SUBMITTED)
        reading = outgoing.lines(campaign, found, tally)
        next(reading)
        other = connections["owner"].copy()
        with other.cursor() as cursor:
            cursor.execute("UPDATE assignment SET status = 'submitted'")
        other.close()
        list(reading)
    assert tally.layers.total() == 0
    assert len(documents(campaign)) == 4
    assert UUID(documents(campaign)[0]["article"]["id"]).version == 5
    assert compact(documents(campaign)[0]) == exported(campaign).splitlines()[0]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_second_connection_sees_what_the_first_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = factories.corpus()
    for number in range(4):
        article_of(corpus, line(f"Artikel {number}."))
    campaign = factories.campaign(corpus, [factories.user("ani")])
    monkeypatch.setattr(order, "ARTICLES_AT_ONCE", 1)
    monkeypatch.setattr(fetching, "MANY_ARTICLES", 1)
    with outgoing.snapshot():
        found = members(campaign, outgoing.SUBMITTED)
        other = connections["owner"].copy()
        with other.cursor() as cursor:
            cursor.execute("UPDATE article SET title = 'Baru'")
        other.close()
        made = outgoing.lines(campaign, found, Tally())
        assert [each.article.title for each in made] == [""] * 4
    assert {each["article"]["title"] for each in documents(campaign)} == {"Baru"}


def sessions() -> int:
    """How many sessions there are but the one that asks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
            " AND pid <> pg_backend_pid()"
        )
        (found,) = cursor.fetchone()
    return int(found)


@pytest.mark.django_db(transaction=True)
def test_a_second_connection_reads_along_and_is_gone_however_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    corpus = factories.corpus()
    for number in range(4):
        article_of(corpus, line(f"Artikel {number}."))
    campaign = factories.campaign(corpus, [factories.user("ani")])
    before, alone = sessions(), exported(campaign)
    monkeypatch.setattr(order, "ARTICLES_AT_ONCE", 1)
    monkeypatch.setattr(fetching, "MANY_ARTICLES", 1)
    assert exported(campaign) == alone
    with outgoing.snapshot():
        reading = outgoing.lines(campaign, members(campaign, outgoing.SUBMITTED), Tally())
        next(reading)
        beside = sessions() - before
        reading.close()
    assert beside == 1
    deadline = time.monotonic() + 10
    while sessions() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sessions() == before


def test_what_a_caller_has_not_committed_goes_out_over_its_connection(
    campaign: Campaign, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MANY_ARTICLES", 1)
    load(campaign, write_file(tmp_path, line(TEXT, layer("ani", span(TEXT, "Laras")))))
    [only] = next(each["layers"] for each in documents(campaign) if each["layers"])
    assert [one["text"] for one in only["spans"]] == [["Laras"]]


@pytest.mark.django_db(transaction=True)
def test_one_connection_does_where_no_second_is_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = factories.corpus()
    article_of(corpus, line())
    campaign = factories.campaign(corpus, [factories.user("ani")])
    alone = exported(campaign)

    def refused(**_words: object) -> None:
        raise psycopg.OperationalError("too many clients already")

    monkeypatch.setattr(fetching, "MANY_ARTICLES", 1)
    monkeypatch.setattr(fetching.psycopg, "connect", refused)
    assert exported(campaign) == alone


def test_the_database_writes_every_sign_as_the_format_does(db: None) -> None:
    signs = "".join(map(chr, (*range(1, 0xD800), *range(0xE000, 0x110000))))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_json(%s::text)::text", [signs])
        (written,) = cursor.fetchone()
    assert written.encode() == msgspec.json.encode(signs)


def test_a_merge_goes_along_with_all_on_the_way_and_changes_nothing_else(
    campaign: Campaign, tmp_path: Any
) -> None:
    first, middle, last = (
        factories.entity(campaign.corpus, name) for name in ("Laras", "Bu Laras", "Laras Prabasari")
    )
    told = {"aliases": [], "id": str(first.uuid), "name": first.name, "type": first.type}
    mine = layer("ani", span(TEXT, "Laras", entity=str(first.uuid)))
    load(campaign, write_file(tmp_path, line(TEXT, mine, entities=[told])))
    before = exported(campaign)
    merging.merge(first, middle, by=None)
    merging.merge(middle, last, by=None)
    after = exported(campaign)
    assert exported(campaign) == after
    [there] = [each for each in documents(campaign) if each["entities"]]
    assert [(one["id"], one.get("merged_into")) for one in there["entities"]] == sorted(
        [
            (str(first.uuid), str(middle.uuid)),
            (str(middle.uuid), str(last.uuid)),
            (str(last.uuid), None),
        ]
    )
    assert there["layers"][0]["spans"][0]["entity"] == str(first.uuid)
    tally = Tally()
    list(outgoing.lines(campaign, members(campaign, outgoing.SUBMITTED), tally))
    assert tally.entities == {str(last.uuid)}
    merging.split_back(middle, by=None)
    merging.split_back(first, by=None)
    assert exported(campaign) == before


def test_an_annotator_is_not_told_what_became_of_an_entity(
    campaign: Campaign, tmp_path: Any
) -> None:
    first, last = (factories.entity(campaign.corpus, name) for name in ("Laras", "Bu Laras"))
    mine = layer("ani", span(TEXT, "Laras", entity=str(first.uuid)))
    load(campaign, write_file(tmp_path, line(TEXT, mine)))
    before = line_of(campaign.assignments.get(revision=1))
    merging.merge(first, last, by=None)
    assert line_of(campaign.assignments.get(revision=1)) == before
