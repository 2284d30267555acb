"""A network as GEXF 1.2, for Gephi. With windows of time it is dynamic: a tie's weight changes from
window to window, and so it is in memory (bounded, TooMany) until all windows have been seen."""

from array import array
from collections.abc import Iterator, Sequence

from annotations.exchange.writers.network_choices import Choices
from annotations.exchange.writers.network_files import node_id, told, weighed, writer
from annotations.exchange.writers.network_graphs import Graph, Period
from annotations.exchange.writers.network_statements import Node
from annotations.exchange.writers.options import words_of
from annotations.exchange.writers.xml_text import element, escaped, opening
from annotations.limits import LIMITS
from annotations.networks.counting import TooMany, What
from annotations.networks.windows import Unit

_ATTRIBUTES = {
    "entity": "string",
    "type": "string",
    "aliases": "string",
    "variable": "string",
    "frequency": "integer",
}
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
)


def draw(graph: Graph, choices: Choices) -> Iterator[bytes]:
    edges = _changing(graph) if choices.timed else _lasting(graph)
    chosen = ", ".join(f"{key}={word}" for key, word in words_of(choices).items() if word)
    yield f"{_HEAD}<meta><creator>Kutip</creator><description>{escaped(chosen)}".encode()
    yield f"</description></meta>\n{_graph(choices)}\n{_declared(choices)}<nodes>\n".encode()
    for place, node in enumerate(graph.nodes):
        yield _node(place, node).encode()
    yield b"</nodes>\n<edges>\n"
    for number, edge in enumerate(edges, 1):
        yield edge.replace("<edge ", f'<edge id="e{number}" ', 1).encode()
    yield b"</edges>\n</graph>\n</gexf>\n"


def _graph(choices: Choices) -> str:
    about = {"defaultedgetype": "undirected", "mode": "static"}
    if choices.timed:
        time = "integer" if choices.window is Unit.EVENTS else "date"
        about |= {"mode": "dynamic", "timeformat": time}
    return opening("graph", about)


def _declared(choices: Choices) -> str:
    declared = "".join(
        element("attribute", {"id": name, "title": name, "type": kind})
        for name, kind in _ATTRIBUTES.items()
    )
    nodes = f'<attributes class="node">{declared}</attributes>\n'
    if not choices.timed:
        return nodes
    # Gephi knows a weight that changes by this id
    weight = element("attribute", {"id": "weight", "title": "Weight", "type": "double"})
    return f'{nodes}<attributes class="edge" mode="dynamic">{weight}</attributes>\n'


def _node(place: int, node: Node) -> str:
    known = {**told(node), "frequency": str(node.frequency)}
    values = "".join(
        element("attvalue", {"for": name, "value": value}) for name, value in known.items()
    )
    about = {"id": node_id(place), "label": node.named.name}
    return f"{opening('node', about)}<attvalues>{values}</attvalues></node>\n"


def _ends(one: int, other: int) -> dict[str, object]:
    return {"source": node_id(one), "target": node_id(other)}


def _lasting(graph: Graph) -> Iterator[str]:
    for _, ties in graph.slices:
        for one, other, weight in ties:
            yield element("edge", _ends(one, other) | {"weight": weighed(weight)}) + "\n"


class _Changes:
    """The weights of one tie, and in which windows it has them."""

    __slots__ = ("weights", "windows")

    def __init__(self) -> None:
        self.windows, self.weights = array("L"), array("d")


def _changing(graph: Graph) -> Iterator[str]:
    """All windows have been seen when this returns. Raises TooMany."""
    periods: list[Period] = []
    changes: dict[tuple[int, int], _Changes] = {}
    kept = 0
    for period, ties in graph.slices:
        for one, other, weight in ties:
            kept += 1
            if kept > LIMITS.network_ties:
                raise TooMany(What.TIES, LIMITS.network_ties)
            change = changes.setdefault((one, other), _Changes())
            change.windows.append(len(periods))
            change.weights.append(weight)
        if period is not None:
            periods.append(period)
    return (_edge(ends, changes[ends], periods) for ends in sorted(changes))


def _edge(ends: tuple[int, int], change: _Changes, periods: Sequence[Period]) -> str:
    values, spells = [], []
    for window, weight in zip(change.windows, change.weights, strict=True):
        time = {"start": periods[window].start, "end": periods[window].end}
        values.append(element("attvalue", {"for": "weight", "value": weighed(weight)} | time))
        spells.append(element("spell", time))
    inside = f"<attvalues>{''.join(values)}</attvalues><spells>{''.join(spells)}</spells>"
    return f"{opening('edge', _ends(*ends))}{inside}</edge>\n"


WRITER = writer("network-gexf", "Network, GEXF", "gexf", "application/gexf+xml", draw)
