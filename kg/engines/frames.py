"""Messages between web processes, query service and workers over Unix sockets.

A frame is a small header, a body and perhaps an open file. Long queries and long answers travel
as files, so that every frame fits a socket buffer and is sent at once without blocking.
"""

import os
import socket
import struct
import tempfile
from enum import IntEnum
from typing import Final, NamedTuple

INLINE: Final = 1 << 16
"""Bytes that a body may have; what is longer travels as a file."""
_HEADER: Final = struct.Struct("!BI16sd")
_READ: Final = 1 << 15
_FLAGS: Final = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
_DESCRIPTOR: Final = struct.Struct("i")
_SPACE: Final = socket.CMSG_SPACE(_DESCRIPTOR.size)


class Kind(IntEnum):
    """What a frame says."""

    QUERY = 1
    ANSWER = 2
    FAILURE = 3
    READY = 4
    RUNNING = 5
    CANCEL = 6
    KEPT = 7
    """An answer that was made for an earlier question."""
    SUBMIT = 8
    FETCH = 9
    HATCH = 11
    """A worker is to be forked that has the store in memory; its end of a channel goes along."""
    BORN = 12
    """The number of the process of such a worker."""
    STORE = 13
    """Where the served snapshot is answered from."""
    WAITING = 10
    """The question is queued, or its answer is not there yet."""


class Frame(NamedTuple):
    """One message."""

    kind: int
    id: bytes = bytes(16)
    """Names the query that it is about."""
    body: bytes = b""
    seconds: float = 0.0
    """How long a query may run."""
    file: int | None = None
    """Descriptor of an open file that goes along; whoever holds the frame closes it."""

    def close(self) -> None:
        """Close the file, if there is one."""
        if self.file is not None:
            os.close(self.file)

    def content(self) -> bytes:
        """The body, or what the file holds; closes the file."""
        if self.file is None:
            return self.body
        with os.fdopen(self.file, "rb") as file:
            file.seek(0)
            return file.read()


class Channel:
    """One end of a connection that carries frames."""

    def __init__(self, end: socket.socket) -> None:
        self.socket = end
        self._data = b""
        self._files: list[int] = []

    def fileno(self) -> int:
        """The descriptor, for selectors."""
        return self.socket.fileno()

    def send(self, frame: Frame) -> None:
        """Send a whole frame; raises OSError if the other end is gone or does not read."""
        header = _HEADER.pack(frame.kind, len(frame.body), frame.id, frame.seconds)
        data = header + frame.body
        if frame.file is None:
            sent = self.socket.send(data)
        else:
            sent = socket.send_fds(self.socket, [data], [frame.file])
        if sent < len(data):
            self._send_rest(data[sent:])

    def _send_rest(self, data: bytes) -> None:
        if self.socket.gettimeout() == 0:
            raise BrokenPipeError("the other end does not read")
        self.socket.sendall(data)

    def take(self) -> Frame | None:
        """Read once; the frame if it is whole now. Raises EOFError when the other end hung up."""
        data, ancillary, _, _ = self.socket.recvmsg(_READ, _SPACE, _FLAGS)
        if ancillary:
            self._files += [_DESCRIPTOR.unpack(entry[2])[0] for entry in ancillary]
        if not data:
            raise EOFError("the other end hung up")
        self._data = self._data + data if self._data else data
        return self._next()

    def _next(self) -> Frame | None:
        if len(self._data) < _HEADER.size:
            return None
        kind, length, query_id, seconds = _HEADER.unpack_from(self._data)
        end = _HEADER.size + length
        if length > 2 * INLINE:
            raise EOFError("the other end does not speak frames")
        if len(self._data) < end:
            return None
        body, self._data = self._data[_HEADER.size : end], self._data[end:]
        file = self._files.pop(0) if self._files else None
        return Frame(kind, query_id, body, seconds, file)

    def receive(self) -> Frame:
        """Wait for a whole frame; raises EOFError when the other end hung up."""
        frame = self._next()
        while frame is None:
            frame = self.take()
        return frame

    def close(self) -> None:
        """Hang up, and close files that nobody took."""
        self.socket.close()
        for file in self._files:
            os.close(file)
        self._files.clear()


def with_content(kind: Kind, query_id: bytes, content: bytes, seconds: float = 0.0) -> Frame:
    """A frame of this content, as body or as file; the sender closes it after sending."""
    if len(content) <= INLINE:
        return Frame(kind, query_id, content, seconds)
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return Frame(kind, query_id, b"", seconds, os.dup(file.fileno()))
