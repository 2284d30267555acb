"""Duplicates are proposed by a shared name or by how names are spelt, until they are told apart."""

import pytest
from django.core.management import call_command

from annotations.accounts.models import User
from annotations.corpora.models import Corpus
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.registry import duplicates, editing, merging
from annotations.registry.handlers import COMPARE
from annotations.registry.models import Distinction, Duplicate, Entity
from annotations.registry.services import add_alias, register
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


def nothing(done: int, total: int) -> None:
    pass


def compared(corpus: Corpus) -> int:
    """Everything is compared; returns how many entities had to be."""
    return duplicates.compare(corpus.registry_id, progress=nothing, hold=lambda: None)


def found(corpus: Corpus, *, proposals: bool = False) -> list[Duplicate]:
    compared(corpus)
    return list(duplicates.page(corpus.registry_id, proposals=proposals).pairs)


def sharing(corpus: Corpus, *, proposals: bool = False) -> list[tuple[str, str, str]]:
    pairs = found(corpus, proposals=proposals)
    return [(one.first.name, one.second.name, one.name) for one in pairs if not one.alike]


def alike(corpus: Corpus) -> list[tuple[str, str]]:
    return [(one.first.name, one.second.name) for one in found(corpus) if one.alike]


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
    assert alike(corpus) == [("Volodymyr Zelenskyy", "Volodymyr Zelensky")]


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
    assert (len(sharing(corpus)), len(alike(corpus))) == (1, 0)
    duplicates.tell_apart(other, one, by=manager)
    duplicates.tell_apart(one, other, by=manager)
    assert (sharing(corpus), alike(corpus)) == ([], [])
    assert Distinction.objects.count() == 1


def test_a_name_that_many_share_makes_few_pairs(corpus: Corpus) -> None:
    for number in range(30):
        add_alias(factories.entity(corpus, f"E{number:03d}"), text="Kim", kind="short")
    compared(corpus)
    assert 0 < Duplicate.objects.filter(alike=False).count() < 30 * 3


def test_a_name_spelt_alike_and_shared_is_one_pair(corpus: Corpus) -> None:
    factories.entity(corpus, "Sari Dewi")
    factories.entity(corpus, "SARI DEWI")
    assert (len(sharing(corpus)), alike(corpus)) == (1, [])


def test_only_what_changed_is_compared_again(corpus: Corpus) -> None:
    korea, dprk = factories.entity(corpus, "Korut"), factories.entity(corpus, "Korea Utara")
    factories.entity(corpus, "Rusia")
    assert (compared(corpus), compared(corpus)) == (3, 0)
    alias = add_alias(dprk, text="Korut", kind="short")
    assert (compared(corpus), sharing(corpus)) == (1, [("Korut", "Korea Utara", "korut")])
    editing.unname(alias, by=None)
    assert (compared(corpus), sharing(corpus)) == (1, [])
    Entity.objects.filter(pk=korea.pk).update(name="Korea", folded="korea utara")
    assert (compared(corpus), len(sharing(corpus))) == (1, 1)
    merging.merge(korea, dprk, by=None)
    assert sharing(corpus) == []
    merging.split_back(korea, by=None)
    assert len(sharing(corpus)) == 1
    Entity.objects.filter(pk=korea.pk).update(description="negara")
    assert compared(corpus) == 0


def test_comparing_goes_on_where_it_stopped(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "AT_ONCE", 3)
    for letter in "abcdefgh":
        factories.entity(corpus, f"{letter * 6} Wulan")
        factories.entity(corpus, f"{letter * 6} Wulann")

    class Killed(Exception):
        pass

    def die(done: int, total: int) -> None:
        raise Killed

    rounds = 0
    while duplicates.behind():
        with pytest.raises(Killed):
            duplicates.compare(corpus.registry_id, progress=die, hold=lambda: None)
        rounds += 1
        assert duplicates.waiting(corpus.registry_id) == max(0, 16 - 3 * rounds)
    assert (rounds, len(alike(corpus))) == (6, 8)


def test_pages_hold_every_pair_once(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "PAIRS_SHOWN", 3)
    for letter in "abcdefgh":
        for name in ("Wulan", "Wulan", "Wulann"):
            factories.entity(corpus, f"{letter * 6} {name}")
    compared(corpus)
    seen: list[tuple[bool, str, int]] = []
    page = duplicates.page(corpus.registry_id, proposals=False)
    while True:
        seen += [(one.alike, one.word, one.pk) for one in page.pairs]
        if not page.after:
            break
        page = duplicates.page(corpus.registry_id, proposals=False, after=page.after)
    assert seen == sorted(seen, key=lambda row: row[:2])
    assert len({key for *_, key in seen}) == len(seen) == Duplicate.objects.count() == 8 + 16


def test_a_name_that_only_a_proposal_shares_is_shown_to_who_may_see_proposals(
    corpus: Corpus, annotator_a: User
) -> None:
    one = factories.entity(corpus, "Korut")
    other = factories.entity(corpus, "Korea Utara")
    add_alias(other, text="Korut", kind="short", proposed_by=annotator_a)
    assert sharing(corpus) == []
    assert len(sharing(corpus, proposals=True)) == 1
    add_alias(one, text="DPRK", kind="short")
    add_alias(other, text="DPRK", kind="short")
    assert len(sharing(corpus)) == 1


def test_the_sweeper_has_new_names_compared(corpus: Corpus) -> None:
    call_command("sweep", once=True)
    assert not Job.objects.exists()
    factories.entity(corpus, "Sari")
    call_command("sweep", once=True)
    call_command("sweep", once=True)
    job = jobs.execute(Job.objects.get(kind=COMPARE).pk)
    assert job is not None
    assert (job.state, job.result) == ("done", {"compared": 1})
