"""An answer's rows as people read them: things by name, nothing twice, no marks of types."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Final

from endpoint.answers import Cell
from endpoint.values import Shower

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")

Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Table:
    """Columns and rows that are left."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def read_rows(columns: Sequence[str], rows: Rows, same: Container[str], shower: Shower) -> Table:
    """The table without the columns named `same`, each thing in the column of its name."""
    kept = [at for at, name in enumerate(columns) if name not in same]
    homes = {at: home for at in kept if (home := _find_home(at, kept, rows, shower)) is not None}
    things = {home: at for at, home in homes.items()}
    shown = [at for at in kept if at not in homes]
    return Table(
        tuple(columns[at] for at in shown),
        tuple(tuple(_show(row, at, things.get(at), shower) for at in shown) for row in rows),
    )


def _find_home(at: int, kept: Sequence[int], rows: Rows, shower: Shower) -> int | None:
    """The column that holds the name of the thing of this column, in every row."""
    things = [row for row in rows if row[at].iri]
    if not things or any(row[at].text and not row[at].iri for row in rows):
        return None
    for other in kept:
        if all(not row[other].iri and _is_name(row[other], row[at], shower) for row in things):
            return other
    return None


def _is_name(cell: Cell, thing: Cell, shower: Shower) -> bool:
    return any(cell.text == name.value for name in shower.names(thing.iri))


def _show(row: Sequence[Cell], at: int, thing: int | None, shower: Shower) -> Cell:
    cell = row[at]
    if thing is not None and row[thing].iri:
        link = shower.link(row[thing].iri)
        return Cell(link.text, link.address, link.language, link.iri)
    if cell.iri:
        return cell
    is_foreign = _LANGUAGE.fullmatch(cell.note) and not cell.note.startswith(shower.language)
    return replace(cell, note=cell.note if is_foreign else "")
