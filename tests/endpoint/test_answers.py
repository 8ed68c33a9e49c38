from urllib.parse import urlencode

import pytest

from tests.endpoint.conftest import Server
from tests.endpoint.test_sparql import DESCRIBE, FORM, HTML
from tests.kg.engines.homes import POINT


def test_browsers_get_rows_as_a_table_with_links(server: Server) -> None:
    query = """SELECT ?country ?bad ?name ?none WHERE {
        VALUES (?country ?bad ?name) {
            (<https://w3id.org/ssc4c/id/country/BRA> <javascript:alert(1)> "<b>Brasil</b>"@pt)
        } }"""

    reply = server.ask(query, HTML)

    assert (reply.status, reply.media_type) == (200, "text/html")
    link = '<a href="/country/BRA" title="https://w3id.org/ssc4c/id/country/BRA">country/BRA</a>'
    for shown in (link, "&lt;b&gt;Brasil&lt;/b&gt; <small>pt</small>", "1 row.", "as=csv"):
        assert shown in reply.text
    assert 'href="javascript:' not in reply.text


def test_the_page_can_be_asked_for_and_declined(server: Server) -> None:
    body = urlencode({"query": POINT, "as": "html"}).encode()

    asked = server.send("POST", "/sparql", body, Content_Type=FORM)

    assert "<td>thing 7 <small>en</small></td>" in asked.text
    assert server.ask(POINT, "*/*").media_type == "application/sparql-results+json"
    assert (
        server.get("/sparql", {"query": POINT, "as": "csv"}, Accept=HTML).media_type == "text/csv"
    )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("ASK { ?s ?p ?o }", '<p class="verdict">Yes</p>'),
        (DESCRIBE, "thing 7"),
        ("SELECT ?s { ?s ?p ?o FILTER(false) }", "0 rows."),
        ("SELECT ?a { ?a ?p ?x . ?b ?q ?y } LIMIT 1500", "the first 1,000 are shown"),
    ],
)
def test_every_form_of_query_has_its_page(server: Server, query: str, shown: str) -> None:
    assert shown in server.ask(query, HTML).text


def test_too_long_an_answer_is_to_be_downloaded(server: Server) -> None:
    query = "SELECT ?a ?b ?o ?z { ?a ?p ?o . ?b ?q ?z } LIMIT 90000"

    reply = server.ask(query, HTML)

    assert "too many to be shown here" in reply.text
    assert len(reply.body) < 100_000
