"""A large file: two processes write it unseen, and it is seen all at once or not at all."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from annotations.assignments import services as assignments
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.exchange import crew, incoming, places
from annotations.exchange.services import BadFile, Report, import_layers
from annotations.spans.models import Operation, Span
from tests import factories
from tests.exchange.kutip_lines import article_of, compact, exported, layer, line, relation, span

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

ARTICLES = 60
OTHER = "budi"


class Stop(Exception):
    pass


def text_of(number: int) -> str:
    return f"Artikel {number}: Laras menolak 🚢 usul itu."


def line_of(number: int) -> dict[str, Any]:
    text = text_of(number)
    quote, actor = span(text, "menolak", "usul", label="QUOTE"), span(text, "Laras")
    speaker = relation("SPEAKER", {"span": quote["id"]}, {"span": actor["id"]})
    return line(text, layer("ani", actor, quote, relations=[speaker]))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(incoming, "SMALL", 0)
    path = tmp_path / "layers.jsonl"
    path.write_bytes(b"".join(compact(line_of(number)) + b"\n" for number in range(ARTICLES)))
    return path


@pytest.fixture
def campaign() -> Iterator[Campaign]:
    corpus = factories.corpus()
    for number in range(ARTICLES):
        article_of(corpus, line(text_of(number)))
    factories.user(OTHER)
    return factories.campaign(corpus, [factories.user("ani")])


def load(campaign: Campaign, file: Path, **told: Any) -> Report:
    return import_layers(campaign, file, load=uuid4(), by=None, **told)


def seen(campaign: Campaign) -> tuple[int, int]:
    """How many layers are no longer waiting, and how many spans there are at all."""
    changed = campaign.assignments.exclude(status=Status.WAITING).count()
    return changed, Span.objects.count()


def test_two_processes_load_what_one_would(campaign: Campaign, file: Path) -> None:
    report = load(campaign, file)
    assert (report.layers, report.spans, report.relations) == (ARTICLES, 2 * ARTICLES, ARTICLES)
    assert Operation.objects.count() == ARTICLES
    lines = exported(campaign).splitlines()
    assert sorted(lines) == sorted(file.read_bytes().splitlines())


def test_nothing_is_seen_before_everything_is_there(campaign: Campaign, file: Path) -> None:
    statuses = set()

    def look(done: int, total: int, message: str) -> None:
        statuses.update(campaign.assignments.values_list("status", flat=True))

    load(campaign, file, progress=look, hold=lambda: look(0, 0, ""))
    assert statuses == {Status.WAITING, Status.LOADING}
    assert set(campaign.assignments.values_list("status", flat=True)) == {Status.SUBMITTED}


@pytest.mark.parametrize("when", ["reading", "writing", "publishing"])
def test_a_load_that_is_stopped_leaves_nothing(campaign: Campaign, file: Path, when: str) -> None:
    def stop_at(done: int, total: int, message: str) -> None:
        if when == "reading" or (when == "writing" and done > total / 2):
            raise Stop

    def hold() -> None:
        if when == "publishing":
            raise Stop

    with pytest.raises(Stop):
        load(campaign, file, progress=stop_at, hold=hold)
    assert seen(campaign) == (0, 0)
    assert load(campaign, file).layers == ARTICLES


@pytest.mark.parametrize("number", [0, ARTICLES // 4, ARTICLES - 1])
def test_the_first_bad_line_is_named_whichever_part_it_is_in(
    campaign: Campaign, file: Path, number: int
) -> None:
    lines = file.read_bytes().splitlines()
    for bad in {number, ARTICLES - 1}:
        lines[bad] = lines[bad].replace(b'"ACTOR"', b'"AKTOR"')
    file.write_bytes(b"\n".join(lines))
    with pytest.raises(BadFile) as refusal:
        load(campaign, file)
    assert refusal.value.line == number + 1
    assert seen(campaign) == (0, 0)


def test_an_article_nobody_knows_is_named_by_its_line(campaign: Campaign, file: Path) -> None:
    with file.open("ab") as more:
        more.write(compact(line("Tidak ada.", layer("ani"))) + b"\n")
    with pytest.raises(BadFile) as refusal:
        load(campaign, file)
    assert refusal.value.line == ARTICLES + 1


def test_a_layer_that_stands_in_both_parts_is_refused(campaign: Campaign, file: Path) -> None:
    lines = file.read_bytes().splitlines()
    file.write_bytes(b"\n".join([*lines, lines[0]]))
    with pytest.raises(BadFile) as refusal:
        load(campaign, file)
    assert refusal.value.line == ARTICLES + 1
    assert seen(campaign) == (0, 0)


@pytest.mark.parametrize("work", ["read", "write"])
def test_a_loader_that_dies_ends_the_load_and_leaves_nothing(
    campaign: Campaign, file: Path, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    original = getattr(crew.Beside, work)

    def kill_first(beside: crew.Beside, *args: Any) -> Any:
        beside._loaders[0].kill()
        return original(beside, *args)

    monkeypatch.setattr(crew.Beside, work, kill_first)
    with pytest.raises((crew.LoaderDied, BrokenPipeError)):
        load(campaign, file)
    monkeypatch.undo()
    assert seen(campaign) == (0, 0)


@pytest.mark.parametrize("in_time", [True, False])
def test_what_a_killed_loader_still_commits_goes_too(campaign: Campaign, in_time: bool) -> None:
    """Its backend goes on for a moment without it: it is waited for, or comes too late."""
    died, first = uuid4(), campaign.assignments.order_by("pk")[0]
    Assignment.objects.filter(pk=first.pk).update(status=Status.LOADING, load_job=died)
    go, wrote, outcome = threading.Event(), threading.Event(), []

    def backend() -> None:
        try:
            with transaction.atomic():
                go.wait(5)
                place_span(first)
                wrote.set()
                threading.Event().wait(0.5)
            outcome.append("committed")
        except IntegrityError as error:
            outcome.append("refused" if "not there" in str(error) else str(error))
        finally:
            connection.close()

    late = threading.Thread(target=backend)
    late.start()
    if in_time:
        go.set()
        wrote.wait(5)
        assert assignments.discard_load(died, campaign) == 1
    else:
        with transaction.atomic():
            assert assignments.discard_load(died, campaign) == 1
            go.set()
            assert not wrote.wait(0.5)
    late.join()
    assert outcome == ["committed" if in_time else "refused"]
    assert seen(campaign) == (0, 0)


def place_span(layer: Assignment) -> None:
    text = layer.article.body.text
    label = layer.schema.labels.get(key="ACTOR")
    fields = {"fragments": [0, 7], "text": [text[:7]], "changed_seq": 1}
    Span.objects.create(assignment=layer, id=uuid4(), label=label, **fields)


def test_two_loads_of_one_file_at_once_load_it_once(campaign: Campaign, file: Path) -> None:
    reports: list[Report] = []

    def run() -> None:
        try:
            reports.append(load(campaign, file))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((report.layers, report.skipped_count) for report in reports) == [
        (0, ARTICLES),
        (ARTICLES, 0),
    ]
    assert seen(campaign) == (ARTICLES, 2 * ARTICLES)
    assert Assignment.objects.filter(campaign=campaign).count() == ARTICLES


def test_a_place_that_is_taken_in_between_is_not_loaded(campaign: Campaign, file: Path) -> None:
    """The annotator opened an article and worked, after the file was read."""
    done: list[int] = []

    def work(at: int, total: int, message: str) -> None:
        if not done:
            done.append(1)
            first = campaign.assignments.order_by("pk")[:1]
            Assignment.objects.filter(pk__in=first).update(status=Status.OPEN, revision=3)

    report = load(campaign, file, progress=work)
    assert (report.layers, report.skipped_count) == (ARTICLES - 1, 1)
    assert campaign.assignments.get(status=Status.OPEN).revision == 3


@pytest.mark.parametrize("how", ["claimed", "added"])
def test_who_is_faster_keeps_the_place(
    campaign: Campaign, file: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Between the look at the places and the taking of them, somebody else takes one."""
    decided = places.Placing._take
    times: list[int] = []
    if how == "added":
        campaign.assignments.filter(pk__gt=0).update(annotator=None, status=Status.WAITING)

    def late(placing: places.Placing, layers: Any) -> None:
        if not times:
            elsewhere(f"UPDATE assignment SET {TAKEN[how]} WHERE id = {layers[0].assignment}")
        times.append(1)
        decided(placing, layers)

    monkeypatch.setattr(places.Placing, "_take", late)
    report = load(campaign, file)
    assert len(times) > 2  # once for each part would have been enough
    assert (report.layers, report.skipped_count) == RESULT[how]


TAKEN = {
    "claimed": "status = 'open', revision = 2",
    "added": f"status = 'open', annotator_id = (SELECT max(id) FROM account WHERE username = '{OTHER}')",
}
RESULT = {"claimed": (ARTICLES - 1, 1), "added": (ARTICLES, 0)}


def elsewhere(statement: str) -> None:
    """Done and committed over another connection."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(statement)
    other.close()
