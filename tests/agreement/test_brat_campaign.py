"""The four-annotator corpus, loaded as a person loads it: page, command and API say what was
published with it."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from annotations.exchange.drawing import everything
from tests import factories
from tests.api.test_api import Program
from tests.exchange.test_bringing import brought, found, looked

DATA = Path(os.environ.get("KUTIP_DATA", "/nowhere")) / "data" / "brat-four-annotators"
PUBLISHED = {None: 0.890, "LOC": 0.819, "MISC": 0.840, "ORG": 0.906, "PER": 0.938}
SPREAD = 0.053

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="KUTIP_DATA does not lead to data/brat-four-annotators"
    ),
]


@pytest.fixture
def printed():
    """What the command prints, of the campaign it has just measured."""
    corpus = factories.corpus()
    files = {str(path.relative_to(DATA)): path.read_bytes() for path in DATA.glob("*/*.*")}
    look = looked(corpus, files)
    brought(corpus, look, everything(found(look)))
    out = StringIO()
    call_command("agreement", "lama", "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def figures(record):
    """Exact F1 over all pairs by label, and the standard deviation of all labels together."""
    rows = {
        row["label"]: row
        for row in record["results"]
        if (row["measure"], row["variant"], row["pair"]) == ("span_f1", "exact", None)
    }
    return {label: round(row["value"], 3) for label, row in rows.items()}, round(
        rows[None]["sd"], 3
    )


def test_the_published_figures_stand_in_command_api_and_page(printed, manager, signed_in):
    assert figures(printed) == (PUBLISHED, SPREAD)
    assert figures(Program(manager).get("campaigns/lama/agreement")[1]) == (PUBLISHED, SPREAD)
    page = signed_in(manager).get(reverse("agreement", args=["lama"])).content.decode()
    assert "0.053 exact" in page
    for value in PUBLISHED.values():
        assert f">{value:.3f}</a>" in page
