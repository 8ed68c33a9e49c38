"""The sources that records come from: what the graph itself can tell of each."""

from pyoxigraph import Literal, NamedNode, Quad

from endpoint.documents import write_quads, write_triples
from endpoint.pages import Desk, render
from kg.namespaces import expand, thing_iri
from kg.reader import View


def count_records(view: View, key: str) -> int:
    """How many records a source has in the snapshot; 0 for an unknown source."""
    counts = view.manifest.get("records_by_source", {})
    return int(counts.get(key, 0))


def show_source(desk: Desk, key: str, extension: str) -> str | bytes:
    """The page of a source, or the same as data."""
    total = count_records(desk.view, key)
    if extension == "html":
        return render(desk, "source.html", key=key, iri=thing_iri("source", key), total=total)
    node = NamedNode(thing_iri("source", key))
    said: dict[str, NamedNode | Literal] = {
        "rdf:type": NamedNode(expand("ssc4c:Source")),
        "dcterms:identifier": Literal(key),
    }
    quads = [Quad(node, NamedNode(expand(name)), value) for name, value in said.items()]
    if extension in {"nq", "trig"}:
        return write_quads(quads, extension)
    return write_triples(quads, extension, desk.pages.compactor)
