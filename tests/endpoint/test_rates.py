"""How often a client may ask: counted in memory and in a real Redis."""

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import Client

from endpoint.app import create_app
from endpoint.clients import client_of
from endpoint.lane import Lane
from endpoint.rates import read_limits
from kg.errors import BadInput
from kg.settings import Settings
from tests.conftest import wait_until_open
from tests.endpoint.conftest import free_port, running_server, serve_command
from tests.kg.engines.homes import POINT, small_settings

ASK = "/sparql?" + urlencode({"query": "ASK {}"})
ETAG = {"If-None-Match": "*"}
"""Answered without an engine, so that these tests need none."""


def app(home: Path, **values: object) -> Flask:
    return create_app(Settings(home=home, **values))  # type: ignore[arg-type]


def ask(client: Client, address: str = "192.0.2.1", path: str = ASK) -> tuple[int, dict[str, str]]:
    response = client.get(path, headers=ETAG, environ_overrides={"REMOTE_ADDR": address})
    return response.status_code, dict(response.headers)


@contextlib.contextmanager
def redis_server(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until_open(process, port)
            yield process
        finally:
            process.terminate()


needs_redis = pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server")


@pytest.mark.parametrize("in_lane", [True, False])
def test_who_asks_too_often_is_told_when_to_come_back(home: Path, in_lane: bool) -> None:
    flask = app(home, rate_limit="3/minute")
    client = Client(Lane(flask) if in_lane else flask)

    statuses = [ask(client)[0] for _ in range(4)]
    response = client.get(ASK, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    elsewhere = ask(client, "192.0.2.2")[0]

    assert statuses == [304, 304, 304, 429]
    problem = json.loads(response.data)
    assert problem["title"] == "Too many requests"
    assert (problem["limit"], problem["value"]) == ("SSC4C_RATE_LIMIT", "3/minute")
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert response.headers["RateLimit"].startswith('"60s";r=0;t=')
    assert elsewhere == 304


@pytest.mark.parametrize("in_lane", [True, False])
def test_each_answer_tells_how_many_requests_are_left(home: Path, in_lane: bool) -> None:
    flask = app(home, rate_limit="10/minute;100/hour")
    client = Client(Lane(flask) if in_lane else flask)

    ask(client)
    _, headers = ask(client)

    assert headers["RateLimit-Policy"] == '"60s";q=10;w=60, "3600s";q=100;w=3600'
    assert headers["RateLimit"].startswith('"60s";r=8;t=')


def test_both_ways_through_the_server_count_together(home: Path) -> None:
    flask = app(home, rate_limit="3/minute")
    lane = Client(Lane(flask))

    assert ask(lane, "127.0.0.1")[0] == 304
    page = {"Accept": "text/html"}, {"REMOTE_ADDR": "127.0.0.1"}
    shown = lane.get("/sparql", headers=page[0], environ_overrides=page[1])
    status, headers = ask(lane, "127.0.0.1")

    assert shown.status_code == 200
    assert (status, headers["RateLimit"][:9]) == (304, '"60s";r=0')


def test_pages_that_cost_little_are_not_counted(home: Path) -> None:
    client = Client(app(home, rate_limit="1/minute"))

    assert [ask(client, path="/health")[0] for _ in range(3)] == [200, 200, 200]
    assert client.options("/sparql").status_code == 200


def test_an_empty_limit_counts_nothing(home: Path) -> None:
    client = Client(Lane(app(home, rate_limit="")))

    found = [ask(client) for _ in range(50)]

    assert {status for status, _ in found} == {304}
    assert "RateLimit" not in found[0][1]


@pytest.mark.parametrize("text", ["many", "5", "5/fortnight"])
def test_a_limit_that_is_none_is_told_at_the_start(home: Path, text: str) -> None:
    with pytest.raises(BadInput, match="SSC4C_RATE_LIMIT must be like 60/minute"):
        read_limits(text)

    environment = small_settings(home, rate_limit=text).to_environment()
    result = subprocess.run(
        serve_command(free_port()), env=environment, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 2
    assert "SSC4C_RATE_LIMIT" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", "unknown"),
    ],
)
def test_a_client_is_an_address_or_the_network_of_a_house(address: str, client: str) -> None:
    assert client_of({"REMOTE_ADDR": address}) == client


def test_the_word_of_a_proxy_counts_only_if_it_is_trusted(home: Path) -> None:
    for proxies, left in ((0, '"60s";r=8'), (1, '"60s";r=9')):
        settings = small_settings(home, rate_limit="10/minute", trusted_proxies=proxies)
        with running_server(settings) as server:
            for address in ("192.0.2.1", "192.0.2.2"):
                reply = server.get("/sparql", {"query": POINT}, X_Forwarded_For=address)
        if proxies:
            assert reply.headers["ratelimit"].startswith(left)
        else:  # the two web processes count for themselves
            assert reply.headers["ratelimit"][:9] in (left, '"60s";r=9')


@needs_redis
def test_servers_that_share_a_redis_count_together(home: Path, tmp_path: Path) -> None:
    port = free_port()
    storage = f"redis://127.0.0.1:{port}/0"
    with redis_server(port, tmp_path):
        clients = [
            Client(Lane(app(home, rate_limit="4/minute", rate_storage=storage))) for _ in range(2)
        ]

        statuses = [ask(clients[number % 2])[0] for number in range(5)]

    assert statuses == [304, 304, 304, 304, 429]


@needs_redis
def test_a_redis_that_is_away_takes_nothing_down(home: Path, tmp_path: Path) -> None:
    port = free_port()
    storage = f"redis://127.0.0.1:{port}/0"
    client = Client(Lane(app(home, rate_limit="3/minute", rate_storage=storage)))
    with redis_server(port, tmp_path):
        assert ask(client)[0] == 304

    statuses = [ask(client)[0] for _ in range(4)]

    assert statuses == [304, 304, 304, 429]  # this process counts for itself
