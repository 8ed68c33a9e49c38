"""The answer of a query as a response, the same whether Flask is in between or not."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final, Self

from flask import Response

from endpoint.compression import LEAST, choose_coding, compress, compress_short
from endpoint.formats import extension_of, read_formats
from endpoint.protocol import Asked
from endpoint.services import Services
from endpoint.tags import FRESH, NOT_KEPT, digest, find_tag, tag
from kg.engines import QueryAnswer, QueryRequest
from kg.engines.scan import is_repeatable

_SHORT: Final = 1 << 16
"""Bytes of an answer that are read at once."""
_CHUNK: Final = 1 << 18
VARY: Final = ("Vary", "Accept, Accept-Encoding")


@dataclass(frozen=True)
class Reply:
    """Status, headers and body; the body closes its file when it is read to its end or closed."""

    status: str
    headers: list[tuple[str, str]]
    parts: Iterable[bytes] = ()


def answer_query(asked: Asked, request: QueryRequest, services: Services) -> Reply:
    """Run the query, or find that the client has its answer already or will fetch it later."""
    coding = choose_coding(asked.encodings)
    if asked.is_patient:
        services.engine.submit(request)
        return _promise(request.id)
    if not is_repeatable(request.query):
        return send(services.engine.run(request), request.id, coding)
    if asked.tags:
        name = digest(request, request.snapshot or services.snapshot().id)
        if found := find_tag(asked.tags, name, coding):
            return Reply("304 NOT MODIFIED", [("ETag", found), ("Cache-Control", FRESH), VARY])
    answer = services.engine.run(request)
    return send(answer, request.id, coding, digest(request, answer.snapshot))


def send(answer: QueryAnswer, query_id: str, coding: str, name: str = "") -> Reply:
    """An answer with its headers; `name` is that of its content if caches may keep it."""
    coding = coding if answer.length >= LEAST else ""
    parts, length = _encode(answer, coding)
    headers = [
        ("Content-Type", _with_charset(answer.media_type)),
        ("Content-Length", str(length)),
        ("Content-Disposition", _disposition(answer.media_type, name or query_id)),
        ("SSC4C-Snapshot", answer.snapshot),
        ("SSC4C-Query", query_id),
        ("Server-Timing", _timing(answer)),
        ("Cache-Control", FRESH if name else NOT_KEPT),
        VARY,
    ]
    if name:
        headers.append(("ETag", tag(name, coding)))
    if coding:
        headers.append(("Content-Encoding", coding))
    return Reply("200 OK", headers, parts)


def running_path(query_id: str) -> str:
    """Where a query that waits or runs is looked at, fetched and stopped."""
    return f"/sparql/running/{query_id}"


def _promise(query_id: str) -> Reply:
    """What a client gets that fetches the answer later."""
    told = {"id": query_id, "state": "waiting", "address": running_path(query_id)}
    body = json.dumps(told).encode() + b"\n"
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Location", running_path(query_id)),
        ("Preference-Applied", "respond-async"),
        ("Retry-After", "1"),
        ("SSC4C-Query", query_id),
        ("Cache-Control", "no-store"),
    ]
    return Reply("202 ACCEPTED", headers, [body])


def to_response(reply: Reply) -> Response:
    """A reply as Flask's response."""
    response = Response(reply.parts, reply.status, reply.headers)
    if isinstance(reply.parts, Parts):
        response.call_on_close(reply.parts.close)
    return response


def read_question(asked: Asked) -> QueryRequest:
    """What the engine is asked; raises the error that the request deserves."""
    query = asked.query
    parameters = asked.parameters
    table, graph = read_formats(parameters, asked.accept)
    return QueryRequest(
        query,
        table,
        graph,
        asked.timeout,
        tuple(parameters.getlist("default-graph-uri")),
        tuple(parameters.getlist("named-graph-uri")),
        client=asked.client,
        id=asked.query_id,
    )


def _encode(answer: QueryAnswer, coding: str) -> tuple[Iterable[bytes], int]:
    if answer.length <= _SHORT:
        data = answer.read()
        data = compress_short(data, coding) if coding else data
        return [data], len(data)
    file, length = answer.file, answer.length
    if coding:
        file, length = compress(file, length, coding)
    return read_parts(file, length), length


def read_parts(file: BinaryIO, length: int) -> Iterable[bytes]:
    """A file piece by piece, in one piece if it is short; closes it at its end."""
    if length > _SHORT:
        return Parts(file)
    with file:
        return [file.read()]


class Parts:
    """The pieces of a file, which is closed at its end or when nobody reads on."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Self:
        """Itself."""
        return self

    def __next__(self) -> bytes:
        """The next piece."""
        if self._file.closed or not (chunk := self._file.read(_CHUNK)):
            self.close()
            raise StopIteration
        return chunk

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _disposition(media_type: str, name: str) -> str:
    return f'inline; filename="ssc4c-{name[:8]}.{extension_of(media_type)}"'


def _timing(answer: QueryAnswer) -> str:
    """What the engine took, in milliseconds, for the tools of browsers."""
    kept = ", kept" if answer.is_kept else ""
    return f"query;dur={answer.seconds * 1000:.1f}{kept}"
