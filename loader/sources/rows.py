"""Rows of tables into records; a row with an error is set aside, the others go on."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.namespaces import expand
from kg.records import Record
from loader.normalise import read_slug, split_cell
from loader.problems import Misfit, RowProblem, shorten
from loader.sources.citations import Pages
from loader.sources.draft import Draft
from loader.sources.layouts import (
    CLASSES,
    Layout,
    Places,
    check_header,
    count_filled,
    find_unknown,
    learn_rows,
    recognise,
)
from loader.sources.lookup import Lookup
from loader.sources.mapper import Column, match_columns
from loader.sources.parts import PARTS
from loader.tables import Row, Table, open_table

Item = Record | RowProblem
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


def read_tables(paths: Iterable[Path], source: str, lookup: Lookup) -> Iterator[Item]:
    """The records of all rows of some tables, then those of the publications that they cite.

    Each file is read twice: first to learn which things all rows describe, so that rows may refer
    to later rows and other files, then to map them; once more where columns are not known.
    Raises BadInput at a file that is no table, before any record is given.
    """
    lookup.start_reading()
    pages = Pages(source, lookup)
    with ExitStack() as stack:
        readers = []
        first: Places = {}
        for path in paths:
            table = stack.enter_context(open_table(path))
            layout = recognise(table.name, table.header, lookup.forms)
            filled = count_filled(table, find_unknown(layout))
            problems = check_header(table.name, layout, filled)
            yield from problems
            if all(problem.severity == "warning" for problem in problems):
                learn_rows(table, layout, lookup, first)
                readers.append(RowReader(table, layout, pages, first))
        for reader in readers:
            yield from _read_rows(reader)
    yield from pages.records()


@dataclass
class RowReader:
    """Maps the rows of one table."""

    table: Table
    layout: Layout
    pages: Pages
    first: Places
    _columns: dict[tuple[str, str], tuple[Column, ...]] = field(default_factory=dict)
    """Kind and language to the columns that the form of the kind knows."""

    def __post_init__(self) -> None:
        self._places = {column: place for place, column in enumerate(self.table.header)}

    def read(self, row: Row) -> Iterator[Item]:
        """The record of a row, or its problems; a publication is kept back until the end."""
        draft = self._start(row)
        if isinstance(draft, RowProblem):
            yield draft
            return
        self._fill(draft, row)
        if draft.problems:
            yield from draft.problems
            return
        self.pages.note(draft)
        if draft.kind == "publication":
            self.pages.hold(draft, self._cell(row, "url"))
        else:
            yield draft.to_record()

    def _start(self, row: Row) -> Draft | RowProblem:
        """An empty draft about the thing that the row describes."""
        column, value = "kind", ""
        try:
            kind = self.layout.kind_of(row)
            column = self.table.header[self.layout.key_place]
            value = self.layout.key_of(row)
            key = self._read_key(value, kind, row.number)
        except Misfit as misfit:
            if column == "kind" and self.layout.kind_place is not None:
                value = row.cells[self.layout.kind_place]
            return RowProblem(
                self.table.name,
                row.number,
                column,
                shorten(value),
                misfit.message,
                misfit.candidates,
            )
        return Draft(self.pages.source, kind, key, self.table.name, row.number)

    def _read_key(self, value: str, kind: str, number: int) -> str:
        if not value:
            raise Misfit("The row has no key. Each row needs one that no other row has.")
        key = read_slug(value)
        file, first = self.first[kind, key]
        if (file, first) != (self.table.name, number):
            where = f"row {first}" if file == self.table.name else f"row {first} of {file}"
            raise Misfit(f"The key {key} stands in {where} already. Keys are unique.")
        return key

    def _fill(self, draft: Draft, row: Row) -> None:
        draft.say_typed(CLASSES[draft.kind])
        for column in self._columns_for(draft.kind, self._language(row)):
            if cell := row.cells[column.place].strip():
                column.state(cell, draft)
        cells = dict(zip(self.table.header, row.cells, strict=True))
        for part in PARTS[draft.kind]:
            part.add(draft, cells, self.pages.lookup)

    def _columns_for(self, kind: str, language: str) -> tuple[Column, ...]:
        if (kind, language) not in self._columns:
            form = self.pages.lookup.forms[expand(CLASSES[kind])]
            found = match_columns(self.table.header, form, self.pages.lookup, language)
            self._columns[kind, language] = tuple(found)
        return self._columns[kind, language]

    def _language(self, row: Row) -> str:
        """The language of the row's texts: the first one that it names, or English."""
        languages = split_cell(self._cell(row, "language"))
        return languages[0] if languages and _LANGUAGE.fullmatch(languages[0]) else "en"

    def _cell(self, row: Row, column: str) -> str:
        place = self._places.get(column)
        return row.cells[place].strip() if place is not None else ""


def _read_rows(reader: RowReader) -> Iterator[Item]:
    row = None
    for row in reader.table.rows():
        if isinstance(row, RowProblem):
            yield row
        else:
            yield from reader.read(row)
    if row is None:
        message = "The table has a header and no rows."
        yield RowProblem(reader.table.name, 0, "", "", message, (), "warning")
