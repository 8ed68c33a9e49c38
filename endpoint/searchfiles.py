"""Results of a search as files: CSV, XLSX, JSON and RDF, whole or not at all."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Any, Final

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook.workbook import Workbook

from endpoint.documents import MEDIA_TYPES, write_quads, write_triples
from endpoint.pages import Desk
from endpoint.searchaddress import PATH, Asked
from endpoint.searchtable import COLUMNS, TITLES, Row, choose_columns, read_rows, write_cell
from endpoint.texts import _
from endpoint.values import Shown
from kg.errors import BadInput
from kg.records import derived_graph, meta_graph
from kg.textindex import Hits

ROWS: Final = 5_000
"""Things that a table holds at most."""
THINGS: Final = 1_000
"""Things whose statements a file of RDF holds at most."""
TABLES: Final = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8; header=present",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "json": "application/json",
    }
)
GRAPHS: Final = MappingProxyType(
    {name: kind for name, kind in MEDIA_TYPES.items() if name != "html"}
)
_WITH_GRAPHS: Final = ("nq", "trig")
_RISKY: Final = re.compile(r"[=+\-@\t\r\n]")
"""What a cell may not begin with: spreadsheets would reckon with it or run it."""
_CELL: Final = 32_767
"""Characters that a cell of XLSX holds."""
_ALWAYS: Final = ("iri", "name")
_WIDE: Final = MappingProxyType({"name": 60, "start": 8, "end": 8, "summary": 80})
"""Widths of columns in characters, where not the usual one."""

Finder = Callable[[int, int], Hits]
"""Finds so many things from an offset on."""


def is_part(arguments: Mapping[str, str]) -> bool:
    """Whether the address asks for one page instead of everything."""
    return "page" in arguments or "size" in arguments


def find_for_file(desk: Desk, asked: Asked, extension: str, is_page: bool) -> Hits:
    """What the file is to hold; raises BadInput if that is more than a file may."""
    most = bound(extension)
    limit, offset = (asked.size, (asked.page - 1) * asked.size) if is_page else (most, 0)
    hits = desk.view.index.find(asked.wanted(), limit, offset, asked.sorting)
    if not is_page and hits.total > most:
        raise BadInput(
            f"{hits.total} things fit; a file of this kind holds at most {most}. Narrow the "
            f"search, ask page by page ({PATH}.{extension}?…&size=100&page=1), or ask /sparql."
        )
    return hits


def bound(extension: str) -> int:
    """How many things a file of this kind holds."""
    return THINGS if extension in GRAPHS else ROWS


def write_file(desk: Desk, asked: Asked, hits: Hits, extension: str) -> bytes:
    """The file with these things."""
    iris = [hit.iri for hit in hits.items]
    if extension in GRAPHS:
        return _write_graph(desk, iris, extension)
    columns = choose_columns(asked.columns, COLUMNS)
    rows = read_rows(desk, iris, columns)
    if extension == "json":
        return _write_json(desk, asked, hits, rows)
    return (write_csv if extension == "csv" else write_xlsx)(rows, columns)


def write_csv(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """A table for spreadsheets and programs, in the manner of RFC 4180."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow((*_ALWAYS, *columns))
    writer.writerows(map(_tame, _texts(rows, columns)))
    return text.getvalue().encode()


def _tame(cells: Iterable[str]) -> list[str]:
    """Cells that no spreadsheet takes for a formula; those that could be one get a quote before."""
    return [f"'{cell}" if _RISKY.match(cell) else cell for cell in cells]


def write_xlsx(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """A workbook whose cells are texts, and years numbers."""
    book: Any = Workbook(write_only=True)  # type: ignore[no-untyped-call]
    sheet = book.create_sheet("SSC4C")
    sheet.freeze_panes = "C2"
    for at, name in enumerate((*_ALWAYS, *columns), 1):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDE.get(name, 24)
    titles = {"iri": "IRI", "name": _("Name")} | {
        name: str(title) for name, title in TITLES.items()
    }
    sheet.append([_text_cell(sheet, titles[name]) for name in (*_ALWAYS, *columns)])
    texts = list(_texts(rows, columns))
    for cells in texts:
        sheet.append([_xlsx_cell(sheet, cell) for cell in cells])
    last = get_column_letter(len(_ALWAYS) + len(columns))
    sheet.auto_filter.ref = f"A1:{last}{len(texts) + 1}"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _xlsx_cell(sheet: Any, text: str) -> Any:
    is_year = len(text) == 4 and text.isascii() and text.isdecimal()
    return int(text) if is_year else _text_cell(sheet, text)


def _text_cell(sheet: Any, text: str) -> Any:
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)
    short = clean if len(clean) <= _CELL else clean[: _CELL - 1] + "…"
    cell = WriteOnlyCell(sheet, short)  # type: ignore[no-untyped-call]
    # Left to itself, openpyxl makes a formula of whatever begins with an equals sign.
    cell.data_type = "s"
    return cell


def _texts(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[list[str]]:
    for row in rows:
        yield [
            row.name.iri,
            f"{row.name.number} {row.title}" if row.name.number else row.title,
            *(write_cell(row.cells[column]) for column in columns),
        ]


def _write_json(desk: Desk, asked: Asked, hits: Hits, rows: Iterable[Row]) -> bytes:
    document = {
        "address": asked.address(desk.addresses),
        "snapshot": desk.view.id,
        "total": hits.total,
        "items": [_item(row) for row in rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _item(row: Row) -> dict[str, Any]:
    cells = {name: [_value(shown) for shown in values] for name, values in row.cells.items()}
    return {"iri": row.name.iri, "name": row.title, "kind": row.kind} | {
        name: values for name, values in cells.items() if name != "kind"
    }


def _value(shown: Shown) -> dict[str, str]:
    said = {
        "iri": shown.iri,
        "name": shown.text,
        "language": shown.language,
        "number": shown.number,
        "address": shown.outside,
    }
    return {name: text for name, text in said.items() if text}


def _write_graph(desk: Desk, iris: Sequence[str], extension: str) -> bytes:
    view = desk.view
    if extension in _WITH_GRAPHS:
        records = chain.from_iterable(view.thing(iri).records for iri in iris)
        names = dict.fromkeys(chain.from_iterable(map(_graphs, records)))
        return write_quads(chain.from_iterable(map(view.graph, names)), extension)
    quads = dict.fromkeys(chain.from_iterable(map(view.quads, iris)))
    return write_triples(quads, extension, desk.pages.compactor)


def _graphs(record: str) -> tuple[str, ...]:
    return record, derived_graph(record), meta_graph(record)
