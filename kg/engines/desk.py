"""The desk of the query service: takes questions in, gives them to workers, hands answers out."""

import math
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from kg.engines import RunningQuery, failures
from kg.engines.frames import Channel, Frame, Kind
from kg.engines.pool import Pool
from kg.engines.processes import Worker
from kg.engines.runs import Asker, Run, digest_of
from kg.engines.shelf import Shelf
from kg.engines.wire import Label, read_label
from kg.errors import BadInput, EngineBusy, KgError, NotRunning, QueryStopped
from kg.settings import Settings

_WAITED: Final = EngineBusy("The query waited in vain for a free worker. Ask again.")
_STOPPED: Final = QueryStopped("The query was stopped on request.")


class Desk:
    """The waiting and the running queries, and the answers that are kept."""

    def __init__(
        self, settings: Settings, pool: Pool, send: Callable[[Channel, Frame], None]
    ) -> None:
        self.pool = pool
        self.shelf = Shelf(settings.cache_bytes)
        self._settings = settings
        self._send = send
        self._waiting: deque[Run] = deque()
        self._found: dict[bytes, tuple[Asker, Run]] = {}
        """Who waits for an answer, by the id of the query."""
        self._asked: dict[Channel, bytes] = {}
        """The query that each client waits for."""

    @property
    def is_busy(self) -> bool:
        """Whether anybody waits for an answer."""
        return bool(self._found)

    @property
    def next_deadline(self) -> float:
        """When a query that runs must have ended."""
        working = (each.job.deadline for each in self.pool.workers if each.job and not each.verdict)
        return min(working, default=math.inf)

    # Clients

    def take(self, channel: Channel, frame: Frame) -> None:
        """Take a question in; raises ValueError if it is none."""
        try:
            label = read_label(frame)
        except ValueError:
            frame.close()
            raise
        asker = Asker(frame.id, label.client, None if frame.kind == Kind.SUBMIT else channel)
        try:
            self._check(frame)
            self._admit(asker, frame, label)
        except KgError as error:
            frame.close()
            self._send(channel, _failure(frame.id, error))
        else:
            if asker.channel is None:
                self._send(channel, Frame(Kind.WAITING, frame.id))

    def _check(self, frame: Frame) -> None:
        if frame.id in self._found or self.shelf.fetch(frame.id):
            raise BadInput(
                f"The id {frame.id.hex()} is in use by another query. Choose 32 hexadecimal "
                "digits by chance."
            )

    def _admit(self, asker: Asker, frame: Frame, label: Label) -> None:
        self.pool.follow()
        snapshot = self.pool.newest.id if self.pool.newest else ""
        key = (snapshot, digest_of(frame, label.length))
        now = time.monotonic()
        seconds = frame.seconds or self._settings.query_timeout
        seconds = min(seconds, self._settings.query_timeout_max)
        run = Run(frame, label, key, seconds, now + self._settings.query_timeout, [asker])
        self._waiting.append(run)
        self._seat(asker, run)
        self.dispatch()
        if len(self._waiting) > self._settings.query_queue and self._waiting[-1] is run:
            self._waiting.pop()
            self._unseat(asker)
            raise EngineBusy(
                f"All {self._settings.query_workers} workers are busy and "
                f"{self._settings.query_queue} queries wait (SSC4C_QUERY_QUEUE). "
                "Ask again in a few seconds."
            )

    def _seat(self, asker: Asker, run: Run) -> None:
        self._found[asker.id] = (asker, run)
        if asker.channel:
            self._asked[asker.channel] = asker.id

    def _unseat(self, asker: Asker) -> None:
        del self._found[asker.id]
        if asker.channel:
            del self._asked[asker.channel]

    def is_waiting(self, channel: Channel) -> bool:
        """Whether this client waits for an answer."""
        return channel in self._asked

    def fetch(self, query_id: bytes) -> Frame:
        """The reply to one who asks for the answer of a submitted query; it stays ours."""
        outcome = self.shelf.fetch(query_id)
        if outcome:
            return outcome
        asker, _ = self._found.get(query_id, (None, None))
        if asker and asker.channel is None:
            return Frame(Kind.WAITING, query_id)
        unknown = (
            f"No query of the id {query_id.hex()} was submitted, or its answer is gone by now."
        )
        return _failure(query_id, NotRunning(unknown))

    def cancel(self, query_id: bytes) -> bool:
        """Stop a query for whoever asked it under this id; whether there was one."""
        asker, run = self._found.get(query_id, (None, None))
        if asker is None or run is None:
            return False
        self._leave(asker, run)
        self._reply(asker, _failure(asker.id, _STOPPED))
        return True

    def forget(self, channel: Channel) -> None:
        """The client hung up: its query is of no use to it any more."""
        query_id = self._asked.get(channel)
        if query_id is not None:
            asker, run = self._found[query_id]
            self._leave(asker, run)

    def _leave(self, asker: Asker, run: Run) -> None:
        """Take an asker from its run; stop the run if nobody else waits for it."""
        self._unseat(asker)
        run.askers.remove(asker)
        if run.askers:
            return
        if run in self._waiting:
            self._waiting.remove(run)
            run.close()
        for worker in self.pool.workers:
            if worker.job is run:
                worker.kill(_STOPPED)

    def list_running(self) -> list[RunningQuery]:
        """What waits and runs."""
        now = time.monotonic()
        return [run.describe(asker, now) for asker, run in self._found.values()]

    # Workers

    def dispatch(self) -> None:
        """Give waiting queries to idle workers."""
        while self._waiting and (worker := self.pool.idle()):
            self._start(worker, self._waiting.popleft())
        while self._waiting and self.pool.trouble and self.pool.is_hopeless:
            self._fail(self._waiting.popleft(), self.pool.trouble)

    def _start(self, worker: Worker, run: Run) -> None:
        if not worker.give(run):
            self._waiting.appendleft(run)
            return
        run.started = time.monotonic()
        run.deadline = run.started + run.seconds

    def finish(self, worker: Worker, frame: Frame) -> None:
        """A worker has answered: hand it out."""
        run, worker.job = worker.job, None
        if run:
            self._hand_out(run, frame)
        else:
            frame.close()

    def lose(self, run: Run, reason: KgError) -> None:
        """The worker of a query ended before it answered."""
        self._fail(run, reason)

    def look_around(self, now: float) -> None:
        """Turn away who waited for too long, and let go of what nobody fetched."""
        for run in [each for each in self._waiting if now >= each.deadline]:
            self._waiting.remove(run)
            self._fail(run, _WAITED)
        self.shelf.tidy(now)
        self.dispatch()

    def _fail(self, run: Run, error: KgError) -> None:
        self._hand_out(run, _failure(bytes(16), error))

    def _hand_out(self, run: Run, frame: Frame) -> None:
        run.close()
        for asker in list(run.askers):
            self._unseat(asker)
            self._reply(asker, frame._replace(id=asker.id))
        run.askers.clear()
        frame.close()

    def _reply(self, asker: Asker, frame: Frame) -> None:
        if asker.channel:
            self._send(asker.channel, frame)
        else:
            self.shelf.note(asker.id, frame)

    def close(self) -> None:
        """Hang up on all who wait, and let go of what is kept."""
        for channel in list(self._asked):
            channel.close()
        self.shelf.clear()


def _failure(query_id: bytes, error: KgError) -> Frame:
    return Frame(Kind.FAILURE, query_id, failures.encode(error))
