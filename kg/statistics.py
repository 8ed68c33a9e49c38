"""Counts of activities by country, goal, target, theme and year, kept in step with the store.

They are an RDF Data Cube in one named graph, ``graph/derived/statistics``, and not merged into the
default graph: there thousands of observations would stand beside whatever links to a country. What
each cube counts is described in ``ontology/statistics.ttl``. What has a narrower concept counts for
the broader ones too, as in a search.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg import profiles
from kg.namespaces import GRAPH, ID, SDG, expand

GRAPH_NAME: Final = NamedNode(f"{GRAPH}derived/statistics")

Cell = tuple[str, ...]
"""Name of a cube and the value of each of its dimensions, as IRIs or a year; or an entry of a
profile, which begins with an IRI."""
Parents = Callable[[NamedNode], Iterable[NamedNode]]
"""Gives the targets of an indicator."""
Seats = Callable[[str], frozenset[str]]
"""Gives the countries in which an actor has its seat."""

Above = Callable[[str], frozenset[str]]
"""Gives what is broader than a concept."""

_VERSION: Final = "4"
"""Counted up when cubes change, so that stores of before are counted anew."""
_MARK_GRAPH: Final = NamedNode(f"{GRAPH}meta/statistics")
_MARK: Final = NamedNode(expand("owl:versionInfo"))
_TYPE: Final = NamedNode(expand("rdf:type"))
_OBSERVATION: Final = NamedNode(expand("qb:Observation"))
_DATA_SET: Final = NamedNode(expand("qb:dataSet"))
_COUNT: Final = NamedNode(expand("ssc4c:activityCount"))
_SEAT: Final = NamedNode(expand("ssc4c:seatCountry"))
_BROADER: Final = NamedNode(expand("skos:broader"))
_TARGET: Final = re.compile(re.escape(SDG) + r"\d{1,2}\.[0-9a-z]{1,2}")
_YEAR_TYPE: Final = NamedNode(expand("xsd:gYear"))

_KINDS: Final = frozenset(
    expand(f"ssc4c:{name}") for name in ("Practice", "Initiative", "Adaptation")
)
_BY_LINK: Final[Mapping[str, str]] = MappingProxyType(
    {name: expand(name) for name in profiles.PLACES}
)
_DIMENSIONS: Final = MappingProxyType(
    {
        name: NamedNode(expand(f"ssc4c:counted{name.capitalize()}"))
        for name in ("kind", "country", "link", "goal", "target", "theme", "year")
    }
)
_CUBES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "countsByCountry": ("place",),
        "countsByGoal": ("goal",),
        "countsByTarget": ("target",),
        "countsByTheme": ("theme",),
        "countsByYear": ("year",),
        "countsByCountryAndTheme": ("place", "theme"),
        "countsByCountryAndYear": ("place", "year"),
        "countsByThemeAndYear": ("theme", "year"),
    }
)
"""Cubes with their dimensions but the kind, which all have; a place is a country and its link."""
_READ: Final[Mapping[str, str]] = MappingProxyType(
    {expand(name): name for name in profiles.PROPERTIES} | {_TYPE.value: profiles.KIND}
)
"""Properties of activities that are counted by, and how they are called here."""

_LINKS: Final[Mapping[str, str]] = MappingProxyType(
    {**_BY_LINK, profiles.FACILITATOR: expand(profiles.FACILITATOR)}
)
"""Properties that link an activity to a country, as cells name them."""
_BY_VALUE: Final[Mapping[str, str]] = MappingProxyType(
    {"goal": profiles.GOAL, "theme": "ssc4c:theme", "year": profiles.YEAR}
)
_Facts = profiles.Facts


@dataclass
class Statistics:
    """The counts in a store; tell it before and after things change."""

    store: Store
    parents: Parents
    _before: dict[str, set[Cell]] = field(default_factory=dict)
    _seats_before: dict[str, frozenset[str]] = field(default_factory=dict)
    _broader_before: dict[str, frozenset[str]] = field(default_factory=dict)

    def is_at(self, sequence: int) -> bool:
        """Whether the counts stand at this entry of the journal."""
        return Quad(GRAPH_NAME, _MARK, _mark(sequence), _MARK_GRAPH) in self.store

    def watch(self, things: Iterable[str]) -> None:
        """Note how things are counted before they change."""
        for thing in things:
            self._before[thing] = self._cells(thing, self._seats)
            self._seats_before[thing] = self._seats(thing)
            self._broader_before[thing] = self._broader(thing)

    def settle(self, sequence: int) -> None:
        """Bring the counts up to how the watched things are now."""
        if self.is_at(sequence):
            return
        if any(self._broader(thing) != was for thing, was in self._broader_before.items()):
            self.renew(sequence)  # concepts are moved seldom, and all below them count anew
            return
        change: Counter[Cell] = Counter()
        for thing, cells in self._before.items():
            change.update(self._cells(thing, self._seats))
            change.subtract(cells)
        for thing in self._facilitated_from_elsewhere():
            change.update(self._cells(thing, self._seats))
            change.subtract(self._cells(thing, self._seats_of_before))
        self._before.clear()
        self._seats_before.clear()
        self._write(change, sequence)

    def renew(self, sequence: int) -> None:
        """Count everything anew."""
        self._remove_mark()
        for graph in (GRAPH_NAME, profiles.GRAPH_NAME):
            self.store.remove_graph(graph)
        self.store.bulk_extend(to_quads(count_all(self.store, self.parents)))
        self.store.add(Quad(GRAPH_NAME, _MARK, _mark(sequence), _MARK_GRAPH))

    def _write(self, change: Mapping[Cell, int], sequence: int) -> None:
        away = list(self.store.quads_for_pattern(None, None, None, _MARK_GRAPH))
        add = [Quad(GRAPH_NAME, _MARK, _mark(sequence), _MARK_GRAPH)]
        told, counted = _split(change)
        for quads, changed in zip((away, add), profiles.change(self.store, told), strict=True):
            quads.extend(changed)
        for cell, difference in counted.items():
            if difference:
                old = self._count(cell)
                away.extend(observe(cell, old) if old else ())
                add.extend(observe(cell, old + difference) if old + difference else ())
        self.store.update(_update_text(away, add))

    def _remove_mark(self) -> None:
        self.store.remove_graph(_MARK_GRAPH)

    def _count(self, cell: Cell) -> int:
        pattern = self.store.quads_for_pattern(_name(cell), _COUNT, None, GRAPH_NAME)
        return sum(int(quad.object.value) for quad in pattern)  # type: ignore[union-attr, misc]

    def _cells(self, thing: str, seats: Seats) -> set[Cell]:
        facts: defaultdict[str, set[str]] = defaultdict(set)
        for quad in self.store.quads_for_pattern(NamedNode(thing), None, None, DefaultGraph()):
            if name := _READ.get(quad.predicate.value):
                facts[name].add(quad.object.value)  # type: ignore[union-attr]
        return cells(_widen(facts, self._above), self.parents, seats)

    def _above(self, concept: str) -> frozenset[str]:
        return _climb(concept, self._broader)

    def _broader(self, concept: str) -> frozenset[str]:
        return self._values(concept, _BROADER)

    def _seats(self, actor: str) -> frozenset[str]:
        return self._values(actor, _SEAT)

    def _values(self, thing: str, predicate: NamedNode) -> frozenset[str]:
        pattern = self.store.quads_for_pattern(NamedNode(thing), predicate, None, DefaultGraph())
        return frozenset(quad.object.value for quad in pattern)  # type: ignore[union-attr]

    def _seats_of_before(self, actor: str) -> frozenset[str]:
        known = self._seats_before.get(actor)
        return self._seats(actor) if known is None else known

    def _facilitated_from_elsewhere(self) -> set[str]:
        """Activities that are as they were, while a facilitating partner of theirs has moved."""
        moved = [a for a, seats in self._seats_before.items() if seats != self._seats(a)]
        predicate = NamedNode(expand(profiles.FACILITATOR))
        return {
            quad.subject.value  # type: ignore[union-attr]
            for actor in moved
            for quad in self.store.quads_for_pattern(
                None, predicate, NamedNode(actor), DefaultGraph()
            )
        }.difference(self._before)


def cells(facts: _Facts, parents: Parents, seats: Seats) -> set[Cell]:
    """The cells in which one thing is counted, and its entries in profiles; none if no activity."""
    kinds = _KINDS.intersection(facts.get(profiles.KIND, ()))
    if not kinds:
        return set()
    places = {(country, link) for link in _BY_LINK for country in facts.get(link, ())}
    for actor in facts.get(profiles.FACILITATOR, ()):
        places.update((country, profiles.FACILITATOR) for country in seats(actor))
    goals = _goals(facts.get(profiles.TARGET, ()), parents)
    own = {**facts, profiles.KIND: kinds}
    return _cells(facts, kinds, places, goals) | profiles.entries(own, places, goals)


def _cells(
    facts: _Facts, kinds: Iterable[str], places: Iterable[tuple[str, str]], goals: Iterable[str]
) -> set[Cell]:
    values: dict[str, Iterable[Cell]] = {
        name: [(value,) for value in facts.get(read, ())] for name, read in _BY_VALUE.items()
    }
    values |= {
        "place": [(country, _LINKS[link]) for country, link in places],
        "target": [(goal,) for goal in goals if _TARGET.fullmatch(goal)],
    }
    return {
        (cube, kind, *(value for part in parts for value in part))
        for cube, names in _CUBES.items()
        for kind in kinds
        for parts in product(*(values[name] for name in names))
    }


def _goals(contributes: Iterable[str], parents: Parents) -> set[str]:
    """What activities contribute to, and the targets of indicators among that."""
    found = {parent.value for value in contributes for parent in parents(NamedNode(value))}
    return found.union(contributes)


def count_all(store: Store, parents: Parents) -> Counter[Cell]:
    """The counts of a store, by one walk over each property."""
    facts: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    texts: dict[str, str] = {}
    for predicate, name in _READ.items():
        for subject, value in _pairs(store, NamedNode(predicate), name):
            facts[subject][name].append(texts.setdefault(value, value))
    seats, broader = (_gather(store, predicate) for predicate in (_SEAT, _BROADER))
    above = cache(lambda concept: _climb(concept, lambda each: broader.get(each, frozenset())))
    counts: Counter[Cell] = Counter()
    for thing in facts.values():
        widened = _widen(thing, above)
        counts.update(cells(widened, parents, lambda actor: seats.get(actor, frozenset())))
    return counts


def _widen(facts: _Facts, above: Above) -> _Facts:
    """The facts of an activity, with the concepts that are broader than those it names."""
    wider = {
        link: {wide for concept in facts[link] for wide in above(concept)}
        for link in profiles.CONCEPTS
        if link in facts
    }
    return {**facts, **wider}


def _climb(concept: str, broader: Above) -> frozenset[str]:
    """A concept and all above it."""
    found: set[str] = set()
    waiting = [concept]
    while waiting:
        if (each := waiting.pop()) not in found:
            found.add(each)
            waiting.extend(broader(each))
    return frozenset(found)


def _gather(store: Store, predicate: NamedNode) -> dict[str, frozenset[str]]:
    """The values of a property, by thing."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for thing, value in _pairs(store, predicate, ""):
        found[thing].add(value)
    return {thing: frozenset(values) for thing, values in found.items()}


