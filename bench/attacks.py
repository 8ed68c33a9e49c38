"""Requests that mean harm: what a public endpoint meets sooner or later."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from kg.catalogue import Catalogue

QUERIES: Final = Path(__file__).parent / "queries" / "hostile"
BYSTANDER: Final = "127.0.0.2"
"""Address of whoever means no harm; attacks come from 127.0.0.1."""
_BRAZIL: Final = "https://w3id.org/ssc4c/id/country/BRA"
_JSON: Final = "application/sparql-results+json"


@dataclass(frozen=True)
class Attack:
    """One request as bytes, and the statuses that are an honest end of it.

    A whole answer is one wherever the engine, or a larger machine, gets to it within the limits.
    """

    name: str
    request: bytes
    statuses: tuple[int, ...]


def attacks() -> Iterator[Attack]:
    """Every kind of hostile query, each as a whole HTTP request."""
    for name, query in Catalogue(QUERIES).items():
        yield Attack(name, post(query.text.encode()), (200, 503, 504, 507))
    values = " ".join(f"<http://example.org/{number}>" for number in range(10_000))
    yield Attack("ten-thousand-values", post(_values(values)), (200,))
    yield Attack("ten-megabytes", post(b"ASK {}" + b" " * (10 << 20)), (413,))
    braces = 200_000
    yield Attack("deep-braces", post(b"ASK " + b"{" * braces + b"}" * braces), (400, 507))
    brackets = b"(" * braces + b"1" + b")" * braces
    yield Attack("deep-brackets", post(b"ASK { FILTER" + brackets + b" }"), (400, 507))
    yield Attack("malformed-utf-8", post(b'ASK { ?s ?p "\xc3\x28\xff" }'), (400,))
    yield Attack(
        "malformed-utf-8-in-address", get_query("ASK%20%7B%20%3Fs%20%3Fp%20%22%C3%28%22%7D"), (400,)
    )
    yield Attack(
        "other-server", post(b"ASK { sErViCe sIlEnT <http://127.0.0.1:1/> { ?s ?p ?o } }"), (400,)
    )
    yield Attack("update", post(b"CLEAR ALL"), (400,))


def _values(values: str) -> bytes:
    return f"SELECT * WHERE {{ VALUES ?s {{ {values} }} ?s ?p ?o }}".encode()


def post(query: bytes) -> bytes:
    """A query as the body of a request."""
    head = (
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Accept: {_JSON}\r\nContent-Type: application/sparql-query\r\n"
        f"Content-Length: {len(query)}\r\n\r\n"
    )
    return head.encode() + query


def get_query(encoded: str) -> bytes:
    """A query that is already written as in an address."""
    return (
        f"GET /sparql?query={encoded} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Accept: {_JSON}\r\n\r\n"
    ).encode()


def send(port: int, request: bytes, patience: float = 120.0, host: str = "") -> tuple[int, bytes]:
    """Status and body that answer a request; the server closes the connection at its end."""
    source = (host or "127.0.0.1", 0)
    with socket.create_connection(("127.0.0.1", port), patience, source) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before it was read
            connection.sendall(request)
        received = b""
        with suppress(ConnectionResetError):
            while part := connection.recv(1 << 18):
                received += part
    head, _, body = received.partition(b"\r\n\r\n")
    return (int(head.split(b" ")[1]) if head else 0), body


@contextmanager
def crowd(port: int, request: bytes, size: int) -> Iterator[list[socket.socket]]:
    """So many connections that each have sent the request and read nothing."""
    connections = []
    try:
        for _ in range(size):
            connection = socket.create_connection(("127.0.0.1", port), 60)
            connection.sendall(request)
            connections.append(connection)
        yield connections
    finally:
        for connection in connections:
            connection.close()


@contextmanager
def under_fire(port: int, clients: int) -> Iterator[None]:
    """All attacks in rotation by so many clients, until the block ends."""
    over = threading.Event()
    kinds = [each.request for each in attacks() if len(each.request) < 1 << 20]

    def work(place: int) -> None:
        while not over.is_set():
            with suppress(OSError):
                send(port, kinds[place % len(kinds)], 5.0)
            place += 1

    threads = [
        threading.Thread(target=work, args=(number,), daemon=True) for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def seconds_of(port: int, request: bytes) -> float:
    """How long a good answer takes; raises RuntimeError for another."""
    start = time.perf_counter()
    status, body = send(port, request, host=BYSTANDER)
    if status != 200:
        raise RuntimeError(f"{status}: {body[:300]!r}")
    return time.perf_counter() - start


def simple_query(number: int) -> bytes:
    """A query of one row that was not asked before."""
    query = f"SELECT ?kind WHERE {{ <{_BRAZIL}> a ?kind }} LIMIT {number + 1}"
    return get_query(quote(query))


HEALTH: Final = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
