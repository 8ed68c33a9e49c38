"""The SPARQL endpoint: query operation of the SPARQL 1.1 Protocol."""

import math
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from endpoint.answers import KEY as HTML_KEY
from endpoint.answers import show_answer, wants_page
from endpoint.negotiation import HTML, choose
from endpoint.problems import JSON
from endpoint.services import services
from kg.engines import QueryAnswer, QueryRequest
from kg.engines.formats import GRAPH_TYPES, GRAPHS, TABLE_TYPES, TABLES
from kg.errors import BadInput, BadQuery, NotAcceptable

blueprint = Blueprint("sparql", __name__)

DIRECT: Final = "application/sparql-query"
FORM: Final = "application/x-www-form-urlencoded"
_TABLE_OFFERS: Final = tuple(TABLE_TYPES)
_GRAPH_OFFERS: Final = tuple(GRAPH_TYPES)
_KEYS: Final = tuple(each.key for each in (*TABLES, *GRAPHS))
_SHORT: Final = 1 << 16
_CHUNK: Final = 1 << 18
_HOW_TO_ASK: Final = (
    "There is no query. Ask by GET /sparql?query=…, by POST with the form field `query`, or by "
    f"POST with the query as body and Content-Type {DIRECT}."
)


@blueprint.route("/sparql", methods=["GET", "POST"])
def answer_query() -> Response:
    """The answer of the query that the request carries, or a page to write one."""
    parameters = _read_parameters()
    if parameters.get("query", "").strip():
        if wants_page(parameters, _accept()):
            return show_answer(read_page_request(parameters))
        answer = services().engine.run(read_request(parameters, _accept()))
        response = Response(read_parts(answer), headers=describe_answer(answer))
        response.call_on_close(answer.file.close)
        return response
    if request.method == "GET" and choose(_accept(), (JSON, HTML)) == HTML:
        return _show_form()
    raise BadQuery(_HOW_TO_ASK)


def _show_form() -> Response:
    """A page to write a query, with the one in the parameter `example` to start from."""
    catalogue = services().catalogue
    examples = [catalogue[name] for name in catalogue if name.startswith("competency/")]
    chosen = request.args.get("example", "")
    query = catalogue[chosen] if chosen else None
    page = render_template(
        "sparql.html",
        query=query.bind(query.parameters) if query else "",
        examples=examples,
        tables=TABLES,
        graphs=GRAPHS,
    )
    return Response(page, content_type="text/html; charset=utf-8")


def _accept() -> str:
    return request.headers.get("Accept", "")


def _read_parameters() -> MultiDict[str, str]:
    """What is asked, from where the protocol puts it, section 2.1."""
    if request.method != "POST":
        return request.args
    if request.mimetype == FORM:
        return request.form
    if request.mimetype != DIRECT:
        raise UnsupportedMediaType(f"Send a query as {FORM} or {DIRECT}.")
    parameters = request.args.copy()
    parameters["query"] = _read_body()
    return parameters


def _read_body() -> str:
    try:
        return request.get_data(cache=False).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadQuery(f"The query is not UTF-8: byte {error.start} cannot be read.") from None


def read_request(parameters: MultiDict[str, str], accept: str) -> QueryRequest:
    """What the engine is asked; raises the error that the parameters deserve."""
    if len(parameters.getlist("query")) > 1:
        raise BadQuery("There is more than one query; send one at a time.")
    table, graph = _read_formats(parameters.get("as", ""), accept)
    return QueryRequest(
        parameters["query"],
        table,
        graph,
        _read_timeout(parameters.get("timeout", "")),
        tuple(parameters.getlist("default-graph-uri")),
        tuple(parameters.getlist("named-graph-uri")),
    )


def read_page_request(parameters: MultiDict[str, str]) -> QueryRequest:
    """What the engine is asked for an answer that is shown as a page."""
    rest = MultiDict([(key, value) for key, value in parameters.items(multi=True) if key != "as"])
    return read_request(rest, f"{TABLES[0].media_type}, {GRAPHS[0].media_type}")


def _read_formats(key: str, accept: str) -> tuple[str | None, str | None]:
    """Media types for tables and for graphs: by the parameter `as`, else by Accept.

    Not `format` or `output`: SPARQLWrapper sends those for other servers, beside its Accept.
    """
    if key and key not in _KEYS:
        raise BadInput(f"There is no format {key!r}; there are: {', '.join((HTML_KEY, *_KEYS))}.")
    if key:
        tables = [each.media_type for each in TABLES if each.key == key]
        graphs = [each.media_type for each in GRAPHS if each.key == key]
        return next(iter(tables), None), next(iter(graphs), None)
    table, graph = choose(accept, _TABLE_OFFERS), choose(accept, _GRAPH_OFFERS)
    if table is None and graph is None:
        offered = ", ".join(each.media_type for each in (*TABLES, *GRAPHS))
        raise NotAcceptable(f"Answers come as one of: {offered}.")
    return table, graph


def _read_timeout(text: str) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise BadInput(f"timeout must be a number of seconds above 0, not {text!r}.")
    return seconds


def describe_answer(answer: QueryAnswer) -> list[tuple[str, str]]:
    """The headers that come with an answer."""
    return [
        ("Content-Type", _with_charset(answer.media_type)),
        ("Content-Length", str(answer.length)),
        ("SSC4C-Snapshot", answer.snapshot),
        ("Vary", "Accept"),
    ]


def read_parts(answer: QueryAnswer) -> Iterable[bytes]:
    """The answer piece by piece, in one piece if it is short; closes the file at its end."""
    return [answer.read()] if answer.length <= _SHORT else _read_chunks(answer.file)


def _read_chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
