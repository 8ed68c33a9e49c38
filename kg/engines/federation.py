"""SERVICE by allow-list: the other endpoint is asked ahead, and its answer put in as VALUES.

An envoy does this, so that the workers which have the store stay walled in. Only addresses that
the operator has listed are asked, word for word as listed; a redirect is not followed.
https://www.w3.org/TR/sparql11-federated-query/#service
"""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)
from urllib3.response import BaseHTTPResponse

from kg.engines.limits import timeout_detail
from kg.engines.parts import ServiceClause, prologue_of, services_of
from kg.engines.peer import Address, Body, Peer, Unreachable, read_reason
from kg.engines.scan import refuse_federation
from kg.errors import (
    FederationFailed,
    QueryTimeout,
    QueryTooLarge,
    ServiceRefused,
)
from kg.namespaces import BASE
from kg.settings import Settings

MOST_BYTES: Final = 8 << 20
"""What the other endpoints may answer in all to one query."""
_JSON: Final = "application/sparql-results+json"
_ONE: Final = "VALUES () { () }"
"""One solution without values: what a SILENT clause gives when its endpoint fails."""


def expand_services(query: str, settings: Settings, seconds: float) -> str:
    """The query with VALUES in place of its SERVICE clauses; it asks nobody any more.

    Raises ServiceRefused for an address that is not allowed, FederationFailed for an endpoint that
    does not answer well, QueryTimeout after so many seconds.
    """
    allowed = settings.service_allow.split()
    if not allowed or "service" not in query.lower():
        refuse_federation(query)
        return query
    clauses = services_of(query)
    _check(clauses, allowed)
    outer = [each for each in clauses if not _is_within(each, clauses)]
    expanded = _replace(query, outer, _Asker(prologue_of(query), settings, seconds))
    refuse_federation(expanded)
    return expanded


def _check(clauses: list[ServiceClause], allowed: list[str]) -> None:
    for clause in clauses:
        if clause.address not in allowed:
            raise ServiceRefused(
                f"SERVICE <{clause.address}> (line {clause.line}) is not allowed here. These "
                f"endpoints may be asked: {', '.join(allowed)} (SSC4C_SERVICE_ALLOW)."
            )


def _is_within(clause: ServiceClause, others: list[ServiceClause]) -> bool:
    return any(each.start < clause.start and clause.end < each.end for each in others)


def _replace(query: str, clauses: list[ServiceClause], asker: "_Asker") -> str:
    parts, place = [], 0
    for clause in clauses:
        lost = query.count("\n", clause.start, clause.end)  # so that errors name the right line
        parts += [query[place : clause.start], asker.values(clause), "\n" * lost]
        place = clause.end
    return "".join([*parts, query[place:]])


class _Asker:
    """Asks the other endpoints for one query."""

    def __init__(self, prologue: str, settings: Settings, seconds: float) -> None:
        self._prologue = prologue
        self._settings = settings
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._rest = MOST_BYTES
        self._known: dict[tuple[str, str], str] = {}

    def values(self, clause: ServiceClause) -> str:
        """What the endpoint answers to the clause, as a VALUES block."""
        key = clause.address, clause.pattern
        if key not in self._known:
            self._known[key] = self._ask(clause)
        return self._known[key]

    def _ask(self, clause: ServiceClause) -> str:
        query = f"{self._prologue}SELECT * WHERE {{{clause.pattern}}}"
        try:
            body = self._fetch(clause.address, query)
            return _to_values(clause.address, body)
        except FederationFailed:
            if not clause.is_silent:
                raise
            return _ONE

    def _fetch(self, address: str, query: str) -> bytes:
        peer = Peer(Address.of(address))
        body = urlencode({"query": query}).encode()
        headers = {"Accept": _JSON, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            response = peer.send("POST", address, body, headers, total=self._remaining(address))
            _check_response(address, response)
            return self._read(address, response)
        except Unreachable as error:
            self._remaining(address)
            raise FederationFailed(f"{address} did not answer: {error}.") from None
        finally:
            peer.close()

    def _read(self, address: str, response: BaseHTTPResponse) -> bytes:
        with _ended_after(response, self._remaining(address)):
            body = Body(response, lambda size: self._bound(address, size)).read()
        self._remaining(address)
        self._rest -= len(body)
        return body

    def _bound(self, address: str, size: int) -> None:
        self._remaining(address)
        if size > self._rest:
            raise QueryTooLarge(
                f"{address} answers more than {MOST_BYTES} bytes, too much for one query. "
                "Make the pattern in SERVICE narrower, or put a sub-select with LIMIT there."
            )

    def _remaining(self, address: str) -> float:
        seconds = self._deadline - time.monotonic()
        if seconds <= 0:
            raise QueryTimeout(
                f"The deadline passed while {address} was asked. "
                + timeout_detail(self._seconds, self._settings),
                self._seconds,
            )
        return seconds


@contextmanager
def _ended_after(response: BaseHTTPResponse, seconds: float) -> Iterator[None]:
    """Hang up at the deadline, also on an endpoint that sends a byte now and then."""
    timer = threading.Timer(seconds, _hang_up, [response])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(response: BaseHTTPResponse) -> None:
    with suppress(ValueError, OSError):  # it has just come to its end
        response.shutdown()


def _check_response(address: str, response: BaseHTTPResponse) -> None:
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if response.status == 200 and media_type in (_JSON, "application/json"):
        return
    if response.status == 200:
        response.close()
        reason = f"it answered in {media_type or 'no format'}, not in {_JSON}"
    elif 300 <= response.status < 400:
        response.close()
        reason = "it sends elsewhere, which is not followed"
    else:
        reason = f"status {response.status}: {read_reason(response)}"
    raise FederationFailed(f"{address} did not answer well: {reason}.")


def _to_values(address: str, body: bytes) -> str:
    table = _read_table(body)
    if isinstance(table, str):
        raise FederationFailed(f"{address} gave {table}.")
    names, rows = table
    nodes = _Nodes(address, body)
    lines = ["(" + " ".join(map(nodes.text, row)) + ")" for row in rows]
    return f"VALUES ({names}) {{ {' '.join(lines)} }}"


def _read_table(body: bytes) -> tuple[str, list[tuple[object, ...]]] | str:
    """The names and rows of an answer, or what is wrong with it.

    No error leaves from here: it would hold pyoxigraph's reader, which must not be let go of in
    another thread.
    """
    try:
        found = parse_query_results(body, format=QueryResultsFormat.JSON)
        if not isinstance(found, QuerySolutions):
            return "an answer without rows"
        rows = [tuple(row) for row in found]
    except SyntaxError as error:
        return f"no whole answer: {error}"
    return " ".join(map(str, found.variables)), rows


class _Nodes:
    """Writes terms; blank nodes get IRIs, since VALUES cannot hold them.

    They can join with nothing of ours, and stay apart from those of other answers.
    https://www.w3.org/TR/rdf11-concepts/#section-skolemization
    """

    def __init__(self, address: str, body: bytes) -> None:
        self._address = address
        self._root = f"{BASE}.well-known/genid/{hashlib.sha256(body).hexdigest()[:16]}-"

    def text(self, term: object) -> str:
        """The term in SPARQL."""
        if term is None:
            return "UNDEF"
        if isinstance(term, BlankNode):
            return f"<{self._root}{term.value}>"
        if not isinstance(term, NamedNode | Literal):
            raise FederationFailed(f"{self._address} gave a term that VALUES cannot hold: {term}")
        return str(term)
