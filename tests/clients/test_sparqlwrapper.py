"""SPARQLWrapper asks as it comes: all its ways to send and all its formats."""

import csv
import io
from typing import Any

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.clients.questions import (
    ASK,
    BRAZIL,
    CONSTRUCT,
    DESCRIBE,
    PAIRS,
    checked_rows,
    without_gaps,
)

WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]
TABLES = [JSON, XML, CSV, TSV]
GRAPHS = [XML, RDFXML, TURTLE, N3, JSONLD]


def ask(server: str, query: str, form: str, way: tuple[str, str] = WAYS[0]) -> Any:
    wrapper = SPARQLWrapper(f"{server}/sparql", returnFormat=form)
    wrapper.setMethod(way[0])
    wrapper.setRequestMethod(way[1])
    wrapper.setQuery(query)
    return wrapper.queryAndConvert()


def read_rows(answer: Any, form: str) -> list[dict[str, str]]:
    """Rows of strings from what SPARQLWrapper makes of an answer."""
    if form == JSON:
        rows = answer["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in rows]
    if form == XML:
        return [
            {
                each.getAttribute("name"): "".join(
                    part.data for part in each.firstChild.childNodes if part.data
                )
                for each in result.getElementsByTagName("binding")
            }
            for result in answer.getElementsByTagName("result")
        ]
    delimiter = "," if form == CSV else "\t"
    return without_gaps(list(csv.DictReader(io.StringIO(answer.decode()), delimiter=delimiter)))


def as_graph(answer: Any, form: str) -> Graph:
    if isinstance(answer, Graph):
        return answer
    return Graph().parse(data=answer, format="turtle" if form in (TURTLE, N3) else form)


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
@pytest.mark.parametrize("form", [JSON, XML, CSV])
def test_select_gets_the_checked_rows(shipped_server: str, form: str, way: tuple[str, str]) -> None:
    assert read_rows(ask(shipped_server, PAIRS, form, way), form) == without_gaps(checked_rows())


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_tab_separated_rows_keep_their_terms(shipped_server: str, way: tuple[str, str]) -> None:
    head, *rows = ask(shipped_server, PAIRS, TSV, way).decode().splitlines()

    assert head == "\t".join(f"?{name}" for name in checked_rows()[0])
    assert len(rows) == len(checked_rows())
    assert all(row.startswith("<https://w3id.org/ssc4c/id/theme/wash>\t") for row in rows)


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
@pytest.mark.parametrize("form", TABLES)
def test_ask_gets_yes(shipped_server: str, form: str, way: tuple[str, str]) -> None:
    answer = ask(shipped_server, ASK, form, way)

    if form == JSON:
        assert answer["boolean"] is True
    elif form == XML:
        assert answer.getElementsByTagName("boolean")[0].firstChild.data == "true"
    else:
        assert answer == b"true"


# SPARQLWrapper still makes the class that rdflib is about to drop.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("way", WAYS, ids=" ".join)
@pytest.mark.parametrize("form", GRAPHS)
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["CONSTRUCT", "DESCRIBE"])
def test_graphs_are_the_same_in_each_format(
    shipped_server: str, query: str, form: str, way: tuple[str, str]
) -> None:
    graph = as_graph(ask(shipped_server, query, form, way), form)

    assert isomorphic(graph, as_graph(ask(shipped_server, CONSTRUCT, TURTLE), TURTLE))
    assert {str(subject) for subject in graph.subjects()} == {BRAZIL}


def test_a_mistake_in_the_query_is_told(shipped_server: str) -> None:
    with pytest.raises(QueryBadFormed, match="Line 1, column 7"):
        ask(shipped_server, "SELECT", JSON)


def test_the_graph_can_be_chosen(shipped_server: str) -> None:
    wrapper = SPARQLWrapper(f"{shipped_server}/sparql", returnFormat=JSON)
    wrapper.addDefaultGraph("https://w3id.org/ssc4c/graph/reference/country/BRA")
    wrapper.setQuery("SELECT DISTINCT ?s WHERE { ?s ?p ?o FILTER (isIRI(?s)) } ORDER BY ?s LIMIT 1")

    answer: Any = wrapper.queryAndConvert()
    [row] = answer["results"]["bindings"]

    assert row["s"]["value"] == BRAZIL
