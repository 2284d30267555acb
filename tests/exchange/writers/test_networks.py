"""Networks out of an export: judged by networkx, and by the worked example of the design."""

import csv
import json
from collections.abc import Sequence
from io import BytesIO, StringIO
from itertools import product
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from annotations.exchange.records import Line
from annotations.exchange.writers import network_gexf, network_graphs, network_statements
from annotations.exchange.writers.cells import restored
from annotations.exchange.writers.known import WRITERS
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.options import BadOption
from annotations.exchange.writers.shape import fitted
from annotations.limits import Limits
from annotations.networks.counting import TooMany
from tests.exchange.kutip_lines import SPEC, TEXT, Drawn, campaigns, layer, relation, span
from tests.exchange.writers.judging import counted, drawn_lines, lines, out, unzipped
from tests.exchange.writers.stance_lines import article, entity, stances, toy

KEYS = ("network-graphml", "network-gexf", "network-csv")
GEXF = "{http://www.gexf.net/1.2draft}"
Weights = dict[frozenset[str], float]


def made(key: str, given: Sequence[Line], **words: str) -> tuple[bytes, LossReport]:
    words = {name.replace("_", "-"): word for name, word in words.items()}
    return out(fitted(WRITERS[key], words), given)


def judged(key: str, data: bytes) -> Any:
    """The network as its consumer has it: nodes by id with `label` and `frequency`, edges with
    `weight`."""
    if key == "network-graphml":
        return networkx.read_graphml(BytesIO(data), force_multigraph=True)
    if key == "network-gexf":
        return networkx.MultiGraph(networkx.read_gexf(BytesIO(data)))
    files = {name: table.decode() for name, table in unzipped(data).items()}
    graph = networkx.MultiGraph()
    for row in csv.DictReader(StringIO(files["nodes.csv"], newline="")):
        graph.add_node(row["id"], **{name: restored(cell) for name, cell in row.items()})
    for row in csv.DictReader(StringIO(files["edges.csv"], newline="")):
        graph.add_edge(row["source"], row["target"], weight=float(row["weight"]))
    return graph


def weights(key: str, data: bytes) -> Weights:
    """The ties between names."""
    graph = judged(key, data)
    names = {node: about["label"] for node, about in graph.nodes(data=True)}
    return {
        frozenset((names[one], names[other])): float(about["weight"])
        for one, other, about in graph.edges(data=True)
    }


def told(key: str, pairs: Sequence[str], **words: str) -> list[float]:
    found = weights(key, made(key, toy(), **words)[0])
    assert set(found) <= {frozenset(pair) for pair in pairs}
    return [round(found.get(frozenset(pair), 0), 4) for pair in pairs]


TWO_MODE = ["".join(pair) for pair in product("ABC", "xy")]
ONE_MODE = ["AB", "AC", "BC"]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    ("ties", "normalisation", "expected"),
    [
        ("ignore", "none", [3, 1, 2, 1, 1, 1]),
        ("subtract", "none", [3, -1, 0, 1, -1, -1]),
        ("combine", "none", [1, 2, 3, 1, 2, 2]),
        ("ignore", "prominence", [0.5, 0.3333, 0.3333, 0.3333, 0.1667, 0.3333]),
    ],
)
def test_actors_and_concepts(
    key: str, ties: str, normalisation: str, expected: list[float]
) -> None:
    words = {"ties": ties, "normalisation": normalisation, "duplicates": "none"}
    assert told(key, TWO_MODE, **words) == expected


@pytest.mark.parametrize(
    ("ties", "normalisation", "expected"),
    [
        ("congruence", "none", [3, 1, 1]),
        ("conflict", "jaccard", [0.6667, 0.6, 0.5]),
        ("subtract", "none", [-1, -2, -1]),
        ("congruence", "average", [0.8571, 0.3333, 0.4]),
    ],
)
def test_actors(ties: str, normalisation: str, expected: list[float]) -> None:
    words = {"ties": ties, "normalisation": normalisation, "duplicates": "none"}
    for key in KEYS:
        assert told(key, ONE_MODE, network="actors", **words) == expected


