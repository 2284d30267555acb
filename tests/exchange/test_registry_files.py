"""Registries in files: what goes out comes back equal, and what cannot come in is named."""

import csv
import io
import json
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.accounts.models import User
from annotations.corpora.models import Corpus
from annotations.exchange import registry_incoming as incoming
from annotations.exchange import registry_outgoing as outgoing
from annotations.history.models import Event
from annotations.limits import LIMITS
from annotations.registry import editing, merging
from annotations.registry.editing import Description, Valid
from annotations.registry.models import Alias, AliasKind, Entity, EntityLink, EntityType, Registry
from annotations.registry.services import BadEntity, add_alias, register
from tests import factories

pytestmark = pytest.mark.django_db

WRITERS = {"jsonl": outgoing.jsonl, "csv": outgoing.csv}


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


def exported(registry: Registry, kind: str) -> bytes:
    return b"".join(WRITERS[kind](registry))


def brought(registry: Registry, data: bytes | str, kind: str = "jsonl") -> incoming.Plan:
    data = data.encode() if isinstance(data, str) else data
    return incoming.bring(registry, data, is_csv=kind == "csv", by=None)


def line(**fields: Any) -> str:
    return json.dumps({"name": "Sari", "type": "person"} | fields)


def refused(corpus: Corpus, *lines: str, kind: str = "jsonl") -> list[tuple[int, str]]:
    plan = brought(corpus.registry, "\n".join(lines), kind)
    return [(one.line, one.why) for one in plan.refused]


# --- out and in again -------------------------------------------------------------------------

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), max_size=12
)
names = words.filter(lambda text: bool(" ".join(text.split())))
prose = st.lists(
    st.sampled_from(["a", '"', ",", ";", "\n", "\r\n", "\t", "🚢", "=", "|", "'"]), max_size=12
).map("".join)
days = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))


@st.composite
def registries(draw: st.DrawFn) -> list[dict[str, Any]]:
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "name": names,
                    "type": st.sampled_from(EntityType.values),
                    "description": prose,
                    "wikidata": st.sampled_from(["", "Q42"]),
                    "attributes": st.dictionaries(
                        names.filter(lambda text: ":" not in text), prose, max_size=2
                    ),
                    "aliases": st.lists(
                        st.tuples(
                            names,
                            st.sampled_from(AliasKind.values),
                            st.sampled_from(["", "id"]),
                            days,
                        ),
                        max_size=3,
                    ),
                }
            ),
            max_size=5,
        )
    )


def made(found: list[dict[str, Any]], data: st.DataObject) -> Registry:
    """A registry with these entities, linked and merged at random."""
    registry = factories.corpus().registry
    entities = []
    for one in found:
        aliases = one.pop("aliases")
        try:
            entity = editing.create(registry, Description(**one), by=None)
        except BadEntity:
            continue  # two attributes that are the same once their spaces are
        entities.append(entity)
        for text, kind, language, start in aliases:
            editing.name(
                entity, text=text, kind=kind, language=language, valid=Valid(start), by=None
            )
    for _number in range(len(entities)):
        one, other = (data.draw(st.sampled_from(entities)) for _side in range(2))
        act = data.draw(st.sampled_from(["link", "merge"]))
        try:
            if act == "link":
                editing.link(one, "member_of", other, valid=Valid(data.draw(days)), by=None)
            else:
                merging.merge(one, other, by=None)
        except BadEntity:
            continue
    return registry


@settings(max_examples=20)
@given(registries(), st.data(), st.sampled_from(sorted(WRITERS)))
def test_what_goes_out_comes_in_equal_and_changes_nothing_twice(
    found: list[dict[str, Any]], data: st.DataObject, kind: str
) -> None:
    first = exported(made(found, data), kind)
    again = factories.corpus().registry
    plan = brought(again, first, kind)
    assert plan.refused == []
    assert exported(again, kind) == first
    twice = brought(again, first, kind)
    assert (twice.fresh, twice.changed, twice.names, twice.links) == ([], [], [], [])
    assert twice.same == len(plan.fresh)
    assert exported(again, kind) == first


def test_a_merge_can_be_split_back_after_it_came_in(corpus: Corpus) -> None:
    one, other = factories.entity(corpus, "Sari W."), factories.entity(corpus, "Sari Wulan")
    merging.merge(one, other, by=None)
    again = factories.corpus().registry
    brought(again, exported(corpus.registry, "jsonl"))
    heir, source = again.entities.get(name="Sari Wulan"), again.entities.get(name="Sari W.")
    assert source.merged_into == heir
    merging.split_back(source, by=None)
    assert not heir.aliases.filter(removed=False).exists()


