"""Which activities are like one: by rare concepts they share, by where they are, by their words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType
from typing import Final

import tantivy

from kg.namespaces import split_thing
from kg.reader import View
from kg.textqueries import of_kinds
from kg.textschema import SCHEMA
from kg.texttraits import FIELDS
from kg.traits import ACTIVITIES, Traits, read_context, read_rarity, read_sources, read_traits

WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "theme": 0.30,
        "target": 0.20,
        "population": 0.12,
        "instrument": 0.05,
        "form": 0.02,
        "context": 0.06,
        "words": 0.25,
        "practice": 0.10,
    }
)
"""What each kind of likeness is worth; docs/transfer.md tells how they were chosen."""
_LOOKED_AT: Final = 12
"""Things of which the statements are read."""
_WORDED: Final = 30
"""Things that are asked for by their words."""
_WIDEST: Final = 20_000
"""Things that a concept may have for others to be looked for by it, all concepts together."""


@dataclass(frozen=True)
class Alike:
    """One activity that is like another."""

    iri: str
    score: float
    shared: Mapping[str, tuple[str, ...]]
    """Concepts that both have by field, the most telling first; `place` and `context` as well."""
    words: float
    """How alike the words are, from 0 to 1."""
    traits: Traits


def find_alike(
    view: View, iri: str, limit: int = 6, weights: Mapping[str, float] = WEIGHTS
) -> list[Alike]:
    """Activities like this one, the most alike first; those of its own line are left out."""
    own = read_traits(view, iri)
    family = {iri, *read_sources(view, own.sources)}
    words = dict(view.index.alike(iri, _WORDED, ACTIVITIES))
    found = []
    for other in _candidates(view, own, words, weights):
        if other not in family:
            traits = read_traits(view, other)
            if not family.intersection(read_sources(view, traits.sources)):
                found.append(compare(view, own, traits, weights, words.get(other, 0.0)))
    return sorted(found, key=lambda each: (-each.score, each.iri))[:limit]


def compare(
    view: View, own: Traits, other: Traits, weights: Mapping[str, float], words: float
) -> Alike:
    """How alike two activities are and what they share."""
    shared: dict[str, tuple[str, ...]] = {}
    score = weights["words"] * words + weights["practice"] * _is_practice(other)
    for field in FIELDS:
        mine, theirs = (
            {each: read_rarity(view, field, each) for each in traits.concepts[field]}
            for traits in (own, other)
        )
        both = sorted(mine.keys() & theirs.keys(), key=lambda each: (-mine[each], each))
        if both:
            shared[field] = tuple(both)
            score += weights[field] * _cosine(mine, theirs)
    bags = [_bag(view, traits.places) for traits in (own, other)]
    score += weights["context"] * _cosine(*bags)
    shared["place"] = tuple(sorted(own.places & other.places))
    shared["context"] = _shared_context(*bags)
    return Alike(other.iri, score, shared, words, other)


def _is_practice(traits: Traits) -> bool:
    return (split_thing(traits.iri) or ("",))[0] == "practice"


def _cosine(mine: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    """How far two weighted sets point the same way: 1 if they are the same, 0 if apart."""
    both = sum(sqrt(mine[each] * theirs[each]) for each in mine.keys() & theirs.keys())
    size = sqrt(sum(mine.values()) * sum(theirs.values()))
    return both / size if size else 0.0


def _bag(view: View, places: Iterable[str]) -> dict[str, float]:
    """Regions and groups of countries, by how telling they are and how many have them."""
    bag: defaultdict[str, float] = defaultdict(float)
    countries = list(places)
    for country in countries:
        for each, weight in read_context(view, country).weights.items():
            bag[each] += weight / len(countries)
    return bag


def _shared_context(mine: Mapping[str, float], theirs: Mapping[str, float]) -> tuple[str, ...]:
    both = {each: min(mine[each], theirs[each]) for each in mine.keys() & theirs.keys()}
    return tuple(sorted(both, key=lambda each: (-both[each], each)))


def _candidates(
    view: View, own: Traits, words: Mapping[str, float], weights: Mapping[str, float]
) -> list[str]:
    """What is worth looking at, from the index: things with rare concepts in common."""
    query = _ask_concepts(view, own, weights)
    scores = defaultdict(float, {iri: weights["words"] * part for iri, part in words.items()})
    if query is not None:
        for iri, score in view.index.best(of_activities(query), 2 * _LOOKED_AT):
            scores[iri] += score
    return sorted(scores, key=lambda iri: (-scores[iri], iri))[:_LOOKED_AT]


def _ask_concepts(view: View, own: Traits, weights: Mapping[str, float]) -> tantivy.Query | None:
    """A query for things with the concepts, the rare ones first, until it would find too many."""
    rated = []
    for field in FIELDS:
        rarity = {each: read_rarity(view, field, each) for each in own.concepts[field]}
        whole = sum(rarity.values())
        rated += [
            (rarity[each], weights[field] * rarity[each] / whole, field, each) for each in rarity
        ]
    clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
    found = 0
    for _, weight, field, concept in sorted(rated, reverse=True):
        term = f"{concept} {FIELDS[field]}"
        found += view.index.frequency("link", term)
        if clauses and found > _WIDEST:
            break
        query = tantivy.Query.const_score_query(having("link", term), weight)
        clauses.append((tantivy.Occur.Should, query))
    if not clauses:
        return None
    practice = tantivy.Query.const_score_query(having("kind", "practice"), weights["practice"])
    return tantivy.Query.boolean_query(
        [
            (tantivy.Occur.Must, tantivy.Query.boolean_query(clauses)),
            (tantivy.Occur.Should, practice),
        ]
    )


def having(field: str, value: str) -> tantivy.Query:
    """A query for things with this value."""
    return tantivy.Query.term_query(SCHEMA, field, value, index_option="basic")


def of_activities(query: tantivy.Query) -> tantivy.Query:
    """The query, for practices, initiatives and adaptations alone."""
    return of_kinds(query, ACTIVITIES)
