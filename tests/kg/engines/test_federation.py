from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from kg.engines.federation import MOST_BYTES, expand_services
from kg.errors import BadQuery, FederationFailed, QueryTimeout, QueryTooLarge, ServiceRefused
from kg.settings import Settings
from tests.kg.engines.elsewhere import Elsewhere, elsewhere, http, rows

NAME = '{"s": {"type": "uri", "value": "http://e/a"}, "n": {"type": "literal", "value": "A"}}'
OPEN = '{"n": {"type": "literal", "value": "any", "xml:lang": "en"}}'
TWO = http(rows("s n", NAME, OPEN))


@pytest.fixture
def other() -> Iterator[Elsewhere]:
    """An endpoint that knows the name of one thing, and one that any thing may have."""
    with elsewhere(TWO) as server:
        yield server


def expand(query: str, *allowed: str, seconds: float = 60.0) -> str:
    settings = Settings(service_allow=" ".join(allowed))
    return expand_services(query, settings, seconds)


def ask(query: str) -> list[tuple[str, ...]]:
    """Rows over three things, sorted."""
    store = Store()
    for name in "abc":
        store.add(Quad(NamedNode(f"http://e/{name}"), NamedNode("http://e/p"), Literal(name)))
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return sorted(tuple("" if term is None else str(term) for term in row) for row in found)


def test_the_other_endpoint_is_asked_and_its_rows_are_joined(other: Elsewhere) -> None:
    query = (
        "PREFIX e: <http://e/>\nSELECT ?s ?n ?o {\n ?s e:p ?o .\n"
        f" SERVICE <{other.url}> {{ ?s e:name ?n }}\n}}"
    )

    expanded = expand(query, other.url)

    assert other.queries() == ["PREFIX e: <http://e/>\nSELECT * WHERE { ?s e:name ?n }"]
    assert ask(expanded) == [
        ("<http://e/a>", '"A"', '"a"'),
        ("<http://e/a>", '"any"@en', '"a"'),
        ("<http://e/b>", '"any"@en', '"b"'),
        ("<http://e/c>", '"any"@en', '"c"'),
    ]


@pytest.mark.parametrize(
    ("clause", "names"),
    [
        ("?s e:p ?o SERVICE {a} {{ ?s ?x ?n }}", "a a b c"),
        ("?s e:p ?o OPTIONAL {{ service silent {a} {{ ?s ?x ?n }} }}", "a a b c"),
        ("?s e:p ?o FILTER EXISTS {{ SERVICE {a} {{ ?s ?x ?n }} }}", "a b c"),
        ("?s e:p ?o FILTER NOT EXISTS {{ SERVICE {a} {{ ?s ?x ?n }} }}", ""),
        ("?s e:p ?o MINUS {{ SeRvIcE {a} {{ ?s ?x ?n }} ?s e:p 'a' }}", "b c"),
        ("?s e:p ?o {{ SELECT ?s {{ SERVICE {a} {{ ?s ?x ?n }} }} }}", "a a b c"),
        ("{{ ?s e:p ?o }} UNION {{ SERVICE {a} {{ ?s ?x ?n }} }}", " a a b c"),
        ("?s e:p ?o GRAPH e:g {{ SERVICE {a} {{ ?s ?x ?n }} }}", "a a b c"),
    ],
)
@pytest.mark.parametrize("address", ["<{url}>", "here:sparql", "<sparql>"])
def test_a_clause_may_stand_in_every_shape(
    other: Elsewhere, clause: str, names: str, address: str
) -> None:
    where = clause.format(a=address.format(url=other.url))
    base = other.url.removesuffix("sparql")
    prologue = f"BASE <{base}>\nPREFIX here: <{base}>\nPREFIX e: <http://e/>\n"

    expanded = expand(f"{prologue}SELECT ?s {{ {where} }}", other.url)

    assert len(other.requests) == 1
    found = [row[0].removeprefix("<http://e/").removesuffix(">") for row in ask(expanded)]
    assert " ".join(found) == names