def test_proposals_do_not_go_out(corpus: Corpus, annotator_a: User) -> None:
    register(corpus.registry, name="Budi", type="person", by=annotator_a, proposed=True)
    add_alias(factories.entity(corpus), text="Ras", kind="short", proposed_by=annotator_a)
    [only] = map(json.loads, exported(corpus.registry, "jsonl").splitlines())
    assert (only["name"], only["aliases"]) == ("Laras", [])


def test_no_cell_of_a_table_is_a_formula(corpus: Corpus) -> None:
    told = Description("=HYPERLINK(1)", "person", "@sum", "", {"=a": "=b"})
    editing.create(corpus.registry, told, by=None)
    editing.create(corpus.registry, Description("'t Hart", "person"), by=None)
    file = exported(corpus.registry, "csv")
    for cells in list(csv.reader(io.StringIO(file.decode())))[1:]:
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]
    again = factories.corpus().registry
    assert brought(again, file, "csv").refused == []
    assert set(again.entities.values_list("name", flat=True)) == {"=HYPERLINK(1)", "'t Hart"}


# --- files of one's own -----------------------------------------------------------------------


def test_a_table_of_ones_own_needs_names_and_types_alone(corpus: Corpus) -> None:
    data = "type;name;aliases\nperson;Sari Wulan;Sari | Bu Sari\n\ncountry;Korea Utara;\n"
    plan = brought(corpus.registry, data, "csv")
    assert (len(plan.fresh), plan.refused) == (2, [])
    texts = Alias.objects.order_by("text").values_list("text", "kind")
    assert list(texts) == [("Bu Sari", "full"), ("Sari", "full")]
    assert brought(corpus.registry, data, "csv").same == 2
    assert Entity.objects.count() == 2


def test_a_name_of_ones_own_table_keeps_its_apostrophe(corpus: Corpus) -> None:
    assert brought(corpus.registry, "name,type\n't Hart,person\n", "csv").refused == []
    assert Entity.objects.get().name == "'t Hart"


def test_what_the_file_says_differently_is_changed_and_nothing_is_taken_away(
    corpus: Corpus, manager: User
) -> None:
    entity = factories.entity(corpus, "Sari")
    add_alias(entity, text="Bu Sari", kind="short")
    told = line(id=str(entity.uuid), name="Sari Wulan", aliases=[{"text": "S", "kind": "short"}])
    plan = brought(corpus.registry, told)
    entity.refresh_from_db()
    assert (entity.name, entity.folded, len(plan.changed)) == ("Sari Wulan", "sari wulan", 1)
    assert entity.aliases.filter(removed=False).count() == 2
    assert Event.objects.get(verb="entity.changed").data["before"] == {"name": "Sari"}


def test_what_was_removed_comes_back_with_a_file(corpus: Corpus) -> None:
    one, other = factories.entity(corpus, "Satu"), factories.entity(corpus, "Dua")
    alias = add_alias(one, text="1", kind="short")
    link = editing.link(one, "member_of", other, by=None)
    file = exported(corpus.registry, "jsonl")
    editing.unname(alias, by=None)
    editing.unlink(link, by=None)
    brought(corpus.registry, file)
    assert not Alias.objects.get().removed
    assert not EntityLink.objects.get().removed


def test_looking_writes_nothing(corpus: Corpus) -> None:
    plan = incoming.look(corpus.registry, line().encode(), is_csv=False)
    assert (len(plan.fresh), Entity.objects.count(), Event.objects.count()) == (1, 0, 0)


def test_an_entity_has_as_many_names_as_anybody_at_wikidata(corpus: Corpus) -> None:
    many = [{"text": f"Nama {n}", "language": "id"} for n in range(LIMITS.entity_aliases)]
    plan = brought(corpus.registry, line(aliases=many))
    assert (len(plan.names), plan.refused) == (5_000, [])
    again = factories.corpus().registry
    assert brought(again, exported(corpus.registry, "jsonl")).refused == []
    [why] = [why for _, why in refused(corpus, line(name="Lain", aliases=[*many, *many]))]
    assert why == "It has 10000 aliases; a file may give one at most 5000."


# --- names of what was merged -----------------------------------------------------------------


@pytest.fixture
def chain(corpus: Corpus) -> list[Entity]:
    """One that was merged into another, which was merged into a third."""
    entities = [factories.entity(corpus, name) for name in ("Satu", "Dua", "Tiga")]
    for source, into in pairwise(entities):
        merging.merge(source, into, by=None)
    return [*corpus.registry.entities.order_by("pk")]


