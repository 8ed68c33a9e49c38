"""The named queries: their list, a page for each, and their answers as an API."""

from collections.abc import Callable, Container, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from pyoxigraph import Quad
from werkzeug.datastructures import MultiDict

from endpoint.addresses import page_of
from endpoint.answers import read_answer
from endpoint.arguments import TODAY, Arguments, fill_up, read_arguments, require_all
from endpoint.documents import write_quads, write_triples
from endpoint.editions import TODAY as SERVED
from endpoint.editions import Edition, find_edition, open_desk_on
from endpoint.formats import HTML_NAME, asked_name, extension_of, read_formats
from endpoint.negotiation import HTML, choose
from endpoint.pages import PAGE_POLICY, Desk, answer, choose_form, open_desk
from endpoint.problems import QUERY_ID, describe
from endpoint.protocol import Asked, read_environment
from endpoint.questions import (
    GRAPH_FORMATS,
    TABLE_FORMATS,
    first_format,
    formats_of,
    label,
    show_list,
    show_query,
    title_of,
    write_list,
)
from endpoint.redirects import lead_to
from endpoint.replies import answer_query, read_question, to_response
from endpoint.rows import read_rows
from endpoint.services import services
from endpoint.sparql import read_page_question
from kg.catalogue import NamedQuery
from kg.engines.formats import GRAPH_TYPES, GRAPHS, TABLE_TYPES
from kg.errors import BadValue, KgError, NotAcceptable, UnknownResource
from kg.namespaces import QUERIES, record_graph
from loader.sources.queries import KIND, SOURCE, describe_queries

blueprint = Blueprint("named", __name__)

_LIST_TYPES: Final = {
    "html": HTML,
    "json": "application/json",
    **{each.key: each.media_type for each in GRAPHS},
}


@blueprint.get("/queries")
def follow_list() -> Response:
    """To the list."""
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return lead_to(f"/queries/{query}", 308)


@blueprint.get("/queries/")
def list_queries() -> Response:
    """All named queries, or those that hold the words of the parameter `text`."""
    return _list_as(choose_form(_LIST_TYPES))


@blueprint.get("/queries.<extension>")
def list_queries_as(extension: str) -> Response:
    """The list in one format."""
    return _list_as(choose_form(_LIST_TYPES, extension))


@blueprint.get("/queries/<name>")
def ask_query(name: str) -> Response:
    """The page of a query, its answer, or its description, by extension or by Accept."""
    key, extension = _split(name)
    query = services().catalogue.find(key)
    extension = extension or _wished(query)
    desk = open_desk()
    kind = _choose_kind(query, extension)
    if kind == "page":
        return _show_page(desk, query)
    if kind == "about":
        return _describe(desk, query, extension)
    return _send_answer(desk, query, extension)


def _wished(query: NamedQuery) -> str:
    """The extension that `as` or `format` stands for; empty if the request has neither."""
    name = asked_name(request.args)
    if name in ("", HTML_NAME):
        return name
    table, graph = read_formats(MultiDict({"as": name}), "")
    best = (graph or table) if formats_of(query) is GRAPH_FORMATS else (table or graph)
    return extension_of(best or "")


def _split(name: str) -> tuple[str, str]:
    """Key and extension; no query has a dot in its name."""
    key, dot, extension = name.rpartition(".")
    if not dot:
        return name, ""
    if extension not in (*TABLE_FORMATS, *_LIST_TYPES):
        raise UnknownResource(f"There is no format {extension!r}: {', '.join(_extensions())}.")
    return key, extension


def _extensions() -> tuple[str, ...]:
    return tuple(dict.fromkeys(("html", *TABLE_FORMATS, *GRAPH_FORMATS)))


def _choose_kind(query: NamedQuery, extension: str) -> str:
    """Whether a page, an answer, or what the graph says about the query is asked for.

    A query whose answer is a table has no answer in RDF: what comes is its description.
    """
    if extension == "html":
        return "page"
    if extension in formats_of(query):
        return "answer"
    if extension in GRAPH_FORMATS:
        return "about"
    if extension:
        raise NotAcceptable(f"{query.key} is answered as: {', '.join(formats_of(query))}.")
    own = {name for each in formats_of(query).values() for name in (each.media_type, *each.aliases)}
    offers = (*_types(TABLE_TYPES, own), *GRAPH_TYPES, HTML)
    best = choose(_accept(), offers)
    if best is None:
        raise NotAcceptable("What comes is one of: " + ", ".join(_extensions()))
    return "page" if best == HTML else "answer" if best in own else "about"


def _types(types: Iterable[str], own: Container[str]) -> Iterator[str]:
    return (each for each in types if each in own)


def _send_answer(desk: Desk, query: NamedQuery, extension: str) -> Response:
    arguments = read_arguments(desk.view, query, request.args)
    require_all(desk.view, query, arguments, extension or first_format(query))
    asked = _as_asked(query, arguments, extension)
    request.environ[QUERY_ID] = asked.query_id
    response = to_response(answer_query(asked, read_question(asked, services()), services()))
    on_release = response.headers.get("Link")
    links = (on_release, _links(query, is_cited=not on_release))
    response.headers["Link"] = ", ".join(filter(None, links))
    if "Content-Disposition" in response.headers:
        ending = extension or extension_of(response.mimetype or "")
        name = f'inline; filename="{query.key}.{ending}"'
        response.headers["Content-Disposition"] = name
    return response


