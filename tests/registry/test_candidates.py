"""Who may be meant: what is found, in which order, by which means."""

from collections.abc import Callable
from typing import Any

import pytest

from annotations.accounts.models import User
from annotations.corpora.models import Corpus
from annotations.registry import queries
from annotations.registry.models import Entity
from annotations.registry.queries import Candidate, Reader, candidates
from annotations.registry.services import add_alias, register
from tests import factories

pytestmark = pytest.mark.django_db

Find = Callable[..., list[Candidate]]


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


@pytest.fixture
def find(corpus: Corpus, annotator_a: User) -> Find:
    def find(query: str, *, limit: int = 8, **linked: Any) -> list[Candidate]:
        reader = Reader(annotator_a.pk, **linked)
        return candidates(corpus.registry_id, query, reader, limit=limit)

    return find


def names(found: list[Candidate]) -> list[str]:
    return [candidate.name for candidate in found]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Recep Tayyip Erdoğan", "erdogan"),
        ("Recep Tayyip Erdogan", "ERDOĞAN"),
        ("Korea Utara", "utar"),
        ("وزارة الخارجية", "خارجية"),
        ("משרד החוץ", "החוץ"),
        ("朝鮮民主主義人民共和国", "民主"),
        ("朝鮮民主主義人民共和国", "主義人"),
        ("대한민국", "한민"),
        ("กระทรวงกลาโหม", "กลาโหม"),
        ("Министерство обороны", "ОБОРОН"),
        ("👩🏻\u200d🚒 Regu", "👩🏻\u200d🚒"),
    ],
)
def test_a_name_is_found_by_what_stands_inside_it(
    corpus: Corpus, find: Find, name: str, query: str
) -> None:
    factories.entity(corpus, name)
    factories.entity(corpus, "Laras")
    assert names(find(query)) == [name]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Sergei Lavrov", "lavrof"),
        ("Lloyd Austin", "Lloid Austin"),
        ("Министерство обороны", "министерство оборонв"),
        ("وزارة الخارجية", "وزارة الخارحية"),
    ],
)
def test_a_misspelt_name_is_found_when_nothing_holds_it(
    corpus: Corpus, find: Find, name: str, query: str
) -> None:
    factories.entity(corpus, name)
    factories.entity(corpus, "Laras")
    assert names(find(query)) == [name]


@pytest.mark.parametrize("alias", ["AS", "UN", "习", "日本", "Ы"])
def test_a_name_of_a_letter_or_two_is_found(corpus: Corpus, find: Find, alias: str) -> None:
    entity = factories.entity(corpus, "Amerika Serikat", "country")
    add_alias(entity, text=alias, kind="abbreviation")
    for number in range(20):
        factories.entity(corpus, f"Asosiasi Unggul {number}", "organisation")
    [found] = [candidate for candidate in find(alias) if candidate.uuid == entity.uuid]
    assert found.alias == alias


def test_an_alias_says_that_it_matched_and_a_name_does_not(corpus: Corpus, find: Find) -> None:
    dprk = factories.entity(corpus, "Korea Utara", "country")
    add_alias(dprk, text="Korut", kind="abbreviation")
    add_alias(dprk, text="Pyongyang", kind="metonym")
    [by_alias], [by_name] = find("korut"), find("korea utara")
    assert (by_alias.alias, by_name.alias) == ("Korut", "")
    assert by_alias.aliases == [("Korut", "abbreviation"), ("Pyongyang", "metonym")]


def test_this_article_comes_before_this_corpus_before_all(corpus: Corpus, find: Find) -> None:
    everyone, known, here = (
        factories.entity(corpus, name) for name in ("Laras", "Laras Dewi", "Laras Wulan Sari")
    )
    found = find("laras", article=[here.pk], corpus=[known.pk])
    assert [(one.name, one.rank) for one in found] == [
        (here.name, "article"),
        (known.name, "corpus"),
        (everyone.name, "registry"),
    ]


