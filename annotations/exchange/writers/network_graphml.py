"""A network as GraphML, without the elements of single programs: Gephi, igraph, networkx, visone and
others read it. Ties of windows are edges of their own, with the days they are of."""

from collections.abc import Iterator

from annotations.exchange.writers.network_choices import Choices
from annotations.exchange.writers.network_files import node_id, told, weighed, writer
from annotations.exchange.writers.network_graphs import Graph, Period
from annotations.exchange.writers.network_statements import Node
from annotations.exchange.writers.options import words_of
from annotations.exchange.writers.xml_text import element, escaped, opening

_NODE_KEYS = {
    "label": "string",
    "entity": "string",
    "type": "string",
    "aliases": "string",
    "variable": "string",
    "frequency": "int",
}
_EDGE_KEYS = {"weight": "double", "at": "string", "first": "string", "last": "string"}
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
)
_TAIL = "</graph>\n</graphml>\n"


def draw(graph: Graph, choices: Choices) -> Iterator[bytes]:
    yield (_HEAD + "".join(_keys(choices))).encode()
    yield (opening("graph", {"id": "network", "edgedefault": "undirected"}) + "\n").encode()
    chosen = (_data(_key("graph", key), word) for key, word in words_of(choices).items())
    yield "".join(chosen).encode() + b"\n"
    for place, node in enumerate(graph.nodes):
        yield _node(place, node).encode()
    number = 0
    for period, ties in graph.slices:
        about = _about(period)
        for one, other, weight in ties:
            number += 1
            ends = {"id": f"e{number}", "source": node_id(one), "target": node_id(other)}
            data = _data("weight", weighed(weight)) + about
            yield f"{opening('edge', ends)}{data}</edge>\n".encode()
    yield _TAIL.encode()


def _keys(choices: Choices) -> Iterator[str]:
    """What was chosen is about the graph."""
    for of, keys in (
        ("graph", dict.fromkeys(words_of(choices), "string")),
        ("node", _NODE_KEYS),
        ("edge", _EDGE_KEYS),
    ):
        for name, kind in keys.items():
            about = {"id": _key(of, name), "for": of, "attr.name": name, "attr.type": kind}
            yield element("key", about) + "\n"


def _key(of: str, name: str) -> str:
    """Ids are unique in the file, and names of options and of data may be the same."""
    return f"chosen-{name}" if of == "graph" else name


def _node(place: int, node: Node) -> str:
    known = {"label": node.named.name, **told(node), "frequency": str(node.frequency)}
    data = "".join(_data(key, value) for key, value in known.items())
    return f"{opening('node', {'id': node_id(place)})}{data}</node>\n"


def _about(period: Period | None) -> str:
    if period is None:
        return ""
    days = {"at": period.at, "first": period.first, "last": period.last}
    return "".join(_data(key, day) for key, day in days.items())


def _data(key: str, value: str) -> str:
    return f"{opening('data', {'key': key})}{escaped(value)}</data>"


WRITER = writer("network-graphml", "Network, GraphML", "graphml", "application/graphml+xml", draw)
