"""What activities are compared by: targets, themes, people, means, places; and how rare each is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from typing import Final
from weakref import WeakKeyDictionary

from pyoxigraph import NamedNode

from kg.namespaces import SDG, expand
from kg.reader import View
from kg.texttraits import FIELDS, read_kept

ACTIVITIES: Final = ("practice", "initiative", "adaptation")
_REGION: Final = NamedNode(expand("ssc4c:inRegion"))
_UNICEF: Final = NamedNode(expand("ssc4c:unicefRegion"))
_MEMBERSHIP: Final = NamedNode(expand("ssc4c:hasMembership"))
_GROUP: Final = NamedNode(expand("ssc4c:inGroup"))
_COUNTRY: Final = NamedNode(expand("ssc4c:Country"))
_TYPE: Final = NamedNode(expand("rdf:type"))
_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Traits:
    """What one activity is compared by."""

    iri: str
    concepts: Mapping[str, frozenset[str]]
    """Concepts by field."""
    places: frozenset[str]
    """Countries where it takes place or went to; where none is told, those it names at all."""
    arrived: frozenset[str]
    """Countries that received it or where it was set up, as far as that is told."""
    origins: frozenset[str]
    """Countries it came from."""
    sources: frozenset[str]
    """Activities that it carries, adapts or grows out of."""


@dataclass(frozen=True)
class Context:
    """What a country is like: regions and groups, each with how telling it is."""

    weights: Mapping[str, float]

    def shared(self, other: "Context") -> list[str]:
        """Regions and groups of both, the most telling first."""
        both = self.weights.keys() & other.weights.keys()
        return sorted(both, key=lambda iri: (-self.weights[iri], iri))


class _Kept:
    """What is kept for as long as a snapshot is open."""

    def __init__(self) -> None:
        self.rarities: dict[tuple[str, str], float] = {}
        self.contexts: dict[str, Context] = {}
        self.sizes: Counter[str] = Counter()
        self.countries: tuple[str, ...] = ()


_KEPT: Final[WeakKeyDictionary[View, _Kept]] = WeakKeyDictionary()


def read_traits(view: View, iri: str) -> Traits:
    """The traits of an activity, as the index keeps them; none of what it does not know."""
    kept = read_kept(view.index.traits(iri))
    parts = {name: frozenset(values) for name, values in kept.items()}
    concepts = {field: parts.get(field, _NONE) for field in FIELDS}
    concepts["target"] = frozenset(each for each in concepts["target"] if _is_target(each))
    origins, arrived = (parts.get(name, _NONE) for name in ("origin", "arrived"))
    places = arrived or parts.get("named", _NONE) or origins
    return Traits(iri, concepts, places, arrived, origins, parts.get("source", _NONE))


def read_sources(view: View, activities: Iterable[str]) -> frozenset[str]:
    """These activities and those that they carry, adapt or grow out of."""
    found = set(activities)
    for each in activities:
        found.update(read_traits(view, each).sources)
    return frozenset(found)


def read_rarity(view: View, field: str, concept: str) -> float:
    """How telling it is to share a concept: much if few things have it."""
    kept = _kept(view).rarities
    if (field, concept) not in kept:
        having = view.index.frequency("link", f"{concept} {FIELDS[field]}")
        kept[field, concept] = log(1 + len(view.index) / (1 + having))
    return kept[field, concept]


def read_context(view: View, country: str) -> Context:
    """What a country is like; a region or group of few countries tells more than one of many."""
    kept = _kept(view)
    if country not in kept.contexts:
        traits = _read_groups(view, country)
        weights = {each: log((1 + len(kept.countries)) / (1 + kept.sizes[each])) for each in traits}
        kept.contexts[country] = Context(
            {name: value for name, value in weights.items() if value > 0}
        )
    return kept.contexts[country]


def list_countries(view: View) -> tuple[str, ...]:
    """All countries that the graph knows."""
    return _kept(view).countries


def measure_likeness(view: View, country: str, other: str) -> float:
    """From 0 to 1: how much of what a country is like another one is, too."""
    if country == other:
        return 1.0
    mine, theirs = read_context(view, country), read_context(view, other)
    whole = sum(mine.weights.values())
    shared = sum(mine.weights[each] for each in mine.shared(theirs))
    return 0.95 * shared / whole if whole else 0.0


def _kept(view: View) -> _Kept:
    kept = _KEPT.get(view)
    if kept is None:
        kept = _Kept()
        countries = view.subjects(_TYPE, _COUNTRY)
        kept.countries = tuple(countries)
        for country in countries:
            kept.sizes.update(_read_groups(view, country))
        _KEPT[view] = kept
    return kept


def _read_groups(view: View, country: str) -> set[str]:
    found = {value.value for name in (_REGION, _UNICEF) for value in view.values(country, name)}
    for node in view.values(country, _MEMBERSHIP):
        found.update(value.value for value in view.values(node.value, _GROUP))
    return found


def _is_target(iri: str) -> bool:
    """Whether it is a target or indicator; goals alone are too wide to compare by."""
    return iri.startswith(SDG) and not iri.removeprefix(SDG).isdecimal()
