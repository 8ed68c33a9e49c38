"""Query engines: run one SPARQL query under limits, get a whole answer or an error."""

from dataclasses import dataclass, field
from functools import cached_property
from secrets import token_hex
from typing import BinaryIO, Protocol

from kg.engines import scan


@dataclass(frozen=True)
class QueryRequest:
    """One query, the formats its answer may have and the graphs that it sees."""

    query: str
    table: str | None = "application/sparql-results+json"
    """Media type for the answer of SELECT and ASK; None if none is acceptable."""
    graph: str | None = "text/turtle"
    """Media type for the answer of CONSTRUCT and DESCRIBE; None if none is acceptable."""
    timeout: float | None = None
    """Seconds the query may run; the engine's own bound stands above it."""
    default_graphs: tuple[str, ...] = ()
    """IRIs of the graphs whose merge is the default graph; empty for the store's own."""
    named_graphs: tuple[str, ...] = ()
    """IRIs of the graphs that GRAPH sees; empty for all."""
    snapshot: str = ""
    """Id of a kept snapshot to ask; empty for the one that is served."""
    client: str = ""
    """Who asks, for fair turns and the list of one's own queries."""
    id: str = field(default_factory=lambda: token_hex(16))
    """32 hexadecimal digits under which the running query can be stopped."""

    @cached_property
    def is_repeatable(self) -> bool:
        """Whether the same graph gives the same answer again."""
        return scan.is_repeatable(self.query)

    @cached_property
    def asks_others(self) -> bool:
        """Whether other endpoints must be asked before, if that is allowed at all."""
        return scan.find_federation(self.query) is not None


@dataclass(frozen=True)
class QueryAnswer:
    """A whole answer; the file stands at its first byte and is the caller's to close."""

    media_type: str
    file: BinaryIO
    length: int
    snapshot: str
    """Id of the snapshot that was asked."""
    seconds: float = 0.0
    """Time that the engine took; of a kept answer, the time that it took when it was made."""
    is_kept: bool = False
    """Whether the answer was made for an earlier request."""

    def read(self) -> bytes:
        """The whole answer in memory; closes the file."""
        with self.file:
            return self.file.read()


@dataclass(frozen=True)
class RunningQuery:
    """A query that waits for a worker or is at work."""

    id: str
    client: str
    """Who asked it."""
    state: str
    """``waiting`` or ``running``."""
    seconds: float
    """How long it has run, or waited if it does not run yet."""
    query: str
    """Its text, of a long one the beginning."""
    snapshot: str
    """Id of the snapshot that it asks."""


class QueryEngine(Protocol):
    """What the endpoint needs from any engine, near or far."""

    def run(self, request: QueryRequest) -> QueryAnswer:
        """The answer; raises BadQuery, QueryTimeout, QueryTooLarge and the like."""
        ...

    def submit(self, request: QueryRequest) -> None:
        """Queue the query and return at once; its answer or error is kept for five minutes.

        Raises EngineBusy if there is no place in the queue, BadInput if its id is in use.
        """
        ...

    def fetch(self, query_id: str) -> QueryAnswer | None:
        """The kept answer of a submitted query; None while it waits or runs.

        Raises the error with which it ended; NotRunning if no query of that id was submitted, or
        if its answer is kept no longer.
        """
        ...

    def running(self) -> list[RunningQuery]:
        """The queries that wait or run, those that came first at the beginning."""
        ...

    def stop(self, query_id: str) -> bool:
        """Stop a query; tells whether one of that id waited or ran."""
        ...

    def tell_store(self) -> str:
        """Where the served snapshot is answered from: ``memory``, ``disk`` or ``remote``."""
        ...
