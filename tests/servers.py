"""Real SPARQL servers of other makers, started in a folder of their own and stopped afterwards."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.processes import BIN, free_port, serving

_BUFFER: Final = 8700
"""Bytes that Virtuoso takes for each of its buffers."""
_INI: Final = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000

[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
CheckpointInterval = 0
DirsAllowed = .
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
MaxQueryMem = {query_memory}
ThreadsPerQuery = 2

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 16

[SPARQL]
{limits}
"""


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


def has_virtuoso() -> bool:
    """Whether Debian's package virtuoso-opensource-7-bin is installed."""
    return shutil.which("virtuoso-t") is not None


@contextmanager
def virtuoso(folder: Path, memory: int = 400 << 20, **limits: int) -> Iterator[Server]:
    """Virtuoso 7 with its database in the folder; limits go to the section SPARQL of its settings.

    For example ``ResultSetMaxRows=1000``.
    """
    port = free_port()
    buffers = memory // 2 // _BUFFER
    values = {"buffers": buffers, "dirty": buffers * 3 // 4, "query_memory": memory // 4}
    lines = "\n".join(f"{name} = {value}" for name, value in limits.items())
    ini = folder / "virtuoso.ini"
    ini.write_text(_INI.format(port=port, sql_port=free_port(), limits=lines, **values))
    command = ["virtuoso-t", "+configfile", str(ini), "+foreground"]
    with serving(command, port, {}, folder) as pid:
        root = f"http://127.0.0.1:{port}"
        yield Server(
            f"{root}/sparql",
            f"{root}/sparql-graph-crud-auth",
            f"{root}/sparql-auth",
            pid,
            "dba:dba",
        )
