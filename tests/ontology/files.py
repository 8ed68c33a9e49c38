"""The ontology as the tests read it."""

from pathlib import Path

from rdflib import OWL, RDF, RDFS, Graph, URIRef

from kg.namespaces import DEF

ROOT = Path(__file__).parents[2]
ONTOLOGY = ROOT / "ontology"
MODULES = sorted(ONTOLOGY.glob("*.ttl"))
SCHEMES = sorted((ONTOLOGY / "schemes").glob("*.ttl"))
LANGUAGES = ["ar", "en", "es", "fr", "pt"]

CLASSES = {OWL.Class}
PROPERTIES = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
DATATYPES = {RDFS.Datatype}


def read_graph(paths: list[Path]) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


def find_terms(graph: Graph, kinds: set[URIRef]) -> list[URIRef]:
    """Our own terms of these kinds, in order."""
    found = {term for kind in kinds for term in graph.subjects(RDF.type, kind)}
    return sorted(term for term in found if isinstance(term, URIRef) and term.startswith(DEF))
