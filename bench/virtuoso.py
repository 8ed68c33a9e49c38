"""Virtuoso 7 with its database in a folder of its own, for benchmarks and tests."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.processes import free_port, serving

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
class Virtuoso:
    """A Virtuoso that listens."""

    port: int
    """Of its web server, with the endpoint at ``/sparql``."""
    sql_port: int
    """Of its SQL server, which `isql-vt` speaks to."""
    pid: int


def has_virtuoso() -> bool:
    """Whether Debian's package virtuoso-opensource-7-bin is installed."""
    return shutil.which("virtuoso-t") is not None


@contextmanager
def running_virtuoso(folder: Path, memory: int, **limits: int | str) -> Iterator[Virtuoso]:
    """The server in bounded memory; limits go to the section SPARQL of its settings.

    For example ``ResultSetMaxRows=1000``.
    """
    port, sql_port = free_port(), free_port()
    buffers = memory // 2 // _BUFFER
    values = {"buffers": buffers, "dirty": buffers * 3 // 4, "query_memory": memory // 4}
    lines = "\n".join(f"{name} = {value}" for name, value in limits.items())
    ini = folder / "virtuoso.ini"
    ini.write_text(_INI.format(port=port, sql_port=sql_port, limits=lines, **values))
    command = ["virtuoso-t", "+configfile", str(ini), "+foreground"]
    with serving(command, port, {}, folder) as pid:
        yield Virtuoso(port, sql_port, pid)
