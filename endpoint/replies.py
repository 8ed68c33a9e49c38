"""The answer of a query as a response, the same whether Flask is in between or not."""

import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final, Self

from flask import Response
from werkzeug.http import http_date

from endpoint.compression import LEAST, choose_coding, compress, compress_short
from endpoint.formats import extension_of, read_formats
from endpoint.places import Place, Places, cut_off_stalled
from endpoint.protocol import Asked
from endpoint.services import Services
from endpoint.tags import FRESH, NOT_KEPT, digest, find_tag, tag
from kg.engines import QueryAnswer, QueryRequest
from kg.errors import BadInput
from kg.releases import Releases, release_snapshot
from kg.settings import Settings

_SHORT: Final = 1 << 16
"""Bytes of an answer that are read at once."""
_CHUNK: Final = 1 << 16
"""Bytes of a piece; the HTTP server holds a few of them for each slow reader."""
QUERY_ID: Final = "SSC4C-Query"
"""Header with the id of the query."""
VARY: Final = ("Vary", "Accept, Accept-Encoding")


@dataclass(frozen=True)
class Reply:
    """Status, headers and body; the body closes its file when it is read to its end or closed."""

    status: str
    headers: list[tuple[str, str]]
    parts: Iterable[bytes] = ()
    lasts_with: str = ""
    """Id of the snapshot for as long as which the same request gets the same; empty if unknown."""


def answer_query(asked: Asked, request: QueryRequest, services: Services) -> Reply:
    """Run the query, or find that the client has its answer already or will fetch it later."""
    reply = _answer(asked, request, services)
    reply.headers.extend(release_headers(asked, services))
    return reply


def _answer(asked: Asked, request: QueryRequest, services: Services) -> Reply:
    sender = Sender(services.places, asked.client, choose_coding(asked.encodings))
    if asked.is_patient:
        services.engine.submit(request)
        return _promise(request.id)
    if not request.is_repeatable:
        return sender.send(services.engine.run(request), request.id)
    if asked.tags:
        name = digest(request, request.snapshot or services.snapshot().id)
        if found := find_tag(asked.tags, name, sender.coding):
            return Reply("304 NOT MODIFIED", [("ETag", found), ("Cache-Control", FRESH), VARY])
    answer = services.engine.run(request)
    return sender.send(answer, request.id, digest(request, answer.snapshot))


@dataclass(frozen=True)
class Sender:
    """Turns answers into replies for one client."""

    places: Places
    client: str
    coding: str
    """How to compress what is long enough; empty for not at all."""

    def send(self, answer: QueryAnswer, query_id: str, name: str = "") -> Reply:
        """An answer with its headers; `name` is that of its content if caches may keep it."""
        coding = self.coding if answer.length >= LEAST else ""
        parts, length = self._write(answer, coding)
        headers = [
            ("Content-Type", _with_charset(answer.media_type)),
            ("Content-Length", str(length)),
            ("Content-Disposition", _disposition(answer.media_type, name or query_id)),
            ("SSC4C-Snapshot", answer.snapshot),
            (QUERY_ID, query_id),
            ("Server-Timing", _timing(answer)),
            ("Cache-Control", FRESH if name else NOT_KEPT),
            VARY,
        ]
        if name:
            headers.append(("ETag", tag(name, coding)))
        if coding:
            headers.append(("Content-Encoding", coding))
        lasts = name and answer.is_kept and isinstance(parts, list)
        return Reply("200 OK", headers, parts, answer.snapshot if lasts else "")

    def _write(self, answer: QueryAnswer, coding: str) -> tuple[Iterable[bytes], int]:
        if answer.length <= _SHORT:
            data = answer.read()
            data = compress_short(data, coding) if coding else data
            return [data], len(data)
        with contextlib.ExitStack() as unless_sent:
            unless_sent.callback(answer.file.close)
            place = unless_sent.enter_context(self.places.take(self.client))
            file, length = answer.file, answer.length
            if coding:
                file, length = compress(file, coding)
            cut_off_stalled()
            unless_sent.pop_all()
            return Parts(file, place), length


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
        (QUERY_ID, query_id),
        ("Cache-Control", "no-store"),
    ]
    return Reply("202 ACCEPTED", headers, [body])


def to_response(reply: Reply) -> Response:
    """A reply as Flask's response."""
    response = Response(reply.parts, reply.status, reply.headers)
    if not any(name == "Content-Type" for name, _ in reply.headers):
        del response.headers["Content-Type"]  # Flask takes what says no type for a page
    if isinstance(reply.parts, Parts):
        response.call_on_close(reply.parts.close)
    return response


def read_question(asked: Asked, services: Services) -> QueryRequest:
    """What the engine is asked; raises the error that the request deserves."""
    query = asked.query
    parameters = asked.parameters
    release = parameters.get("release")
    table, graph = read_formats(parameters, asked.accept)
    return QueryRequest(
        query,
        table,
        graph,
        _seconds(asked, services.settings),
        *read_dataset(asked),
        snapshot=release_snapshot(services.settings.home, release) if release else "",
        client=asked.client,
        id=asked.query_id,
    )


def _seconds(asked: Asked, settings: Settings) -> float | None:
    """The deadline that is asked for; raises BadInput where it is beyond what may be had."""
    most = max(settings.query_timeout, settings.query_timeout_max)
    if asked.timeout and asked.timeout > most:
        raise BadInput(
            f"timeout is {asked.timeout:g}, and a query has {most:g} seconds at most "
            "(SSC4C_QUERY_TIMEOUT_MAX). It is counted in seconds."
        )
    return asked.timeout


def release_headers(asked: Asked, services: Services) -> list[tuple[str, str]]:
    """When the release was made that a request names, and what to cite for the answer.

    That is the answer itself where the query was saved, else the release.
    """
    name = asked.parameters.get("release")
    if not name:
        return []
    release = Releases(services.settings.home).find(name)
    base = services.settings.public_url
    key = services.saved.look_up(asked.query, *read_dataset(asked))
    cited = f"{base}/answers/{release.name}/{key}" if key else f"{base}/releases/{release.name}"
    links = f'<{cited}>; rel="cite-as", <{base}/releases/{release.name}>; rel="collection"'
    return [("Memento-Datetime", http_date(release.released)), ("Link", links)]


def read_dataset(asked: Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The graphs that a request chooses for its query: default ones and named ones."""
    default, named = map(asked.parameters.getlist, ("default-graph-uri", "named-graph-uri"))
    return tuple(filter(None, default)), tuple(filter(None, named))


class Parts:
    """The pieces of a file; at its end, or when nobody reads on, file and place are let go."""

    def __init__(self, file: BinaryIO, place: Place) -> None:
        self._file = file
        self._place = place

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
        """Let go of the file and the place."""
        self._file.close()
        self._place.close()

    def __del__(self) -> None:
        """Do so as well when the server drops it without a word."""
        self.close()


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _disposition(media_type: str, name: str) -> str:
    return f'inline; filename="ssc4c-{name[:8]}.{extension_of(media_type)}"'


def _timing(answer: QueryAnswer) -> str:
    """What the engine took, in milliseconds, for the tools of browsers."""
    kept = ", kept" if answer.is_kept else ""
    return f"query;dur={answer.seconds * 1000:.1f}{kept}"
