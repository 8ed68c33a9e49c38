"""The search: things by words and facets, as a page, as files and as a feed."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, abort, request

from endpoint.cards import make_cards
from endpoint.negotiation import HTML
from endpoint.pages import Desk, answer, answer_json, choose_type, open_desk, render
from endpoint.searchaddress import ORDERS, PATH, SIZES, VIEWS, Asked, read_asked
from endpoint.searchfacets import (
    SHAPE,
    YEAR,
    read_facet,
    read_facets,
    read_years,
)
from endpoint.searchfeed import MEDIA_TYPE as FEED
from endpoint.searchfeed import write_feed
from endpoint.searchfiles import GRAPHS, TABLES, bound, find_for_file, is_part, write_file
from endpoint.searchhelp import (
    drop_unknown,
    read_chips,
    read_slips,
    read_ways_out,
    read_words,
    suggest_spelling,
)
from endpoint.searchmap import draw_places
from endpoint.searchsuggest import suggest
from endpoint.searchtable import COLUMNS, TITLES, choose_columns, read_rows
from endpoint.services import services
from endpoint.texts import Words, _, _l
from kg.textindex import Hits

blueprint = Blueprint("search", __name__)
_SORTS: Final[dict[str, Words]] = {
    "best": _l("Best match"),
    "newest": _l("Newest first"),
    "oldest": _l("Oldest first"),
    "title": _l("By title"),
}
_VIEWS: Final[dict[str, Words]] = {"list": _l("List"), "table": _l("Table"), "map": _l("Map")}
_NEGOTIATED: Final = (HTML, "application/json", "text/csv")
_FILES: Final = {**TABLES, **GRAPHS, "atom": FEED}
_DEEPEST: Final = 10_000
"""Results that the index lists; the rest is counted."""


@dataclass(frozen=True)
class Option:
    """One of several ways to go on."""

    key: str
    title: str
    address: str
    is_chosen: bool


@blueprint.get(PATH, strict_slashes=False)
def search() -> Response:
    """What fits, by `Accept` as a page, as JSON or as CSV."""
    best = choose_type(_NEGOTIATED)
    desk = open_desk()
    asked = drop_unknown(desk, read_asked(request.args))
    if best != HTML:
        return _send_file(desk, asked, "json" if best == _NEGOTIATED[1] else "csv", is_page=True)
    return answer(desk, "html", lambda: _show(desk, asked))


@blueprint.get(f"{PATH}.<extension>")
def download(extension: str) -> Response:
    """Everything that fits as a file."""
    if extension not in _FILES:
        abort(404)
    desk = open_desk()
    asked = drop_unknown(desk, read_asked(request.args))
    if extension == "atom":
        root = services().settings.public_url.rstrip("/")
        return _typed(
            answer(desk, "atom", lambda: write_feed(desk, asked, root, _name(asked))), FEED
        )
    return _send_file(desk, asked, extension, is_part(request.args))


@blueprint.get(f"{PATH}/suggest")
def suggest_names() -> Response:
    """Names that begin so or nearly so, for the box."""
    desk = open_desk()
    return answer_json(desk, lambda: suggest(desk, request.args.get("q", "")))


@blueprint.get(f"{PATH}/facet/<name>")
def open_facet(name: str) -> Response:
    """The choices of one facet, as they stand in the page."""
    if name not in (*SHAPE, YEAR):
        abort(404)
    desk = open_desk()
    asked = drop_unknown(desk, read_asked(request.args))
    return answer(desk, "html", lambda: _fragment(desk, asked, name))


def _fragment(desk: Desk, asked: Asked, name: str) -> str:
    if name == YEAR:
        return render(desk, "search_years.html", asked=asked, years=read_years(desk, asked))
    return render(desk, "search_facet.html", asked=asked, facet=read_facet(desk, asked, name))


def _send_file(desk: Desk, asked: Asked, extension: str, is_page: bool) -> Response:
    hits = find_for_file(desk, asked, extension, is_page)
    response = answer(desk, extension, lambda: write_file(desk, asked, hits, extension))
    name = f'attachment; filename="ssc4c-search.{extension}"'
    response.headers["Content-Disposition"] = name
    return _typed(response, _FILES[extension])


def _typed(response: Response, media_type: str) -> Response:
    if response.status_code == 200:
        response.content_type = media_type
    return response


def _show(desk: Desk, asked: Asked) -> str:
    offset = (asked.page - 1) * asked.size
    facets = read_facets(desk, asked)  # first, since these counts hold those that finding asks for
    hits = desk.view.index.find(asked.wanted(), asked.size, offset, asked.sorting)
    reading = read_words(desk, asked)
    return render(
        desk,
        "search.html",
        asked=asked,
        name=_name(asked),
        total=hits.total,
        first=offset + 1 if hits.total else 0,
        last=offset + len(hits.items),
        reachable=min(hits.total, _DEEPEST),
        facets=facets,
        years=read_years(desk, asked)
        if YEAR in asked.opened or asked.since or asked.until
        else None,
        chips=read_chips(desk, asked),
        slips=read_slips(asked),
        ways_out=[] if hits.total else read_ways_out(desk, asked),
        reading=reading,
        spelling=suggest_spelling(desk, asked, hits.total, reading),
        sorts=_sorts(desk, asked),
        views=_views(desk, asked),
        sizes=SIZES,
        files=_files(desk, asked, hits.total),
        **_results(desk, asked, hits),
    )


def _results(desk: Desk, asked: Asked, hits: Hits) -> dict[str, Any]:
    """What the chosen view shows of the results."""
    iris = [hit.iri for hit in hits.items]
    if asked.view == "map":
        return {"picture": draw_places(desk, asked)}
    if asked.view == "table":
        columns = choose_columns(asked.columns)
        return {
            "columns": [(name, TITLES[name]) for name in columns],
            "all_columns": [(name, TITLES[name], name in columns) for name in COLUMNS],
            "rows": list(read_rows(desk, iris, columns)),
        }
    return {"cards": make_cards(desk.view, iris, desk.shower)}


def _sorts(desk: Desk, asked: Asked) -> list[Option]:
    """The ways to sort; the best match only where there are words."""
    return [
        Option(
            key,
            str(_SORTS[key]),
            asked.sorted_by(key).address(desk.addresses),
            key == asked.sorting,
        )
        for key in ORDERS
        if asked.text or key != "best"
    ]


def _views(desk: Desk, asked: Asked) -> list[Option]:
    return [
        Option(
            key, str(_VIEWS[key]), asked.shown_as(key).address(desk.addresses), key == asked.view
        )
        for key in VIEWS
    ]


def _files(desk: Desk, asked: Asked, total: int) -> list[tuple[str, str, int]]:
    """The files of the result: ending, address and, where there is too much, the bound."""
    plain = asked.shown_as(VIEWS[0]).on_page(1)
    return [
        (ending, plain.address(desk.addresses, f".{ending}"), most if total > most else 0)
        for ending in (*TABLES, *GRAPHS)
        for most in [bound(ending)]
    ]


def _name(asked: Asked) -> str:
    """What the search is called in titles."""
    return asked.text or _("Search")
