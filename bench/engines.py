"""Row: the bulk SHACL engine against pyshacl, all real rules, the same records."""

import time
from collections.abc import Sequence
from unittest.mock import patch

import rdflib

from bench.generate import write_practices
from bench.results import Row
from bench.workplace import SOURCE, Graph
from kg.journal import Journal
from kg.records import Record
from kg.settings import Settings
from loader.building import Workshop
from loader.sources import read_source
from loader.validation import Outcome, engines

MANY = 10_000
"""The bulk engine validates so many records, so that its time can be told from its start."""


def measure_engines(graph: Graph, few: int) -> Row:
    """Validate the same first records with both, and many with the bulk engine alone.

    pyshacl is measured as it comes, and with the help that our own wrapper gives it.
    """
    settings = Settings(home=graph.home)
    with Journal(settings.journal) as journal:
        records = _records(Workshop(settings, journal), graph)
        bulk, bulk_found = _validate(Workshop(settings, journal, "shacl"), records[:few])
        tuned, _ = _validate(Workshop(settings, journal, "pyshacl"), records[:few])
        with patch.object(engines, "_graph_class", lambda: rdflib.Graph):
            slow, slow_found = _validate(Workshop(settings, journal, "pyshacl"), records[:few])
        many, _ = _validate(Workshop(settings, journal, "shacl"), records)
    ratio = slow / bulk
    agree = [each.findings for each in bulk_found] == [each.findings for each in slow_found]
    return Row(
        "validation with all rules, batched, against pyshacl on the same records",
        "100 times or more",
        f"{ratio:.0f} times",
        ratio >= 100 and agree,
        f"{few:,} records in one run: {bulk * 1000 / few:.2f} against "
        f"{slow * 1000 / few:.1f} ms a record; their findings "
        f"{'are the same' if agree else 'DIFFER'}. With each SPARQL rule parsed once for it, as "
        f"`--engine pyshacl` does, pyshacl takes {tuned * 1000 / few:.1f} ms "
        f"({tuned / bulk:.0f} times). {len(records):,} records by the bulk engine: "
        f"{many * 1000 / len(records):.2f} ms a record.",
    )


def _records(workshop: Workshop, graph: Graph) -> list[Record]:
    path = write_practices(graph.folder / "practices-engines.csv", MANY, seed=2)
    items = read_source(path, SOURCE, workshop.lookup)
    return [item for item in items if isinstance(item, Record)]


def _validate(workshop: Workshop, records: Sequence[Record]) -> tuple[float, list[Outcome]]:
    validator = workshop.validator()
    one_of_each = {record.kind: record for record in records}
    validator.validate(list(one_of_each.values()))  # shapes are read once, before the clock starts
    start = time.perf_counter()
    outcomes = list(validator.validate(records))
    return time.perf_counter() - start, outcomes
