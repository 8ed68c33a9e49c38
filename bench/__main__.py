"""`python -m bench`: run all benchmarks and write the table of results."""

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.build import measure_build
from bench.engines import measure_engines
from bench.hostile import measure_hostile
from bench.load import measure_change, measure_load
from bench.memory import measure_memory
from bench.pages import measure_pages
from bench.points import measure_points
from bench.results import Row, write_results
from bench.servers import all_servers
from bench.sides import measure_sides
from bench.workplace import Graph
from kg.settings import PROJECT


def measure_all(folder: Path, small: int, large: int, queries: int, records: int) -> Iterator[Row]:
    """Every row, in the order in which the graphs are made."""
    few, many = Graph(folder, small), Graph(folder, large)
    yield measure_build(many)
    few.build()
    few.load()
    yield measure_engines(few, records)
    yield measure_load(many)
    yield measure_change(many)
    yield from measure_points(many, queries)
    yield measure_memory(many)
    yield measure_hostile(many)
    yield from measure_pages(few, many)


def main() -> None:
    """Read the command line, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that all runs")
    parser.add_argument("--folder", type=Path, default=PROJECT / "build" / "bench")
    parser.add_argument("--out", type=Path, help="file of the results")
    given = parser.parse_args()
    shutil.rmtree(given.folder, ignore_errors=True)
    given.folder.mkdir(parents=True)
    small, large, queries, records = (
        (100, 1000, 500, 50) if given.quick else (1000, 100_000, 4000, 500)
    )
    out = given.out or (given.folder if given.quick else PROJECT / "bench") / "RESULTS.md"
    rows = []
    for row in measure_all(given.folder, small, large, queries, records):
        print(f"{row.what}: {row.measured}, to hold: {row.hold}", flush=True)
        rows.append(row)
    many = Graph(given.folder, large)
    tables = measure_sides(many, all_servers(many), 3 if given.quick else 30)
    write_results(out, rows, tables, "make bench BENCH=--quick" if given.quick else "make bench")


if __name__ == "__main__":
    main()
