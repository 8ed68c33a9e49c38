"""Each concept scheme is whole: named in five languages, defined, keyed, and closed in itself."""

from collections import Counter
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, URIRef

from kg.namespaces import expand, split_thing, thing_iri
from tests.ontology.files import LANGUAGES, SCHEMES, read_graph

MIN_AGE, MAX_AGE = URIRef(expand("ssc4c:minAge")), URIRef(expand("ssc4c:maxAge"))
IATI_CODE = URIRef(expand("ssc4c:IatiCode"))
ALL = read_graph(SCHEMES)


def _languages(graph: Graph, subject: URIRef, predicate: URIRef) -> list[str]:
    values = graph.objects(subject, predicate)
    return sorted(str(v.language) for v in values if isinstance(v, Literal))


def _concepts(graph: Graph) -> list[URIRef]:
    return sorted(c for c in graph.subjects(RDF.type, SKOS.Concept) if isinstance(c, URIRef))


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_scheme_is_named_and_defined(path: Path) -> None:
    graph = read_graph([path])
    schemes = [s for s in graph.subjects(RDF.type, SKOS.ConceptScheme) if isinstance(s, URIRef)]

    assert schemes
    for scheme in schemes:
        assert split_thing(str(scheme)) == ("scheme", str(graph.value(scheme, DCTERMS.identifier)))
        assert _languages(graph, scheme, SKOS.prefLabel) == LANGUAGES
        assert set(graph.objects(scheme, DCTERMS.title)) == set(
            graph.objects(scheme, SKOS.prefLabel)
        )
        assert _languages(graph, scheme, SKOS.definition) == LANGUAGES


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_concept_is_named_defined_and_keyed(path: Path) -> None:
    graph = read_graph([path])

    for concept in _concepts(graph):
        key = str(graph.value(concept, DCTERMS.identifier))
        assert str(concept) == thing_iri(path.stem, key)
        assert _languages(graph, concept, SKOS.prefLabel) == LANGUAGES
        assert _languages(graph, concept, SKOS.definition) == LANGUAGES
        assert list(graph.objects(concept, SKOS.inScheme)) == [
            URIRef(thing_iri("scheme", path.stem))
        ]


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_concept_is_on_top_or_below_one_of_its_scheme(path: Path) -> None:
    graph = read_graph([path])
    concepts = _concepts(graph)

    for concept in concepts:
        broader = list(graph.objects(concept, SKOS.broader))
        top = list(graph.objects(concept, SKOS.topConceptOf))
        assert len(broader) + len(top) == 1, concept
        assert set(broader) <= set(concepts)
        for wider in broader:
            assert concept not in graph.transitive_objects(wider, SKOS.broader)


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_concepts_of_a_scheme_share_a_name(path: Path, language: str) -> None:
    graph = read_graph([path])
    names = Counter(
        str(name).casefold()
        for concept in _concepts(graph)
        for name in graph.objects(concept, SKOS.prefLabel)
        if isinstance(name, Literal) and name.language == language
    )

    assert [name for name, count in names.items() if count > 1] == []


def test_iati_codes_name_list_and_code() -> None:
    codes = [
        str(code)
        for code in ALL.objects(None, SKOS.notation)
        if isinstance(code, Literal) and code.datatype == IATI_CODE
    ]

    assert codes
    assert [code for code in codes if len(code.split(":")) != 2 or not all(code.split(":"))] == []


def test_ages_are_in_order() -> None:
    groups = {
        str(ALL.value(group, DCTERMS.identifier)): (
            int(str(low)),
            int(str(ALL.value(group, MAX_AGE))),
        )
        for group, low in ALL.subject_objects(MIN_AGE)
    }

    assert all(0 <= low <= high for low, high in groups.values())
    assert groups["children-under-5"] == (0, 4)
    assert groups["adolescents"] == (10, 19)


def test_schemes_hold_the_concepts_that_the_code_names() -> None:
    for concept in (
        thing_iri("role", "lead"),
        thing_iri("role", "participant"),
        thing_iri("theme", "cross-cutting"),
        thing_iri("publication-type", "source-page"),
    ):
        assert (URIRef(concept), RDF.type, SKOS.Concept) in ALL
