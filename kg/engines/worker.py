"""A worker: one walled-in process with one snapshot open read-only, answering query by query."""

import errno
import os
import re
import tempfile
import time
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
)

from kg.engines import failures, walls
from kg.engines.columns import has_star, name_columns
from kg.engines.formats import GRAPH_TYPES, TABLE_TYPES
from kg.engines.frames import INLINE, Channel, Frame, Kind
from kg.engines.fulltext import Find, expand_matches, no_index, open_find
from kg.engines.merging import merge_graphs
from kg.engines.prologue import read_dataset
from kg.engines.syntax import explain_syntax
from kg.engines.wire import read_question, write_answer
from kg.errors import (
    BadQuery,
    EngineFailed,
    KgError,
    NotAcceptable,
    QueryTooLarge,
    ServiceRefused,
)
from kg.settings import Settings
from kg.snapshots import Snapshot

Result = QuerySolutions | QueryBoolean | QueryTriples
_UNKNOWN_FUNCTION = re.compile(r"custom (?:aggregate )?function (<.+>) is not supported")


def work(
    channel: Channel,
    snapshot: Snapshot,
    settings: Settings,
    parent: int,
    store: Store | None = None,
) -> NoReturn:
    """Answer queries from the snapshot, or the store that holds it, until the service hangs up."""
    walls.die_with_parent(parent)
    walls.name_process("ssc4c-worker")
    try:
        store = store or snapshot.open()
        find = open_find(snapshot.index_path)
    except Exception as error:
        failure = EngineFailed(f"The snapshot {snapshot.id} cannot be opened: {error}")
        channel.send(Frame(Kind.FAILURE, body=failures.encode(failure)))
        os._exit(1)
    walls.limit_memory(settings.query_memory)
    walls.limit_files(settings.answer_bytes)
    walls.close_network()
    channel.send(Frame(Kind.READY))
    _answer_all(channel, store, find, snapshot.id, settings.answer_bytes)


def _answer_all(channel: Channel, store: Store, find: Find, snapshot: str, bound: int) -> NoReturn:
    while True:
        try:
            frame = channel.receive()
        except (EOFError, OSError):
            os._exit(0)
        sheet = Sheet(bound)
        try:
            start = time.perf_counter()
            media_type = answer(store, read_question(frame.content()), sheet, find)
            seconds = time.perf_counter() - start
            channel.send(sheet.to_frame(frame.id, media_type, snapshot, seconds))
        except KgError as error:
            channel.send(Frame(Kind.FAILURE, frame.id, failures.encode(error)))
        finally:
            sheet.close()


def answer(store: Store, question: dict[str, Any], sheet: "Sheet", find: Find = no_index) -> str:
    """Write the answer of a query on the sheet; gives its media type."""
    try:
        result = ask_store(store, expand_matches(question["query"], find), question)
        media_type, writer = choose_format(result, question)
        result.serialize(cast(BinaryIO, sheet), writer)  # type: ignore[arg-type]
    except KgError:
        raise
    except SyntaxError as error:
        raise explain_syntax(question["query"], str(error)) from None
    except PermissionError:
        raise ServiceRefused("The query asks for another server, which is walled off.") from None
    except MemoryError:
        raise QueryTooLarge("The query ran out of memory (SSC4C_QUERY_MEMORY).") from None
    except Exception as error:
        raise _failed(error) from error
    return media_type


def ask_store(store: Store, query: str, question: dict[str, Any]) -> Result:
    """The result of a query; the columns of ``SELECT *`` come as they are written."""
    result = _query(store, query, question)
    if isinstance(result, QuerySolutions) and has_star(query):
        columns = [each.value for each in result.variables]
        return _query(store, name_columns(query, columns), question)
    return result


def _query(store: Store, query: str, question: dict[str, Any]) -> Result:
    default: list[Any] = _read_iris(question["default_graphs"])
    named: list[Any] = _read_iris(question["named_graphs"])
    if not default and not named:
        found = read_dataset(query)
        if len(found[0]) < 2:
            return store.query(query)
        default, named = map(_read_iris, found)
    if len(default) > 1:
        merged = merge_graphs(store, default, named)
        return merged.query(query, default_graph=DefaultGraph(), named_graphs=named)
    return store.query(query, default_graph=default, named_graphs=named)


def _read_iris(texts: list[str]) -> list[NamedNode]:
    return [_read_iri(iri) for iri in dict.fromkeys(texts)]


def _read_iri(text: str) -> NamedNode:
    try:
        return NamedNode(text)
    except ValueError:
        raise BadQuery(f"No IRI of a graph: {text!r}") from None


def choose_format(
    result: Result, question: dict[str, Any]
) -> tuple[str, QueryResultsFormat | RdfFormat]:
    """Media type and writer for an answer; raises NotAcceptable."""
    kind = "graph" if isinstance(result, QueryTriples) else "table"
    types = GRAPH_TYPES if kind == "graph" else TABLE_TYPES
    media_type = question[kind]
    if media_type not in types:
        forms = "CONSTRUCT and DESCRIBE" if kind == "graph" else "SELECT and ASK"
        offered = ", ".join(dict.fromkeys(each.media_type for each in types.values()))
        raise NotAcceptable(f"Answers of {forms} come as one of: {offered}.")
    return media_type, types[media_type].writer


def _failed(error: Exception) -> KgError:
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return QueryTooLarge("The answer passed its bound of size (SSC4C_ANSWER_BYTES).")
    if unknown := _UNKNOWN_FUNCTION.search(str(error)):
        return BadQuery(f"There is no function {unknown[1]} here.")
    return EngineFailed(f"The query could not be run to its end: {error}")


@dataclass
class Sheet:
    """What an answer is written on: memory while it is short, an unlinked file when it is long."""

    bound: int
    size: int = 0
    file: BinaryIO | None = None

    def __post_init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take the next bytes; raises QueryTooLarge past the bound."""
        self.size += len(data)
        if self.size > self.bound:
            raise QueryTooLarge(
                f"The answer is longer than {self.bound} bytes (SSC4C_ANSWER_BYTES). Add a LIMIT "
                "or ask for less; for the whole graph take a dump instead."
            )
        if self.file is None and self.size > INLINE // 2:
            self.file = cast(BinaryIO, tempfile.TemporaryFile(buffering=1 << 18))  # noqa: SIM115
            self.file.writelines(self._parts)
        if self.file is None:
            self._parts.append(bytes(data))
        else:
            self.file.write(data)
        return len(data)

    def flush(self) -> None:
        """Nothing to do before the end."""

    def to_frame(self, query_id: bytes, media_type: str, snapshot: str, seconds: float) -> Frame:
        """The frame that carries the answer; the sheet keeps the file and closes it."""
        if self.file is None:
            return write_answer(query_id, media_type, snapshot, seconds, b"".join(self._parts))
        self.file.flush()
        return write_answer(query_id, media_type, snapshot, seconds, self.file.fileno())

    def close(self) -> None:
        """Let go of the file."""
        if self.file is not None:
            self.file.close()
