import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import RdfFormat, parse
from SPARQLWrapper import CSV, JSON, POST, TURTLE, SPARQLWrapper

from tests.endpoint.conftest import Server
from tests.kg.engines.homes import CROSS, EX, GRAPH, HOG, LONG, POINT

SEVEN = b"name\r\nthing 7\r\n"
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
DESCRIBE = f"DESCRIBE <{EX}thing/7>"
TABLES = {
    "application/sparql-results+json": b'"thing 7"',
    "application/sparql-results+xml": b">thing 7</literal>",
    "text/csv": SEVEN,
    "text/tab-separated-values": b'?name\n"thing 7"@en\n',
    "application/json": b'"thing 7"',
}
GRAPHS = (
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
    "application/trig",
    "application/n-quads",
)


def test_a_query_is_answered_by_get(server: Server) -> None:
    reply = server.ask(POINT)

    assert (reply.status, reply.body) == (200, SEVEN)
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-length"] == str(len(SEVEN))
    assert reply.headers["ssc4c-snapshot"] == "000000001-test"
    assert reply.headers["vary"] == "Accept, Accept-Encoding"


def test_a_query_is_answered_by_post_of_a_form(server: Server) -> None:
    body = urlencode({"query": POINT}).encode()

    reply = server.send("POST", "/sparql", body, Accept="text/csv", Content_Type=FORM)

    assert (reply.status, reply.body) == (200, SEVEN)


def test_a_query_is_answered_by_direct_post(server: Server) -> None:
    reply = server.send(
        "POST",
        f"/sparql?default-graph-uri={quote(GRAPH.value)}",
        "SELECT ?o { ?s ?p ?o } # Ünïcode".encode(),
        Accept="text/csv",
        Content_Type=f"{DIRECT}; charset=utf-8",
    )

    assert (reply.status, reply.body) == (200, b"o\r\nso\r\n")


def test_both_ways_of_answering_a_get_give_the_same_headers(server: Server) -> None:
    quick = server.ask(POINT)
    body = urlencode({"query": POINT}).encode()
    slow = server.send("POST", "/sparql", body, Accept="text/csv", Content_Type=FORM)

    for headers in (quick.headers, slow.headers):
        assert isinstance(headers, dict)
        for each in ("date", "ssc4c-query", "server-timing", "ratelimit"):
            del headers[each]
    assert quick.headers == slow.headers


def test_head_tells_what_get_would(server: Server) -> None:
    reply = server.send("HEAD", "/sparql?" + urlencode({"query": POINT}), Accept="text/csv")

    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["content-length"] == str(len(SEVEN))


@pytest.mark.parametrize("media_type", TABLES)
def test_tables_come_in_each_format(server: Server, media_type: str) -> None:
    reply = server.ask(POINT, media_type)

    assert reply.media_type == media_type
    assert TABLES[media_type] in reply.body


@pytest.mark.parametrize("media_type", GRAPHS)
def test_graphs_come_in_each_format(server: Server, media_type: str) -> None:
    reply = server.ask(DESCRIBE, media_type)

    assert reply.media_type == media_type
    found = set(parse(reply.body, format=RdfFormat.from_media_type(media_type)))
    assert len(found) == 4


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (POINT, "", "application/sparql-results+json"),
        (POINT, "*/*", "application/sparql-results+json"),
        (POINT, "text/turtle, text/csv;q=0.2", "text/csv"),
        (DESCRIBE, "*/*", "text/turtle"),
        (DESCRIBE, "text/csv, application/n-triples;q=0.2", "application/n-triples"),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
    ],
)
def test_the_kind_of_query_decides_among_what_is_acceptable(
    server: Server, query: str, accept: str, expected: str
) -> None:
    assert server.ask(query, accept).media_type == expected


def test_a_format_can_be_asked_for_by_its_short_name(server: Server) -> None:
    assert server.ask(POINT, HTML, **{"as": "tsv"}).media_type == "text/tab-separated-values"
    assert server.ask(DESCRIBE, HTML, **{"as": "nt"}).media_type == "application/n-triples"
    assert server.ask(DESCRIBE, HTML, **{"as": "csv"}).status == 406
    assert server.ask(POINT, **{"as": "doc"}).status == 400


