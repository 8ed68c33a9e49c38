"""The desk of the query service: takes questions in, gives them to workers, hands answers out."""

import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Final

from kg.engines import RunningQuery, failures, walls
from kg.engines.envoy import GRACE_SECONDS
from kg.engines.frames import Channel, Frame, Kind
from kg.engines.limits import timeout_detail
from kg.engines.pool import ENVOYS, Pool
from kg.engines.processes import Role, Worker
from kg.engines.runs import Asker, Run, digest_of
from kg.engines.shelf import Key, Shelf
from kg.engines.turns import Turns
from kg.engines.wire import Label, read_label, snapshot_of
from kg.errors import BadInput, EngineBusy, KgError, NotRunning, QueryStopped, QueryTimeout
from kg.settings import Settings
from kg.snapshots import Snapshot

_TRY: Final = 0.25
"""Seconds for which the express worker tries a query; less while others wait for a try."""
_SHORTEST_TRY: Final = 0.05
_LONGEST_TRY: Final = 0.3
"""Seconds after which a try ends that got less processor time than the shortest."""
_FRESH: Final = 8
"""Queries may wait for a try, so many for each that may wait for a regular worker."""
_PATIENCE: Final = 0.5
"""Seconds that a query waits before one gives way whose client holds all regular workers."""
_MOST_ENVOYS: Final = ENVOYS - 1
"""Envoys that work for one client at a time: one stays for the others."""
_KNOWN: Final = 4096
"""Queries of which it is remembered that they took longer than a try."""
_WAITED: Final = EngineBusy("The query waited in vain for a free worker. Ask again.")
_STOPPED: Final = QueryStopped("The query was stopped on request.")
_NEXT: Final = QueryStopped("The query gave way to another and has its turn again later.")


