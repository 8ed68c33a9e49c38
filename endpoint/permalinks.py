"""Short addresses of queries, which lead to the editor and stay across releases."""

from typing import Final

from flask import Blueprint, Response, jsonify, request

from endpoint.citations import title_of
from endpoint.editor import show_editor
from endpoint.negotiation import HTML, choose
from endpoint.redirects import lead_to
from endpoint.services import services
from endpoint.texts import _
from kg.errors import BadQuery
from kg.saved import SavedQuery

blueprint = Blueprint("permalinks", __name__)

_JSON: Final = "application/json"
_TEXT: Final = "application/sparql-query"
_OFFERS: Final = (_TEXT, _JSON, HTML, "text/plain")


@blueprint.post("/q")
def save_query() -> Response:
    """Keep the query of a form or body; its short address as JSON, or the page for people."""
    key = services().saved.save(
        _read_query(),
        request.values.getlist("default-graph-uri"),
        request.values.getlist("named-graph-uri"),
    )
    address = f"{services().settings.public_url}/q/{key}"
    if choose(request.headers.get("Accept", ""), (_JSON, HTML)) == HTML:
        return lead_to(f"/q/{key}", 303)
    response = jsonify(key=key, address=address)
    response.status_code = 201
    response.headers["Location"] = address
    return response


@blueprint.get("/q/<key>")
def show_saved(key: str) -> Response:
    """The editor with a saved query, or the query itself as text or JSON."""
    saved = services().saved.find(key)
    best = choose(request.headers.get("Accept", ""), _OFFERS) or _TEXT
    response = _show(saved, best)
    response.vary.add("Accept")
    return response


def _show(saved: SavedQuery, media_type: str) -> Response:
    if media_type == HTML:
        title = title_of(saved.query, _("Query %(key)s", key=saved.key))
        return show_editor(saved.query, title, _datasets(saved))
    if media_type == _JSON:
        return jsonify(
            key=saved.key,
            query=saved.query,
            default_graphs=saved.default_graphs,
            named_graphs=saved.named_graphs,
            saved=saved.saved_at,
        )
    return Response(saved.query, content_type=f"{media_type}; charset=utf-8")


def _datasets(saved: SavedQuery) -> list[tuple[str, str]]:
    default = [("default-graph-uri", graph) for graph in saved.default_graphs]
    return default + [("named-graph-uri", graph) for graph in saved.named_graphs]


def _read_query() -> str:
    if request.mimetype != _TEXT:
        return request.form.get("query", "").replace("\r\n", "\n")  # as forms send line ends
    try:
        return request.get_data(cache=False).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadQuery(f"The query is not UTF-8: byte {error.start} cannot be read.") from None
