"""The worker processes of the query service: how one starts, is watched and why it ended."""

import contextlib
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import BinaryIO, Final, NoReturn, cast

from kg.engines import walls
from kg.engines.envoy import work_abroad
from kg.engines.frames import Channel
from kg.engines.remote import work_remote
from kg.engines.runs import Run
from kg.engines.worker import work
from kg.errors import EngineFailed, KgError, NotSortable, QueryTooLarge
from kg.settings import Settings
from kg.snapshots import Snapshot

_STACK_OVERFLOW: Final = (signal.SIGSEGV, signal.SIGBUS)


class Role(Enum):
    """What a worker is there for."""

    REGULAR = "regular"
    """Runs queries to their end."""
    EXPRESS = "express"
    """Tries new queries for a moment while all regular ones are busy."""
    GUEST = "guest"
    """Has a kept snapshot open for those who ask for it."""
    ENVOY = "envoy"
    """Has no store, and asks other endpoints what stands in SERVICE."""


@dataclass(eq=False)
class Worker:
    """What the service knows of one worker process."""

    pid: int
    """Its number; 0 of one that is about to be forked by a nursery."""
    channel: Channel
    snapshot: Snapshot | None
    """What it has open; nothing for an envoy."""
    errors: BinaryIO
    """What the process wrote to its standard error."""
    role: Role = Role.REGULAR
    in_memory: bool = False
    """Whether it has the store in memory."""
    is_ready: bool = False
    idle_since: float = field(default_factory=time.monotonic)
    memory: int = 0
    """Private bytes when it was ready."""
    job: Run | None = None
    verdict: KgError | None = field(default=None)
    """Why it was killed."""

    @property
    def is_idle(self) -> bool:
        """Whether it can take a query."""
        return self.is_ready and self.job is None and self.verdict is None

    def give(self, run: Run) -> bool:
        """Hand it a query; tells whether it is alive to take it."""
        try:
            self.channel.send(run.frame)
        except OSError as error:
            self.kill(EngineFailed(f"The worker takes no query: {error}"))
            return False
        self.job = run
        return True

    def mark_ready(self) -> None:
        """Note that the snapshot is open, and the memory that this took."""
        self.is_ready = True
        self.memory = walls.private_memory(self.pid)

    def growth(self) -> int:
        """Private bytes beyond those after opening."""
        return walls.private_memory(self.pid) - self.memory

    def kill(self, verdict: KgError) -> None:
        """End it at once; its channel will tell when it is gone."""
        self.verdict = verdict
        with contextlib.suppress(ProcessLookupError):
            if self.pid:
                os.kill(self.pid, signal.SIGKILL)

    def bury(self) -> KgError:
        """Take leave of the ended process; tells why it ended."""
        self.channel.close()
        status = _wait(self.pid)
        with self.errors:
            self.errors.seek(0)
            text = self.errors.read().decode(errors="replace")
        sys.stderr.write(text)
        return self.verdict or explain_end(status, text)


def _wait(pid: int) -> int:
    """The wait status of a child that ended; 0 of one that was never born or is buried already."""
    with contextlib.suppress(ChildProcessError):
        return os.waitpid(pid, 0)[1] if pid else 0
    return 0


def bury_strays(known: set[int]) -> None:
    """Take leave of ended children that we adopted when their parents ended."""
    look = os.WEXITED | os.WNOHANG | os.WNOWAIT
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitid(os.P_ALL, 0, look)) and ended.si_pid not in known:
            os.waitpid(ended.si_pid, 0)


def explain_end(status: int, text: str) -> KgError:
    """Why a worker ended, from its wait status and what it wrote to standard error."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if "memory allocation of" in text or "MemoryError" in text:
        return QueryTooLarge(
            "The query needs more memory than one query may take (SSC4C_QUERY_MEMORY). "
            "Ask for less: fewer joins without common variables, no ORDER BY over all, a LIMIT."
        )
    if "total order" in text:
        return NotSortable(
            "ORDER BY met values of kinds that the engine cannot bring into one order, such as "
            "texts beside dates. Sort by STR(?x), or by DATATYPE(?x) first."
        )
    if number in _STACK_OVERFLOW:
        return QueryTooLarge(
            "The query is nested too deeply, or one of its paths is too long. No setting raises "
            "this: use fewer brackets within brackets, or split the query."
        )
    how = f"signal {number}" if number else f"exit code {os.waitstatus_to_exitcode(status)}"
    return EngineFailed(f"The worker that ran the query ended ({how}); another took its place.")


def start_worker(snapshot: Snapshot, settings: Settings, role: Role = Role.REGULAR) -> Worker:
    """Fork a process that opens the snapshot and says when it is ready."""
    errors = cast(BinaryIO, tempfile.TemporaryFile(buffering=0))  # noqa: SIM115
    parent = os.getpid()
    is_remote = settings.engine and role is not Role.GUEST

    def become(channel: Channel) -> NoReturn:
        (work_remote if is_remote else work)(channel, snapshot, settings, parent)

    pid, channel = fork_child(become, errors)
    return Worker(pid, channel, snapshot, errors, role)


def start_envoy(settings: Settings) -> Worker:
    """Fork a process that asks other endpoints; it can be given a query at once."""
    errors = cast(BinaryIO, tempfile.TemporaryFile(buffering=0))  # noqa: SIM115
    parent = os.getpid()

    def become(channel: Channel) -> NoReturn:
        work_abroad(channel, settings, parent)

    pid, channel = fork_child(become, errors)
    worker = Worker(pid, channel, None, errors, Role.ENVOY)
    worker.mark_ready()
    return worker


def fork_child(become: Callable[[Channel], NoReturn], errors: BinaryIO) -> tuple[int, Channel]:
    """A child that holds nothing of ours but its end of a channel; its number, and our end."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        live(become, Channel(theirs), errors.fileno())
    theirs.close()
    ours.setblocking(False)
    return pid, Channel(ours)


def live(become: Callable[[Channel], NoReturn], channel: Channel, errors: int) -> NoReturn:
    """What a forked child does to its end."""
    try:
        _keep_only(channel.fileno(), errors)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        become(channel)
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(1)


def _keep_only(channel: int, errors: int) -> None:
    """Close all that was inherited, so that only this process holds its end of the channel."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.dup2(errors, 2)
    os.closerange(3, channel)
    os.closerange(channel + 1, os.sysconf("SC_OPEN_MAX"))
