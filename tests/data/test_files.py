"""The shipped tables are written in the one form that their README tells."""

from pathlib import Path

import pytest

from kg.settings import PROJECT
from loader.tables import read_rows

TABLES = sorted((PROJECT / "data").glob("*/*.csv"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_table_is_utf_8_with_commas_and_line_feeds(path: Path) -> None:
    content = path.read_bytes()

    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.endswith(b"\n")
    assert list(read_rows(path))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_cells_are_trimmed_and_joined_without_spaces(path: Path) -> None:
    untidy = [
        (column, cell)
        for row in read_rows(path)
        for column, cell in row.items()
        if cell != cell.strip() or (column.endswith("_keys") and ("; " in cell or ";;" in cell))
    ]

    assert untidy == []
