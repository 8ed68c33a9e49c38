"""The query service: a single-threaded process that hands queries to killable workers.

Run as ``python -m kg.engines.service`` with the settings in the environment; it says ``ready`` on
standard output and ends at SIGTERM, SIGINT or when standard input closes.
"""

import contextlib
import fcntl
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from kg.engines.addresses import reachable
from kg.engines.desk import Desk
from kg.engines.frames import Channel, Frame, Kind, with_content
from kg.engines.nursery import Nursery
from kg.engines.nursing import Nursing
from kg.engines.pool import Pool
from kg.engines.processes import Worker
from kg.engines.wire import write_running
from kg.errors import KgError, Locked, QueryStopped
from kg.settings import Settings

_BACKLOG: Final = 1024
"""Connections that may wait to be greeted; the system may have a lower bound of its own."""
_BUSY: Final = 0.1
"""Seconds between two looks at workers that work."""
_QUIET: Final = 1.0
"""Seconds between two looks when nothing happens."""


class Service:
    """The loop: hears clients and workers, keeps time."""

    def __init__(self, settings: Settings, listener: socket.socket) -> None:
        self.settings = settings
        self.selector = selectors.DefaultSelector()
        self.nursing = Nursing(settings, self._watch_nursery, self._forget_nursery)
        self.pool = Pool(settings, self._watch_worker, self.nursing)
        self.desk = Desk(settings, self.pool, self._send)
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
        while self.pool.idle() is None:
            if self.pool.trouble or self.is_stopping:
                raise self.pool.trouble or QueryStopped("stopped before it was ready")
            self.run_once()

    def run(self) -> None:
        """Serve until stopped."""
        while not self.is_stopping:
            self.run_once()

    def run_once(self) -> None:
        """Wait for what happens next and deal with it."""
        next_look = min(self._next_look, self.desk.next_stop)
        for key, _ in self.selector.select(max(0.001, next_look - time.monotonic())):
            key.data()
        now = time.monotonic()
        if now >= min(self._next_look, self.desk.next_stop):
            self._look_around(now)

    def _look_around(self, now: float) -> None:
        self.pool.follow()
        self.pool.enforce(now)
        self.pool.fill()
        self.desk.look_around(now)
        self._next_look = now + (_BUSY if self.desk.is_busy else _QUIET)

    # Clients

    def _greet(self) -> None:
        with contextlib.suppress(OSError):
            while True:  # all that have called meanwhile
                end, _ = self._listener.accept()
                end.setblocking(False)
                channel = Channel(end)
                self.watch(channel, partial(self._hear_client, channel))

    def _hear_client(self, channel: Channel) -> None:
        try:
            frame = channel.take()
            if frame is not None:
                self._serve(channel, frame)
        except BlockingIOError:
            return
        except (EOFError, OSError, ValueError):
            self._drop(channel)

    def _serve(self, channel: Channel, frame: Frame) -> None:
        if frame.kind in (Kind.QUERY, Kind.SUBMIT) and not self.desk.is_waiting(channel):
            self.desk.take(channel, frame)
        elif frame.kind == Kind.FETCH:
            self._send(channel, self.desk.fetch(frame.id))
        elif frame.kind == Kind.RUNNING:
            listed = with_content(Kind.RUNNING, frame.id, write_running(self.desk.list_running()))
            self._send(channel, listed)
            listed.close()
        elif frame.kind == Kind.STORE:
            self._send(channel, Frame(Kind.STORE, frame.id, self.pool.tell_store().encode()))
        elif frame.kind == Kind.CANCEL:
            found = self.desk.cancel(frame.id)
            self._send(channel, Frame(Kind.CANCEL, frame.id, b"1" if found else b"0"))
        else:
            frame.close()
            self._drop(channel)

    def _drop(self, channel: Channel) -> None:
        """The client hung up or talks nonsense."""
        self.desk.forget(channel)
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(channel)
        channel.close()

    def _send(self, channel: Channel, frame: Frame) -> None:
        """Send a frame, which stays the caller's; a client that does not read is dropped."""
        try:
            channel.send(frame)
        except OSError:
            self._drop(channel)

    # Workers

    def _watch_nursery(self, nursery: Nursery) -> None:
        def react() -> None:
            self.nursing.hear(nursery)
            self.pool.fill()

        self.watch(nursery.channel, react)

    def _forget_nursery(self, nursery: Nursery) -> None:
        self.selector.unregister(nursery.channel)

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
            self.desk.finish(worker, frame)
            self.pool.check(worker)
        else:
            stumbled = self.pool.note(worker, frame)
            if stumbled and worker.snapshot:
                self.desk.refuse(worker.snapshot, stumbled)
        self.desk.dispatch()

    def _lose(self, worker: Worker) -> None:
        self.selector.unregister(worker.channel)
        reason = self.pool.bury(worker)
        if worker.job:
            self.desk.lose(worker.job, reason)
        self.desk.dispatch()

    def close(self) -> None:
        """End all workers and hang up on all clients."""
        self.pool.close()
        self.desk.close()
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
        listener.listen(_BACKLOG)
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