@pytest.mark.parametrize(
    ("query", "accept", "offered"),
    [
        (POINT, "image/png", "text/csv"),
        (POINT, "text/turtle", "text/csv"),
        (DESCRIBE, "text/csv", "text/turtle"),
    ],
)
def test_what_cannot_be_given_is_refused_with_a_list(
    server: Server, query: str, accept: str, offered: str
) -> None:
    reply = server.ask(query, accept)

    assert reply.status == 406
    assert offered in json.loads(reply.body)["detail"]


def test_graphs_are_chosen_by_the_request(server: Server) -> None:
    query = "SELECT ?o WHERE { ?s <http://example.org/says> ?o }"
    named = "SELECT ?o WHERE { GRAPH ?g { ?s <http://example.org/says> ?o } }"

    assert server.ask(query).body == b"o\r\n"
    assert server.ask(named).body == b"o\r\nso\r\n"
    chosen = {"default-graph-uri": GRAPH.value}
    assert server.ask(query, **chosen).body == b"o\r\nso\r\n"
    assert server.ask(named, **chosen).body == b"o\r\n"


def test_a_syntax_error_is_told_with_its_place_to_programs(server: Server) -> None:
    reply = server.ask("SELECT * {\n  ?s ex:name ?o\n}")

    problem = json.loads(reply.body)
    assert reply.status == 400
    assert reply.media_type == "application/problem+json"
    assert (problem["line"], problem["column"]) == (2, 6)
    assert "the prefix ex: is not declared" in problem["detail"]


def test_a_syntax_error_is_told_to_people_with_their_query_to_mend(server: Server) -> None:
    reply = server.ask("SELECT * {\n  ?s ex:name ?o\n}", HTML)

    assert reply.status == 400
    assert reply.media_type == "text/html"
    assert "Line 2, column 6" in reply.text
    assert "?s ex:name ?o" in reply.text


def test_without_a_query_programs_are_told_how_to_ask(server: Server) -> None:
    tables = server.get("/sparql", Accept="application/sparql-results+json")
    for reply in (tables, server.ask("  "), server.ask("", "text/turtle")):
        assert reply.status == 400
        assert "GET /sparql?query=" in json.loads(reply.body)["detail"]


def test_without_a_query_people_get_a_form_with_examples(server: Server) -> None:
    reply = server.get("/sparql", Accept=HTML)

    assert reply.status == 200
    assert '<form method="post" action="/sparql">' in reply.text
    assert "example=competency" in reply.text


def test_an_example_can_be_taken_into_the_form(server: Server) -> None:
    name = "competency/cq-01-practices-for-a-target"

    reply = server.get("/sparql", {"example": name}, Accept=HTML)

    assert "SELECT" in reply.text
    assert server.get("/sparql", {"example": "nonsense"}, Accept=HTML).status == 404


