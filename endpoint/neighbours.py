"""The things beside and around a goal, target, indicator or concept, to step to."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from endpoint.values import Shower, Shown, sort_key
from kg.namespaces import expand
from kg.reader import Thing, View

_UP: Final = tuple(
    NamedNode(expand(name))
    for name in ("sdgo:isTargetOf", "sdgo:isIndicatorOf", "skos:broader", "ssc4c:broaderRegion")
)
_MOST: Final = 40


@dataclass(frozen=True)
class Neighbours:
    """What a thing belongs to, and what belongs there beside it."""

    above: Shown
    beside: tuple[Shown, ...]


def read_neighbours(view: View, thing: Thing, shower: Shower) -> list[Neighbours]:
    """For each thing above it, the others that stand below."""
    return [
        Neighbours(shower.show(above), _beside(view, predicate, above.value, thing.iri, shower))
        for predicate in _UP
        for above in thing.said.get(predicate, ())
    ]


def _beside(
    view: View, predicate: NamedNode, above: str, iri: str, shower: Shower
) -> tuple[Shown, ...]:
    others = [other for other in view.subjects(predicate, NamedNode(above)) if other != iri]
    return tuple(sorted(map(shower.link, others), key=sort_key)[:_MOST])
