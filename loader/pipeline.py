"""The way in: items of a source are validated, compared with the journal, and written to it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Protocol

from kg.entries import Change, Head, Operation, Quarantined, now_utc
from kg.errors import BadInput
from kg.journal import Journal
from kg.records import Finding, Record
from loader.problems import RowProblem

BATCH: Final = 1000
"""Records that are validated together and written in one transaction."""

MOST_WITHDRAWN: Final = 10
"""Records that a full load may withdraw even if they are more than half of the source."""
TAKEN_IN: Final = "The rows of the file were taken in; `ssc4c publish` shows them. "

Item = Record | RowProblem


class Checked(Protocol):
    """A record with what validation found in it."""

    @property
    def record(self) -> Record:
        """The record."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Violations and warnings, sorted."""

    @property
    def accepted(self) -> bool:
        """Whether there is no violation among the findings."""


class Validating(Protocol):
    """Whatever can validate a batch of records."""

    def validate(self, records: Sequence[Record]) -> Sequence[Checked]:
        """One outcome for each record, in the same order."""


@dataclass
class LoadReport:
    """What a load did, or with a dry run would do."""

    source: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    quarantined: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    """Graph of each record set aside, with what was found in it."""
    warned: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    """Graph of each accepted record that has warnings."""
    problems: list[RowProblem] = field(default_factory=list)
    """Rows that could not be turned into records, and warnings about rows."""
    kept_back: int = 0
    """Withdrawals that were not made because rows could not be read."""
    created_kinds: Counter[str] = field(default_factory=Counter)
    """How many of the new records each kind has."""
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Graph of each record with findings to the file and row that it comes from."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Shape of a property, or property, to the column of a table that fills it."""
    is_dry: bool = False
    """Whether nothing was stored."""

    @property
    def errors(self) -> list[RowProblem]:
        """The problems that set a row aside."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was set aside."""
        return not self.quarantined and not self.errors

    def note(self, outcome: Checked, operation: Operation) -> None:
        """Count a record as new, changed or set aside, and keep what was found in it."""
        record, graph = outcome.record, outcome.record.graph.value
        if outcome.findings:
            self.places[graph] = (record.origin, record.row)
            (self.warned if outcome.accepted else self.quarantined)[graph] = outcome.findings
        if outcome.accepted:
            self.created += operation == "create"
            self.updated += operation == "update"
            self.created_kinds.update([record.kind] if operation == "create" else ())

    def to_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "source": self.source,
            "dry_run": self.is_dry,
            "created": self.created,
            "created_by_kind": dict(sorted(self.created_kinds.items())),
            "updated": self.updated,
            "unchanged": self.unchanged,
            "withdrawn": self.withdrawn,
            "withdrawals_kept_back": self.kept_back,
            "quarantined": _findings_json(self.quarantined),
            "warnings": _findings_json(self.warned),
            "places": {graph: list(place) for graph, place in self.places.items()},
            "problems": [problem.to_json() for problem in self.problems],
        }


