"""The remote engine: a SPARQL server elsewhere answers; what it says is taken whole or not at all.

Rows are asked as JSON and graphs as N-Triples, whatever format is wanted, and written anew here: so
an answer that was cut short, or ends in an error text, is noticed, and oddities are mended.

A server that keeps a default graph of its own holds the merged set there. One whose default graph
is the union of all graphs (Virtuoso) holds it in the graph `MERGED`, named with each query.
"""

import io
import json
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, NoReturn, cast
from urllib.parse import urlencode

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
    serialize,
)
from urllib3.response import BaseHTTPResponse

from kg.catalogue import Catalogue
from kg.engines import failures, walls
from kg.engines.frames import Channel, Frame, Kind
from kg.engines.fulltext import expand_matches, open_find
from kg.engines.parts import dataset_of, hide_graphs, refuse_functions_of_server, uses_graph
from kg.engines.peer import Address, Body, Peer, Unreachable, is_framed, read_reason
from kg.engines.scan import refuse_federation
from kg.engines.syntax import explain_syntax
from kg.engines.wire import read_question
from kg.engines.worker import Result, Sheet, choose_format
from kg.errors import (
    BadQuery,
    EngineBusy,
    EngineFailed,
    KgError,
    NoSnapshot,
    QueryTimeout,
    QueryTooLarge,
)
from kg.namespaces import GRAPH
from kg.settings import Settings
from kg.snapshots import Snapshot

MERGED: Final = GRAPH + "merged"
"""The graph of the merged set where the default graph is the union of all graphs."""
MARK_SECONDS: Final = 1.0
"""How long the snapshot that a server holds is taken for granted."""
_NOWHERE: Final = GRAPH + "none"
"""A graph that is never there: an empty default graph, or no named ones."""
_PATIENCE: Final = 30.0
"""Seconds beyond the deadline, by which the service has killed us."""
_TABLE: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
_GRAPH: Final = "application/n-triples, text/turtle;q=0.5"
_TABLES: Final = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
}
_GRAPHS: Final = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
}
_ASKED: Final = "__ASK_RETVAL"
"""The column in which Virtuoso answers ASK."""
_LATE: Final = re.compile(
    r"time-?d? ?out|S1TAT|estimated execution time|time limit|cancell?ed|\bS1T00\b", re.IGNORECASE
)
_TAIL: Final = 400
_EMPTY: Final = Store()


@dataclass(frozen=True)
class Mark:
    """What a server holds of ours."""

    snapshot: str
    is_union: bool
    """Whether its default graph is the union of all graphs."""
    is_virtuoso: bool


def work_remote(channel: Channel, snapshot: Snapshot, settings: Settings, parent: int) -> NoReturn:
    """Send queries to `settings.engine` until the service hangs up; ends the process.

    There is no wall against the network; memory and files are bounded as for all workers.
    """
    walls.die_with_parent(parent)
    walls.name_process("ssc4c-remote")
    remote = Remote(settings, snapshot)
    walls.limit_memory(settings.query_memory)
    walls.limit_files(settings.answer_bytes)
    channel.send(Frame(Kind.READY))
    while True:
        try:
            frame = channel.receive()
        except (EOFError, OSError):
            os._exit(0)
        seconds = min(frame.seconds or settings.query_timeout, settings.query_timeout_max)
        _answer(channel, frame, remote, seconds, settings.answer_bytes)


def _answer(channel: Channel, frame: Frame, remote: "Remote", seconds: float, bound: int) -> None:
    sheet = Sheet(bound)
    start = time.perf_counter()
    try:
        question = read_question(frame.content())
        media_type, snapshot = remote.answer(question, sheet, seconds)
        took = time.perf_counter() - start
        channel.send(sheet.to_frame(frame.id, media_type, snapshot, took))
    except KgError as error:
        channel.send(Frame(Kind.FAILURE, frame.id, failures.encode(error)))
    finally:
        sheet.close()


