"""Layers of one article drawn at random, as the adjudication room reads them."""

from uuid import UUID

from hypothesis import strategies as st

from annotations.adjudication.records import Layer
from annotations.spans.requests import End, RelationImage, SpanImage

TEXT = "Kami tidak akan mundur, kata Laras di dermaga."
ENTITIES = [UUID(int=900 + at) for at in range(2)]


def span(
    number: int,
    *fragments: tuple[int, int],
    label: str = "QUOTE",
    entity: UUID | None = None,
    **attributes: str | bool,
) -> SpanImage:
    return SpanImage(
        UUID(int=number),
        label,
        [list(pair) for pair in fragments],
        [TEXT[start:end] for start, end in fragments],
        attributes,
        entity,
    )


def relation(
    number: int, kind: str, source: int | None, target: "int | UUID", **attributes: str | bool
) -> RelationImage:
    start = End(article=True) if source is None else End(span=UUID(int=source))
    end = End(entity=target) if isinstance(target, UUID) else End(span=UUID(int=target))
    return RelationImage(UUID(int=number), kind, start, end, attributes)


@st.composite
def spans(draw, number):
    count = draw(st.integers(1, 2))
    points = st.lists(st.integers(0, 12), min_size=2 * count, max_size=2 * count, unique=True)
    cuts = sorted(draw(points))
    attributes = draw(st.dictionaries(st.just("type"), st.sampled_from(["direct", "mixed"])))
    return span(
        number,
        *zip(cuts[::2], cuts[1::2], strict=True),
        label=draw(st.sampled_from(["QUOTE", "ACTOR"])),
        entity=draw(st.sampled_from([None, *ENTITIES])),
        **attributes,
    )


@st.composite
def layers(draw, max_layers=4, max_spans=5):
    """Some layers; no two spans and no two relations have the same id, not even across layers."""
    made = []
    for key in range(1, draw(st.integers(1, max_layers)) + 1):
        numbers = range(key * 100, key * 100 + draw(st.integers(0, max_spans)))
        some = [draw(spans(number)) for number in numbers]
        made.append(Layer(key, some, draw(relations(key, numbers))))
    return made


@st.composite
def relations(draw, key, numbers):
    if not numbers:
        return []
    ends = st.tuples(
        st.sampled_from(["SPEAKER", "VIA"]),
        st.sampled_from([None, *numbers]),
        st.sampled_from([*numbers, *ENTITIES]),
    )
    drawn = draw(st.lists(ends, max_size=4, unique=True))
    some = [each for each in drawn if each[1] != each[2]]
    return [relation(key * 1000 + at, *each) for at, each in enumerate(some)]
