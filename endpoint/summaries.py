"""What a country, a goal, an actor or a concept adds up to: by year, theme, country and goal."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode

from endpoint.backlinks import shorten_property
from endpoint.texts import _
from endpoint.values import Shower, Shown
from kg.namespaces import SDG, expand, split_thing
from kg.reader import View

ACTIVITIES: Final = ("initiative", "practice", "adaptation")
_ENOUGH: Final = 5
"""Fewer activities are seen at once in the lists; a chart of them would say nothing."""
_TOP: Final = 12
_WIDEST: Final = 40
"""Years that a chart shows with the empty ones between them."""

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Series:
    """One way to take part, with its total and where its things are listed."""

    title: str
    total: int
    relation: str
    """Property, as the address names it; empty where there is no such list."""
    by_year: Counts
    by_theme: Counts


@dataclass(frozen=True)
class Bar:
    """A line of a chart: one number for each series."""

    name: Shown
    counts: tuple[int, ...]
    addresses: tuple[str, ...] = ()
    """The searches that list what is counted."""

    @property
    def total(self) -> int:
        """All series together."""
        return sum(self.counts)


@dataclass(frozen=True)
class Chart:
    """Bars with a heading."""

    title: str
    bars: tuple[Bar, ...]

    @cached_property
    def highest(self) -> int:
        """The longest bar."""
        return max((bar.total for bar in self.bars), default=0)


@dataclass(frozen=True)
class Summary:
    """Totals and charts of one thing."""

    series: tuple[Series, ...]
    years: Chart
    tops: tuple[Chart, ...]

    @property
    def is_telling(self) -> bool:
        """Whether there is enough to draw."""
        return sum(series.total for series in self.series) >= _ENOUGH


def summarise(view: View, iri: str, shower: Shower) -> Summary:
    """The summary of a thing, by how activities point to it."""
    series = tuple(each for each in _series(view, iri) if each.total)
    countries, goals = (_count(view, iri, series, field) for field in ("country", "sdg"))
    if not _is_goal(iri) and not iri.startswith(SDG):
        goals = {name: count for name, count in goals.items() if _is_goal(name)}
    tops = (
        Chart(_("By theme"), _bars([each.by_theme for each in series], shower, iri)),
        Chart(_("With countries"), _bars([countries], shower, iri)),
        Chart(_("With goals and targets"), _bars([goals], shower, iri)),
    )
    years = Chart(_("By year of start"), _years([each.by_year for each in series]))
    return Summary(series, years, tuple(chart for chart in tops if len(chart.bars) > 1))


def _series(view: View, iri: str) -> list[Series]:
    kind = (split_thing(iri) or ("",))[0]
    if kind == "country":
        return [
            _linked(view, iri, _("Gives"), "ssc4c:providerCountry"),
            _linked(view, iri, _("Receives"), "ssc4c:recipientCountry"),
            _facilitated(view, iri),
        ]
    if kind == "actor":
        return [_linked(view, iri, _("Takes part"), "ssc4c:involvesActor")]
    if kind == "sdg":
        relation = "ssc4c:goal" if _is_goal(iri) else "ssc4c:contributesTo"
        return [_linked(view, iri, _("Contribute"), relation)]
    return [_linked(view, iri, _("Activities"), _main_relation(view, iri))]


def _is_goal(iri: str) -> bool:
    return iri.startswith(SDG) and iri.removeprefix(SDG).isdecimal()


def _main_relation(view: View, iri: str) -> str:
    """The property by which most activities point to a concept."""
    totals = {
        name: sum(kinds.get(kind, 0) for kind in ACTIVITIES)
        for name, kinds in view.relations(iri).items()
        if name != expand("ssc4c:modality")
    }
    best = max(totals, key=lambda name: (totals[name], name), default="")
    return shorten_property(best) if best and totals[best] else ""


def _linked(view: View, iri: str, title: str, relation: str) -> Series:
    if not relation:
        return Series(title, 0, "", {}, {})
    predicate = expand(relation)
    kinds = view.relations(iri).get(predicate, {})
    return Series(
        title,
        sum(kinds.get(kind, 0) for kind in ACTIVITIES),
        relation,
        view.count("year", ACTIVITIES, iri, predicate),
        view.count("theme", ACTIVITIES, iri, predicate),
    )


def _facilitated(view: View, iri: str) -> Series:
    """What organisations that sit in a country help along."""
    years, themes = (
        {
            row["value"].value: int(row["activities"].value)
            for row in view.ask(name, country=NamedNode(iri))
            if row["value"] is not None and row["activities"] is not None
        }
        for name in ("facilitated-by-year", "facilitated-by-theme")
    )
    total = sum(years.values())
    return Series(_("Facilitates, by its organisations"), total, "", years, themes)


def _count(view: View, iri: str, series: tuple[Series, ...], field: str) -> Counts:
    """Values of a facet among all activities, whatever the part taken in them."""
    relation = next((each.relation for each in series if each.relation), "")
    if relation in {"ssc4c:providerCountry", "ssc4c:recipientCountry"}:
        relation = "ssc4c:involvesCountry"
    return view.count(field, ACTIVITIES, iri, expand(relation)) if relation else {}


def _bars(series: list[Counts], shower: Shower, but: str = "") -> tuple[Bar, ...]:
    """The longest bars, for things by IRI."""
    names = sorted(
        set(chain.from_iterable(series)) - {but},
        key=lambda name: (-sum(each.get(name, 0) for each in series), name),
    )
    return tuple(
        Bar(shower.link(name), tuple(each.get(name, 0) for each in series)) for name in names[:_TOP]
    )


def _years(series: list[Counts]) -> tuple[Bar, ...]:
    told = sorted({int(year) for year in chain.from_iterable(series) if year.isdecimal()} - {0})
    if not told:
        return ()
    first = next(year for year in told if year > told[-1] - _WIDEST)
    years = range(first, told[-1] + 1)
    return tuple(
        Bar(Shown(str(year)), tuple(each.get(str(year), 0) for each in series)) for year in years
    )
