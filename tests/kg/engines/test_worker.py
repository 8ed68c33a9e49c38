import errno
import os
from typing import Any, cast

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.engines.frames import INLINE
from kg.engines.wire import read_answer
from kg.engines.worker import Sheet, answer
from kg.errors import BadQuery, EngineFailed, NotAcceptable, QueryTooLarge

S, P, G = (NamedNode(f"http://example.org/{name}") for name in "spg")


@pytest.fixture
def store() -> Store:
    store = Store()
    store.add(Quad(S, P, Literal("merged")))
    store.add(Quad(S, P, Literal("of a record"), G))
    return store


def run(store: Store, query: str, bound: int = 1 << 20, **values: Any) -> str:
    usual = {"table": "text/csv", "graph": "application/n-triples"}
    question = {"query": query, "default_graphs": [], "named_graphs": []} | usual | values
    sheet = Sheet(bound)
    try:
        answer(store, question, sheet)
        frame = sheet.to_frame(bytes(16), "text/csv", "test", 0.5)
        return frame._replace(file=None).body.partition(b"\n")[2].decode()
    finally:
        sheet.close()


VALUES = "SELECT ?o WHERE { ?s ?p ?o } ORDER BY ?o"
IN_GRAPHS = "SELECT ?o WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?o"


def test_the_default_graph_is_the_merged_one_alone(store: Store) -> None:
    assert run(store, VALUES) == "o\r\nmerged\r\n"
    assert run(store, IN_GRAPHS) == "o\r\nof a record\r\n"


def test_the_request_may_choose_its_graphs(store: Store) -> None:
    assert run(store, VALUES, default_graphs=[G.value]) == "o\r\nof a record\r\n"
    assert run(store, IN_GRAPHS, default_graphs=[G.value]) == "o\r\n"
    assert run(store, VALUES, named_graphs=[G.value]) == "o\r\n"
    assert run(store, IN_GRAPHS, named_graphs=[G.value]) == "o\r\nof a record\r\n"


def test_a_graph_that_is_no_iri_is_told(store: Store) -> None:
    with pytest.raises(BadQuery, match="No IRI"):
        run(store, VALUES, default_graphs=["not an iri"])


def test_a_function_that_is_not_known_is_told(store: Store) -> None:
    with pytest.raises(BadQuery, match=r"no function <http://example\.org/twice> here"):
        run(store, "SELECT (<http://example.org/twice>(1) AS ?x) {}")


@pytest.mark.parametrize(
    ("query", "values", "expected"),
    [
        ("ASK { ?s ?p 'merged' }", {"table": "text/csv"}, "true"),
        (
            "ASK {}",
            {"table": "application/sparql-results+json"},
            '{"head":{},"boolean":true}',
        ),
        (VALUES, {"table": "text/tab-separated-values"}, '?o\n"merged"\n'),
        (
            "CONSTRUCT WHERE { ?s ?p ?o }",
            {"graph": "application/n-quads"},
            f'{S} {P} "merged" .\n',
        ),
        (
            f"DESCRIBE {S}",
            {"graph": "application/json"},
            f'[{{"@id":"{S.value}","{P.value}":[{{"@value":"merged"}}]}}]',
        ),
    ],
)
def test_an_answer_comes_in_the_format_for_its_kind(
    store: Store, query: str, values: dict[str, Any], expected: str
) -> None:
    assert run(store, query, **values) == expected


@pytest.mark.parametrize(
    ("query", "kind", "offered"),
    [("ASK {}", "table", "text/csv"), ("CONSTRUCT WHERE { ?s ?p ?o }", "graph", "text/turtle")],
)
def test_no_acceptable_format_is_an_error_that_lists_them(
    store: Store, query: str, kind: str, offered: str
) -> None:
    with pytest.raises(NotAcceptable, match=offered):
        run(store, query, **cast(Any, {kind: None}))


def test_a_failure_while_running_is_told(store: Store) -> None:
    with pytest.raises(EngineFailed, match="unbound"):
        run(store, "SELECT * { SERVICE ?nowhere { ?s ?p ?o } }")


def test_a_long_answer_moves_to_a_file_and_stays_whole() -> None:
    sheet = Sheet(1 << 20)
    for number in range(1000):
        sheet.write(b"%0100d" % number)

    frame = sheet.to_frame(bytes(16), "text/csv", "test", 0.5)
    assert frame.file is not None
    frame = frame._replace(file=os.dup(frame.file))
    sheet.close()

    arrived = read_answer(frame)
    assert (arrived.media_type, arrived.snapshot, arrived.length, arrived.seconds) == (
        "text/csv",
        "test",
        100_000,
        0.5,
    )
    assert arrived.read() == b"".join(b"%0100d" % number for number in range(1000))


def test_an_answer_past_its_bound_is_an_error_that_says_what_to_do() -> None:
    sheet = Sheet(INLINE)

    with pytest.raises(QueryTooLarge, match="LIMIT"):
        for _ in range(INLINE):
            sheet.write(b"xx")
    sheet.close()


def test_the_bound_strikes_while_the_store_writes(store: Store) -> None:
    with pytest.raises(QueryTooLarge, match="longer than 100 bytes"):
        run(store, "SELECT * { VALUES ?x { " + "1 " * 1000 + "} }", bound=100)


def test_a_full_disk_is_an_error_of_the_engine(store: Store) -> None:
    class FullDisk(Sheet):
        def write(self, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(EngineFailed, match="No space left"):
        question = {"query": VALUES, "table": "text/csv", "default_graphs": [], "named_graphs": []}
        answer(store, question, FullDisk(1000))


MERGE = (
    "SELECT (COUNT(*) AS ?count) FROM <{g}> FROM ex:other FROM NAMED ex:third WHERE {{ {where} }}"
)


@pytest.mark.parametrize(
    ("where", "count"),
    [("?s ?p ?o", 1), ("GRAPH ?g { ?s ?p ?o }", 1), ("GRAPH ex:other { ?s ?p ?o }", 0)],
)
def test_several_graphs_behind_from_are_merged(store: Store, where: str, count: int) -> None:
    for name in ("other", "third"):
        quad = Quad(S, P, Literal("of a record"), NamedNode(f"http://example.org/{name}"))
        store.add(quad)
    query = "PREFIX ex: <http://example.org/> " + MERGE.format(g=G.value, where=where)

    assert run(store, query) == f"count\r\n{count}\r\n"
    assert (
        run(store, query.replace("ex:other", r"<http://example.org/othe\u0072>"))
        == f"count\r\n{count}\r\n"
    )


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?s ?p ?o }", "s,p,o"),
        ("SELECT DISTINCT * { ?z ?b ?c BIND(1 AS ?a) }", "z,b,c,a"),
        ("SELECT*{ ?o ?p ?s }", "o,p,s"),
        ("# *\nSELECT ?o ?s { ?s ?p ?o }", "o,s"),
        ("SELECT * { { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s } }", "s,n"),
        ("SELECT (2 * 3 AS ?six) ?s { { SELECT * { ?s ?p ?o } } }", "six,s"),
        ("SELECT * {}", ""),
        ("SELECT (COUNT(DISTINCT *) AS ?n) { ?s ?p ?o }", "n"),
    ],
)
def test_columns_come_as_they_are_written(store: Store, query: str, columns: str) -> None:
    assert run(store, query).splitlines()[0] == columns
