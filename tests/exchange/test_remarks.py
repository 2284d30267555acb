"""Notes, flags, confidence and waivers go out with their layers and come back."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from annotations.accounts.models import User
from annotations.assignments import services as assignments
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.readers.drafts import UnfitError
from annotations.exchange import incoming
from annotations.exchange.assembly import Lies
from annotations.exchange.fitting import Fitter
from annotations.exchange.formats import kutip
from annotations.exchange.outgoing import line_of
from annotations.exchange.services import BadFile
from annotations.limits import LIMITS
from annotations.spans.models import Operation, Remark
from annotations.spans.protocol import operate
from annotations.spans.queries import layer_state
from tests import factories
from tests.exchange.kutip_lines import (
    SPEC,
    TEXT,
    article_of,
    compact,
    exported,
    layer,
    line,
    load,
    note,
    span,
    waiver,
    write_file,
)
from tests.factories import flagged, noted, operation, placed, span_id, waived


def refused(one: dict[str, Any]) -> str:
    """The code of the refusal of a layer."""
    with pytest.raises(UnfitError) as unfit:
        Fitter(SPEC).line(kutip.read(compact(line(TEXT, one))))
    return unfit.value.reason.code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"notes": [note("")]}, "layer_note_empty"),
        ({"notes": [note(" \n")]}, "layer_note_empty"),
        ({"notes": [note("a\x00b")]}, "layer_character"),
        ({"notes": [note("a" * (LIMITS.note_code_points + 1))]}, "field_too_long"),
        ({"notes": [note(at="kemarin")]}, "layer_submitted_at"),
        ({"notes": [note(at="2026-03-20T08:00:00")]}, "layer_submitted_at"),
        ({"notes": [note(author="a\nb")]}, "layer_character"),
        ({"notes": [note(id="")]}, "layer_id_empty"),
        ({"notes": [note(id="x" * 201)]}, "field_too_long"),
        ({"notes": [note(id="T1"), note(id="T1")]}, "layer_id_twice"),
        ({"flags": ["angry"]}, "layer_flag"),
        ({"flags": ["unsure", "unsure"]}, "layer_flag"),
        ({"confidence": 4}, "layer_confidence"),
        ({"confidence": 0}, "layer_confidence"),
    ],
)
def test_remarks_that_cannot_be_are_refused_on_layers_and_on_spans(
    change: dict[str, Any], code: str
) -> None:
    assert refused(layer("a", **change)) == code
    assert refused(layer("a", span(TEXT, "Laras", **change))) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"label": "NOBODY"}, "layer_label"),
        ({"fragments": [[7, 0]]}, "layer_waiver"),
        ({"fragments": []}, "layer_waiver"),
        ({"fragments": [[0, 7]]}, "layer_waiver"),
        ({"text": ["Kami"]}, "layer_waiver"),
        ({"reason": "a\ufffe"}, "layer_character"),
        ({"reason": "a" * (LIMITS.reason_code_points + 1)}, "field_too_long"),
        ({"id": ""}, "layer_id_empty"),
    ],
)
def test_a_waiver_that_cannot_be_is_refused(change: dict[str, Any], code: str) -> None:
    assert refused(layer("a", waivers=[waiver(TEXT, "“Kami,”") | change])) == code


def test_an_id_stands_once_among_the_remarks_of_a_kind() -> None:
    one = note()
    on_span = span(TEXT, "Laras", notes=[one])
    assert refused(layer("a", on_span, notes=[one])) == "layer_id_twice"
    twice = waiver(TEXT, "“Kami,”")
    assert refused(layer("a", waivers=[twice, twice])) == "layer_id_twice"
    namesake = waiver(TEXT, "“Kami,”", id=one["id"])
    whole = line(TEXT, layer("a", span(TEXT, "Laras", id=one["id"]), notes=[one], waivers=[namesake]))  # fmt: skip
    assert len(Fitter(SPEC).line(kutip.read(compact(whole))).layers[0].remarks) == 2


@pytest.mark.parametrize(
    "change",
    [{"confidence": "2"}, {"confidence": 2.5}, {"confidence": True}, {"flags": "unsure"}, {"flags": None}, {"waivers": {}}, {"mood": 1}],
)  # fmt: skip
def test_another_shape_is_no_line(change: dict[str, Any]) -> None:
    with pytest.raises(UnfitError) as unfit:
        kutip.read(compact(line(TEXT, layer("a", **change))))
    assert unfit.value.reason.code == "layer_shape"


def test_keys_that_say_nothing_may_be_there_or_not() -> None:
    bare = layer("a", span(TEXT, "Laras"))
    wordy = layer("a", bare["spans"][0] | {"flags": [], "confidence": None}, flags=[], confidence=None, waivers=[])  # fmt: skip
    fitted = [Fitter(SPEC).line(kutip.read(compact(line(TEXT, one)))) for one in (bare, wordy)]
    assert [one.layers[0].remarks for one in fitted] == [(), ()]


# in the database ----------------------------------------------------------------------------------


@pytest.fixture
def campaign(db: None) -> Campaign:
    corpus = factories.corpus("berita")
    article_of(corpus, line(TEXT))
    return factories.campaign(corpus, [factories.user("ani"), factories.user("budi")])


def loaded(campaign: Campaign, tmp_path: Path, *spans: dict[str, Any], **fields: Any) -> Assignment:
    load(campaign, write_file(tmp_path, line(TEXT, layer("ani", *spans, **fields))))
    return campaign.assignments.get(revision=1)


def test_a_note_keeps_its_author_and_its_moment(campaign: Campaign, tmp_path: Path) -> None:
    notes = [note("Satu.", "budi"), note("Dua.", "tamu", at="2026-03-20T15:00:00.25+07:00")]
    actor = span(TEXT, "Laras", notes=notes)
    report = load(campaign, write_file(tmp_path, line(TEXT, layer("ani", actor))))
    assert report.new_annotators == ["tamu"]
    assert not User.objects.get(username="tamu").is_active
    kept = Remark.objects.order_by("at").values_list("account__username", "at", "body", "span_id")
    assert [(who, at.isoformat(), body) for who, at, body, _ in kept] == [
        ("budi", "2026-03-20T08:00:00+00:00", {"text": "Satu."}),
        ("tamu", "2026-03-20T08:00:00.250000+00:00", {"text": "Dua."}),
    ]
    assert {str(row[3]) for row in kept} == {actor["id"]}


def test_an_author_is_known_whatever_the_case_and_made_once(
    campaign: Campaign, tmp_path: Path
) -> None:
    notes = [note(author="ANI"), note(author="Tamu"), note(author="tamu")]
    loaded(campaign, tmp_path, notes=notes)
    assert User.objects.filter(username__iexact="tamu").count() == 1
    authors = set(Remark.objects.values_list("account__username", flat=True))
    assert authors == {"ani", "Tamu"}


def test_an_author_no_account_can_have_refuses_the_file_with_its_line(
    campaign: Campaign, tmp_path: Path
) -> None:
    good, bad = line(TEXT), line(TEXT, layer("ani", notes=[note(author="dua kata")]))
    with pytest.raises(BadFile) as refusal:
        load(campaign, write_file(tmp_path, good, bad))
    assert (refusal.value.line, Remark.objects.count()) == (2, 0)


def test_flags_and_waivers_are_the_annotators(campaign: Campaign, tmp_path: Path) -> None:
    fields = {"flags": ["guideline", "discuss"], "waivers": [waiver(TEXT, "“Kami,”")]}
    there = loaded(campaign, tmp_path, span(TEXT, "Laras", confidence=3), **fields)
    assert {remark.account.username for remark in Remark.objects.all()} == {"ani"}
    state = layer_state(there)
    assert {tuple(one.flags): one.confidence for one in state.flags} == {
        ("discuss", "guideline"): None,
        (): 3,
    }
    assert [one.text for one in state.waivers] == [["“Kami,”"]]


def test_remarks_are_of_the_one_operation_of_a_load(campaign: Campaign, tmp_path: Path) -> None:
    there = loaded(campaign, tmp_path, span(TEXT, "Laras", notes=[note()]), confidence=1)
    changes = Operation.objects.get(assignment=there).changes
    assert sorted(change["kind"] for change in changes) == ["flag", "note", "span"]


def test_loaded_remarks_change_like_all_others(campaign: Campaign, tmp_path: Path) -> None:
    first = note()
    actor = span(TEXT, "Laras", notes=[first], flags=["unsure"])
    there = loaded(campaign, tmp_path, actor, status="open", waivers=[waiver(TEXT, "“Kami,”")])
    person = User.objects.get(username="ani")

    def do(step: dict[str, object]) -> None:
        there.refresh_from_db()
        body = json.dumps({"base": there.revision, "operations": [step]}).encode()
        assert operate(there.pk, body, by=person).status == 200

    before = exported(campaign)
    do(noted(actor["id"], "Jelas.", first["id"]))
    assert Remark.objects.get(kind="note").body == {"text": "Jelas."}
    do(operation("remove", span=actor["id"]))
    assert Remark.objects.filter(removed=False).count() == 1
    do(operation("restore", to=0))
    assert Remark.objects.filter(removed=False).count() == 0
    do(operation("restore", to=1))
    assert exported(campaign) == before


def test_what_was_said_at_the_desk_goes_out(campaign: Campaign) -> None:
    ani = User.objects.get(username="ani")
    there = assignments.claim_next(campaign, ani)
    assert there is not None
    place = placed(TEXT, "Menteri Laras")
    one, note_ = span_id(place), noted(None, "Artikel opini.")
    steps = [
        *(place, noted(one, "Siapa?"), note_, flagged(one, "unsure", confidence=2)),
        *(flagged(None, "discuss"), waived(TEXT, "“tidak", reason="Judul."), waived(TEXT, "“Kami,”")),
    ]  # fmt: skip
    body = json.dumps({"base": 0, "operations": steps}).encode()
    assert operate(there.pk, body, by=ani).status == 200
    [out] = json.loads(line_of(there))["layers"]
    [actor] = out["spans"]
    assert (actor["flags"], actor["confidence"]) == (["unsure"], 2)
    assert [(one["author"], one["text"]) for one in actor["notes"]] == [("ani", "Siapa?")]
    assert [one["id"] for one in out["notes"]] == [note_["note"]["id"]]  # type: ignore[index]
    assert (out["flags"], "confidence" in out) == (["discuss"], False)
    assert [one["text"] for one in out["waivers"]] == [["“Kami,”"], ["“tidak"]]


def test_layers_without_remarks_have_the_same_form_as_ever(
    campaign: Campaign, tmp_path: Path
) -> None:
    there = loaded(campaign, tmp_path, span(TEXT, "Laras"))
    [out] = json.loads(line_of(there))["layers"]
    assert {"flags", "confidence", "waivers"} & (out.keys() | out["spans"][0].keys()) == set()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_waiver_that_lies_is_not_exported(tmp_path: Path) -> None:
    corpus = factories.corpus()
    article_of(corpus, line())
    campaign = factories.campaign(corpus, [factories.user("ani")])
    loaded(campaign, tmp_path, waivers=[waiver(TEXT, "“Kami,”")])
    with connections["owner"].cursor() as cursor:
        cursor.execute("""UPDATE remark SET body = body || '{"text": ["Kita"]}'""")
    with pytest.raises(Lies):
        exported(campaign)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_loaders_write_remarks_and_a_dead_load_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "SMALL", 0)
    corpus = factories.corpus()
    texts = [f"Artikel {number}: Laras menolak." for number in range(30)]
    for text in texts:
        article_of(corpus, line(text))
    campaign = factories.campaign(corpus, [factories.user("ani")])
    lines = [
        line(text, layer("ani", span(text, "Laras", notes=[note(author=f"tamu-{number % 3}")]), flags=["discuss"]))
        for number, text in enumerate(texts)
    ]  # fmt: skip
    file = write_file(tmp_path, *lines)

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(incoming, "_publish", die)
        with pytest.raises(KeyboardInterrupt):
            load(campaign, file)
    assert Remark.objects.count() == 0
    report = load(campaign, file)
    assert (report.layers, Remark.objects.count()) == (30, 60)
    assert sorted(exported(campaign).splitlines()) == sorted(file.read_bytes().splitlines())


def test_a_note_may_have_an_id_of_its_own_making(campaign: Campaign, tmp_path: Path) -> None:
    loaded(campaign, tmp_path, notes=[note(id="N1")])
    [out] = [json.loads(one) for one in exported(campaign).splitlines()]
    [kept] = [one for each in out["layers"] for one in each["notes"]]
    assert kept["id"] == str(Remark.objects.get().id) != str(uuid4())
