"""Write the answers anew: `python -m tests.queries.renew HOME`, HOME being a fresh `ssc4c build`.

Read the difference before you commit it; an answer that nobody read is worth nothing.
"""

import sys
from pathlib import Path

from kg.catalogue import read_query
from tests.queries.graphs import (
    CHECKS,
    COMPETENCY,
    FIXTURES,
    answer,
    find_all,
    fixture_of,
    fixture_store,
    shipped_store,
)


def renew(home: Path) -> None:
    """Write the answer beside each question, each fixture and each broken graph."""
    shipped = shipped_store(home)
    for path in COMPETENCY:
        path.with_suffix(".csv").write_bytes(answer(path, shipped))
        fixture = fixture_of(path)
        if fixture.exists():
            fixture.with_suffix(".csv").write_bytes(answer(path, fixture_store(fixture)))
    for path in CHECKS:
        fixture = FIXTURES / "checks" / f"{path.stem}.trig"
        found = find_all(read_query(path), fixture_store(fixture))
        fixture.with_suffix(".csv").write_bytes(found)


if __name__ == "__main__":
    renew(Path(sys.argv[1]))
