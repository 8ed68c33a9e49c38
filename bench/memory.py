"""Row: memory of the web processes while a client takes the whole graph in one answer."""

import socket
import threading
from pathlib import Path
from typing import Final

from bench.processes import children_of, command_of, resident_bytes
from bench.results import Row, show_bytes
from bench.servers import Server, serving_ours
from bench.workplace import Graph
from kg.catalogue import read_query

QUERY: Final = Path(__file__).parent / "queries" / "every-triple.rq"
FLAT: Final = 32 << 20
"""Bytes that count as flat: far below the size of the answer."""
_PATIENCE: Final = 120.0


def measure_memory(graph: Graph) -> Row:
    """Resident memory of all web processes before, and the highest seen during the answer."""
    query = read_query(QUERY).text
    with serving_ours(graph) as server:
        _take(server, query + "LIMIT 1000")
        before = _web_memory(server)
        peak = _Peak(server)
        size = _take(server, query)
        highest = peak.stop()
    return Row(
        "memory of the web processes during a full SELECT",
        "flat",
        f"{show_bytes(before)} before, at most {show_bytes(highest)} during",
        highest - before < FLAT,
        f"SELECT of all {graph.snapshot.manifest['triples']:,} merged triples, an answer of "
        f"{show_bytes(size)} as JSON; all web processes added up; flat means that less than "
        f"{show_bytes(FLAT)} come on top.",
    )


def _web_memory(server: Server) -> int:
    """The web processes are the children of the server but for the query service."""
    processes = [each for each in children_of(server.pid) if "service" not in command_of(each)]
    return sum(map(resident_bytes, processes))


class _Peak(threading.Thread):
    """Looks at the web processes until stopped."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        self.server, self.highest, self.over = server, 0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(0.05):
            self.highest = max(self.highest, _web_memory(self.server))

    def stop(self) -> int:
        """The highest value seen."""
        self.over.set()
        self.join()
        return self.highest


def _take(server: Server, query: str) -> int:
    """Read an answer to its end and forget it; its size with the head."""
    request = server.request(query).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    size = 0
    with socket.create_connection(("127.0.0.1", server.port), _PATIENCE) as connection:
        connection.sendall(request)
        first = connection.recv(1 << 16)
        if not first.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"no answer to {query!r}: {first[:500]!r}")
        size = len(first)
        while part := connection.recv(1 << 18):
            size += len(part)
    return size
