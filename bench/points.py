"""Row: distinct point queries through the endpoint, against Oxigraph's own server."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from pyoxigraph import NamedNode

from bench.client import Load, put_load, sparql
from bench.processes import BIN, free_port, serving
from bench.results import Row
from bench.workplace import Graph
from kg.catalogue import Catalogue

QUERIES = Path(__file__).parent / "queries"
ROUNDS = 3
CONNECTIONS = 4


def measure_points(graph: Graph, queries: int) -> Row:
    """Both servers in turn, the same queries to each, none asked twice of one server."""
    ours: list[Load] = []
    theirs: list[Load] = []
    with ExitStack() as stack:
        endpoint = stack.enter_context(serving_ours(graph))
        peer = stack.enter_context(_serving_oxigraph(graph))
        for part in _rounds(graph, queries):
            ours.append(_ask(endpoint, "/sparql", part))
            theirs.append(_ask(peer, "/query", part))
    return _judge(ours[1:], theirs[1:], graph)


@contextmanager
def serving_ours(graph: Graph) -> Iterator[int]:
    """Our server on a graph; its port."""
    port = free_port()
    command = [str(BIN / "ssc4c"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with serving(command, port, graph.environment):
        yield port


@contextmanager
def _serving_oxigraph(graph: Graph) -> Iterator[int]:
    port = free_port()
    store = str(graph.snapshot.store_path)
    command = [str(BIN / "oxigraph"), "serve-read-only", "--location", store]
    with serving([*command, "--bind", f"127.0.0.1:{port}"], port, {}):
        yield port


def _rounds(graph: Graph, queries: int) -> Iterator[list[str]]:
    """Distinct queries for a warm-up and each round."""
    catalogue = Catalogue(QUERIES)
    asked = [
        query.bind({"thing": NamedNode(thing)})
        for query in catalogue.values()
        for thing in graph.things()
    ]
    random.Random(1).shuffle(asked)
    for number in range(ROUNDS + 1):
        yield asked[number * queries : (number + 1) * queries]


def _ask(port: int, path: str, queries: Sequence[str]) -> Load:
    return put_load(port, [sparql(path, query) for query in queries], CONNECTIONS)


def _judge(ours: Sequence[Load], theirs: Sequence[Load], graph: Graph) -> Row:
    ratios = [mine.per_second / peer.per_second for mine, peer in zip(ours, theirs, strict=True)]
    ratio = median(ratios)
    return Row(
        "distinct point queries through the endpoint against `oxigraph serve-read-only`",
        "0.8 or more",
        f"{ratio:.2f} ({_typical(ours, _speed):,.0f} against "
        f"{_typical(theirs, _speed):,.0f} queries/s)",
        ratio >= 0.8,
        f"Same store ({graph.count:,} synthetic practices), same client with {CONNECTIONS} kept "
        f"connections, {len(ours)} rounds in turn after a warm-up, {len(ours[0].latencies):,} "
        "queries a round, no query twice, JSON results; ratios of the rounds "
        f"{', '.join(f'{each:.2f}' for each in ratios)}; median latency "
        f"{_typical(ours, _latency):.2f} against {_typical(theirs, _latency):.2f} ms.",
    )


def _typical(loads: Sequence[Load], figure: Callable[[Load], float]) -> float:
    return median(map(figure, loads))


def _speed(load: Load) -> float:
    return load.per_second


def _latency(load: Load) -> float:
    return median(load.latencies) * 1000
