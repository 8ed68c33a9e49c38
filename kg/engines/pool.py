"""The pool of workers: as many as set, on the newest snapshot, replaced when they end.

Beside the regular workers stands an express worker, on which new queries are tried for a moment
while the regular ones are busy, and come and go guests, which have kept snapshots open, and envoys,
which ask other endpoints.
"""

import contextlib
import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from kg.engines import failures
from kg.engines.frames import Frame, Kind
from kg.engines.limits import memory_detail, timeout_detail
from kg.engines.nursing import Nursing
from kg.engines.processes import Role, Worker, bury_strays, start_envoy, start_worker
from kg.engines.runs import Run
from kg.errors import EngineFailed, KgError, NoSnapshot, QueryTimeout, QueryTooLarge
from kg.settings import Settings
from kg.snapshots import Snapshot, Snapshots

GUESTS: Final = 2
"""Workers that have kept snapshots open at a time."""
ENVOYS: Final = 4
"""Workers that ask other endpoints at a time; they mostly wait."""
_PASSING: Final = (Role.GUEST, Role.ENVOY)
"""Who comes when needed and goes when idle."""
_RETRY: Final = 1.0
"""Seconds before a snapshot that failed to open is tried again."""
_IDLE: Final = 60.0
"""Seconds after which a guest or envoy goes that nobody asks."""
_RETIRED: Final = EngineFailed("The worker was retired.")


