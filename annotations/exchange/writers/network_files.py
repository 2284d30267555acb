"""What the files of networks have in common: how a node is called, how a weight is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from annotations.exchange.records import Line
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.network_choices import Choices
from annotations.exchange.writers.network_graphs import Graph, graph
from annotations.exchange.writers.network_statements import Node
from annotations.exchange.writers.options import Options
from annotations.exchange.writers.shape import Writer
from annotations.schema.spec import Spec

HOLDS = frozenset(
    (
        *(Part.FRAGMENTS, Part.ATTRIBUTES, Part.ENTITY, Part.RELATIONS, Part.TO_ENTITY),
        Part.ALIASES,
    )
)

Draw = Callable[[Graph, Choices], Iterator[bytes]]
"""The file of a network."""


def node_id(place: int) -> str:
    return f"n{place + 1}"


def told(node: Node) -> Mapping[str, str]:
    """What is known of a node beside its name and number; what is not known is left out."""
    known = {
        "entity": node.named.key,
        "type": node.named.type,
        "aliases": node.aliases,
        "variable": node.kind,
    }
    return {name: value for name, value in known.items() if value}


def weighed(weight: float) -> str:
    """A whole number without a point; any other with all its digits."""
    return str(int(weight)) if weight == int(weight) else repr(weight)


def writer(key: str, name: str, extension: str, media_type: str, draw: Draw) -> Writer:
    """A format of networks."""
    write = partial(_write, draw=draw)
    return Writer(
        key=key,
        name=name,
        extension=extension,
        media_type=media_type,
        holds=HOLDS,
        write=partial(write, choices=Choices()),
        needs_all=True,
        options=Options(Choices, write),
    )


def _write(
    lines: Iterable[Line], spec: Spec, report: LossReport, *, choices: Choices, draw: Draw
) -> Iterator[bytes]:
    yield from draw(graph(lines, report, choices), choices)
