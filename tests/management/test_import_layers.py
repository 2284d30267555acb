"""`manage.py import_layers`: what is no file of layers is told where it belongs."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from annotations.accounts.models import User
from annotations.jobs.models import Job
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_project_of_refi_qda_is_told_where_it_belongs(tmp_path: Path, annotator_a: User) -> None:
    factories.campaign(factories.corpus(), [annotator_a], slug="lama")
    file = tmp_path / "p.QDPX"
    file.write_bytes(b"PK")
    with pytest.raises(CommandError, match="Load annotations"):
        call_command("import_layers", "lama", str(file))
    assert not Job.objects.exists()
