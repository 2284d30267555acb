"""Exports for programs: ordered with a choice, fetched with ranges, compared."""

import io
import json
from pathlib import Path
from typing import Any, cast

import pytest
from django.test import Client
from django.urls import reverse

from annotations.accounts.models import Role, User
from annotations.accounts.services import make_token
from annotations.assignments.models import Campaign
from annotations.exchange import ranges
from annotations.exchange.converting import ABSENT, WRITERS, Writer
from annotations.exchange.models import Export
from annotations.exchange.ranges import ASKED_EVERY, Slice, Span, Withdrawn
from annotations.exchange.store import path_of
from annotations.exchange.writers import shape
from annotations.history.models import Event
from annotations.jobs.models import Job
from annotations.jobs.running import execute
from tests import factories
from tests.exchange.kutip_lines import TEXT, article_of, layer, line, load, span, write_file


class Program:
    """A client with a person's token."""

    def __init__(self, user: User) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {make_token(user)}"})

    def __call__(self, method: str, door: str, body: Any = None, **headers: str) -> Any:
        data = json.dumps(body) if body is not None else ""
        answer: Any = self._client.generic(
            method, f"/api/v1/{door}", data, "application/json", headers=headers
        )
        answer.data = answer.getvalue()
        return answer


@pytest.fixture
def campaign(db: None, annotator_a: User, tmp_path: Path, settings: Any) -> Campaign:
    settings.EXPORT_DIR = tmp_path / "exports"
    corpus = factories.corpus("berita")
    article_of(corpus, line())
    campaign = factories.campaign(corpus, [annotator_a], slug="kutipan")
    load(campaign, write_file(tmp_path, line(TEXT, layer("annotator_a", span(TEXT, "Laras")))))
    return campaign


def ordered(program: Program, **choice: Any) -> Export:
    answer = program("POST", "campaigns/kutipan/exports", choice)
    assert answer.status_code == 202, answer.data
    job = json.loads(answer.data)["job"]
    execute(job)
    return Export.objects.get(job=job)


def test_an_export_is_ordered_listed_and_fetched(campaign: Campaign, manager: User) -> None:
    program = Program(manager)
    whole, bare = ordered(program), ordered(program, text=False, labels=["ACTOR"])
    listed = json.loads(program("GET", "campaigns/kutipan/exports").data)["exports"]
    assert [(one["id"], one["choice"], one["expired_at"]) for one in listed] == [
        (str(bare.pk), {"labels": ["ACTOR"], "text": False}, None),
        (str(whole.pk), {}, None),
    ]
    data = path_of(bytes(whole.sha256 or b"")).read_bytes()
    door = f"exports/{whole.pk}/jsonl"
    first = program("GET", door)
    assert (first.status_code, first.data) == (200, data)
    assert first["ETag"] == f'"{bytes(whole.sha256 or b"").hex()}"'
    rest = program("GET", door, **{"Range": "bytes=10-", "If-Range": first["ETag"]})
    assert (rest.status_code, rest.data) == (206, data[10:])
    assert rest["Content-Range"] == f"bytes 10-{len(data) - 1}/{len(data)}"
    assert program("GET", door, **{"Range": "bytes=10-", "If-Range": '"old"'}).data == data
    far = program("GET", door, Range="bytes=999999-")
    assert (far.status_code, far["Content-Range"]) == (416, f"bytes */{len(data)}")
    assert program("HEAD", door)["Content-Length"] == str(len(data))
    assert Event.objects.filter(verb="export.downloaded").count() == 2
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(cast("dict[str, Writer]", ABSENT), "parquet", WRITERS["parquet"])
        for ending in ("", "/losses"):
            gone = program("GET", f"exports/{bare.pk}/parquet{ending}")
            assert (gone.status_code, json.loads(gone.data)["error"]) == (501, "not_installed")
    assert program("GET", f"exports/{bare.pk}/doccano").status_code == 409
    assert program("GET", f"exports/{bare.pk}/doccano/losses").status_code == 409

    # and whoever lost the right meanwhile does not even get a range
    User.objects.filter(pk=manager.pk).update(role=Role.ANNOTATOR)
    assert program("GET", door, Range="bytes=10-").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        *({"label": ["ACTOR"]}, {"labels": ["NADA"]}, {"split": {"train": 1}}),
        *({"annotators": ["a\0"]}, {"articles": {"title": "\0"}}, {"licence": "x\ny"}),
    ],
)
def test_what_cannot_be_chosen_is_422(campaign: Campaign, manager: User, body: Any) -> None:
    answer = Program(manager)("POST", "campaigns/kutipan/exports", body)
    assert (answer.status_code, json.loads(answer.data)["error"]) == (422, "choice")
    assert not Job.objects.filter(kind="export").exists()


def test_who_may_not_export_finds_nothing(
    campaign: Campaign, annotator_a: User, stranger: User
) -> None:
    for person in (annotator_a, stranger):
        assert Program(person)("POST", "campaigns/kutipan/exports", {}).status_code == 404


def test_two_exports_are_compared(campaign: Campaign, manager: User, stranger: User) -> None:
    program = Program(manager)
    whole, cut = ordered(program), ordered(program, labels=["QUOTE"])
    door = f"exports/{whole.pk}/diff/{cut.pk}"
    document = json.loads(program("GET", door).data)
    assert [(one["how"], one["what"]) for one in document["changes"]] == [("removed", "span")]
    assert document["counts"]["span"]["removed"] == 1
    assert Program(stranger)("GET", door).status_code == 404
    Export.objects.filter(pk=cut.pk).update(expired_at=cut.finished_at)
    assert program("GET", door).status_code == 410
    for ending in ("jsonl", "spans", "spans/losses"):
        assert program("GET", f"exports/{cut.pk}/{ending}").status_code == 410


def test_what_is_written_while_it_is_sent_asks_again_and_breaks_off(
    campaign: Campaign, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = ordered(program := Program(manager))
    monkeypatch.setattr(ranges, "ASKED_EVERY", 1)
    monkeypatch.setattr(shape, "CHUNK_BYTES", 1)
    assert program("GET", f"exports/{export.pk}/brat").data
    answers = [True, False]
    pieces = ranges.watched(iter([b"a", b"b", b"c", b"d"]), lambda: answers.pop(0))
    assert next(pieces) + next(pieces) == b"ab"
    with pytest.raises(Withdrawn):
        next(pieces)
    cut = ordered(program, labels=["ACTOR"])
    monkeypatch.setattr(ranges, "ASKED_EVERY", 0)  # so that it is asked before the first piece, too
    client = Client(headers={"Authorization": f"Bearer {make_token(manager)}"})
    doors = (f"exports/{export.pk}/brat", f"exports/{export.pk}/diff/{cut.pk}")
    begun: list[Any] = [client.get(f"/api/v1/{door}") for door in doors]
    client.force_login(manager)
    query = f"before={export.pk}&after={cut.pk}"
    begun.append(client.get(f"{reverse('exports_compared', args=['kutipan'])}?{query}"))
    User.objects.filter(pk=manager.pk).update(role=Role.ANNOTATOR)
    for answer in begun:
        with pytest.raises(Withdrawn):
            answer.getvalue()


def test_a_long_download_asks_again_and_breaks_off() -> None:
    size = 3 * ASKED_EVERY
    answers = [True, False]
    part = Slice(io.BytesIO(bytes(size)), Span(0, size), lambda: answers.pop(0))
    assert sum(len(part.read(65_536)) for _ in range(2 * ASKED_EVERY // 65_536)) == 2 * ASKED_EVERY
    with pytest.raises(Withdrawn):
        part.read(65_536)
    assert answers == []
