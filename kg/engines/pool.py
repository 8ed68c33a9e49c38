"""The pool of workers: as many as set, on the newest snapshot, replaced when they end."""

import contextlib
import os
import socket
import time
from collections.abc import Callable
from typing import Final

from kg.engines import failures
from kg.engines.frames import Frame, Kind
from kg.engines.processes import Worker, start_worker
from kg.engines.runs import Run
from kg.errors import EngineFailed, KgError, NoSnapshot, QueryTimeout, QueryTooLarge
from kg.settings import Settings
from kg.snapshots import Snapshot, Snapshots

_RETRY: Final = 1.0
"""Seconds before a snapshot that failed to open is tried again."""
_RETIRED: Final = EngineFailed("The worker was retired.")


class Pool:
    """Workers on the newest snapshot; those on older ones finish their query and go."""

    def __init__(self, settings: Settings, watch: Callable[[Worker], None]) -> None:
        self.workers: list[Worker] = []
        self.newest: Snapshot | None = None
        self.trouble: KgError | None = None
        """Why the newest snapshot cannot be opened; older workers serve meanwhile."""
        self._settings = settings
        self._snapshots = Snapshots(settings.home)
        self._watch = watch
        self._link: str | None = None
        self._retry_at = 0.0
        self._early_ends = 0
        """How many workers in a row ended before they were ready, without a word."""

    def follow(self) -> None:
        """Notice a new current snapshot and open it."""
        try:
            link = os.readlink(self._snapshots.link)  # noqa: PTH115 (at each query)
        except OSError:
            link = ""
        if link == self._link:
            return
        self._link = link
        try:
            self.newest = self._snapshots.current()
            self.trouble = None
        except NoSnapshot as error:
            self.trouble = error
        self.fill()

    def fill(self) -> None:
        """Start the workers that are missing."""
        if self.newest is None or (self.trouble and time.monotonic() < self._retry_at):
            return
        there = sum(each.snapshot == self.newest and not each.verdict for each in self.workers)
        for _ in range(self._settings.query_workers - there):
            worker = start_worker(self.newest, self._settings)
            self.workers.append(worker)
            self._watch(worker)

    def idle(self) -> Worker | None:
        """A worker that can take a query; one on an older snapshot only while there is trouble."""
        for worker in self.workers:
            if worker.is_idle and (worker.snapshot == self.newest or self.trouble):
                return worker
        return None

    @property
    def is_hopeless(self) -> bool:
        """Whether no worker can be had until the trouble is over."""
        return self.trouble is not None and all(each.verdict for each in self.workers)

    def note(self, worker: Worker, frame: Frame) -> None:
        """Hear how a worker fared with opening its snapshot."""
        if frame.kind == Kind.FAILURE:
            self._note_trouble(worker, failures.decode(frame.body))
            return
        worker.mark_ready()
        if worker.snapshot == self.newest:
            self.trouble = None
            self._early_ends = 0
            for each in self.workers:
                self.release(each)

    def check(self, worker: Worker) -> None:
        """Look after a worker that has answered."""
        if worker.snapshot != self.newest:
            self.release(worker)

    def release(self, worker: Worker) -> None:
        """Let an idle worker go that is on an older snapshot or has kept too much memory."""
        is_old = worker.snapshot != self.newest and not self.trouble
        if worker.is_idle and (is_old or worker.growth() > self._settings.query_memory // 2):
            worker.verdict = _RETIRED
            with contextlib.suppress(OSError):
                worker.channel.socket.shutdown(socket.SHUT_RDWR)

    def bury(self, worker: Worker) -> KgError:
        """Remove a worker that ended and start another; tells why it ended."""
        self.workers.remove(worker)
        reason = worker.bury()
        if not worker.is_ready and worker.verdict is None:
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
        for worker in self.workers:
            if worker.job is None:
                self.release(worker)
            elif worker.verdict is None:
                self._enforce_on(worker, worker.job, now)

    def _enforce_on(self, worker: Worker, run: Run, now: float) -> None:
        if now >= run.deadline:
            worker.kill(QueryTimeout(timeout_detail(run.seconds, self._settings)))
        elif worker.growth() > self._settings.query_memory:
            worker.kill(QueryTooLarge(memory_detail(self._settings)))

    def close(self) -> None:
        """Kill all workers and wait for their ends."""
        for worker in self.workers:
            worker.kill(_RETIRED)
        for worker in self.workers:
            worker.bury()
        self.workers.clear()


def memory_detail(settings: Settings) -> str:
    """What a person reads whose query took too much memory."""
    return (
        f"The query needs more than {settings.query_memory} bytes of memory "
        "(SSC4C_QUERY_MEMORY). Ask for less: no cross products, no ORDER BY over all, a LIMIT."
    )


def timeout_detail(seconds: float, settings: Settings) -> str:
    """What a person reads whose query passed its deadline."""
    longest = settings.query_timeout_max
    more = (
        f"Ask for up to {longest:g} seconds by the parameter `timeout` (SSC4C_QUERY_TIMEOUT_MAX), "
        "or ask for less"
        if seconds < longest
        else "No query may run longer (SSC4C_QUERY_TIMEOUT_MAX): ask for less"
    )
    usual = f"; without the parameter `timeout` it is {settings.query_timeout:g} seconds"
    return (
        f"The query was stopped after {seconds:g} seconds, its deadline{usual} "
        f"(SSC4C_QUERY_TIMEOUT). {more}: start from a known thing, add a LIMIT, avoid cross "
        "products."
    )
