"""What the remote engine makes of answers good and bad, from a server that says what it is told."""

import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from kg.engines.remote import MARK_SECONDS, Remote
from kg.engines.worker import Sheet
from kg.errors import (
    BadQuery,
    EngineBusy,
    EngineFailed,
    NoSnapshot,
    NotAcceptable,
    QueryTimeout,
    QueryTooLarge,
    ServiceRefused,
    UpdateRefused,
)
from kg.snapshots import Snapshots
from tests.kg.engines.elsewhere import Elsewhere, elsewhere, http, rows
from tests.kg.engines.homes import small_settings

SELECT = "SELECT ?s { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
ONE = rows("s", '{"s": {"type": "uri", "value": "http://e/a"}}')
CSV = "s\r\nhttp://e/a\r\n"
TRIPLE = "<http://e/a> <http://e/b> <http://e/c> .\n"
NT = "application/n-triples"


def mark(sequence: int, *, is_union: bool = False, server: str = "Fuseki") -> bytes:
    """How a server tells which snapshot it holds."""
    number = f'{{"type": "literal", "value": "{sequence}"}}'
    digest = '{"type": "literal", "value": "0123456789abcdef"}'
    plain = f', "plain": {number}' if is_union else ""
    row = f'{{"sequence": {number}, "hash": {digest}{plain}}}'
    return http(rows("sequence hash plain", row), "application/json", "200 OK", f"Server: {server}")


def remote_at(url: str, home: Path) -> Remote:
    settings = small_settings(home, engine=url, engine_login="jo:secret")
    return Remote(settings, Snapshots(home).current())


def ask(remote: Remote, query: str, bound: int = 1 << 20, **wanted: Any) -> str:
    question = {"query": query, "table": "text/csv", "graph": NT}
    sheet = Sheet(bound)
    try:
        datasets: dict[str, Any] = {"default_graphs": [], "named_graphs": []}
        media_type, snapshot = remote.answer(question | datasets | wanted, sheet, 10.0)
        assert snapshot == "000000007-01234567"
        frame = sheet.to_frame(bytes(16), media_type, snapshot, 0.0)
        return frame.body.partition(b"\n")[2].decode()
    finally:
        sheet.close()


def run(home: Path, reply: bytes, query: str = SELECT, **wanted: Any) -> str:
    """What a remote engine makes of one reply."""
    with elsewhere(reply) as server:
        server.special[b"journal"] = mark(7)
        return ask(remote_at(server.url, home), query, **wanted)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, CSV),
        ({"table": "text/tab-separated-values"}, "?s\n<http://e/a>\n"),
        (
            {"table": "application/sparql-results+json"},
            '{"head":{"vars":["s"]},"results":{"bindings":'
            '[{"s":{"type":"uri","value":"http://e/a"}}]}}',
        ),
    ],
)
def test_rows_are_written_anew_in_the_format_that_is_wanted(
    home: Path, wanted: dict[str, str], expected: str
) -> None:
    assert run(home, http(ONE), **wanted) == expected


XML = (
    '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head>'
    '<results><result><binding name="s"><uri>http://e/a</uri></binding></result></results></sparql>'
)
OLD = ONE.replace('"type": "uri", "value": "http://e/a"', '"type": "typed-literal", "value": "1"')


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (http(ONE, "application/json"), CSV),
        (http(XML, "application/sparql-results+xml; charset=UTF-8"), CSV),
        (http(OLD.replace('"1"', '"1", "datatype": "http://e/d"')), "s\r\n1\r\n"),
    ],
)
def test_rows_in_other_formats_are_understood(home: Path, reply: bytes, expected: str) -> None:
    assert run(home, reply) == expected


@pytest.mark.parametrize("reply", [http(TRIPLE, NT), http(TRIPLE, "text/turtle; charset=UTF-8")])
def test_graphs_are_written_anew(home: Path, reply: bytes) -> None:
    assert run(home, reply, CONSTRUCT) == TRIPLE
    assert "@id" in run(home, reply, CONSTRUCT, graph="application/ld+json")


VIRTUOSO_ASK = rows("__ASK_RETVAL", '{"__ASK_RETVAL": {"type": "literal", "value": "%d"}}')


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (http('{"head": {}, "boolean": true}'), "true"),
        (http('{"head": {}, "boolean": false}'), "false"),
        (http(VIRTUOSO_ASK % 1), "true"),
        (http(VIRTUOSO_ASK % 0), "false"),
    ],
)
def test_a_truth_may_come_as_a_table(home: Path, reply: bytes, expected: str) -> None:
    assert run(home, reply, "ASK { ?s ?p ?o }") == expected


