"""A small published graph, and a query service on it, for tests of engines and endpoint."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.engines import QueryRequest
from kg.engines.embedded import EmbeddedEngine
from kg.settings import Settings
from kg.snapshots import Snapshot, Snapshots

EX = "http://example.org/"
GRAPH = NamedNode(EX + "graph")
THINGS = 200
POINT = f"SELECT ?name WHERE {{ <{EX}thing/7> <{EX}name> ?name }}"
"""One row: ``thing 7``@en."""
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
"""Runs for hours in little memory."""
HOG = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
"""Takes all memory there is."""
LONG = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
"""640,000 rows, more than 100 MB as JSON."""


def publish(home: Path, snapshot_id: str = "000000001-test", name: str = "thing") -> Snapshot:
    """A snapshot of 800 triples and one record graph, made current."""
    snapshot = Snapshots(home).draft(snapshot_id)
    with snapshot:
        store = Store(str(snapshot.path / "store"))
        store.extend(_quads(name))
        store.flush()
        del store
        whole = snapshot.finish({"id": snapshot_id, "sequence": 1})
    Snapshots(home).make_current(whole)
    return whole


def _quads(name: str) -> Iterator[Quad]:
    for number in range(THINGS):
        thing = NamedNode(f"{EX}thing/{number}")
        yield Quad(thing, NamedNode(EX + "name"), Literal(f"{name} {number}", language="en"))
        yield Quad(thing, NamedNode(EX + "number"), Literal(number))
        yield Quad(thing, NamedNode(EX + "next"), NamedNode(f"{EX}thing/{number + 1}"))
        yield Quad(thing, NamedNode(EX + "group"), NamedNode(f"{EX}group/{number % 5}"))
    yield Quad(NamedNode(EX + "record"), NamedNode(EX + "says"), Literal("so"), GRAPH)


def small_settings(home: Path, **values: object) -> Settings:
    """Settings with bounds that tests can reach."""
    bounds: dict[str, object] = {
        "query_timeout": 20.0,
        "query_memory": 300 << 20,
        "memory": 0,
    }
    return Settings(home=home, **(bounds | values))  # type: ignore[arg-type]


@contextlib.contextmanager
def service_process(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A query service that is ready; it is terminated at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kg.engines.service"],
        env=os.environ | settings.to_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        assert process.stdout and process.stdin
        said = process.stdout.readline()
        try:
            assert said == b"ready\n"
            yield process
        finally:
            process.terminate()
            process.stdin.close()


@contextlib.contextmanager
def running_engine(settings: Settings) -> Iterator[EmbeddedEngine]:
    """An engine with a service behind it."""
    with engine_and_process(settings) as (engine, _):
        yield engine


@contextlib.contextmanager
def engine_and_process(
    settings: Settings,
) -> Iterator[tuple[EmbeddedEngine, subprocess.Popen[bytes]]]:
    """An engine and the process of the service behind it."""
    engine = EmbeddedEngine(settings)
    with service_process(settings) as process, contextlib.closing(engine):
        yield engine, process


def ask(engine: EmbeddedEngine, query: str, **values: object) -> str:
    """The answer as text, CSV unless asked otherwise."""
    chosen: dict[str, object] = {"table": "text/csv"}
    request = QueryRequest(query, **(chosen | values))  # type: ignore[arg-type]
    return engine.run(request).read().decode()


def children(pid: int) -> list[int]:
    """The processes that any thread of a process started and that live."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(each) for thread in threads for each in thread.read_text().split()]


def wait_until(condition: Callable[[], bool]) -> None:
    """Return once the condition holds; a test that waits in vain fails after a minute."""
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that nobody waited for counts as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
