"""A load's report for people: counts first, then what needs a hand, in plain words."""

from collections import Counter
from typing import Final

from kg.namespaces import GRAPH
from kg.records import Finding
from loader.commands.output import print_table, say
from loader.pipeline import LoadReport

_SHOWN: Final = 50
"""Rows of a table of problems; the rest is counted and found with --json."""


def print_report(report: LoadReport) -> None:
    """Counts, rows that could not be read, records set aside, and warnings summed up."""
    say(
        f"{report.source}: {report.created:,} new, {report.updated:,} changed, "
        f"{report.unchanged:,} as before, {report.withdrawn:,} withdrawn, "
        f"{len(report.quarantined) + _rows(report):,} set aside, "
        f"{len(report.warned):,} with warnings."
    )
    if report.kept_back:
        say(
            f"{report.kept_back:,} records are not in the file any more. They were not withdrawn, "
            "since some rows could not be read and may be the same; mend those rows first."
        )
    _print_problems(report)
    _print_quarantined(report)
    _print_warnings(report)


def _rows(report: LoadReport) -> int:
    return len({(problem.file, problem.row) for problem in report.errors})


def _print_problems(report: LoadReport) -> None:
    if not report.problems:
        return
    rows = [
        (
            problem.file,
            problem.row or "",
            problem.column,
            problem.value,
            problem.message + _nearest(problem.candidates),
        )
        for problem in report.problems[:_SHOWN]
    ]
    print_table("Rows to look at", ("file", "row", "column", "value", "what to do"), rows)
    _say_rest(len(report.problems))


def _nearest(candidates: tuple[str, ...]) -> str:
    return f" Nearest: {'; '.join(candidates)}." if candidates else ""


def _print_quarantined(report: LoadReport) -> None:
    if not report.quarantined:
        return
    rows = [
        (graph.removeprefix(GRAPH), "\n".join(map(_sentence, findings)))
        for graph, findings in list(report.quarantined.items())[:_SHOWN]
    ]
    print_table("Records set aside", ("record", "why"), rows)
    _say_rest(len(report.quarantined))


def _sentence(finding: Finding) -> str:
    value = f" (found: {finding.value})" if finding.value else ""
    return finding.message + value


def _print_warnings(report: LoadReport) -> None:
    if not report.warned:
        return
    counts = Counter(finding.message for each in report.warned.values() for finding in each)
    rows = [(f"{count:,}", message) for message, count in counts.most_common()]
    print_table("Warnings: accepted, worth another look", ("records", "warning"), rows)


def _say_rest(count: int) -> None:
    if count > _SHOWN:
        say(f"… and {count - _SHOWN:,} more; --json lists all of them.")