class Desk:
    """The waiting and the running queries, and the answers that are kept."""

    def __init__(
        self, settings: Settings, pool: Pool, send: Callable[[Channel, Frame], None]
    ) -> None:
        self.pool = pool
        self.shelf = Shelf(settings.cache_bytes)
        self._settings = settings
        self._send = send
        self._turns = Turns()
        self._past_turns = Turns()
        """Those who ask kept snapshots."""
        self._abroad_turns = Turns()
        """Those for whom other endpoints are asked first."""
        self._found: dict[bytes, tuple[Asker, Run]] = {}
        """Who waits for an answer, by the id of the query."""
        self._asked: dict[Channel, bytes] = {}
        """The query that each client waits for."""
        self._same: dict[tuple[Key, float], Run] = {}
        """The runs that also answer whoever asks the same meanwhile."""
        self._long: OrderedDict[Key, None] = OrderedDict()

    @property
    def is_busy(self) -> bool:
        """Whether anybody waits for an answer."""
        return bool(self._found)

    @property
    def next_stop(self) -> float:
        """When a query that runs must have ended, or its try is over."""
        found = math.inf
        for worker in self.pool.workers:
            if (run := worker.job) and not worker.verdict:
                found = min(found, run.deadline, run.try_until)
        return found

    # Those who ask

    def take(self, channel: Channel, frame: Frame) -> None:
        """Take a question in; raises ValueError if it is none."""
        try:
            label = read_label(frame)
        except ValueError:
            frame.close()
            raise
        asker = Asker(frame.id, label.client, None if frame.kind == Kind.SUBMIT else channel)
        try:
            self._check_id(frame.id)
            self._admit(asker, frame, label)
        except KgError as error:
            frame.close()
            self._send(channel, _failure(frame.id, error))
        else:
            if asker.channel is None:
                self._send(channel, Frame(Kind.WAITING, frame.id))

    def _check_id(self, query_id: bytes) -> None:
        if query_id in self._found or self.shelf.fetch(query_id):
            raise BadInput(
                f"The id {query_id.hex()} is in use by another query. Choose 32 hexadecimal "
                "digits by chance."
            )

    def _admit(self, asker: Asker, frame: Frame, label: Label) -> None:
        """Answer from what is kept, join a run of the same question, or begin a run."""
        kept = self._find_snapshot(label.snapshot)
        snapshot = kept or self.pool.newest
        key = (snapshot.id if snapshot else "", digest_of(frame, label.length))
        if label.is_repeatable and (answer := self.shelf.find(key)):
            frame.close()
            self._reply(asker, answer._replace(id=asker.id))
            return
        seconds = frame.seconds or self._settings.query_timeout
        seconds = min(seconds, self._settings.query_timeout_max)
        if run := self._same.get((key, seconds)):
            frame.close()
            self._seat(asker, run)
            return
        until = time.monotonic() + self._settings.query_timeout
        run = Run(frame, label, key, seconds, until, kept=kept, is_abroad=label.asks_others)
        run.is_long = run.is_abroad or key in self._long  # no try before it is home
        self._seat(asker, run)
        self._let_wait(run)

    def _find_snapshot(self, snapshot_id: str) -> Snapshot | None:
        self.pool.follow()
        if not snapshot_id or (self.pool.newest and snapshot_id == self.pool.newest.id):
            return None
        return self.pool.snapshots.kept(snapshot_id)

    def _seat(self, asker: Asker, run: Run) -> None:
        run.askers.append(asker)
        self._found[asker.id] = (asker, run)
        if asker.channel:
            self._asked[asker.channel] = asker.id
        if run.label.is_repeatable:
            self._same[run.key, run.seconds] = run

    def _unseat(self, asker: Asker, run: Run) -> None:
        run.askers.remove(asker)
        del self._found[asker.id]
        if asker.channel:
            del self._asked[asker.channel]
        if not run.askers and run.label.is_repeatable:
            del self._same[run.key, run.seconds]

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
            self._leave(*self._found[query_id])

    def _leave(self, asker: Asker, run: Run) -> None:
        """Take an asker from its run; stop the run if nobody else waits for it."""
        self._unseat(asker, run)
        if run.askers:
            return
        if self._lines_of(run).remove(run):
            run.close()
        for worker in self.pool.workers:
            if worker.job is run:
                worker.kill(_STOPPED)

    def list_running(self) -> list[RunningQuery]:
        """What waits and runs."""
        now = time.monotonic()
        return [run.describe(asker, now) for asker, run in self._found.values()]

    # Those who wait

    def _lines_of(self, run: Run) -> Turns:
        if run.is_abroad:
            return self._abroad_turns
        return self._past_turns if run.kept else self._turns

    def _let_wait(self, run: Run) -> None:
        self._lines_of(run).add(run)
        self.dispatch()
        self._turn_away(self._lines_of(run))

    def _turn_away(self, turns: Turns) -> None:
        """Keep the lines as short as they must be."""
        if not turns:
            return
        bound = self._settings.query_queue
        fresh = bound * _FRESH if self.pool.has_express and turns is self._turns else bound
        for is_long, most in ((True, bound), (False, fresh)):
            if turns.count(is_long) > most and (surplus := turns.take_surplus(is_long)):
                self._fail(surplus, self._busy(turns, most))

    def _busy(self, turns: Turns, most: int) -> EngineBusy:
        what = f"for {self._settings.query_workers} workers (SSC4C_QUERY_WORKERS)"
        if turns is self._abroad_turns:
            what = f"to ask other endpoints: {ENVOYS} do at a time, {_MOST_ENVOYS} of one client"
        return EngineBusy(
            f"{most} queries wait already (SSC4C_QUERY_QUEUE), {what}. Ask again in a few seconds."
        )

    def dispatch(self) -> None:
        """Give waiting queries to idle workers."""
        while self._turns and (worker := self.pool.idle()):
            at_work = Counter(each.job.client for each in self._regulars_at_work() if each.job)
            if run := self._turns.next(at_work):
                self._start(worker, run)
        while self._turns and (worker := self.pool.idle(Role.EXPRESS)):
            if not self._try(worker):
                break
        for past in list(self._past_turns) if self._past_turns else ():
            if past.kept and (worker := self.pool.guest(past.kept)):
                self._past_turns.serve(past)
                self._start(worker, past)
        while self._abroad_turns and self.pool.has_envoy:
            if not self._send_abroad():
                break
        while self.pool.trouble and self.pool.is_hopeless and (lost := self._turns.next({})):
            self._fail(lost, self.pool.trouble)

    def _send_abroad(self) -> bool:
        """Give the query whose turn it is to an envoy; whether there was one to be given."""
        at_work = Counter(each.job.client for each in self.pool.at_work(Role.ENVOY) if each.job)
        run = self._abroad_turns.next(at_work, _MOST_ENVOYS)
        return run is not None and self._start(self.pool.envoy(), run)

    def _regulars_at_work(self) -> list[Worker]:
        return self.pool.at_work(Role.REGULAR)

    def _try(self, worker: Worker) -> bool:
        """Let the express worker try the newest query that it has not tried."""
        run = self._turns.next_fresh()
        if run is None:
            return False
        self._start(worker, run)
        others = self._turns.count(is_long=False)
        run.used_before = walls.processor_time(worker.pid)
        run.try_until = run.started + max(_SHORTEST_TRY, _TRY / (1 + others))
        return True

    def _start(self, worker: Worker, run: Run) -> bool:
        if not worker.give(run):
            self._lines_of(run).put_back(run)
            return False
        run.started = time.monotonic()
        grace = GRACE_SECONDS if run.is_abroad else 0.0
        run.deadline = run.started + run.seconds - run.used + grace
        return True

    def look_around(self, now: float) -> None:
        """Keep the times: tries, turns, those who waited for too long, what nobody fetched."""
        self._end_tries(now)
        self._make_way(now)
        for turns in (self._turns, self._past_turns, self._abroad_turns):
            for run in [each for each in turns if now >= each.deadline]:
                turns.remove(run)
                self._fail(run, _WAITED)
        self.shelf.tidy(now)
        self.dispatch()

    def _end_tries(self, now: float) -> None:
        """A query whose try is over becomes regular if a place is free, else it waits its turn."""
        for worker in self.pool.at_work(Role.EXPRESS):
            if worker.job is None or now < worker.job.try_until or self._is_starved(worker, now):
                continue
            idle = self.pool.idle()
            if idle:
                worker.role, idle.role = Role.REGULAR, Role.EXPRESS
                worker.job.try_until = math.inf
            else:
                self._remember_long(worker.job.key)
                worker.kill(_NEXT)

    def _is_starved(self, worker: Worker, now: float) -> bool:
        """Let a try go on whose process got no processor: a busy machine makes no query long."""
        run = worker.job
        if run is None or now > run.started + _LONGEST_TRY:
            return False
        used = walls.processor_time(worker.pid) - run.used_before
        if used < _SHORTEST_TRY:
            run.try_until = now + _SHORTEST_TRY - used
            return True
        return False

    def _make_way(self, now: float) -> None:
        """Where one client holds all regular workers and others wait, its youngest query yields."""
        busy = self._regulars_at_work()
        holders = {each.job.client for each in busy if each.job}
        if len(busy) < max(2, self._settings.query_workers) or len(holders) != 1:
            return
        if any(now > run.since + _PATIENCE and run.client not in holders for run in self._turns):
            youngest = max(busy, key=lambda each: each.job.started if each.job else 0.0)
            youngest.kill(_NEXT)

    def _remember_long(self, key: Key) -> None:
        self._long[key] = None
        if len(self._long) > _KNOWN:
            self._long.popitem(last=False)

    # Workers

    def finish(self, worker: Worker, frame: Frame) -> None:
        """A worker has answered: hand it out and keep it."""
        run, worker.job = worker.job, None
        if run is None:
            frame.close()
            return
        if frame.kind == Kind.QUERY:
            self._take_home(run, frame)
            return
        if frame.kind == Kind.ANSWER and run.label.is_repeatable:
            self.shelf.keep((snapshot_of(frame), run.key[1]), frame)
        if frame.seconds > _TRY:
            self._remember_long(run.key)
        self._hand_out(run, frame)

    def _take_home(self, run: Run, frame: Frame) -> None:
        """The other endpoints have answered: let the query wait for a worker as any other."""
        run.come_home(frame, time.monotonic())
        if not run.askers:
            run.close()
            return
        try:
            run.kept = self._find_snapshot(run.label.snapshot)
        except KgError as error:
            self._fail(run, error)
            return
        if run.used >= run.seconds:
            detail = timeout_detail(run.seconds, self._settings)
            self._fail(run, QueryTimeout(detail, run.seconds))
            return
        run.deadline = run.since + self._settings.query_timeout
        run.is_long = run.key in self._long
        self._let_wait(run)

    def lose(self, run: Run, reason: KgError) -> None:
        """The worker of a query ended before it answered."""
        if reason is not _NEXT:
            self._fail(run, reason)
        elif run.askers:
            run.wait_again()
            run.deadline = time.monotonic() + self._settings.query_timeout
            self._turns.put_back(run)
            self._turn_away(self._turns)

    def refuse(self, snapshot: Snapshot, reason: KgError) -> None:
        """A kept snapshot cannot be opened."""
        for run in [each for each in self._past_turns if each.kept == snapshot]:
            self._past_turns.remove(run)
            self._fail(run, reason)

    def _fail(self, run: Run, error: KgError) -> None:
        self._hand_out(run, _failure(bytes(16), error))

    def _hand_out(self, run: Run, frame: Frame) -> None:
        run.close()
        for asker in list(run.askers):
            self._unseat(asker, run)
            self._reply(asker, frame._replace(id=asker.id))
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
