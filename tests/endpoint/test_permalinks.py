import json
from urllib.parse import urlencode

import pytest

from tests.endpoint.conftest import Server

QUERY = "SELECT ?x\nWHERE { ?x ?y 'é' }\n"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
PAGE = "text/html,*/*;q=0.8"


def save(server: Server, query: str, accept: str = "application/json") -> dict[str, str]:
    body = urlencode({"query": query}).encode()
    reply = server.send("POST", "/q", body, Accept=accept, Content_Type=FORM)
    assert reply.status == 201
    assert reply.headers["location"] == json.loads(reply.body)["address"]
    said: dict[str, str] = json.loads(reply.body)
    return said


def test_a_saved_query_comes_back_as_it_was(server: Server) -> None:
    said = save(server, QUERY)

    reply = server.get(f"/q/{said['key']}", Accept=DIRECT)

    assert said["address"].endswith(f"/q/{said['key']}")
    assert len(said["key"]) == 10
    assert (reply.status, reply.text) == (200, QUERY)
    assert reply.headers["content-type"] == f"{DIRECT}; charset=utf-8"


def test_the_same_query_has_the_same_address(server: Server) -> None:
    body = QUERY.encode()
    reply = server.send("POST", "/q", body, Accept="application/json", Content_Type=DIRECT)

    assert json.loads(reply.body) == save(server, QUERY)


def test_a_program_gets_the_query_as_json_with_its_graphs(server: Server) -> None:
    graph = "https://example.org/g"
    body = urlencode({"query": QUERY, "default-graph-uri": graph}).encode()
    reply = server.send("POST", "/q", body, Accept="application/json", Content_Type=FORM)

    key = json.loads(reply.body)["key"]
    said = json.loads(server.get(f"/q/{key}", Accept="application/json").body)

    assert (said["query"], said["default_graphs"], said["named_graphs"]) == (QUERY, [graph], [])


def test_the_page_keeps_the_graphs_of_a_query(server: Server) -> None:
    graphs = {"default-graph-uri": "https://example.org/d", "named-graph-uri": "https://x.org/n"}
    body = urlencode({"query": QUERY} | graphs).encode()
    reply = server.send("POST", "/q", body, Accept="application/json", Content_Type=FORM)

    page = server.get(f"/q/{json.loads(reply.body)['key']}", Accept=PAGE).text

    for name, graph in graphs.items():
        assert f'<input type="hidden" name="{name}" value="{graph}">' in page


def test_line_ends_of_forms_make_no_other_query(server: Server) -> None:
    assert save(server, QUERY.replace("\n", "\r\n")) == save(server, QUERY)


@pytest.mark.parametrize("accept", ["text/turtle", "*/*", DIRECT])
def test_other_programs_get_the_text(server: Server, accept: str) -> None:
    key = save(server, QUERY)["key"]

    assert server.get(f"/q/{key}", Accept=accept).text == QUERY


def test_a_person_gets_the_editor_with_the_query(server: Server) -> None:
    key = save(server, QUERY)["key"]

    reply = server.get(f"/q/{key}", Accept=PAGE)

    assert reply.media_type == "text/html"
    assert "?x ?y &#39;é&#39;" in reply.text
    assert reply.headers["vary"] == "Accept, Accept-Language, Cookie"


def test_a_person_who_saves_without_scripts_is_led_to_the_address(server: Server) -> None:
    body = urlencode({"query": QUERY}).encode()

    reply = server.send("POST", "/q", body, Accept=PAGE, Content_Type=FORM)

    assert reply.status == 303
    assert reply.headers["location"].endswith(f"/q/{save(server, QUERY)['key']}")


def test_an_unknown_key_is_told(server: Server) -> None:
    page = server.get("/q/nosuchkey1", Accept=PAGE)
    problem = server.get("/q/nosuchkey1", Accept="application/json")

    assert page.status == problem.status == 404
    assert "No query is saved under" in page.text
    assert json.loads(problem.body)["title"] == "Unknown resource"


def test_nothing_is_saved_without_a_query(server: Server) -> None:
    reply = server.send("POST", "/q", b"", Accept="application/json", Content_Type=FORM)

    assert reply.status == 400


def test_a_query_that_is_no_utf8_is_refused(server: Server) -> None:
    reply = server.send("POST", "/q", b"ASK {\xff}", Content_Type=DIRECT)

    assert reply.status == 400
