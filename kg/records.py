"""The record: what one source says about one thing, and what validation found in it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any, Literal, Self

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from kg.namespaces import GRAPH, record_graph, thing_iri

_SUBJECT = attrgetter("subject")
_OBJECT = attrgetter("object")
Severity = Literal["Violation", "Warning", "Info"]


@dataclass(frozen=True, order=True)
class Finding:
    """One validation result, with terms in N-Triples syntax so that engines can be compared."""

    focus: str
    path: str
    shape: str
    severity: Severity
    value: str
    message: str

    def to_json(self) -> dict[str, str]:
        """The finding as plain values; an empty string stands for no path or no value."""
        return dict(vars(self))

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(**values)


@dataclass(frozen=True)
class Record:
    """A small graph about one thing and its own nested nodes, as one source said it."""

    source: str
    kind: str
    key: str
    triples: tuple[Triple, ...]
    """Sorted, each once, without blank nodes."""
    origin: str = ""
    """Name of the file it was read from."""
    row: int = field(default=0, compare=False)
    """Row of that file, for messages only; 0 where it is no table."""

    @classmethod
    def of(
        cls,
        source: str,
        kind: str,
        key: str,
        triples: Iterable[Triple],
        origin: str = "",
        row: int = 0,
    ) -> Self:
        """A record of these triples; raises ValueError at a blank node or a foreign subject."""
        record = cls(source, kind, key, tuple(sorted(set(triples), key=str)), origin, row)
        record._check()
        return record

    @classmethod
    def read(cls, graph: str, content: bytes) -> Self:
        """The record in this graph, from the content that is kept of it."""
        source, kind, key = split_graph(graph)
        return cls.of(source, kind, key, parse_content(content))

    def _check(self) -> None:
        subjects = set(map(_SUBJECT, self.triples))
        if BlankNode in {*map(type, subjects), *map(type, map(_OBJECT, self.triples))}:
            raise ValueError(f"the record {self.graph.value} holds a blank node")
        for subject in map(str, subjects):
            if subject != f"<{self.thing}>" and not subject.startswith(f"<{self.thing}#"):
                raise ValueError(f"the record {self.graph.value} speaks of {subject}")

    @cached_property
    def thing(self) -> str:
        """The IRI of what the record is about."""
        return thing_iri(self.kind, self.key)

    @cached_property
    def graph(self) -> NamedNode:
        """The named graph that holds the record."""
        return NamedNode(record_graph(self.source, self.kind, self.key))

    def content(self) -> bytes:
        """The record as sorted N-Quads: the bytes that are hashed and kept."""
        return self._content

    @cached_property
    def _content(self) -> bytes:
        quads = (Quad(t.subject, t.predicate, t.object, self.graph) for t in self.triples)
        lines = serialize(quads, format=RdfFormat.N_QUADS) or b""
        return b"".join(sorted(lines.splitlines(keepends=True)))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.content()).hexdigest()


def derived_graph(graph: str) -> str:
    """The graph of what is inferred from a record."""
    return f"{GRAPH}derived/{graph.removeprefix(GRAPH)}"


def meta_graph(graph: str) -> str:
    """The graph of a record's provenance and findings."""
    return f"{GRAPH}meta/{graph.removeprefix(GRAPH)}"


def parse_content(content: bytes) -> list[Triple]:
    """The triples of a record's kept content."""
    return [quad.triple for quad in parse(content, format=RdfFormat.N_QUADS)]


def split_graph(graph: str) -> tuple[str, str, str]:
    """Source, kind and key of the record in this graph."""
    source, kind, key = graph.removeprefix(GRAPH).split("/", 2)
    return source, kind, key


def kind_of_graph(graph: str) -> str:
    """The kind of the thing that the record in this graph is about."""
    return split_graph(graph)[1]


def thing_of_graph(graph: str) -> str:
    """The thing that the record in this graph is about."""
    return thing_iri(*split_graph(graph)[1:])
