"""The server under requests that mean harm: it lives, stays within bounds and answers others."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.attacks import (
    BYSTANDER,
    HEALTH,
    Attack,
    attacks,
    crowd,
    get_query,
    post,
    send,
    simple_query,
    under_fire,
)
from bench.processes import children_of, resident_bytes
from kg.settings import Settings
from tests.endpoint.conftest import Server, running_server
from tests.kg.engines.homes import wait_until
from tests.loader.partner import copy_home

ATTACKS = list(attacks())
WORKERS = 2
PROCESSES = 2 + 2 + 1 + 1 + WORKERS + 1
"""Server and its tracker, two web processes, query service, nursery, workers, express worker."""
MEMORY = 300 << 20
"""Bytes that a query may take here."""
LONG = get_query("SELECT%20%2A%20WHERE%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D")
"""All triples: some 20 MB."""


@pytest.fixture(scope="module")
def server(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the shipped graph, with bounds that attacks reach soon and no limit of rate."""
    home = copy_home(shipped_home, tmp_path_factory.mktemp("hostile") / "home")
    settings = Settings(
        home=home,
        query_workers=WORKERS,
        query_timeout=2.0,
        query_timeout_max=2.0,
        query_memory=MEMORY,
        answer_bytes=60 << 20,
        rate_limit="",
    )
    with running_server(settings) as server:
        wait_until(lambda: is_complete(server))
        yield server


def family(pid: int) -> list[int]:
    """A process with all that it started."""
    return [pid, *(each for child in children_of(pid) for each in family(child))]


def is_complete(server: Server) -> bool:
    """Whether all processes are there that should be, and no other."""
    return len(family(server.process.pid)) == PROCESSES


def assert_serves(server: Server, number: int) -> None:
    """A person who asks now is answered, whatever else goes on."""
    assert send(server.port, HEALTH, host=BYSTANDER)[0] == 200
    status, body = send(server.port, simple_query(number), host=BYSTANDER)
    assert status == 200, body
    assert len(json.loads(body)["results"]["bindings"]) == 1


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_ends_honestly_and_leaves_nothing_behind(attack: Attack, server: Server) -> None:
    status, body = send(server.port, attack.request)

    assert status in attack.statuses, body[:500]
    if status != 200:
        assert json.loads(body)["detail"]
    assert_serves(server, ATTACKS.index(attack))
    wait_until(lambda: is_complete(server))


def test_under_fire_everybody_else_is_answered_and_memory_stays_bounded(server: Server) -> None:
    idle = resident_bytes(server.process.pid)
    highest = 0

    with under_fire(server.port, 16):
        for number in range(40):
            assert_serves(server, 100 + number)
            highest = max(highest, resident_bytes(server.process.pid))

    # Each worker may take its budget, and as much again until the watch sees it.
    assert highest < idle + (WORKERS + 1) * 2 * MEMORY
    wait_until(lambda: is_complete(server))


def test_five_hundred_connections_at_once_shut_nobody_out(server: Server) -> None:
    attack = next(each for each in ATTACKS if each.name == "lateral-exists")

    with crowd(server.port, attack.request, 500):
        for number in range(10):
            assert_serves(server, 200 + number)

    wait_until(lambda: is_complete(server))


def test_those_who_read_slowly_or_not_at_all_shut_nobody_out(server: Server) -> None:
    with crowd(server.port, LONG, 200):
        for number in range(10):
            assert_serves(server, 300 + number)


def test_those_who_never_finish_their_request_shut_nobody_out(server: Server) -> None:
    with crowd(server.port, post(b"ASK {}")[:-3], 200), crowd(server.port, b"GET /spa", 200):
        for number in range(10):
            assert_serves(server, 400 + number)


def test_a_slow_reader_gets_the_whole_answer(server: Server) -> None:
    _, whole = send(server.port, LONG)

    with socket.create_connection(("127.0.0.1", server.port), 60) as connection:
        connection.sendall(LONG)
        received = bytearray(connection.recv(1 << 10))
        for number in range(5):  # the rest of the answer stands still meanwhile
            assert_serves(server, 500 + number)
        while part := connection.recv(1 << 16):
            received += part

    assert received.endswith(whole)