def called(entity: Entity) -> set[str]:
    return set(entity.aliases.filter(removed=False).values_list("text", flat=True))


def test_names_of_what_was_merged_here_reach_the_last_heir(chain: list[Entity]) -> None:
    """The file knows nothing of the merge, or nothing of the heir."""
    for number, told in enumerate(({}, {"merged_into": str(chain[1].uuid)})):
        more = [{"text": f"Eka {number}", "kind": "short"}]
        fields = {"id": str(chain[0].uuid), "name": "Satu", "aliases": more} | told
        data = line(**fields)
        plan = incoming.look(chain[0].registry, data.encode(), is_csv=False)
        assert len(plan.names) == 3
        assert len(brought(chain[0].registry, data).names) == 3
        assert all(f"Eka {number}" in called(entity) for entity in chain)
        assert brought(chain[0].registry, data).names == []
    merging.split_back(chain[0], by=None)
    assert [called(entity) for entity in chain[1:]] == [set(), {"Dua"}]


def test_a_name_added_to_a_whole_file_reaches_the_last_heir(chain: list[Entity]) -> None:
    lines = [*map(json.loads, exported(chain[0].registry, "jsonl").splitlines())]
    [told] = [told for told in lines if told["name"] == "Satu"]
    told["aliases"].append({"text": "Eka"})
    brought(chain[0].registry, "\n".join(map(json.dumps, lines)))
    assert all("Eka" in called(entity) for entity in chain)


def test_a_new_name_of_what_was_merged_reaches_the_last_heir(chain: list[Entity]) -> None:
    brought(chain[0].registry, line(id=str(chain[0].uuid), name="Esa"))
    assert all("Esa" in called(entity) for entity in chain[1:])


def test_what_comes_merged_into_what_is_here_is_found_by_its_names(chain: list[Entity]) -> None:
    """Once, where two of one name come, and where a name was there and was removed."""
    add_alias(chain[2], text="Nol", kind="full")
    Alias.objects.filter(entity=chain[2], text="Nol").update(removed=True)
    told = [line(name=name, merged_into=str(chain[0].uuid)) for name in ("Nol", "Nihil")]
    told.append(line(name="Nihil", type="group", merged_into=str(chain[0].uuid)))
    assert brought(chain[0].registry, "\n".join(told)).refused == []
    assert all({"Nol", "Nihil"} <= called(entity) for entity in chain)


def test_what_an_heir_that_comes_along_is_called_its_own_line_says(chain: list[Entity]) -> None:
    """A name of what was merged that a manager took from the heir stays away."""
    alias = Alias.objects.get(entity=chain[2], text="Satu")
    editing.unname(alias, by=None)
    file = exported(chain[0].registry, "jsonl")
    again = factories.corpus().registry
    brought(again, file)
    assert exported(again, "jsonl") == file
    assert "Satu" not in called(again.entities.get(name="Tiga"))


# --- what cannot come in ----------------------------------------------------------------------

ID = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    "fields",
    [
        *({"name": ""}, {"name": "a\u202eb"}, {"name": "x" * 501}, {"name": 1}, {"type": "x"}),
        *({"id": "x"}, {"wikidata": "42"}, {"attributes": {"a": 1}}, {"attributes": []}),
        *({"colour": "red"}, {"aliases": ["x"]}, {"aliases": [{"text": ""}]}),
        *({"aliases": [{"text": "x", "kind": "y"}]}, {"aliases": [{"text": "x", "language": "?"}]}),
        {"aliases": [{"text": "x", "valid_from": "2024-13-01"}]},
        {"aliases": [{"text": "x", "valid_from": "2024-W01-1"}]},
        {"aliases": [{"text": "x", "valid_from": "2024-01-02", "valid_to": "2024-01-01"}]},
        {"aliases": [{"text": str(n)} for n in range(LIMITS.entity_aliases + 1)]},
        {"links": [{"kind": "member_of", "to": ID}] * (LIMITS.entity_links + 1)},
        *({"links": [{"kind": "x", "to": ID}]}, {"links": [{"kind": "member_of", "to": "x"}]}),
        {"links": [{"kind": "member_of", "to": ID}]},
        *({"merged_into": ID}, {"id": ID, "merged_into": ID}),
        {"id": ID, "links": [{"kind": "member_of", "to": ID}]},
    ],
)
def test_a_line_that_cannot_be_is_named_and_the_others_come_in(
    corpus: Corpus, fields: dict[str, Any]
) -> None:
    [(number, why)] = refused(corpus, line(name="Ampel"), "", line(**fields))
    assert number == 3
    assert why
    assert [one.name for one in Entity.objects.all()] == ["Ampel"]


