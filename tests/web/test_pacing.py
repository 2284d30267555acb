"""How far a job is, in words that do not jump."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from annotations.jobs.models import Job, State
from annotations.jobs.pulse import LEASE
from annotations.web.pacing import figures


def told(seconds: float = 0, kind: str = "index_articles", **fields: Any) -> str:
    since = timezone.now()
    until = since + timedelta(seconds=seconds) + LEASE
    row = Job(kind=kind, state=State.RUNNING, since_at=since, lease_until=until, **fields)
    return figures(row).replace("\xa0", " ")


def test_what_is_done_how_fast_and_how_long_still() -> None:
    words = "12,400 of 50,000 · 620 a second · about a minute left"
    assert told(20, done=12_400, total=50_000) == words


def test_bytes_are_told_as_bytes() -> None:
    mega = 1_048_576
    words = told(10, "load_articles", done=3 * mega, total=30 * mega)
    assert words == "3.0 MB of 30.0 MB · 302.7 KB a second · about 2 minutes left"


def test_what_is_gone_through_twice_is_told_in_parts() -> None:
    assert told(10, "import_layers", done=25, total=100) == "25% · less than a minute left"


def test_nothing_is_told_before_it_means_anything() -> None:
    assert told(done=0) == ""
    assert told(1, done=7, total=9) == "7 of 9"
    assert told(1, done=7) == "7"
    assert told(10, "import_layers", done=7) == ""


def test_a_job_that_is_stopping_has_no_pace() -> None:
    assert told(10, done=7, total=9, cancel_requested=True) == "7 of 9"


def test_what_is_slow_is_told_by_the_minute_or_not_at_all() -> None:
    assert told(100, done=50) == "50 · 30 a minute"
    assert told(1_000, done=1) == "1"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (4, "a few seconds left"),
        (44, "less than a minute left"),
        (89, "about a minute left"),
        (91, "about 2 minutes left"),
        (13 * 60, "about 15 minutes left"),
        (54 * 60, "about 55 minutes left"),
        (56 * 60, "about an hour left"),
        (5 * 3_600, "about 5 hours left"),
        (10**9, "more than a day left"),
    ],
)
def test_the_time_left_is_rounded_the_more_the_longer(seconds: int, words: str) -> None:
    assert told(10, done=10, total=10 + seconds).endswith(words)


def test_all_of_it_is_said_in_indonesian() -> None:
    with translation.override("id"):
        words = told(20, done=12_400, total=50_000)
    assert words == "12.400 dari 50.000 · 620 per detik · sekitar 1 menit lagi"
