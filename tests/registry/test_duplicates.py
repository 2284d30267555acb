"""Duplicates are proposed by a shared name or by how names are spelt, until they are told apart."""

import pytest

from annotations.accounts.models import User
from annotations.corpora.models import Corpus
from annotations.registry import duplicates, editing, merging
from annotations.registry.models import Distinction, Entity
from annotations.registry.services import add_alias, register
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


def named(pairs: list[duplicates.Pair]) -> list[tuple[str, str, str]]:
    names = dict(Entity.objects.values_list("pk", "name"))
    return [(names[pair.first], names[pair.second], pair.name) for pair in pairs]


def sharing(corpus: Corpus, *, proposals: bool = False) -> list[tuple[str, str, str]]:
    return named(duplicates.sharing(corpus.registry_id, proposals=proposals))


def alike(corpus: Corpus) -> list[tuple[str, str]]:
    found = duplicates.alike(corpus.registry_id, proposals=False)
    assert found.after is None
    return [pair[:2] for pair in named(list(found.pairs))]


def test_a_shared_name_or_alias_makes_a_pair_whatever_its_case(corpus: Corpus) -> None:
    korea, dprk = factories.entity(corpus, "Korut"), factories.entity(corpus, "Korea Utara")
    factories.entity(corpus, "Rusia")
    add_alias(dprk, text="KORUT", kind="abbreviation")
    assert sharing(corpus) == [("Korut", "Korea Utara", "korut")]
    merging.merge(korea, dprk, by=None)
    assert sharing(corpus) == []


def test_a_pair_is_named_once_however_many_names_it_shares(corpus: Corpus) -> None:
    one, other = factories.entity(corpus, "Korut"), factories.entity(corpus, "Korea Utara")
    for entity in (one, other):
        for text in ("DPRK", "North Korea"):
            add_alias(entity, text=text, kind="full")
    assert len(sharing(corpus)) == 1


def test_roles_and_metonyms_and_removed_names_make_none(corpus: Corpus) -> None:
    one, other = factories.entity(corpus, "Prabowo"), factories.entity(corpus, "Ryamizard")
    for entity in (one, other):
        add_alias(entity, text="Menhan", kind="role")
        add_alias(entity, text="Jakarta", kind="metonym")
        editing.unname(add_alias(entity, text="Pak Menteri", kind="short"), by=None)
    assert sharing(corpus) == []


def test_other_registries_make_none(corpus: Corpus) -> None:
    factories.entity(corpus, "Sari")
    factories.entity(factories.corpus(), "Sari")
    assert sharing(corpus) == []
    assert alike(corpus) == []


def test_proposals_are_compared_for_who_may_see_them(corpus: Corpus, annotator_a: User) -> None:
    factories.entity(corpus, "Budi")
    register(corpus.registry, name="Budi", type="person", by=annotator_a, proposed=True)
    assert sharing(corpus) == []
    assert sharing(corpus, proposals=True) == [("Budi", "Budi", "budi")]


def test_names_spelt_alike_make_a_pair(corpus: Corpus) -> None:
    for name in ("Volodymyr Zelenskyy", "Volodymyr Zelensky", "Sergei Lavrov", "Kim", "Kym"):
        factories.entity(corpus, name)
    assert alike(corpus) == [("Volodymyr Zelensky", "Volodymyr Zelenskyy")]


def test_names_alike_of_different_types_make_none(corpus: Corpus) -> None:
    factories.entity(corpus, "Aliansi Warga Digital", "organisation")
    factories.entity(corpus, "Aliansi Warga Digitalis", "unnamed")
    assert alike(corpus) == []
    factories.entity(corpus, "Aliansi Warga Digitala", "other")
    assert len(alike(corpus)) == 2


def test_what_was_told_apart_is_not_proposed_again(corpus: Corpus, manager: User) -> None:
    one, other = factories.entity(corpus, "Kim Jong-un"), factories.entity(corpus, "Kim Jong-il")
    add_alias(one, text="Kim", kind="short")
    add_alias(other, text="Kim", kind="short")
    assert (len(sharing(corpus)), len(alike(corpus))) == (1, 1)
    duplicates.tell_apart(other, one, by=manager)
    duplicates.tell_apart(one, other, by=manager)
    assert (sharing(corpus), alike(corpus)) == ([], [])
    assert Distinction.objects.count() == 1


def test_a_name_that_many_share_makes_few_pairs(corpus: Corpus) -> None:
    for number in range(30):
        add_alias(factories.entity(corpus, f"E{number:03d}"), text="Kim", kind="short")
    assert len(duplicates.sharing(corpus.registry_id, proposals=False, limit=1_000)) < 30 * 3


def test_comparing_goes_on_where_it_stopped(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "AT_ONCE", 3)
    monkeypatch.setattr(duplicates, "PATIENCE", -1.0)
    for number in range(8):
        factories.entity(corpus, f"{'abcdefgh'[number] * 6} Wulan")
        factories.entity(corpus, f"{'abcdefgh'[number] * 6} Wulann")
    after, pairs, rounds = None, 0, 0
    while rounds == 0 or after:
        found = duplicates.alike(corpus.registry_id, proposals=False, after=after)
        after, pairs, rounds = found.after, pairs + len(found.pairs), rounds + 1
    assert (pairs, rounds) == (8, 7)
