"""A corrected text: what was labelled goes on where it stands now, and nothing is lost."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from annotations import policy
from annotations.accounts.models import User
from annotations.agreement.counted import left_out
from annotations.assignments import services as assignments
from annotations.assignments.models import Assignment, Campaign
from annotations.assignments.queries import reopenings
from annotations.corpora import loading
from annotations.corpora.models import Article, ArticleTag, Corpus, Tag
from annotations.corpora.searching.models import CorpusSummary
from annotations.corpora.services import load
from annotations.corpora.upkeep import make_searchable
from annotations.corpora.versions import BadVersion, versions
from annotations.exchange.revising import Revised, revise
from annotations.history.models import Event
from annotations.spans.models import Relation, Remark, Span
from annotations.spans.queries import layer_state
from tests import factories
from tests.corpora.reading import source
from tests.factories import noted, placed, related, settled, span_id, waived
from tests.spans.test_operations import send

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

OLD = "Menteri Laras menolak usul itu. “Kami,” katanya, “tidak akan mundur 🚢.” Warga bersorak."
NEW = f"RALAT. {OLD.replace('usul itu', 'rencana itu').replace(' Warga bersorak.', '')}"


@pytest.fixture
def layer(annotator_a: User) -> Assignment:
    return factories.assignment(annotator_a, OLD)


def revised(layer: Assignment, text: str = NEW, by: User | None = None) -> Revised:
    return revise(layer.article, text, load=uuid4(), by=by, hold=lambda: None)


def newer(layer: Assignment) -> Assignment:
    return Assignment.objects.get(article__previous=layer.article, annotator=layer.annotator)


def spans(assignment: Assignment) -> dict[str, tuple[list[str], dict[str, Any]]]:
    found = Span.objects.filter(assignment=assignment, removed=False)
    text = assignment.article.body.text
    for span in found:
        bounds = zip(span.fragments[::2], span.fragments[1::2], strict=True)
        assert [text[start:end] for start, end in bounds] == span.text
    return {span.label.key: (span.text, span.attributes) for span in found}


def test_spans_go_on_by_position_and_by_words(layer: Assignment, manager: User) -> None:
    actor = placed(OLD, "Menteri Laras")
    quote = placed(
        OLD, "“Kami,”", "“tidak akan mundur 🚢.”", label="QUOTE", attributes={"type": "direct"}
    )
    stance = placed(OLD, "menolak usul itu", label="STANCE")
    cue = placed(OLD, "Warga bersorak", label="CUE")
    send(layer, actor, quote, stance, cue)
    send(layer, related("SPEAKER", span_id(quote), span_id(actor)), noted(span_id(actor), "Siapa?"))
    Assignment.objects.filter(pk=layer.pk).update(status="submitted", active_seconds=77)
    done = revised(layer, by=manager)
    now = newer(layer)
    assert spans(now) == {
        "ACTOR": (["Menteri Laras"], {}),
        "QUOTE": (["“Kami,”", "“tidak akan mundur 🚢.”"], {"type": "direct"}),
        "STANCE": (["menolak rencana itu"], {}),
    }
    assert Relation.objects.filter(assignment=now, removed=False).count() == 1
    assert (done.layers, done.placed, done.changed, done.unplaced) == (1, 3, 1, 1)
    assert (now.status, now.active_seconds) == ("reopened", 77)
    assert "1 span waits" in reopenings([now.pk])[now.pk].reason
    notes = [remark.body for remark in Remark.objects.filter(assignment=now, kind="note")]
    assert any("CUE: Warga bersorak" in str(body) for body in notes)
    assert any("Siapa?" in str(body) for body in notes)


def test_the_old_layer_stays_as_it_is_and_nobody_works_on_it(
    layer: Assignment, annotator_a: User
) -> None:
    send(layer, placed(OLD, "Menteri Laras"))
    revised(layer)
    old = Assignment.objects.get(pk=layer.pk)
    assert (old.withdrawn, old.status, old.span_count) == (True, "open", 1)
    assert spans(old) == {"ACTOR": (["Menteri Laras"], {})}
    assert not policy.LABEL.allows(annotator_a, old)
    assert assignments.claim_next(layer.campaign, annotator_a) == newer(layer)


def test_a_layer_that_goes_on_unchanged_stays_submitted(layer: Assignment) -> None:
    send(layer, placed(OLD, "Menteri Laras"))
    Assignment.objects.filter(pk=layer.pk).update(status="submitted")
    revised(layer, f"{OLD} Ditambah.")
    assert newer(layer).status == "submitted"
    out = left_out(layer.campaign, include_open=False)
    assert [*out.articles.values()] == [[newer(layer).article_id]]  # one layer, of the new version
    assert not out.layers


def test_waived_words_stay_waived_where_they_still_stand(layer: Assignment) -> None:
    send(layer, waived(OLD, "“Kami,”", reason="ironi"))
    revised(layer, f"RALAT. {OLD}")
    [waiver] = Remark.objects.filter(assignment=newer(layer), kind="waiver")
    assert waiver.body["text"] == ["“Kami,”"]


def test_settlements_go_on_with_what_they_are_of(layer: Assignment, adjudicator: User) -> None:
    gold = factories.gold(layer, adjudicator)
    words = ("Menteri Laras", "Warga bersorak")
    theirs, mine = ([placed(OLD, piece) for piece in words] for _ in range(2))
    send(layer, *theirs)
    send(gold, *mine)
    for of, came in zip(map(span_id, theirs), map(span_id, mine), strict=True):
        assert send(gold, settled([(layer, of)], "take", came, took=layer)).status == 200
    send(gold, settled([(layer, span_id(theirs[0]))], "none", reason="Bukan."))
    revised(layer)
    now = newer(gold)
    found = {one.decision: one for one in layer_state(now).settlements}
    assert found.keys() == {"take", "none"}  # nobody cheers any more
    assert found["take"].took == newer(layer).pk == found["take"].of[0].layer
    assert (found["none"].reason, found["none"].author) == ("Bukan.", "adjudicator")
    assert found["take"].span in {span.id for span in layer_state(now).spans}


def test_the_corpus_knows_the_newer_version_only(layer: Assignment) -> None:
    corpus = layer.corpus
    Article.objects.filter(pk=layer.article_id).update(external_id="a1", title="Judul")
    tag = Tag.objects.create(corpus=corpus, name="x")
    ArticleTag.objects.create(tag=tag, article=layer.article)
    factories.searchable(corpus)
    done = revised(layer)
    new = Article.objects.get(pk=done.article)
    assert (new.external_id, new.title, new.previous_id) == ("a1", "Judul", layer.article_id)
    assert set(new.tag_uses.values_list("tag", flat=True)) == {tag.pk}
    summary = CorpusSummary.objects.get(corpus=corpus)
    assert (summary.articles, summary.searchable, summary.last_article) == (1, 0, new.pk)
    factories.searchable(corpus)
    assert CorpusSummary.objects.get(corpus=corpus).searchable == 1
    assert list(versions(new)) == list(versions(layer.article)) == [layer.article_id, new.pk]
    assert Event.objects.filter(verb="article.revised", thing_id=str(new.pk)).exists()


def test_who_had_not_begun_begins_with_the_newer_version(
    annotator_a: User, annotator_b: User
) -> None:
    corpus: Corpus = factories.corpus()
    article = factories.article(corpus, OLD)
    campaign = factories.campaign(corpus, [annotator_a, annotator_b])
    begun = assignments.claim_next(campaign, annotator_a)
    assert begun is not None
    send(begun, placed(OLD, "Laras"))
    done = revise(article, NEW, load=uuid4(), by=None, hold=lambda: None)
    given = assignments.claim_next(campaign, annotator_b)
    assert given is not None
    assert given.article_id == done.article
    live = campaign.assignments.filter(withdrawn=False)
    assert set(live.values_list("article", "annotator__username")) == {
        (done.article, "annotator_a"),
        (done.article, "annotator_b"),
    }


def test_a_closed_campaign_keeps_the_version_it_was_made_on(layer: Assignment) -> None:
    Campaign.objects.filter(pk=layer.campaign_id).update(status="closed")
    assert revised(layer).layers == 0
    assert not Assignment.objects.get(pk=layer.pk).withdrawn


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n", "is empty"),
        (OLD, "nothing was corrected"),
        ("a\x00b", "U\\+0000"),
        ("Teks artikel lain.", "of another article"),
        ("x" * 1_000_001, "at most"),
    ],
)
def test_a_text_that_cannot_follow_is_refused_and_nothing_changes(
    layer: Assignment, text: str, sentence: str
) -> None:
    factories.article(layer.corpus, "Teks artikel lain.")
    with pytest.raises(BadVersion, match=sentence):
        revised(layer, text)
    assert not Article.objects.filter(superseded=True).exists()


def test_only_the_newest_version_is_followed(layer: Assignment) -> None:
    revised(layer)
    with pytest.raises(BadVersion, match="newer version"):
        revised(layer, f"{NEW} Lagi.")


def test_the_words_of_an_older_version_come_back_with_a_space_at_their_end(
    layer: Assignment,
) -> None:
    wrong = Article.objects.get(pk=revised(layer).article)
    with pytest.raises(BadVersion, match="of an older version"):
        revise(wrong, OLD, load=uuid4(), by=None, hold=lambda: None)
    revise(wrong, f"{OLD} ", load=uuid4(), by=None, hold=lambda: None)
    assert len(versions(layer.article)) == 3


def test_what_stops_it_leaves_nothing(layer: Assignment) -> None:
    send(layer, placed(OLD, "Menteri Laras"))

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        revise(layer.article, NEW, load=uuid4(), by=None, hold=stop)
    assert Article.objects.count() == 1
    assert not Assignment.objects.get().withdrawn


def test_a_correction_waits_for_a_load_so_that_every_article_can_be_found(
    layer: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_CHUNK_ROWS", 1)
    monkeypatch.setattr(loading, "_TOLD_EVERY", 1)
    corpus = layer.article.corpus
    waits = threading.Event()

    def correct() -> None:
        revise(layer.article, NEW, load=uuid4(), by=None, hold=lambda: None, wait=waits.set)
        make_searchable(corpus, progress=lambda done, total: None, hold=lambda: None)
        connection.close()

    correcting = threading.Thread(target=correct)

    def progress(done: int, total: int) -> None:
        if 0 < done < total and not correcting.ident:
            correcting.start()
            while correcting.is_alive() and not waits.wait(0.01):
                continue

    file = source("a.jsonl", b'{"text": "Satu."}\n{"text": "Dua."}\n{"text": "Tiga."}\n')
    load(corpus, [file], by=None, progress=progress)
    correcting.join(30)
    make_searchable(corpus, progress=lambda done, total: None, hold=lambda: None)
    summary = CorpusSummary.objects.get(corpus=corpus)
    assert (summary.articles, summary.searchable) == (4, 4)
