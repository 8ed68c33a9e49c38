"""Small tables for tests: a good row of practices, and ways to change it."""

from collections.abc import Iterable
from pathlib import Path

from kg.records import Record
from loader.problems import RowProblem
from loader.sources import Lookup, read_source

COLUMNS = (
    "id",
    "kind",
    "title",
    "summary",
    "start_year",
    "end_year",
    "origin_country",
    "provider_countries",
    "theme_keys",
    "sdg_targets_assigned",
    "lead_organisations",
    "budget_usd",
    "source_urls",
    "source_titles",
)
GOOD = {
    "id": "school-garden",
    "kind": "practice",
    "title": "School gardens",
    "summary": "Pupils grow food.",
    "start_year": "2010",
    "origin_country": "BRA",
    "theme_keys": "nutrition",
    "sdg_targets_assigned": "2.1",
    "source_urls": "https://a.org/x",
    "source_titles": "A page",
}


def write_table(path: Path, *changes: dict[str, str], columns: Iterable[str] = COLUMNS) -> Path:
    """A table of practices: the good row, changed in each of these ways."""
    rows = [{**GOOD, **change} for change in changes]
    lines = [",".join(columns)]
    lines += [",".join(_quote(row.get(column, "")) for column in columns) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _quote(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n') else cell


def read_table(
    path: Path, lookup: Lookup, source: str = "partner"
) -> tuple[list[Record], list[RowProblem]]:
    """Records without the cited pages, and problems."""
    items = list(read_source(path, source, lookup))
    records = [item for item in items if isinstance(item, Record)]
    problems = [item for item in items if isinstance(item, RowProblem)]
    return [record for record in records if record.kind != "publication"], problems