def test_the_same_clause_is_asked_once(other: Elsewhere) -> None:
    part = f"{{ SERVICE <{other.url}> {{ ?s ?p ?n }} }}"

    expand(f"SELECT * {{ {part} UNION {part} }}", other.url)

    assert len(other.requests) == 1


def test_lines_keep_their_numbers(other: Elsewhere) -> None:
    query = f"SELECT * {{\nSERVICE <{other.url}> {{\n?s ?p\n?n }}\n?s ?p ?o }}"

    assert expand(query, other.url).splitlines()[4] == "?s ?p ?o }"


def test_an_address_that_is_not_listed_is_refused_and_not_asked(other: Elsewhere) -> None:
    with pytest.raises(ServiceRefused, match=r"line 1.*http://example.org/sparql.*SERVICE_ALLOW"):
        expand(f"ASK {{ SERVICE <{other.url}> {{}} }}", "http://example.org/sparql")
    with pytest.raises(ServiceRefused, match="not allowed"):
        expand(f"ASK {{ SERVICE SILENT <{other.url}/> {{}} }}", other.url)

    assert other.requests == []


def test_a_clause_within_another_is_sent_only_if_its_address_is_listed(other: Elsewhere) -> None:
    inner = "SERVICE <http://example.org/> { ?s ?q ?m }"
    query = f"SELECT * {{ SERVICE <{other.url}> {{ ?s ?p ?n . {inner} }} }}"

    with pytest.raises(ServiceRefused, match=r"example\.org"):
        expand(query, other.url)
    assert other.requests == []

    expand(query, other.url, "http://example.org/")
    assert inner in other.queries()[0]


