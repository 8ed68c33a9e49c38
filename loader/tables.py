"""Rows out of the bytes of a CSV file, however a spreadsheet wrote it.

Comma, semicolon and tab are told apart by the header; a byte order mark is skipped. What cannot be
read as a table at all raises `BadInput`; a single row that cannot be read becomes a `RowProblem`.
"""

import codecs
import csv
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from kg.errors import BadInput
from loader.problems import RowProblem, shorten

LONGEST_CELL: Final = 131_072
"""Characters that one cell may have: the bound of Python's csv module."""
LONGEST_LINE: Final = 16 << 20
"""Bytes that one line may have."""
_NAMES: Final = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
_FOREIGN: Final = {
    b"PK\x03\x04": "It is a spreadsheet (XLSX, ODS) or a ZIP archive. Save the sheet as CSV.",
    b"%PDF": "It is a PDF.",
    b"\xff\xfe": "It is UTF-16 text. Save it as “CSV UTF-8”.",
    b"\xfe\xff": "It is UTF-16 text. Save it as “CSV UTF-8”.",
    b"\xd0\xcf\x11\xe0": "It is an old spreadsheet (XLS). Save the sheet as CSV.",
}


@dataclass(frozen=True)
class Row:
    """A row: its number as a spreadsheet counts (the header is 1), and its cells in order."""

    number: int
    cells: list[str]


