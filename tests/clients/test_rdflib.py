"""rdflib reads the endpoint as a store, and the things by their IRIs."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import ResultRow

from tests.clients.questions import ASK, BRAZIL, CONSTRUCT, PAIRS, checked_rows, without_gaps

SSC4C = Namespace("https://w3id.org/ssc4c/def/")
COUNTRY = URIRef(BRAZIL)
ABOUT: Any = (COUNTRY, None, None)
RECORD = URIRef("https://w3id.org/ssc4c/graph/reference/country/BRA")


@pytest.fixture(params=["GET", "POST", "POST_FORM"])
def graph(request: pytest.FixtureRequest, shipped_server: str) -> Graph:
    """The default graph, read through the endpoint in each of rdflib's ways."""
    return Graph(store=SPARQLStore(f"{shipped_server}/sparql", method=request.param))


def ask(graph: Graph, query: str, **values: Any) -> list[dict[str, Any]]:
    """The rows of a SELECT, by the names of its columns."""
    rows = cast(Iterator[ResultRow], iter(graph.query(query, **values)))
    return [row.asdict() for row in rows]


def test_rows_of_a_query_are_the_checked_ones(graph: Graph) -> None:
    rows = [{name: str(value) for name, value in row.items()} for row in ask(graph, PAIRS)]

    assert rows == without_gaps(checked_rows())


def test_triples_are_read_by_pattern(graph: Graph) -> None:
    assert graph.value(COUNTRY, RDF.type) == SSC4C.Country
    assert Literal("Brazil", lang="en") in set(graph.objects(COUNTRY, SKOS.prefLabel))
    assert (COUNTRY, RDF.type, SSC4C.Country) in graph
    assert (COUNTRY, RDF.type, SSC4C.Practice) not in graph


def test_variables_are_bound_ahead(graph: Graph) -> None:
    query = "SELECT ?name WHERE { ?country skos:prefLabel ?name FILTER (LANG(?name) = 'fr') }"

    rows = ask(graph, query, initNs={"skos": SKOS}, initBindings={"country": COUNTRY})

    assert [str(row["name"]) for row in rows] == ["Brésil"]


def test_ask_and_construct_are_understood(graph: Graph) -> None:
    assert graph.query(ASK).askAnswer is True

    built = graph.query(CONSTRUCT).graph

    assert built is not None
    assert set(built) == set(graph.triples((COUNTRY, None, None)))


def test_the_graph_has_a_size(graph: Graph) -> None:
    [row] = ask(graph, "SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }")

    assert len(graph) == row["triples"].toPython() > 10_000


def test_records_are_read_as_named_graphs(shipped_server: str) -> None:
    store = SPARQLStore(f"{shipped_server}/sparql", context_aware=True)

    record = Graph(store=store, identifier=RECORD)

    assert RECORD in set(store.contexts(ABOUT))
    assert record.value(COUNTRY, RDF.type) == SSC4C.Country
    assert 0 < len(record) == len(list(record)) < 1000


@pytest.mark.parametrize("form", [None, "turtle", "xml", "nt"])
@pytest.mark.parametrize("thing", ["country/BRA", "initiative/paa-africa", "theme/nutrition"])
def test_a_thing_is_parsed_from_its_iri(shipped_server: str, thing: str, form: str | None) -> None:
    graph = Graph().parse(f"{shipped_server}/id/{thing}", format=form)

    document = Graph().parse(f"{shipped_server}/{thing}.ttl", format="turtle")
    assert (URIRef(f"https://w3id.org/ssc4c/id/{thing}"), None, None) in graph
    assert set(graph) == set(document)
