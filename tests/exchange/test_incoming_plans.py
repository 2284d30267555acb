"""Layers that come in over a session which did the same before, when there was next to nothing."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.corpora.models import Corpus
from annotations.corpora.services import load as load_articles
from tests import factories
from tests.corpora.reading import source
from tests.exchange.kutip_lines import compact, layer, line, load, span, write_file
from tests.plans import count_rows

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

FEW, MANY = 20, 2_000
READ = "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'article'"


@pytest.fixture
def campaign(annotator_a: User) -> Campaign:
    corpus = factories.corpus("berita")
    fill(corpus, 0, FEW)
    count_rows("article")
    return factories.campaign(corpus, [annotator_a], slug="kutipan")


def test_what_is_checked_of_each_layer_takes_as_long_however_many_articles_there_are(
    campaign: Campaign, tmp_path: Path
) -> None:
    load(campaign, file_of(tmp_path, 0, FEW))
    with ThreadPoolExecutor(1) as another:
        another.submit(fill, campaign.corpus, FEW, MANY).result()
        another.submit(connections.close_all).result()
    with transaction.atomic(), connection.cursor() as cursor:
        assert load(campaign, file_of(tmp_path, FEW, MANY)).layers == MANY - FEW
        cursor.execute(READ)
        assert cursor.fetchone()[0] < 10 * MANY


def text_of(number: int) -> str:
    return f"Rania setuju {number}."


def fill(corpus: Corpus, first: int, end: int) -> None:
    texts = b"".join(compact({"text": text_of(number)}) + b"\n" for number in range(first, end))
    assert load_articles(corpus, [source("a.jsonl", texts)], by=None).loaded == end - first


def file_of(folder: Path, first: int, end: int) -> Path:
    texts = map(text_of, range(first, end))
    return write_file(folder, *(line(t, layer("annotator_a", span(t, "Rania"))) for t in texts))
