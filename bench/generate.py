"""Synthetic practices: rows in the form of `data/practices/practices.csv`, as many as one asks for.

Each row joins parts of several shipped rows: who worked with whom from one, themes and targets from
another, texts from a third. So countries, actors, themes and gaps are spread as in the real data.
Keys and titles begin with `bench-` and sources are example.org, so nobody takes a row for a fact.
"""

import argparse
import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from kg.settings import PROJECT

Row = dict[str, str]

SHIPPED: Final = PROJECT / "data" / "practices" / "practices.csv"
PARTS: Final = (
    (
        "type",
        "provider_countries",
        "beneficiary_countries",
        "facilitating_partners",
        "lead_organisations",
        "other_actors",
        "modality",
        "kind",
        "form",
        "origin_country",
    ),
    ("themes", "sdg_targets_stated", "sdg_targets_assigned", "theme_keys", "population_keys"),
    ("instruments", "instrument_keys"),
    ("start_year", "end_year"),
    ("summary",),
    ("beneficiaries_stated", "results_stated"),
    ("budget_usd",),
    ("confidence",),
)
"""Columns that only make sense together are taken from one shipped row."""
ROWS_PER_SOURCE: Final = 20
"""So many synthetic rows share a source page, as the rows of one annual report would."""
LEAN: Final = (
    "id",
    "title",
    "summary",
    "kind",
    "start_year",
    "origin_country",
    "provider_countries",
    "theme_keys",
    "instrument_keys",
    "sdg_targets_assigned",
    "adapted_from",
    "source_urls",
    "source_titles",
)
"""Columns of a lean row, each with one value: about 18 triples."""
ANCESTORS: Final = 200
"""An adaptation adapts one of the last so many practices."""


def read_rows(path: Path = SHIPPED) -> list[Row]:
    """The rows of a CSV file, every cell as text."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def generate_rows(count: int, seed: int, shipped: Sequence[Row]) -> Iterator[Row]:
    """So many synthetic rows; the same seed gives the same rows."""
    dice = random.Random(seed)
    practices: list[str] = []
    for number in range(count):
        row = _mix(dice, shipped)
        while row["kind"] == "adaptation" and not practices:
            row = _mix(dice, shipped)
        key = f"bench-{row['kind']}-{seed}-{number}"
        row |= _identity(key, row, number)
        if row["kind"] == "adaptation":
            row["adapted_from"] = dice.choice(practices[-ANCESTORS:])
        if row["kind"] == "practice":
            practices.append(key)
        yield row


def make_lean(row: Row) -> Row:
    """The row with fewer columns, and one value where the shipped rows have several."""
    return {
        column: row[column].partition(";")[0] if column != "summary" else row[column]
        for column in LEAN
    }


def _mix(dice: random.Random, shipped: Sequence[Row]) -> Row:
    row = dict.fromkeys(shipped[0], "")
    for part in PARTS:
        model = dice.choice(shipped)
        row |= {column: model[column] for column in part}
    return row


def _identity(key: str, row: Row, number: int) -> Row:
    page = number // ROWS_PER_SOURCE
    theme = row["themes"].partition(";")[0] or "cooperation"
    return {
        "id": key,
        "title": f"{key}: {theme}",
        "summary": f"bench- {row['summary']}",
        "source_urls": f"https://example.org/bench/report-{page}",
        "source_titles": f"bench- report {page}",
    }


def write_rows(path: Path, rows: Iterator[Row], columns: Sequence[str]) -> None:
    """Write rows as the shipped file is written."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_practices(path: Path, count: int, seed: int = 1, *, lean: bool = False) -> Path:
    """A file of so many synthetic practices, rich as the shipped rows or lean; the path."""
    shipped = read_rows()
    rows = generate_rows(count, seed, shipped)
    if lean:
        write_rows(path, map(make_lean, rows), LEAN)
    else:
        write_rows(path, rows, list(shipped[0]))
    return path


def main() -> None:
    """Read the command line and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("count", type=int, help="number of rows")
    parser.add_argument("path", type=Path, help="file to write")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lean", action="store_true", help="about 18 triples a row")
    given = parser.parse_args()
    write_practices(given.path, given.count, given.seed, lean=given.lean)


if __name__ == "__main__":
    main()
