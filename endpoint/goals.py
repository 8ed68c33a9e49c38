"""The page of a goal, target or indicator: what stands around it, and who works on it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from endpoint.pages import Desk
from endpoint.portraits import (
    ENOUGH,
    Line,
    Lines,
    Sum,
    Teller,
    colour_of,
    find,
    kinds_of,
    linked,
    years_chart,
)
from endpoint.summaries import Counts
from endpoint.texts import _
from kg.namespaces import SDG, expand
from kg.profiles import GOAL, TARGET
from kg.reader import Thing

_TARGET_OF: Final = NamedNode(expand("sdgo:isTargetOf"))
_INDICATOR_OF: Final = NamedNode(expand("sdgo:isIndicatorOf"))
_RELEVANCE: Final = NamedNode(expand("ssc4c:childRelevance"))
_BASIS: Final = NamedNode(expand("ssc4c:childRelevanceBasis"))
_REGION: Final = NamedNode(expand("ssc4c:inRegion"))
_BROADER: Final = NamedNode(expand("ssc4c:broaderRegion"))


@dataclass(frozen=True)
class Level:
    """Goals, targets or indicators under a heading."""

    title: str
    lines: tuple[Line, ...]


def gather_goal(desk: Desk, thing: Thing) -> dict[str, Any]:
    """What the page of a goal, target or indicator shows beside its record."""
    code = thing.iri.removeprefix(SDG)
    is_goal = code.isdecimal()
    is_target = not is_goal and code[:1].isdecimal()
    teller = Teller(desk, thing.iri, "goal" if is_goal else "target" if is_target else "")
    link = GOAL if is_goal else TARGET
    profile = teller.profile
    countries = profile.by(link, "country")
    total = profile.total(link)
    activities = Sum(_("Activities"), total, teller.search(), profile.by(link, "year"))
    return {
        "sums": kinds_of(teller, link),
        "is_telling": total >= ENOUGH,
        "colour": _colour(desk, thing),
        "relevance": _relevance(desk, thing.iri),
        "years": years_chart(desk, [activities]),
        "countries": teller.countries(
            countries,
            _("Countries"),
            _("Countries named by activities that contribute: %(number)s.", number=len(countries)),
        ),
        "regions": _regions(desk, countries),
        "rankings": [teller.rank(_("Themes"), profile.by(link, "theme"), "theme")],
        "levels": _levels(desk, thing),
    }


def _colour(desk: Desk, thing: Thing) -> str:
    """Its own colour, or that of its goal."""
    code = thing.iri.removeprefix(SDG)
    above = [value.value for value in thing.said.get(_INDICATOR_OF, ())]
    first = code if code[:1].isdecimal() else above[0].removeprefix(SDG) if above else code
    return colour_of(desk, SDG + first.partition(".")[0])


def _relevance(desk: Desk, iri: str) -> tuple[bool, str] | None:
    """Whether it concerns children, and who says so; nothing if nobody told."""
    said = desk.view.first(iri, _RELEVANCE)
    return (said == "true", desk.view.first(iri, _BASIS)) if said else None


def _levels(desk: Desk, thing: Thing) -> list[Level]:
    """What it belongs to, what belongs to it, and what stands beside it."""
    view = desk.view
    node = NamedNode(thing.iri)
    levels = [
        (_("Its targets"), view.subjects(_TARGET_OF, node)),
        (_("Its indicators"), view.subjects(_INDICATOR_OF, node)),
    ]
    for predicate, title in (
        (_TARGET_OF, _("Other targets of the goal")),
        (_INDICATOR_OF, _("Other indicators of the target")),
    ):
        for above in thing.said.get(predicate, ()):
            beside = [each for each in view.subjects(predicate, above) if each != thing.iri]
            levels.append((title, beside))
    return [Level(title, _lines(desk, iris)) for title, iris in levels if iris]


def _lines(desk: Desk, iris: Iterable[str]) -> tuple[Line, ...]:
    return tuple(
        Line(shown, desk.view.profile(shown.iri).total(TARGET), _list(desk, shown.iri))
        for shown in linked(desk, iris)
    )


def _list(desk: Desk, iri: str) -> str:
    """The search for what contributes to a target; an indicator has none."""
    is_target = iri.removeprefix(SDG)[:1].isdecimal()
    return find(desk, {"target": (iri,)}) if is_target else ""


def _regions(desk: Desk, countries: Counts) -> Lines:
    """How many countries of each of the large regions are named."""
    found: Counter[str] = Counter()
    for country in countries:
        for region in desk.view.values(country, _REGION):
            if not desk.view.values(region.value, _BROADER):
                found[region.value] += 1
    lines = tuple(Line(name, found[name.iri]) for name in linked(desk, found))
    return Lines(_("Countries by region"), lines)
