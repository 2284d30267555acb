"""An export in the formats of other tools: at the screen, at the API, and at the shell."""

import errno
import hashlib
import json
import sqlite3
from io import BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, NoReturn, cast
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from annotations.accounts.models import Role, User
from annotations.accounts.services import make_token
from annotations.assignments.models import Campaign
from annotations.exchange import making
from annotations.exchange.converting import ABSENT, WRITERS, Writer
from annotations.exchange.handlers import CONVERT, EXPORT
from annotations.exchange.models import Export
from annotations.exchange.refusals import refusal_of
from annotations.exchange.store import path_of
from annotations.exchange.writers import shape
from annotations.exchange.writers.options import BadOption, Wrong, options_of
from annotations.history.models import Event
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.jobs.running import execute
from annotations.networks.counting import TooMany, What
from annotations.web.exports.options import groups_of
from tests import factories
from tests.exchange.kutip_lines import (
    MAYBE_MOMENT,
    TEXT,
    article_of,
    compact,
    layer,
    line,
    load,
    relation,
    span,
    write_file,
)

pytestmark = pytest.mark.django_db

every_format = pytest.mark.parametrize("key", WRITERS)


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    settings.EXPORT_DIR = tmp_path / "exports"


@pytest.fixture
def campaign(annotator_a: User, tmp_path: Path) -> Campaign:
    corpus = factories.corpus("berita")
    article_of(corpus, line())
    campaign = factories.campaign(corpus, [annotator_a], slug="kutipan")
    quote = span(TEXT, "“Kami,”", "“tidak", label="QUOTE", flags=["unsure"])
    load(campaign, write_file(tmp_path, line(TEXT, layer("annotator_a", quote))))
    return campaign


@pytest.fixture
def export(campaign: Campaign) -> Export:
    args: dict[str, object] = {"campaign": campaign.pk, "include_open": False}
    return Export.objects.get(job=jobs.run_here(EXPORT, args, by=None))


@pytest.fixture
def manager_in(signed_in: Any, manager: User) -> Client:
    client: Client = signed_in(manager)
    return client


def doors(export: Export, key: str) -> list[str]:
    words = [export.campaign.slug, export.pk, key]
    names = ("export_format", "export_converted", "export_losses")
    return [reverse(name, args=words) for name in names]


def read(client: Client, door: str) -> Any:
    answer: Any = client.get(door)
    answer.data = answer.getvalue()
    return answer


def damage(export: Export) -> None:
    """A byte of a span's text is another one."""
    path_of(bytes(export.sha256 or b"")).write_bytes(lying(export))


def lying(export: Export) -> bytes:
    """The snapshot with a span that does not cover its text."""
    data = path_of(bytes(export.sha256 or b"")).read_bytes()
    return data.replace(b'["\xe2\x80\x9cKami', b'["\xe2\x80\x9cKamu')


