"""What pages tell of a thing at one look: how activities link to it, by year, theme and partner.

A profile is all counts of one thing in one JSON text. Read from the cubes, a page about a country
would gather hundreds of observations, at 0.1 ms each where they come from disk.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.namespaces import GRAPH, ID, SDG, expand

GRAPH_NAME: Final = NamedNode(f"{GRAPH}meta/profiles")
Entry = tuple[str, str, str, str]
"""Whose count it is, the property by which an activity points there, what is counted by, and its
value: ``("…/country/BRA", "ssc4c:providerCountry", "theme", "nutrition")``."""
Facts = Mapping[str, Iterable[str]]
"""Of an activity: IRIs and years by property, prefixed."""
Counts = Mapping[str, int]

_PROFILE: Final = NamedNode(expand("ssc4c:countProfile"))
_JSON: Final = NamedNode(expand("rdf:JSON"))
_MOST: Final = 100
"""Partners beyond which an activity is a list of members, and no pair of them worth counting."""
PLACES: Final = (
    "ssc4c:providerCountry",
    "ssc4c:recipientCountry",
    "ssc4c:involvesCountry",
    "ssc4c:inCountry",
    "ssc4c:originCountry",
)
FACILITATOR: Final = "ssc4c:facilitatingPartner"
ANY: Final = "country"
"""Stands for any of the properties by which an activity names a country itself."""
ACTORS: Final = (
    "ssc4c:involvesActor",
    FACILITATOR,
    "ssc4c:leadActor",
    "ssc4c:fundingActor",
    "ssc4c:implementingActor",
)
CONCEPTS: Final = (
    "ssc4c:theme",
    "ssc4c:form",
    "ssc4c:initiativeType",
    "ssc4c:instrument",
    "ssc4c:resourceType",
    "ssc4c:deliveryMode",
    "ssc4c:populationGroup",
    "ssc4c:advancesRight",
    "ssc4c:currentGrade",
)
TARGET: Final = "ssc4c:contributesTo"
GOAL: Final = "ssc4c:goal"
KIND: Final = "kind"
YEAR: Final = "ssc4c:startYear"
PROPERTIES: Final = (*PLACES, *ACTORS, *CONCEPTS, TARGET, GOAL, YEAR)
_PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "theme": f"{ID}theme/",
        "country": f"{ID}country/",
        "goal": SDG,
        "actor": f"{ID}actor/",
        "kind": expand("ssc4c:"),
    }
)
"""What is left out of values, by what is counted by."""


class Profile:
    """The counts of one thing, read once."""

    def __init__(self, text: str = "{}") -> None:
        self._links: dict[str, dict[str, dict[str, int]]] = json.loads(text)

    def by(self, link: str, field: str) -> Counts:
        """How many activities point to the thing by a property, by IRI or year."""
        prefix = _PREFIXES.get(field, "")
        found = self._links.get(link, {}).get(field, {})
        return {name if ":" in name else prefix + name: n for name, n in found.items()}

    def total(self, *links: str) -> int:
        """How many activities point to the thing by these properties, one after the other."""
        return sum(sum(self._links.get(link, {}).get(KIND, {}).values()) for link in links)

    @cached_property
    def links(self) -> tuple[str, ...]:
        """The properties by which activities point to the thing."""
        return tuple(self._links)


def read_profile(store: Store, thing: str) -> Profile:
    """The profile of a thing; an empty one if no activity points to it."""
    quad = next(store.quads_for_pattern(_node(thing), _PROFILE, None, GRAPH_NAME), None)
    return Profile(quad.object.value if quad else "{}")  # type: ignore[union-attr]


def entries(facts: Facts, places: Iterable[tuple[str, str]], goals: Iterable[str]) -> set[Entry]:
    """All that one activity adds to the profiles of what it points to.

    `places` are its countries, each with the property that links to it; `goals` the goals, targets
    and indicators that it contributes to, be it by what belongs to them.
    """
    made = _Maker(facts, list(places))
    owners = chain(
        made.of_countries(),
        made.of_actors(),
        made.of_others(GOAL, facts.get(GOAL, ())),
        made.of_others(TARGET, goals),
        *(made.of_others(link, facts.get(link, ())) for link in CONCEPTS),
    )
    return set(owners)


class _Maker:
    """Makes the entries of one activity."""

    def __init__(self, facts: Facts, places: list[tuple[str, str]]) -> None:
        self._facts = facts
        self._by_link: defaultdict[str, set[str]] = defaultdict(set)
        for country, link in places:
            self._by_link[link].add(country)
        self._base = [
            *_values(KIND, facts.get(KIND, ())),
            *_values("year", facts.get(YEAR, ())),
        ]
        self._themes = _values("theme", facts.get("ssc4c:theme", ()))
        self._goals = _values("goal", facts.get(GOAL, ()))
        self._named = {c for link in PLACES for c in self._by_link.get(link, ())}
        self._countries = _values("country", self._named)

    def of_countries(self) -> Iterator[Entry]:
        """By each role with those of the other side; what it is about by any link alone."""
        for link, countries in self._by_link.items():
            said = [*self._base, *self._partners(link)]
            for country in countries:
                own = _shorten("country", country)
                yield from ((country, link, f, v) for f, v in said if f != "country" or v != own)
        actors = _values("actor", _few(set(self._facts.get(ACTORS[0], ()))))
        about = [*self._base, *self._themes, *self._goals, *actors]
        for country in self._named:
            yield from ((country, ANY, f, v) for f, v in about)

    def _partners(self, link: str) -> list[tuple[str, str]]:
        other = {PLACES[0]: PLACES[1], PLACES[1]: PLACES[0], FACILITATOR: PLACES[1]}.get(link, "")
        return _values("country", _few(self._by_link.get(other, set())))

    def of_actors(self) -> Iterator[Entry]:
        """By every role; what it is about and with whom only once."""
        about = [*self._themes, *self._goals, *self._countries]
        everybody = _few(set(self._facts.get(ACTORS[0], ())))
        for link in ACTORS:
            said = [*self._base, *about] if link == ACTORS[0] else self._base
            for actor in self._facts.get(link, ()):
                yield from ((actor, link, f, v) for f, v in said)
                if link == ACTORS[0]:
                    others = (each for each in everybody if each != actor)
                    yield from ((actor, link, "actor", _shorten("actor", o)) for o in others)

    def of_others(self, link: str, owners: Iterable[str]) -> Iterator[Entry]:
        """Of goals and concepts."""
        said = [*self._base, *self._countries]
        if link in (GOAL, TARGET):
            said += self._themes
        if link == "ssc4c:theme":
            said += self._goals
        for owner in owners:
            yield from ((owner, link, f, v) for f, v in said)


def _values(field: str, values: Iterable[str]) -> list[tuple[str, str]]:
    return [(field, _shorten(field, value)) for value in values]


def _shorten(field: str, value: str) -> str:
    rest = value.removeprefix(_PREFIXES.get(field, ""))
    return value if ":" in rest else rest


def _few(members: set[str]) -> list[str]:
    return sorted(members) if len(members) <= _MOST else []


def to_quads(counts: Mapping[Entry, int]) -> Iterator[Quad]:
    """The profiles of all whom these counts are about."""
    for owner, links in _by_owner(counts).items():
        yield _quad(owner, links)


def change(store: Store, counts: Mapping[Entry, int]) -> tuple[list[Quad], list[Quad]]:
    """The quads to take away and to add, so that profiles change by these counts."""
    away, add = [], []
    for owner, links in _by_owner(counts).items():
        old = list(store.quads_for_pattern(_node(owner), _PROFILE, None, GRAPH_NAME))
        before = json.loads(old[0].object.value) if old else {}  # type: ignore[union-attr]
        after = _add(before, links)
        away += old
        add += [_quad(owner, after)] if after else []
    return away, add


_Links = dict[str, dict[str, dict[str, int]]]


def _by_owner(counts: Mapping[Entry, int]) -> dict[str, _Links]:
    found: defaultdict[str, _Links] = defaultdict(dict)
    for (owner, link, field, value), number in counts.items():
        if number:
            found[owner].setdefault(link, {}).setdefault(field, {})[value] = number
    return found


def _add(before: _Links, difference: _Links) -> _Links:
    """Two trees of counts as one, without what comes to nothing."""
    merged: Counter[tuple[str, str, str]] = Counter()
    for links in (before, difference):
        for link, fields in links.items():
            for field, values in fields.items():
                for value, number in values.items():
                    merged[link, field, value] += number
    kept = {("", *key): number for key, number in merged.items()}
    return _by_owner(kept).get("", {})


def _quad(owner: str, links: _Links) -> Quad:
    text = json.dumps(links, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Quad(_node(owner), _PROFILE, Literal(text, datatype=_JSON), GRAPH_NAME)


def _node(owner: str) -> NamedNode:
    """Another node than the thing, so that no profile stands among what records say of it."""
    return NamedNode(f"{GRAPH_NAME.value}#{owner.removeprefix(ID)}")
