"""The answer of a query as a response, the same whether Flask is in between or not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

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
    """Run the query, or find that the client has its answer already."""
    coding = choose_coding(asked.encodings)
    keeps = is_repeatable(request.query)
    if keeps and asked.tags:
        name = digest(request, request.snapshot or services.snapshot().id)
        if found := find_tag(asked.tags, name, coding):
            headers = [("ETag", found), ("Cache-Control", FRESH), VARY]
            return Reply("304 NOT MODIFIED", headers)
    return send(services.engine.run(request), request, coding, keeps)


def send(answer: QueryAnswer, request: QueryRequest, coding: str, keeps: bool = False) -> Reply:
    """An answer with its headers; `keeps` tells whether caches may keep it."""
    name = digest(request, answer.snapshot)
    coding = coding if answer.length >= LEAST else ""
    parts, length = _encode(answer, coding)
    headers = [
        ("Content-Type", _with_charset(answer.media_type)),
        ("Content-Length", str(length)),
        ("Content-Disposition", _disposition(answer.media_type, name)),
        ("SSC4C-Snapshot", answer.snapshot),
        ("SSC4C-Query", request.id),
        ("Server-Timing", _timing(answer)),
        ("Cache-Control", FRESH if keeps else NOT_KEPT),
        VARY,
    ]
    if keeps:
        headers.append(("ETag", tag(name, coding)))
    if coding:
        headers.append(("Content-Encoding", coding))
    return Reply("200 OK", headers, parts)


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
        return _read_chunks(file)
    with file:
        return [file.read()]


def _read_chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _disposition(media_type: str, name: str) -> str:
    return f'inline; filename="ssc4c-{name[:8]}.{extension_of(media_type)}"'


def _timing(answer: QueryAnswer) -> str:
    """What the engine took, in milliseconds, for the tools of browsers."""
    kept = ", kept" if answer.is_kept else ""
    return f"query;dur={answer.seconds * 1000:.1f}{kept}"