def _pairs(store: Store, predicate: NamedNode, name: str) -> Iterator[tuple[str, str]]:
    """Subjects and values of a property; of types only those that are counted."""
    wanted = [NamedNode(kind) for kind in sorted(_KINDS)] if name == "kind" else [None]
    for value in wanted:
        for quad in store.quads_for_pattern(None, predicate, value, DefaultGraph()):
            yield quad.subject.value, quad.object.value  # type: ignore[union-attr]


def to_quads(counts: Mapping[Cell, int]) -> Iterator[Quad]:
    """Observations and profiles of all that was counted."""
    told, counted = _split(counts)
    yield from profiles.to_quads(told)
    for cell, count in counted.items():
        yield from observe(cell, count)


def _split(counts: Mapping[Cell, int]) -> tuple[dict[profiles.Entry, int], dict[Cell, int]]:
    """Entries of profiles, and cells of cubes."""
    told: dict[profiles.Entry, int] = {}
    counted: dict[Cell, int] = {}
    for cell, number in counts.items():
        if cell[0] in _CUBES:
            counted[cell] = number
        else:
            told[cell] = number  # type: ignore[index]
    return told, counted


def observe(cell: Cell, count: int) -> list[Quad]:
    """The observation that so many activities are in a cell."""
    cube, kind, *values = cell
    names = [
        "kind",
        *(d for n in _CUBES[cube] for d in (("country", "link") if n == "place" else (n,))),
    ]
    node = _name(cell)
    said = [
        (_TYPE, _OBSERVATION),
        (_DATA_SET, NamedNode(expand(f"ssc4c:{cube}"))),
        *(
            (
                _DIMENSIONS[name],
                Literal(value, datatype=_YEAR_TYPE) if name == "year" else NamedNode(value),
            )
            for name, value in zip(names, (kind, *values), strict=True)
        ),
        (_COUNT, Literal(count)),
    ]
    return [Quad(node, predicate, value, GRAPH_NAME) for predicate, value in said]


def _name(cell: Cell) -> NamedNode:
    return NamedNode(f"{GRAPH_NAME.value}#{'/'.join(map(_short, cell))}")


def _short(value: str) -> str:
    if value.startswith((ID, SDG)) or value in _SHORT:
        return value.rpartition("/")[2]
    return quote(value, safe="")


_SHORT: Final = frozenset({*_KINDS, *_LINKS.values()})


def _mark(sequence: int) -> Literal:
    return Literal(f"{_VERSION}/{sequence}")


def _update_text(away: Iterable[Quad], add: Iterable[Quad]) -> str:
    return f"DELETE DATA {{ {_data(away)} }} ;\nINSERT DATA {{ {_data(add)} }}"


def _data(quads: Iterable[Quad]) -> str:
    return "\n".join(
        f"GRAPH {q.graph_name} {{ {q.subject} {q.predicate} {q.object} }}" for q in quads
    )