@dataclass
class Load:
    """One run over the items of one source."""

    source: str
    journal: Journal
    validator: Validating
    by: str
    version: str
    dry_run: bool = False
    full: bool = False
    """Withdraw what the source said before and says no more."""
    on_batch: Callable[[int], None] = lambda count: None
    """Told how many items each finished batch had."""
    allow_many: bool = False
    """Withdraw however many records the source says no more."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Shape of a property, or property, to its column, for the report."""

    def run(self, items: Iterable[Item]) -> LoadReport:
        """Take in all items; each batch is one transaction."""
        report = LoadReport(self.source, columns=self.columns, is_dry=self.dry_run)
        seen: dict[str, str] = {}
        cleared: set[str] = set()
        for batch in batches(items, BATCH):
            records = self._first_sayings(batch, seen, report)
            problems = [item for item in batch if isinstance(item, RowProblem)]
            self._clear(batch, cleared)
            self._take(records, problems, report)
            self.on_batch(len(batch))
        if self.full:
            self._withdraw(seen, report)
        return report

    def _first_sayings(
        self, batch: Sequence[Item], seen: dict[str, str], report: LoadReport
    ) -> list[Record]:
        """The records of a batch; one said twice counts once, two that differ are a problem."""
        records: list[Record] = []
        for item in batch:
            if not isinstance(item, Record):
                continue
            before = seen.get(item.graph.value)
            if before is None:
                seen[item.graph.value] = item.digest
                records.append(item)
            elif before != item.digest:
                report.problems.append(_said_twice(item))
        return records

    def _clear(self, batch: Sequence[Item], cleared: set[str]) -> None:
        """Forget what earlier loads of these files set aside, once for each file."""
        origins = {item.origin if isinstance(item, Record) else item.file for item in batch}
        if not self.dry_run and (fresh := origins - cleared):
            self.journal.clear_quarantine(self.source, sorted(fresh))
        cleared |= origins

    def _take(
        self, records: Sequence[Record], problems: Sequence[RowProblem], report: LoadReport
    ) -> None:
        heads = self.journal.heads(graphs=[record.graph.value for record in records])
        fresh = [record for record in records if not _is_same(record, heads)]
        report.unchanged += len(records) - len(fresh)
        report.problems.extend(problems)
        changes, aside = self._sort(self.validator.validate(fresh), heads, report)
        aside += self._rows_aside(problems)
        if not self.dry_run and (changes or aside):
            self.journal.append(changes, by=self.by, version=self.version, quarantined=aside)

    def _sort(
        self, outcomes: Sequence[Checked], heads: dict[str, Head], report: LoadReport
    ) -> tuple[list[Change], list[Quarantined]]:
        """Accepted records become changes, the others go to quarantine."""
        changes, aside = [], []
        for outcome in outcomes:
            graph = outcome.record.graph.value
            operation = _operation(heads.get(graph))
            report.note(outcome, operation)
            if outcome.accepted:
                changes.append(Change.of(outcome.record, operation, outcome.findings))
            else:
                aside.append(self._quarantine_record(outcome))
        return changes, aside

    def _quarantine_record(self, outcome: Checked) -> Quarantined:
        record = outcome.record
        report = json.dumps([each.to_json() for each in outcome.findings], ensure_ascii=False)
        return Quarantined(
            record.graph.value, self.source, record.origin, record.content(), report, now_utc()
        )

    def _rows_aside(self, problems: Sequence[RowProblem]) -> list[Quarantined]:
        """One quarantine item for each row with an error, with all that is wrong with it."""
        rows: dict[str, list[RowProblem]] = {}
        for problem in problems:
            rows.setdefault(f"{problem.file}#row-{problem.row}", []).append(problem)
        return [
            Quarantined(
                item,
                self.source,
                found[0].file,
                None,
                json.dumps([problem.to_json() for problem in found], ensure_ascii=False),
                now_utc(),
            )
            for item, found in rows.items()
            if any(problem.severity == "error" for problem in found)
        ]

    def _withdraw(self, seen: dict[str, str], report: LoadReport) -> None:
        """Take away what this source no longer says, unless unread rows may still say it."""
        heads = self.journal.heads(source=self.source).values()
        there = [head for head in heads if head.operation != "withdraw"]
        gone = [head.graph for head in there if head.graph not in seen]
        if report.errors:
            report.kept_back = len(gone)
            return
        if not self.allow_many:
            self._refuse_many(len(gone), len(there), is_empty=not seen)
        report.withdrawn = len(gone)
        for part in batches(gone, BATCH) if not self.dry_run else ():
            changes = [Change.withdrawal(graph, self.source) for graph in part]
            self.journal.append(changes, by=self.by, version=self.version)

    def _refuse_many(self, gone: int, there: int, *, is_empty: bool) -> None:
        """Raise BadInput where a file can hardly be all that the source says."""
        if is_empty:
            reason = f"The file has no rows, so it is not all that the source {self.source} says."
        elif gone > MOST_WITHDRAWN and 2 * gone > there:
            reason = (
                f"The file lacks {gone:,} of the {there:,} records of the source {self.source}, "
                "which is more than half."
            )
        else:
            return
        taken = "" if is_empty or self.dry_run else TAKEN_IN
        raise BadInput(
            f"{reason} Nothing was withdrawn. {taken}"
            "If the source really says no more, add --allow-many-withdrawals."
        )


def batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of up to so many items, in order."""
    stream = iter(items)
    while part := list(islice(stream, size)):
        yield part


def _is_same(record: Record, heads: dict[str, Head]) -> bool:
    head = heads.get(record.graph.value)
    return bool(head and head.operation != "withdraw" and head.content_hash == record.digest)


def _operation(head: Head | None) -> Operation:
    return "create" if head is None or head.operation == "withdraw" else "update"


def _said_twice(record: Record) -> RowProblem:
    message = (
        f"{record.kind} {record.key!r} is described twice in this load, in different ways; "
        "the first description counts. Remove one of them."
    )
    return RowProblem(record.origin, 0, "", record.key, message)


def _findings_json(found: dict[str, tuple[Finding, ...]]) -> dict[str, list[dict[str, str]]]:
    return {graph: [finding.to_json() for finding in each] for graph, each in found.items()}