@pytest.mark.parametrize(
    "data",
    [
        *("[1]", "{", "nonsense", '{"name": "a", "name": "b"}', "\x00"),
        '{"name": "a", "type": "person", "\\ud800": 1}',
        '{"name": "\\ud800", "type": "person"}',
        '{"name": "a", "type": "person", "attributes": {"\\ud800": "\\ud800"}}',
    ],
)
def test_what_is_no_line_is_named(corpus: Corpus, data: str) -> None:
    assert [number for number, _ in refused(corpus, data)] == [1]


@pytest.mark.parametrize("odd", ["\ud800", "\x00"])
def test_what_no_text_may_hold_is_spelled_out_where_it_is_refused(corpus: Corpus, odd: str) -> None:
    [*told] = refused(
        corpus,
        *(
            line(type=odd),
            line(id=odd),
            line(merged_into=odd),
            line(links=[{"kind": odd, "to": ID}]),
        ),
        line(aliases=[{"text": "x", "kind": odd}]),
        line(aliases=[{"text": "x", "valid_from": odd}]),
    )
    assert [number for number, _ in told] == [1, 2, 3, 4, 5, 6]
    assert all(why.isprintable() for _, why in told)


@pytest.mark.parametrize(
    ("data", "number"),
    [
        ("", 1),
        ("name\nSari\n", 1),
        ("name,type,colour\nSari,person,red\n", 1),
        ("name,type,name\nSari,person,x\n", 1),
        ("name,type\nSari\n", 2),
        ('name,type\n"Sari,person\n', 2),
        ('name,type,description\nSari,person,"a\nb"\n,person,x\n', 4),
        ("name,type,links\nSari,person,x\n", 2),
    ],
)
def test_a_table_that_cannot_be_is_named_with_its_line(
    corpus: Corpus, data: str, number: int
) -> None:
    assert [at for at, _ in refused(corpus, data, kind="csv")] == [number]


def test_whatever_leads_to_a_line_that_is_left_out_is_left_out(corpus: Corpus) -> None:
    ids = [f"{ID[:-1]}{n}" for n in range(4)]
    chain = [
        line(id=ids[n], name=f"E{n}", links=[{"kind": "member_of", "to": ids[n + 1]}])
        for n in range(3)
    ]
    told = refused(corpus, *chain, line(id=ids[3], name=""))
    assert [number for number, _ in told] == [1, 2, 3, 4]


def test_a_circle_of_merges_is_left_out(corpus: Corpus) -> None:
    ids = [f"{ID[:-1]}{n}" for n in range(3)]
    told = [line(id=ids[n], merged_into=ids[(n + 1) % 3]) for n in range(3)]
    assert len(refused(corpus, *told)) == 3


def test_an_id_twice_is_left_out_once(corpus: Corpus) -> None:
    assert [n for n, _ in refused(corpus, line(id=ID), line(id=ID.upper(), name="Lain"))] == [2]
    assert Entity.objects.get().name == "Sari"


def test_a_proposal_is_not_changed_by_a_file(corpus: Corpus, annotator_a: User) -> None:
    one = register(corpus.registry, name="Budi", type="person", by=annotator_a, proposed=True)
    assert len(refused(corpus, line(id=str(one.uuid)))) == 1
    assert len(refused(corpus, line(links=[{"kind": "member_of", "to": str(one.uuid)}]))) == 1


def test_an_id_of_another_registry_is_another_entity(corpus: Corpus) -> None:
    foreign = factories.entity(factories.corpus())
    plan = brought(corpus.registry, line(id=str(foreign.uuid)))
    assert (len(plan.fresh), Entity.objects.filter(uuid=foreign.uuid).count()) == (1, 2)


def test_looking_costs_the_same_for_many_lines(
    corpus: Corpus, django_assert_num_queries: Any
) -> None:
    for many in (2, 200):
        data = "\n".join(line(name=f"E{n}", aliases=[{"text": "x"}]) for n in range(many))
        brought(corpus.registry, data)
        with django_assert_num_queries(2):
            plan = incoming.look(corpus.registry, data.encode(), is_csv=False)
        assert plan.same == many


def test_a_row_has_a_cell_for_each_column(corpus: Corpus) -> None:
    factories.entity(corpus)
    rows = list(csv.reader(io.StringIO(exported(corpus.registry, "csv").decode(), newline="")))
    assert [len(row) for row in rows] == [9, 9]
