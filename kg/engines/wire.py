"""What stands in the frames: questions, answers and the list of what runs.

A question is a label for the service, a line for the worker and the query as it is, so that the
service reads the label alone, and whatever follows it is the same for the same question.
"""

import io
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO, Final, cast

from kg.engines import QueryAnswer, QueryRequest, RunningQuery, failures
from kg.engines.frames import Frame, Kind, with_content

_BEGINNING: Final = 4096
"""Bytes of a question that hold its label and as much of the query as lists show."""
SHOWN: Final = 2000
"""Characters of a query that the list of running ones shows."""


@dataclass(frozen=True)
class Label:
    """What the service must know of a question."""

    is_repeatable: bool
    snapshot: str
    client: str
    length: int
    """Bytes that the label takes; the rest is the same for the same question."""
    text: str
    """The query, or its beginning."""
    asks_others: bool = False
    """Whether other endpoints must be asked before."""


def write_question(kind: Kind, request: QueryRequest) -> Frame:
    """The frame that asks; the sender closes it after sending."""
    asked_for = request.is_repeatable, request.snapshot, request.client, request.asks_others
    label = _write_line(asked_for)
    graphs = request.default_graphs, request.named_graphs
    write = json.dumps if any(graphs) else _write_line  # lists of graphs may be long
    line = write((request.table, request.graph, *graphs))
    content = f"{label}\n{line}\n{request.query}".encode()
    return with_content(kind, bytes.fromhex(request.id), content, request.timeout or 0.0)


@lru_cache(256)
def _write_line(parts: tuple[Any, ...]) -> str:
    """A label, or formats without graphs: the same few come again and again."""
    return json.dumps(parts)


def read_label(frame: Frame) -> Label:
    """The label of a question; raises ValueError if the frame holds none."""
    start = frame.body if frame.file is None else os.pread(frame.file, _BEGINNING, 0)
    label, _, rest = start[:_BEGINNING].partition(b"\n")
    text = rest.partition(b"\n")[2].decode(errors="replace")[:SHOWN]
    is_same, snapshot, client, asks_others = _read_line(label)
    return Label(is_same, snapshot, client, len(label) + 1, text, asks_others)


def read_question(content: bytes) -> dict[str, Any]:
    """What a worker is asked: query, table, graph, default_graphs and named_graphs."""
    _, line, query = content.split(b"\n", 2)
    table, graph, default, named = _read_line(line)
    return {
        "query": query.decode(),
        "table": table,
        "graph": graph,
        "default_graphs": default,
        "named_graphs": named,
    }


def with_query(content: bytes, query: str) -> bytes:
    """A question with another query, and all else as it was."""
    label, line, _ = content.split(b"\n", 2)
    return b"\n".join([label, line, query.encode()])


@lru_cache(256)
def _read_line(line: bytes) -> list[Any]:
    """A label, or the formats and graphs of a question: the same few come again and again."""
    parts: list[Any] = json.loads(line)
    return parts


def write_answer(
    query_id: bytes, media_type: str, snapshot: str, seconds: float, body: bytes | int
) -> Frame:
    """The frame of a whole answer: its bytes, or the descriptor of the file that holds them."""
    head = f"{media_type} {snapshot}\n".encode()
    if isinstance(body, int):
        return Frame(Kind.ANSWER, query_id, head, seconds, body)
    return Frame(Kind.ANSWER, query_id, head + body, seconds)


def read_answer(frame: Frame) -> QueryAnswer:
    """The answer in a frame; raises the error if there is one in it."""
    if frame.kind == Kind.FAILURE:
        raise failures.decode(frame.content())
    head, _, body = frame.body.partition(b"\n")
    media_type, _, snapshot = head.decode().partition(" ")
    file, length = (io.BytesIO(body), len(body)) if frame.file is None else _open(frame.file)
    return QueryAnswer(
        media_type, cast(BinaryIO, file), length, snapshot, frame.seconds, frame.kind == Kind.KEPT
    )


def snapshot_of(frame: Frame) -> str:
    """The snapshot that an answer comes from."""
    return frame.body.partition(b"\n")[0].partition(b" ")[2].decode()


def _open(descriptor: int) -> tuple[io.BufferedReader, int]:
    length = os.fstat(descriptor).st_size
    return io.BufferedReader(SharedFile(descriptor, length), 1 << 16), length


class SharedFile(io.RawIOBase):
    """A reader with a place of its own in a file that others read at the same time.

    Whoever gets an answer from the service shares one open file with all who get the same one.
    """

    def __init__(self, descriptor: int, length: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._length = length
        self._place = 0

    def fileno(self) -> int:
        """The descriptor; its own place in the file means nothing."""
        return self._descriptor

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read again."""
        return True

    def tell(self) -> int:
        """The place of the next byte."""
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._length}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as the file goes."""
        count = os.preadv(self._descriptor, [buffer], self._place)
        self._place += count
        return count

    def readall(self) -> bytes:
        """All the rest."""
        data = b""
        while part := os.pread(self._descriptor, self._length - self._place, self._place):
            self._place += len(part)
            data = data + part if data else part
        return data

    def close(self) -> None:
        """Let go of the file."""
        if not self.closed:
            os.close(self._descriptor)
        super().close()


def write_running(rows: list[RunningQuery]) -> bytes:
    """The list of what waits and runs."""
    return json.dumps([vars(row) for row in rows]).encode()


def read_running(content: bytes) -> list[RunningQuery]:
    """The list that `write_running` was given."""
    return [RunningQuery(**row) for row in json.loads(content)]
