"""Rows: point queries through the endpoint, against Oxigraph's own server."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from pyoxigraph import NamedNode

from bench.client import Load, put_load
from bench.results import Row
from bench.servers import IN_MEMORY, Server, serving_ours, serving_oxigraph
from bench.workplace import Graph
from kg.catalogue import Catalogue

QUERIES: Final = Path(__file__).parent / "queries" / "points"
ROUNDS: Final = 3
CONNECTIONS: Final = 4
REPEATED: Final = 20
"""So many queries are asked again and again."""


@dataclass(frozen=True)
class Pair:
    """One round: the same queries to both servers, one after the other."""

    ours: Load
    theirs: Load

    @property
    def ratio(self) -> float:
        """How many times as many queries ours answers in a second."""
        return self.ours.per_second / self.theirs.per_second


def measure_points(graph: Graph, count: int) -> list[Row]:
    """Rounds of distinct queries, then rounds of the same few."""
    with serving_ours(graph, **IN_MEMORY) as ours, serving_oxigraph(graph) as theirs:
        parts = [draw_points(graph, count, number) for number in range(ROUNDS + 1)]
        distinct = [_compare(ours, theirs, part) for part in parts][1:]
        few = parts[0][:REPEATED] * (count // REPEATED)
        repeated = [_compare(ours, theirs, few) for _ in range(ROUNDS + 1)][1:]
    return [_judge_distinct(distinct, graph), _judge_repeated(repeated, graph)]


def draw_points(graph: Graph, count: int, number: int = 0) -> list[str]:
    """So many queries about a thing each, for the round of this number; none is in two rounds."""
    asked = [
        query.bind({"thing": NamedNode(thing)})
        for query in Catalogue(QUERIES).values()
        for thing in graph.things()
    ]
    random.Random(1).shuffle(asked)
    return asked[number * count : (number + 1) * count]


def put_queries(server: Server, queries: Sequence[str]) -> Load:
    """The queries over a few connections."""
    return put_load(server.port, [server.request(query) for query in queries], CONNECTIONS)


def _compare(ours: Server, theirs: Server, queries: Sequence[str]) -> Pair:
    return Pair(put_queries(ours, queries), put_queries(theirs, queries))


def _judge_distinct(pairs: Sequence[Pair], graph: Graph) -> Row:
    return _judge(
        "distinct point queries through the endpoint against `oxigraph serve-read-only`",
        0.8,
        pairs,
        f"Same snapshot ({graph.count:,} synthetic practices; ours in memory), no query twice",
    )


def _judge_repeated(pairs: Sequence[Pair], graph: Graph) -> Row:
    return _judge(
        "repeated point queries against the same",
        2.0,
        pairs,
        f"The same {REPEATED} queries again and again on {graph.count:,} synthetic practices",
    )


def _judge(what: str, least: float, pairs: Sequence[Pair], how: str) -> Row:
    ratio = median(pair.ratio for pair in pairs)
    ours, theirs = [pair.ours for pair in pairs], [pair.theirs for pair in pairs]
    return Row(
        what,
        f"{least:g} times or more",
        f"{ratio:.2f} ({_typical(ours, _speed):,.0f} against "
        f"{_typical(theirs, _speed):,.0f} queries/s)",
        ratio >= least,
        f"{how}; same client with {CONNECTIONS} kept connections, {len(pairs)} rounds in turn "
        f"after a warm-up, {len(ours[0].latencies):,} queries a round, JSON results; ratios of "
        f"the rounds {', '.join(f'{pair.ratio:.2f}' for pair in pairs)}; median latency "
        f"{_typical(ours, _latency):.2f} against {_typical(theirs, _latency):.2f} ms.",
    )


def _typical(loads: Sequence[Load], figure: Callable[[Load], float]) -> float:
    return median(map(figure, loads))


def _speed(load: Load) -> float:
    return load.per_second


def _latency(load: Load) -> float:
    return median(load.latencies) * 1000
