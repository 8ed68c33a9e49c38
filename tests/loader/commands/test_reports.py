"""The report for people names places in the table, and reasons without warnings beside them."""

import pytest

from kg.records import Finding
from loader.commands.reports import print_report
from loader.pipeline import LoadReport
from loader.problems import RowProblem

GRAPH = "https://w3id.org/ssc4c/graph/partner/initiative/x"
THING = "<https://w3id.org/ssc4c/id/initiative/x>"
YEAR = '"2010"^^<http://www.w3.org/2001/XMLSchema#gYear>'


def finding(shape: str, severity: str, value: str, message: str) -> Finding:
    return Finding(THING, "", shape, severity, value, message)  # type: ignore[arg-type]


def test_record_set_aside_is_told_by_file_row_column_and_violation(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    found = (
        finding("shape:end", "Violation", YEAR, "It ends before it starts."),
        finding("shape:rule", "Violation", THING, "It contradicts itself."),
        finding("shape:text", "Warning", "", "A summary would help."),
    )
    report = LoadReport("partner", columns={"shape:end": "end_year"})
    report.quarantined[GRAPH] = found
    report.places[GRAPH] = ("p.csv", 7)

    print_report(report)

    lines = [
        [cell.strip() for cell in line.split("│")[1:-1]]
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("│")
    ]
    assert lines == [
        ["p.csv", "7", "end_year", "2010", "partner/initiative/x", "It ends before it starts."],
        ["p.csv", "7", "", "", "partner/initiative/x", "It contradicts itself."],
    ]


def test_warnings_tell_where_they_begin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    report = LoadReport("partner", columns={"shape:text": "summary"})
    for row in range(2, 7):
        report.warned[f"{GRAPH}-{row}"] = (finding("shape:text", "Warning", "", "Tell more."),)
        report.places[f"{GRAPH}-{row}"] = ("p.csv", row)

    print_report(report)

    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    assert [cell.strip() for cell in line.split("│")[1:-1]] == [
        "5",
        "p.csv 2, 3, 4, …",
        "summary",
        "Tell more.",
    ]


def test_unknown_columns_come_first_and_a_dry_run_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = LoadReport("partner", created=3, is_dry=True)
    report.created_kinds.update(initiative=1, publication=2)
    message = "The column is not known."
    report.problems.append(RowProblem("p.csv", 1, "form_key", "", message, ("form",), "warning"))

    print_report(report)

    told = capsys.readouterr()
    first, second, *_ = " ".join(told.err.split()).split(" partner: ")
    assert first == (
        "Warning: p.csv, row 1, column form_key: The column is not known. Nearest: form."
    )
    assert second.startswith("3 new (initiative: 1, publication: 2), 0 changed")
    assert second.endswith("Dry run: nothing was stored.")
    assert told.out == ""
