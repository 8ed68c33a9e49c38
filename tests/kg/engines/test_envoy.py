"""Queries whose SERVICE is asked by envoys: listed, stopped and bounded like all others."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.engines import QueryRequest
from kg.engines.embedded import EmbeddedEngine
from kg.engines.frames import Channel, Kind
from kg.engines.pool import ENVOYS
from kg.engines.wire import write_question
from kg.errors import (
    BadQuery,
    EngineBusy,
    EngineFailed,
    FederationFailed,
    KgError,
    QueryStopped,
    QueryTimeout,
    QueryTooLarge,
    ServiceRefused,
)
from kg.settings import Settings
from tests.kg.engines.elsewhere import JSON, Elsewhere, elsewhere, http, rows
from tests.kg.engines.homes import (
    CROSS,
    EX,
    POINT,
    ask,
    children,
    engine_and_process,
    is_alive,
    publish,
    service_process,
    small_settings,
    wait_until,
)
from tests.kg.engines.test_remote import mark

SEVEN = "name\r\nthing 7\r\n"
THING = f'{{"s": {{"type": "uri", "value": "{EX}thing/7"}}}}'
FOREVER = 600.0
Process = subprocess.Popen[bytes]


@pytest.fixture
def other() -> Iterator[Elsewhere]:
    """An endpoint that knows one of our things."""
    with elsewhere(http(rows("s", THING))) as server:
        yield server


@pytest.fixture
def mute() -> Iterator[Elsewhere]:
    """The same, but it answers when it is told to."""
    with elsewhere(http(rows("s", THING)), is_mute=True) as server:
        yield server


def allowing(home: Path, *others: Elsewhere, **values: object) -> Settings:
    allowed = " ".join(each.url for each in others)
    return small_settings(home, service_allow=allowed, **({"query_timeout": FOREVER} | values))


def name_at(other: Elsewhere, mark: object = "") -> str:
    """Asks for the names of what the other endpoint gives."""
    pattern = f"?s <{EX}is> '{mark}'"
    return f"SELECT ?name {{ SERVICE <{other.url}> {{ {pattern} }} ?s <{EX}name> ?name }}"


def wait_for(other: Elsewhere, count: int) -> None:
    wait_until(lambda: len(other.requests) == count)


def states(engine: EmbeddedEngine) -> dict[str, str]:
    return {row.id: row.state for row in engine.running()}


def test_an_answer_with_service_is_not_kept(home: Path, other: Elsewhere) -> None:
    with engine_and_process(allowing(home, other)) as (engine, _):
        answers = [
            engine.run(QueryRequest(name_at(other), "text/csv", snapshot=snapshot))
            for snapshot in ("", "", "000000001-test")
        ]

    assert [each.read().decode() for each in answers] == [SEVEN] * 3
    assert not any(each.is_kept for each in answers)
    assert len(other.requests) == 3


def test_a_query_that_asks_elsewhere_is_listed_and_can_be_stopped(
    home: Path, mute: Elsewhere
) -> None:
    with (
        engine_and_process(allowing(home, mute)) as (engine, _),
        ThreadPoolExecutor(1) as pool,
    ):
        asked = pool.submit(ask, engine, name_at(mute), id="a" * 32, client="me")
        wait_for(mute, 1)

        [row] = engine.running()
        assert (row.id, row.client, row.state) == ("a" * 32, "me", "running")
        assert row.query == name_at(mute)

        assert engine.stop("a" * 32)
        with pytest.raises(QueryStopped):
            asked.result()
        wait_until(lambda: mute.count_left() == 1)
        assert engine.running() == []
        assert ask(engine, POINT) == SEVEN


def test_a_submitted_query_is_asked_elsewhere_meanwhile(home: Path, mute: Elsewhere) -> None:
    request = QueryRequest(name_at(mute), "text/csv")
    with engine_and_process(allowing(home, mute)) as (engine, _):
        engine.submit(request)
        wait_for(mute, 1)
        assert engine.fetch(request.id) is None

        mute.speak()
        wait_until(lambda: engine.fetch(request.id) is not None)

        answer = engine.fetch(request.id)
        assert answer and answer.read().decode() == SEVEN


def test_a_crowd_that_asks_elsewhere_leaves_room_for_others(home: Path, mute: Elsewhere) -> None:
    settings = allowing(home, mute)
    with (
        engine_and_process(settings) as (engine, process),
        ThreadPoolExecutor(64) as pool,
    ):
        wait_until(lambda: len(children(process.pid)) == 3)
        crowd = [pool.submit(ask, engine, name_at(mute, n), client="crowd") for n in range(60)]
        most = ENVOYS - 1 + settings.query_queue
        wait_until(lambda: sum(each.done() for each in crowd) == len(crowd) - most)

        assert ask(engine, POINT) == SEVEN
        assert list(states(engine).values()).count("running") == ENVOYS - 1
        somebody = pool.submit(ask, engine, name_at(mute), client="somebody")
        wait_for(mute, ENVOYS)
        assert len(children(process.pid)) == 3 + ENVOYS

        mute.speak()
        assert somebody.result() == SEVEN
        ends = [ended(each) for each in crowd]
        assert ends.count(SEVEN) == most
        assert all("to ask other endpoints: 4 do at a time" in e for e in ends if e != SEVEN)
        assert len(children(process.pid)) == 3 + ENVOYS


def ended(asked: "Future[str]") -> str:
    """The answer of a query, or why it was turned away."""
    try:
        return asked.result()
    except EngineBusy as error:
        return error.detail


HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n"


@pytest.mark.parametrize("beginning", ["", HEAD, HEAD + "Content-Length: 9\r\n\r\n{"])
def test_an_endpoint_that_is_slow_meets_the_deadline(
    home: Path, mute: Elsewhere, beginning: str
) -> None:
    mute.beginning = beginning.encode()
    with engine_and_process(allowing(home, mute, query_timeout=0.5)) as (engine, _):
        with pytest.raises(QueryTimeout) as caught:
            ask(engine, name_at(mute))

        assert f"The deadline passed while {mute.url} was asked" in caught.value.detail
        assert "0.5 seconds (SSC4C_QUERY_TIMEOUT)" in caught.value.detail
        assert "up to 120 seconds by `timeout`" in caught.value.detail
        wait_until(lambda: mute.count_left() == 1)


def test_asking_elsewhere_counts_towards_the_deadline(home: Path, other: Elsewhere) -> None:
    query = f"{CROSS[:-1]} SERVICE <{other.url}> {{ ?s ?x ?y }} }}"
    with engine_and_process(allowing(home, other)) as (engine, _):
        with pytest.raises(QueryTimeout, match="after 1 seconds, its deadline"):
            ask(engine, query, timeout=1.0)

        assert ask(engine, name_at(other)) == SEVEN


FAILURES: list[tuple[str, type[KgError], str]] = [
    ("SELECT * {{ SERVICE <http://example.org/> {{ ?s ?p ?o }} }}", ServiceRefused, "line 1.*allo"),
    ("SELECT * {{ SERVICE ?where {{ ?s ?p ?o }} }}", ServiceRefused, "leaves open"),
    (
        "SELECT * {{ SERVICE <{bad}> {{ ?s ?p ?o }} }}",
        FederationFailed,
        "status 500: no such table",
    ),
    ("SELECT * {{ SERVICE <{big}> {{ ?s ?p ?o }} }}", QueryTooLarge, "more than 8388608 bytes"),
    ("SELECT * {{ SERVICE <{wide}> {{ ?s ?p ?o }} }}", QueryTooLarge, "SSC4C_QUERY_MEMORY"),
    ("SELECT * {{ SERVICE <{bad}> }}", BadQuery, "needs an address and a pattern"),
    ("SELECT * {{\nSERVICE SILENT <{bad}> {{ ?s ?p ?o }}\n?a }}", BadQuery, "Line 3, col"),
    ("LOAD <{bad}>", ServiceRefused, "asks for another server"),
]


@pytest.fixture(scope="module")
def failing(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[EmbeddedEngine, dict[str, str]]]:
    """An engine, and endpoints that break down, answer without end, and take much memory."""
    home = tmp_path_factory.mktemp("failing")
    publish(home)
    head = f"{HEAD}Content-Length: {1 << 40}\r\n\r\n"
    wide = rows(" ".join(f"v{n}" for n in range(500)), *["{}"] * 300_000)
    with (
        elsewhere(http("no such table", status="500 Oops")) as bad,
        elsewhere(head.encode() + b" " * (9 << 20)) as big,
        elsewhere(http(wide)) as far,
        engine_and_process(allowing(home, bad, big, far)) as (engine, _),
    ):
        yield engine, {"bad": bad.url, "big": big.url, "wide": far.url}


@pytest.mark.parametrize(("query", "kind", "words"), FAILURES)
def test_what_goes_wrong_is_told_as_it_is(
    failing: tuple[EmbeddedEngine, dict[str, str]], query: str, kind: type[KgError], words: str
) -> None:
    engine, urls = failing

    with pytest.raises(kind, match=words):
        ask(engine, query.format(**urls))

    assert ask(engine, POINT) == SEVEN


def test_a_prefix_of_that_name_goes_nowhere(failing: tuple[EmbeddedEngine, dict[str, str]]) -> None:
    query = f"PREFIX service: <{EX}> SELECT ?name {{ <{EX}thing/7> service:name ?name }}"

    assert ask(failing[0], query) == SEVEN


def test_the_answer_of_an_endpoint_may_be_long(home: Path) -> None:
    numbers = [f'{{"n": {{"type": "literal", "value": "{n}"}}}}' for n in range(50_000)]
    with (
        elsewhere(http(rows("n", *numbers))) as other,
        engine_and_process(allowing(home, other)) as (engine, _),
    ):
        query = f"SELECT (COUNT(*) AS ?rows) {{ SERVICE <{other.url}> {{ ?s ?p ?n }} }}"

        assert ask(engine, query) == "rows\r\n50000\r\n"


def test_a_kept_snapshot_can_be_asked_along_with_others(home: Path, other: Elsewhere) -> None:
    publish(home, "000000002-test", "new thing")
    with engine_and_process(allowing(home, other)) as (engine, _):
        assert ask(engine, name_at(other), snapshot="000000001-test") == SEVEN
        assert ask(engine, name_at(other)) == "name\r\nnew thing 7\r\n"


def test_a_snapshot_that_was_replaced_meanwhile_is_asked_all_the_same(
    home: Path, mute: Elsewhere
) -> None:
    with (
        engine_and_process(allowing(home, mute)) as (engine, _),
        ThreadPoolExecutor(1) as pool,
    ):
        asked = pool.submit(ask, engine, name_at(mute), snapshot="000000001-test")
        wait_for(mute, 1)
        publish(home, "000000002-test", "new thing")
        mute.speak()

        assert asked.result() == SEVEN


def test_a_remote_engine_gets_the_query_with_the_answers_in_it(
    home: Path, other: Elsewhere
) -> None:
    name = '{"name": {"type": "literal", "value": "thing 7"}}'
    with elsewhere(http(rows("name", name))) as remote:
        remote.special[b"journal"] = mark(7)
        settings = allowing(home, other, engine=remote.url, query_workers=1)
        with engine_and_process(settings) as (engine, _):
            assert ask(engine, name_at(other)) == SEVEN

    [query] = [each for each in remote.queries() if EX in each]
    assert f"VALUES (?s) {{ (<{EX}thing/7>) }}" in query
    assert "SERVICE" not in query


def new_child(process: Process, before: list[int]) -> int:
    [envoy] = set(children(process.pid)) - set(before)
    return envoy


def test_an_envoy_that_is_killed_is_an_error_and_no_wait(home: Path, mute: Elsewhere) -> None:
    with (
        engine_and_process(allowing(home, mute)) as (engine, process),
        ThreadPoolExecutor(1) as pool,
    ):
        wait_until(lambda: len(children(process.pid)) == 3)
        before = children(process.pid)
        asked = pool.submit(ask, engine, name_at(mute))
        wait_for(mute, 1)

        os.kill(new_child(process, before), signal.SIGKILL)

        with pytest.raises(EngineFailed, match="signal 9"):
            asked.result()
        wait_until(lambda: len(children(process.pid)) == 3)
        mute.speak()
        assert ask(engine, name_at(mute)) == SEVEN


def test_an_envoy_ends_with_a_service_that_was_killed(home: Path, mute: Elsewhere) -> None:
    with (
        engine_and_process(allowing(home, mute)) as (engine, process),
        ThreadPoolExecutor(1) as pool,
    ):
        wait_until(lambda: len(children(process.pid)) == 3)
        before = children(process.pid)
        asked = pool.submit(ask, engine, name_at(mute))
        wait_for(mute, 1)
        envoy = new_child(process, before)

        process.kill()

        with pytest.raises(EngineFailed):
            asked.result()
        wait_until(lambda: not is_alive(envoy))
        wait_until(lambda: mute.count_left() == 1)


def test_the_other_endpoint_hears_when_the_asker_hangs_up(home: Path, mute: Elsewhere) -> None:
    settings = allowing(home, mute)
    with service_process(settings):
        with socket.socket(socket.AF_UNIX) as end:
            end.connect(str(settings.query_socket))
            Channel(end).send(write_question(Kind.QUERY, QueryRequest(name_at(mute))))
            wait_for(mute, 1)

        wait_until(lambda: mute.count_left() == 1)


def test_descriptors_and_processes_are_as_many_after_many_queries(
    home: Path, other: Elsewhere
) -> None:
    long = f"# {'long ' * 20_000}\n"
    with engine_and_process(allowing(home, other)) as (engine, process):
        descriptors = Path(f"/proc/{process.pid}/fd")
        ask(engine, name_at(other))
        wait_until(lambda: len(children(process.pid)) == 4)
        before = len(list(descriptors.iterdir()))

        for number in range(20):
            assert ask(engine, long + name_at(other, number)) == SEVEN

        assert len(list(descriptors.iterdir())) == before
        assert len(children(process.pid)) == 4
