"""The query service: a single-threaded process that hands queries to killable workers.

Run as ``python -m kg.engines.service`` with the settings in the environment; it says ``ready`` on
standard output and ends at SIGTERM, SIGINT or when standard input closes.
"""

import contextlib
import fcntl
import json
import selectors
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from kg.engines import failures
from kg.engines.addresses import reachable
from kg.engines.frames import Channel, Frame, Kind, with_content
from kg.engines.pool import Pool
from kg.engines.processes import Job, Worker
from kg.errors import EngineBusy, KgError, Locked, QueryStopped
from kg.settings import Settings

_BUSY: Final = 0.1
"""Seconds between two looks at workers that work."""
_QUIET: Final = 1.0
"""Seconds between two looks when nothing happens."""


class Service:
    """The queue of queries between the web processes and the pool of workers."""

    def __init__(self, settings: Settings, listener: socket.socket) -> None:
        self.settings = settings
        self.queue: deque[Job] = deque()
        self.jobs: dict[Channel, Job] = {}
        """The query that each client waits for."""
        self.selector = selectors.DefaultSelector()
        self.pool = Pool(settings, self._watch_worker)
        self.is_stopping = False
        self._next_look = 0.0
        self._listener = listener
        self.watch(listener, self._greet)

    def watch(self, source: Any, react: Callable[[], None]) -> None:
        """Call `react` whenever there is something to read."""
        self.selector.register(source, selectors.EVENT_READ, react)

    def stop(self) -> None:
        """End after this round."""
        self.is_stopping = True

    def open(self) -> None:
        """Wait for the first worker; raises NoSnapshot and the like if there can be none."""
        self.pool.follow()
        while not any(worker.is_ready for worker in self.pool.workers):
            if self.pool.trouble or self.is_stopping:
                raise self.pool.trouble or QueryStopped("stopped before it was ready")
            self.run_once()

    def run(self) -> None:
        """Serve until stopped."""
        while not self.is_stopping:
            self.run_once()

    def run_once(self) -> None:
        """Wait for what happens next and deal with it."""
        patience = max(0.0, self._next_look - time.monotonic())
        for key, _ in self.selector.select(patience):
            key.data()
        now = time.monotonic()
        if now >= self._next_look:
            self._look_around(now)

    def _look_around(self, now: float) -> None:
        self.pool.follow()
        self.pool.enforce(now)
        self.pool.fill()
        for job in [each for each in self.queue if now >= each.deadline]:
            self.queue.remove(job)
            self._fail(job, EngineBusy("The query waited in vain for a free worker. Ask again."))
        self._dispatch()
        deadlines = [each.job.deadline for each in self.pool.workers if each.job]
        self._next_look = min([now + (_BUSY if self.jobs else _QUIET), *deadlines])
        self._next_look = max(self._next_look, now + 0.01)

    # Clients

    def _greet(self) -> None:
        with contextlib.suppress(OSError):
            end, _ = self._listener.accept()
            end.setblocking(False)
            channel = Channel(end)
            self.watch(channel, partial(self._hear_client, channel))

    def _hear_client(self, channel: Channel) -> None:
        try:
            frame = channel.take()
        except BlockingIOError:
            return
        except (EOFError, OSError):
            self._drop(channel)
            return
        if frame is None:
            return
        if frame.kind == Kind.QUERY and channel not in self.jobs:
            self._submit(channel, frame)
        elif frame.kind == Kind.RUNNING:
            self._send(channel, with_content(Kind.RUNNING, frame.id, self._list_running()))
        elif frame.kind == Kind.CANCEL:
            found = self._cancel(frame.id)
            self._send(channel, Frame(Kind.CANCEL, frame.id, b"1" if found else b"0"))
        else:
            frame.close()
            self._drop(channel)

    def _drop(self, channel: Channel) -> None:
        """The client hung up: its query is of no use to anyone."""
        job = self.jobs.pop(channel, None)
        if job:
            self._abandon(job)
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(channel)
        channel.close()

    def _send(self, channel: Channel, frame: Frame) -> None:
        try:
            channel.send(frame)
        except OSError:
            self._drop(channel)
        finally:
            frame.close()

    # Queries

    def _submit(self, channel: Channel, frame: Frame) -> None:
        now = time.monotonic()
        seconds = min(frame.seconds, self.settings.query_timeout)
        job = Job(channel, frame, seconds, now + self.settings.query_timeout)
        self.jobs[channel] = job
        self.pool.follow()
        self.queue.append(job)
        self._dispatch()
        if len(self.queue) > self.settings.query_queue and self.queue[-1] is job:
            self.queue.pop()
            self._fail(
                job,
                EngineBusy(
                    f"All {self.settings.query_workers} workers are busy and "
                    f"{self.settings.query_queue} queries wait. Ask again in a few seconds."
                ),
            )

    def _dispatch(self) -> None:
        while self.queue and (worker := self.pool.idle()):
            self._start(worker, self.queue.popleft())
        while self.queue and self.pool.trouble and self.pool.is_hopeless:
            self._fail(self.queue.popleft(), self.pool.trouble)

    def _start(self, worker: Worker, job: Job) -> None:
        if not job.send(worker):
            self.queue.appendleft(job)
            return
        worker.job = job
        job.started = time.monotonic()
        job.deadline = job.started + job.seconds
        self._next_look = min(self._next_look, job.started + _BUSY, job.deadline)

    def _fail(self, job: Job, error: KgError) -> None:
        job.close()
        self._reply(job, Frame(Kind.FAILURE, job.frame.id, failures.encode(error)))

    def _reply(self, job: Job, frame: Frame) -> None:
        if self.jobs.get(job.client) is job:
            del self.jobs[job.client]
            self._send(job.client, frame)
        else:
            frame.close()

    def _abandon(self, job: Job) -> None:
        reason = QueryStopped("The query was stopped on request.")
        if job in self.queue:
            self.queue.remove(job)
            self._fail(job, reason)
        for worker in self.pool.workers:
            if worker.job is job:
                worker.kill(reason)
        self.pool.fill()

    def _cancel(self, query_id: bytes) -> bool:
        found = [job for job in self.jobs.values() if job.frame.id == query_id]
        for job in found:
            self._abandon(job)
        return bool(found)

    def _list_running(self) -> bytes:
        now = time.monotonic()
        rows = [
            {"id": job.frame.id.hex(), "seconds": now - job.started if job.started else None}
            for job in self.jobs.values()
        ]
        return json.dumps(rows).encode()

    # Workers

    def _watch_worker(self, worker: Worker) -> None:
        self.watch(worker.channel, partial(self._hear_worker, worker))

    def _hear_worker(self, worker: Worker) -> None:
        try:
            frame = worker.channel.take()
        except BlockingIOError:
            return
        except (EOFError, OSError):
            self._lose(worker)
            return
        if frame is None:
            return
        if worker.is_ready:
            self._finish(worker, frame)
        else:
            self.pool.note(worker, frame)
        self._dispatch()

    def _finish(self, worker: Worker, frame: Frame) -> None:
        job, worker.job = worker.job, None
        if job:
            self._reply(job, frame)
        if worker.snapshot != self.pool.newest:
            self.pool.release(worker)

    def _lose(self, worker: Worker) -> None:
        self.selector.unregister(worker.channel)
        reason = self.pool.bury(worker)
        if worker.job:
            self._fail(worker.job, reason)
        self._dispatch()

    def close(self) -> None:
        """End all workers and hang up on all clients."""
        self.pool.close()
        for channel in list(self.jobs):
            channel.close()
        self.selector.close()


@contextlib.contextmanager
def listening(path: Path) -> Iterator[socket.socket]:
    """The socket of the service at `path`; raises Locked if another service has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a") as lock, socket.socket(socket.AF_UNIX) as listener:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(f"another server answers queries from {path.parent} already") from None
        path.unlink(missing_ok=True)
        with reachable(path) as address:
            listener.bind(address)
        path.chmod(0o600)
        listener.listen(128)
        listener.setblocking(False)
        yield listener
        path.unlink(missing_ok=True)


def _stop_with(service: Service, signals: socket.socket) -> None:
    """Stop at SIGTERM, at SIGINT, or when whoever started us is gone."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(signals.fileno())
    with contextlib.suppress(PermissionError):  # a file or /dev/null has no end to wait for
        service.watch(sys.stdin, service.stop)


def main() -> int:
    """Run the service; the exit code tells how it went."""
    settings = Settings.from_environment()
    heard, signals = socket.socketpair()
    signals.setblocking(False)
    try:
        with listening(settings.query_socket) as listener:
            service = Service(settings, listener)
            service.watch(heard, service.stop)
            _stop_with(service, signals)
            service.open()
            print("ready", flush=True)
            service.run()
            service.close()
    except KgError as error:
        print(error.detail, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
