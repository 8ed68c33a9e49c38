"""Questions with checked answers, which every client must get."""

import csv
from pathlib import Path
from typing import Final

from kg.catalogue import read_query
from kg.settings import PROJECT

_FOLDER: Final = PROJECT / "queries" / "competency"
_PAIRS: Final = _FOLDER / "cq-07-country-pairs-on-a-theme.rq"

PAIRS: Final = read_query(_PAIRS).bind(read_query(_PAIRS).parameters)
"""Who exchanged with whom on water and sanitation: names, counts and years."""
BRAZIL: Final = "https://w3id.org/ssc4c/id/country/BRA"
CONSTRUCT: Final = f"CONSTRUCT WHERE {{ <{BRAZIL}> ?p ?o }}"
DESCRIBE: Final = f"DESCRIBE <{BRAZIL}>"
ASK: Final = f"ASK {{ <{BRAZIL}> ?p ?o }}"


def checked_rows(path: Path = _PAIRS) -> list[dict[str, str]]:
    """The rows of the answer that is kept beside a question."""
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def without_gaps(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows as JSON has them: what is unbound is left out."""
    return [{name: value for name, value in row.items() if value} for row in rows]
