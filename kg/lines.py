"""The line of an activity: what it came from, what carries it on, where it was set up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from kg.namespaces import expand
from kg.reader import View
from kg.textindex import link
from kg.traits import read_sources

CARRIES: Final = expand("ssc4c:carries")
ADAPTS: Final = expand("ssc4c:adaptationOf")
GROWS: Final = expand("ssc4c:growsOutOf")
_MOST: Final = 20
"""Things listed of each sort; a line may have thousands."""


@dataclass(frozen=True)
class Line:
    """Where an activity stands among those that pass on the same thing."""

    sources: tuple[str, ...]
    """What it carries, adapts or grows out of, and what these came from."""
    carriers: tuple[str, ...]
    """Initiatives that carry it or its sources, the newest first."""
    adaptations: tuple[str, ...]
    """Adaptations of it or of its sources."""
    offshoots: tuple[str, ...]
    """What grew out of it or of its sources."""

    @property
    def members(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.sources, *self.carriers, *self.adaptations, *self.offshoots)


def read_line(view: View, iri: str) -> Line:
    """The line of an activity, without itself."""
    sources = sorted(read_sources(view, read_sources(view, (iri,))) - {iri})
    heads = (iri, *sources)
    seen = {iri, *sources}
    found = []
    for predicate in (CARRIES, ADAPTS, GROWS):
        chosen = tuple(
            dict.fromkeys(each for each in _pointing(view, heads, predicate) if each not in seen)
        )
        seen.update(chosen)
        found.append(chosen)
    return Line(tuple(sources), *found)


def _pointing(view: View, heads: Iterable[str], predicate: str) -> Iterator[str]:
    hits = (view.index.search(limit=_MOST, facets=link(head, predicate)) for head in heads)
    return (hit.iri for hit in chain.from_iterable(each.items for each in hits))