@dataclass
class Table:
    """A header and its rows, read from an open file; `rows` may be asked for more than once."""

    name: str
    header: tuple[str, ...]
    delimiter: str
    stream: BinaryIO = field(repr=False)

    def rows(self) -> Iterator[Row | RowProblem]:
        """Each row below the header; blank lines are skipped."""
        before = _state(self.stream)
        self.stream.seek(0)
        yield from _Reader(self).rows()
        if _state(self.stream) != before:
            raise BadInput(f"{self.name} was changed while it was read. Load it again.")


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """The table in a file, open as long as the block lasts; raises BadInput."""
    try:
        with path.open("rb") as stream:
            yield _start_table(path.name, stream)
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder. Name one CSV file in it.") from None
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist (or was removed meanwhile).") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}.") from None


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table of our own, by column; raises BadInput at a row that cannot be read."""
    with open_table(path) as table:
        for row in table.rows():
            if isinstance(row, RowProblem):
                raise BadInput(str(row))
            yield dict(zip(table.header, row.cells, strict=True))


def _start_table(name: str, stream: BinaryIO) -> Table:
    start = stream.read(8)
    if not start.removeprefix(codecs.BOM_UTF8).strip():
        _refuse_if_empty(name, stream)
    for magic, advice in _FOREIGN.items():
        if start.startswith(magic):
            raise BadInput(f"{name} is not a CSV file. {advice}")
    stream.seek(0)
    first = next((line for line in _read_lines(name, stream) if line.strip()), "")
    delimiter = sniff_delimiter(first)
    table = Table(name, (), delimiter, stream)
    stream.seek(0)
    header = _Reader(table).read_header()
    return Table(name, header, delimiter, stream)


def _refuse_if_empty(name: str, stream: BinaryIO) -> None:
    while block := stream.read(1 << 16):
        if block.strip():
            return
    raise BadInput(f"{name} is empty. The first row must name the columns.")


def sniff_delimiter(header: str) -> str:
    """The character between columns: the one most frequent in the header, outside quotes."""
    outside = "".join(header.split('"')[::2])
    return max(_NAMES, key=outside.count)


def _state(stream: BinaryIO) -> tuple[int, int]:
    status = os.fstat(stream.fileno())
    return status.st_size, status.st_mtime_ns


def _read_lines(name: str, stream: BinaryIO) -> Iterator[str]:
    """Decoded lines with their ends; raises BadInput at bytes that are not UTF-8 text."""
    position = 0
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            raise BadInput(
                f"{name}, line {number}: The line is longer than {LONGEST_LINE:,} bytes."
            )
        text = _decode(name, line, position, number)
        position += len(line)
        if "\r" in text[:-2]:
            yield from io.StringIO(text, newline="")
        else:
            yield text


def _decode(name: str, line: bytes, position: int, number: int) -> str:
    if b"\0" in line:
        place = position + line.index(b"\0")
        raise BadInput(
            f"{name}, line {number}: A NUL byte at byte {place:,}. This is not text; "
            "export the table again as “CSV UTF-8”."
        )
    try:
        return line.decode("utf-8-sig" if position == 0 else "utf-8")
    except UnicodeDecodeError as error:
        near = line[max(0, error.start - 20) : error.start + 20].decode("cp1252", "replace").strip()
        raise BadInput(
            f"{name}, line {number}: Byte {position + error.start:,} (0x{line[error.start]:02X}) "
            f"is not UTF-8, near “{near}”. Save the table as “CSV UTF-8”."
        ) from None


class _Reader:
    """Rows of one pass through a file, with the lines of the row at hand kept for messages."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._number = 0
        self._lines: list[str] = []
        self._rows = csv.reader(self._keep_lines(), delimiter=table.delimiter, strict=True)

    def _keep_lines(self) -> Iterator[str]:
        for line in _read_lines(self._table.name, self._table.stream):
            self._lines.append(line)
            yield line

    def read_header(self) -> tuple[str, ...]:
        """The names of the columns: the first row that is not blank."""
        cells = next(self._next_rows(), [])
        names = [name.strip() for name in cells] if isinstance(cells, list) else []
        while names and not names[-1]:
            names.pop()
        if fault := _header_fault(names):
            raise BadInput(f"{self._table.name}, row {self._number}: {fault}")
        return tuple(names)

    def rows(self) -> Iterator[Row | RowProblem]:
        """Each row below the header."""
        width = len(self.read_header())
        for cells in self._next_rows():
            if isinstance(cells, RowProblem):
                yield cells
            elif len(cells) == width:
                yield Row(self._number, cells)
            else:
                yield self._fit(cells, width)

    def _fit(self, cells: list[str], width: int) -> Row | RowProblem:
        """The row without empty cells past its end, or what is wrong with it."""
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            return Row(self._number, cells[:width])
        return RowProblem(
            self._table.name,
            self._number,
            "",
            shorten(self._table.delimiter.join(cells)),
            f"The row has {len(cells)} cell{'s' * (len(cells) != 1)}, the header has {width} "
            f"columns. A cell that holds {_NAMES[self._table.delimiter]} must stand in double "
            "quotes.",
        )

    def _next_rows(self) -> Iterator[list[str] | RowProblem]:
        """Cells of each row that is not blank, or what is wrong with the row."""
        while True:
            self._lines.clear()
            self._number += 1
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._explain(str(error))
                continue
            if any(cells) and (len(cells) > 1 or cells[0].strip()):
                yield cells

    def _explain(self, error: str) -> RowProblem:
        """Why one row is left out; raises BadInput where the rows after it cannot be told apart."""
        text = "".join(self._lines)
        is_long = "field limit" in error
        place, start = _find_bad_cell(text, self._table.delimiter, is_long)
        column = dict(enumerate(self._table.header)).get(place, "")
        if is_long:
            message = (
                f"A cell has more than {LONGEST_CELL:,} characters. Shorten it, or give the "
                "address where the text stands."
            )
        else:
            message = (
                f"The cell that begins with {shorten(_first_line(text[start:]))} has a double "
                "quote that is not closed or is followed by text. A quote inside a cell is written "
                "twice, in a quoted cell."
            )
        if len(self._lines) == 1 and self._lines[0].count('"') % 2 == 0:
            return RowProblem(self._table.name, self._number, column, "", message)
        number = self._rows.line_num - len(self._lines) + 1 + text.count("\n", 0, start)
        where = f", column {column}" if column else ""
        raise BadInput(f"{self._table.name}, line {number}{where}: {message}")


def _header_fault(names: list[str]) -> str:
    if not names:
        return "There is no header. The first row must name the columns."
    if not all(names):
        return f"Column {names.index('') + 1} has no name. Each column needs a name of its own."
    twice = next((name for name in names if names.count(name) > 1), "")
    return f"The column {twice} stands twice. Each column needs a name of its own." if twice else ""


def _find_bad_cell(text: str, delimiter: str, is_long: bool) -> tuple[int, int]:
    """The cell that is too long, or whose quote does not end well: its column and its start."""
    quoted = re.compile(rf'"[^"]*+(?:""[^"]*+)*+"(?=[{delimiter}\r\n]|\Z)')
    plain = re.compile(rf"[^{delimiter}\r\n]*+")
    column = start = 0
    while start < len(text):
        cell = (quoted if text[start] == '"' else plain).match(text, start)
        if cell is None or (is_long and cell.end() - start > LONGEST_CELL):
            break
        start = cell.end() + 1
        column += 1
    return column, start


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0].strip()
