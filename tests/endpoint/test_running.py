"""Queries that are fetched later, watched and stopped, over a real server."""

import json
import threading
from collections.abc import Iterator
from secrets import token_hex

import pytest

from tests.endpoint.conftest import Reply, Server, running_server
from tests.endpoint.test_sparql import HTML
from tests.kg.engines.homes import CROSS, POINT, publish, small_settings, wait_until

TOKEN = "of the staff"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("running")
    publish(home)
    settings = small_settings(home, staff_token=TOKEN, trusted_proxies=1, query_timeout=60.0)
    with running_server(settings) as server:
        yield server


def submit(server: Server, query: str, accept: str = "text/csv", **headers: str) -> str:
    """Where the answer of a query will be."""
    reply = server.send(
        "POST",
        "/sparql",
        query.encode(),
        Accept=accept,
        Content_Type="application/sparql-query",
        Prefer="respond-async",
        **headers,
    )
    assert reply.status == 202, reply.text
    assert reply.headers["preference-applied"] == "respond-async"
    assert reply.headers["location"] == f"/sparql/running/{reply.headers['ssc4c-query']}"
    return reply.headers["location"]


def fetch(server: Server, path: str) -> Reply:
    """The answer or error at an address, as soon as it is there."""
    replies: list[Reply] = []

    def is_done() -> bool:
        replies.append(server.get(path))
        return replies[-1].status != 202

    wait_until(is_done)
    return replies[-1]


def test_an_answer_can_be_fetched_later(running: Server) -> None:
    reply = fetch(running, submit(running, POINT))

    assert (reply.status, reply.media_type) == (200, "text/csv")
    assert reply.body == b"name\r\nthing 7\r\n"
    assert "etag" not in reply.headers


def test_the_fast_lane_submits_too(running: Server) -> None:
    reply = running.get("/sparql", {"query": POINT}, Accept="text/csv", Prefer="respond-async")

    assert reply.status == 202
    assert fetch(running, reply.headers["location"]).body == b"name\r\nthing 7\r\n"


def test_an_error_can_be_fetched_later(running: Server) -> None:
    reply = fetch(running, submit(running, "SELECT"))

    assert (reply.status, reply.media_type) == (400, "application/problem+json")


def test_a_running_query_tells_its_state_and_can_be_stopped(running: Server) -> None:
    path = submit(running, CROSS)

    state = running.get(path)
    page = running.get(path, Accept=HTML)
    stopped = running.send("DELETE", path)
    after = fetch(running, path)

    assert (state.status, state.headers["retry-after"]) == (202, "1")
    told = json.loads(state.body)
    assert (told["address"], told["query"]) == (path, CROSS)
    assert told["state"] in ("waiting", "running")
    assert '<meta http-equiv="refresh"' in page.text
    assert (stopped.status, stopped.body) == (204, b"")
    assert after.status in (404, 503)
    assert running.send("DELETE", path).status == 404


def test_who_waits_for_an_answer_can_stop_the_query_under_an_id_of_their_own(
    running: Server,
) -> None:
    query_id = token_hex(16)
    replies: list[Reply] = []
    waiting = threading.Thread(target=lambda: replies.append(running.ask(CROSS, id=query_id)))
    waiting.start()
    wait_until(lambda: running.get(f"/sparql/running/{query_id}").status == 202)

    running.send("DELETE", f"/sparql/running/{query_id.upper()}")
    waiting.join(60)

    assert replies[0].status == 503
    assert json.loads(replies[0].body)["title"] == "Query stopped"
    assert replies[0].headers["ssc4c-query"] == query_id


def test_an_id_can_be_chosen_by_a_header(running: Server) -> None:
    query_id = token_hex(16)

    for method, body in (("GET", None), ("POST", POINT.encode())):
        reply = running.send(
            method,
            "/sparql" if body else "/sparql?query=ASK%7B%7D",
            body,
            Content_Type="application/sparql-query",
            SSC4C_Query=query_id,
        )
        assert reply.headers["ssc4c-query"] == query_id


@pytest.mark.parametrize("query_id", ["1", "g" * 32, "0" * 33])
def test_an_id_that_is_none_is_refused(running: Server, query_id: str) -> None:
    assert running.ask(POINT, id=query_id).status == 400
    assert running.get(f"/sparql/running/{query_id}").status == 404


def test_an_unknown_id_is_a_404(running: Server) -> None:
    reply = running.get(f"/sparql/running/{token_hex(16)}")

    assert reply.status == 404
    assert json.loads(reply.body)["title"] == "No such query"


def test_a_list_shows_ones_own_queries_and_staff_those_of_everybody(running: Server) -> None:
    path = submit(running, CROSS, X_Forwarded_For="192.0.2.7")
    try:
        mine = running.get("/sparql/running", X_Forwarded_For="192.0.2.7")
        page = running.get("/sparql/running", X_Forwarded_For="192.0.2.7", Accept=HTML)
        others = running.get("/sparql/running", X_Forwarded_For="192.0.2.8")
        staff = running.get("/sparql/running", Authorization=f"Bearer {TOKEN}")
        wrong = running.get("/sparql/running", Authorization="Bearer guess")
    finally:
        stopped = running.send("POST", path)

    assert [each["address"] for each in json.loads(mine.body)["queries"]] == [path]
    assert f'<form method="post" action="{path}">' in page.text
    assert json.loads(others.body) == {"queries": []}
    assert [each["client"] for each in json.loads(staff.body)["queries"]] == ["192.0.2.7"]
    assert wrong.status == 403
    assert (stopped.status, stopped.headers["location"]) == (303, "/sparql/running")


def test_without_a_token_nobody_is_staff(server: Server) -> None:
    assert server.get("/sparql/running", Authorization="Bearer ").status == 403
    assert server.get("/sparql/running").status == 200
