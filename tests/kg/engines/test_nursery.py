import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.engines.embedded import EmbeddedEngine
from kg.engines.nursery import estimate, share
from kg.errors import QueryTimeout, QueryTooLarge
from kg.snapshots import Snapshots
from tests.kg.engines.homes import (
    CROSS,
    HOG,
    POINT,
    ask,
    children,
    engine_and_process,
    is_alive,
    publish,
    running_engine,
    small_settings,
    wait_until,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory mode needs Linux")

SEVEN = "name\r\nthing 7\r\n"
QUERIES = [
    POINT,
    "SELECT * WHERE { ?a ?b ?c } ORDER BY ?a ?b ?c",
    "SELECT * WHERE { GRAPH ?g { ?a ?b ?c } }",
    "SELECT ?b (COUNT(*) AS ?n) WHERE { ?a ?b ?c } GROUP BY ?b ORDER BY ?b",
]
MEMORY = {"memory": 1 << 30, "cache_bytes": 0}
Served = tuple[EmbeddedEngine, subprocess.Popen[bytes]]


@pytest.fixture
def served(home: Path) -> Iterator[Served]:
    """An engine whose workers have the snapshot in memory, and its service."""
    with engine_and_process(small_settings(home, query_timeout_max=900.0, **MEMORY)) as both:
        wait_until(lambda: in_memory(both[1].pid, home))
        wait_until(lambda: both[0].tell_store() == "memory")
        yield both


def in_memory(service: int, home: Path) -> bool:
    """Whether all workers of the service are there, and none has a store on disk open."""
    pids = children(service)
    return len(pids) == 4 and not any(has_open(pid, home / "snapshots") for pid in pids)


def has_open(pid: int, folder: Path) -> bool:
    try:
        held = [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return True
    return any(name.startswith(f"{folder}/") and "/store/" in name for name in held)


def test_answers_from_memory_are_those_from_disk(served: Served, home: Path) -> None:
    engine, _ = served
    answers = [ask(engine, query) for query in QUERIES]
    engine.close()

    assert in_memory(served[1].pid, home)
    publish(home, "000000002-test")
    served[1].terminate()
    served[1].wait(60)
    with running_engine(small_settings(home)) as other:
        assert answers == [ask(other, query) for query in QUERIES]


def test_limits_hold_in_memory(served: Served, home: Path) -> None:
    engine, process = served

    with pytest.raises(QueryTimeout):
        ask(engine, CROSS, timeout=0.5)
    with pytest.raises(QueryTooLarge, match="memory"):
        ask(engine, HOG)
    with pytest.raises(QueryTooLarge, match="nested too deeply"):
        ask(engine, "SELECT * {" + "{" * 100_000 + "}" * 100_000 + "}")

    wait_until(lambda: in_memory(process.pid, home))
    assert ask(engine, POINT) == SEVEN


def test_a_publish_is_seen_at_once_and_taken_into_memory(served: Served, home: Path) -> None:
    engine, process = served

    publish(home, "000000002-test", "new thing")

    assert ask(engine, POINT) == "name\r\nnew thing 7\r\n"
    wait_until(lambda: in_memory(process.pid, home))
    assert ask(engine, POINT) == "name\r\nnew thing 7\r\n"


def test_the_end_of_the_nursery_ends_no_worker(served: Served, home: Path) -> None:
    engine, process = served
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(ask, engine, CROSS, id="a" * 32, timeout=900.0)
        wait_until(lambda: [row.state for row in engine.running()] == ["running"])

        kill_nursery(process.pid)

        assert ask(engine, POINT) == SEVEN
        assert [row.id for row in engine.running()] == ["a" * 32]
        engine.stop("a" * 32)
        assert running.exception()
    wait_until(lambda: in_memory(process.pid, home))
    assert ask(engine, POINT) == SEVEN


def kill_nursery(service: int) -> None:
    """Kill the nursery of the service, once there is one."""
    wait_until(lambda: bool(nurseries(service)))
    [nursery] = nurseries(service)
    os.kill(nursery, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{nursery}").exists())


def nurseries(service: int) -> list[int]:
    return [pid for pid in children(service) if name_of(pid) == "ssc4c-nursery"]


def name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def test_a_nursery_that_ends_again_and_again_leaves_it_to_the_disk(
    served: Served, home: Path
) -> None:
    engine, process = served
    for _ in range(3):
        wait_until(lambda: in_memory(process.pid, home))
        kill_nursery(process.pid)

    before = children(process.pid)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in before))

    assert ask(engine, POINT) == SEVEN
    wait_until(lambda: len(children(process.pid)) == 3)
    assert all(has_open(pid, home / "snapshots") for pid in children(process.pid))


def test_workers_and_nursery_end_with_a_service_that_was_killed(served: Served) -> None:
    _, process = served
    pids = children(process.pid)

    process.kill()

    wait_until(lambda: not any(is_alive(pid) for pid in pids))


def test_a_snapshot_that_turns_out_not_to_fit_is_served_from_disk(home: Path) -> None:
    with engine_and_process(small_settings(home, memory=1)) as (engine, process):
        assert process.stderr
        assert b"is served from disk: its store takes" in process.stderr.readline()

        wait_until(lambda: len(children(process.pid)) == 3)
        assert any(has_open(pid, home / "snapshots") for pid in children(process.pid))
        assert ask(engine, POINT) == SEVEN
        assert engine.tell_store() == "disk"


def test_a_snapshot_that_is_too_large_by_its_manifest_is_not_tried(home: Path) -> None:
    manifest = Snapshots(home).current().path / "manifest.json"
    manifest.write_text('{"triples": 1000000000}')
    seen: set[int] = set()
    with engine_and_process(small_settings(home, **MEMORY)) as (engine, process):
        for _ in range(50):
            assert ask(engine, POINT) == SEVEN
            seen |= set(children(process.pid))

    assert len(seen) == 3


def test_each_worker_and_the_nursery_have_their_share(home: Path) -> None:
    assert share(small_settings(home, memory=4000, query_workers=2)) == 1000
    assert estimate(Snapshots(home).current()) == 0


def test_a_snapshot_that_cannot_be_read_is_not_taken_for_a_small_one(home: Path) -> None:
    snapshot = Snapshots(home).current()
    (snapshot.store_path / "CURRENT").write_text("nonsense")

    code = (
        "from pathlib import Path; from kg.snapshots import Snapshots; "
        "from kg.engines.nursery import load; "
        f"print(len(load(Snapshots(Path({str(home)!r})).current(), 1 << 30)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert "cannot be read to its end" in result.stderr