def test_concepts_are_tied_by_the_actors_they_share() -> None:
    words = {"network": "concepts", "ties": "ignore", "duplicates": "none"}
    assert told("network-graphml", ["xy"], **words) == [3 * 1 + 2 * 1 + 1 * 1]


def test_what_says_the_same_again_in_an_article_counts_once_and_is_reported() -> None:
    data, report = made("network-csv", toy(), ties="ignore")
    assert weights("network-csv", data)[frozenset("Ax")] == 2
    assert report.count(Part.REPEATED) == 1
    assert report.count(Part.SUMMED) == 8
    frequencies = {
        about["label"]: int(about["frequency"])
        for _, about in judged("network-csv", data).nodes(data=True)
    }
    assert frequencies == {"A": 3, "B": 3, "C": 2, "x": 5, "y": 3}


@pytest.mark.parametrize("key", KEYS)
def test_a_merged_actor_is_one_node_with_its_heir(key: str) -> None:
    """A merged into B: what A said is what B said, and nobody else is in the network for it."""
    into = {"A": str(uuid5(NAMESPACE_URL, "B"))}
    merged = [
        replace(
            line,
            entities=[replace(one, merged_into=into.get(one.name)) for one in line.entities],
        )
        for line in toy()
    ]
    data, report = made(key, merged, ties="ignore", duplicates="none")
    found = weights(key, data)
    assert found == {
        frozenset(pair): n for pair, n in zip(("Bx", "By", "Cx", "Cy"), (5, 2, 1, 1), strict=True)
    }
    assert report.count(Part.MERGED) == 4


def test_the_choices_stand_in_the_file() -> None:
    data, _ = made("network-csv", toy(), ties="ignore", since="2024-03-05")
    chosen = json.loads(unzipped(data)["choices.json"])
    assert chosen["ties"] == "ignore"
    assert (chosen["since"], chosen["until"], chosen["isolates"]) == ("2024-03-05", "", "no")
    graphml = judged("network-graphml", made("network-graphml", toy(), ties="ignore")[0])
    assert graphml.graph["ties"] == "ignore"


def test_only_what_was_said_in_the_time_counts() -> None:
    data, report = made("network-csv", toy(), since="2024-03-09", until="2025-03-02")
    assert weights("network-csv", data) == {
        frozenset("Bx"): 1,
        frozenset("By"): 1,
        frozenset("Ax"): 1,
        frozenset("Cx"): -1,
        frozenset("Cy"): -1,
    }
    assert report.count(Part.UNTIMED) == 4
    isolated = made("network-csv", toy(), until="2024-03-01", isolates="yes")[0]
    assert len(judged("network-csv", isolated)) == 5


# time ---------------------------------------------------------------------------------------------


def slices(**words: str) -> dict[str, list[tuple[str, float]]]:
    """The ties by the middle of their windows."""
    data, _ = made("network-csv", toy(), duplicates="none", **words)
    files = {name: table.decode() for name, table in unzipped(data).items()}
    names = {
        row["id"]: row["label"] for row in csv.DictReader(StringIO(files["nodes.csv"], newline=""))
    }
    found: dict[str, list[tuple[str, float]]] = {}
    for row in csv.DictReader(StringIO(files["edges.csv"], newline="")):
        pair = names[row["source"]] + names[row["target"]]
        found.setdefault(row["at"], []).append((pair, float(row["weight"])))
    return found


def test_windows_of_days_move_over_the_statements() -> None:
    words = {"window": "days", "size": "17", "until": "2024-03-18", "ties": "ignore"}
    assert slices(**words) == {
        "2024-03-09": [("Ax", 2), ("Ay", 1), ("Bx", 1), ("By", 1)],
        "2024-03-10": [("Bx", 1), ("By", 1)],
    }


