"""The shapes in two parts: core constraints for large batches, SPARQL rules for small ones."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kg.namespaces import PREFIXES, expand

Node = NamedNode | BlankNode

TYPE: Final = NamedNode(expand("rdf:type"))
_CLASS: Final = NamedNode(expand("sh:class"))
_SELECT: Final = NamedNode(expand("sh:select"))
_SPARQL: Final = NamedNode(expand("sh:sparql"))
_PREFIXES: Final = NamedNode(expand("sh:prefixes"))
_DATETIME: Final = expand("xsd:dateTime")
_NOW: Final = re.compile(r"\bNOW\(\s*\)", re.IGNORECASE)
_NAMES: Final = re.compile(r"<([^<>\s]+)>|\b([a-z0-9]+):([A-Za-z][\w-]*)")


@dataclass(frozen=True)
class ShapesPart:
    """Some of the shapes, as text for an engine."""

    triples: tuple[Triple, ...]

    @cached_property
    def text(self) -> str:
        """The shapes as N-Triples."""
        return (serialize(self.triples, format=RdfFormat.N_TRIPLES) or b"").decode()

    @cached_property
    def visible(self) -> frozenset[NamedNode]:
        """Properties and classes that the shapes look at beyond the focus node.

        Values are looked at by shapes without a name, by `sh:class` and by SPARQL; statements
        about reference data with other properties cannot change a result.
        """
        found: set[NamedNode] = set()
        for subject, predicate, value in self.triples:
            if isinstance(value, NamedNode) and (
                isinstance(subject, BlankNode) or predicate == _CLASS
            ):
                found.add(value)
            elif predicate == _SELECT and isinstance(value, Literal):
                found.update(_find_names(value.value))
        return frozenset(found)

    def shows(self, triple: Triple) -> bool:
        """Whether a statement about reference data can matter to these shapes."""
        if triple.predicate == TYPE:
            return triple.object in self.visible
        return triple.predicate in self.visible


def split_shapes(triples: Iterable[Triple], today: date) -> tuple[ShapesPart, ShapesPart]:
    """Core shapes and SPARQL rules; NOW() becomes the day given, so that a run can be repeated."""
    said: defaultdict[Node, list[Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, Node):
            said[triple.subject].append(_fix_now(triple, today))
    named = [subject for subject in said if isinstance(subject, NamedNode)]
    rules = {name for name in named if any(each.predicate == _SPARQL for each in said[name])}
    parts = ([name for name in named if name not in rules], sorted(rules, key=str))
    core, sparql = (
        ShapesPart(tuple(triple for name in part for triple in _collect(name, said)))
        for part in parts
    )
    return core, sparql


def _collect(name: Node, said: dict[Node, list[Triple]]) -> Iterator[Triple]:
    """The statements of a shape with its blank nodes and the prefixes it refers to."""
    for triple in said.get(name, ()):
        yield triple
        is_part = isinstance(triple.object, BlankNode) or triple.predicate == _PREFIXES
        if is_part and isinstance(triple.object, Node):
            yield from _collect(triple.object, said)


def _fix_now(triple: Triple, today: date) -> Triple:
    if triple.predicate != _SELECT or not isinstance(triple.object, Literal):
        return triple
    fixed = f'"{today.isoformat()}T00:00:00Z"^^<{_DATETIME}>'
    return Triple(triple.subject, triple.predicate, Literal(_NOW.sub(fixed, triple.object.value)))


def _find_names(query: str) -> Iterator[NamedNode]:
    for iri, prefix, local in _NAMES.findall(query):
        if iri:
            yield NamedNode(iri)
        elif prefix in PREFIXES:
            yield NamedNode(PREFIXES[prefix] + local)
