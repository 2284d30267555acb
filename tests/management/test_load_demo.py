"""The demo: loaded once, its accounts renewed at each start, nobody else's touched."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from annotations.accounts.models import User
from annotations.adjudication.closing import open_findings
from annotations.adjudication.services import claim_next
from annotations.agreement.models import AgreementRun
from annotations.agreement.queries import newest
from annotations.agreement.services import changes_since
from annotations.agreement.starting import KIND
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.models import Article
from annotations.jobs.models import Job
from annotations.jobs.running import execute
from annotations.management.demo_loading import load, renew_accounts
from annotations.spans.models import Span
from annotations.web.home.settling import settling
from tests import factories

pytestmark = pytest.mark.django_db


def accounts(state: Path) -> dict[str, dict[str, str]]:
    rows = json.loads((state / "demo-accounts.json").read_text())
    return {row["username"]: row for row in rows}


def test_the_demo_is_loaded_once_with_submitted_layers(tmp_path: Path) -> None:
    assert load() is True
    before = Span.objects.count()
    assert load() is False
    assert (Span.objects.count(), Article.objects.count()) == (before, 26)
    submitted = Assignment.objects.filter(status="submitted")
    assert (submitted.count(), Assignment.objects.count()) == (24, 52)


def test_the_demo_s_adjudicator_finds_differences_to_settle() -> None:
    load()
    arya = User.objects.get(username="adjudicator")
    (demo,) = settling(arya)
    assert (demo.ready, demo.settled, demo.total) == (12, 0, 26)
    gold = claim_next(Campaign.objects.get(), by=arya)
    assert gold is not None
    assert len(open_findings(gold)) > 5


def test_the_demo_s_agreement_is_measured_by_a_job() -> None:
    load()
    job = Job.objects.get(kind=KIND)
    assert (job.state, AgreementRun.objects.count()) == ("queued", 0)
    assert execute(job.pk)
    run = newest(Campaign.objects.get())
    assert run is not None
    assert (run.summary["articles"], bool(run.results)) == (12, True)
    assert not changes_since(run)


def test_a_start_with_the_demo_imports_nothing_that_computes() -> None:
    """It is imported at each start, and starts are waited for."""
    program = (
        "import django, sys; django.setup(); import annotations.management.demo_loading;"
        " sys.exit('numpy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_accounts_keep_their_password_and_get_new_links(tmp_path: Path) -> None:
    load()
    renew_accounts(tmp_path, "http://here:1/")
    first = accounts(tmp_path)
    assert {row["role"] for row in first.values()} == {"manager", "adjudicator", "annotator"}
    assert (tmp_path / "demo-accounts.json").stat().st_mode & 0o777 == 0o600
    assert User.objects.get(username="siti").check_password(first["siti"]["password"])
    renew_accounts(tmp_path, "http://here:1/")
    again = accounts(tmp_path)
    assert again["siti"]["password"] == first["siti"]["password"]
    assert again["siti"]["sign_in_url"] != first["siti"]["sign_in_url"]
    assert again["siti"]["sign_in_url"].startswith("http://here:1/sign-in/link/")


def test_a_changed_password_is_neither_listed_nor_changed_back(tmp_path: Path) -> None:
    load()
    renew_accounts(tmp_path, "http://here:1")
    siti = User.objects.get(username="siti")
    siti.set_password(factories.PASSWORD)
    siti.save()
    renew_accounts(tmp_path, "http://here:1")
    assert accounts(tmp_path)["siti"]["password"] == ""
    assert User.objects.get(username="siti").check_password(factories.PASSWORD)


def test_accounts_of_others_under_the_demo_s_names_are_left_alone(
    tmp_path: Path, settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.STATE_DIR = tmp_path  # type: ignore[attr-defined]
    factories.user("manager", role="admin")
    call_command("load_demo")
    assert "names are taken" in capsys.readouterr().err
    assert Article.objects.count() == 0
    assert accounts(tmp_path) == {}
