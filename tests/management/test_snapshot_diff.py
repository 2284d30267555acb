"""`manage.py snapshot_diff`: what it names, and how it ends."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from annotations.exchange.handlers import EXPORT
from annotations.exchange.models import Export
from annotations.jobs import services as jobs
from tests import factories
from tests.exchange.kutip_lines import TEXT, article_of, layer, line, load, span, write_file


def status(*arguments: str) -> int:
    try:
        call_command("snapshot_diff", *arguments)
    except SystemExit as ended:
        return int(str(ended.code))
    except CommandError as error:
        return error.returncode
    return 0


@pytest.mark.django_db
def test_two_exports_differ_in_just_what_was_done_between_them(
    tmp_path: Path, settings: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    settings.EXPORT_DIR = tmp_path / "exports"
    corpus = factories.corpus()
    article_of(corpus, line())
    campaign = factories.campaign(corpus, [factories.user("ani"), factories.user("budi")])
    load(campaign, write_file(tmp_path, line(TEXT, layer("ani", span(TEXT, "Laras")))))
    first, same = exported(campaign), exported(campaign)
    late = span(TEXT, "Menteri", attributes={"form": "role"})
    load(campaign, write_file(tmp_path, line(TEXT, layer("budi", late))))
    second = exported(campaign)
    assert status(str(first.pk), str(same.pk)) == 0
    assert capfd.readouterr().out == "Nothing differs.\n"
    assert status(str(first.pk), str(second.pk)) == 1
    told = capfd.readouterr().out
    assert f"+ span {late['id']} of budi (annotator) in article" in told
    assert '    text: ["Menteri"]\n' in told
    assert told.endswith("layer: 1 added\nspan: 1 added\n")
    assert status(str(second.pk), str(first.pk), "--json") == 1
    document = json.loads(capfd.readouterr().out)
    assert [(one["how"], one["what"], one["id"]) for one in document["changes"]] == [
        ("removed", "layer", ""),
        ("removed", "span", late["id"]),
    ]
    assert document["counts"]["span"] == {"added": 0, "changed": 0, "removed": 1}
    assert (document["equal"], document["before"]) == (False, str(second.pk))
    Export.objects.filter(pk=first.pk).update(expired_at=first.finished_at)
    assert status(str(first.pk), str(second.pk)) == 2
    assert status(str(uuid4()), str(second.pk)) == 2


def exported(campaign: Any) -> Export:
    job = jobs.run_here(EXPORT, {"campaign": campaign.pk}, by=None)
    return Export.objects.get(job=job)


def test_files_are_compared_too(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    one = span(TEXT, "Laras")
    before = str(write_file(tmp_path, line(TEXT, layer("ani", one)), name="a.jsonl"))
    changed = one | {"label": "TARGET"}
    after = str(write_file(tmp_path, line(TEXT, layer("ani", changed)), name="b.jsonl"))
    assert status(before, after) == 1
    told = capfd.readouterr().out
    assert f"~ span {one['id']} of ani (annotator) in article" in told
    assert '    label: "ACTOR" → "TARGET"\n' in told
    assert status(before, after, "--counts") == 1
    assert capfd.readouterr().out == "span: 1 changed\n"
    assert status(before, before, "--json") == 0
    assert json.loads(capfd.readouterr().out)["equal"] is True


def test_what_cannot_be_compared_is_trouble(tmp_path: Path) -> None:
    good = str(write_file(tmp_path, line("Satu."), name="a.jsonl"))
    bad = tmp_path / "b.jsonl"
    bad.write_bytes(b"{}\n")
    twice = str(write_file(tmp_path, line("Satu."), line("Satu."), name="c.jsonl"))
    for after in (str(bad), twice, str(tmp_path), str(tmp_path / "none")):
        assert status(good, after) == 2
