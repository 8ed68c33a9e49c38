"""The graphs that the queries are asked about, and their answers as bytes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
)

from kg.catalogue import OFFERED as FOLDERS
from kg.catalogue import NamedQuery, read_query
from kg.namespaces import GRAPH, expand
from kg.settings import PROJECT
from kg.snapshots import Snapshots

QUERIES: Final = PROJECT / "queries"
COMPETENCY: Final = sorted((QUERIES / "competency").glob("*.rq"))
CHECKS: Final = sorted((QUERIES / "checks").glob("*.rq"))
OFFERED: Final = sorted(path for name in FOLDERS for path in (QUERIES / name).glob("*.rq"))
EVERY: Final = sorted(QUERIES.rglob("*.rq"))
FIXTURES: Final = Path(__file__).parent / "fixtures"

_TIME: Final = NamedNode(expand("prov:generatedAtTime"))
_BUILT: Final = Literal("2026-11-24T12:00:00Z", datatype=NamedNode(expand("xsd:dateTime")))
_SCHEMES: Final = sorted((PROJECT / "ontology" / "schemes").glob("*.ttl"))


def shipped_store(home: Path) -> Store:
    """The served snapshot in memory, as if every record had come in at one moment.

    The clock is the one thing in which two builds of the same data differ.
    """
    snapshot = Snapshots(home).current()
    store = Store()
    store.bulk_extend(map(_at_one_moment, Store.read_only(str(snapshot.store_path))))
    return store


def _at_one_moment(quad: Quad) -> Quad:
    if quad.predicate != _TIME:
        return quad
    return Quad(quad.subject, quad.predicate, _BUILT, quad.graph_name)


def fixture_store(path: Path) -> Store:
    """A made-up graph with the real concepts beside it; records stand in the merged set, too."""
    store = Store()
    for scheme in _SCHEMES:
        store.bulk_load(path=str(scheme), format=RdfFormat.TURTLE)
    store.bulk_extend(_merged(parse(path=str(path), format=RdfFormat.TRIG)))
    return store


def _merged(quads: Iterator[Quad]) -> Iterator[Quad]:
    for quad in quads:
        yield quad
        graph = quad.graph_name
        if isinstance(graph, NamedNode) and not graph.value.startswith(f"{GRAPH}meta/"):
            yield Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())


def answer(path: Path, store: Store) -> bytes:
    """The answer of a query file with its example values, as CSV."""
    query = read_query(path)
    return to_csv(query.select(store, query.parameters))


def find_all(check: NamedQuery, store: Store) -> bytes:
    """What a check finds in the whole graph, as CSV."""
    found = store.query(check.text)
    assert isinstance(found, QuerySolutions)
    return to_csv(found)


def to_csv(rows: QuerySolutions) -> bytes:
    """Rows as the bytes that the endpoint sends."""
    return rows.serialize(format=QueryResultsFormat.CSV) or b""


def fixture_of(path: Path) -> Path:
    """The made-up graph of a competency question: ``cq-03-….rq`` has ``cq-03.trig``."""
    return FIXTURES / f"{path.stem[:5]}.trig"
