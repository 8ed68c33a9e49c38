"""What the tests of sources share: the project's forms, names and shipped records."""

from datetime import date

import pytest
from pyoxigraph import Quad, Store

from kg.records import Record
from kg.settings import PROJECT
from loader.problems import RowProblem
from loader.sources import Lookup, read_lookup, read_project_source

Items = list[Record | RowProblem]


@pytest.fixture(scope="session")
def project_lookup() -> Lookup:
    """The lookup of the project, to be read only."""
    return make_lookup()


def make_lookup() -> Lookup:
    lookup = read_lookup(PROJECT)
    lookup.today = date(2026, 11, 24)
    return lookup


@pytest.fixture
def lookup() -> Lookup:
    """A lookup of its own for a test that loads."""
    return make_lookup()


@pytest.fixture(scope="session")
def shipped(project_lookup: Lookup) -> dict[str, Items]:
    """All items of each source that the project ships."""
    return {
        source: list(read_project_source(PROJECT, source, project_lookup))
        for source in ("vocabulary", "reference", "ssc4c")
    }


@pytest.fixture(scope="session")
def shipped_store(shipped: dict[str, Items]) -> Store:
    """The shipped records, each in its graph."""
    store = Store()
    for items in shipped.values():
        for item in items:
            assert isinstance(item, Record), item
            store.extend(
                Quad(triple.subject, triple.predicate, triple.object, item.graph)
                for triple in item.triples
            )
    return store