def test_a_kernel_weighs_by_the_distance_from_the_middle() -> None:
    """In the window of 9 March B speaks in the middle, and A eight days before: at its edge, or one day
    inside of nine."""
    words = {"window": "days", "size": "16", "until": "2024-03-17", "ties": "ignore"}
    wider = {"since": "2024-02-29", "size": "18", "until": "2024-03-18"}
    found = slices(**words, kernel="triangular")
    assert found == {"2024-03-09": [("Bx", 1), ("By", 1)]}
    found = slices(**(words | wider), kernel="triangular")
    assert [pair for pair, _ in found["2024-03-09"]] == ["Ax", "Ay", "Bx", "By"]
    assert [weight for _, weight in found["2024-03-09"]] == pytest.approx([2 / 9, 1 / 9, 1, 1])
    found = slices(**(words | wider), kernel="triangular", network="actors")
    root = (1 / 9) ** 0.5
    assert found["2024-03-09"] == [("AB", pytest.approx(2 * root + 1 * root))]


def test_windows_of_statements_move_over_them_one_by_one() -> None:
    found = slices(window="events", size="8", ties="ignore")
    assert found == {
        "2024-03-09": [("Ax", 3), ("Ay", 1), ("Bx", 2), ("By", 1), ("Cx", 1), ("Cy", 1)]
    }


def test_windows_are_changing_weights_in_gexf_and_edges_of_their_own_in_graphml() -> None:
    words = {"window": "years", "size": "2", "since": "2023-03-02", "until": "2026-03-02"}
    data, _ = made("network-gexf", toy(), **words)
    names = {node: about["label"] for node, about in judged("network-gexf", data).nodes.items()}
    changing = {
        names[edge.attrib["source"]] + names[edge.attrib["target"]]: [
            tuple(value.attrib[name] for name in ("value", "start", "end"))
            for value in edge.iter(f"{GEXF}attvalue")
        ]
        for edge in ElementTree.fromstring(data).iter(f"{GEXF}edge")  # noqa: S314 - ours
    }
    assert changing["Ax"] == [("2", "2024-03-02", "2025-03-01"), ("1", "2025-03-02", "2026-03-01")]
    edges = judged("network-graphml", made("network-graphml", toy(), **words)[0])
    found = [
        (about["weight"], about["at"], about["first"], about["last"])
        for one, other, about in edges.edges(data=True)
        if edges.nodes[one]["label"] + edges.nodes[other]["label"] == "Ax"
    ]
    assert found == [
        (2, "2024-03-02", "2023-03-02", "2025-03-02"),
        (1, "2025-03-02", "2024-03-02", "2026-03-02"),
    ]


def test_articles_without_a_date_are_in_no_window() -> None:
    undated = lines(article(TEXT, stances(TEXT, (LARAS, COAST, "favor")), entities=[LARAS, COAST]))
    for words, lost in (({}, 0), ({"window": "days"}, 1), ({"since": "2024-01-01"}, 1)):
        _, report = made("network-gexf", undated, **words)
        assert report.count(Part.UNTIMED) == lost


# who, what, whose ---------------------------------------------------------------------------------

LARAS = entity("Laras", "person", "Mbak Laras", "L.")
COAST = entity("pesisir", "concept")
MINISTRY = entity("Kementerian", "government")


