"""A server of a few lines on a real socket, which counts who comes and answers what it is told."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs

JSON = "application/sparql-results+json"


@dataclass
class Elsewhere:
    """A listening server."""

    reply: bytes
    """Sent to each request as it is; then the connection is closed."""
    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    """The bodies that came, empty for a connection without a request."""
    is_mute: bool = False
    """Whether it keeps the connection and does not answer until it is told to."""
    beginning: bytes = b""
    """What a mute server says nevertheless."""
    held: list[socket.socket] = field(default_factory=list)
    """The connections that a mute server keeps."""
    special: dict[bytes, bytes] = field(default_factory=dict)
    """Replies to bodies that hold such a text."""
    on_request: Callable[[bytes], None] = lambda body: None
    """Called with each body before its reply."""

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/sparql"

    def reply_to(self, body: bytes) -> bytes:
        """What is sent to a request."""
        self.on_request(body)
        return next((self.special[each] for each in self.special if each in body), self.reply)

    def count_left(self) -> int:
        """How many of those whose connections are kept have hung up."""
        return sum(_has_left(end) for end in self.held)

    def speak(self) -> None:
        """Answer all who wait, and from now on at once."""
        self.is_mute = False
        for end in self.held:
            with end, suppress(OSError):  # who has hung up
                end.sendall(self.reply)
        self.held.clear()

    def queries(self) -> list[str]:
        """The queries that came."""
        return [parse_qs(body.decode())["query"][0] for body in self.requests]


@contextmanager
def elsewhere(reply: bytes = b"", is_mute: bool = False) -> Iterator[Elsewhere]:
    """A server that listens until the end of the context."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Elsewhere(reply, listener.getsockname()[1], is_mute=is_mute)
        thread = threading.Thread(target=_serve, args=(listener, server), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for end in server.held:
                end.close()


def _has_left(end: socket.socket) -> bool:
    try:
        return end.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def _serve(listener: socket.socket, server: Elsewhere) -> None:
    with suppress(OSError):  # the listener was closed
        while True:
            end, _ = listener.accept()
            body = _read_body(end)
            if server.is_mute:
                end.sendall(server.beginning)
                server.held.append(end)
            server.requests.append(body)
            if server.is_mute:
                continue
            with end:
                end.sendall(server.reply_to(server.requests[-1]))


def _read_body(end: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data and (part := end.recv(65536)):
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [line.split(b":")[1] for line in head.split(b"\r\n") if b"ontent-" in line[:8]]
    length = next((int(line) for line in lines if line.strip().isdigit()), 0)
    while len(body) < length and (part := end.recv(65536)):
        body += part
    return body


def http(body: str, media_type: str = JSON, status: str = "200 OK", *headers: str) -> bytes:
    """A whole response."""
    data = body.encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(data)}"]
    return "\r\n".join([*lines, "Connection: close", *headers, "", ""]).encode() + data


def rows(variables: str, *bindings: str) -> str:
    """A JSON result: names separated by spaces, and bindings as JSON objects."""
    names = ", ".join(f'"{name}"' for name in variables.split())
    text = ", ".join(bindings)
    return f'{{"head": {{"vars": [{names}]}}, "results": {{"bindings": [{text}]}}}}'
