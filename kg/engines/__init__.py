"""Query engines: run one SPARQL query under limits, get a whole answer or an error."""

from dataclasses import dataclass, field
from secrets import token_hex
from typing import BinaryIO, Protocol


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


class QueryEngine(Protocol):
    """What the endpoint needs from any engine, near or far."""

    def run(self, request: QueryRequest) -> QueryAnswer:
        """The answer; raises BadQuery, QueryTimeout, QueryTooLarge and the like."""
        ...