def varied() -> list[Line]:
    """Laras of the ministry is for the coast, if; somebody unlinked, weakly against; gold differs."""
    actor = span(TEXT, "Laras", entity=LARAS["id"])
    whole = span(TEXT, "Menteri", entity=MINISTRY["id"])
    nobody = span(TEXT, "Warga")
    target = span(TEXT, "mundur", label="TARGET", entity=COAST["id"])
    sure = span(
        TEXT, "menolak", label="STANCE", attributes={"polarity": "favor", "conditional": True}
    )
    weak = span(
        TEXT, "bersorak", label="STANCE", attributes={"polarity": "against", "intensity": "2"}
    )
    neutral = span(TEXT, "katanya", label="STANCE", attributes={"polarity": "neutral"})
    alone = span(TEXT, "Kami", label="STANCE", attributes={"polarity": "favor"})
    ends = [(sure, actor), (weak, nobody), (neutral, actor)]
    relations = [relation("PART_OF", {"span": actor["id"]}, {"span": whole["id"]})]
    for stance, holder in ends:
        relations += [
            relation("HOLDER", {"span": stance["id"]}, {"span": holder["id"]}),
            relation("TOWARD", {"span": stance["id"]}, {"span": target["id"]}),
        ]
    spans = (actor, whole, nobody, target, sure, weak, neutral, alone)
    again = "Lain lagi"
    gold = stances(again, (LARAS, COAST, "against"), annotator="hakim", kind="gold")
    about = {"source": "Harian", "author": "=1+1"}
    first = article(
        TEXT,
        layer("ani", *spans, relations=relations),
        entities=[LARAS, MINISTRY, COAST],
        **about,
    )
    other = article(
        again,
        stances(again, (MINISTRY, COAST, "favor")),
        gold,
        entities=[LARAS, MINISTRY, COAST],
        **about,
    )
    return lines(first, other)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, {"Laras": 0, "Warga": -1}),
        ({"layers": "all"}, {"Laras": 0, "Warga": -1, "Kementerian": 1}),
        ({"layers": "gold"}, {"Laras": -1}),
        ({"hedged": "left-out"}, {"Laras": -1, "Warga": -1}),
        ({"unlinked": "left-out"}, {"Laras": 0}),
        ({"qualifier": "strength"}, {"Laras": 0, "Warga": -2}),
        ({"ties": "ignore"}, {"Laras": 3, "Warga": 1}),
        ({"qualifier": "polarity"}, {"Laras": 3, "Warga": 1}),
        ({"actors": "organisation", "layers": "all"}, {"Kementerian": 2}),
        ({"actors": "person"}, {"Laras": 0, "Warga": -1}),
        ({"actors": "source"}, {"Harian": -1}),
        ({"actors": "author"}, {"=1+1": -1}),
    ],
)
def test_who_and_what_counts_is_a_choice(words: dict[str, str], expected: dict[str, int]) -> None:
    for key in KEYS:
        found = weights(
            key, made(key, varied(), **{"duplicates": "none", "hedged": "kept"} | words)[0]
        )
        assert found == {
            frozenset((name, "pesisir")): weight for name, weight in expected.items() if weight
        }


def test_everything_that_is_not_in_it_is_in_the_report() -> None:
    _, report = made("network-graphml", varied(), unlinked="left-out")
    assert counted(report) == {
        "article_text": 2,
        "article_fields": 2,
        "layer_status": 3,
        "attributes": 1,
        "relations": 1,
        "other_labels": 5,
        "layers_beside_gold": 1,
        "stances_without_ends": 1,
        "hedged_stances": 1,
        "stances_not_linked": 1,
        "stances_without_direction": 1,
        "summed_stances": 1,
    }


def test_a_node_has_what_is_known_of_it() -> None:
    data, _ = made("network-graphml", varied(), hedged="kept")
    known = {
        about.pop("label"): about for _, about in judged("network-graphml", data).nodes.items()
    }
    assert known["Laras"] == {
        "entity": LARAS["id"],
        "type": "person",
        "aliases": "Mbak Laras|L.",
        "variable": "actor",
        "frequency": 2,
    }
    assert known["Warga"] == {"variable": "actor", "frequency": 1}


