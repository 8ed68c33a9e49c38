"""The front page: what this is, a search, a map of what travelled, and ways in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, hypot, log1p, radians, sin, sqrt
from typing import Final

from flask import Blueprint, Response
from pyoxigraph import NamedNode

from endpoint.built import world
from endpoint.cards import make_cards
from endpoint.kinds import name_many, rank
from endpoint.pages import Desk, answer_page, open_desk, render
from endpoint.pictures import point
from endpoint.summaries import ACTIVITIES
from endpoint.texts import Words, _l
from endpoint.values import Shown
from kg.namespaces import ID, SDG, expand
from kg.searching import Wanted

blueprint = Blueprint("home", __name__)

VIEW: Final = (-172, -80, 344, 140)
"""What the map shows, in degrees of the projection; the outline of the land is made to it."""
_WAYS: Final = 24
_NEW: Final = 6
_ROUTES: Final = 150
"""Routes that are drawn; with more the map is a thicket."""
_FIGURES: Final = ("practice", "initiative", "adaptation", "country", "actor", "publication")
_GOALS: Final = tuple(f"{SDG}{number}" for number in range(1, 18))
_COLOUR: Final = NamedNode(expand("ssc4c:colour"))
_QUESTIONS: Final[tuple[tuple[Words, str, dict[str, str]], ...]] = (
    (
        _l("Who worked on nutrition in Africa?"),
        "/search",
        {"kind": "initiative", "theme": "nutrition", "region": "002"},
    ),
    (_l("Which practices travelled furthest?"), "/queries/practices-that-travelled", {}),
    (_l("What did Brazil give, and to whom?"), "/search", {"provider": "BRA"}),
    (_l("From whom did Mozambique learn?"), "/country/MOZ", {}),
    (
        _l("Where was cooperation triangular, for health?"),
        "/search",
        {"form": "triangular", "theme": "health"},
    ),
    (
        _l("Which practices are about birth registration?"),
        "/search",
        {"kind": "practice", "target": "16.9"},
    ),
)
"""Questions that the graph answers, each with the page that does."""


@dataclass(frozen=True)
class Way:
    """A thing to start from, with the number of activities behind it."""

    name: Shown
    total: int
    colour: str = ""


@dataclass(frozen=True)
class Tab:
    """A kind of thing with a number, and where its list stands."""

    kind: str
    name: str
    total: int


@dataclass(frozen=True)
class Route:
    """What one country gave to another, as a curve on the map."""

    path: str
    width: float


@dataclass(frozen=True)
class Dot:
    """A country on the map, as large as it gave."""

    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Flows:
    """The map: routes, the countries that gave, and the outline of the land."""

    routes: tuple[Route, ...]
    dots: tuple[Dot, ...]
    world: str


@blueprint.get("/")
def show_home() -> Response:
    """The front page."""
    desk = open_desk()
    return answer_page(desk, lambda: _home(desk))


def _home(desk: Desk) -> str:
    view, shower = desk.view, desk.shower
    travelled = [row["practice"] for row in view.ask("practices-that-travelled")][:_NEW]
    newest = view.index.search(kind="initiative", limit=_NEW).items
    counts = view.kinds()
    return render(
        desk,
        "home.html",
        figures=[each for each in list_tabs(desk, counts) if each.kind in _FIGURES],
        tabs=list_tabs(desk, counts),
        flows=_flows(desk),
        view=VIEW,
        questions=[(text, desk.addresses.carry(path, **more)) for text, path, more in _QUESTIONS],
        goals=list_goals(desk),
        themes=_ways(desk, "theme"),
        countries=_ways(desk, "country"),
        forms=_ways(desk, "form"),
        travelled=make_cards(view, [each.value for each in travelled if each], shower),
        newest=make_cards(view, [hit.iri for hit in newest], shower),
        created=desk.state,
    )


def list_tabs(desk: Desk, counts: Mapping[str, int]) -> list[Tab]:
    """Kinds with the number of their things, in the order of kinds."""
    ordered = sorted(counts, key=rank)
    return [Tab(kind, name_many(kind, desk.shower), counts[kind]) for kind in ordered]


def list_goals(desk: Desk) -> list[Way]:
    """The goals with their colours and what contributes to each."""
    return [_goal(desk, iri) for iri in _GOALS if desk.view.is_known(iri)]


def _goal(desk: Desk, iri: str) -> Way:
    colour = next((value.value for value in desk.view.values(iri, _COLOUR)), "")
    total = sum(desk.view.relations(iri).get(expand("ssc4c:goal"), {}).values())
    return Way(desk.shower.link(iri), total, _safe_colour(colour))


def _safe_colour(text: str) -> str:
    """A colour such as ``#DDA63A``; nothing else may come near a style."""
    digits = text.removeprefix("#")
    is_colour = len(digits) == 6 and all(digit in "0123456789abcdefABCDEF" for digit in digits)
    return f"#{digits}" if is_colour else ""


def _ways(desk: Desk, field: str) -> list[Way]:
    counts = desk.view.count(field, ACTIVITIES)
    best = sorted(counts, key=lambda iri: (-counts[iri], iri))[:_WAYS]
    return [Way(desk.shower.link(iri), counts[iri]) for iri in best]


def _flows(desk: Desk) -> Flows:
    wanted = Wanted(chosen={"kind": ACTIVITIES})
    counts = desk.view.index.tally(wanted, ("flow",))["flow"]
    best = sorted(counts, key=lambda pair: (-counts[pair], pair))[:_ROUTES]
    given: Counter[str] = Counter()
    for pair in best:
        given[pair.split(" ")[0]] += counts[pair]
    places = {key: _place(desk, key) for pair in best for key in pair.split(" ")}
    routes = [
        Route(_curve(start, end), round(0.25 + 0.28 * log1p(counts[pair]), 2))
        for pair in reversed(best)
        if (start := places[pair.split(" ")[0]]) and (end := places[pair.split(" ")[1]])
    ]
    dots = [
        Dot(*place, round(0.6 + 0.35 * sqrt(given[key]), 2))
        for key, place in places.items()
        if place and given[key]
    ]
    return Flows(tuple(routes), tuple(dots), world())


def _place(desk: Desk, key: str) -> tuple[float, float] | None:
    found = point(desk.view, f"{ID}country/{key}")
    return project(*found) if found else None


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """A point in Equal Earth (Šavrič, Patterson, Jenny 2018), y downwards, in degrees.

    The same as `frontend/src/pictures/projection.js`, with which the land is drawn.
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    half = sqrt(3) / 2
    t = asin(half * sin(radians(latitude)))
    rise = a1 * t + a2 * t**3 + t**7 * (a3 + a4 * t * t)
    slope = a1 + 3 * a2 * t * t + t**6 * (7 * a3 + 9 * a4 * t * t)
    degree = radians(1)
    return round(longitude * cos(t) / (half * slope), 2), round(-rise / degree, 2)


def _curve(start: Sequence[float], end: Sequence[float]) -> str:
    """An arc that bends to the left of its way, so that give and take part company."""
    (x1, y1), (x2, y2) = start, end
    across, down = x2 - x1, y2 - y1
    bend = 0.18 if hypot(across, down) > 6 else 0.4
    x, y = (x1 + x2) / 2 + bend * down, (y1 + y2) / 2 - bend * across
    return f"M{x1:g} {y1:g}Q{x:.1f} {y:.1f} {x2:g} {y2:g}"
