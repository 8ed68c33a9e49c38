"""Queries that ask another endpoint too, over a real server."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from endpoint.tags import NOT_KEPT
from tests.endpoint.conftest import Server, running_server
from tests.endpoint.test_running import TOKEN, fetch, submit
from tests.kg.engines.elsewhere import Elsewhere, elsewhere, http, rows
from tests.kg.engines.homes import EX, POINT, publish, small_settings, wait_until

THING = f'{{"s": {{"type": "uri", "value": "{EX}thing/7"}}}}'
SEVEN = b"name\r\nthing 7\r\n"


@pytest.fixture(scope="module")
def other() -> Iterator[Elsewhere]:
    """An endpoint that knows one of our things."""
    with elsewhere(http(rows("s", THING))) as server:
        yield server


@pytest.fixture(scope="module")
def slow() -> Iterator[Elsewhere]:
    """An endpoint that never answers."""
    with elsewhere(is_mute=True) as server:
        yield server


@pytest.fixture(scope="module")
def allowing(
    tmp_path_factory: pytest.TempPathFactory, other: Elsewhere, slow: Elsewhere
) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("federation")
    publish(home)
    settings = small_settings(
        home,
        staff_token=TOKEN,
        trusted_proxies=1,
        query_timeout=600.0,
        query_timeout_max=600.0,
        service_allow=f"{other.url} {slow.url}",
    )
    with running_server(settings) as server:
        yield server


def name_at(other: Elsewhere, mark: object = "") -> str:
    pattern = f"?s <{EX}is> '{mark}'"
    return f"SELECT ?name {{ SERVICE <{other.url}> {{ {pattern} }} ?s <{EX}name> ?name }}"


def running(server: Server) -> list[dict[str, str]]:
    """What staff see."""
    listed = json.loads(server.get("/sparql/running", Authorization=f"Bearer {TOKEN}").body)
    found: list[dict[str, str]] = listed["queries"]
    return found


def stop_all(server: Server) -> None:
    for each in running(server):
        server.send("DELETE", each["address"])


def test_an_answer_with_service_is_neither_kept_nor_tagged(
    allowing: Server, other: Elsewhere
) -> None:
    replies = [allowing.ask(name_at(other)) for _ in range(3)]

    assert [each.body for each in replies] == [SEVEN] * 3
    assert all("etag" not in each.headers for each in replies)
    assert {each.headers["cache-control"] for each in replies} == {NOT_KEPT}
    assert len(other.requests) == 3


def test_a_crowd_that_asks_a_slow_endpoint_holds_up_nobody(
    allowing: Server, slow: Elsewhere
) -> None:
    """As many as would take every thread of both web processes."""
    with ThreadPoolExecutor(280) as pool:
        crowd = [pool.submit(allowing.ask, name_at(slow, number)) for number in range(280)]
        try:
            wait_until(lambda: sum(each.done() for each in crowd) >= 280 - 3 - 16)

            assert json.loads(allowing.get("/health").body)["status"] == "ok"
            assert allowing.ask(POINT).body == SEVEN
            assert [each["state"] for each in running(allowing)] == ["running"] * 3 + [
                "waiting"
            ] * 16
            replies = [each.result() for each in crowd if each.done()]
            assert {each.status for each in replies} == {503}
            assert all("retry-after" in each.headers for each in replies)
        finally:
            stop_all(allowing)
    assert running(allowing) == []
    wait_until(lambda: slow.count_left() == len(slow.held))


def test_a_query_is_submitted_listed_and_stopped_while_the_other_endpoint_is_asked(
    allowing: Server, slow: Elsewhere
) -> None:
    before = len(slow.requests)

    path = submit(allowing, name_at(slow), X_Forwarded_For="192.0.2.7")
    wait_until(lambda: len(slow.requests) == before + 1)

    [seen] = running(allowing)
    assert (seen["address"], seen["state"], seen["client"]) == (path, "running", "192.0.2.7")
    assert allowing.send("DELETE", path).status == 204
    assert fetch(allowing, path).status in (404, 503)
    wait_until(lambda: slow.count_left() == len(slow.held))


def test_a_submitted_query_is_answered_later(allowing: Server, other: Elsewhere) -> None:
    assert fetch(allowing, submit(allowing, name_at(other))).body == SEVEN


def test_a_deadline_that_passed_names_endpoint_and_limit(allowing: Server, slow: Elsewhere) -> None:
    reply = allowing.ask(name_at(slow), timeout="0.5")

    detail = json.loads(reply.body)["detail"]
    assert reply.status == 504
    assert f"while {slow.url} was asked" in detail
    assert "after 0.5 seconds" in detail
    assert "600 seconds (SSC4C_QUERY_TIMEOUT)" in detail


def test_an_endpoint_that_is_not_listed_is_refused(allowing: Server) -> None:
    reply = allowing.ask("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")

    assert (reply.status, json.loads(reply.body)["title"]) == (400, "Federation refused")