class Remote:
    """A SPARQL server that holds a snapshot of ours."""

    def __init__(self, settings: Settings, local: Snapshot) -> None:
        self._local = local
        self._find = open_find(local.index_path)
        address = Address.of(settings.engine, settings.engine_login)
        self._peer = Peer(address, settings.query_timeout_max + _PATIENCE)
        self._texts = Catalogue(settings.project / "queries")
        self._mark: Mark | None = None
        self._mark_at = 0.0
        self._aside: tuple[str, Sequence[str]] | None = None

    @property
    def name(self) -> str:
        """Its address, without the login."""
        return self._peer.address.url

    def answer(self, question: dict[str, Any], sheet: Sheet, seconds: float) -> tuple[str, str]:
        """Write the answer of a query on the sheet; gives its media type and the snapshot."""
        form = self._check(question["query"])
        media_type, writer = choose_format(form, question)
        kind = type(form)
        del form  # pyoxigraph's answers must not be let go of in another thread
        mark = self.mark()
        question = {**question, "query": self._expanded(question["query"], mark)}
        try:
            self._run(kind, question, mark, seconds, cast(BinaryIO, sheet), writer)
        except Unreachable as error:
            raise EngineFailed(f"The engine at {self.name} failed: {error}.") from None
        except MemoryError:
            raise QueryTooLarge("The answer ran out of memory on its way.") from None
        if self.mark() != mark:
            raise EngineBusy(
                f"The engine at {self.name} was given another snapshot meanwhile. Ask again."
            )
        return media_type, mark.snapshot

    def _check(self, query: str) -> Result:
        """What kind of answer the query has; raises the errors that any engine of ours raises."""
        refuse_federation(query)
        refuse_functions_of_server(query)
        try:
            return _EMPTY.query(query)
        except SyntaxError as error:
            raise explain_syntax(query, str(error)) from None

    def _expanded(self, query: str, mark: Mark) -> str:
        """The query with the things that its texts find, by the index that stands here."""
        expanded = expand_matches(query, self._find)
        if expanded != query and mark.snapshot != self._local.id:
            raise EngineBusy(
                f"The text index is of {self._local.id}, and the engine at {self.name} still "
                f"holds {mark.snapshot}: run `ssc4c publish --to-engine`, then ask again."
            )
        return expanded

    def mark(self) -> Mark:
        """Which snapshot the server holds, as of a second ago at most."""
        if self._mark is None or time.monotonic() - self._mark_at > MARK_SECONDS:
            self._mark = self._read_mark()
            self._mark_at = time.monotonic()
        return self._mark

    def _read_mark(self) -> Mark:
        text = self._texts["engine/published-snapshot"].text
        self._mark = None
        response = self.ask(text, _TABLE)
        rows = list(self._solutions(response))
        if not rows:
            raise NoSnapshot(
                f"The engine at {self.name} holds no whole snapshot: it is being loaded, or "
                "`ssc4c publish --to-engine` has not been run."
            )
        row = rows[0]
        sequence, digest = row["sequence"].value, row["hash"].value
        snapshot = f"{int(sequence):09d}-{digest[:8]}"
        is_virtuoso = "virtuoso" in response.headers.get("Server", "").lower()
        return Mark(snapshot, row["plain"] is not None, is_virtuoso)

    def select(self, name: str, fields: Sequence[tuple[str, str]] = ()) -> QuerySolutions:
        """The rows of a query of `queries/engine`."""
        return self._solutions(self.ask(self._texts[f"engine/{name}"].text, _TABLE, fields))

    def _solutions(self, response: BaseHTTPResponse) -> QuerySolutions:
        body = Body(response)
        try:
            found = parse_query_results(
                cast(BinaryIO, body), format=self._format(response, _TABLES)
            )
            rows = io.BytesIO(found.serialize(format=QueryResultsFormat.JSON) or b"")
        except (SyntaxError, Unreachable) as error:
            raise EngineFailed(f"The engine at {self.name} gave no whole answer: {error}") from None
        whole = parse_query_results(rows, format=QueryResultsFormat.JSON)
        assert isinstance(whole, QuerySolutions)
        return whole

    def ask(
        self, query: str, accept: str, fields: Sequence[tuple[str, str]] = ()
    ) -> BaseHTTPResponse:
        """The response to a query, its body unread; raises the error that it stands for."""
        body = urlencode([("query", query), *fields]).encode()
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            response = self._peer.send("POST", body=body, headers=headers)
        except Unreachable as error:
            raise EngineFailed(f"The engine at {self.name} cannot be reached: {error}.") from None
        if response.status != 200:
            raise self._refusal(response.status, read_reason(response))
        if cut := self._find_cut(response):
            response.close()
            raise cut
        return response

    def _find_cut(self, response: BaseHTTPResponse) -> KgError | None:
        """What shows, before its first byte is read, that an answer is not whole."""
        if "X-SQL-State" in response.headers:  # Virtuoso, at its own deadline
            return _late(self.name, response.headers.get("X-SQL-Message", ""))
        if limit := response.headers.get("X-SPARQL-MaxRows"):  # Virtuoso, when it cut the rows
            return QueryTooLarge(
                f"The engine at {self.name} gives {limit} rows at most, and there may be more. "
                f"Add a LIMIT below {limit}, or page with ORDER BY, LIMIT and OFFSET."
            )
        if not is_framed(response):
            return EngineFailed(
                f"The engine at {self.name} does not tell where its answers end, so that a "
                "torn one would look whole."
            )
        return None

    def _refusal(self, status: int, reason: str) -> KgError:
        if status in (206, 408, 504) or (status >= 500 and _LATE.search(reason)):
            return _late(self.name, reason)
        if status == 400:
            return BadQuery(f"The engine refuses the query: {reason}")
        if status in (429, 503):
            return EngineBusy(f"The engine at {self.name} is busy: {reason}")
        return EngineFailed(f"The engine at {self.name} answered with status {status}: {reason}")

    def _run(
        self,
        kind: type[Result],
        question: dict[str, Any],
        mark: Mark,
        seconds: float,
        sheet: BinaryIO,
        writer: QueryResultsFormat | RdfFormat,
    ) -> None:
        query, fields = self._dataset(question, mark)
        if mark.is_virtuoso:  # it goes on after we are killed, unless told when to end
            fields.append(("timeout", str(int((seconds + 1) * 1000))))
        is_graph = kind is QueryTriples
        response = self.ask(query, _GRAPH if is_graph else _TABLE, fields)
        tail = _Tail(response)
        try:
            if is_graph:
                triples = parse(cast(BinaryIO, tail), format=self._format(response, _GRAPHS))
                serialize(triples, sheet, cast(RdfFormat, writer))
            else:
                self._write_table(kind, response, tail, sheet, cast(QueryResultsFormat, writer))
        except SyntaxError as error:
            raise self._torn(tail, error) from None
        finally:
            response.release_conn() if tail.is_over else response.close()

    def _write_table(
        self,
        kind: type[Result],
        response: BaseHTTPResponse,
        body: "_Tail",
        sheet: BinaryIO,
        writer: QueryResultsFormat,
    ) -> None:
        found = parse_query_results(cast(BinaryIO, body), format=self._format(response, _TABLES))
        if kind is QueryBoolean:
            found = _boolean(found)
        if type(found) is not kind:
            del found
            raise EngineFailed(f"The engine at {self.name} gave an answer of another kind.")
        found.serialize(sheet, writer)

    def _format(self, response: BaseHTTPResponse, known: dict[str, Any]) -> Any:
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type not in known:
            response.close()
            raise EngineFailed(
                f"The engine at {self.name} answered in {media_type or 'no format'}."
            )
        return known[media_type]

    def _torn(self, tail: "_Tail", error: SyntaxError) -> KgError:
        text = tail.last.decode(errors="replace")
        if _LATE.search(text):
            return _late(self.name, "its answer ends in an error text")
        return EngineFailed(f"The engine at {self.name} gave no whole answer: {error}.")

    def _dataset(self, question: dict[str, Any], mark: Mark) -> tuple[str, list[tuple[str, str]]]:
        """The query and the graphs that it sees, in the way of the server."""
        query = question["query"]
        default, named = question["default_graphs"], question["named_graphs"]
        if mark.is_union:
            if not default and not named:
                default, named = dataset_of(query)
            if default or named:
                default, named = default or [_NOWHERE], named or [_NOWHERE]
            else:
                default, query = [MERGED], self._with_graphs(query, mark)
        fields = [("default-graph-uri", iri) for iri in default]
        return query, fields + [("named-graph-uri", iri) for iri in named]

    def _with_graphs(self, query: str, mark: Mark) -> str:
        """The query, seeing our graphs by GRAPH although the default graph is named."""
        if not uses_graph(query):
            return query
        if not mark.is_virtuoso:
            raise BadQuery(
                f"The engine at {self.name} has the union of all graphs as its default graph, so "
                "GRAPH can be used with FROM NAMED only: name the graphs that are to be seen."
            )
        if self._aside is None or self._aside[0] != mark.snapshot:
            others = [row["graph"].value for row in self.select("graphs-of-others")]
            self._aside = mark.snapshot, [MERGED, *others]
        return hide_graphs(query, self._aside[1])


class _Tail(Body):
    """A body that keeps its end."""

    def __init__(self, response: BaseHTTPResponse) -> None:
        super().__init__(response)
        self.last = b""
        self.is_over = False

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes."""
        part = super().read(size)
        self.is_over = not part or size is None or size < 0
        self.last = (self.last + part)[-_TAIL:]
        return part


def _boolean(found: QuerySolutions | QueryBoolean) -> QuerySolutions | QueryBoolean:
    """The answer of ASK, also where it came as a table."""
    if isinstance(found, QueryBoolean) or [each.value for each in found.variables] != [_ASKED]:
        return found
    is_true = any(row[_ASKED].value in ("1", "true") for row in found)
    answer = parse_query_results(
        json.dumps({"head": {}, "boolean": is_true}).encode(), format=QueryResultsFormat.JSON
    )
    return answer


def _late(name: str, reason: str) -> QueryTimeout:
    return QueryTimeout(
        f"The engine at {name} stopped the query at its own deadline ({reason.strip()}). "
        "Ask for less: start from a known thing, add a LIMIT, avoid cross products."
    )
