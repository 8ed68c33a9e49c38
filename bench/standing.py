"""Rows of pages and searches, measured on two graphs that were made before: that takes long."""

import argparse
from pathlib import Path

from bench.pages import measure_pages
from bench.results import write_results
from bench.search import measure_search
from bench.workplace import Graph
from kg.settings import PROJECT


def main() -> None:
    """Measure on two graphs that are there already, and write the rows among the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.standing", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="where the graphs are, as `bench.workplace` has")
    parser.add_argument("--few", type=int, default=1000)
    parser.add_argument("--many", type=int, default=400_000)
    given = parser.parse_args()
    few, many = (Graph(given.folder, count) for count in (given.few, given.many))
    rows = [*measure_pages(few, many), *measure_search(few, many)]
    for row in rows:
        print(f"{row.what}: {row.measured}, to hold: {row.hold}")
    write_results(PROJECT / "bench", rows, [], "python -m bench.standing")


if __name__ == "__main__":
    main()
