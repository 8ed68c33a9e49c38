"""What things are filtered and counted by: values of facets, some of which other things tell.

The region of an activity is told by its countries, the type of its actors by the actors, the
language of its sources by the publications, the target of an indicator by the indicator.
`TELLING` names the properties that matter so; `kg.indexing` watches them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg.namespaces import GRAPH, SDG, expand, split_thing, thing_iri

FACETS: Final = (
    *("form", "country", "provider", "recipient", "facilitator", "region"),
    *("goal", "target", "sdg", "theme", "instrument", "population"),
    *("actor", "actortype", "grade", "evidence", "sourcelang", "flow"),
)
"""Fields with any number of values: IRIs, but tags for languages and ``BRA MOZ`` for flows."""

Statement = tuple[NamedNode, NamedNode | Literal]
Facets = Mapping[str, Sequence[str]]

ACTIVITIES: Final = frozenset({"practice", "initiative", "adaptation"})
_BY_KIND: Final = {
    "form": "form",
    "country": "country",
    "theme": "theme",
    "instrument": "instrument",
    "population": "population",
    "evidence-type": "evidence",
    "evidence-direction": "evidence",
    "evidence-independence": "evidence",
    "region": "region",
    "sdg": "sdg",
}
"""Kinds whose things are values by whatever property a thing points to them."""


def _named(name: str) -> NamedNode:
    return NamedNode(expand(name))


_PROVIDER: Final = _named("ssc4c:providerCountry")
_RECIPIENT: Final = _named("ssc4c:recipientCountry")
_PLACES: Final = (_RECIPIENT, _named("ssc4c:inCountry"), _named("ssc4c:originCountry"))
_FACILITATOR: Final = _named("ssc4c:facilitatingPartner")
_ACTOR: Final = _named("ssc4c:involvesActor")
_GRADE: Final = _named("ssc4c:currentGrade")
_SOURCE: Final = _named("dcterms:source")
_IN_REGION: Final = _named("ssc4c:inRegion")
_BROADER: Final = _named("ssc4c:broaderRegion")
_TYPE: Final = _named("ssc4c:actorType")
_SEAT: Final = _named("ssc4c:seatCountry")
_LANGUAGE: Final = _named("dcterms:language")
_INDICATES: Final = _named("sdgo:isIndicatorOf")
_CLASS: Final = _named("rdf:type")
_AGES: Final = (_named("ssc4c:minAge"), _named("ssc4c:maxAge"))
_EVER: Final = ("0", "200")
"""What is meant where a group of people tells one of its two ages."""

_TOLD: Final = {"types": _TYPE, "seats": _SEAT, "languages": _LANGUAGE}
_KEPT: Final = 200_000
"""Facts that are kept in memory; past that, they are read anew."""

TELLING: Final = frozenset({_IN_REGION, _BROADER, _TYPE, _SEAT, _LANGUAGE, _INDICATES, *_AGES})
"""Properties of a thing that are values of facets of things that point to it."""


class Told:
    """What other things tell about those that point to them, each read once."""

    def __init__(self, store: Store) -> None:
        # No cached methods: they would hold the store in a circle, and a store that is not let go
        # keeps its folder locked.
        self._store = store
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def tell(self, what: str, iri: str) -> tuple[str, ...]:
        """The ``regions``, ``types``, ``seats``, ``languages``, ``targets`` or ``ages`` of one."""
        known = self._known.get((what, iri))
        if known is None:
            if len(self._known) > _KEPT:
                self._known.clear()
            known = self._known[what, iri] = self._read(what, iri)
        return known

    def each(self, what: str, iris: Iterable[str]) -> list[str]:
        """The same of several things."""
        return [value for iri in dict.fromkeys(iris) for value in self.tell(what, iri)]

    def _read(self, what: str, iri: str) -> tuple[str, ...]:
        if what == "regions":
            return self._regions(iri)
        if what == "targets":
            return self._targets(iri)
        if what == "ages":
            return self._ages(iri)
        return self._values(iri, _TOLD[what])

    def _values(self, iri: str, predicate: NamedNode) -> tuple[str, ...]:
        pattern = self._store.quads_for_pattern(NamedNode(iri), predicate, None, DefaultGraph())
        values = [quad.object for quad in pattern]
        return tuple(each.value for each in values if isinstance(each, NamedNode | Literal))

    def _regions(self, country: str) -> tuple[str, ...]:
        """The regions of a country, and those in which they lie."""
        found: dict[str, None] = {}
        waiting = list(self._values(country, _IN_REGION))
        while waiting:
            if (region := waiting.pop()) not in found:
                found[region] = None
                waiting.extend(self._values(region, _BROADER))
        return tuple(found)

    def _targets(self, goal: str) -> tuple[str, ...]:
        """A target itself, and the targets of an indicator; none of a goal."""
        key = goal.removeprefix(SDG)
        if key.isdecimal():
            return ()
        return (goal,) if key[:1].isdecimal() else self._values(goal, _INDICATES)

    def sources(self, thing: str) -> tuple[str, ...]:
        """The sources whose records speak of a thing."""
        pattern = self._store.quads_for_pattern(NamedNode(thing), _CLASS, None, None)
        graphs = {
            quad.graph_name.value for quad in pattern if isinstance(quad.graph_name, NamedNode)
        }
        keys = {graph.removeprefix(GRAPH).partition("/")[0] for graph in graphs}
        return tuple(sorted(thing_iri("source", key) for key in keys - {"derived", "meta"}))

    def _ages(self, group: str) -> tuple[str, ...]:
        """The lowest and the highest age of a group of people; empty if it tells neither."""
        found = [next(iter(self._values(group, name)), "") for name in _AGES]
        ages = (text or ever for text, ever in zip(found, _EVER, strict=True))
        return tuple(ages) if any(found) else ()


def read_facets(kind: str, said: Iterable[Statement], told: Told) -> Facets:
    """The values of each facet of a thing, from what is said of it and its nested nodes."""
    reading = _Reading(kind, list(said), told)
    facets = {name: tuple(dict.fromkeys(values)) for name, values in reading.facets()}
    return {name: values for name, values in facets.items() if values}


@dataclass(frozen=True)
class _Reading:
    """One thing whose facets are read."""

    kind: str
    said: Sequence[Statement]
    told: Told

    def facets(self) -> Iterator[tuple[str, Sequence[str]]]:
        linked = self._linked()
        yield from linked.items()
        countries = linked["country"]
        providers, recipients = self._all(_PROVIDER), self._all(_RECIPIENT)
        yield "provider", providers
        yield "recipient", recipients
        yield (
            "flow",
            [
                f"{_key(giver)} {_key(taker)}"
                for giver, taker in product(providers, recipients)
                if giver != taker
            ],
        )
        yield "facilitator", self.told.each("seats", self._all(_FACILITATOR))
        places = self._all(*_PLACES) or countries
        yield "region", [*linked["region"], *self.told.each("regions", places)]
        targets = self.told.each("targets", linked["sdg"])
        yield "target", targets
        yield "goal", [iri for iri in linked["sdg"] if iri.removeprefix(SDG).isdecimal()]
        yield from self._actors()
        yield "grade", self._all(_GRADE)
        yield "sourcelang", [*self._all(_LANGUAGE), *self.told.each("languages", self._sources())]

    def _linked(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {name: [] for name in _BY_KIND.values()}
        for _, value in self.said:
            if isinstance(value, NamedNode) and (name := _BY_KIND.get(_kind(value.value))):
                found[name].append(value.value)
        return found

    def _actors(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Actors that take part; where nobody does, all that are named."""
        if self.kind in ACTIVITIES:
            actors = self._all(_ACTOR)
        else:
            values = (value.value for _, value in self.said if isinstance(value, NamedNode))
            actors = [iri for iri in values if _kind(iri) in ("actor", "person")]
        yield "actor", actors
        yield "actortype", [*self._all(_TYPE), *self.told.each("types", actors)]

    def _sources(self) -> list[str]:
        return self._all(_SOURCE)

    def _all(self, *predicates: NamedNode) -> list[str]:
        return [value.value for predicate, value in self.said if predicate in predicates]


@lru_cache(maxsize=50_000)
def _kind(iri: str) -> str:
    known = split_thing(iri)
    return known[0] if known else ""


def _key(iri: str) -> str:
    return iri.rpartition("/")[2]
