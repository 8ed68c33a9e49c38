"""Real SPARQL servers of other makers, started in a folder of their own and stopped afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import BIN, free_port, serving
from bench.virtuoso import running_virtuoso


@dataclass(frozen=True)
class Server:
    """Where a server is asked and loaded."""

    query: str
    """Address for queries."""
    store: str
    """Address of its Graph Store Protocol."""
    update: str
    """Address for updates."""
    pid: int
    login: str = ""
    """``user:password`` for writing."""


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Server]:
    """`oxigraph serve` on a store in the folder."""
    port = free_port()
    command = [str(BIN / "oxigraph"), "serve", "--location", str(folder), *options]
    with serving([*command, "--bind", f"127.0.0.1:{port}"], port, {}) as pid:
        root = f"http://127.0.0.1:{port}"
        yield Server(f"{root}/query", f"{root}/store", f"{root}/update", pid)


@contextmanager
def virtuoso(folder: Path, memory: int = 400 << 20, **limits: int) -> Iterator[Server]:
    """Virtuoso 7 with its database in the folder; limits go to the section SPARQL of its settings.

    For example ``ResultSetMaxRows=1000``.
    """
    with running_virtuoso(folder, memory, **limits) as running:
        root = f"http://127.0.0.1:{running.port}"
        yield Server(
            f"{root}/sparql",
            f"{root}/sparql-graph-crud-auth",
            f"{root}/sparql-auth",
            running.pid,
            "dba:dba",
        )
