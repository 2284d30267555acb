"""Layers from a file into a campaign: where they land, what is skipped, what refuses the file."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from annotations.accounts.models import User
from annotations.assignments import services as assignments
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.exchange.services import BadFile, NotRunning
from annotations.history.models import Event
from annotations.jobs.models import Job
from annotations.limits import Limits
from annotations.registry import merging
from annotations.registry.models import Alias, Entity
from annotations.spans.models import Operation, Relation, Span
from tests import factories
from tests.exchange.kutip_lines import (
    TEXT,
    article_of,
    compact,
    exported,
    layer,
    line,
    load,
    relation,
    span,
    write_file,
)

pytestmark = pytest.mark.django_db

SECOND = "Rania setuju dengan usul itu."
ENTITY = {"aliases": [], "id": str(uuid4()), "name": "Laras", "type": "person"}


@pytest.fixture
def campaign(annotator_a: User, annotator_b: User) -> Campaign:
    """Two articles, both for both annotators."""
    corpus = factories.corpus("berita")
    for text in (TEXT, SECOND):
        article_of(corpus, line(text))
    return factories.campaign(corpus, [annotator_a, annotator_b], slug="kutipan")


def places(campaign: Campaign) -> list[tuple[str, str, int, str, int]]:
    """Text, kind, slot, annotator (or nobody) and revision of every assignment."""
    return [
        (a.article.body.text[:5], a.kind, a.slot, str(a.annotator or ""), a.revision)
        for a in campaign.assignments.select_related("article__body", "annotator").order_by(
            "article_id", "kind", "slot"
        )
    ]


def refused(campaign: Campaign, tmp_path: Path, *documents: Any) -> BadFile:
    """The refusal; and nothing at all was changed."""
    before = everything(campaign)
    with pytest.raises(BadFile) as bad:
        load(campaign, write_file(tmp_path, *documents))
    assert everything(campaign) == before
    return bad.value


def everything(campaign: Campaign) -> list[Any]:
    kinds = (User, Entity, Alias, Span, Relation, Operation, Event)
    return [places(campaign), *(kind.objects.count() for kind in kinds)]


def test_a_layer_fills_the_place_that_waits_for_its_annotator(
    campaign: Campaign, tmp_path: Path
) -> None:
    report = load(
        campaign, write_file(tmp_path, line(TEXT, layer("annotator_b", span(TEXT, "Laras"))))
    )
    assert (report.layers, report.spans, report.skipped_count) == (1, 1, 0)
    assert places(campaign) == [
        ("Mente", "annotator", 1, "annotator_a", 0),
        ("Mente", "annotator", 2, "annotator_b", 1),
        ("Rania", "annotator", 1, "annotator_a", 0),
        ("Rania", "annotator", 2, "annotator_b", 0),
    ]
    loaded = campaign.assignments.get(revision=1)
    assert (loaded.status, loaded.span_count, loaded.load_job) == ("submitted", 1, None)


def test_a_stranger_becomes_an_inactive_account_and_gets_an_additional_place(
    campaign: Campaign, tmp_path: Path
) -> None:
    report = load(campaign, write_file(tmp_path, line(TEXT, layer("pengunjung"))))
    assert report.new_annotators == ["pengunjung"]
    assert ("Mente", "annotator", 3, "pengunjung", 1) in places(campaign)
    stranger = User.objects.get(username="pengunjung")
    assert (stranger.is_active, stranger.role, stranger.has_usable_password()) == (
        False,
        "annotator",
        False,
    )


def test_up_to_k_a_stranger_takes_a_place_that_waits_for_anyone(tmp_path: Path) -> None:
    corpus = factories.corpus()
    article_of(corpus, line())
    three = [factories.user() for _ in range(3)]
    campaign = factories.campaign(corpus, three, overlap=2)
    load(campaign, write_file(tmp_path, line(TEXT, *(layer(f"tamu-{n}") for n in range(3)))))
    assert [place[2:4] for place in places(campaign)] == [
        (1, "tamu-0"),
        (2, "tamu-1"),
        (3, "tamu-2"),
    ]


def test_gold_stands_apart(campaign: Campaign, tmp_path: Path) -> None:
    gold = layer("hakim", span(TEXT, "Laras"), kind="gold")
    load(campaign, write_file(tmp_path, line(TEXT, gold)))
    assert ("Mente", "gold", 1, "hakim", 1) in places(campaign)
    assert campaign.assignments.filter(status=Status.WAITING).count() == 4


def test_a_layer_with_work_is_skipped_and_the_others_load(
    campaign: Campaign, tmp_path: Path
) -> None:
    file = write_file(tmp_path, line(TEXT, layer("annotator_a"), layer("annotator_b")))
    campaign.assignments.filter(annotator__username="annotator_a", article__body__text=TEXT).update(
        status=Status.OPEN, revision=1
    )
    report = load(campaign, file)
    assert (report.layers, report.skipped_count) == (1, 1)
    assert (report.skipped[0].line, report.skipped[0].annotator) == (1, "annotator_a")


def test_an_article_that_was_only_opened_holds_no_work(
    campaign: Campaign, annotator_a: User, tmp_path: Path
) -> None:
    opened = assignments.claim_next(campaign, annotator_a)
    assert opened is not None
    load(campaign, write_file(tmp_path, line(TEXT, layer("annotator_a", span(TEXT, "Laras")))))
    opened.refresh_from_db()
    assert (opened.status, opened.revision) == (Status.SUBMITTED, 1)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.SKIPPED, Status.REOPENED])
def test_empty_layers_that_somebody_finished_are_work(
    campaign: Campaign, tmp_path: Path, status: str
) -> None:
    campaign.assignments.filter(annotator__username="annotator_a").update(status=status)
    assert load(campaign, write_file(tmp_path, line(TEXT, layer("annotator_a")))).skipped_count == 1


def test_the_same_file_again_changes_nothing(campaign: Campaign, tmp_path: Path) -> None:
    file = write_file(
        tmp_path, line(TEXT, layer("annotator_a", span(TEXT, "Laras")), layer("tamu"))
    )
    load(campaign, file)
    before = everything(campaign)[:-1]
    report = load(campaign, file)
    assert (report.layers, report.skipped_count) == (0, 2)
    assert everything(campaign)[:-1] == before


def test_status_and_moment_are_kept(campaign: Campaign, tmp_path: Path) -> None:
    layers = [
        layer("annotator_a", status="open", submitted_at=None),
        layer("annotator_b", status="reopened", submitted_at="2026-03-20T15:00:00.250000+07:00"),
        layer("tamu", status="skipped", submitted_at=None),
        layer("tamu2", status="submitted", submitted_at=None),
    ]
    load(campaign, write_file(tmp_path, line(TEXT, *layers)))
    kept = campaign.assignments.filter(revision=1).values_list(
        "annotator__username", "status", "submitted_at"
    )
    assert {row[0]: (row[1], row[2] and row[2].isoformat()) for row in kept} == {
        "annotator_a": ("open", None),
        "annotator_b": ("reopened", "2026-03-20T08:00:00.250000+00:00"),
        "tamu": ("skipped", None),
        "tamu2": ("submitted", None),
    }


def test_an_annotator_is_known_whatever_the_case(campaign: Campaign, tmp_path: Path) -> None:
    load(campaign, write_file(tmp_path, line(TEXT, layer("Annotator_A"))))
    assert ("Mente", "annotator", 1, "annotator_a", 1) in places(campaign)


def test_the_history_names_who_loaded(campaign: Campaign, manager: User, tmp_path: Path) -> None:
    file = write_file(tmp_path, line(TEXT, layer("annotator_a", span(TEXT, "Laras"))))
    load(campaign, file, by=manager)
    operation = Operation.objects.get()
    assert (operation.account, operation.op, operation.seq) == (manager, "load", 1)
    event = Event.objects.get(verb="campaign.layers_loaded")
    assert (event.by, event.data["layers"], event.data["spans"]) == (manager, 1, 1)


# what refuses a file ------------------------------------------------------------------------------


def test_an_unknown_article_refuses_the_file_with_its_line(
    campaign: Campaign, tmp_path: Path
) -> None:
    good = line(TEXT, layer("annotator_a", span(TEXT, "Laras")), layer("tamu"))
    bad = refused(campaign, tmp_path, good, line("Tidak ada di sini.", layer("annotator_a")))
    assert bad.line == 2
    assert str(bad) == "Line 2: The corpus berita has no article with this text."


def test_a_withdrawn_article_is_unknown(campaign: Campaign, tmp_path: Path) -> None:
    campaign.corpus.articles.update(withdrawn_at=timezone.now())
    assert refused(campaign, tmp_path, line(TEXT, layer("annotator_a"))).line == 1


def test_an_article_without_layers_may_be_unknown(campaign: Campaign, tmp_path: Path) -> None:
    assert load(campaign, write_file(tmp_path, line("Tidak ada di sini."))).layers == 0


def test_a_bad_line_far_below_refuses_all_above_it(campaign: Campaign, tmp_path: Path) -> None:
    good = line(TEXT, layer("annotator_a", span(TEXT, "Laras")), entities=[ENTITY])
    lies = line(SECOND, layer("tamu", span(SECOND, "Rania") | {"text": ["Ranya"]}))
    assert refused(campaign, tmp_path, good, lies, good).line == 2


def test_the_same_layer_on_two_lines_is_refused(campaign: Campaign, tmp_path: Path) -> None:
    twice = [line(TEXT, layer("annotator_a")), line(TEXT, layer("ANNOTATOR_A"))]
    assert refused(campaign, tmp_path, *twice).line == 2


def test_layers_of_one_article_may_stand_on_two_lines(campaign: Campaign, tmp_path: Path) -> None:
    report = load(
        campaign,
        write_file(tmp_path, line(TEXT, layer("annotator_a")), line(TEXT, layer("annotator_b"))),
    )
    assert report.layers == 2


@pytest.mark.parametrize("name", ["two words", "a,b", "a/b", "x" * 151])
def test_a_name_no_account_can_have_is_refused(
    campaign: Campaign, tmp_path: Path, name: str
) -> None:
    assert (
        refused(
            campaign, tmp_path, line(TEXT, layer("annotator_a")), line(SECOND, layer(name))
        ).line
        == 2
    )


def test_another_name_under_a_known_id_is_refused(campaign: Campaign, tmp_path: Path) -> None:
    known = factories.entity(campaign.corpus, "Rania")
    file = line(TEXT, layer("annotator_a"), entities=[ENTITY | {"id": str(known.uuid)}])
    assert "Rania" in str(refused(campaign, tmp_path, file))


def test_two_names_for_one_id_are_refused(campaign: Campaign, tmp_path: Path) -> None:
    other = line(SECOND, entities=[ENTITY | {"name": "Sari"}])
    assert refused(campaign, tmp_path, line(TEXT, entities=[ENTITY]), other).line == 2


HEIR = ENTITY | {"id": str(uuid4()), "name": "Laras Prabasari"}
MERGED = ENTITY | {"merged_into": HEIR["id"]}


def test_two_heirs_for_one_id_are_refused(campaign: Campaign, tmp_path: Path) -> None:
    first, other = line(TEXT, entities=[MERGED, HEIR]), line(SECOND, entities=[ENTITY])
    fault = refused(campaign, tmp_path, first, other)
    assert (fault.line, "merged" in str(fault)) == (2, True)


def test_the_registry_says_what_an_entity_goes_on_as_that_it_has(
    campaign: Campaign, tmp_path: Path
) -> None:
    """A merge is a decision of a manager here: no file makes it, none takes it back."""
    known = factories.entity(campaign.corpus, "Laras", type="person")
    file = line(TEXT, entities=[MERGED | {"id": str(known.uuid)}, HEIR])
    load(campaign, write_file(tmp_path, file))
    known.refresh_from_db()
    assert known.merged_into is None
    merging.merge(known, Entity.objects.get(uuid=HEIR["id"]), by=None)
    apart = line(SECOND, layer("annotator_a"), entities=[ENTITY | {"id": str(known.uuid)}])
    load(campaign, write_file(tmp_path, apart))
    known.refresh_from_db()
    assert str(known.merged_into.uuid) == HEIR["id"]


def test_nothing_new_goes_on_as_a_proposal(campaign: Campaign, tmp_path: Path) -> None:
    heir = factories.entity(campaign.corpus, "Sari", type="person")
    Entity.objects.filter(pk=heir.pk).update(proposed=True)
    told = HEIR | {"id": str(heir.uuid), "name": "Sari"}
    merged = MERGED | {"merged_into": told["id"]}
    fault = refused(campaign, tmp_path, line(TEXT, entities=[merged, told]))
    assert "proposal" in str(fault)


def test_what_was_loaded_as_merged_can_be_split_back(campaign: Campaign, tmp_path: Path) -> None:
    load(campaign, write_file(tmp_path, line(TEXT, entities=[MERGED, HEIR])))
    merged = Entity.objects.get(uuid=MERGED["id"])
    assert str(merged.merged_into.uuid) == HEIR["id"]
    merging.split_back(merged, by=None)
    merged.refresh_from_db()
    assert merged.merged_into is None


def test_an_entity_that_nobody_describes_is_refused(campaign: Campaign, tmp_path: Path) -> None:
    linked = span(TEXT, "Laras", entity=ENTITY["id"])
    assert refused(campaign, tmp_path, line(TEXT, layer("annotator_a", linked))).line == 1


def test_an_entity_of_the_registry_may_be_only_named(campaign: Campaign, tmp_path: Path) -> None:
    known = factories.entity(campaign.corpus)
    linked = span(TEXT, "Laras", entity=str(known.uuid))
    load(campaign, write_file(tmp_path, line(TEXT, layer("annotator_a", linked))))
    assert Span.objects.get().entity == known


def test_aliases_are_added_and_none_is_doubled(campaign: Campaign, tmp_path: Path) -> None:
    known = factories.entity(campaign.corpus)
    one = {"kind": "short", "language": "", "text": "Ras"}
    two = {"kind": "role", "language": "id", "text": "Menteri"}
    described = ENTITY | {"id": str(known.uuid)}
    lines = [
        line(TEXT, entities=[described | {"aliases": [one]}]),
        line(SECOND, entities=[described | {"aliases": [one, two]}]),
    ]
    load(campaign, write_file(tmp_path, *lines))
    assert set(known.aliases.values_list("kind", "text")) == {("short", "Ras"), ("role", "Menteri")}


def test_names_of_what_was_merged_here_reach_the_last_heir(
    campaign: Campaign, tmp_path: Path
) -> None:
    known, heir, last = (
        factories.entity(campaign.corpus, name) for name in ("Laras", "Sari", "Ayu")
    )
    merging.merge(known, heir, by=None)
    merging.merge(heir, last, by=None)
    names = [{"kind": "short", "language": "", "text": text} for text in ("Ras", "Ayu")]
    described = ENTITY | {"id": str(known.uuid), "aliases": names}
    load(campaign, write_file(tmp_path, line(TEXT, entities=[described])))
    assert set(known.aliases.values_list("text", flat=True)) == {"Ras", "Ayu"}
    came = {(one.entity, one.merged_from) for one in Alias.objects.filter(text="Ras")}
    assert came == {(known, None), (heir, known), (last, heir)}
    merging.split_back(known, by=None)
    assert [one.entity for one in Alias.objects.filter(text="Ras", removed=False)] == [known]
    assert not last.aliases.filter(text="Ayu").exists()


def test_an_entity_of_another_registry_is_made_anew_here(
    campaign: Campaign, tmp_path: Path
) -> None:
    elsewhere = factories.entity(factories.corpus())
    linked = span(TEXT, "Laras", entity=str(elsewhere.uuid))
    described = ENTITY | {"id": str(elsewhere.uuid)}
    load(
        campaign,
        write_file(tmp_path, line(TEXT, layer("annotator_a", linked), entities=[described])),
    )
    made = Span.objects.get().entity
    assert made is not None
    assert (made.registry, made.uuid, made.proposed) == (
        campaign.corpus.registry,
        elsewhere.uuid,
        False,
    )
    assert made != elsewhere


@pytest.mark.parametrize("started", [False, True])
def test_only_a_running_campaign_takes_layers(
    annotator_a: User, tmp_path: Path, started: bool
) -> None:
    corpus = factories.corpus()
    article_of(corpus, line())
    campaign = factories.campaign(corpus, [annotator_a], started=started)
    if started:
        assignments.close(campaign, by=None)
        campaign.refresh_from_db()
    with pytest.raises(NotRunning):
        load(campaign, write_file(tmp_path, line(TEXT, layer("annotator_a"))))


# files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "layers"),
    [
        (b"", 0),
        (b"\n\n", 0),
        (b"\xef\xbb\xbf%s\n", 1),
        (b"%s", 1),
        (b"%s\r\n", 1),
        (b"\n%s\n\n", 1),
    ],
)
def test_harmless_differences_of_files(
    campaign: Campaign, tmp_path: Path, data: bytes, layers: int
) -> None:
    file = tmp_path / "layers.jsonl"
    one = compact(line(TEXT, layer("annotator_a", span(TEXT, "Laras"))))
    file.write_bytes(data.replace(b"%s", one))
    assert load(campaign, file).layers == layers


def test_a_line_separator_within_a_text_ends_no_line(annotator_a: User, tmp_path: Path) -> None:
    text = "Satu\u2028dua\u0085tiga"
    corpus = factories.corpus()
    article_of(corpus, line(text))
    campaign = factories.campaign(corpus, [annotator_a])
    load(campaign, write_file(tmp_path, line(text, layer("annotator_a", span(text, "dua")))))
    assert exported(campaign).count(b"\n") == 1


def test_a_line_that_is_too_long_is_refused_unread(
    campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotations.exchange.reading.LIMITS", Limits(layer_line_bytes=400))
    long = line(TEXT, layer("annotator_a", span(TEXT, "Laras")))
    assert refused(campaign, tmp_path, line("pendek"), long).line == 2


def test_a_relation_between_spans_with_ids_of_their_own_making(
    campaign: Campaign, tmp_path: Path
) -> None:
    quote = span(TEXT, "“Kami,”", label="QUOTE", id="T1")
    actor = span(TEXT, "Laras", id="T2")
    speaker = relation("SPEAKER", {"span": "T1"}, {"span": "T2"}, id="R1")
    load(
        campaign,
        write_file(tmp_path, line(TEXT, layer("annotator_a", quote, actor, relations=[speaker]))),
    )
    kept = Relation.objects.get()
    labels = {row.id: row.label.key for row in Span.objects.select_related("label")}
    assert (labels[kept.from_id], labels[kept.to_id]) == ("QUOTE", "ACTOR")  # type: ignore[index]


def test_nothing_is_left_of_what_stood_between_the_passes(
    campaign: Campaign, tmp_path: Path, settings: Any
) -> None:
    load(campaign, write_file(tmp_path, line(TEXT, layer("annotator_a"))))
    refused(campaign, tmp_path, {})
    assert list(Path(settings.EXPORT_DIR, "loads").iterdir()) == []


def test_what_a_dead_load_left_is_cleared_and_its_places_wait_again(
    campaign: Campaign, tmp_path: Path
) -> None:
    before = places(campaign)
    leave_dead_load(campaign, uuid4())
    load(campaign, write_file(tmp_path))
    assert places(campaign) == before


@pytest.mark.parametrize(("state", "waits"), [("failed", True), ("queued", False)])
def test_a_load_that_failed_for_good_gives_its_places_back_by_itself(
    campaign: Campaign, state: str, waits: bool
) -> None:
    before = places(campaign)
    job = Job.objects.create(kind="import_layers", state=state, run_after=timezone.now())
    leave_dead_load(campaign, job.pk)
    call_command("sweep", once=True)
    assert (places(campaign) == before) == waits


def leave_dead_load(campaign: Campaign, load: UUID) -> None:
    """The campaign is as a load leaves it that is killed while it writes."""
    taken = campaign.assignments.filter(annotator__username="annotator_a")
    taken.update(status=Status.LOADING, load_job=load, revision=1)
    Assignment.objects.create(
        campaign=campaign, corpus=campaign.corpus, schema=campaign.schema, article=campaign.corpus.articles.all()[0],
        annotator=factories.user("tamu"), slot=3, status=Status.LOADING, load_job=load,
    )  # fmt: skip
