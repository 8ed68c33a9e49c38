"""The prefixes that the ontology declares are those of the project."""

from rdflib import SH, URIRef

from kg.namespaces import DEF, PREFIXES
from tests.ontology.files import ONTOLOGY, read_graph


def test_declared_prefixes_are_those_of_the_project() -> None:
    graph = read_graph([ONTOLOGY / "prefixes.ttl"])

    declared = {
        str(graph.value(node, SH.prefix)): str(graph.value(node, SH.namespace))
        for node in graph.objects(URIRef(DEF), SH.declare)
    }

    assert declared == dict(PREFIXES)
