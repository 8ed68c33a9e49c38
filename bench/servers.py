"""The SPARQL servers under measurement: ours and its peers, on the same triples.

Oxigraph's server reads the very store of the snapshot. Virtuoso and rdflib-endpoint get the merged
default graph as N-Triples; what stands in named graphs only is not in them.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, RdfFormat

from bench.client import Connection, get, sparql
from bench.processes import BIN, free_port, serving
from bench.virtuoso import running_virtuoso
from bench.workplace import Graph

NO_LIMIT: Final = {"SSC4C_RATE_LIMIT": ""}
"""All requests come from one client."""
IN_MEMORY: Final = {"SSC4C_MEMORY": str(1 << 40)}
_LOADS_WITHIN: Final = 900.0
"""Seconds; 1.8 million triples took two minutes on a busy machine."""
ON_DISK: Final = {"SSC4C_MEMORY": "0"}
NOT_KEPT: Final = {"SSC4C_CACHE_BYTES": "0"}
"""Every answer is made anew."""
_MERGED: Final = "urn:merged"
_ISQL: Final = "isql-vt"
_BUFFERS: Final = 3 << 30
"""Memory of Virtuoso: half of it for buffers."""


@dataclass(frozen=True)
class Server:
    """One server that listens."""

    name: str
    port: int
    path: str
    pid: int

    def request(self, query: str) -> bytes:
        """A prepared query that wants JSON results."""
        return sparql(self.path, query)


@contextmanager
def serving_ours(graph: Graph, name: str = "", **environment: str) -> Iterator[Server]:
    """Our server on a graph."""
    port = free_port()
    command = [str(BIN / "ssc4c"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with serving(command, port, {**graph.environment, **NO_LIMIT, **environment}) as pid:
        if environment.items() >= IN_MEMORY.items():
            _wait_for_memory(port)
        yield Server(name or "SSC4C Graph", port, "/sparql", pid)


def _wait_for_memory(port: int) -> None:
    """Wait until our server answers from memory; raises RuntimeError if it goes on not to."""
    until = time.monotonic() + _LOADS_WITHIN
    with closing(Connection(port)) as connection:
        while (store := json.loads(connection.ask(get("/ready", "*/*")))["store"]) != "memory":
            if time.monotonic() > until:
                raise RuntimeError(
                    f"The server still answers from {store} after {_LOADS_WITHIN:g} seconds. Its "
                    "snapshot must fit SSC4C_MEMORY and half the machine's memory: see "
                    "docs/operating.md, Processes."
                )
            time.sleep(0.5)


@contextmanager
def serving_oxigraph(graph: Graph) -> Iterator[Server]:
    """Oxigraph's own server on the store of the snapshot."""
    port = free_port()
    store = str(graph.snapshot.store_path)
    command = [str(BIN / "oxigraph"), "serve-read-only", "--location", store]
    with serving([*command, "--bind", f"127.0.0.1:{port}"], port, {}) as pid:
        yield Server("Oxigraph", port, "/query", pid)


@contextmanager
def serving_virtuoso(graph: Graph) -> Iterator[Server]:
    """Virtuoso 7 on the merged triples, loaded by its bulk loader."""
    folder = graph.folder / f"virtuoso-{graph.count}"
    folder.mkdir(exist_ok=True)
    is_new = not (folder / "virtuoso.db").exists()
    with running_virtuoso(folder, _BUFFERS, DefaultGraph=_MERGED) as running:
        if is_new:
            _fill_virtuoso(running.sql_port, merged_triples(graph, folder / "merged.nt"))
        yield Server("Virtuoso 7", running.port, "/sparql", running.pid)


def _fill_virtuoso(sql: int, triples: Path) -> None:
    for statement in (
        f"ld_dir('.', '{triples.name}', '{_MERGED}');",
        "rdf_loader_run();",
        "checkpoint;",
    ):
        command = [_ISQL, str(sql), "dba", "dba", f"exec={statement}"]
        subprocess.run(command, check=True, capture_output=True)


@contextmanager
def serving_rdflib(graph: Graph) -> Iterator[Server]:
    """rdflib-endpoint with the merged triples in rdflib's memory."""
    port = free_port()
    triples = merged_triples(graph, graph.folder / f"merged-{graph.count}.nt")
    command = [sys.executable, "-m", "bench.rdflib_server", str(triples), str(port)]
    with serving(command, port, {}) as pid:
        yield Server("rdflib-endpoint", port, "/", pid)


def merged_triples(graph: Graph, path: Path) -> Path:
    """The default graph as a file of N-Triples; made once."""
    if not path.exists():
        store = graph.snapshot.open()
        store.dump(str(path), RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    return path


def all_servers(graph: Graph) -> list[Callable[[], AbstractContextManager[Server]]]:
    """Ways to start our server in its modes, and the peers."""
    ours = partial(serving_ours, graph)
    return [
        partial(ours, "SSC4C Graph", **IN_MEMORY),
        partial(ours, "the same, no answer kept", **IN_MEMORY, **NOT_KEPT),
        partial(ours, "the same, on disk", **ON_DISK, **NOT_KEPT),
        partial(serving_oxigraph, graph),
        partial(serving_virtuoso, graph),
        partial(serving_rdflib, graph),
    ]