@pytest.mark.parametrize("key", KEYS)
def test_hostile_names_stay_names(key: str) -> None:
    names = [
        *("=HYPERLINK(1)", "<b>&amp;\"'</b>", "\u202egnp.exe", "a\r\nb", "]]>", "🚢\u200d", "-1"),
    ]
    actors = [entity(name) for name in names]
    held = [(actor, COAST, "favor") for actor in actors]
    given = lines(article(TEXT, stances(TEXT, *held), entities=[*actors, COAST]))
    found = weights(key, made(key, given)[0])
    assert set(found) == {frozenset((name, "pesisir")) for name in names}


def test_no_cell_of_the_tables_is_a_formula() -> None:
    actor = entity("=HYPERLINK(1)", "=type", "@alias")
    given = lines(article(TEXT, stances(TEXT, (actor, COAST, "favor")), entities=[actor, COAST]))
    table = unzipped(made("network-csv", given)[0])["nodes.csv"].decode()
    cells = [cell for row in csv.reader(StringIO(table, newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert "'@alias" in cells


def test_what_xml_cannot_hold_is_replaced() -> None:
    odd = entity("a\x00b\x0bc\ufffe")
    given = lines(article(TEXT, stances(TEXT, (odd, COAST, "favor")), entities=[odd, COAST]))
    for key in ("network-graphml", "network-gexf"):
        data, report = made(key, given)
        assert frozenset(("a\ufffdb\ufffdc\ufffd", "pesisir")) in weights(key, data)
        assert report.count(Part.UNWRITABLE) == 1


def test_long_words_of_what_is_not_linked_are_cut() -> None:
    text = "kata " * 100
    actor, target = span(text, text[:-1]), span(text, "kata", label="TARGET", entity=COAST["id"])
    held = span(text, "kata", label="STANCE", attributes={"polarity": "favor"})
    relations = [
        relation("HOLDER", {"span": held["id"]}, {"span": actor["id"]}),
        relation("TOWARD", {"span": held["id"]}, {"span": target["id"]}),
    ]
    given = lines(
        article(text, layer("ani", actor, target, held, relations=relations), entities=[COAST])
    )
    data, report = made("network-gexf", given)
    assert report.count(Part.CUT) == 1
    assert frozenset((text[:190], "pesisir")) in weights("network-gexf", data)


# bounds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "words", "what"),
    [
        (Limits(network_statements=2), {}, "statements"),
        (Limits(network_nodes=2), {}, "nodes"),
        (Limits(network_steps=3), {"network": "actors"}, "steps"),
        (Limits(network_windows=2), {"window": "days"}, "windows"),
        (Limits(network_ties=2), {"window": "days"}, "ties"),
    ],
)
def test_what_is_too_much_is_refused_before_the_first_byte(
    monkeypatch: pytest.MonkeyPatch, limits: Limits, words: dict[str, str], what: str
) -> None:
    for module in (network_graphs, network_statements, network_gexf):
        monkeypatch.setattr(module, "LIMITS", limits)
    writer = fitted(WRITERS["network-gexf"], words)
    pieces = writer.write(toy(), SPEC, LossReport(writer.key))
    with pytest.raises(TooMany) as refused:
        next(pieces)
    assert refused.value.what == what


@settings(deadline=None, max_examples=20)
@given(
    campaigns(),
    st.sampled_from(KEYS),
    st.sampled_from(["actors-concepts", "actors", "concepts"]),
    st.sampled_from(["subtract", "ignore", "congruence", "combine"]),
    st.sampled_from(["none", "average", "activity"]),
    st.sampled_from(["none", "months", "events"]),
)
def test_whatever_is_given_comes_out_whole_or_is_refused(
    drawn: Drawn, key: str, network: str, ties: str, normalisation: str, window: str
) -> None:
    words = {"network": network, "ties": ties, "normalisation": normalisation, "window": window}
    words |= {"duplicates": "always", "since": "2000-01-01", "until": "2020-01-01"}
    try:
        data, _ = made(key, drawn_lines(drawn), **words)
    except BadOption:
        return
    judged(key, data)
