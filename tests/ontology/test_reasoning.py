"""Ontology, alignments and a few things are consistent under OWL 2 RL, and a clash is noticed."""

from owlrl import DeductiveClosure
from owlrl.OWLRL import OWLRL_Semantics
from rdflib import OWL, RDF, Graph, URIRef
from rdflib.term import _toPythonMapping

from kg.namespaces import expand
from tests.ontology.files import MODULES, read_graph

THINGS = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix sdg: <http://metadata.un.org/sdg/> .
@prefix sdgo: <http://metadata.un.org/sdg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ssc4c: <https://w3id.org/ssc4c/def/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/> .

ex:practice a ssc4c:Practice ; ssc4c:originCountry ex:country ; ssc4c:theme ex:concept ;
    ssc4c:contributesToAsStated sdg:2.1 ; ssc4c:startYear "2013"^^xsd:gYear ;
    ssc4c:hasAssessment ex:assessment ; ssc4c:advancesRight ex:article .
ex:adaptation a ssc4c:Adaptation ; ssc4c:adaptationOf ex:practice ; ssc4c:inCountry ex:country .
ex:initiative a ssc4c:Initiative ; ssc4c:carries ex:practice ; ssc4c:growsOutOf ex:practice ;
    ssc4c:form ex:concept ; ssc4c:hasParticipation ex:participation ; ssc4c:addresses ex:challenge .
ex:participation a ssc4c:Participation ; ssc4c:participant ex:body ; ssc4c:role ex:concept ;
    ssc4c:participantCountry ex:country .
ex:body a ssc4c:Organization ; ssc4c:seatCountry ex:country .
ex:person a ssc4c:Person ; ssc4c:affiliation ex:body .
ex:country a ssc4c:Country ; ssc4c:inRegion ex:region .
ex:region a ssc4c:Region .
ex:assessment a ssc4c:Assessment ; ssc4c:assessor ex:body ; ssc4c:grade ex:concept .
ex:need a ssc4c:Need ; ssc4c:owner ex:country ; ssc4c:hasMatch ex:match .
ex:match a ssc4c:Match ; ssc4c:matchedActivity ex:initiative .
ex:article a ssc4c:ConventionArticle ; ssc4c:inCluster ex:concept .
ex:concept a skos:Concept .
ex:challenge a ssc4c:Challenge .
sdg:2.1 a sdgo:Target .
"""
EX = "https://example.org/"


def _reason(turtle: str) -> Graph:
    graph = read_graph(MODULES).parse(data=turtle, format="turtle")
    readers = dict(_toPythonMapping)
    try:
        DeductiveClosure(OWLRL_Semantics).expand(graph)  # type: ignore[no-untyped-call]
    finally:  # owlrl leaves readers of its own behind, which take other values for dates
        _toPythonMapping.clear()
        _toPythonMapping.update(readers)
    return graph


def _clashes(graph: Graph) -> list[str]:
    errors = graph.objects(None, URIRef("http://www.daml.org/2002/03/agents/agent-ont#error"))
    nothing = graph.subjects(RDF.type, OWL.Nothing)
    return [*map(str, errors), *map(str, nothing)]


def test_ontology_and_things_are_consistent_and_infer_what_they_should() -> None:
    graph = _reason(THINGS)

    assert _clashes(graph) == []
    for subject, predicate, value in (
        ("practice", "ssc4c:contributesTo", expand("sdg:2.1")),
        ("practice", "rdf:type", expand("ssc4c:Activity")),
        ("initiative", "ssc4c:modality", EX + "concept"),
        ("initiative", "rdf:type", expand("prov:Activity")),
        ("challenge", "ssc4c:addressedBy", EX + "initiative"),
        ("match", "ssc4c:matchedListing", EX + "need"),
        ("body", "rdf:type", expand("org:Organization")),
        ("country", "rdf:type", expand("dcterms:Location")),
    ):
        triple = (URIRef(EX + subject), URIRef(expand(predicate)), URIRef(value))
        assert triple in graph, triple


def test_thing_that_is_practice_and_initiative_is_a_clash() -> None:
    graph = _reason(THINGS + "ex:practice a ssc4c:Initiative .")

    assert _clashes(graph) != []
