"""Checks files against the shapes without a journal: what `ssc4c validate` does."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.records import Finding, Record
from kg.reference import ReferenceGraph
from loader.pipeline import BATCH, LoadReport, batches
from loader.problems import RowProblem
from loader.sources import read_lookup, read_project_source, read_source
from loader.sources.lookup import Lookup
from loader.validation import Validator

CHECKED = "checked"
"""The source under which records of files that are only checked stand."""


def check_files(project: Path, files: Sequence[Path], engine: str) -> LoadReport:
    """What loading these files into an empty graph would find; reference data is the project's."""
    lookup = read_lookup(project)
    validator = Validator(project / "shapes", _reference(project, lookup), engine)
    report = LoadReport(CHECKED)
    for batch in batches(_items(files, lookup), BATCH):
        report.problems += [item for item in batch if isinstance(item, RowProblem)]
        records = [item for item in batch if isinstance(item, Record)]
        for outcome in validator.validate(records):
            _note(report, outcome.record, outcome.findings, outcome.accepted)
    return report


def _items(files: Sequence[Path], lookup: Lookup) -> Iterator[Record | RowProblem]:
    for file in files:
        yield from read_source(file, CHECKED, lookup)


def _note(
    report: LoadReport, record: Record, findings: tuple[Finding, ...], accepted: bool
) -> None:
    graph = record.graph.value
    if not accepted:
        report.quarantined[graph] = findings
        return
    report.created += 1
    if findings:
        report.warned[graph] = findings


def _reference(project: Path, lookup: Lookup) -> ReferenceGraph:
    ground = ("vocabulary", "reference")
    items = (item for each in ground for item in read_project_source(project, each, lookup))
    return ReferenceGraph(item.content() for item in items if isinstance(item, Record))
