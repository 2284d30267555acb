"""Relations, entities and boundaries: what is compared once spans are matched."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement.measures import boundaries, entities, relations
from annotations.agreement.measures.relations import Linked, Relation
from annotations.agreement.measures.scores import NO_MATCH, NO_SPANS
from annotations.agreement.measures.tally import Mark, paired
from tests.agreement.drawn import layers, some


def actor(start, end, entity=None):
    return Mark("ACTOR", ((start, end),), {}, entity)


def quote(start, end):
    return Mark("QUOTE", ((start, end),), {})


def linked(marks, *links):
    return Linked(marks, [Relation("speaker", source, target) for source, target in links])


def counted(first, second, variant="overlap"):
    (matching,) = paired(first.marks, second.marks, [variant])
    return relations.count(first, second, matching, variant)


KIM, HATTA = actor(0, 5, "kim"), actor(50, 60, "hatta")
SAID = quote(10, 40)


def test_a_relation_agrees_when_both_ends_do():
    first = linked([KIM, SAID, HATTA], (1, 0))
    second = linked([HATTA, KIM, quote(12, 40)], (2, 1), (2, 0))
    counts = counted(first, second)
    score = relations.relation_f1(counts, "overlap", "speaker")
    assert (score.value, score.precision, score.recall) == (pytest.approx(2 / 3), 0.5, 1)
    assert relations.relation_f1(counted(first, second, "exact"), "exact").value == 0


def test_a_relation_of_another_kind_or_the_other_way_round_is_another():
    first = linked([KIM, SAID], (1, 0))
    for other in (Relation("holder", 1, 0), Relation("speaker", 0, 1)):
        counts = counted(first, Linked([KIM, SAID], [other]))
        assert relations.relation_f1(counts, "overlap").value == 0


def test_an_end_without_a_match_is_no_end_of_the_other_layer():
    first, second = linked([KIM, SAID], (1, 0)), linked([HATTA, SAID], (1, 0))
    counts = counted(first, second)
    assert relations.relation_f1(counts, "overlap").value == 0
    assert relations.target_accuracy(counts, "overlap", "speaker").value == 0


def test_a_repeated_relation_is_matched_as_often_as_both_have_it():
    twice, once = linked([KIM, SAID], (1, 0), (1, 0)), linked([KIM, SAID], (1, 0))
    counts = counted(twice, once)
    assert relations.relation_f1(counts, "overlap").value == pytest.approx(2 / 3)


def test_ends_at_an_entity_or_the_article_need_no_span():
    first = linked([SAID], (0, "kim"), (None, "kim"))
    assert relations.relation_f1(counted(first, first), "overlap").value == 1


def test_who_spoke_is_asked_only_where_both_saw_the_quote():
    other = quote(70, 90)
    first = linked([KIM, SAID, HATTA, other], (1, 0), (3, 2))
    missed = linked([KIM, SAID, HATTA], (1, 0))
    wrong = linked([KIM, SAID, HATTA, other], (1, 0), (3, 0))
    silent = linked([KIM, SAID, HATTA, other], (1, 0))
    found = [
        relations.target_accuracy(counted(first, each), "overlap", "speaker")
        for each in (missed, wrong, silent)
    ]
    assert [each.value for each in found] == [1, 0.5, 1]
    assert [each.coverage for each in found] == [1, 1, 0.5]


def test_a_speaker_is_the_same_by_its_identity_and_not_by_its_place():
    alias = actor(45, 49, "kim")
    first, second = linked([KIM, SAID, alias], (1, 0)), linked([KIM, SAID, alias], (1, 2))
    by_name = linked([SAID], (0, "kim"))
    assert relations.target_accuracy(counted(first, second), "overlap", "speaker").value == 1
    assert relations.target_accuracy(counted(first, by_name), "overlap", "speaker").value == 1
    assert relations.relation_f1(counted(first, second), "overlap").value == 0


def test_of_several_targets_all_must_be_the_same():
    both = linked([KIM, SAID, HATTA], (1, 0), (1, 2))
    for others, value in (([(1, 0)], 0), ([(1, 2)], 0), ([(1, 2), (1, 0)], 1)):
        for counts in (
            counted(both, linked([KIM, SAID, HATTA], *others)),
            counted(linked([KIM, SAID, HATTA], *others), both),
        ):
            assert relations.target_accuracy(counts, "overlap", "speaker").value == value


def test_without_relations_or_matches_there_is_a_reason():
    counts = counted(linked([SAID]), linked([SAID]))
    assert relations.relation_f1(counts, "overlap").undefined == NO_SPANS
    assert relations.target_accuracy(counts, "overlap", "speaker").undefined == NO_MATCH
    assert relations.target_accuracy(counts, "overlap", "speaker").coverage is None


@some
@given(layers(), layers(), st.data())
def test_relation_f1_is_symmetric_and_one_with_oneself(first, second, data):
    def some_links(marks):
        at = st.integers(0, max(len(marks) - 1, 0))
        pairs = st.lists(st.tuples(at, at), max_size=4 if marks else 0)
        return linked(marks, *data.draw(pairs))

    one, other = some_links(first), some_links(second)
    there, back = counted(one, other, "exact"), counted(other, one, "exact")
    assert relations.relation_f1(there, "exact").value == relations.relation_f1(back, "exact").value
    own = relations.relation_f1(counted(one, one, "exact"), "exact").value
    assert own == 1 or not one.relations


def met(first, second, variant="overlap"):
    (matching,) = paired(first, second, [variant])
    return entities.cells(entities.count(first, second, matching, variant), variant)


def test_an_alias_and_the_full_name_are_one_entity():
    first, second = [actor(0, 5, "dprk"), HATTA], [actor(0, 11, "dprk"), actor(50, 60, "kim")]
    found = entities.same_entity(met(first, second))
    assert (found.value, found.coverage) == (0.5, 1)


def test_a_link_that_only_one_made_lowers_f1_and_coverage():
    cells = met([KIM, HATTA, actor(70, 80)], [KIM, actor(50, 60), actor(70, 80)])
    assert entities.same_entity(cells).value == 1
    assert entities.same_entity(cells).coverage == 0.5
    assert entities.entity_f1(cells).value == pytest.approx(2 / 3)
    assert entities.cells({("#entity", "ACTOR", "exact", "a", "a"): 2}, "overlap") == {}
    assert entities.cells({("#entity", "ACTOR", "exact", "a", "a"): 2}, "exact", ["QUOTE"]) == {}


def test_clusters_agree_whatever_the_entity_is_called():
    cells = {("kim", "k1"): 3, ("hatta", "h1"): 2}
    assert entities.b_cubed(cells).value == 1
    assert entities.same_entity(cells).value == 0


def test_b_cubed_is_that_of_its_paper():
    """Bagga and Baldwin 1998, figures 1-3: twelve mentions in clusters of 5, 2 and 5."""
    truth = "11111" + "22" + "33333"
    near = "11111" + "22" + "22222"
    far = "11111" + "22" + "11111"
    for response, precision in ((near, 16 / 21), (far, 7 / 12)):
        cells = {}
        for pair in zip(truth, response, strict=True):
            cells[pair] = cells.get(pair, 0) + 1
        found = entities.b_cubed(cells)
        assert (found.precision, found.recall) == (pytest.approx(precision, abs=1e-3), 1)


def test_without_entities_there_is_a_reason():
    nothing = met([actor(0, 5)], [actor(0, 5)])
    assert entities.same_entity(nothing).undefined == NO_MATCH
    assert entities.b_cubed(nothing).undefined == NO_MATCH
    assert entities.entity_f1(nothing).undefined == NO_SPANS


def edges(first, second, text=None):
    (matching,) = paired(first, second, ["overlap"])
    return boundaries.count(first, second, matching, text)


def test_distances_are_signed_and_keep_their_histogram():
    counts = edges(
        [quote(0, 10), quote(20, 30), quote(40, 50)], [quote(1, 10), quote(20, 35), quote(36, 50)]
    )
    start, end = (boundaries.distances(counts, edge) for edge in ("start", "end"))
    assert (start.value, start.median, start.absolute) == (-1, 0, pytest.approx(5 / 3))
    assert start.histogram == ((-4, 1), (0, 1), (1, 1))
    assert (end.value, end.n) == (pytest.approx(5 / 3), 3)
    assert boundaries.distances(counts, "end", ["ACTOR"]).undefined == NO_MATCH


def test_a_span_in_fragments_begins_with_its_first_and_ends_with_its_last():
    first, second = Mark("QUOTE", ((0, 5), (9, 14)), {}), Mark("QUOTE", ((1, 5), (9, 17)), {})
    counts = edges([first], [second])
    assert [boundaries.distances(counts, edge).value for edge in ("start", "end")] == [1, 3]


def test_the_middle_of_two_distances_lies_between_them():
    counts = edges([quote(0, 10), quote(20, 30)], [quote(1, 10), quote(24, 30)])
    assert boundaries.distances(counts, "start").median == 2.5


def test_a_stray_quotation_mark_is_the_commonest_difference():
    text = "“Tidak,” kata 🚢. “Ya,” kata Hatta."
    first = [quote(0, 8), quote(17, 22)]
    second = [quote(1, 7), quote(18, 22)]
    found = boundaries.strings(edges(first, second, text))
    assert [(each.string, each.edge, each.side, each.number) for each in found] == [
        ("“", "start", "first", 2),
        ("”", "end", "first", 1),
    ]
    (longer,) = boundaries.strings(edges([quote(0, 5)], [quote(0, 6)], text))
    assert (longer.string, longer.edge, longer.side) == ("k", "end", "second")


def test_a_long_difference_is_cut():
    text = "kata " * 20
    (found,) = boundaries.strings(edges([quote(0, 5)], [quote(0, 90)], text), ["QUOTE"])
    assert found.string == text[5:25] + "…"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_of_several_code_points_and_astral_ones_move_no_boundary(form):
    text = unicodedata.normalize(form, "é𝒦 “Café” 🚢 Ñandú")
    start = text.index("“")
    counts = edges([quote(start, start + 3)], [quote(start + 1, start + 3)], text)
    (found,) = boundaries.strings(counts)
    assert found.string == "“"
    assert boundaries.distances(counts, "start").value == 1
