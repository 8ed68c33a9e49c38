"""A lean HTTP client for measuring: prepared requests over kept connections.

The client shares the cores with the server, so it does as little as it can: raw requests, no header
objects. `http.client` takes longer for an answer than the servers do.
"""

import socket
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Load:
    """What a load run gave."""

    seconds: float
    latencies: tuple[float, ...]
    """Seconds from request to whole answer, in no order."""
    size: int
    """Bytes of all bodies."""
    failures: int = 0
    """Requests that got no good answer in time; each counts in the latencies as it ended."""

    @property
    def per_second(self) -> float:
        """Answers in a second, over all connections."""
        return len(self.latencies) / self.seconds


class BadAnswer(Exception):
    """A server under measurement answered something else than 200."""


class Connection:
    """One kept connection; a wait for more than `patience` seconds raises TimeoutError."""

    def __init__(self, port: int, patience: float = 60) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def ask(self, request: bytes) -> bytes:
        """The body that answers a prepared request; raises BadAnswer unless the status is 200."""
        self.socket.sendall(request)
        head = self._take_until(b"\r\n\r\n")
        body = self._body(head.lower())
        if not head.startswith(b"HTTP/1.1 200"):
            raise BadAnswer(f"{head.splitlines()[0]!r} to {request[:200]!r}: {body[:300]!r}")
        return body

    def _body(self, head: bytes) -> bytes:
        if b"transfer-encoding: chunked" in head:
            return self._chunks()
        _, _, tail = head.partition(b"content-length:")
        return self._take(int(tail.split(b"\r\n", 1)[0])) if tail else b""

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._take_until(b"\r\n").split(b";")[0], 16):
            body += self._take(size + 2)[:-2]
        self._take_until(b"\r\n")
        return body

    def _take_until(self, end: bytes) -> bytes:
        while end not in self.rest:
            self._receive()
        found, _, self.rest = self.rest.partition(end)
        return found

    def _take(self, size: int) -> bytes:
        while len(self.rest) < size:
            self._receive()
        found, self.rest = self.rest[:size], self.rest[size:]
        return found

    def _receive(self) -> None:
        more = self.socket.recv(1 << 16)
        if not more:
            raise BadAnswer("the server closed the connection")
        self.rest += more

    def close(self) -> None:
        """Give the connection back."""
        self.socket.close()


def get(path: str, accept: str) -> bytes:
    """A prepared GET request."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\nUser-Agent: bench\r\n\r\n"
    ).encode()


def sparql(path: str, query: str) -> bytes:
    """A prepared query by GET that wants JSON results."""
    return get(f"{path}?query={quote(query, safe='')}", "application/sparql-results+json")


def put_load(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Share requests out over connections; each is sent as soon as the one before is answered."""
    parts = [requests[start::connections] for start in range(connections)]
    latencies: list[list[float]] = [[] for _ in parts]
    sizes = [0] * connections
    failures: list[Exception] = []

    def work(number: int) -> None:
        try:
            sizes[number] = _ask_all(port, parts[number], latencies[number])
        except (BadAnswer, OSError, ValueError) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    if failures:
        raise failures[0]
    return Load(seconds, tuple(each for part in latencies for each in part), sum(sizes))


def _ask_all(port: int, requests: Sequence[bytes], latencies: list[float]) -> int:
    size = 0
    with closing(Connection(port)) as connection:
        for request in requests:
            start = time.perf_counter()
            size += len(connection.ask(request))
            latencies.append(time.perf_counter() - start)
    return size


def rotate(
    port: int, requests: Sequence[bytes], connections: int, seconds: float, patience: float
) -> Load:
    """Ask in rotation for so many seconds; each connection begins at another place.

    What is under way at the end is waited for. A request that fails or outlasts `patience` counts
    as a failure, and its connection is opened anew.
    """
    latencies: list[list[float]] = [[] for _ in range(connections)]
    failures = [0] * connections
    start = time.perf_counter()

    def work(number: int) -> None:
        place = number * len(requests) // connections
        connection = Connection(port, patience)
        while time.perf_counter() - start < seconds:
            begun = time.perf_counter()
            try:
                connection.ask(requests[place % len(requests)])
            except (BadAnswer, OSError, ValueError):
                failures[number] += 1
                connection.close()
                connection = Connection(port, patience)
            latencies[number].append(time.perf_counter() - begun)
            place += 1
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = tuple(each for part in latencies for each in part)
    return Load(time.perf_counter() - start, everything, 0, sum(failures))
