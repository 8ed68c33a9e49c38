"""Ways in: the search, and the lists of each kind of thing."""

from mimetypes import guess_type

from flask import Blueprint, Response, abort, request, send_from_directory

from endpoint.built import find_packed
from endpoint.cards import Card, make_cards
from endpoint.kinds import name_many
from endpoint.lists import BARE, NAMES, gather_list
from endpoint.pages import Desk, answer_page, open_desk, render, shared_pages
from endpoint.redirects import lead_to
from endpoint.summaries import ACTIVITIES
from kg.namespaces import thing_iri
from kg.reader import View
from kg.textindex import Hits, Order

blueprint = Blueprint("browse", __name__)
_LIST = 60
_DAY = 86_400


@blueprint.get("/<kind>/")
def list_kind(kind: str) -> Response:
    """All things of a kind, page by page."""
    desk = open_desk()
    hits = _list(desk.view, kind, _page())
    if not hits.total:
        abort(404)
    return answer_page(desk, lambda: _listing(desk, kind, hits))


@blueprint.get("/<kind>")
def follow_kind(kind: str) -> Response:
    """From a kind to its list; there is none of an unknown kind."""
    if kind not in open_desk().view.kinds():
        abort(404)
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return lead_to(f"/{kind}/{query}", 308)


@blueprint.get("/robots.txt")
def send_rules() -> Response:
    """What programs that walk the web may read."""
    return send_from_directory("assets", "robots.txt", max_age=_DAY)


@blueprint.get("/favicon.ico")
def send_icon() -> Response:
    """The icon, for those who do not read the page that names it."""
    return send_from_directory("assets", "icon.svg", max_age=_DAY)


@blueprint.get("/assets/styles/<name>")
def send_styles(name: str) -> Response:
    """The style sheet of all pages; under an older name the present one, which is not kept."""
    sheet = shared_pages().sheet
    body, coding = sheet.pack(request.headers.get("Accept-Encoding", ""))
    response = Response(body, content_type="text/css; charset=utf-8")
    if coding:
        response.headers["Content-Encoding"] = coding
    response.vary.add("Accept-Encoding")
    if name == sheet.name:
        response.cache_control.max_age = 365 * _DAY
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    return response


@blueprint.get("/assets/<path:name>")
def send_asset(name: str) -> Response:
    """Styles and scripts; their address changes when they do."""
    packed, coding = find_packed(name, request.headers.get("Accept-Encoding", ""))
    kind = guess_type(name)[0]
    response = send_from_directory("assets", packed, mimetype=kind, max_age=365 * _DAY)
    if coding:
        response.headers["Content-Encoding"] = coding
    response.vary.add("Accept-Encoding")
    response.cache_control.immutable = True
    return response


def _list(view: View, kind: str, page: int) -> Hits:
    order: Order = "newest" if kind in ACTIVITIES else "title"
    size = _page_size(kind)
    return view.index.search(kind=kind, limit=size, offset=(page - 1) * size, order=order)


def _page_size(kind: str) -> int:
    return NAMES if kind in BARE else _LIST


def _listing(desk: Desk, kind: str, hits: Hits) -> str:
    scheme = thing_iri("scheme", kind)
    told = gather_list(desk, kind, hits, _page())
    return render(
        desk,
        "list.html",
        kind=kind,
        kind_names=name_many(kind, desk.shower),
        scheme=desk.shower.link(scheme) if desk.view.is_known(scheme) else None,
        total=hits.total,
        cards=[] if told else _cards(desk, hits),
        page=_page(),
        page_size=_page_size(kind) if kind in BARE or not told else hits.total,
        **told,
    )


def _cards(desk: Desk, hits: Hits) -> list[Card]:
    return make_cards(desk.view, [hit.iri for hit in hits.items], desk.shower)


def _page() -> int:
    return max(request.args.get("page", 1, type=int), 1)
