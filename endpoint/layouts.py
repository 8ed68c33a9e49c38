"""Which layout shows a kind of thing, and what it shows beside what all pages have.

A layout is a template in `templates/pages/things/`; what it needs comes from one function here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import request

from endpoint.actors import gather_actor
from endpoint.backlinks import PAGE, Relation, read_groups
from endpoint.concepts import gather_concept
from endpoint.countries import gather_place
from endpoint.goals import gather_goal
from endpoint.journeys import read_journey
from endpoint.neighbours import read_neighbours
from endpoint.pages import Desk
from endpoint.participations import as_drawn, at_a_glance, read_parts
from endpoint.provenance import Sayers
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


@dataclass(frozen=True)
class Reading:
    """What a layout is made of."""

    desk: Desk
    thing: Thing
    kind: str
    sayers: Sayers
    """Which record says what; empty where the page does not tell."""
    lacks_side: bool = False
    """Whether a check misses somebody among those who take part."""


Gatherer = Callable[[Reading], dict[str, Any]]
"""Gives what a layout shows."""


def gather(reading: Reading) -> dict[str, Any]:
    """What the layout of the kind shows of a thing, by the names that its template uses."""
    return _GATHERERS[layout_of(reading.kind)](reading)


def gather_linked(reading: Reading) -> dict[str, Any]:
    """Who takes part, what it adds up to, and what links to it."""
    summary = summarise(reading.desk.view, reading.thing.iri, reading.desk.shower)
    return {**_gather_links(reading), "summary": summary}


def _gather_links(reading: Reading) -> dict[str, Any]:
    """Who takes part, what stands around it, and what links to it."""
    desk, thing = reading.desk, reading.thing
    view, shower = desk.view, desk.shower
    parts = read_parts(thing, shower, reading.sayers)
    page = request.args.get("page", 1, type=int)
    asked = Relation.read(request.args.get("relation", ""), page)
    return {
        "columns": at_a_glance(parts),
        "parts": parts,
        "neighbours": read_neighbours(view, thing, shower),
        "groups": read_groups(view, thing.iri, desk.model, shower, asked),
        "page": asked.page,
        "page_size": PAGE,
    }


def gather_activity(reading: Reading) -> dict[str, Any]:
    """The same with the way that it came."""
    found, desk = gather_linked(reading), reading.desk
    groups = found["groups"]
    is_list = any(group.is_open for group in groups)
    journey = (
        () if is_list else read_journey(desk.view, reading.thing, reading.kind, groups, desk.shower)
    )
    told = {step.relation for step in journey if step.relation}
    drawn = as_drawn(found["parts"]) if reading.lacks_side else found["columns"]
    rest = [group for group in groups if group.key not in told]
    return found | {"journey": journey, "columns": drawn, "groups": rest}


def _with_counts(count: Callable[[Desk, Thing], dict[str, Any]]) -> Gatherer:
    """The links of a thing and its counts; the links alone where one list is looked at."""

    def gather_both(reading: Reading) -> dict[str, Any]:
        links = _gather_links(reading)
        is_open = any(group.is_open for group in links["groups"])
        counts = {} if is_open else count(reading.desk, reading.thing)
        return {**links, **counts, "is_open": is_open}

    return gather_both


_GATHERERS: Final[Mapping[str, Gatherer]] = {
    "activity": gather_activity,
    "place": _with_counts(gather_place),
    "actor": _with_counts(gather_actor),
    "sdg": _with_counts(gather_goal),
    "concept": _with_counts(gather_concept),
    "other": gather_linked,
}
