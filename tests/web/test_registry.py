"""The registry as people see it: lists, an entity, its mentions, and what the blind must not see."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from annotations.accounts.models import User
from annotations.assignments import withdrawing
from annotations.assignments.models import Assignment
from annotations.corpora.models import Corpus, Membership
from annotations.registry.listing import ENTITIES_A_PAGE
from annotations.registry.models import Alias, Entity, EntityLink
from annotations.registry.services import add_alias, register
from annotations.spans.uses import count
from annotations.web.registry.entity_page import MOST_SHOWN
from tests import factories
from tests.registry.using import layer_of, mention, operate_all

pytestmark = pytest.mark.django_db

NOBODY = "5e13e919-8e38-44e5-a345-dd877fc786b8"


@pytest.fixture
def corpus(manager: User, analyst: User) -> Corpus:
    corpus = factories.corpus("sidang")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    Membership.objects.create(corpus=corpus, user=analyst, role="analyst")
    return corpus


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def address(corpus: Corpus, entity: Entity | None = None, more: str = "") -> str:
    whose = f"{entity.uuid}/" if entity else ""
    return f"/registry/{corpus.registry_id}/{whose}{more}"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def counted(corpus: Corpus) -> None:
    """The mentions are counted as they stand."""
    count(corpus.registry, hold=lambda: None)


def rows(client: Client, path: str) -> list[str]:
    """The names that a list shows, in order."""
    return [row.entity.name for row in client.get(path).context["listing"].rows]


def test_the_page_says_where_it_shows_the_first_names_only(client: Client, corpus: Corpus) -> None:
    entity = factories.entity(corpus)
    for number in range(MOST_SHOWN):
        add_alias(entity, text=f"Nama {number}", kind="short")
    told = "These are the first 200."
    assert told not in page(client, address(corpus, entity))
    add_alias(entity, text="Satu lagi", kind="short")
    shown = page(client, address(corpus, entity))
    assert (told in shown, "Nama 199" in shown, "Satu lagi" in shown) == (True, True, False)


# --- who may come in --------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["annotator_a", "stranger"])
def test_a_registry_does_not_exist_for_whoever_only_labels(
    who: str, request: Any, signed_in: Any, corpus: Corpus, annotator_a: User
) -> None:
    entity = factories.entity(corpus)
    layer_of(annotator_a, corpus)
    browser = signed_in(request.getfixturevalue(who))
    for path in (address(corpus), address(corpus, entity), address(corpus, entity, "mentions/")):
        assert browser.get(path).status_code == 404
    assert browser.get("/registry/").status_code == 404


def test_an_entity_is_only_found_in_its_own_registry(client: Client, corpus: Corpus) -> None:
    other = factories.corpus(registry=factories.corpus().registry)
    entity = factories.entity(corpus)
    assert client.get(address(other, entity)).status_code == 404
    assert client.get(f"/registry/{corpus.registry_id}/{uuid4()}/").status_code == 404


def test_the_ways_lead_to_the_registry(client: Client, corpus: Corpus) -> None:
    assert 'href="/registry/"' in page(client, "/")
    assert address(corpus) in page(client, "/corpora/sidang/")
    assert address(corpus) in page(client, "/registry/")


# --- the list ---------------------------------------------------------------------------------


def test_entities_stand_in_the_order_of_their_names(client: Client, corpus: Corpus) -> None:
    for name in ("rusia", "Ampel", "Émile", "ampel"):
        factories.entity(corpus, name)
    assert rows(client, address(corpus)) == ["Ampel", "ampel", "Émile", "rusia"]


def test_pages_hold_everything_once_in_both_directions(client: Client, corpus: Corpus) -> None:
    many = ENTITIES_A_PAGE * 2 + 7
    for number in range(many):
        factories.entity(corpus, f"Sari {number % 40:02d}")
    seen: list[list[Any]] = []
    path = address(corpus)
    while True:
        listing = client.get(path).context["listing"]
        seen.append([row.entity.pk for row in listing.rows])
        if not listing.after:
            break
        path = f"{address(corpus)}?after={listing.after}"
    assert len({key for some in seen for key in some}) == many == sum(map(len, seen))
    back = client.get(f"{address(corpus)}?before={listing.before}").context["listing"]
    assert [row.entity.pk for row in back.rows] == seen[-2]


def test_a_name_or_an_alias_is_found_whatever_its_accents(client: Client, corpus: Corpus) -> None:
    add_alias(factories.entity(corpus, "Korea Utara", "country"), text="Korut", kind="short")
    factories.entity(corpus, "Émile Zola")
    assert rows(client, f"{address(corpus)}?q=KORUT") == ["Korea Utara"]
    assert rows(client, f"{address(corpus)}?q=emile") == ["Émile Zola"]
    assert rows(client, f"{address(corpus)}?q=korut&type=person") == []
    assert "Nobody and nothing" in page(client, f"{address(corpus)}?q=tiada")


def test_a_type_is_a_filter(client: Client, corpus: Corpus) -> None:
    factories.entity(corpus, "Korea Utara", "country")
    factories.entity(corpus, "Sari")
    assert rows(client, f"{address(corpus)}?type=country") == ["Korea Utara"]
    assert rows(client, f"{address(corpus)}?type=nonsense") == ["Korea Utara", "Sari"]


def test_the_most_used_come_first_and_a_merged_one_counts_with_its_heir(
    client: Client, corpus: Corpus, annotator_a: User
) -> None:
    sari, tua, ampel = (factories.entity(corpus, name) for name in ("Sari", "Sari Tua", "Ampel"))
    layer = layer_of(annotator_a, corpus)
    for entity, word in ((ampel, "Laras"), (ampel, "Warga"), (sari, "Laras"), (tua, "Kami")):
        mention(layer, entity, word)
    mention(layer_of(annotator_a, corpus), sari)
    counted(corpus)
    assert rows(client, f"{address(corpus)}?order=use") == ["Sari", "Ampel", "Sari Tua"]
    Entity.objects.filter(pk=tua.pk).update(merged_into=sari)
    counted(corpus)
    found = client.get(f"{address(corpus)}?order=use").context["listing"].rows
    assert [(row.entity.name, row.uses) for row in found] == [("Sari", 3), ("Ampel", 2)]
    assert rows(client, f"{address(corpus)}?order=use&after=3.{sari.pk}") == ["Ampel"]
    by_name = client.get(address(corpus)).context["listing"].rows
    assert [(row.entity.name, row.uses) for row in by_name] == [("Ampel", 2), ("Sari", 3)]


@pytest.mark.parametrize(
    "query",
    [
        *("?after=x", "?before=x", f"?after={NOBODY}", f"?before={NOBODY}", "?q=%25_%5C"),
        *("?order=use&after=x.y", "?order=use&after=99999999999999999999.1", "?order=use&after=1"),
        "?q=" + "a" * 5_000,
    ],
)
def test_a_bad_address_shows_a_page_and_no_fault(
    client: Client, corpus: Corpus, query: str
) -> None:
    factories.entity(corpus)
    assert client.get(f"{address(corpus)}{query}").status_code == 200


@pytest.mark.parametrize(("query", "queries"), [("", 12), ("?q=sari", 13), ("?order=use", 13)])
def test_a_list_costs_the_same_however_much_it_shows(
    client: Client, corpus: Corpus, query: str, queries: int, django_assert_num_queries: Any
) -> None:
    for number in range(40):
        add_alias(factories.entity(corpus, f"Sari {number}"), text=f"S{number}", kind="short")
    counted(corpus)
    client.get(address(corpus))
    with django_assert_num_queries(queries):
        client.get(f"{address(corpus)}{query}")


# --- an entity --------------------------------------------------------------------------------


def test_a_page_shows_names_links_dates_and_the_rest(client: Client, corpus: Corpus) -> None:
    kim, dprk = factories.entity(corpus, "Kim"), factories.entity(corpus, "Korea Utara", "country")
    alias = add_alias(kim, text="Pemimpin Korut", kind="role", language="id")
    Alias.objects.filter(pk=alias.pk).update(valid_from="2011-12-17")
    Entity.objects.filter(pk=kim.pk).update(wikidata="Q56226", attributes={"partai": "PPK"})
    EntityLink.objects.create(
        registry=corpus.registry, source=kim, target=dprk, kind="speaks_for", valid_to="2030-01-01"
    )
    shown = page(client, address(corpus, kim))
    for words in ("Pemimpin Korut", "2011-12-17 – …", "Q56226", "PPK", "… – 2030-01-01"):
        assert words in shown
    assert address(corpus, kim) in page(client, address(corpus, dprk))


def test_the_id_of_a_merged_entity_answers(client: Client, corpus: Corpus) -> None:
    one, other = factories.entity(corpus, "Kim"), factories.entity(corpus, "Kim Jong-un")
    Entity.objects.filter(pk=one.pk).update(merged_into=other)
    assert address(corpus, other) in page(client, address(corpus, one))
    assert address(corpus, one) in page(client, address(corpus, other))


def test_markup_in_names_is_shown_as_text(client: Client, corpus: Corpus) -> None:
    entity = factories.entity(corpus, "<script>alert(1)</script>")
    add_alias(entity, text='"><img src=x>', kind="short")
    for path in (address(corpus), address(corpus, entity), address(corpus, entity, "mentions/")):
        assert "<script>alert" not in page(client, path)
        assert "<img src=x>" not in page(client, path)


@pytest.mark.parametrize("many", [1, 30])
def test_a_page_costs_the_same_however_much_it_shows(
    client: Client, corpus: Corpus, many: int, django_assert_num_queries: Any
) -> None:
    entity = factories.entity(corpus)
    for number in range(many):
        add_alias(entity, text=f"S{number}", kind="short")
        other = factories.entity(corpus, f"Lain {number}")
        EntityLink.objects.create(
            registry=corpus.registry, source=entity, target=other, kind="member_of"
        )
    with django_assert_num_queries(15):
        client.get(address(corpus, entity))


# --- blindness --------------------------------------------------------------------------------


def test_mentions_are_words_in_articles_with_who_tagged_them(
    signed_in: Any, analyst: User, corpus: Corpus, annotator_a: User
) -> None:
    entity = factories.entity(corpus)
    mention(layer_of(annotator_a, corpus), entity)
    shown = page(signed_in(analyst), address(corpus, entity, "mentions/"))
    assert "Laras</q>" in shown
    assert "annotator_a" in shown


def test_who_labels_in_a_campaign_sees_only_their_own_mentions(
    client: Client, corpus: Corpus, manager: User, annotator_a: User
) -> None:
    entity = factories.entity(corpus)
    factories.article(corpus)
    campaign = factories.campaign(corpus, [manager, annotator_a])
    theirs = campaign.assignments.get(annotator=annotator_a)
    Assignment.objects.update(status="open")
    mention(theirs, entity)
    assert client.get(address(corpus, entity)).context["uses"] == 0
    assert "annotator_a" not in page(client, address(corpus, entity, "mentions/"))
    counted(corpus)
    assert rows(client, f"{address(corpus)}?order=use") == []
    mine = campaign.assignments.get(annotator=manager)
    mention(mine, entity)
    assert client.get(address(corpus, entity)).context["uses"] == 1


def test_mentions_in_a_corpus_that_one_may_not_read_do_not_count(
    client: Client, corpus: Corpus, annotator_a: User
) -> None:
    foreign = factories.corpus(registry=corpus.registry)
    Membership.objects.create(corpus=foreign, user=factories.user(role="manager"), role="manager")
    entity = factories.entity(corpus)
    mention(layer_of(annotator_a, foreign), entity)
    assert client.get(address(corpus, entity)).context["uses"] == 0


def test_a_withdrawn_article_mentions_nobody(
    client: Client, corpus: Corpus, annotator_a: User
) -> None:
    entity = factories.entity(corpus)
    layer = layer_of(annotator_a, corpus)
    mention(layer, entity)
    withdrawing.withdraw(corpus, [layer.article_id], reason="", by=None)
    assert client.get(address(corpus, entity)).context["uses"] == 0
    assert "Laras</q>" not in page(client, address(corpus, entity, "mentions/"))


def proposal(corpus: Corpus, by: User) -> Entity:
    return register(corpus.registry, name="Budi", type="person", by=by, proposed=True)


def test_a_proposal_waits_where_who_does_not_label_sees_it(
    signed_in: Any, analyst: User, corpus: Corpus, annotator_a: User
) -> None:
    entity = proposal(corpus, annotator_a)
    add_alias(entity, text="Bud", kind="short", proposed_by=annotator_a)
    browser = signed_in(analyst)
    assert rows(browser, address(corpus)) == ["Budi"]
    assert "proposed by annotator_a" in page(browser, address(corpus, entity))


def test_who_labels_does_not_learn_what_others_proposed(
    client: Client, corpus: Corpus, manager: User, annotator_a: User
) -> None:
    known = factories.entity(corpus, "Sari")
    add_alias(known, text="Ri", kind="short", proposed_by=annotator_a)
    entity = proposal(corpus, annotator_a)
    layer_of(manager, corpus)
    assert rows(client, address(corpus)) == ["Sari"]
    assert client.get(address(corpus, entity)).status_code == 404
    EntityLink.objects.create(
        registry=corpus.registry, source=known, target=entity, kind="member_of"
    )
    assert "annotator_a" not in page(client, address(corpus, known))
    assert "Budi" not in page(client, address(corpus, known))
    mine = register(corpus.registry, name="Punyaku", type="person", by=manager, proposed=True)
    assert rows(client, address(corpus)) == ["Punyaku", "Sari"]
    Entity.objects.filter(pk=entity.pk).update(proposed=False)
    assert "proposed" not in page(client, address(corpus, entity))
    assert client.get(address(corpus, mine)).status_code == 200


def test_mentions_go_on_over_pages(
    client: Client, corpus: Corpus, annotator_a: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotations.web.registry.listing.MENTIONS_A_PAGE", 2)
    entity = factories.entity(corpus)
    for _number in range(2):
        layer = layer_of(annotator_a, corpus)
        mention(layer, entity)
        mention(layer, entity, "Warga")
    mention(layer_of(annotator_a, corpus), entity)
    path, words = address(corpus, entity, "mentions/"), 0
    while True:
        found = client.get(path).context["found"]
        words += len(found.rows)
        if not found.after:
            break
        path = f"{address(corpus, entity, 'mentions/')}?after={found.after}"
    assert words == 5
    for bad in ("x", "1.x", f"{'9' * 30}.{uuid4()}"):
        assert client.get(f"{address(corpus, entity, 'mentions/')}?after={bad}").status_code == 200


def test_a_relation_that_ends_at_an_entity_mentions_it(
    client: Client, corpus: Corpus, annotator_a: User
) -> None:
    entity = factories.entity(corpus)
    layer = layer_of(annotator_a, corpus)
    stance = factories.placed(layer.article.body.text, "menolak", label="STANCE")
    ends = {"from": {"span": factories.span_id(stance)}, "to": {"entity": str(entity.uuid)}}
    relation = {"id": str(uuid4()), "type": "HOLDER", **ends}
    operate_all(layer, [stance, factories.operation("relate", relation=relation)])
    shown = page(client, address(corpus, entity, "mentions/"))
    assert ("menolak</q>" in shown, "HOLDER" in shown) == (True, True)
    assert client.get(address(corpus, entity)).context["uses"] == 1
    counted(corpus)
    assert rows(client, f"{address(corpus)}?order=use") == ["Laras"]
