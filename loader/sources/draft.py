"""A record in the making: triples and problems of one row."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import expand, thing_iri
from kg.records import Record
from loader.problems import Misfit, RowProblem, shorten

LONGEST_NAME: Final = 64
"""Characters of a key that stands in the name of a nested node; a longer one is hashed."""

Term = NamedNode | Literal


@lru_cache(maxsize=65_536)
def term(name: str) -> NamedNode:
    """The node of a prefixed name: ``ssc4c:theme``."""
    return NamedNode(expand(name))


@lru_cache(maxsize=65_536)
def thing(kind: str, key: str) -> NamedNode:
    """The node of a thing or concept."""
    return NamedNode(thing_iri(kind, key))


@dataclass
class Draft:
    """What one row says about one thing, as far as it has been read."""

    source: str
    kind: str
    key: str
    origin: str
    row: int = 0
    triples: list[Triple] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.node = thing(self.kind, self.key)
        self.publications: list[NamedNode] = []
        self.cited: list[tuple[str, str]] = []

    def say(self, predicate: str, *values: Term) -> None:
        """State values of the thing itself, by the property's prefixed name."""
        for value in values:
            self.triples.append(Triple(self.node, term(predicate), value))

    def state(self, predicate: NamedNode, values: Sequence[Term]) -> None:
        """State values of the thing itself."""
        for value in values:
            self.triples.append(Triple(self.node, predicate, value))

    def say_typed(self, cls: str) -> None:
        """State class and key."""
        self.say("rdf:type", term(cls))
        self.say("dcterms:identifier", Literal(self.key))

    def nest(
        self, name: str, predicate: str, cls: str, values: Mapping[str, Iterable[Term]]
    ) -> NamedNode:
        """State a nested node that hangs on the thing by a property, with values by property."""
        node = NamedNode(f"{self.node.value}#{self.source}-{name}")
        self.triples.append(Triple(self.node, term(predicate), node))
        self.triples.append(Triple(node, term("rdf:type"), term(cls)))
        for each, objects in values.items():
            self.triples.extend(Triple(node, term(each), value) for value in objects)
        return node

    def refuse(self, column: str, value: str, misfit: Misfit) -> None:
        """Note a cell that cannot be read; it sets the row aside."""
        self.problems.append(
            RowProblem(
                self.origin, self.row, column, shorten(value), misfit.message, misfit.candidates
            )
        )

    def to_record(self) -> Record:
        """The record."""
        return Record.of(self.source, self.kind, self.key, self.triples, self.origin, self.row)


def short_name(key: str) -> str:
    """The key, or a hash of it where it is too long for the name of a nested node."""
    return key if len(key) <= LONGEST_NAME else hashlib.sha256(key.encode()).hexdigest()[:10]
