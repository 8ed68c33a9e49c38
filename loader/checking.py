"""Checks files against the shapes without a journal: what `ssc4c validate` does."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.records import Record
from kg.reference import ReferenceGraph
from loader.forms import columns_by_iri
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
    report = LoadReport(CHECKED, columns=columns_by_iri(lookup.forms), is_dry=True)
    for batch in batches(_items(files, lookup), BATCH):
        report.problems += [item for item in batch if isinstance(item, RowProblem)]
        records = [item for item in batch if isinstance(item, Record)]
        for outcome in validator.validate(records):
            report.note(outcome, "create")
    return report


def _items(files: Sequence[Path], lookup: Lookup) -> Iterator[Record | RowProblem]:
    for file in files:
        yield from read_source(file, CHECKED, lookup)


def _reference(project: Path, lookup: Lookup) -> ReferenceGraph:
    ground = ("vocabulary", "reference")
    items = (item for each in ground for item in read_project_source(project, each, lookup))
    return ReferenceGraph(item.content() for item in items if isinstance(item, Record))
