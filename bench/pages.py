"""Rows: entity pages in a small and in a large graph."""

import random
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

from bench.client import get, put_load
from bench.generate import SHIPPED, read_rows
from bench.results import Row
from bench.servers import serving_ours
from bench.workplace import Graph

PAGES = 300
WARM = 20
KINDS = ("practice", "initiative", "actor")


def measure_pages(small: Graph, large: Graph) -> list[Row]:
    """Median time of a page of each kind, one request at a time, no page twice."""
    with ExitStack() as stack:
        ports = [stack.enter_context(serving_ours(graph)).port for graph in (small, large)]
        return [
            _judge(kind, small, large, *(_median(port, graph, kind) for port, graph in pairs))
            for kind in KINDS
            for pairs in [list(zip(ports, (small, large), strict=True))]
        ]


def _median(port: int, graph: Graph, kind: str) -> float:
    requests = [get(path, "text/html") for path in _paths(graph, kind)]
    warm = min(WARM, len(requests) // 2)
    put_load(port, requests[:warm], 1)
    return median(put_load(port, requests[warm:], 1).latencies) * 1000


def _paths(graph: Graph, kind: str) -> Sequence[str]:
    if kind == "actor":
        keys = [row["key"] for row in read_rows(SHIPPED.with_name("actors.csv"))]
    else:
        keys = [row["id"] for row in graph.rows() if row["kind"] == kind]
    return [f"/{kind}/{key}" for key in random.Random(1).sample(keys, min(PAGES + WARM, len(keys)))]


def _judge(kind: str, small: Graph, large: Graph, few: float, many: float) -> Row:
    apart = max(few, many) / min(few, many)
    return Row(
        f"{kind} page, median, at {small.count:,} and {large.count:,} practices",
        "under 20 ms, within 1.5 of each other",
        f"{few:.1f} and {many:.1f} ms ({apart:.2f})",
        max(few, many) < 20 and apart <= 1.5,
        f"HTML over one kept connection, one request at a time, up to {PAGES} different "
        "pages after some to warm up; the shipped data are in both graphs.",
    )