class Pool:
    """Workers on the newest snapshot; those on older ones finish their query and go."""

    def __init__(
        self, settings: Settings, watch: Callable[[Worker], None], nursing: Nursing
    ) -> None:
        self.workers: list[Worker] = []
        self.newest: Snapshot | None = None
        self.trouble: KgError | None = None
        """Why the newest snapshot cannot be opened; older workers serve meanwhile."""
        self.snapshots = Snapshots(settings.home)
        self._settings = settings
        self._wanted = {
            Role.REGULAR: settings.query_workers,
            Role.EXPRESS: 0 if settings.engine else 1,
        }
        self._watch = watch
        self._nursing = nursing
        self._link: str | None = None
        self._retry_at = 0.0
        self._early_ends = 0
        """How many workers in a row ended before they were ready, without a word."""

    @property
    def has_express(self) -> bool:
        """Whether there is a worker on which new queries are tried."""
        return self._wanted[Role.EXPRESS] > 0

    def follow(self) -> None:
        """Notice a new current snapshot and open it."""
        try:
            link = os.readlink(self.snapshots.link)  # noqa: PTH115 (at each query)
        except OSError:
            link = ""
        if link == self._link:
            return
        self._link = link
        try:
            self.newest = self.snapshots.current()
            self.trouble = None
        except NoSnapshot as error:
            self.trouble = error
        self.fill()

    def fill(self) -> None:
        """Start the workers that are missing."""
        if self.newest is None or (self.trouble and time.monotonic() < self._retry_at):
            return
        in_memory = self._nursing.is_ready_for(self.newest)
        there = Counter(
            each.role
            for each in self._alive()
            if each.snapshot == self.newest and (each.in_memory or not in_memory)
        )
        for role, wanted in self._wanted.items():
            for _ in range(wanted - there[role]):
                self._start(self.newest, role)

    def _start(self, snapshot: Snapshot, role: Role) -> None:
        worker = self._nursing.hatch(snapshot, role) if role is not Role.GUEST else None
        worker = worker or start_worker(snapshot, self._settings, role)
        self._add(worker)

    def _add(self, worker: Worker) -> None:
        self.workers.append(worker)
        self._watch(worker)

    def _alive(self) -> Iterator[Worker]:
        return (each for each in self.workers if each.verdict is None)

    # Who can take a query

    def idle(self, role: Role = Role.REGULAR) -> Worker | None:
        """A worker that can take a query; one on an older snapshot only while there is trouble."""
        for worker in self.workers:
            if worker.role is role and worker.is_idle and (self._is_current(worker)):
                return worker
        return None

    def _is_current(self, worker: Worker) -> bool:
        return worker.snapshot == self.newest or self.trouble is not None

    def guest(self, snapshot: Snapshot) -> Worker | None:
        """A worker that can take a query on a kept snapshot; if there is none, one may come."""
        guests = [each for each in self._alive() if each.role is Role.GUEST]
        here = [each for each in guests if each.snapshot == snapshot]
        idle = next((each for each in here if each.is_idle), None)
        if idle or any(not each.is_ready for each in here):
            return idle
        if len(guests) < GUESTS:
            self._start(snapshot, Role.GUEST)
        elif leaving := next((each for each in guests if each.is_idle), None):
            self._retire(leaving)
        return None

    @property
    def has_envoy(self) -> bool:
        """Whether one more query can be asked elsewhere."""
        return len(self.at_work(Role.ENVOY)) < ENVOYS

    def envoy(self) -> Worker:
        """A worker that asks other endpoints, begun on demand; look at `has_envoy` before."""
        for worker in self.workers:
            if worker.role is Role.ENVOY and worker.is_idle:
                return worker
        worker = start_envoy(self._settings)
        self._add(worker)
        return worker

    @property
    def is_hopeless(self) -> bool:
        """Whether no worker can be had until the trouble is over."""
        return self.trouble is not None and not any(
            each.role not in _PASSING for each in self._alive()
        )

    def at_work(self, role: Role) -> list[Worker]:
        """The workers of a role that have a query."""
        return [each for each in self._alive() if each.role is role and each.job]

    def tell_store(self) -> str:
        """Where the newest snapshot is answered from: memory once all regular workers have it."""
        if self._settings.engine:
            return "remote"
        regular = [each for each in self._alive() if each.role is Role.REGULAR]
        is_whole = all(each.in_memory and each.snapshot == self.newest for each in regular)
        is_there = any(each.is_ready for each in regular)
        return "memory" if is_whole and is_there else "disk"

    # How workers fare

    def note(self, worker: Worker, frame: Frame) -> KgError | None:
        """Hear how a worker fared with opening its snapshot; gives what a guest stumbled over."""
        if frame.kind == Kind.BORN:
            worker.pid = int(frame.body)
            return None
        if frame.kind == Kind.FAILURE:
            error = failures.decode(frame.body)
            self._note_trouble(worker, error)
            return error if worker.role is Role.GUEST else None
        worker.mark_ready()
        if worker.snapshot == self.newest and worker.role is not Role.GUEST:
            self.trouble = None
            self._early_ends = 0
            for each in self.workers:
                self.release(each)
        return None

    def check(self, worker: Worker) -> None:
        """Look after a worker that has answered."""
        worker.idle_since = time.monotonic()
        if worker.is_idle and self._is_outdated(worker):
            self._retire(worker)

    def release(self, worker: Worker) -> None:
        """Let an idle worker go that is of no use any more or has kept too much memory."""
        if worker.is_idle and (self._is_outdated(worker) or self._has_grown(worker)):
            self._retire(worker)

    def _has_grown(self, worker: Worker) -> bool:
        return worker.growth() > self._settings.query_memory // 2

    def _is_outdated(self, worker: Worker) -> bool:
        if worker.role in _PASSING:
            return time.monotonic() > worker.idle_since + _IDLE
        return not self._is_current(worker) or self._is_replaced(worker)

    def _is_replaced(self, worker: Worker) -> bool:
        """Whether enough workers that have the store in memory can do its work."""
        if worker.in_memory or not self._nursing.nursery:
            return False
        better = [
            each
            for each in self._alive()
            if each.in_memory
            and each.is_ready
            and each.role is worker.role
            and each.snapshot == self.newest
        ]
        return len(better) >= self._wanted[worker.role]

    def _retire(self, worker: Worker) -> None:
        worker.verdict = _RETIRED
        with contextlib.suppress(OSError):
            worker.channel.socket.shutdown(socket.SHUT_RDWR)

    def bury(self, worker: Worker) -> KgError:
        """Remove a worker that ended and start another; tells why it ended."""
        self.workers.remove(worker)
        reason = worker.bury()
        if not worker.is_ready and worker.in_memory:
            self._nursing.doubt()
        elif not worker.is_ready and worker.verdict is None:
            self._early_ends += 1
            if self._early_ends > self._settings.query_workers:
                self._note_trouble(worker, reason)
        self.fill()
        return reason

    def _note_trouble(self, worker: Worker, reason: KgError) -> None:
        if worker.snapshot == self.newest:
            self.trouble = self.trouble or reason
            self._retry_at = time.monotonic() + _RETRY

    def enforce(self, now: float) -> None:
        """Kill the workers whose query passed its deadline or its memory; release idle ones."""
        if self.newest and not self.trouble:
            self._nursing.follow(self.newest, now)
        if self._nursing.is_possible:
            nursery = self._nursing.nursery
            bury_strays({each.pid for each in self.workers} | ({nursery.pid} if nursery else set()))
        for worker in self.workers:
            if worker.job is None:
                self.release(worker)
            elif worker.verdict is None:
                self._enforce_on(worker, worker.job, now)

    def _enforce_on(self, worker: Worker, run: Run, now: float) -> None:
        if now >= run.deadline:
            worker.kill(QueryTimeout(timeout_detail(run.seconds, self._settings), run.seconds))
        elif worker.growth() > self._settings.query_memory:
            worker.kill(QueryTooLarge(memory_detail(self._settings)))

    def close(self) -> None:
        """Kill all workers and the nursery and wait for their ends."""
        self._nursing.close()
        for worker in self.workers:
            worker.kill(_RETIRED)
        for worker in self.workers:
            worker.bury()
        self.workers.clear()
