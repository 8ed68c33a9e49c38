"""Rows come out of a table however it was written; what cannot be read says so in plain words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import BadInput
from loader.problems import RowProblem
from loader.tables import LONGEST_CELL, Row, open_table, read_rows, sniff_delimiter

TOO_LONG = (
    "A cell has more than 131,072 characters. "
    "Shorten it, or give the address where the text stands."
)
HEADER = "key,title,themes\n"


def read(path: Path) -> list[Row | RowProblem]:
    with open_table(path) as table:
        return list(table.rows())


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_rows_are_the_same_however_a_spreadsheet_wrote_them(
    tmp_path: Path, delimiter: str, end: str, start: str
) -> None:
    lines = [["key", "title", "themes"], ["a", '"say ""hi"", x"', '"health;water"']]
    text = start + end.join(delimiter.join(cells) for cells in lines)

    rows = read(write(tmp_path, text))

    assert rows == [Row(2, ["a", 'say "hi", x', "health;water"])]


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_reading_never_crashes_on_any_text(cells: list[list[str]]) -> None:
    import tempfile

    text = "a,b\n" + "\n".join(",".join(row) for row in cells)
    with tempfile.TemporaryDirectory() as folder:
        try:
            rows = read(write(Path(folder), text.encode("utf-8", "surrogatepass")))
        except BadInput:
            return
        assert all(isinstance(row, Row | RowProblem) for row in rows)


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path: Path) -> None:
    rows = read(write(tmp_path, HEADER + 'a,"two\nlines",x\n\nb,B,y\n'))

    assert rows == [Row(2, ["a", "two\nlines", "x"]), Row(4, ["b", "B", "y"])]


def test_semicolons_in_cells_do_not_decide_the_delimiter() -> None:
    assert sniff_delimiter('key,title,"a;b;c;d"\n') == ","
    assert sniff_delimiter("key\n") == ","


def test_row_with_too_few_or_too_many_cells_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    rows = read(write(tmp_path, HEADER + "a,b\nc,d,e,,\nf,g,h,i\nj,k,l\n"))

    advice = "A cell that holds a comma must stand in double quotes."
    assert rows == [
        RowProblem(
            "table.csv", 2, "", "a,b", f"The row has 2 cells, the header has 3 columns. {advice}"
        ),
        Row(3, ["c", "d", "e"]),
        RowProblem(
            "table.csv",
            4,
            "",
            "f,g,h,i",
            f"The row has 4 cells, the header has 3 columns. {advice}",
        ),
        Row(5, ["j", "k", "l"]),
    ]


def test_cell_of_five_megabytes_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    rows = read(write(tmp_path, f"{HEADER}a,{'x' * 5_000_000},c\nd,e,f\n"))

    assert rows == [RowProblem("table.csv", 2, "title", "", TOO_LONG), Row(3, ["d", "e", "f"])]


def test_cell_at_the_bound_is_read(tmp_path: Path) -> None:
    rows = read(write(tmp_path, f"{HEADER}a,{'x' * LONGEST_CELL},c\n"))

    assert rows == [Row(2, ["a", "x" * LONGEST_CELL, "c"])]


def test_text_after_a_closing_quote_sets_one_row_aside(tmp_path: Path) -> None:
    rows = read(write(tmp_path, HEADER + 'a,"b" c,d\ne,f,g\n'))

    message = (
        'The cell that begins with "b" c,d has a double quote that is not closed or is followed '
        "by text. A quote inside a cell is written twice, in a quoted cell."
    )
    assert rows == [RowProblem("table.csv", 2, "title", "", message), Row(3, ["e", "f", "g"])]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "table.csv is empty. The first row must name the columns."),
        (b" \n\r\n \n", "table.csv is empty. The first row must name the columns."),
        (b"\xef\xbb\xbf", "table.csv is empty. The first row must name the columns."),
        (
            b"PK\x03\x04 and so on",
            "table.csv is not a CSV file. It is a spreadsheet (XLSX, ODS) or a ZIP archive. "
            "Save the sheet as CSV.",
        ),
        (
            "key,title\n".encode("utf-16"),
            "table.csv is not a CSV file. It is UTF-16 text. Save it as “CSV UTF-8”.",
        ),
        (
            b"key,title\na,C\xf4te\n",
            "table.csv, line 2: Byte 13 (0xF4) is not UTF-8, near “a,Côte”. "
            "Save the table as “CSV UTF-8”.",
        ),
        (
            b"key,title\na,\0b\n",
            "table.csv, line 2: A NUL byte at byte 12. This is not text; "
            "export the table again as “CSV UTF-8”.",
        ),
        (
            b"key,title,key\n",
            "table.csv, row 1: The column key stands twice. Each column needs a name of its own.",
        ),
        (
            b"key,,title\n",
            "table.csv, row 1: Column 2 has no name. Each column needs a name of its own.",
        ),
        (
            b'key,title\na,b\nc,"d\ne,"f"\n',
            'table.csv, line 3, column title: The cell that begins with "d has a double '
            "quote that is not closed or is followed by text. A quote inside a cell is written "
            "twice, in a quoted cell.",
        ),
        (
            b'key,title\na,"b\nc"\nd,"e\nf,g\n',
            'table.csv, line 4, column title: The cell that begins with "e has a double '
            "quote that is not closed or is followed by text. A quote inside a cell is written "
            "twice, in a quoted cell.",
        ),
        (
            b'key,title\na,"' + b"x\n" * 100_000 + b'"\n',
            f"table.csv, line 2, column title: {TOO_LONG}",
        ),
    ],
)
def test_what_is_no_table_says_so(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(write(tmp_path, content))

    assert refused.value.detail == message


def test_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path)

    assert refused.value.detail == f"{tmp_path} is a folder. Name one CSV file in it."


def test_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path / "none.csv")

    path = tmp_path / "none.csv"
    assert refused.value.detail == f"{path} does not exist (or was removed meanwhile)."


def test_file_removed_while_it_is_read_is_read_to_its_end(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "a,b,c\n" * 5)

    with open_table(path) as table:
        rows = table.rows()
        first = next(rows)
        path.unlink()
        rest = list(rows)

    assert [first, *rest] == [Row(number, ["a", "b", "c"]) for number in range(2, 7)]


def test_file_changed_while_it_is_read_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "a,b,c\n")

    with open_table(path) as table, pytest.raises(BadInput) as refused:
        for _ in table.rows():
            path.write_text(HEADER + "a,b,c\nd,e,f\n", encoding="utf-8")

    assert refused.value.detail == "table.csv was changed while it was read. Load it again."


def test_our_own_tables_are_read_by_column_and_raise_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n1,2\n3\n")
    rows = read_rows(path)

    assert next(rows) == {"a": "1", "b": "2"}
    with pytest.raises(BadInput, match=r"table\.csv, row 3: The row has 1 cell,"):
        next(rows)
