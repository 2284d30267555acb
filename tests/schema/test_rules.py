"""What a finished layer must be, should be and might be, code by code."""

from uuid import UUID, uuid4

import pytest

from annotations.schema.rules import Edge, findings
from annotations.schema.spec import builtin_document, parse
from annotations.spans.requests import SpanImage

SPEC = parse(builtin_document())
TEXT = "Laras menolak. “Kami pergi,” katanya. Ia 👩🏻\u200d🚒 tiba, Laras pulang."


def span(
    words: str, label: str, *, nth: int = 0, entity: UUID | None = None, **values: str
) -> SpanImage:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return SpanImage(uuid4(), label, [[start, start + len(words)]], [words], {**values}, entity)


def codes(spans: list[SpanImage], edges: list[Edge] | None = None) -> set[tuple[str, UUID | None]]:
    return {(found.code, found.span) for found in findings(SPEC, TEXT, spans, edges or [])}


def found(code: str, spans: list[SpanImage], edges: list[Edge] | None = None) -> list[UUID | None]:
    return [span for one, span in sorted(codes(spans, edges), key=str) if one == code]


def test_every_constraint_of_the_built_in_schema_can_be_found() -> None:
    """E1 and E6's unknown values are refused before a layer can hold them."""
    inner, outer = span("Kami", "QUOTE"), span("Laras", "QUOTE")
    everything = [
        span("menolak", "STANCE"),
        span("menolak", "STANCE"),
        inner,
        outer,
        span("“Kami pergi", "QUOTE"),
        span("“Kami pergi,” katanya", "QUOTE", type="direct"),
        span("👩", "ACTOR"),
        span("Laras ", "ACTOR", entity=uuid4()),
        span("Laras", "ACTOR", entity=uuid4()),
        span("Laras", "ACTOR", nth=1, entity=uuid4()),
    ]
    cue = span("kata", "CUE")
    edges = [
        Edge("NESTED_IN", inner.id, outer.id),
        *[Edge("CUED_BY", inner.id, cue.id), Edge("CUED_BY", inner.id, everything[0].id)],
    ]
    seen = {code for code, _ in codes([*everything, cue], edges)}
    seen |= {code for code, _ in codes([], [])}
    assert seen == {c.code for c in SPEC.constraints} - {"E1"}


def test_a_stance_needs_its_polarity_its_holder_and_its_target() -> None:
    stance, laras = span("menolak", "STANCE"), span("Laras", "ACTOR", entity=uuid4())
    assert found("E6", [stance]) == [stance.id]
    assert found("E5", [stance]) == [stance.id]
    whole = span("menolak", "STANCE", polarity="against")
    edges = [Edge("HOLDER", whole.id, laras.id), Edge("TOWARD", whole.id, laras.id)]
    assert {code for code, _ in codes([whole, laras], edges) if code[0] == "E"} == set()


def test_a_holder_may_be_an_entity() -> None:
    stance = span("menolak", "STANCE", polarity="against")
    edges = [Edge("HOLDER", stance.id, None), Edge("TOWARD", stance.id, None)]
    assert found("E5", [stance], edges) == []


def test_more_than_one_cue_is_too_many() -> None:
    quote, cue, other = span("Kami pergi", "QUOTE"), span("kata", "CUE"), span("Ia", "CUE")
    one = [Edge("CUED_BY", quote.id, cue.id)]
    assert found("E3", [quote, cue, other], one) == []
    assert found("E3", [quote, cue, other], [*one, Edge("CUED_BY", quote.id, other.id)]) == [
        quote.id
    ]


def test_nesting_stays_inside_and_goes_in_no_circle() -> None:
    outer, inner = span("“Kami pergi,”", "QUOTE"), span("pergi", "QUOTE")
    assert found("E4", [outer, inner], [Edge("NESTED_IN", inner.id, outer.id)]) == []
    assert found("E4", [outer, inner], [Edge("NESTED_IN", outer.id, inner.id)]) == [outer.id]
    both = [Edge("NESTED_IN", inner.id, outer.id), Edge("NESTED_IN", outer.id, inner.id)]
    assert set(found("E4", [outer, inner], both)) == {outer.id, inner.id}


@pytest.mark.parametrize(
    ("words", "kind", "warned"),
    [
        ("“Kami pergi,”", "direct", False),
        ("“Kami pergi,” katanya", "direct", True),
        ("“Kami pergi,”", "indirect", True),
        ("Kami pergi", "indirect", False),
        ("“Kami pergi,” katanya", "mixed", False),
    ],
)
def test_the_marks_of_a_quote_fit_its_type(words: str, kind: str, warned: bool) -> None:
    quote = span(words, "QUOTE", type=kind)
    assert bool(found("W3", [quote])) is warned


def test_a_cut_character_is_noticed_and_a_whole_one_is_not() -> None:
    cut, whole = span("👩🏻", "ACTOR"), span("👩🏻\u200d🚒", "ACTOR")
    assert found("W2", [cut, whole]) == [cut.id]


def test_a_quotation_that_no_quote_covers_is_hinted_at() -> None:
    [hint] = [f for f in findings(SPEC, TEXT, [], []) if f.code == "I1"]
    assert (hint.severity, hint.span, hint.details) == ("I", None, {"words": "“Kami pergi,”"})
    assert found("I1", [span("Kami", "QUOTE")]) == []


def test_the_same_words_linked_to_two_entities_are_hinted_at() -> None:
    one, two = uuid4(), uuid4()
    first, second = span("Laras", "ACTOR", entity=one), span("Laras", "ACTOR", nth=1, entity=two)
    same = span("Laras", "ACTOR", nth=1, entity=one)
    assert set(found("I2", [first, second])) == {first.id, second.id}
    assert found("I2", [first, same]) == []


def test_a_pronoun_means_whom_it_means() -> None:
    """Two clitics of different people are no contradiction; a name under two entities is one."""
    one, two = uuid4(), uuid4()
    first = span("Laras", "ACTOR", entity=one, form="clitic")
    second = span("Laras", "ACTOR", nth=1, entity=two, form="pronoun")
    named = span("Laras", "ACTOR", nth=1, entity=two, form="name")
    assert found("I2", [first, second]) == []
    assert set(found("I2", [first, named, span("Laras", "ACTOR", entity=one)])) >= {named.id}


def test_a_scare_quote_and_a_relayed_one_need_no_speaker() -> None:
    plain, scare = span("Kami", "QUOTE"), span("pergi", "QUOTE")
    scare.attributes["scare"] = True
    assert found("W1", [plain, scare]) == [plain.id]
    agency = span("Laras", "ACTOR", entity=uuid4())
    assert found("W1", [plain, agency], [Edge("VIA", plain.id, agency.id)]) == []


def test_the_marks_of_a_quote_within_a_quote_are_its_own() -> None:
    outer = span("Laras menolak. “Kami pergi,” katanya", "QUOTE", type="indirect")
    inner = span("“Kami pergi,”", "QUOTE", type="direct")
    assert found("W3", [outer]) == [outer.id]
    assert found("W3", [outer, inner]) == []


def test_who_is_flagged_as_unsure_is_not_asked_for_again() -> None:
    laras = span("Laras", "ACTOR")
    seen = findings(SPEC, TEXT, [laras], [], unsure={laras.id})
    assert "W6" in {code for code, _ in codes([laras])}
    assert "W6" not in {one.code for one in seen}
