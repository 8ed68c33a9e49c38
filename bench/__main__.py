"""`python -m bench`: run all benchmarks and write the table of results."""

import argparse
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.browser import measure_browser
from bench.build import measure_build
from bench.engines import measure_engines
from bench.hostile import measure_hostile
from bench.load import measure_change, measure_load
from bench.memory import measure_memory
from bench.pages import measure_pages
from bench.points import measure_points
from bench.results import Row, write_results
from bench.search import measure_search
from bench.servers import all_servers
from bench.sides import measure_sides
from bench.workplace import Graph
from kg.settings import PROJECT


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    few: int
    """Practices in the small graph."""
    many: int
    """Practices in the large graph."""
    queries: int
    """Point queries in a round."""
    records: int
    """Records that pyshacl validates."""
    seconds: float
    """How long each server is asked the competency questions."""


SIZES: Final = Sizes(1000, 100_000, 4000, 500, 30)
QUICK: Final = Sizes(100, 1000, 500, 50, 3)


def measure_load_rows(few: Graph, many: Graph, sizes: Sizes) -> Iterator[Row]:
    """Rows about loading, in the order in which the graphs are made."""
    yield measure_build(many)
    few.build()
    few.load()
    yield measure_engines(few, sizes.records)
    yield measure_load(many)
    yield measure_change(many)


def measure_server_rows(few: Graph, many: Graph, sizes: Sizes) -> Iterator[Row]:
    """Rows about a server on the graphs."""
    yield from measure_points(many, sizes.queries)
    yield measure_memory(many)
    yield measure_hostile(many)
    yield from measure_pages(few, many)
    yield from measure_search(few, many)


def main() -> None:
    """Read the command line, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that all runs")
    parser.add_argument("--folder", type=Path, default=PROJECT / "build" / "bench")
    parser.add_argument("--out", type=Path, help="folder of the results")
    parser.add_argument(
        "--server",
        action="store_true",
        help="measure servers only, on the graphs that an earlier run left in the folder",
    )
    parser.add_argument(
        "--pages", action="store_true", help="measure pages in a browser only, by Lighthouse"
    )
    given = parser.parse_args()
    if given.pages:
        rows = list(_told(measure_browser(given.folder)))
        write_results(given.out or PROJECT / "bench", rows, [], "make bench BENCH=--pages")
        return
    sizes = QUICK if given.quick else SIZES
    few, many = Graph(given.folder, sizes.few), Graph(given.folder, sizes.many)
    rows = []
    if not given.server:
        shutil.rmtree(given.folder, ignore_errors=True)
        given.folder.mkdir(parents=True)
        rows += _told(measure_load_rows(few, many, sizes))
    rows += _told(measure_server_rows(few, many, sizes))
    tables = measure_sides(many, all_servers(many), sizes.seconds)
    out = given.out or (given.folder if given.quick else PROJECT / "bench")
    options = [name for name in ("quick", "server") if getattr(given, name)]
    command = "make bench" + "".join(f" BENCH=--{name}" for name in options)
    write_results(out, rows, tables, command)


def _told(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        print(f"{row.what}: {row.measured}, to hold: {row.hold}", flush=True)
        yield row


if __name__ == "__main__":
    main()
