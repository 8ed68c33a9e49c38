"""Tables: our server in its modes and three others, side by side on the same triples."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from statistics import quantiles
from typing import Final

from bench.client import BadAnswer, Connection, Load, rotate
from bench.points import CONNECTIONS, REPEATED, draw_points, put_queries
from bench.results import Table
from bench.servers import Server
from bench.workplace import Graph
from kg.catalogue import Catalogue, NamedQuery
from kg.settings import PROJECT

CLIENTS: Final = 8
PATIENCE: Final = 60.0
"""Seconds after which a request is given up."""
BEST_OF: Final = 3
POINTS: Final = 1000
Opening = Callable[[], AbstractContextManager[Server]]


def competency_queries() -> list[NamedQuery]:
    """The competency questions that the merged graph answers: those that ask no named graph."""
    queries = Catalogue(PROJECT / "queries").group("competency")
    return [each for each in queries if "GRAPH " not in each.text]


def heavy_queries() -> list[NamedQuery]:
    """Grouping, sorting, paths and negation over all activities."""
    return list(Catalogue(Path(__file__).parent / "queries" / "heavy").values())


def measure_sides(graph: Graph, openings: Sequence[Opening], seconds: float) -> list[Table]:
    """Each server in turn, alone on the machine but for its clients."""
    questions, heavy = competency_queries(), heavy_queries()
    points = draw_points(graph, POINTS)
    mixed_rows, heavy_rows, point_rows = [], [], []
    for opening in openings:
        with opening() as server:
            point_rows.append([server.name, *_measure_points(server, points)])
            mixed_rows.append([server.name, *_measure_mixed(server, questions, seconds)])
            heavy_rows.append([server.name, *(_measure_heavy(server, each) for each in heavy)])
    return [
        _mixed(mixed_rows, len(questions), seconds),
        _heavy(heavy_rows, heavy),
        _points(point_rows),
    ]


def _measure_points(server: Server, queries: Sequence[str]) -> list[str]:
    put_queries(server, queries[:REPEATED])
    distinct = put_queries(server, queries[REPEATED:])
    repeated = put_queries(server, list(queries[:REPEATED]) * (POINTS // REPEATED))
    return [f"{load.per_second:,.0f}" for load in (distinct, repeated)]


def _measure_mixed(server: Server, queries: Sequence[NamedQuery], seconds: float) -> list[str]:
    requests = [server.request(each.bind(each.parameters)) for each in queries]
    rotate(server.port, requests, 1, min(seconds, 10), PATIENCE)
    load = rotate(server.port, requests, CLIENTS, seconds, PATIENCE)
    return [f"{_answered(load):.3g}", *_percentiles(load), str(load.failures)]


def _answered(load: Load) -> float:
    return (len(load.latencies) - load.failures) / load.seconds


def _percentiles(load: Load) -> list[str]:
    cuts = quantiles(load.latencies, n=100, method="inclusive")
    return [f"{cuts[place - 1] * 1000:,.1f}" for place in (50, 95, 99)]


def _measure_heavy(server: Server, query: NamedQuery) -> str:
    times = []
    for _ in range(BEST_OF):
        with closing(Connection(server.port, PATIENCE)) as connection:
            start = time.perf_counter()
            try:
                connection.ask(server.request(query.text))
            except BadAnswer:
                return "refused"
            except OSError:
                return f"none in {PATIENCE:g}"
            times.append(time.perf_counter() - start)
    return f"{min(times):.3f}"


def _mixed(rows: Sequence[Sequence[str]], count: int, seconds: float) -> Table:
    return Table(
        f"Competency questions in rotation, {CLIENTS} clients",
        ("server", "answers/s", "p50 ms", "p95 ms", "p99 ms", "failed"),
        rows,
        f"{count} questions with their example values for {seconds:g} s, after a warm-up; each "
        f"client on a kept connection of its own. A request fails that gets no good answer in "
        f"{PATIENCE:g} s, and counts in the percentiles with the time that it took.",
    )


def _points(rows: Sequence[Sequence[str]]) -> Table:
    return Table(
        "Point queries",
        ("server", "distinct, answers/s", "repeated, answers/s"),
        rows,
        f"`bench/queries/points` about {POINTS:,} things, and {REPEATED} of them again and again; "
        f"{CONNECTIONS} kept connections.",
    )


def _heavy(rows: Sequence[Sequence[str]], queries: Sequence[NamedQuery]) -> Table:
    names = [each.name.replace("-", " ") for each in queries]
    return Table(
        "Grouping, sorting, paths and negation",
        ("server", *(f"{name} (s)" for name in names)),
        rows,
        f"`bench/queries/heavy`, best of {BEST_OF}, one client, JSON results.",
    )
