"""A server on four small graphs, for the cases of the protocol."""

from collections.abc import Iterator

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.snapshots import Snapshots
from tests.endpoint.conftest import Server, running_server
from tests.kg.engines.homes import EX, small_settings

GRAPHS = ("one", "two", "three")


def _quads() -> Iterator[Quad]:
    thing, says = NamedNode(EX + "thing"), NamedNode(EX + "says")
    yield Quad(thing, says, Literal("merged"), DefaultGraph())
    for name in GRAPHS:
        yield Quad(thing, says, Literal(name), NamedNode(EX + name))
        yield Quad(thing, NamedNode(EX + "shares"), Literal("this"), NamedNode(EX + name))


@pytest.fixture(scope="session")
def protocol_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that the cases are sent to."""
    home = tmp_path_factory.mktemp("protocol")
    with Snapshots(home).draft("000000001-protocol") as draft:
        store = Store(str(draft.path / "store"))
        store.extend(_quads())
        store.flush()
        del store
        snapshot = draft.finish({"id": "000000001-protocol", "sequence": 1})
    Snapshots(home).make_current(snapshot)
    with running_server(small_settings(home)) as server:
        yield server
