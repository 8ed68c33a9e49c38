"""Pictures of counts: what is drawn, the same as a table, and the searches that list it.

A picture stands on a page by the macro `picture` of `pictures.html`; `frontend/src/pictures/`
draws it when it comes into view. Without a script the table tells all.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pyoxigraph import NamedNode

from endpoint.values import Shower, Shown
from kg.namespaces import expand
from kg.reader import View

Kind = Literal[
    "flows", "places", "chord", "sankey", "wheel", "timeline", "bars", "net", "heat", "table"
]
"""How it is drawn. What `Picture.data` holds for each; an address leads where a click does.

- places: ``{"places": [{"at": "BRA", "number": "076", "name", "value", "address", "point"}]}``
- flows: the same and ``"arcs": [{"from": "BRA", "to": "MOZ", "value", "address"}]``
- chord, sankey, net: ``{"nodes": [{"id", "name", "value", "address"}],
  "links": [{"from", "to", "value", "address"}]}``
- wheel: ``{"parts": [{"name", "full", "value", "colour", "address", "parts": […]}]}``
- timeline, bars: ``{"along": ["2012", …], "series": [{"name", "values", "addresses"}]}``
- heat: ``{"across": […], "down": […], "cells": [[column, row, value, text, state], …]}``;
  the state may be left out; what has neither value nor text is left empty
- table: nothing; the table is the picture
"""
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_NUMBER: Final = NamedNode(expand("ssc4c:m49"))
_LONGITUDE: Final = NamedNode(expand("wgs:long"))
_LATITUDE: Final = NamedNode(expand("wgs:lat"))


@dataclass(frozen=True)
class Cell:
    """A number with where it leads, and how it looks in a table with shading."""

    value: int | float
    address: str = ""
    text: str = ""
    """What stands for the number, such as ``91 %``; empty for the number itself."""
    share: float | None = None
    """From 0 to 1, how dark its ground is; None for no shading."""
    state: str = ""
    """A class of its own, such as ``unknown``."""
    meaning: str = ""
    """What `text` says, for those who hear it."""

    is_cell = True


Value = Cell | Shown | str | int | float | None


@dataclass(frozen=True)
class Row:
    """A line of the table: names and numbers, and the search that lists what it counts."""

    cells: tuple[Value, ...]
    address: str = ""
    addresses: tuple[str, ...] = ()
    """Of each cell by itself, where numbers of a line are listed by different searches."""


@dataclass(frozen=True)
class Picture:
    """A picture, its table and its words."""

    name: str
    """Names it on the page and in the files made of it, such as ``flows``."""
    kind: Kind
    title: str
    summary: str
    """What it shows, in a sentence that stands for it where it is not seen."""
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    data: Mapping[str, Any]
    notes: tuple[str | Shown, ...] = ()
    """What is counted, and what is not known; with where those are listed."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Addresses of the table as a file, by extension; without one a script makes the CSV."""
    embed: str = ""
    """Address of the page to put into other sites; empty if there is none."""
    most_rows: int = 10_000
    """Rows that the page shows; files have all."""
    feet: tuple[Row, ...] = ()
    """Lines of sums below the table."""
    source: str = ""
    """A line under downloads: where it comes from and the state of the graph."""


def place(view: View, shower: Shower, iri: str, value: int, address: str = "") -> dict[str, Any]:
    """A country as maps take it."""
    return {
        "at": iri.rpartition("/")[2],
        "number": view.first(iri, _NUMBER),
        "name": shower.name(iri),
        "value": value,
        "address": address,
        "point": point(view, iri),
    }


def point(view: View, iri: str) -> list[float]:
    """Longitude and latitude of a country; empty if they are not known."""
    found = [view.first(iri, name) for name in (_LONGITUDE, _LATITUDE)]
    return [float(each) for each in found] if all(found) else []


def safe_colour(text: str) -> str:
    """A colour such as ``#DDA63A``; empty for anything else that the graph may say."""
    return text if _COLOUR.fullmatch(text) else ""


def plain(value: Value) -> str | int | float:
    """A cell as files hold it."""
    if isinstance(value, Cell):
        return value.value
    if isinstance(value, Shown):
        return f"{value.number} {value.text}".strip()
    return "" if value is None else value


def plain_rows(rows: Iterable[Row]) -> list[list[str | int | float]]:
    """The table as files hold it."""
    return [[plain(cell) for cell in row.cells] for row in rows]
