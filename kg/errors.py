"""Everything that can go wrong on purpose, in one tree.

KgError
├── BadInput            what came in cannot be read (file, row or term is named)
│   └── BadValue        a parameter of a named query lacks its value, or has one that will not do
├── BadQuery            the SPARQL text is wrong (line and column are named)
│   └── NotSortable     ORDER BY met values that have no one order
├── UnknownResource     the graph says nothing about the IRI
│   └── WithdrawnResource   it did so once; its records were withdrawn
├── UnknownQuery        no query of that name in the catalogue
├── NotAcceptable       none of the formats asked for can be given
├── UpdateRefused       the request wants to change the graph by SPARQL
├── ServiceRefused      the query wants to reach another server
├── FederationFailed    another server that the query may ask did not answer well
├── RateLimited         the client has asked more than its share
├── NotAllowed          the request needs a token that it does not carry
├── NotRunning          no query of that id waits, runs or has its answer kept
├── QueryTimeout        the deadline passed
├── QueryTooLarge       memory or size of the answer passed its bound
├── EngineBusy          all workers are taken and the queue is full
├── QueryStopped        somebody stopped the query
├── EngineFailed        the query service cannot be reached or broke down
├── PortTaken           something else listens at the server's address
├── NoSnapshot          nothing has been published yet
├── PublishFailed       no new snapshot could be made; the one before is still served
├── ReleaseRefused      an example that must answer does not, so nothing is released
├── JournalFailed       the journal's database cannot be read or written
├── JournalBroken       the chain of hashes does not hold
└── Locked              another load or publish is at work
"""

from collections.abc import Sequence
from typing import Any


class KgError(Exception):
    """Something that a person can understand and act upon."""

    status = 500
    title = "Internal error"
    exit_code = 1

    @property
    def detail(self) -> str:
        """What happened, to which thing, and what to do."""
        return str(self)


class BadInput(KgError):
    """What came in cannot be read."""

    status = 400
    title = "Unreadable input"
    exit_code = 2


class BadValue(BadInput):
    """A parameter of a named query lacks its value, or has one that will not do."""

    title = "Value that will not do"

    def __init__(self, detail: str, **members: Any) -> None:
        """Keep what a program can act upon: parameter, value, what is expected, near matches."""
        super().__init__(detail)
        self.members = members


class BadQuery(KgError):
    """The SPARQL text is wrong."""

    status = 400
    title = "Malformed query"
    exit_code = 2

    def __init__(self, detail: str, line: int | None = None, column: int | None = None) -> None:
        """Keep where in the text the error stands, both counted from one."""
        super().__init__(detail)
        self.line = line
        self.column = column


class NotSortable(BadQuery):
    """ORDER BY met values that the engine cannot bring into one order."""

    title = "Cannot be sorted"


class UnknownResource(KgError):
    """The graph says nothing about the IRI."""

    status = 404
    title = "Unknown resource"


class WithdrawnResource(UnknownResource):
    """The graph said something about the IRI once; all its records were withdrawn."""

    status = 410
    title = "Withdrawn resource"


class UnknownQuery(KgError):
    """No query of that name stands in the catalogue."""

    status = 404
    title = "Unknown query"


class NotAcceptable(KgError):
    """None of the formats asked for can be given."""

    status = 406
    title = "Not acceptable"


class ServiceRefused(KgError):
    """The query wants to reach another server."""

    status = 400
    title = "Federation refused"
    exit_code = 2


class UpdateRefused(KgError):
    """The request wants to change the graph by SPARQL."""

    status = 400
    title = "Update refused"


class FederationFailed(KgError):
    """Another server that the query may ask did not answer, or not well."""

    status = 502
    title = "Other endpoint failed"


class RateLimited(KgError):
    """The client has asked more than its share."""

    status = 429
    title = "Too many requests"

    def __init__(self, detail: str, retry_after: int) -> None:
        """Keep the seconds after which it is worth asking again."""
        super().__init__(detail)
        self.retry_after = retry_after


class NotAllowed(KgError):
    """The request needs a token that it does not carry."""

    status = 403
    title = "Not allowed"


class NotRunning(KgError):
    """No query of that id waits, runs or has its answer kept."""

    status = 404
    title = "No such query"


class QueryTimeout(KgError):
    """The deadline of the query passed."""

    status = 504
    title = "Query deadline passed"

    def __init__(self, detail: str, seconds: float | None = None) -> None:
        """Keep the seconds that the query had."""
        super().__init__(detail)
        self.seconds = seconds


class QueryTooLarge(KgError):
    """The query passed its bound of memory, or its answer the bound of size."""

    status = 507
    title = "Query too large"


class EngineBusy(KgError):
    """All workers are taken and the queue is full."""

    status = 503
    title = "Busy"
    retry_after = 5
    """Seconds after which it is worth asking again."""


class QueryStopped(KgError):
    """Somebody stopped the query."""

    status = 503
    title = "Query stopped"


class EngineFailed(KgError):
    """The query service cannot be reached or broke down."""

    status = 502
    title = "Query service failed"


class PortTaken(KgError):
    """The server cannot listen at the address that it was given."""

    title = "Address taken"


class NoSnapshot(KgError):
    """Nothing has been published yet."""

    status = 503
    title = "No graph published yet"


class JournalFailed(KgError):
    """The journal's database cannot be read or written."""

    title = "Journal unreachable"


class JournalBroken(KgError):
    """The chain of hashes in the journal does not hold."""

    title = "Journal broken"
    exit_code = 4


class PublishFailed(KgError):
    """The new snapshot could not be made; the one before is still served."""

    title = "Publish failed"
    exit_code = 6


class ReleaseRefused(KgError):
    """An example that must answer does not, so nothing is released."""

    title = "Release refused"
    exit_code = 7

    def __init__(self, detail: str, faults: Sequence[tuple[str, str]] = ()) -> None:
        """Keep the queries at fault, each with the reason."""
        super().__init__(detail)
        self.faults = tuple(faults)


class Locked(KgError):
    """Another load or publish is at work."""

    status = 503
    title = "Locked"
    exit_code = 5