def _as_asked(query: NamedQuery, arguments: Arguments, extension: str = "") -> Asked:
    """The request as it would come to the SPARQL endpoint."""
    parameters = MultiDict({"query": query.write(arguments)})
    for name in ("timeout", "release"):
        if value := request.args.get(name):
            parameters[name] = value
    if extension:
        parameters["as"] = extension
    return read_environment(request.environ, parameters)


def _accept() -> str:
    return request.headers.get("Accept", "")


def _describe(desk: Desk, query: NamedQuery, extension: str) -> Response:
    """What the graph says of the query itself."""
    extension = extension or _choose_rdf()
    links = _links(query)
    return answer(desk, extension, lambda: _write(desk, [query], extension), links)


def _choose_rdf() -> str:
    best = choose(_accept(), tuple(GRAPH_TYPES))
    return GRAPH_TYPES[best].key if best else GRAPHS[0].key


def _links(query: NamedQuery, is_cited: bool = True) -> str:
    """The Link header: what the query is, its page and, if it is to be cited, its IRI."""
    record = page_of(record_graph(SOURCE, KIND, query.key))
    links = [
        f'<{record}.ttl>; rel="describedby"; type="text/turtle"',
        f'</queries/{query.key}.html>; rel="alternate"; type="text/html"',
    ]
    return ", ".join(links + [f'<{QUERIES}{query.key}>; rel="cite-as"'] * is_cited)


def _list_as(extension: str) -> Response:
    desk = open_desk()
    words = request.args.get("text", "").casefold().split()
    found = [query for query in services().catalogue.offered() if _holds(query, words)]
    bodies: dict[str, Callable[[], str | bytes]] = {
        "html": lambda: show_list(desk, found),
        "json": lambda: write_list(desk, found),
    }
    return answer(desk, extension, bodies.get(extension, lambda: _write(desk, found, extension)))


def _holds(query: NamedQuery, words: Iterable[str]) -> bool:
    known = (query.key, query.summary, query.note, query.question, title_of(query))
    text = " ".join((*known, *query.parameters)).casefold()
    return all(word in text for word in words)


def _write(desk: Desk, queries: Iterable[NamedQuery], extension: str) -> bytes:
    """The records of these queries, in a format of RDF."""
    records = list(describe_queries(queries))
    quads = [
        Quad(each.subject, each.predicate, each.object, record.graph)
        for record in records
        for each in record.triples
    ]
    if extension in ("nq", "trig"):
        return write_quads(quads, extension)
    return write_triples(quads, extension, desk.pages.compactor)


def _show_page(desk: Desk, query: NamedQuery) -> Response:
    """The page with the answer; with what went wrong if something did."""
    try:
        edition = find_edition(request.args.get("release") or SERVED)
        day = str(datetime.now(UTC).date()) if TODAY in query.parameters else ""
        state = f"{edition.snapshot} {day}"
        response = answer(desk, "html", lambda: _page(desk, query, edition), _links(query), state)
        response.headers.extend(edition.memento())
        return response
    except BadValue as error:
        return _show_problem(desk, query, error, fill_up(query, {}), _near(query, error))
    except KgError as error:
        arguments = fill_up(query, read_arguments(desk.view, query, request.args))
        return _show_problem(desk, query, error, arguments, [])


def _show_problem(
    desk: Desk,
    query: NamedQuery,
    error: KgError,
    arguments: Arguments,
    near: list[tuple[str, str]],
) -> Response:
    release = request.args.get("release", "")
    page = show_query(
        desk, query, arguments, request.args, release, problem=describe(error), near=near
    )
    headers = {"Content-Security-Policy": PAGE_POLICY, "Vary": "Accept, Accept-Language"}
    return Response(page, error.status, headers, content_type="text/html; charset=utf-8")


def _near(query: NamedQuery, error: BadValue) -> list[tuple[str, str]]:
    """The address for each value that may have been meant."""
    known = {name: request.args.getlist(name) for name in (*query.parameters, "release")}
    name = str(error.members.get("parameter", ""))
    found: list[tuple[str, str]] = []
    for each in error.members.get("near", ()):
        pairs = [(key, value) for key, values in known.items() for value in values if key != name]
        fields = urlencode([*pairs, (name, each["value"])])
        found.append((f"{each['label']} ({each['value']})", f"?{fields}"))
    return found


def _page(desk: Desk, query: NamedQuery, edition: Edition) -> str:
    given = read_arguments(desk.view, query, request.args)
    arguments = fill_up(query, given)
    question = read_page_question(_as_asked(query, arguments))
    shown = open_desk_on(question.snapshot)
    found = read_answer(services().engine.run(question), shown.shower.known_name)
    same = {name for name, values in arguments.items() if len(values) == 1}
    release = edition.name if edition.is_lasting else ""
    return show_query(desk, query, arguments, given, release, **_tidy(shown, found, same))


def _tidy(desk: Desk, found: dict[str, Any], same: Container[str]) -> dict[str, Any]:
    """A table without what every row repeats, with columns named in words."""
    if "rows" not in found:
        return found
    table = read_rows(found["columns"], found["rows"], same, desk.shower)
    return found | {"columns": [label(name) for name in table.columns], "rows": table.rows}
