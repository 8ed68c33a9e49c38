"""The answer of a query as a page: a table with links for people who ask in a browser."""

import json
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, render_template, request
from werkzeug.datastructures import MultiDict

from endpoint.addresses import Addresses
from endpoint.formats import HTML_NAME, NAMES, asked_name
from endpoint.negotiation import HTML, choose
from endpoint.services import services
from kg.engines import QueryAnswer, QueryRequest
from kg.engines.formats import GRAPH_TYPES, GRAPHS, TABLE_TYPES, TABLES
from kg.namespaces import ID, PREFIXES

_OFFERS: Final = (*TABLE_TYPES, *GRAPH_TYPES, HTML)
_MOST_ROWS: Final = 1000
_MOST_BYTES: Final = 8 << 20
"""Answers up to this size are shown; longer ones are to be downloaded."""
LONGEST_LINK: Final = 6000
"""Characters of a query that still fits into an address."""


Names = Callable[[str], str]
"""Gives the name of an IRI; empty if it has none."""


@dataclass(frozen=True)
class Cell:
    """One value of a row: its text, the page that it leads to, its language or datatype."""

    text: str
    link: str = ""
    note: str = ""
    iri: str = ""


def wants_page(parameters: MultiDict[str, str], accept: str) -> bool:
    """Whether a request asks for a page: by `as=html`, or as browsers do by Accept."""
    name = asked_name(parameters)
    if name == HTML_NAME:
        return True
    is_told = name in NAMES or bool(parameters.get("as"))
    return not is_told and choose(accept, _OFFERS) == HTML


def show_answer(
    asked: QueryRequest, names: Names, more: Iterable[tuple[str, str]] = ()
) -> Response:
    """Run the query and show its first rows, or its graph as Turtle."""
    answer = services().engine.run(asked)
    page = render_template(
        "answer.html",
        query=asked.query,
        release=request.values.get("release", ""),
        graphs=[(f"{kind}-graph-uri", each) for kind, each in _graphs(asked)],
        downloads=_downloads(answer) if len(asked.query) <= LONGEST_LINK else (),
        **read_answer(answer, names),
    )
    headers = {
        "SSC4C-Snapshot": answer.snapshot,
        "SSC4C-Query": asked.id,
        "Vary": "Accept",
        "Cache-Control": "no-cache",
    }
    response = Response(page, headers=headers, content_type=f"{HTML}; charset=utf-8")
    response.headers.extend(more)
    return response


def _graphs(asked: QueryRequest) -> list[tuple[str, str]]:
    named = [("named", each) for each in asked.named_graphs]
    return [("default", each) for each in asked.default_graphs] + named


def _downloads(answer: QueryAnswer) -> list[tuple[str, str]]:
    formats = TABLES if answer.media_type in TABLE_TYPES else GRAPHS
    return [(each.key, each.label) for each in formats]


def read_answer(answer: QueryAnswer, names: Names = lambda iri: "") -> dict[str, Any]:
    """What `answer_body.html` shows of an answer; `names` gives the name of an IRI."""
    if answer.length > _MOST_BYTES:
        answer.file.close()
        return {"bytes": answer.length}
    if answer.media_type in GRAPH_TYPES:
        return {"turtle": answer.read().decode()}
    said = json.loads(answer.read())
    if "boolean" in said:
        return {"boolean": said["boolean"]}
    columns, rows = said["head"]["vars"], said["results"]["bindings"]
    shown = [show_row(columns, row, names) for row in rows[:_MOST_ROWS]]
    return {"columns": columns, "rows": shown, "total": len(rows)}


def show_row(columns: Sequence[str], row: Mapping[str, Any], names: Names) -> list[Cell]:
    """The values of a row; a thing whose name stands beside it goes by its IRI alone."""
    texts = {term["value"] for term in row.values() if term["type"] == "literal"}
    return [show_cell(row.get(name), names, texts) for name in columns]


def show_cell(
    term: dict[str, Any] | None, names: Names = lambda iri: "", texts: Container[str] = ()
) -> Cell:
    """A term of the JSON format as it stands in a table."""
    if term is None:
        return Cell("")
    if term["type"] == "uri":
        iri = term["value"]
        short, name = _short(iri), names(iri)
        shown = (name, short) if name and name not in texts else (short, "")
        return Cell(shown[0], Addresses().of(iri), shown[1], iri)
    if term["type"] == "triple":
        return Cell(json.dumps(term["value"], ensure_ascii=False))
    note = term.get("xml:lang") or term.get("datatype", "").rpartition("#")[2]
    return Cell(term["value"], note=note)


def _short(iri: str) -> str:
    """A readable form: things of ours without their base, terms by prefix."""
    if iri.startswith(ID):
        return iri.removeprefix(ID)
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
