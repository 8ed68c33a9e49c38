"""Every term of ours has its name, meaning and place; the version is told once and everywhere."""

import re
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.compare import isomorphic

from kg.namespaces import DEF
from loader.turtle import format_turtle
from tests.ontology.files import (
    CLASSES,
    DATATYPES,
    LANGUAGES,
    MODULES,
    ONTOLOGY,
    PROPERTIES,
    ROOT,
    SCHEMES,
    find_terms,
    read_graph,
)

GRAPH = read_graph(MODULES)
HEAD = URIRef(DEF)
TERMS = find_terms(GRAPH, CLASSES | PROPERTIES | DATATYPES)
TURTLE = [*MODULES, *SCHEMES, *sorted((ROOT / "shapes").rglob("*.ttl"))]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _local(term: URIRef) -> str:
    return term.removeprefix(DEF)


@pytest.mark.parametrize("path", [*MODULES, *SCHEMES], ids=_name)
def test_both_libraries_read_the_same_graph(path: Path) -> None:
    quads = pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE)
    lines = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_TRIPLES)

    assert lines is not None
    assert isomorphic(Graph().parse(data=lines, format="nt"), read_graph([path]))


@pytest.mark.parametrize("path", TURTLE, ids=_name)
def test_file_is_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text == format_turtle(text), f"run: python -m loader.turtle {_name(path)}"


@pytest.mark.parametrize("term", TERMS, ids=_local)
def test_term_has_labels_a_definition_and_a_home(term: URIRef) -> None:
    labels = [label.language for label in GRAPH.objects(term, RDFS.label)]  # type: ignore[attr-defined]
    definitions = [text.language for text in GRAPH.objects(term, SKOS.definition)]  # type: ignore[attr-defined]

    assert sorted(labels) == LANGUAGES
    assert sorted(definitions) == LANGUAGES
    assert list(GRAPH.objects(term, RDFS.isDefinedBy)) == [HEAD]


def test_term_is_of_one_kind_and_stands_in_one_module() -> None:
    places = [
        (term, path.stem)
        for path in MODULES
        for term in find_terms(read_graph([path]), CLASSES | PROPERTIES | DATATYPES)
    ]
    kinds = [(term, kind) for kind in CLASSES | PROPERTIES for term in find_terms(GRAPH, {kind})]

    assert sorted(term for term, _ in places) == TERMS
    assert len({term for term, _ in kinds}) == len(kinds)


def test_classes_are_upper_camel_and_properties_lower_camel() -> None:
    odd_classes = [
        t
        for t in find_terms(GRAPH, CLASSES | DATATYPES)
        if not re.fullmatch(r"([A-Z][a-z]+)+", _local(t))
    ]
    odd_properties = [
        t
        for t in find_terms(GRAPH, PROPERTIES)
        if not re.fullmatch(r"[a-z]+[0-9]*([A-Z][a-z]+)*", _local(t))
    ]

    assert odd_classes == []
    assert odd_properties == []


def test_class_names_are_singular() -> None:
    plural = [t for t in find_terms(GRAPH, CLASSES) if re.search(r"[^s]s$", _local(t))]

    assert plural == []


def test_every_reused_term_says_whose_it_is_and_what_for() -> None:
    reused = read_graph([ONTOLOGY / "reused.ttl"])

    for term in set(reused.subjects()):
        vocabulary = reused.value(term, RDFS.isDefinedBy)
        assert str(term).startswith(str(vocabulary)), term
        assert reused.value(term, SKOS.scopeNote), term


def test_version_is_the_same_everywhere() -> None:
    version = str(GRAPH.value(HEAD, OWL.versionInfo))
    changelog = (ONTOLOGY / "CHANGELOG.md").read_text(encoding="utf-8")

    assert GRAPH.value(HEAD, OWL.versionIRI) == URIRef(DEF + version)
    assert re.search(r"^## ([0-9.]+)", changelog, re.MULTILINE)[1] == version  # type: ignore[index]


def test_deprecated_term_names_its_heir() -> None:
    for term in GRAPH.subjects(OWL.deprecated, None):
        assert (term, DCTERMS.isReplacedBy, None) in GRAPH, term
        assert (term, SKOS.changeNote, None) in GRAPH, term


def test_ontology_holds_no_blank_nodes() -> None:
    text = pyoxigraph.serialize(
        (q for path in [*MODULES, *SCHEMES] for q in pyoxigraph.parse(path=path)),
        format=pyoxigraph.RdfFormat.N_TRIPLES,
    )

    assert text is not None
    assert b"_:" not in text


def test_alignments_speak_of_our_terms_only() -> None:
    alignments = read_graph([ONTOLOGY / "alignments.ttl"])

    assert {s for s in alignments.subjects() if s not in TERMS} == set()
    assert (None, RDF.type, None) not in alignments
