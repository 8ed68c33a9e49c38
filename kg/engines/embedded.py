"""The embedded engine: the client side of the query service, for many threads at once."""

import socket
import struct
from collections import deque
from dataclasses import replace
from typing import Final

from kg.engines import QueryAnswer, QueryRequest, RunningQuery, failures
from kg.engines.addresses import reachable
from kg.engines.frames import Channel, Frame, Kind
from kg.engines.nearby import Nearby
from kg.engines.ordering import order_totally
from kg.engines.scan import refuse_federation
from kg.engines.wire import read_answer, read_running, write_question
from kg.errors import EngineFailed, NotSortable
from kg.settings import Settings
from kg.snapshots import Snapshots

_GRACE: Final = 10.0
"""Seconds beyond all deadlines after which the service counts as stuck."""
_TIME: Final = struct.Struct("@ll")
"""The system's `timeval`."""


class EmbeddedEngine:
    """Runs queries in the query service of a home folder."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._path = settings.query_socket
        waits = 2 * settings.query_timeout  # for an envoy, for a worker
        self._patience = waits + settings.query_timeout_max + _GRACE
        keeps = settings.cache_bytes > 0 and not settings.engine
        self._nearby = Nearby(Snapshots(settings.home).link) if keeps else None
        self._kept: deque[Channel] = deque()
        """Connections that wait for the next query; a deque is safe between threads."""

    def run(self, request: QueryRequest) -> QueryAnswer:
        """The whole answer; raises the error that stopped the query."""
        self._check(request)
        kept = self._nearby.find(request) if self._nearby else None
        if kept:
            return kept
        try:
            answer = self._query(request)
        except NotSortable:
            answer = self._query(replace(request, query=order_totally(request.query)))
        return self._nearby.keep(request, answer) if self._nearby else answer

    def _query(self, request: QueryRequest) -> QueryAnswer:
        return read_answer(self._ask(write_question(Kind.QUERY, request)))

    def submit(self, request: QueryRequest) -> None:
        """Queue a query whose answer is fetched later; raises EngineBusy, BadInput."""
        self._check(request)
        reply = self._ask(write_question(Kind.SUBMIT, request))
        if reply.kind == Kind.FAILURE:
            raise failures.decode(reply.content())

    def fetch(self, query_id: str) -> QueryAnswer | None:
        """The answer of a submitted query, None while there is none; raises its error."""
        reply = self._ask(Frame(Kind.FETCH, bytes.fromhex(query_id)))
        return None if reply.kind == Kind.WAITING else read_answer(reply)

    def running(self) -> list[RunningQuery]:
        """The queries at work and in the queue."""
        return read_running(self._ask(Frame(Kind.RUNNING)).content())

    def stop(self, query_id: str) -> bool:
        """Stop a query; tells whether there was one of that id."""
        return self._ask(Frame(Kind.CANCEL, bytes.fromhex(query_id))).body == b"1"

    def tell_store(self) -> str:
        """Where the served snapshot is answered from: ``memory``, ``disk`` or ``remote``."""
        return self._ask(Frame(Kind.STORE)).body.decode()

    def close(self) -> None:
        """Hang up the kept connections."""
        while self._kept:
            self._kept.pop().close()

    def _check(self, request: QueryRequest) -> None:
        """Where no other endpoint may be asked, say so at once."""
        if request.asks_others and not self._settings.service_allow.strip():
            refuse_federation(request.query)

    def _ask(self, frame: Frame) -> Frame:
        try:
            return self._ask_on_kept(frame) or self._ask_on(self._connect(), frame)
        except (EOFError, OSError) as error:
            raise EngineFailed(f"The query service did not answer: {error}") from error
        finally:
            frame.close()

    def _ask_on_kept(self, frame: Frame) -> Frame | None:
        """The reply on a kept connection; nothing if the service had closed it meanwhile."""
        while self._kept:
            try:
                channel = self._kept.pop()
            except IndexError:
                return None
            try:
                return self._ask_on(channel, frame)
            except BlockingIOError:  # the time for waiting is over
                raise
            except (EOFError, OSError):
                continue
        return None

    def _ask_on(self, channel: Channel, frame: Frame) -> Frame:
        try:
            channel.send(frame)
            reply = channel.receive()
        except BaseException:
            channel.close()
            raise
        self._kept.append(channel)
        return reply

    def _connect(self) -> Channel:
        end = socket.socket(socket.AF_UNIX)
        patience = _TIME.pack(int(self._patience), 0)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):  # costs no poll at each turn
            end.setsockopt(socket.SOL_SOCKET, option, patience)
        try:
            with reachable(self._path) as address:
                end.connect(address)
        except OSError:
            end.close()
            raise
        return Channel(end)