def replace(export: Export, data: bytes) -> None:
    """The export is of this file, as if it had been made so."""
    export.sha256 = hashlib.sha256(data).digest()
    export.save(update_fields=["sha256"])
    path = path_of(export.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@every_format
def test_whoever_may_download_gets_the_file_and_what_it_loses(
    key: str, export: Export, manager_in: Client
) -> None:
    shown, file, losses = (read(manager_in, door) for door in doors(export, key))
    assert [one.status_code for one in (shown, file, losses)] == [200] * 3
    extension = WRITERS[key].extension
    name = f".{key.removesuffix(f'-{extension}')}.{extension}"
    disposition = file.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="kutipan-')
    assert disposition.endswith(f'{name}"')
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "private" in file.headers["Cache-Control"]
    assert file.data == read(manager_in, doors(export, key)[1]).data
    assert json.loads(losses.data)["format"] == key
    for loss in json.loads(losses.data)["losses"]:
        assert loss["meaning"] in shown.data.decode()


@pytest.mark.parametrize("who", ["annotator_a", "annotator_b", "stranger"])
def test_to_who_labels_and_to_strangers_there_is_nothing(
    request: pytest.FixtureRequest, who: str, export: Export, signed_in: Any
) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert [read(client, door).status_code for door in doors(export, "spans")] == [404] * 3


def test_every_download_asks_anew_and_is_recorded(
    export: Export, manager: User, manager_in: Client
) -> None:
    door = doors(export, "spans")[1]
    assert read(manager_in, door).status_code == 200
    assert Event.objects.filter(verb="export.downloaded").count() == 1
    User.objects.filter(pk=manager.pk).update(role=Role.ANNOTATOR)
    assert manager_in.get(door).status_code == 404


def test_unknown_formats_and_files_that_are_gone_answer_404(
    export: Export, manager_in: Client
) -> None:
    assert [manager_in.get(door).status_code for door in doors(export, "word")] == [404] * 3
    path_of(bytes(export.sha256 or b"")).unlink()
    assert [manager_in.get(door).status_code for door in doors(export, "spans")] == [404] * 3


def test_a_format_whose_package_is_not_installed_says_so(
    export: Export, manager_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cast("dict[str, Writer]", ABSENT), "parquet", WRITERS["parquet"])
    monkeypatch.delitem(cast("dict[str, Writer]", WRITERS), "parquet")
    shown, *files = doors(export, "parquet")
    listed = manager_in.get(reverse("exports", args=[export.campaign.slug])).content.decode()
    assert (shown in listed, shown.replace("parquet", "brat") in listed) == (False, True)
    answer = manager_in.get(shown)
    assert answer.status_code == 501
    assert "pip install -r requirements-parquet.txt" in answer.content.decode()
    for door in files:
        answer = manager_in.get(door)
        assert (answer.status_code, answer.json()["error"]) == (501, "not_installed")


@every_format
def test_a_damaged_snapshot_makes_no_file(key: str, export: Export, manager_in: Client) -> None:
    shown, file, losses = doors(export, key)
    damage(export)
    assert "its file is not as it was made" in manager_in.get(shown).content.decode()
    assert [manager_in.get(door).status_code for door in (losses, file)] == [409, 409]
    assert not Event.objects.filter(verb="export.downloaded").exists()


@every_format
def test_a_snapshot_that_lies_makes_no_file(key: str, export: Export, manager_in: Client) -> None:
    shown, file, losses = doors(export, key)
    replace(export, lying(export))
    assert "does not cover its text" in manager_in.get(shown).content.decode()
    assert manager_in.get(losses).status_code == 409
    assert "does not cover its text" in manager_in.get(file).json()["message"]


def test_a_lie_after_the_first_byte_breaks_the_download(export: Export, manager_in: Client) -> None:
    data = path_of(bytes(export.sha256 or b"")).read_bytes()
    replace(export, data * 200 + lying(export))
    with pytest.raises(ValueError, match="does not cover its text"):
        read(manager_in, doors(export, "spans")[1])


def test_the_head_of_a_download_writes_nothing(export: Export, manager_in: Client) -> None:
    assert manager_in.head(doors(export, "spans")[1]).status_code == 200
    assert not Event.objects.filter(verb="export.downloaded").exists()


def test_the_list_leads_to_every_format(export: Export, manager_in: Client) -> None:
    page = manager_in.get(reverse("exports", args=["kutipan"])).content.decode()
    for key in WRITERS:
        assert all(door in page for door in doors(export, key)[:2])


# --- choices ----------------------------------------------------------------------------------


def test_choices_are_shown_and_go_along_with_the_download(
    export: Export, manager_in: Client
) -> None:
    shown, file, losses = doors(export, "network-csv")
    page = manager_in.get(f"{shown}?network=actors&size=7").content.decode()
    assert '<option value="actors" selected>' in page
    assert 'name="size" value="7" min="2" max="10000"' in page
    assert f'formaction="{file}"' in page
    assert f'{losses}?network=actors&amp;size=7"' in page
    told = json.loads(read(manager_in, f"{losses}?network=actors").data)
    assert told["options"]["network"] == "actors"
    with ZipFile(BytesIO(read(manager_in, f"{file}?network=actors&since=").data)) as archive:
        chosen = json.loads(archive.read("choices.json"))
    assert (chosen["network"], chosen["ties"]) == ("actors", "subtract")
    [event] = Event.objects.filter(verb="export.downloaded")
    assert event.data["options"] == chosen


def test_choices_that_make_no_sense_are_refused_with_a_sentence(
    export: Export, manager: User, manager_in: Client
) -> None:
    shown, file, losses = (f"{door}?ties=congruence" for door in doors(export, "network-gexf"))
    page = manager_in.get(shown)
    assert page.status_code == 422
    assert "needs a network of actors alone" in page.content.decode()
    assert manager_in.get(file).url == shown
    api = f"/api/v1/exports/{export.pk}/network-gexf"
    doors_of_programs = [f"{api}?ties=congruence", f"{api}/losses?ties=congruence"]
    for client, door in (
        (manager_in, losses),
        *((program(manager), one) for one in doors_of_programs),
    ):
        answer = client.get(door)
        assert (answer.status_code, answer.json()["error"]) == (400, "option")
    assert "nothing to choose" in manager_in.get(f"{doors(export, 'brat')[0]}?x=1").content.decode()
    assert not Event.objects.filter(verb="export.downloaded").exists()


def test_a_network_that_is_too_much_is_refused_with_a_sentence(
    export: Export, manager: User, manager_in: Client
) -> None:
    """Windows of a day, over a thousand years."""
    document = line(TEXT, layer("annotator_a", held := span(TEXT, "menolak", label="STANCE")))
    held |= {"attributes": {"polarity": "favor"}}
    document["layers"][0]["relations"] = [
        relation("HOLDER", {"span": held["id"]}, {"span": held["id"]}),
        relation("TOWARD", {"span": held["id"]}, {"span": held["id"]}),
    ]
    document["article"]["published"] = MAYBE_MOMENT
    replace(export, compact(document) + b"\n")
    query = "?window=days&since=1000-01-01&until=2026-12-31"
    shown, file, losses = (f"{door}{query}" for door in doors(export, "network-graphml"))
    assert "more than 5,000 windows" in manager_in.get(shown).content.decode()
    api = f"/api/v1/exports/{export.pk}/network-graphml{query}"
    assert manager_in.get(file).url == shown
    for client, door in ((manager_in, losses), (program(manager), api)):
        answer = client.get(door)
        assert (answer.status_code, answer.json()["error"]) == (422, "too_many")
    words = ["--format", "network-graphml", "--snapshot", str(export.pk), "-o", "-"]
    choices = [f"--option={one}" for one in query[1:].split("&")]
    with pytest.raises(CommandError, match="There are more than 5,000 windows"):
        call_command("export", "kutipan", *words, *choices)


def test_without_room_on_the_disk_a_file_is_refused(
    export: Export, manager: User, manager_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that may have four pages finds no more room."""
    connect = sqlite3.connect

    def small(*given: Any, **more: Any) -> sqlite3.Connection:
        database: sqlite3.Connection = connect(*given, **more)
        database.execute("PRAGMA max_page_count = 4")
        return database

    monkeypatch.setattr(sqlite3, "connect", small)
    shown, file, losses = doors(export, "dna")
    assert "not enough space" in manager_in.get(shown).content.decode()
    api = f"/api/v1/exports/{export.pk}/dna"
    for client, door in ((manager_in, file), (manager_in, losses), (program(manager), api)):
        answer = client.get(door)
        assert (answer.status_code, answer.json()["error"]) == (507, "no_space")
    words = ("--format", "dna", "--snapshot", str(export.pk), "-o", "-")
    with pytest.raises(CommandError, match="No space left"):
        call_command("export", "kutipan", *words)


def test_a_disk_that_fills_up_in_the_middle_is_said_too(
    manager_in: Client, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sheets of a workbook that were put aside come after its first bytes."""

    def full(*_given: Any, **_more: Any) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SpooledTemporaryFile, "read", full)
    monkeypatch.setattr(shape, "CHUNK_BYTES", 1)
    shown, _file, losses = doors(export, "tables-xlsx")
    assert "not enough space" in manager_in.get(shown).content.decode()
    answer = manager_in.get(losses)
    assert (answer.status_code, answer.json()["error"]) == (507, "no_space")


# --- made before they are downloaded ----------------------------------------------------------


@pytest.fixture
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PATIENCE", -1)


@pytest.mark.usefixtures("_no_patience")
def test_a_file_that_takes_a_while_is_made_by_a_job_and_then_lies_ready(
    export: Export, manager_in: Client, settings: Any
) -> None:
    query = "?network=actors"
    shown, file, _ = (f"{door}{query}" for door in doors(export, "network-gexf"))
    make = reverse("export_format_make", args=[export.campaign.slug, export.pk, "network-gexf"])
    progress = make.replace("/make/", "/progress/")
    assert manager_in.get(file).url == shown
    page = manager_in.get(shown).content.decode()
    assert f'method="post" action="{make}"' in page
    assert "Download" not in page
    assert "no room for" not in page
    assert manager_in.post(make, {"network": "actors"}).url == shown
    assert manager_in.post(make, {"network": "actors"}).url == shown
    [job] = Job.objects.filter(kind=CONVERT)
    assert f'hx-get="{progress}{query}"' in manager_in.get(shown).content.decode()
    assert manager_in.get(f"{progress}{query}").status_code == 200
    execute(job.pk)
    assert manager_in.get(f"{progress}{query}").headers["HX-Refresh"] == "true"
    page = manager_in.get(shown).content.decode()
    assert f'formaction="{doors(export, "network-gexf")[1]}"' in page
    assert "no room for" in page
    whole = read(manager_in, file)
    assert whole.headers["Content-Length"] == str(len(whole.data))
    part = manager_in.get(file, headers={"Range": "bytes=5-9", "If-Range": whole.headers["ETag"]})
    assert (part.status_code, part.getvalue()) == (206, whole.data[5:10])
    [event] = Event.objects.filter(verb="export.downloaded")
    assert event.data["options"]["network"] == "actors"


@pytest.mark.usefixtures("_no_patience")
def test_a_file_that_could_not_be_made_says_why_and_can_be_tried_again(
    export: Export, manager_in: Client
) -> None:
    shown = doors(export, "dna")[0]
    make = reverse("export_format_make", args=[export.campaign.slug, export.pk, "dna"])
    manager_in.post(make)
    path_of(bytes(export.sha256 or b"")).write_bytes(b"{}\n")
    execute(Job.objects.get(kind=CONVERT).pk)
    page = manager_in.get(shown).content.decode()
    assert "its file is not as it was made" in page
    assert manager_in.post(make, {"warna": "merah"}).url == f"{shown}?warna=merah"
    assert Job.objects.filter(kind=CONVERT).count() == 1


@pytest.mark.parametrize("who", ["annotator_a", "stranger"])
def test_others_make_nothing(who: str, export: Export, request: Any, signed_in: Any) -> None:
    client = signed_in(request.getfixturevalue(who))
    words = [export.campaign.slug, export.pk, "dna"]
    assert client.post(reverse("export_format_make", args=words)).status_code == 404
    assert client.get(reverse("export_format_progress", args=words)).status_code == 404
    assert not Job.objects.filter(kind=CONVERT).exists()


@pytest.mark.usefixtures("_no_patience")
def test_a_program_orders_a_file_or_waits_for_it(export: Export, manager: User) -> None:
    client = program(manager)
    door = f"/api/v1/exports/{export.pk}/network-csv?network=actors"
    ordered = client.post(door)
    assert (ordered.status_code, ordered.json()["state"]) == (202, "queued")
    execute(Job.objects.get(pk=ordered.json()["job"]).pk)
    assert (client.post(door).status_code, client.post(door).json()) == (200, {"ready": True})
    whole = read(client, door)
    assert whole.headers["ETag"] == f'"{hashlib.sha256(whole.data).hexdigest()}"'
    assert client.get(door, headers={"Range": "bytes=0-1"}).getvalue() == b"PK"
    waited = read(client, f"/api/v1/exports/{export.pk}/network-csv")
    assert waited.data != whole.data
    assert client.post(f"/api/v1/exports/{export.pk}/brat").json() == {"ready": True}
    assert client.post(f"{door}&warna=merah").json()["error"] == "option"


def test_every_choice_has_a_name_and_a_place_in_the_form() -> None:
    for writer in WRITERS.values():
        options = options_of(writer.options.chosen) if writer.options else {}
        choices = [one for group in groups_of(writer, {}) for one in group.choices]
        assert {one.key for one in choices} == set(options)
        for one in choices:
            assert one.name
            assert [value.word for value in one.values] == list(options[one.key].values)


def test_every_refusal_has_a_sentence() -> None:
    for wrong in Wrong:
        assert "%(" not in refusal_of(BadOption(wrong, "ties", "x", ("a", "b")))
    assert "nothing to choose" in refusal_of(BadOption(Wrong.UNKNOWN, "ties"))
    for what in What:
        assert "1,000" in refusal_of(TooMany(what, 1000))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "network-gexf", "-O", "ties"], "KEY=VALUE"),
        (["--format", "network-gexf", "-O", "warna=merah"], "It has: network, ties"),
        (["--format", "brat", "-O", "ties=ignore"], "nothing to choose"),
        (["-O", "ties=ignore"], "has no choices"),
    ],
)
def test_at_the_shell_nonsense_is_refused_before_anything_is_made(
    campaign: Campaign, words: list[str], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("export", "kutipan", *words, "-o", "-")
    assert not Export.objects.exists()


def test_at_the_shell_choices_are_told(
    campaign: Campaign, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "jaringan.graphml"
    words = ["--format", "network-graphml", "-O", "network=actors", "--option", "ties=conflict"]
    call_command("export", "kutipan", *words, "-o", str(target), "--json")
    told = json.loads(capfd.readouterr().out)["options"]
    assert (told["network"], told["ties"], told["duplicates"]) == ("actors", "conflict", "document")


# --- the API ----------------------------------------------------------------------------------


def program(user: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(user)}"})


def test_a_program_lists_and_downloads(export: Export, manager: User) -> None:
    client = program(manager)
    listed = client.get("/api/v1/campaigns/kutipan/exports").json()
    [one] = listed["exports"]
    assert (one["id"], listed["formats"]) == (str(export.pk), ["jsonl", *WRITERS])
    assert listed["options"]["dna"]["highlight"] == {"default": "no", "values": ["no", "yes"]}
    network = listed["options"]["network-csv"]
    assert (network["size"]["most"], network["since"]["values"]) == (10_000, None)
    whole = read(client, f"/api/v1/exports/{export.pk}/jsonl")
    assert hashlib.sha256(whole.data).hexdigest() == one["sha256"]
    spans = read(client, f"/api/v1/exports/{export.pk}/spans")
    assert json.loads(spans.data)["label"] == "QUOTE"
    losses = client.get(f"/api/v1/exports/{export.pk}/spans/losses").json()
    assert {loss["kind"] for loss in losses["losses"]} == {"article_text"}


def test_programs_of_others_find_nothing(export: Export, annotator_a: User) -> None:
    client = program(annotator_a)
    ways = ("campaigns/kutipan/exports", f"exports/{export.pk}/spans")
    for way in (*ways, f"exports/{export.pk}/jsonl", f"exports/{export.pk}/spans/losses"):
        assert client.get(f"/api/v1/{way}").status_code == 404


def test_a_program_is_told_of_damage_and_of_unknown_formats(export: Export, manager: User) -> None:
    client = program(manager)
    assert client.get(f"/api/v1/exports/{export.pk}/word").status_code == 404
    assert client.get("/api/v1/campaigns/tiada/exports").status_code == 404
    damage(export)
    for way in ("spans", "spans/losses"):
        assert client.get(f"/api/v1/exports/{export.pk}/{way}").status_code == 409
    path_of(bytes(export.sha256 or b"")).unlink()
    for way in ("jsonl", "spans", "spans/losses"):
        assert client.get(f"/api/v1/exports/{export.pk}/{way}").status_code == 404


# --- the shell --------------------------------------------------------------------------------


@every_format
def test_the_command_writes_the_file_its_losses_and_its_checksum(
    key: str, campaign: Campaign, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "keluar"
    call_command("export", "kutipan", "--format", key, "--out", str(target), "--json")
    told = json.loads(capfd.readouterr().out)
    assert (told["format"], told["bytes"]) == (key, target.stat().st_size)
    beside = {path.name for path in tmp_path.glob("keluar*")}
    assert beside == {"keluar", "keluar.losses.json", "keluar.sha256"}
    assert json.loads((tmp_path / "keluar.losses.json").read_text())["losses"] == told["losses"]
    sha256 = hashlib.sha256(target.read_bytes()).hexdigest()
    assert (tmp_path / "keluar.sha256").read_text() == f"{sha256}  keluar\n"


def test_a_snapshot_made_before_is_written_again_to_the_same_bytes(
    export: Export, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / "satu", tmp_path / "dua"]
    for file in files:
        words = ("--format", "label-studio", "--snapshot", str(export.pk), "-o", str(file))
        call_command("export", "kutipan", *words)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert "have no room in this format" in capfd.readouterr().out
    assert Export.objects.count() == 1


def test_a_snapshot_that_is_not_there_or_damaged_leaves_nothing(
    export: Export, tmp_path: Path
) -> None:
    target = tmp_path / "keluar"
    words = ["export", "kutipan", "--format", "spans", "-o", str(target), "--snapshot"]
    with pytest.raises(CommandError, match="no finished export"):
        call_command(*words, "6d7f85f4-c334-5dd1-a6e5-008f4006e3dd")
    whole = lying(export)
    damage(export)
    with pytest.raises(CommandError, match="Nothing was written: the file of this export is not"):
        call_command(*words, str(export.pk))
    replace(export, whole)
    with pytest.raises(CommandError, match=r"Nothing was written: span .* does not cover"):
        call_command(*words, str(export.pk))
    replace(export, b"{}\n")
    with pytest.raises(CommandError, match="line 1 is none of kutip/1: This is no line"):
        call_command(*words, str(export.pk))
    path_of(bytes(export.sha256 or b"")).unlink()
    with pytest.raises(CommandError, match="not there any more"):
        call_command(*words, str(export.pk))
    assert not list(tmp_path.glob("*keluar*"))


def test_stdout_gets_the_file_alone(
    export: Export, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    words = ("--format", "spans", "--snapshot", str(export.pk), "-o", "-")
    call_command("export", "kutipan", *words)
    assert json.loads(capfdbinary.readouterr().out)["label"] == "QUOTE"
