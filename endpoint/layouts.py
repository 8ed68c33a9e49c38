"""Which layout shows a kind of thing, and what it shows beside what all pages have.

A layout is a template in `templates/pages/things/`; what it needs comes from one function here.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import request

from endpoint.backlinks import PAGE, Relation, read_groups
from endpoint.neighbours import read_neighbours
from endpoint.pages import Desk
from endpoint.participations import at_a_glance, read_parts
from endpoint.summaries import ACTIVITIES, summarise
from kg.reader import Thing

LAYOUTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(ACTIVITIES, "activity"),
    **dict.fromkeys(("country", "region", "country-group"), "place"),
    "actor": "actor",
    "sdg": "sdg",
    **dict.fromkeys(
        (
            "challenge",
            "community",
            "event",
            "idea",
            "match",
            "need",
            "offer",
            "person",
            "publication",
            "queries",
            "source",
        ),
        "other",
    ),
}
"""By kind; all others are concepts."""


def layout_of(kind: str) -> str:
    """The layout of a kind: ``activity``, ``place``, ``actor``, ``sdg``, ``concept``, ``other``."""
    return LAYOUTS.get(kind, "concept")


def gather(desk: Desk, thing: Thing, kind: str) -> dict[str, Any]:
    """What the layout of the kind shows of a thing, by the names that its template uses."""
    return _GATHERERS[layout_of(kind)](desk, thing)


def _gather_linked(desk: Desk, thing: Thing) -> dict[str, Any]:
    """What it adds up to, and what links to it."""
    view, shower = desk.view, desk.shower
    parts = read_parts(thing, shower)
    page = request.args.get("page", 1, type=int)
    asked = Relation.read(request.args.get("relation", ""), page)
    return {
        "columns": at_a_glance(parts),
        "parts": parts,
        "neighbours": read_neighbours(view, thing, shower),
        "summary": summarise(view, thing.iri, shower),
        "groups": read_groups(view, thing.iri, desk.model, shower, asked),
        "page": asked.page,
        "page_size": PAGE,
    }


_GATHERERS: Final[Mapping[str, Callable[[Desk, Thing], dict[str, Any]]]] = {
    "activity": _gather_linked,
    "place": _gather_linked,
    "actor": _gather_linked,
    "sdg": _gather_linked,
    "concept": _gather_linked,
    "other": _gather_linked,
}