def test_an_equal_name_is_not_crowded_out(corpus: Corpus, find: Find) -> None:
    known = [factories.entity(corpus, f"Kim {number:02}").pk for number in range(20)]
    factories.entity(corpus, "Kim")
    assert "Kim" in names(find("kim", corpus=known))


def test_equal_names_stand_by_their_kind(corpus: Corpus, find: Find) -> None:
    for kind in ("other", "country", "person"):
        factories.entity(corpus, "Georgia", kind)
    assert [one.type for one in find("georgia")] == ["person", "country", "other"]


def test_a_name_that_begins_alike_stands_before_one_that_holds_it(
    corpus: Corpus, find: Find
) -> None:
    for name in ("Sukarno", "Karno Barkah", "Bung Karno"):
        factories.entity(corpus, name)
    assert names(find("karno")) == ["Karno Barkah", "Bung Karno", "Sukarno"]


def test_an_empty_query_gives_those_linked_then_the_newest(corpus: Corpus, find: Find) -> None:
    old, middle, new = (factories.entity(corpus, name) for name in ("Adi", "Budi", "Citra"))
    assert names(find("", limit=2, article=[old.pk])) == ["Adi", "Citra"]
    assert names(find(" ", article=[middle.pk], corpus=[old.pk])) == ["Budi", "Adi", "Citra"]
    assert new.pk


def test_proposals_of_others_leave_a_full_page(
    corpus: Corpus, find: Find, annotator_a: User, annotator_b: User
) -> None:
    for number in range(30):
        by = annotator_b if number % 3 else annotator_a
        register(corpus.registry, name=f"Laras {number}", type="person", by=by, proposed=True)
    assert len(find("laras")) == len(find("")) == 8
    assert len(find("laras", limit=50)) == 10


def test_what_others_proposed_is_not_there_by_any_way(
    corpus: Corpus, find: Find, annotator_b: User
) -> None:
    theirs = register(corpus.registry, name="Laras", type="person", by=annotator_b, proposed=True)
    ours = factories.entity(corpus, "Korea Utara", "country")
    add_alias(ours, text="Korut", kind="abbreviation", proposed_by=annotator_b)
    for query in ("laras", "laraz", "korut", "korutt", ""):
        assert theirs.uuid not in [one.uuid for one in find(query, article=[theirs.pk])]
    assert find("korut") == []
    assert [one.aliases for one in find("korea utara")] == [[]]


def test_merged_entities_and_other_registries_are_not_there(corpus: Corpus, find: Find) -> None:
    kept, gone = (factories.entity(corpus, "Laras") for _ in range(2))
    Entity.objects.filter(pk=gone.pk).update(merged_into=kept)
    add_alias(factories.entity(factories.corpus(), "Laras Lain"), text="Laras", kind="short")
    assert [one.uuid for one in find("laras")] == [kept.uuid]


def test_a_search_survives_signs_of_patterns(corpus: Corpus, find: Find) -> None:
    factories.entity(corpus, "100% Murni_\\")
    assert names(find("0% m")) == names(find("ni_\\")) == ["100% Murni_\\"]
    for query in ("%", "_", "\\", "'", "a" * 500, "\u0301", "\ud83d\ude92"[:0], "((((((((", "%s"):
        assert find(query) in ([], find(""))


def test_one_query_finds_them(corpus: Corpus, find: Find, django_assert_num_queries: Any) -> None:
    add_alias(factories.entity(corpus, "Laras"), text="Menteri Laras", kind="role")
    for query in ("laras", "lar", "larazz", ""):
        with django_assert_num_queries(1):
            find(query)


def test_the_longest_names_are_shown_with_few_aliases(corpus: Corpus, find: Find) -> None:
    entity = factories.entity(corpus, "Laras")
    for number in range(queries.SHOWN_ALIASES + 5):
        add_alias(entity, text=f"Alias {number}", kind="short")
    [found] = find("laras")
    assert len(found.aliases) == queries.SHOWN_ALIASES
