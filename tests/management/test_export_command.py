"""`manage.py export` and `manage.py import_layers`: what they print, what they leave, how they end."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from tests import factories
from tests.exchange.kutip_lines import (
    TEXT,
    article_of,
    exported,
    layer,
    line,
    load,
    span,
    write_file,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    settings.EXPORT_DIR = tmp_path / "exports"
    settings.UPLOAD_DIR = tmp_path / "uploads"


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    corpus = factories.corpus("berita")
    article_of(corpus, line())
    campaign = factories.campaign(
        corpus, [factories.user("ani"), factories.user("budi")], slug="kutipan"
    )
    layers = (layer("ani", span(TEXT, "Laras")), layer("budi", status="open"))
    load(campaign, write_file(tmp_path, line(TEXT, *layers)))
    return campaign


def copy_of(campaign: Campaign) -> Campaign:
    """Another campaign over the same corpus, without any work."""
    people = [place.user for place in campaign.places.select_related("user").order_by("pk")]
    return factories.campaign(campaign.corpus, people, slug="salinan")


def test_the_file_is_exactly_the_export(
    campaign: Campaign, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "keluar.jsonl"
    call_command("export", "kutipan", "--format", "jsonl", "-o", str(out))
    assert out.read_bytes() == exported(campaign, include_open=False)
    told = capfd.readouterr()
    assert told.out == f"1 articles, 1 layers, 1 spans: {out}\n"
    assert told.err == "100 % exported\n"


def test_beside_the_file_stand_manifest_schema_card_and_checksum(
    campaign: Campaign, tmp_path: Path
) -> None:
    out = tmp_path / "keluar.jsonl"
    call_command("export", "kutipan", "-o", str(out))
    beside = {path.name for path in tmp_path.iterdir() if path.name.startswith("keluar")}
    endings = ("", ".manifest.json", ".schema.json", ".card.md", ".sha256")
    assert beside == {f"keluar.jsonl{ending}" for ending in endings}
    manifest = json.loads((tmp_path / "keluar.jsonl.manifest.json").read_text())
    assert manifest["file"]["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()


def test_stdout_gets_the_export_alone(
    campaign: Campaign, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    call_command("export", "kutipan", "--include-open", "-o", "-")
    assert capfdbinary.readouterr().out == exported(campaign, include_open=True)


def test_open_layers_go_out_only_when_asked(campaign: Campaign, tmp_path: Path) -> None:
    out = tmp_path / "keluar.jsonl"
    for options, layers in (((), 1), (("--include-open",), 2)):
        call_command("export", "kutipan", "-o", str(out), *options)
        assert len(json.loads(out.read_bytes())["layers"]) == layers


def test_what_goes_in_is_chosen_by_options_or_by_a_document(
    campaign: Campaign, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out, choice = tmp_path / "keluar.jsonl", tmp_path / "pilihan.json"
    choice.write_text('{"labels": ["QUOTE"], "articles": {"language": "id"}}')
    options = ("--choice", str(choice), "--label", "ACTOR", "--layer", "union", "--pseudonyms")
    more = (
        "--split",
        "50/25/25",
        "--seed",
        "7",
        "--no-text",
        "--offsets",
        "utf16",
        "--words",
        "Laras",
    )
    call_command("export", "kutipan", "-o", str(out), "--json", *options, *more)
    assert json.loads(capfd.readouterr().out)["choice"] == {
        "articles": {"language": "id", "words": "Laras"},
        "labels": ["ACTOR"],
        "layers": ["union"],
        "offsets": ["utf16"],
        "pseudonyms": True,
        "split": {"train": 50, "dev": 25, "test": 25, "seed": 7},
        "text": False,
    }
    [layer] = json.loads(out.read_bytes())["layers"]
    assert [span["label"] for span in layer["spans"]] == ["ACTOR"]
    with pytest.raises(CommandError, match="made without texts, and doccano needs them"):
        call_command("export", "kutipan", "-o", str(out), "--format", "doccano", "--no-text")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--label", "NADA"), "has no label “NADA”"),
        (("--split", "90/10"), "no split such as 80/10/10"),
        (("--split", "90/10/10"), "Train, dev and test must be 100 percent together."),
        (("--tag", "lama"), "no tag “lama”"),
        (("--language", "xx"), "nothing was exported"),
        (("--tag", "\ud800"), r"may not hold U\+D800"),
        (("--choice", "/nowhere.json"), "cannot be read"),
        (("--choice", "."), "cannot be read"),
    ],
)
def test_what_cannot_be_chosen_is_said(
    campaign: Campaign, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    out = tmp_path / "keluar.jsonl"
    with pytest.raises(CommandError, match=words):
        call_command("export", "kutipan", "-o", str(out), *options)
    assert not out.exists()


@pytest.mark.parametrize("out", ["/nowhere/at/all.jsonl", "/"])
def test_where_nothing_can_be_written_nothing_is_made(campaign: Campaign, out: str) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export", "kutipan", "-o", out)


@pytest.mark.parametrize("format", ["jsonl", "brat"])
def test_where_not_all_can_be_written_there_is_no_file(
    campaign: Campaign, tmp_path: Path, format: str
) -> None:
    """A folder stands where the checksum belongs."""
    folder = tmp_path / "keluar"
    (folder / "semua.sha256").mkdir(parents=True)
    out = folder / "semua"
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export", "kutipan", "--format", format, "-o", str(out))
    assert not out.exists()
    assert not list(folder.glob(".*"))
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export", "kutipan", "--format", format, "-o", str(folder / ("n" * 250)))
    assert not [path for path in folder.iterdir() if path.name.startswith(("n", "."))]


def test_an_unknown_campaign_is_said(db: None, tmp_path: Path) -> None:
    for arguments in (("export", "tidak-ada", "-o", "-"), ("import_layers", "tidak-ada", "x")):
        with pytest.raises(CommandError, match="no campaign “tidak-ada”"):
            call_command(*arguments)


def test_what_was_exported_comes_back(
    campaign: Campaign, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out, again = tmp_path / "keluar.jsonl", tmp_path / "lagi.jsonl"
    call_command("export", "kutipan", "--include-open", "-o", str(out))
    copy_of(campaign)
    capfd.readouterr()
    call_command("import_layers", "salinan", str(out))
    assert capfd.readouterr().out == (
        "Campaign “salinan”: 2 layers with 1 spans and 0 relations loaded, 0 skipped.\n"
    )
    call_command("export", "salinan", "--include-open", "-o", str(again))
    assert again.read_bytes() == out.read_bytes()


def test_layers_with_work_are_listed_and_end_in_failure(
    campaign: Campaign, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = write_file(tmp_path, line(TEXT, layer("ani"), layer("tamu")), name="masuk.jsonl")
    with pytest.raises(SystemExit) as ended:
        call_command("import_layers", "kutipan", str(file))
    assert ended.value.code == 1
    told = capfd.readouterr()
    assert "1 layers with 0 spans and 0 relations loaded, 1 skipped." in told.out
    assert "New, inactive accounts: tamu." in told.out
    assert "line 1: skipped, ani (annotator) has work on" in told.err
    assert not User.objects.get(username="tamu").is_active


def test_a_bad_line_refuses_the_file(campaign: Campaign, tmp_path: Path) -> None:
    wrong = span(TEXT, "Laras") | {"text": ["Laris"]}
    file = write_file(
        tmp_path, line(TEXT, layer("tamu")), line(TEXT, layer("tamu2", wrong)), name="masuk.jsonl"
    )
    with pytest.raises(CommandError, match=r"^Line 2: Span .* does not cover the text"):
        call_command("import_layers", "kutipan", str(file))
    assert not User.objects.filter(username="tamu").exists()


def test_a_file_that_is_not_there_is_said(campaign: Campaign) -> None:
    with pytest.raises(CommandError, match="no file"):
        call_command("import_layers", "kutipan", "/nowhere.jsonl")
