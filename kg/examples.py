"""Examples that cannot rot: each offered query, asked with its example values, still answers."""

import json
import time
from dataclasses import dataclass
from typing import Final

from pyoxigraph import QueryBoolean, Store

from kg.catalogue import Catalogue, NamedQuery
from kg.engines import QueryEngine, QueryRequest
from kg.errors import KgError

_TABLE: Final = "application/sparql-results+json"
_GRAPH: Final = "application/n-triples"


@dataclass(frozen=True)
class BrokenExample:
    """A query that no longer does what its header says."""

    name: str
    reason: str


def find_broken_examples(
    catalogue: Catalogue, source: Store | QueryEngine, snapshot: str = ""
) -> list[BrokenExample]:
    """The offered queries that fail, give fewer rows than `least` or take longer than `budget`.

    An engine is asked about the kept snapshot of this id, or about the served one.
    """
    found = ((query, _find_fault(query, source, snapshot)) for query in catalogue.offered())
    return [BrokenExample(query.name, reason) for query, reason in found if reason]


def _find_fault(query: NamedQuery, source: Store | QueryEngine, snapshot: str) -> str:
    start = time.monotonic()
    try:
        rows = _count_rows(query, source, snapshot)
    except (KgError, OSError) as error:  # OSError: what a store raises that cannot be read
        return f"it fails: {error}"
    seconds = time.monotonic() - start
    if rows < query.least:
        return f"{rows} rows instead of {query.least} or more"
    if seconds > query.budget:
        return f"{seconds:.1f} seconds instead of {query.budget:g} or less"
    return ""


def _count_rows(query: NamedQuery, source: Store | QueryEngine, snapshot: str) -> int:
    if not isinstance(source, Store):
        return _count_sent(query, source, snapshot)
    answer = query.run(source, query.parameters)
    return int(bool(answer)) if isinstance(answer, QueryBoolean) else sum(1 for _ in answer)


def _count_sent(query: NamedQuery, engine: QueryEngine, snapshot: str) -> int:
    """Rows, triples, or 1 for yes, in the answer that an engine gives within the budget."""
    text = query.bind(query.parameters)
    asked = QueryRequest(text, _TABLE, _GRAPH, timeout=query.budget, snapshot=snapshot)
    answer = engine.run(asked)
    content = answer.read()
    if answer.media_type == _GRAPH:
        return content.count(b"\n")
    said = json.loads(content)
    return int(said["boolean"]) if "boolean" in said else len(said["results"]["bindings"])
