"""A load's report for people: columns left out, counts, what needs a hand, in plain words."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from kg.namespaces import GRAPH
from kg.records import Finding
from loader.commands.output import print_table, say
from loader.commands.terms import show_term
from loader.pipeline import LoadReport
from loader.problems import RowProblem

_SHOWN: Final = 50
"""Rows of a table of problems; the rest is counted and found with --json."""
_PLACES: Final = 3
"""Places that are shown for each kind of warning."""
_HEADER: Final = 1
"""Row of the names of the columns."""


def print_report(report: LoadReport) -> None:
    """Columns, counts, rows that could not be read, records set aside, and warnings summed up."""
    for problem in report.problems:
        if problem.row == _HEADER:
            say(f"{'Warning' if problem.severity == 'warning' else 'Error'}: {problem}")
    say(_count(report))
    if report.is_dry:
        say("Dry run: nothing was stored.")
    if report.kept_back:
        say(
            f"{report.kept_back:,} records are not in the file any more. They were not withdrawn, "
            "since some rows could not be read and may be the same; mend those rows first."
        )
    _print_problems([problem for problem in report.problems if problem.row != _HEADER])
    _print_quarantined(report)
    _print_warnings(report)


def _count(report: LoadReport) -> str:
    kinds = ", ".join(f"{kind}: {count:,}" for kind, count in sorted(report.created_kinds.items()))
    return (
        f"{report.source}: {report.created:,} new{f' ({kinds})' if kinds else ''}, "
        f"{report.updated:,} changed, "
        f"{report.unchanged:,} as before, {report.withdrawn:,} withdrawn, "
        f"{len(report.quarantined) + _rows(report):,} set aside, "
        f"{len(report.warned):,} with warnings."
    )


def _rows(report: LoadReport) -> int:
    return len({(problem.file, problem.row) for problem in report.errors})


def _print_problems(problems: list[RowProblem]) -> None:
    if not problems:
        return
    rows = [
        (
            problem.file,
            problem.row or "",
            problem.column,
            problem.value,
            problem.message + _nearest(problem.candidates),
        )
        for problem in problems[:_SHOWN]
    ]
    print_table("Rows to look at", ("file", "row", "column", "value", "what to do"), rows)
    _say_rest(len(problems))


def _nearest(candidates: tuple[str, ...]) -> str:
    return f" Nearest: {'; '.join(candidates)}." if candidates else ""


def _print_quarantined(report: LoadReport) -> None:
    if not report.quarantined:
        return
    found = [
        (graph, finding)
        for graph, findings in report.quarantined.items()
        for finding in findings
        if finding.severity == "Violation"
    ]
    rows = [_tell(report, graph, finding) for graph, finding in found[:_SHOWN]]
    columns = ("file", "row", "column", "value", "record", "why")
    print_table("Records set aside", columns, rows)
    _say_rest(len(found))


def _tell(report: LoadReport, graph: str, finding: Finding) -> tuple[object, ...]:
    """A violation with its place in the table, as far as it is known."""
    file, row = report.places.get(graph, ("", 0))
    value = "" if finding.value == finding.focus else show_term(finding.value)
    return (
        file,
        row or "",
        _column(report, finding),
        value,
        graph.removeprefix(GRAPH),
        finding.message,
    )


def _column(report: LoadReport, finding: Finding) -> str:
    by_path = report.columns.get(finding.path.strip("<>"), "")
    return report.columns.get(finding.shape, by_path)


def _print_warnings(report: LoadReport) -> None:
    if not report.warned:
        return
    graphs: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for graph, findings in report.warned.items():
        for finding in findings:
            graphs[_column(report, finding), finding.message][graph] += 1
    told = sorted(graphs.items(), key=lambda each: -each[1].total())
    rows = [
        (f"{counts.total():,}", _where(report, counts), column, message)
        for (column, message), counts in told
    ]
    columns = ("times", "where", "column", "warning")
    print_table("Warnings: accepted, worth another look", columns, rows)


def _where(report: LoadReport, graphs: Iterable[str]) -> str:
    """The first places of some records: ``mine.csv 2, 3, 7, …``."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for graph in graphs:
        file, row = report.places.get(graph, ("", 0))
        rows[file].append(row)
    return "\n".join(
        f"{file} {', '.join(map(str, sorted(filter(None, each))[:_PLACES]))}"
        + (", …" if len(each) > _PLACES else "")
        for file, each in sorted(rows.items())
    ).strip()


def _say_rest(count: int) -> None:
    if count > _SHOWN:
        say(f"… and {count - _SHOWN:,} more; --json lists all of them.")
