"""What pages about places, actors, goals and concepts count: lines and charts with their searches.

The counts come from the profile of a thing (`kg/profiles.py`), made when the graph was published.
Each number leads to the search that lists what it counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode

from endpoint.pages import Desk
from endpoint.pictures import Picture, Row, place
from endpoint.searchaddress import PATH, write_value
from endpoint.summaries import ACTIVITIES, Bar, Chart, Counts
from endpoint.texts import _
from endpoint.values import Shown, sort_key
from kg.namespaces import SDG, expand
from kg.profiles import Profile

ENOUGH: Final = 5
"""Fewer activities are told in words; a chart of them would say nothing."""
TOP: Final = 12
_WIDEST: Final = 40
"""Years that a chart shows with the empty ones between them."""
COLOUR: Final = NamedNode(expand("ssc4c:colour"))
GOALS: Final = tuple(f"{SDG}{number}" for number in range(1, 18))

Choice = Mapping[str, Iterable[str]]
"""Values by facet of a search, as IRIs."""


@dataclass(frozen=True)
class Line:
    """A name with a number, and the search that lists what it counts."""

    name: Shown
    total: int
    address: str = ""
    colour: str = ""
    note: str = ""


@dataclass(frozen=True)
class Lines:
    """Lines under a heading, the largest first."""

    title: str
    lines: tuple[Line, ...]
    others: int = 0
    """How many more there are."""

    @property
    def highest(self) -> int:
        """The largest number."""
        return max((line.total for line in self.lines), default=0)


@dataclass(frozen=True)
class Sum:
    """A number that says how a thing takes part, and in which years it did so."""

    title: str
    total: int
    address: str
    by_year: Counts


@dataclass(frozen=True)
class Teller:
    """Makes the parts of one page about one thing."""

    desk: Desk
    iri: str
    facet: str
    """The facet of a search that lists what points to the thing; empty if there is none."""

    @property
    def profile(self) -> Profile:
        """Its counts."""
        return self.desk.view.profile(self.iri)

    def search(self, **chosen: Iterable[str]) -> str:
        """The address of the search for activities that point to it and have these values."""
        if not self.facet:
            return ""
        return find(self.desk, {self.facet: (self.iri,), **chosen})

    def rank(self, title: str, counts: Counts, facet: str, most: int = TOP) -> Lines:
        """The things that most activities have, each leading to the search for both."""
        best = sorted(counts, key=lambda name: (-counts[name], name))
        lines = tuple(
            Line(
                self.desk.shower.link(name),
                counts[name],
                self.search(**{facet: (name,)}) if facet != self.facet else "",
            )
            for name in best[:most]
        )
        return Lines(title, lines, max(len(best) - most, 0))

    def goals(self, counts: Counts) -> tuple[Line, ...]:
        """The 17 goals in their order, those without anything too."""
        if not counts:
            return ()
        return tuple(
            Line(
                self.desk.shower.link(goal),
                counts.get(goal, 0),
                self.search(goal=(goal,)) if goal in counts else "",
                colour_of(self.desk, goal),
            )
            for goal in GOALS
        )

    def countries(self, counts: Counts, title: str, summary: str) -> Picture | None:
        """Countries on a map and as a table; nothing where there are few."""
        if len(counts) < ENOUGH:
            return None
        view, shower = self.desk.view, self.desk.shower
        best = sorted(counts, key=lambda name: (-counts[name], name))
        found = [(name, counts[name], self.search(country=(name,))) for name in best]
        return Picture(
            "countries",
            "places",
            title,
            summary,
            (_("Country"), _("Activities")),
            tuple(Row((shower.link(name), total), address) for name, total, address in found),
            {"places": [place(view, shower, *each) for each in found]},
        )


def find(desk: Desk, chosen: Choice) -> str:
    """The address of the search for activities with these values."""
    # Not by search_address: a page has hundreds of these, and that looks at all facets each time.
    values = {
        facet: [write_value(facet, value) for value in values]
        for facet, values in {"kind": ACTIVITIES, **chosen}.items()
    }
    return desk.addresses.carry(PATH, **values)


def kinds_of(teller: Teller, link: str) -> list[Line]:
    """How many practices, initiatives and adaptations point to a thing by a property."""
    counts = teller.profile.by(link, "kind")
    named = {kind: counts.get(expand(f"ssc4c:{kind.capitalize()}"), 0) for kind in ACTIVITIES}
    return [
        Line(Shown(kind), total, teller.search(kind=(kind,)))
        for kind, total in named.items()
        if total
    ]


def years_chart(desk: Desk, sums: Sequence[Sum]) -> Chart:
    """Columns by year of start; the name of a year leads to what ran in it."""
    told = sorted({int(y) for y in chain.from_iterable(s.by_year for s in sums) if y.isdecimal()})
    if len(told) < 2:
        return Chart(_("By year of start"), ())
    first = next(year for year in told if year > told[-1] - _WIDEST)
    return Chart(
        _("By year of start"),
        tuple(
            Bar(
                Shown(str(year)),
                tuple(each.by_year.get(str(year), 0) for each in sums),
                tuple(_in_year(each, year) for each in sums),
            )
            for year in range(first, told[-1] + 1)
        ),
    )


def _in_year(each: Sum, year: int) -> str:
    """The search for what began in a year, narrowed from that for all years."""
    return f"{each.address}&start={year}" if each.address else ""


def colour_of(desk: Desk, iri: str) -> str:
    """The colour of a goal such as ``#DDA63A``; nothing else may come near a style."""
    digits = desk.view.first(iri, COLOUR).removeprefix("#")
    is_colour = len(digits) == 6 and all(digit in "0123456789abcdefABCDEF" for digit in digits)
    return f"#{digits}" if is_colour else ""


def linked(desk: Desk, iris: Iterable[str]) -> tuple[Shown, ...]:
    """Things by name, in the order of their names."""
    return tuple(sorted(map(desk.shower.link, iris), key=sort_key))
