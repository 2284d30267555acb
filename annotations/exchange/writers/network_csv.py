"""A network as two tables, of nodes and of edges, with the headings that Gephi knows; and what was
chosen, as JSON. No cell is a formula."""

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO

from annotations.exchange.writers.cells import defused
from annotations.exchange.writers.network_choices import Choices
from annotations.exchange.writers.network_files import node_id, told, weighed, writer
from annotations.exchange.writers.network_graphs import Graph
from annotations.exchange.writers.options import words_of
from annotations.exchange.writers.packages import Piece, streamed

_NODES = ("id", "label", "entity", "type", "aliases", "variable", "frequency")
_EDGES = ("source", "target", "weight")
_TIME = ("at", "first", "last")
_ROWS = 1_000  # that are packed at once

Row = list[str | int]


def draw(graph: Graph, choices: Choices) -> Iterator[bytes]:
    yield from streamed(_pieces(graph, choices))


def _pieces(graph: Graph, choices: Choices) -> Iterator[Piece]:
    yield from _table("nodes.csv", _NODES, _nodes(graph))
    yield from _table("edges.csv", _EDGES + (_TIME if choices.timed else ()), _edges(graph))
    chosen = json.dumps(words_of(choices), indent=1)
    yield Piece("choices.json", chosen.encode() + b"\n")


def _nodes(graph: Graph) -> Iterator[Row]:
    for place, node in enumerate(graph.nodes):
        known = told(node)
        texts = [known.get(name, "") for name in ("entity", "type", "aliases", "variable")]
        yield [
            node_id(place),
            defused(node.named.name),
            *map(defused, texts),
            node.frequency,
        ]


def _edges(graph: Graph) -> Iterator[Row]:
    for period, ties in graph.slices:
        days = period[:3] if period else ()
        for one, other, weight in ties:
            yield [node_id(one), node_id(other), weighed(weight), *days]


def _table(name: str, header: Iterable[str], rows: Iterable[Row]) -> Iterator[Piece]:
    out = StringIO(newline="")
    table = csv.writer(out)
    table.writerow(header)
    for number, row in enumerate(rows, 1):
        table.writerow(row)
        if number % _ROWS == 0:
            yield Piece(name, out.getvalue().encode())
            out.seek(0)
            out.truncate()
    yield Piece(name, out.getvalue().encode())


WRITER = writer("network-csv", "Network, CSV tables", "zip", "application/zip", draw)