LONG = "HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
LIMIT = http(ONE, "application/sparql-results+json", "200 OK", "X-SPARQL-MaxRows: 1")
ANYTIME = http(
    ONE, "application/json", "200 OK", "X-SQL-State: S1TAT", "X-SQL-Message: out of time"
)
TORN = {
    "cut": (http(ONE)[:-5], SELECT, EngineFailed, "whole answer|broke off"),
    "cut chunks": (
        f"{LONG}Transfer-Encoding: chunked\r\n\r\n{len(ONE):x}\r\n{ONE}\r\n".encode(),
        SELECT,
        EngineFailed,
        "broke off",
    ),
    "of no known end": (f"{LONG}\r\n{ONE}".encode(), SELECT, EngineFailed, "where its answers end"),
    "cut graph": (http(TRIPLE * 2, NT)[: -len(TRIPLE)], CONSTRUCT, EngineFailed, "broke off"),
    "half a triple": (http(TRIPLE + "<http://e/", NT), CONSTRUCT, EngineFailed, "no whole answer"),
    "half a table": (http(ONE[:-3]), SELECT, EngineFailed, "no whole answer"),
    "ending in words": (
        http(ONE[:-3] + "The SPARQL operation has been cancelled"),
        SELECT,
        QueryTimeout,
        "its own deadline",
    ),
    "a graph ending in words": (
        http(TRIPLE + "The SPARQL operation has been cancelled", NT),
        CONSTRUCT,
        QueryTimeout,
        "its own deadline",
    ),
    "partial": (ANYTIME, SELECT, QueryTimeout, "out of time"),
    "partial by status": (http(ONE, status="206 Partial"), SELECT, QueryTimeout, "deadline"),
    "cut to a number of rows": (LIMIT, SELECT, QueryTooLarge, "1 rows at most"),
    "of another kind": (http('{"head": {}, "boolean": true}'), SELECT, EngineFailed, "kind"),
    "of another format": (http("<p>", "text/html"), SELECT, EngineFailed, "answered in text/html"),
}


@pytest.mark.parametrize("name", TORN)
def test_an_answer_that_is_not_whole_is_an_error(home: Path, name: str) -> None:
    reply, query, kind, words = TORN[name]

    with pytest.raises(kind, match=words):
        run(home, reply, query)


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        ("400 Bad Request", "<b>cannot</b> sort", BadQuery, "refuses the query: cannot sort"),
        ("401 Unauthorized", "", EngineFailed, "status 401"),
        ("404 Not Found", "no", EngineFailed, "status 404: no"),
        ("302 Found", "", EngineFailed, "status 302"),
        ("500 Oops", "Virtuoso S1T00 Error SR171: Transaction timed out", QueryTimeout, "SR171"),
        ("500 Oops", "Virtuoso 42000 Error SQ074: no", EngineFailed, "status 500: Virtuoso 42000"),
        ("503 Busy", "later", EngineBusy, "busy: later"),
        ("504 Gateway Timeout", "", QueryTimeout, "its own deadline"),
    ],
)
def test_a_refusal_becomes_an_error_of_ours(
    home: Path, status: str, body: str, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        run(home, http(body, "text/html", status))


def test_an_answer_past_the_bound_is_an_error(home: Path) -> None:
    many = rows("s", *['{"s": {"type": "uri", "value": "http://e/a"}}'] * 1000)

    with elsewhere(http(many)) as server, pytest.raises(QueryTooLarge, match="longer than 500"):
        server.special[b"journal"] = mark(7)
        ask(remote_at(server.url, home), SELECT, bound=500)


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT ?s {\n ?s ?p }", BadQuery),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }", ServiceRefused),
        ("INSERT DATA { <http://e/a> <http://e/b> 1 }", UpdateRefused),
        ("PREFIX bif: <bif:> SELECT (bif:registry_get('x') AS ?x) {}", BadQuery),
        ("SELECT (<\\u0062if:registry_get>('x') AS ?x) {}", BadQuery),
        ("BASE <SQL:> SELECT (<f>() AS ?x) {}", BadQuery),
        ("PREFIX b: <http://www.openlinksw.com/schemas/bif#> ASK { ?s b:contains 'x' }", BadQuery),
    ],
)
def test_what_no_engine_of_ours_runs_is_not_sent(
    home: Path, query: str, kind: type[Exception]
) -> None:
    with elsewhere() as server:
        with pytest.raises(kind):
            ask(remote_at(server.url, home), query)

        assert server.requests == []