@pytest.mark.parametrize(
    ("query", "kind", "words"),
    [
        ("SELECT * {{ SERVICE ?where {{ ?s ?p ?o }} }}", ServiceRefused, "leaves open"),
        ("SELECT * {{ SERVICE SILENT $w {{ ?s ?p ?o }} }}", ServiceRefused, "leaves open"),
        ("SELECT * {{ SERVICE <{a}> }}", BadQuery, "needs an address and a pattern"),
        ("SELECT * {{ SERVICE", BadQuery, "needs an address"),
        ("SELECT * {{ SERVICE <{a}> {{ ?s ?p ?o ", BadQuery, "is not closed"),
        ("SELECT * {{ ?a ?b 5SERVICE<{a}>{{ ?s ?p ?o }} }}", ServiceRefused, "asks for another"),
        ("SELECT * {{ SERVICESILENT<{a}>{{ ?s ?p ?o }} }}", ServiceRefused, "asks for another"),
        ("SELECT * {{ FILTER(?a<ex:b)#> '''\nSERVICE<{a}>{{}} #'''\n }}", ServiceRefused, "anoth"),
        ("LOAD <{a}>", ServiceRefused, "asks for another"),
    ],
)
def test_what_cannot_be_sent_for_sure_is_refused(
    other: Elsewhere, query: str, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        expand(query.format(a=other.url), other.url)

    assert other.requests == []


def test_more_clauses_than_anybody_needs_are_refused(other: Elsewhere) -> None:
    clauses = " ".join(f"SERVICE <{other.url}> {{ ?s ?p {n} }}" for n in range(11))

    with pytest.raises(ServiceRefused, match="10 SERVICE clauses"):
        expand(f"SELECT * {{ {clauses} }}", other.url)
    assert other.requests == []


def test_many_clauses_in_a_long_query_are_refused_at_once() -> None:
    """Quadratic time would not end within the patience of anyone."""
    with pytest.raises(ServiceRefused, match="10 SERVICE clauses"):
        expand("SELECT * { " + "SERVICE <http://e/> { " * 45_000, "http://e/")


CUT = TWO[:-10]
CHUNKED = TWO.replace(b"Content-Length: %d" % len(TWO.split(b"\r\n\r\n")[1]), b"X: y")
FAILURES = {
    "cut short": (CUT, "broke off|no whole answer"),
    "not whole JSON": (http(rows("s")[:-2]), "no whole answer"),
    "an error text at the end": (http(rows("s") + "timeout"), "no whole answer"),
    "no length, cut": (CHUNKED[:-10], "no whole answer"),
    "another format": (http("<p>hello</p>", "text/html"), "answered in text/html"),
    "an error": (http("<b>no such</b> table", status="500 Oops"), "status 500: no such table"),
    "its refusal": (http("bad", status="400 Bad Request"), "status 400: bad"),
    "a redirect": (
        http("", "text/plain", "302 Found", "Location: http://127.0.0.1:9/"),
        "sends elsewhere",
    ),
    "a truth": (http('{"head": {}, "boolean": true}'), "without rows"),
    "nothing": (b"", "did not answer"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_an_endpoint_that_fails_is_named(name: str) -> None:
    reply, words = FAILURES[name]
    with elsewhere(reply) as other, pytest.raises(FederationFailed, match=words) as caught:
        expand(f"SELECT * {{ SERVICE <{other.url}> {{ ?s ?p ?n }} }}", other.url)

    assert other.url in caught.value.detail


@pytest.mark.parametrize("name", FAILURES)
def test_a_silent_clause_whose_endpoint_fails_changes_nothing(name: str) -> None:
    with elsewhere(FAILURES[name][0]) as other:
        query = f"SELECT ?s {{ ?s ?p ?o SERVICE SILENT <{other.url}> {{ ?s ?q ?n }} }}"
        expanded = expand(query, other.url)

    assert len(ask(expanded)) == 3


def test_an_endpoint_where_nobody_listens_is_named() -> None:
    with elsewhere() as other:
        pass

    with pytest.raises(FederationFailed, match=r"did not answer: .*refused"):
        expand(f"ASK {{ SERVICE <{other.url}> {{ ?s ?p ?n }} }}", other.url)


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_an_endpoint_that_is_slow_meets_the_deadline_of_the_query(silent: str) -> None:
    with elsewhere(is_mute=True) as other, pytest.raises(QueryTimeout) as caught:
        expand(f"ASK {{ SERVICE {silent} <{other.url}> {{}} }}", other.url, seconds=0.3)

    assert f"while {other.url} was asked" in caught.value.detail
    assert "after 0.3 seconds" in caught.value.detail
    assert "SSC4C_QUERY_TIMEOUT_MAX" in caught.value.detail


def test_an_endless_answer_meets_the_bound() -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {1 << 40}\r\n\r\n"
    with (
        elsewhere(head.encode() + b" " * (MOST_BYTES + 65536)) as other,
        pytest.raises(QueryTooLarge, match="sub-select with LIMIT"),
    ):
        expand(f"ASK {{ SERVICE <{other.url}> {{}} }}", other.url)


def test_blank_nodes_become_iris_that_tell_answers_apart() -> None:
    node = '{"s": {"type": "bnode", "value": "b0"}}'
    with (
        elsewhere(http(rows("s", node))) as one,
        elsewhere(http(rows("s ", node, "{}"))) as two,
    ):
        parts = [f"{{ SERVICE <{each.url}> {{ ?s ?p ?o }} }}" for each in (one, two)]
        found = ask(expand(f"SELECT ?s {{ {' UNION '.join(parts)} }}", one.url, two.url))

    nodes = {row[0] for row in found if row[0]}
    assert len(nodes) == 2
    assert all(".well-known/genid/" in node for node in nodes)


def test_rows_without_variables_are_kept() -> None:
    with elsewhere(http(rows("", "{}", "{}"))) as other:
        expanded = expand(f"SELECT ?s {{ ?s ?p ?o SERVICE <{other.url}> {{}} }}", other.url)

    assert len(ask(expanded)) == 6


def test_a_query_without_service_stays_as_it_is() -> None:
    query = "SELECT ?service { ?service ?p 'SERVICE' }"

    assert expand(query, "http://example.org/") is query
    assert expand(query) is query
