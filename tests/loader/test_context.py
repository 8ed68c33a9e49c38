"""The JSON-LD context is current and loses nothing on the way there and back."""

import json
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import Graph
from rdflib.compare import isomorphic

from loader.context import build_context, main, read_graph

ROOT = Path(__file__).parents[2]
ONTOLOGY = ROOT / "ontology"
CONTEXT = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]

PREFIXES = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sdg: <http://metadata.un.org/sdg/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ssc4c: <https://w3id.org/ssc4c/def/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
RECORD = (
    PREFIXES
    + """
<https://w3id.org/ssc4c/id/practice/example> a ssc4c:Practice ;
    dcterms:title "An example"@en, "Un exemple"@fr ;
    dcterms:description "One text"@en, "Another text"@en, "Eine Übersetzung"@de ;
    ssc4c:startYear "2013"^^xsd:gYear ; ssc4c:budgetInUsDollars 1.50 ;
    ssc4c:theme <https://w3id.org/ssc4c/id/theme/nutrition> ;
    ssc4c:theme <https://w3id.org/ssc4c/id/theme/wash> ;
    ssc4c:contributesTo sdg:2.1, sdg:2 ;
    ssc4c:hasAssessment <https://w3id.org/ssc4c/id/practice/example#ssc4c-assessment> .
<https://w3id.org/ssc4c/id/practice/example#ssc4c-assessment> a ssc4c:Assessment ;
    ssc4c:assessedOn "2026-11"^^xsd:gYearMonth ; ssc4c:criteria "A \\"rule\\""@en .
<https://w3id.org/ssc4c/id/actor/example> a ssc4c:Organization ;
    skos:prefLabel "Example", "Beispiel"@de ; ssc4c:acronym "EX" ;
    foaf:homepage <https://example.org/> .
<https://w3id.org/ssc4c/id/theme/nutrition> a skos:Concept ;
    skos:notation "Sector:12240"^^ssc4c:IatiCode .
"""
)


def test_context_file_is_current() -> None:
    arguments = ["--check", "--ontology", str(ONTOLOGY), "--shapes", str(ROOT / "shapes")]

    assert main(arguments) == 0, "run: python -m loader.context"


def test_record_goes_to_json_and_back_unchanged() -> None:
    graph = Graph().parse(data=RECORD, format="turtle")

    text = graph.serialize(format="json-ld", context=CONTEXT)

    quads = parse(text, format=RdfFormat.JSON_LD)
    lines = serialize(quads, format=RdfFormat.N_TRIPLES) or b""
    assert isomorphic(Graph().parse(data=lines, format="nt"), graph)
    assert '"theme"' in text
    assert '"Practice"' in text


@pytest.mark.parametrize(
    ("shape", "definition"),
    [
        ("sh:datatype xsd:gYear ; sh:maxCount 1", {"@id": "ssc4c:part", "@type": "xsd:gYear"}),
        ("sh:datatype xsd:string ; sh:maxCount 1", "ssc4c:part"),
        ("sh:datatype rdf:langString", {"@id": "ssc4c:part", "@container": "@language"}),
        ("sh:nodeKind sh:IRI ; sh:maxCount 1", {"@id": "ssc4c:part", "@type": "@id"}),
        ("sh:class ssc4c:Actor", {"@id": "ssc4c:part", "@type": "@id", "@container": "@set"}),
        (
            "sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) ; sh:maxCount 1",
            "ssc4c:part",
        ),
    ],
)
def test_term_is_typed_by_its_shape(shape: str, definition: object) -> None:
    ontology = Graph().parse(data=PREFIXES + "ssc4c:part a owl:DatatypeProperty .")
    shapes = Graph().parse(data=PREFIXES + f"ssc4c:S sh:path ssc4c:part ; {shape} .")

    context = build_context(ontology, shapes)["@context"]

    assert context["part"] == definition


def test_term_without_a_shape_is_typed_by_its_range() -> None:
    turtle = """ssc4c:year a owl:DatatypeProperty ; rdfs:range xsd:gYear .
                ssc4c:part a owl:ObjectProperty ."""
    ontology = Graph().parse(data=PREFIXES + turtle)

    context = build_context(ontology, Graph())["@context"]

    assert context["year"] == {"@id": "ssc4c:year", "@type": "xsd:gYear"}
    assert context["part"] == {"@id": "ssc4c:part", "@type": "@id"}


def test_missing_context_file_is_not_current(tmp_path: Path) -> None:
    assert main(["--check", "--ontology", str(tmp_path), "--shapes", str(tmp_path)]) == 1
    assert main(["--ontology", str(tmp_path), "--shapes", str(tmp_path)]) == 0
    assert main(["--check", "--ontology", str(tmp_path), "--shapes", str(tmp_path)]) == 0


def test_graph_of_no_files_is_empty() -> None:
    assert len(read_graph([])) == 0