def test_no_acceptable_format_is_told_before_anybody_is_asked(home: Path) -> None:
    with elsewhere() as server:
        with pytest.raises(NotAcceptable):
            ask(remote_at(server.url, home), SELECT, table=None)

        assert server.requests == []


def test_a_server_that_is_gone_is_named_without_its_login(home: Path) -> None:
    with elsewhere() as server:
        url = server.url.replace("http://", "http://me:hidden@")

    with pytest.raises(EngineFailed, match=r"cannot be reached: .*refused") as caught:
        ask(remote_at(url, home), SELECT)

    assert server.url in caught.value.detail
    assert not any(word in caught.value.detail for word in ("hidden", "secret", "me:", "jo"))


def test_a_server_without_a_whole_snapshot_says_so(home: Path) -> None:
    with elsewhere(http(rows("sequence hash plain"))) as server, pytest.raises(NoSnapshot):
        ask(remote_at(server.url, home), SELECT)


def test_an_answer_during_which_the_snapshot_changed_is_not_given(home: Path) -> None:
    with elsewhere(http(ONE)) as server:
        server.special[b"journal"] = mark(7)

        def change(body: bytes) -> None:
            if b"journal" not in body:
                server.special[b"journal"] = mark(8)
                time.sleep(MARK_SECONDS + 0.1)

        server.on_request = change
        with pytest.raises(EngineBusy, match="another snapshot meanwhile"):
            ask(remote_at(server.url, home), SELECT)


def fields_of(server: Elsewhere) -> dict[str, list[str]]:
    return parse_qs(server.requests[-1].decode())


IN_GRAPHS = "SELECT ?s { GRAPH ?g { ?s ?p ?o } }"
MERGED = "https://w3id.org/ssc4c/graph/merged"
NONE = "https://w3id.org/ssc4c/graph/none"


@pytest.mark.parametrize(
    ("query", "wanted", "default", "named"),
    [
        (SELECT, {}, [MERGED], []),
        (SELECT, {"default_graphs": ["http://e/g"]}, ["http://e/g"], [NONE]),
        (SELECT, {"named_graphs": ["http://e/g"]}, [NONE], ["http://e/g"]),
        ("PREFIX e: <http://e/> SELECT ?s FROM e:g { ?s ?p ?o }", {}, ["http://e/g"], [NONE]),
        ("SELECT ?s FROM NAMED <http://e/g> { GRAPH ?g {} }", {}, [NONE], ["http://e/g"]),
    ],
)
def test_a_union_of_graphs_is_never_the_default_graph(
    home: Path, query: str, wanted: dict[str, Any], default: list[str], named: list[str]
) -> None:
    with elsewhere(http(ONE)) as server:
        server.special[b"journal"] = mark(7, is_union=True)
        ask(remote_at(server.url, home), query, **wanted)

        fields = fields_of(server) if b"journal" not in server.requests[-1] else {}
        assert fields.get("default-graph-uri", []) == default
        assert fields.get("named-graph-uri", []) == named


def test_a_union_that_hides_graphs_is_told(home: Path) -> None:
    with elsewhere(http(ONE)) as server, pytest.raises(BadQuery, match="FROM NAMED only"):
        server.special[b"journal"] = mark(7, is_union=True)
        ask(remote_at(server.url, home), IN_GRAPHS)


def test_graphs_that_are_not_ours_are_hidden_in_virtuoso(home: Path) -> None:
    others = rows("graph", '{"graph": {"type": "uri", "value": "http://system/"}}')
    with elsewhere(http(ONE)) as server:
        server.special[b"journal"] = mark(7, is_union=True, server="Virtuoso/07.20")
        server.special[b"STRSTARTS"] = http(others)
        ask(remote_at(server.url, home), IN_GRAPHS)

        assert server.queries()[-1] == (
            f"{IN_GRAPHS[:-2]} FILTER(?g != <{MERGED}> && ?g != <http://system/>)  }}"
        )
        assert fields_of(server)["timeout"] == ["11000"]
