from pathlib import Path
from urllib.parse import urlencode

import pytest

from endpoint.app import create_app
from endpoint.tags import find_tag, tag
from kg.settings import Settings
from tests.endpoint.conftest import Server, running_server
from tests.kg.engines.homes import EX, POINT, publish, small_settings

ALL = f"SELECT ?s ?o {{ ?s <{EX}name> ?o }}"


@pytest.mark.parametrize(
    ("known", "coding", "found"),
    [
        ('"a"', "", '"a"'),
        ('W/"a"', "", '"a"'),
        ('"b", "a"', "gzip", '"a"'),
        ('"a-gzip"', "gzip", '"a-gzip"'),
        ('"a-gzip", "a"', "gzip", '"a-gzip"'),
        ('"a-gzip"', "br", ""),
        ('"a-gzip"', "", ""),
        ("*", "", '"a"'),
        ("a", "", ""),
        ("", "", ""),
    ],
)
def test_a_known_tag_is_found(known: str, coding: str, found: str) -> None:
    assert find_tag(known, "a", coding) == found


def test_each_coding_has_a_tag_of_its_own() -> None:
    assert len({tag("a", coding) for coding in ("", "gzip", "br", "zstd")}) == 4


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_the_answer_gets_no_second_one(server: Server, method: str) -> None:
    first = server.ask(ALL)
    target = "/sparql?" + urlencode({"query": ALL})

    again = server.send(method, target, Accept="text/csv", If_None_Match=first.headers["etag"])

    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert again.headers["vary"] == "Accept, Accept-Encoding"


def test_other_formats_graphs_and_queries_have_other_tags(server: Server) -> None:
    replies = [
        server.ask(POINT),
        server.ask(POINT, "application/json"),
        server.ask(POINT, "application/sparql-results+json"),
        server.ask(POINT, **{"default-graph-uri": f"{EX}graph"}),
        server.ask(POINT, **{"named-graph-uri": f"{EX}graph"}),
        server.ask(POINT + " "),
    ]

    assert len({reply.headers["etag"] for reply in replies}) == len(replies)
    assert server.ask(POINT, timeout="5").headers["etag"] == replies[0].headers["etag"]


def test_a_tag_is_compared_without_asking_the_engine(home: Path) -> None:
    client = create_app(Settings(home=home)).test_client()  # no query service runs there
    target = "/sparql?" + urlencode({"query": POINT})

    assert client.get(target).status_code == 502
    assert client.get(target, headers={"If-None-Match": "*"}).status_code == 304


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_differs_each_time_has_no_tag(server: Server, function: str) -> None:
    reply = server.ask(f"SELECT ({function} AS ?x) {{}}")

    assert reply.status == 200
    assert "etag" not in reply.headers
    assert reply.headers["cache-control"] == "no-cache"


def test_a_new_snapshot_has_new_tags(home: Path) -> None:
    with running_server(small_settings(home)) as server:
        before = server.ask(POINT).headers["etag"]
        publish(home, "000000002-test", "new thing")
        after = server.get("/sparql", {"query": POINT}, Accept="text/csv", If_None_Match=before)

    assert after.status == 200
    assert after.headers["etag"] != before


def test_an_answer_has_a_name_to_be_saved_under(server: Server) -> None:
    disposition = server.ask(POINT).headers["content-disposition"]

    assert disposition.startswith('inline; filename="ssc4c-')
    assert disposition.endswith('.csv"')


def test_errors_are_not_kept(server: Server) -> None:
    assert server.ask("nonsense").headers["cache-control"] == "no-store"
