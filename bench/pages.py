"""Rows: pages of things in a small and in a large graph.

Each page is asked for once, so that none is one that the server made before; another row asks for
the same pages again.
"""

import random
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from statistics import median
from typing import Final

from bench.client import get, put_load
from bench.generate import SHIPPED, read_rows
from bench.results import Row
from bench.servers import serving_ours
from bench.workplace import Graph

PAGES = 300
WARM = 20
KINDS: Final[Mapping[str, int]] = {
    "practice": 20,
    "initiative": 20,
    "actor": 20,
    "country": 60,
    "target": 60,
}
"""Kinds of pages with the milliseconds that they may take."""
_TIMES: Final = 5
"""Each connection is with one web process, and each of these has pages of its own."""
REFERENCE: Final = SHIPPED.parents[1] / "reference"


def measure_pages(small: Graph, large: Graph) -> list[Row]:
    """Median time of a page of each kind, one request at a time, new ones and made ones."""
    with ExitStack() as stack:
        ports = [stack.enter_context(serving_ours(graph)).port for graph in (small, large)]
        rows = []
        for kind in KINDS:
            paths = [_paths(graph, kind) for graph in (small, large)]
            new, made = zip(*map(_medians, ports, paths), strict=True)
            rows += [_judge(kind, small, large, *new), _judge_made(kind, large, made[1])]
        return rows


def _medians(port: int, paths: Sequence[str]) -> tuple[float, float]:
    """Of pages that are asked for the first time, and of the same once more."""
    requests = [get(path, "text/html") for path in paths]
    warm = min(WARM, len(requests) // 2)
    put_load(port, requests[:warm], 1)
    first, *again = (median(put_load(port, requests[warm:], 1).latencies) for _ in range(_TIMES))
    return first * 1000, min(again) * 1000


def _paths(graph: Graph, kind: str) -> Sequence[str]:
    keys = _keys(graph, kind)
    chosen = random.Random(1).sample(keys, min(PAGES + WARM, len(keys)))
    return [f"/{'sdg' if kind == 'target' else kind}/{key}" for key in chosen]


def _keys(graph: Graph, kind: str) -> list[str]:
    if kind == "actor":
        return [row["key"] for row in read_rows(SHIPPED.with_name("actors.csv"))]
    if kind == "country":
        return [row["iso3"] for row in read_rows(REFERENCE / "countries.csv")]
    if kind == "target":
        rows = read_rows(REFERENCE / "sdg.csv")
        return [row["notation"] for row in rows if row["level"] == "target"]
    return [row["id"] for row in graph.rows() if row["kind"] == kind]


def _judge(kind: str, small: Graph, large: Graph, few: float, many: float) -> Row:
    apart = max(few, many) / min(few, many)
    return Row(
        f"{kind} page, median, at {small.count:,} and {large.count:,} practices",
        f"under {KINDS[kind]} ms, within 1.5 of each other",
        f"{few:.1f} and {many:.1f} ms ({apart:.2f})",
        max(few, many) < KINDS[kind] and apart <= 1.5,
        f"HTML over one kept connection, one request at a time, up to {PAGES} different "
        "pages after some to warm up, none that was made before; the shipped data are in both "
        "graphs.",
    )


def _judge_made(kind: str, graph: Graph, again: float) -> Row:
    return Row(
        f"{kind} page that was made before, median, at {graph.count:,} practices",
        f"under {KINDS[kind]} ms",
        f"{again:.1f} ms",
        again < KINDS[kind],
        "The same pages, the best of four more rounds; each web process keeps 32 MiB of them.",
    )
