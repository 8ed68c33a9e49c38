"""The embedded engine: the client side of the query service, for many threads at once."""

import io
import json
import os
import socket
import struct
from collections import deque
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from kg.engines import QueryAnswer, QueryRequest, failures
from kg.engines.addresses import reachable
from kg.engines.frames import Channel, Frame, Kind, with_content
from kg.engines.scan import refuse_federation
from kg.errors import EngineFailed

_GRACE: Final = 10.0
"""Seconds beyond all deadlines after which the service counts as stuck."""
_TIME: Final = struct.Struct("@ll")
"""The system's `timeval`."""


class EmbeddedEngine:
    """Runs queries in the query service that listens at `path`."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._timeout = timeout
        self._kept: deque[Channel] = deque()
        """Connections that wait for the next query; a deque is safe between threads."""

    def run(self, request: QueryRequest) -> QueryAnswer:
        """The whole answer; raises the error that stopped the query."""
        refuse_federation(request.query)
        seconds = min(request.timeout or self._timeout, self._timeout)
        frame = with_content(Kind.QUERY, bytes.fromhex(request.id), _encode(request), seconds)
        return _read_answer(self._ask(frame))

    def running(self) -> list[dict[str, Any]]:
        """The queries at work and in the queue: id and seconds (none while it waits)."""
        rows: list[dict[str, Any]] = json.loads(self._ask(Frame(Kind.RUNNING)).content())
        return rows

    def stop(self, query_id: str) -> bool:
        """Stop a query; tells whether there was one of that id."""
        return self._ask(Frame(Kind.CANCEL, bytes.fromhex(query_id))).body == b"1"

    def close(self) -> None:
        """Hang up the kept connections."""
        while self._kept:
            self._kept.pop().close()

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
        patience = _TIME.pack(int(2 * self._timeout + _GRACE), 0)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):  # costs no poll at each turn
            end.setsockopt(socket.SOL_SOCKET, option, patience)
        try:
            with reachable(self._path) as address:
                end.connect(address)
        except OSError:
            end.close()
            raise
        return Channel(end)


def _encode(request: QueryRequest) -> bytes:
    return json.dumps(
        {
            "query": request.query,
            "table": request.table,
            "graph": request.graph,
            "default_graphs": request.default_graphs,
            "named_graphs": request.named_graphs,
        }
    ).encode()


def _read_answer(frame: Frame) -> QueryAnswer:
    if frame.kind == Kind.FAILURE:
        raise failures.decode(frame.content())
    head, _, body = frame.body.partition(b"\n")
    values = json.loads(head)
    file = io.BytesIO(body) if frame.file is None else os.fdopen(frame.file, "rb")
    return QueryAnswer(file=cast(BinaryIO, file), **values)
