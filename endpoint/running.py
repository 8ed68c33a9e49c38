"""Queries that wait or run: their state, their answers, and how to stop them."""

import json
from typing import Any, Final

from flask import Blueprint, Response, redirect, render_template, request

from endpoint.clients import client_of, is_staff
from endpoint.compression import choose_coding
from endpoint.negotiation import HTML, choose
from endpoint.replies import Sender, running_path, to_response
from endpoint.services import services
from kg.engines import QueryAnswer, RunningQuery
from kg.errors import NotRunning

blueprint = Blueprint("running", __name__)

_JSON: Final = "application/json"
_OFFERS: Final = (_JSON, HTML)
_AGAIN: Final = "1"
"""Seconds after which it is worth to look again."""
_DIGITS: Final = frozenset("0123456789abcdef")


@blueprint.get("/sparql/running")
def list_running() -> Response:
    """The queries of the client that wait or run; with the token of staff those of everybody."""
    staff = is_staff(request.headers.get("Authorization", ""), services().settings)
    found = [tell(each, staff) for each in own_queries(staff)]
    if _wants_page():
        return _page("running.html", queries=found)
    return _json({"queries": found})


@blueprint.get("/sparql/running/<query_id>")
def show_state(query_id: str) -> Response:
    """The answer of a query, its error, or its state while there is neither."""
    query_id = _check(query_id)
    answer = _fetch(query_id)
    if answer is not None:
        coding = choose_coding(request.headers.get("Accept-Encoding", ""))
        sender = Sender(services().places, client_of(request.environ), coding)
        return to_response(sender.send(answer, query_id))
    state = next((tell(each) for each in services().engine.running() if each.id == query_id), None)
    if state is None:  # it ended between the two looks
        state = {"id": query_id, "state": "running", "address": running_path(query_id)}
    if _wants_page():
        response = _page("running.html", queries=[state], again=_AGAIN)
    else:
        response = _json(state)
    response.status_code = 202
    response.headers["Retry-After"] = _AGAIN
    return response


@blueprint.delete("/sparql/running/<query_id>")
def stop(query_id: str) -> Response:
    """Stop a query; whoever knows its id may."""
    query_id = _check(query_id)
    if not services().engine.stop(query_id):
        raise _unknown(query_id)
    return Response(status=204)


@blueprint.post("/sparql/running/<query_id>")
def stop_by_form(query_id: str) -> Response:
    """Stop a query from a page, where forms know no DELETE; back to the list."""
    services().engine.stop(_check(query_id))
    return _see("/sparql/running")


def own_queries(staff: bool = False) -> list[RunningQuery]:
    """The queries that whoever asks may see."""
    client = client_of(request.environ)
    return [each for each in services().engine.running() if staff or each.client == client]


def tell(query: RunningQuery, staff: bool = False) -> dict[str, Any]:
    """A query that waits or runs, for programs; staff see who asked."""
    told = {
        "id": query.id,
        "state": query.state,
        "seconds": round(query.seconds, 1),
        "query": query.query,
        "snapshot": query.snapshot,
        "address": running_path(query.id),
    }
    return told | ({"client": query.client} if staff else {})


def _fetch(query_id: str) -> QueryAnswer | None:
    """The kept answer; nothing while the query waits or runs, for its answer or to be fetched."""
    try:
        return services().engine.fetch(query_id)
    except NotRunning:
        if any(each.id == query_id for each in services().engine.running()):
            return None
        raise


def _check(query_id: str) -> str:
    query_id = query_id.lower()
    if len(query_id) != 32 or not _DIGITS.issuperset(query_id):
        raise _unknown(query_id)
    return query_id


def _unknown(query_id: str) -> NotRunning:
    return NotRunning(f"No query {query_id:.60} waits or runs here.")


def _wants_page() -> bool:
    return choose(request.headers.get("Accept", ""), _OFFERS) == HTML


def _page(template: str, **values: Any) -> Response:
    response = Response(render_template(template, **values), content_type=f"{HTML}; charset=utf-8")
    return _never_kept(response)


def _json(values: dict[str, Any]) -> Response:
    body = json.dumps(values, ensure_ascii=False) + "\n"
    return _never_kept(Response(body, content_type=_JSON))


def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    response.vary.add("Authorization")
    return response


def _see(path: str) -> Response:
    found = redirect(path, 303)
    return Response(found.get_data(), 303, {"Location": path})
