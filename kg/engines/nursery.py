"""The nursery: a process that has a snapshot's store in memory and forks workers from it.

Forked workers share the store until they read it: reading counts references, so that each gets a
copy of its own in the end. A worker is a grandchild that the service adopts, so that the service
watches, kills and buries it like the others, and the end of the nursery ends no worker.
"""

import contextlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from socket import socket, socketpair
from typing import BinaryIO, Final, NoReturn, cast

from pyoxigraph import RdfFormat, Store

from kg.engines import failures, walls
from kg.engines.frames import Channel, Frame, Kind
from kg.engines.processes import Role, Worker, fork_child, live
from kg.engines.worker import work
from kg.errors import EngineFailed
from kg.settings import Settings
from kg.snapshots import Snapshot

BYTES_PER_TRIPLE: Final = 1000
"""Memory for a merged triple, with the records that say it and their times and provenance.

Measured: 1,840 MB for 1.84 million merged triples, 5.35 million quads.
"""
BYTES_PER_SECOND: Final = 100_000_000
"""How fast a store is taken into memory, about; so long a snapshot must be current before."""
_SLACK: Final = 256 << 20
"""Bytes that loading may take beyond what the store takes in the end."""
_ADOPTION: Final = 10.0
"""Seconds within which a worker must have become a child of the service."""
_NICE: Final = 10


def share(settings: Settings) -> int:
    """Bytes that a store may take: workers, express worker and nursery have a copy each."""
    bound = min(settings.memory, walls.machine_memory() // 2)
    return bound // (settings.query_workers + 2)


def estimate(snapshot: Snapshot) -> int:
    """Bytes that a snapshot is going to take in memory, by its manifest."""
    return int(snapshot.manifest.get("triples", 0)) * BYTES_PER_TRIPLE


@dataclass(eq=False)
class Nursery:
    """What the service knows of the nursery of a snapshot."""

    pid: int
    channel: Channel
    snapshot: Snapshot
    errors: BinaryIO
    is_ready: bool = False

    def hatch(self, role: Role) -> Worker:
        """A worker from this nursery, on its way; raises OSError if the nursery is gone."""
        errors = cast(BinaryIO, tempfile.TemporaryFile(buffering=0))  # noqa: SIM115
        ours, theirs = socketpair()
        with theirs:
            self.channel.send(Frame(Kind.HATCH, file=theirs.fileno()))
        ours.setblocking(False)
        channel = Channel(ours)
        channel.send(Frame(Kind.HATCH, file=errors.fileno()))
        return Worker(0, channel, self.snapshot, errors, role, in_memory=True)

    def end(self) -> str:
        """Kill it and take leave; what it wrote to its standard error."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.channel.close()
        with self.errors:
            self.errors.seek(0)
            return self.errors.read().decode(errors="replace")


def start_nursery(snapshot: Snapshot, settings: Settings) -> Nursery:
    """Fork a nursery, which loads the snapshot and says when it is ready."""
    errors = cast(BinaryIO, tempfile.TemporaryFile(buffering=0))  # noqa: SIM115
    parent = os.getpid()

    def become(channel: Channel) -> NoReturn:
        _tend(channel, snapshot, settings, parent)

    pid, channel = fork_child(become, errors)
    return Nursery(pid, channel, snapshot, errors)


def _tend(channel: Channel, snapshot: Snapshot, settings: Settings, parent: int) -> NoReturn:
    walls.die_with_parent(parent)
    walls.name_process("ssc4c-nursery")
    bound = share(settings)
    before = walls.private_memory(os.getpid())
    try:
        store = load(snapshot, bound + _SLACK)
        size = walls.private_memory(os.getpid()) - before
        if size >= bound:
            raise EngineFailed(
                f"its store takes {size} bytes, and a share of SSC4C_MEMORY is {bound}"
            )
        if walls.count_threads() > 1:
            raise EngineFailed("the store has started threads, which do not live through a fork")
    except Exception as error:
        channel.send(Frame(Kind.FAILURE, body=failures.encode(EngineFailed(str(error)))))
        os._exit(1)
    channel.send(Frame(Kind.READY))
    while True:
        try:
            frame = channel.receive()
        except (EOFError, OSError):
            os._exit(0)
        if frame.file is not None:
            _hatch(Channel(socket(fileno=frame.file)), store, snapshot, settings, parent)


def load(snapshot: Snapshot, bound: int) -> Store:
    """All quads of a snapshot in memory, which grows by no more than so many bytes.

    A child reads the store on disk: that starts threads, and memory that is never given back.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _dump(snapshot, writer)
    os.close(writer)
    walls.limit_memory(bound)
    store = Store()
    try:
        with os.fdopen(reader, "rb", 1 << 20) as quads:
            store.bulk_load(quads, RdfFormat.N_QUADS)
    finally:
        _, status = os.waitpid(pid, 0)
    if status:
        raise EngineFailed(f"The snapshot {snapshot.id} cannot be read to its end.")
    return store


def _dump(snapshot: Snapshot, writer: int) -> NoReturn:
    try:
        os.nice(_NICE)
        with os.fdopen(writer, "wb", 1 << 20) as quads:
            snapshot.open().dump(quads, RdfFormat.N_QUADS)
        os._exit(0)
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(1)


def _hatch(
    channel: Channel, store: Store, snapshot: Snapshot, settings: Settings, service: int
) -> None:
    """Fork a child that forks the worker and ends, so that the service adopts the worker."""

    def become(end: Channel) -> NoReturn:
        work(end, snapshot, settings, service, store)

    child = os.fork()
    if child == 0:
        if os.fork() == 0:
            _become_worker(channel, become, service)
        os._exit(0)
    channel.close()
    os.waitpid(child, 0)


def _become_worker(
    channel: Channel, become: Callable[[Channel], NoReturn], service: int
) -> NoReturn:
    try:
        until = time.monotonic() + _ADOPTION
        while os.getppid() != service:
            if time.monotonic() > until:
                os._exit(1)
            time.sleep(0.0005)
        channel.send(Frame(Kind.BORN, body=str(os.getpid()).encode()))
        errors = channel.receive().file
        assert errors is not None
        live(become, channel, errors)
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
    finally:
        os._exit(1)
