"""What things are filtered and counted by: values of facets, some of which other things tell.

The region of an activity is told by its countries, the type of its actors by the actors, the
language of its sources by the publications, the target of an indicator by the indicator. What has
a narrower theme, instrument, form, group of people or type of actor has the broader ones too.
`TELLING` names the properties that matter so; `kg.indexing` watches them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg.namespaces import GRAPH, SDG, expand, split_thing

FACETS: Final = (
    *("form", "country", "provider", "recipient", "facilitator", "region"),
    *("goal", "target", "sdg", "theme", "instrument", "population"),
    *("actor", "actortype", "grade", "evidence", "sourcelang", "flow"),
)
"""Fields with any number of values: IRIs, but tags for languages and ``BRA MOZ`` for flows."""

Statement = tuple[NamedNode, NamedNode | Literal]
Facets = Mapping[str, Sequence[str]]
Graphs = Mapping[str, Sequence[str]]
"""Records that speak of things, where they are known: looking them up in the store is slow."""

ACTIVITIES: Final = frozenset({"practice", "initiative", "adaptation"})
MANY: Final = ACTIVITIES | {"publication"}
"""Kinds with so many things that their names are not looked through letter by letter."""
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
    "actor": "actor",
    "person": "actor",
}
_AS_LINKED: Final = ("form", "country", "theme", "instrument", "population", "evidence")
"""Facets whose values are all things of these kinds, by whatever property they are named."""


def _named(name: str) -> NamedNode:
    return NamedNode(expand(name))


_PROVIDER: Final = _named("ssc4c:providerCountry")
_RECIPIENT: Final = _named("ssc4c:recipientCountry")
_PLACES: Final = (_RECIPIENT, _named("ssc4c:inCountry"), _named("ssc4c:originCountry"))
_FACILITATOR: Final = _named("ssc4c:facilitatingPartner")
_ACTOR: Final = _named("ssc4c:involvesActor")
_CONTRIBUTES: Final = _named("ssc4c:contributesTo")
_GOAL: Final = _named("ssc4c:goal")
_GRADE: Final = _named("ssc4c:currentGrade")
_SOURCE: Final = _named("dcterms:source")
_IN_REGION: Final = _named("ssc4c:inRegion")
_BROADER: Final = _named("ssc4c:broaderRegion")
_TYPE: Final = _named("ssc4c:actorType")
_SEAT: Final = _named("ssc4c:seatCountry")
_LANGUAGE: Final = _named("dcterms:language")
_INDICATES: Final = _named("sdgo:isIndicatorOf")
_WIDER: Final = _named("skos:broader")
_AGES: Final = (_named("ssc4c:minAge"), _named("ssc4c:maxAge"))
_EVER: Final = ("0", "200")
"""What is meant where a group of people tells one of its two ages."""

_TOLD: Final = {"types": _TYPE, "seats": _SEAT, "languages": _LANGUAGE}
_KEPT: Final = 200_000
"""Facts that are kept in memory; past that, they are read anew."""

TELLING: Final = frozenset(
    {_IN_REGION, _BROADER, _WIDER, _TYPE, _SEAT, _LANGUAGE, _INDICATES, *_AGES}
)
"""Properties of a thing that are values of facets of things that point to it."""


class Told:
    """What other things tell about those that point to them, each read once."""

    def __init__(self, store: Store, graphs: Graphs | None = None) -> None:
        # No cached methods: they would hold the store in a circle, and a store that is not let go
        # keeps its folder locked.
        self._store = store
        self._graphs = graphs
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def tell(self, what: str, iri: str) -> tuple[str, ...]:
        """The regions of a country, the seats of an actor and the like, as `_read` names them."""
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
            return self._above(self._values(iri, _IN_REGION), _BROADER)
        if what == "broader":
            return self._above((iri,), _WIDER)
        if what == "targets":
            return self._targets(iri)
        if what == "ages":
            return self._ages(iri)
        return self._values(iri, _TOLD[what])

    def _values(self, iri: str, predicate: NamedNode) -> tuple[str, ...]:
        pattern = self._store.quads_for_pattern(NamedNode(iri), predicate, None, DefaultGraph())
        values = [quad.object for quad in pattern]
        return tuple(each.value for each in values if isinstance(each, NamedNode | Literal))

    def _above(self, first: Iterable[str], predicate: NamedNode) -> tuple[str, ...]:
        """The first ones, and those in which they lie."""
        found: dict[str, None] = {}
        waiting = list(first)
        while waiting:
            if (each := waiting.pop()) not in found:
                found[each] = None
                waiting.extend(self._values(each, predicate))
        return tuple(found)

    def _targets(self, goal: str) -> tuple[str, ...]:
        """A target itself, and the targets of an indicator; none of a goal."""
        key = goal.removeprefix(SDG)
        if key.isdecimal():
            return ()
        return (goal,) if key[:1].isdecimal() else self._values(goal, _INDICATES)

    def sources(self, thing: str) -> tuple[str, ...]:
        """The keys of the sources whose records speak of a thing."""
        known = self._speaking(thing) if self._graphs is None else self._graphs.get(thing, ())
        keys = {graph.removeprefix(GRAPH).partition("/")[0] for graph in known}
        return tuple(sorted(keys - {"derived", "meta"}))

    def _speaking(self, thing: str) -> set[str]:
        pattern = self._store.quads_for_pattern(NamedNode(thing), None, None, None)
        return {quad.graph_name.value for quad in pattern if isinstance(quad.graph_name, NamedNode)}

    def _ages(self, group: str) -> tuple[str, ...]:
        """The lowest and the highest age of a group of people; empty if it tells neither."""
        found = [next(iter(self._values(group, name)), "") for name in _AGES]
        ages = (text or ever for text, ever in zip(found, _EVER, strict=True))
        return tuple(ages) if any(found) else ()


def read_facets(kind: str, said: Iterable[Statement], told: Told) -> Facets:
    """The values of each facet of a thing, from what is said of it and its nested nodes."""
    reading = _Reading(kind, told)
    for predicate, value in said:
        reading.add(predicate, value)
    facets = {name: tuple(dict.fromkeys(values)) for name, values in reading.facets()}
    return {name: values for name, values in facets.items() if values}


class _Reading:
    """One thing whose facets are read."""

    def __init__(self, kind: str, told: Told) -> None:
        self._is_activity = kind in ACTIVITIES
        self._told = told
        self._values: defaultdict[NamedNode, list[str]] = defaultdict(list)
        self._linked: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, predicate: NamedNode, value: NamedNode | Literal) -> None:
        self._values[predicate].append(value.value)
        if isinstance(value, NamedNode) and (name := _BY_KIND.get(_kind(value.value))):
            self._linked[name].append(value.value)

    def facets(self) -> Iterator[tuple[str, Sequence[str]]]:
        yield from ((name, self._told.each("broader", self._linked[name])) for name in _AS_LINKED)
        yield from self._places()
        yield from self._goals()
        yield from self._actors()
        yield "grade", self._all(_GRADE)
        languages = self._told.each("languages", self._all(_SOURCE))
        yield "sourcelang", [*self._all(_LANGUAGE), *languages]

    def _places(self) -> Iterator[tuple[str, Sequence[str]]]:
        providers, recipients = self._all(_PROVIDER), self._all(_RECIPIENT)
        pairs = product(map(_key, providers), map(_key, recipients))
        places = self._all(*_PLACES) or self._linked["country"]
        yield "provider", providers
        yield "recipient", recipients
        yield "flow", [f"{giver} {taker}" for giver, taker in pairs if giver != taker]
        yield "facilitator", self._told.each("seats", self._all(_FACILITATOR))
        yield "region", [*self._linked["region"], *self._told.each("regions", places)]

    def _goals(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Of activities what they contribute to, as it is counted elsewhere; else all named."""
        named = self._linked["sdg"]
        aims = self._all(_CONTRIBUTES, _GOAL) if self._is_activity else named
        yield "sdg", named
        yield "goal", [iri for iri in aims if iri.removeprefix(SDG).isdecimal()]
        yield "target", self._told.each("targets", aims)

    def _actors(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Of activities who takes part; else all named."""
        actors = self._all(_ACTOR) if self._is_activity else self._linked["actor"]
        yield "actor", actors
        types = [*self._all(_TYPE), *self._told.each("types", actors)]
        yield "actortype", self._told.each("broader", types)

    def _all(self, *predicates: NamedNode) -> list[str]:
        return [value for each in predicates for value in self._values[each]]


@lru_cache(maxsize=50_000)
def _kind(iri: str) -> str:
    known = split_thing(iri)
    return known[0] if known else ""


def _key(iri: str) -> str:
    return iri.rpartition("/")[2]
