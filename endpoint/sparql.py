"""The SPARQL endpoint: query operation of the SPARQL 1.1 Protocol."""

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from endpoint.answers import show_answer, wants_page
from endpoint.description import describe_service
from endpoint.editions import open_names
from endpoint.editor import show_editor, show_example
from endpoint.formats import HTML_NAME, NAMES, asked_name
from endpoint.negotiation import HTML, choose
from endpoint.problems import QUERY_ID
from endpoint.protocol import ACCEPT_POST, HOW_TO_ASK, Asked, read_request
from endpoint.replies import answer_query, read_question, release_headers, to_response
from endpoint.services import services
from kg.engines import QueryRequest
from kg.engines.formats import GRAPH_TYPES, GRAPHS, TABLES
from kg.errors import BadQuery

blueprint = Blueprint("sparql", __name__)

_METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST")
_OFFERS: Final = (*GRAPH_TYPES, HTML)


@blueprint.route("/sparql", methods=["GET", "POST"], provide_automatic_options=False)
def answer_or_show() -> Response:
    """The answer of the query that the request carries, or a page to write one."""
    asked = read_request(request, services().settings.request_bytes)
    request.environ[QUERY_ID] = asked.query_id
    if not asked.has_query and request.method != "POST":
        return _show_self(asked)
    if asked.has_query and wants_page(asked.parameters, asked.accept):
        question = read_page_question(asked)
        more = release_headers(asked, services())
        return show_answer(question, open_names(question.snapshot), more)
    return to_response(answer_query(asked, read_question(asked, services()), services()))


@blueprint.route("/sparql", methods=["OPTIONS"], provide_automatic_options=False)
def tell_options() -> Response:
    """What may be sent here."""
    return Response(headers={"Allow": ", ".join(_METHODS), "Accept-Post": ACCEPT_POST})


def _show_self(asked: Asked) -> Response:
    """Without a query: a page to write one for people, the Service Description for programs."""
    kind = _choose_description(asked)
    if kind == HTML:
        return _show_form()
    if kind is None or "query" in asked.parameters:
        raise BadQuery(HOW_TO_ASK)
    return describe_service(kind)


def _choose_description(asked: Asked) -> str | None:
    """The media type by a name in the address, else by Accept; None if it is none of RDF."""
    name = asked_name(asked.parameters)
    if name == HTML_NAME:
        return HTML
    named = NAMES[name].graph if name in NAMES else None
    return named or choose(asked.accept, _OFFERS)


def _show_form() -> Response:
    """A page to write a query, with the one in the parameter `example` to start from."""
    chosen = request.args.get("example", "")
    return show_example(chosen) if chosen else show_editor()


def read_page_question(asked: Asked) -> QueryRequest:
    """What the engine is asked for an answer that is shown as a page."""
    names = ("as", "format", "output", "results")
    kept = [pair for pair in asked.parameters.items(multi=True) if pair[0] not in names]
    accept = f"{TABLES[0].media_type}, {GRAPHS[0].media_type}"
    return read_question(replace(asked, parameters=MultiDict(kept), accept=accept), services())
