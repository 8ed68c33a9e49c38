"""A problem tells its place, what is wrong, and the nearest known values."""

from loader.problems import RowProblem, shorten


def test_problem_reads_as_one_line() -> None:
    problem = RowProblem("a.csv", 7, "theme_keys", "helth", "“helth” is not known.", ("health",))

    assert str(problem) == "a.csv, row 7, column theme_keys: “helth” is not known. Nearest: health."
    assert str(RowProblem("a.csv", 0, "", "", "It is empty.")) == "a.csv: It is empty."


def test_problem_becomes_plain_values() -> None:
    problem = RowProblem("a.csv", 7, "key", "x", "No.", ("y",), "warning")

    assert problem.to_json() == {
        "file": "a.csv",
        "row": 7,
        "column": "key",
        "value": "x",
        "message": "No.",
        "candidates": ["y"],
        "severity": "warning",
    }


def test_long_values_are_cut() -> None:
    assert shorten("x" * 80) == "x" * 80
    assert shorten("x" * 81) == "x" * 79 + "…"