@pytest.mark.parametrize(
    ("kind", "body", "status", "word"),
    [
        ("text/plain", POINT, 415, DIRECT),
        ("application/sparql-update", "CLEAR ALL", 400, "takes no updates"),
        (FORM, "update=CLEAR+ALL", 400, "takes no updates"),
        (DIRECT, "CLEAR ALL", 400, "CLEAR is an update"),
        (FORM, "query=ASK{}&query=ASK{}", 400, "more than one query"),
        (FORM, "query=ASK{}&timeout=soon", 400, "timeout"),
        (FORM, "query=ASK{}&timeout=-1", 400, "timeout"),
        (FORM, "query=ASK{}&timeout=nan", 400, "timeout"),
        (DIRECT, "ASK { 'é' }", 400, "not UTF-8"),
        (DIRECT, "#" * 200_000 + "\nASK {}", 413, ""),
        (FORM, "query=" + "%20" * 50_000 + "ASK{}", 413, ""),
        (FORM, "query=ASK{}&default-graph-uri=no%20iri", 400, "No IRI"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(
    server: Server, kind: str, body: str, status: int, word: str
) -> None:
    reply = server.send("POST", "/sparql", body.encode("latin-1"), Content_Type=kind)

    assert reply.status == status
    assert word in json.loads(reply.body)["detail"]


def test_a_wrong_method_is_told_the_right_ones(server: Server) -> None:
    reply = server.send("PUT", "/sparql", b"x")

    assert reply.status == 405
    assert set(reply.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_scripts_of_other_sites_may_ask(server: Server) -> None:
    preflight = server.send("OPTIONS", "/sparql", Origin="https://example.org")
    answers = [server.ask(POINT), server.ask("nonsense"), server.send("PUT", "/sparql")]

    assert preflight.status == 200
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]
    for reply in (preflight, *answers):
        assert reply.headers["access-control-allow-origin"] == "*"
        assert "SSC4C-Snapshot" in reply.headers["access-control-expose-headers"]
        assert reply.headers["x-content-type-options"] == "nosniff"


def test_sparqlwrapper_is_served(server: Server) -> None:
    client = SPARQLWrapper(f"{server.address}/sparql")
    client.setQuery(POINT)
    client.setReturnFormat(JSON)
    rows: Any = client.queryAndConvert()
    client.setMethod(POST)
    client.setReturnFormat(CSV)
    table = client.queryAndConvert()
    client.setQuery(DESCRIBE)
    client.setReturnFormat(TURTLE)
    graph = client.queryAndConvert()

    assert rows["results"]["bindings"][0]["name"]["value"] == "thing 7"
    assert table == SEVEN
    assert isinstance(graph, bytes)
    assert graph.count(b"<http://example.org/thing/7>") == 1


def test_a_query_past_its_deadline_is_a_504_and_the_next_is_answered(server: Server) -> None:
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: server.ask(CROSS, timeout="0.3"), range(4)))

    assert [reply.status for reply in replies] == [504] * 4
    assert "0.3 seconds" in json.loads(replies[0].body)["detail"]
    assert server.ask(POINT).body == SEVEN


def test_a_query_that_takes_all_memory_is_a_507_and_the_next_is_answered(server: Server) -> None:
    reply = server.ask(HOG)

    assert reply.status == 507
    assert "SSC4C_QUERY_MEMORY" in json.loads(reply.body)["detail"]
    assert server.ask(POINT).body == SEVEN


def test_an_answer_past_the_bound_is_a_507_and_no_half_answer(server: Server) -> None:
    reply = server.ask(LONG, "application/sparql-results+xml")

    assert reply.status == 507
    assert reply.media_type == "application/problem+json"
    assert "SSC4C_ANSWER_BYTES" in json.loads(reply.body)["detail"]


def test_a_long_answer_is_whole(server: Server) -> None:
    reply = server.ask(f"SELECT ?a ?d {{ ?a <{EX}name> ?b . ?d ?e ?f }}")

    assert reply.status == 200
    assert len(reply.body) == int(reply.headers["content-length"])
    assert reply.body.count(b"\r\n") == 1 + 200 * 800


@pytest.mark.parametrize(
    "form",
    [
        "SELECT * {{ SERVICE <{away}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ service SILENT <{away}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ OPTIONAL {{ {{ SeRvIcE<{away}>{{ ?s ?p ?o }} }} }} }}",
        "SELECT * {{ FILTER(?a<?b)SERVICE#>\n<{away}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ ?s ?p 5SERVICE<{away}>{{ ?a ?b ?c }} }}",
        "LOAD <{away}>",
    ],
)
def test_federation_is_refused_and_nobody_is_called(server: Server, form: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        away = f"http://127.0.0.1:{listener.getsockname()[1]}/"

        reply = server.ask(form.format(away=away))

        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert reply.status == 400
    assert json.loads(reply.body)["title"] == "Federation refused"


def test_slow_readers_hold_no_worker(server: Server) -> None:
    query = urlencode({"query": f"SELECT * {{ ?a <{EX}name> ?b . ?d ?e ?f }}"})
    request = f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()
    readers = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(6)]
    try:
        for reader in readers:
            reader.sendall(request)
        for reader in readers:
            assert reader.recv(100).startswith(b"HTTP/1.1 200")

        assert server.ask(POINT).body == SEVEN
    finally:
        for reader in readers:
            reader.close()


def test_signs_of_life(server: Server) -> None:
    assert json.loads(server.get("/health").body) == {"status": "ok"}
    assert json.loads(server.get("/ready").body) == {
        "status": "ready",
        "snapshot": "000000001-test",
        "store": "disk",
    }


def test_what_is_not_there_is_a_404_of_the_right_kind(server: Server) -> None:
    assert server.get("/nothing/of/that/name").media_type == "application/problem+json"
    assert server.get("/nothing/of/that/name", Accept=HTML).media_type == "text/html"
