"""Commands and servers under measurement: their time, and the memory of the whole process tree."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.settings import PROJECT

BIN: Final = PROJECT / ".venv" / "bin"
_LOOK_EVERY: Final = 0.1
_START_WITHIN: Final = 900.0
"""Seconds; rdflib reads 1.8 M triples before it listens."""


@dataclass(frozen=True)
class Ran:
    """A command that ran to its end."""

    seconds: float
    peak_bytes: int
    """Highest resident memory of the command and its children; shared pages count in each."""
    code: int
    output: str


def run_measured(command: Sequence[str], environment: Mapping[str, str]) -> Ran:
    """Run a command, watching its memory; raises RuntimeError when it fails."""
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        watch = _MemoryWatch(process.pid)
        output, errors = process.communicate()
        seconds = time.perf_counter() - start
        peak = watch.stop()
    if process.returncode not in (0, 3):  # 3: done, and something was set aside
        raise RuntimeError(f"{' '.join(command)} failed ({process.returncode}):\n{errors[-3000:]}")
    return Ran(seconds, peak, process.returncode, output)


class _MemoryWatch(threading.Thread):
    """Looks at a process tree until stopped."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(_LOOK_EVERY):
            self.peak = max(self.peak, resident_bytes(self.pid))

    def stop(self) -> int:
        """The highest value seen."""
        self.over.set()
        self.join()
        return self.peak


def resident_bytes(pid: int) -> int:
    """Resident memory of a process and all below it; nothing for one that has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    own = [int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS")]
    return sum(own) + sum(map(resident_bytes, children_of(pid)))


def children_of(pid: int) -> list[int]:
    """The processes that a process started, by any of its threads; none if it has ended."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    try:
        return [int(child) for task in tasks for child in task.read_text().split()]
    except OSError:
        return []


def command_of(pid: int) -> str:
    """The command line of a process; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    command: Sequence[str], port: int, environment: Mapping[str, str], folder: Path = PROJECT
) -> Iterator[int]:
    """A server that answers on a port of the loopback; its process id. It is ended afterwards."""
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_until_open(process, port)
            yield process.pid
        finally:
            process.terminate()
            _wait_for_end(process)


def _wait_for_end(process: subprocess.Popen[bytes]) -> None:
    """Some servers work on to the end of a query that nobody waits for."""
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()


def _wait_until_open(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once: {process.args!r}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not open port {port}: {process.args!r}")
