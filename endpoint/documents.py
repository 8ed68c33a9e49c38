"""The data behind a page in the formats of RDF."""

from collections.abc import Iterable
from itertools import chain
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from endpoint.jsonld import Compactor
from kg.namespaces import PREFIXES
from kg.reader import NAMING, View
from kg.records import derived_graph, meta_graph

MEDIA_TYPES: Final = MappingProxyType(
    {
        "html": "text/html",
        "ttl": "text/turtle",
        "nt": "application/n-triples",
        "nq": "application/n-quads",
        "trig": "application/trig",
        "jsonld": "application/ld+json",
        "rdf": "application/rdf+xml",
    }
)
"""The seven extensions of a page's address, the default first."""
_FORMATS: Final = MappingProxyType(
    {
        "ttl": RdfFormat.TURTLE,
        "nt": RdfFormat.N_TRIPLES,
        "nq": RdfFormat.N_QUADS,
        "trig": RdfFormat.TRIG,
        "rdf": RdfFormat.RDF_XML,
    }
)
_WITH_GRAPHS: Final = ("nq", "trig")


def write_document(view: View, iri: str, extension: str, compactor: Compactor) -> bytes:
    """What the graph says of a thing, with the names of what it links to.

    N-Quads and TriG hold the records that say it, what follows from them and their provenance.
    """
    if extension in _WITH_GRAPHS:
        return write_quads(_record_quads(view, view.thing(iri).records), extension)
    quads = view.quads(iri)
    return write_triples([*quads, *_link_names(view, iri, quads)], extension, compactor)


def write_graph(view: View, graph: str, extension: str, compactor: Compactor) -> bytes:
    """One named graph as it stands."""
    quads = view.graph(graph)
    if extension in _WITH_GRAPHS:
        return write_quads(quads, extension)
    return write_triples(quads, extension, compactor)


def write_quads(quads: Iterable[Quad], extension: str) -> bytes:
    """Quads in N-Quads or TriG."""
    return serialize(quads, format=_FORMATS[extension], prefixes=dict(PREFIXES)) or b""


def write_triples(quads: Iterable[Quad], extension: str, compactor: Compactor) -> bytes:
    """Statements without their graphs."""
    triples: list[Triple] = [quad.triple for quad in quads]
    if extension == "jsonld":
        return compactor.write(triples)
    return serialize(triples, format=_FORMATS[extension], prefixes=dict(PREFIXES)) or b""


def _record_quads(view: View, records: Iterable[str]) -> Iterable[Quad]:
    for name in records:
        graphs = (name, derived_graph(name), meta_graph(name))
        yield from chain.from_iterable(map(view.graph, graphs))


def _link_names(view: View, iri: str, quads: Iterable[Quad]) -> Iterable[Quad]:
    objects = {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}
    for other in sorted(objects):
        if other.partition("#")[0] != iri:
            for predicate in NAMING[:2]:
                for value in view.values(other, predicate):
                    if isinstance(value, Literal):
                        yield Quad(NamedNode(other), predicate, value)
