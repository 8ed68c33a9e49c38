"""What is wrong with a row of a table, told to the person who keeps the table."""

from dataclasses import dataclass
from typing import Any, Literal

LONGEST_VALUE = 80
"""Characters of a value that are shown; the rest is cut off."""


class Misfit(ValueError):
    """A value that cannot be read or is not known, with advice and the nearest known values."""

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.candidates = candidates


@dataclass(frozen=True, order=True)
class RowProblem:
    """One problem in one place of a table; an error sets the row aside, a warning does not."""

    file: str
    row: int
    """As a spreadsheet counts: the header is row 1; 0 speaks of the whole file."""
    column: str
    value: str
    message: str
    candidates: tuple[str, ...] = ()
    severity: Literal["error", "warning"] = "error"

    def to_json(self) -> dict[str, Any]:
        """The problem as plain values."""
        return {**vars(self), "candidates": list(self.candidates)}

    def __str__(self) -> str:
        """One line for people: ``practices.csv, row 7, column theme_keys: …``."""
        row = f", row {self.row}" if self.row else ""
        column = f", column {self.column}" if self.column else ""
        nearest = f" Nearest: {'; '.join(self.candidates)}." if self.candidates else ""
        return f"{self.file}{row}{column}: {self.message}{nearest}"


def shorten(value: str) -> str:
    """The value, cut where it is too long to be shown."""
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
