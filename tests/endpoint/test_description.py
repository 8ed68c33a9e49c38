"""What `/sparql` says of itself to programs."""

import json
from typing import Any, cast

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from endpoint.description import FORMATS, FUNCTIONS
from kg.engines.formats import GRAPHS, TABLES
from kg.settings import PROJECT
from tests.endpoint.conftest import Server
from tests.endpoint.test_sparql import HTML
from tests.kg.engines.homes import EX

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
GEOF = "http://www.opengis.net/def/function/geosparql/"


def described(server: Server, media_type: str = "text/turtle") -> Store:
    reply = server.get("/sparql", Accept=media_type)
    assert (reply.status, reply.media_type) == (200, media_type)
    store = Store()
    store.extend(parse(reply.body, format=RdfFormat.from_media_type(media_type)))
    return store


def values(store: Store, subject: str, predicate: str) -> list[str]:
    found = store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None, None)
    terms = [quad.object for quad in found]
    return sorted(term.value for term in terms if isinstance(term, NamedNode | Literal))


@pytest.fixture
def shipped(shipped_server: str) -> Server:
    """The server on the shipped graph, to be asked in the same way."""
    return Server(int(shipped_server.rpartition(":")[2]), cast(Any, None), PROJECT)


@pytest.mark.parametrize("each", GRAPHS, ids=lambda each: each.key)
def test_the_description_comes_in_each_format_of_rdf(server: Server, each: object) -> None:
    media_type = str(vars(each)["media_type"])

    assert len(described(server, media_type)) == len(described(server))
    assert server.get("/sparql", {"format": vars(each)["key"]}).media_type == media_type


def test_it_tells_what_the_endpoint_can(server: Server) -> None:
    store = described(server)
    [service] = {quad.subject.value for quad in store if quad.object == NamedNode(SD + "Service")}

    assert values(store, service, SD + "endpoint") == [service]
    assert SD + "SPARQL11Query" in values(store, service, SD + "supportedLanguage")
    assert len(values(store, service, SD + "resultFormat")) == len(TABLES) + len(GRAPHS)
    assert GEOF + "distance" in values(store, service, SD + "extensionFunction")
    assert values(store, service, SD + "propertyFeature") == ["https://w3id.org/ssc4c/def/matches"]
    assert "Time of a query: 60 seconds." in values(
        store, service, "http://www.w3.org/2000/01/rdf-schema#comment"
    )


def test_it_counts_what_is_served(shipped: Server) -> None:
    store = described(shipped)
    [graph] = {quad.subject.value for quad in store if quad.object == NamedNode(SD + "Graph")}
    count = shipped.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text.split()[1]
    practices = shipped.ask(
        "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/ssc4c/def/Practice> }"
    ).text.split()[1]

    [triples] = store.quads_for_pattern(NamedNode(graph), NamedNode(VOID + "triples"), None)
    assert triples.object == Literal(int(count))
    [part] = store.quads_for_pattern(
        None, NamedNode(VOID + "class"), NamedNode("https://w3id.org/ssc4c/def/Practice")
    )
    assert isinstance(part.subject, NamedNode)
    assert values(store, part.subject.value, VOID + "entities") == [practices]
    sources = values(store, "https://w3id.org/ssc4c/graph/ssc4c/", VOID + "documents")
    assert int(sources[0]) > 0


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_that_it_names_works(server: Server, function: str) -> None:
    wkt = '"POINT(0 0)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    unit = ", <http://www.opengis.net/def/uom/OGC/1.0/metre>" if function == "distance" else ""

    reply = server.ask(f"SELECT (<{GEOF}{function}>({wkt}, {wkt}{unit}) AS ?found) {{}}")

    assert reply.status == 200
    assert reply.text.splitlines()[1]


def test_each_format_has_a_name_of_the_w3c() -> None:
    assert len(FORMATS) == len(set(FORMATS)) == len(TABLES) + len(GRAPHS)


def test_who_has_it_gets_no_second_one(server: Server) -> None:
    first = server.get("/sparql", Accept="text/turtle")

    again = server.get("/sparql", Accept="text/turtle", If_None_Match=first.headers["etag"])

    assert (again.status, again.body) == (304, b"")


def test_people_get_a_page_and_those_who_want_tables_are_told_how_to_ask(server: Server) -> None:
    assert server.get("/sparql", Accept=HTML).media_type == "text/html"
    refused = server.get("/sparql", Accept="text/csv")

    assert refused.status == 400
    assert "There is no query" in json.loads(refused.body)["detail"]
    assert server.get("/sparql", {"default-graph-uri": EX}).status == 200
