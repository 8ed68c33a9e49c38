import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from kg.engines import QueryRequest
from kg.engines.embedded import EmbeddedEngine
from kg.engines.frames import Channel, Kind
from kg.engines.wire import write_question
from kg.errors import (
    BadInput,
    BadQuery,
    EngineBusy,
    EngineFailed,
    NotRunning,
    QueryStopped,
    QueryTimeout,
    QueryTooLarge,
    UnknownResource,
)
from kg.snapshots import Snapshots
from tests.kg.engines.homes import (
    CROSS,
    HOG,
    LONG,
    POINT,
    ask,
    children,
    engine_and_process,
    is_alive,
    publish,
    running_engine,
    service_process,
    small_settings,
    wait_until,
)

SEVEN = "name\r\nthing 7\r\n"


def test_a_query_is_answered_with_the_snapshot_it_saw(engine: EmbeddedEngine) -> None:
    answer = engine.run(QueryRequest(POINT, table="text/csv"))

    assert (answer.media_type, answer.length, answer.snapshot) == (
        "text/csv",
        len(SEVEN),
        "000000001-test",
    )
    assert answer.read().decode() == SEVEN


def test_a_long_answer_arrives_whole(engine: EmbeddedEngine) -> None:
    rows = ask(engine, "SELECT * WHERE { ?a ?b ?c . ?a ?d ?e }").splitlines()

    assert len(rows) == 1 + 200 * 16


def test_a_long_query_arrives_whole(engine: EmbeddedEngine) -> None:
    assert ask(engine, f"# {'long ' * 100_000}\n{POINT}") == SEVEN


def test_a_malformed_query_is_told_with_its_place(engine: EmbeddedEngine) -> None:
    with pytest.raises(BadQuery) as caught:
        ask(engine, "SELECT * {\n  ?s ex:name ?o\n}")

    assert (caught.value.line, caught.value.column) == (2, 6)


def test_many_threads_get_their_own_answers(engine: EmbeddedEngine) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda n: ask(engine, POINT.replace("/7>", f"/{n}>")), range(100))

    assert list(answers) == [f"name\r\nthing {n}\r\n" for n in range(100)]


def test_a_query_past_its_deadline_is_stopped_and_the_next_is_answered(
    engine: EmbeddedEngine,
) -> None:
    for _ in range(3):  # more than there are workers
        with pytest.raises(QueryTimeout, match=r"after 0\.2 seconds"):
            ask(engine, CROSS, timeout=0.2)

    assert ask(engine, POINT) == SEVEN


def test_a_query_that_takes_all_memory_is_stopped_and_the_next_is_answered(
    engine: EmbeddedEngine,
) -> None:
    for _ in range(3):
        with pytest.raises(QueryTooLarge, match="memory"):
            ask(engine, HOG)

    assert ask(engine, POINT) == SEVEN


def test_an_answer_past_the_bound_is_an_error(engine: EmbeddedEngine) -> None:
    with pytest.raises(QueryTooLarge, match="longer than 1048576 bytes"):
        ask(engine, LONG)

    assert ask(engine, POINT) == SEVEN


def test_a_query_nested_too_deeply_is_told_so(engine: EmbeddedEngine) -> None:
    with pytest.raises(QueryTooLarge, match="nested too deeply"):
        ask(engine, "SELECT * {" + "{" * 100_000 + "}" * 100_000 + "}")

    assert ask(engine, POINT) == SEVEN


@pytest.fixture
def one_worker(home: Path) -> Iterator[tuple[EmbeddedEngine, ThreadPoolExecutor]]:
    """An engine with one worker and place for one query to wait; threads to ask it."""
    settings = small_settings(home, query_workers=1, query_queue=1, query_timeout=60.0)
    with running_engine(settings) as engine, ThreadPoolExecutor(8) as pool:
        yield engine, pool


def cross(name: str) -> str:
    """A query that runs until it is stopped, different from others of another name."""
    return f"{CROSS} # {name}"


def start_cross(engine: EmbeddedEngine, pool: ThreadPoolExecutor, query_id: str) -> "Future[str]":
    """A query that runs until it is stopped."""
    future = pool.submit(ask, engine, cross(query_id), id=query_id)
    wait_until(lambda: query_id in states(engine))
    return future


def states(engine: EmbeddedEngine) -> dict[str, str]:
    return {row.id: row.state for row in engine.running()}


def test_a_query_is_turned_away_when_the_queue_is_full(
    one_worker: tuple[EmbeddedEngine, ThreadPoolExecutor],
) -> None:
    engine, pool = one_worker
    start_cross(engine, pool, "a" * 32)
    waiting = start_cross(engine, pool, "b" * 32)
    wait_until(lambda: states(engine)["b" * 32] == "waiting")

    with pytest.raises(EngineBusy, match=r"1 queries wait already \(SSC4C_QUERY_QUEUE\)"):
        ask(engine, cross("c"))

    for each in "ab":
        assert engine.stop(each * 32)
    with pytest.raises(QueryStopped):
        waiting.result()
    assert ask(engine, POINT) == SEVEN


def test_a_short_query_is_answered_while_long_ones_hold_all_workers(
    one_worker: tuple[EmbeddedEngine, ThreadPoolExecutor],
) -> None:
    engine, pool = one_worker
    for each in "abc":
        start_cross(engine, pool, each * 32)

    assert ask(engine, POINT) == SEVEN

    assert "running" in states(engine).values()
    for each in "abc":
        engine.stop(each * 32)


HALF_A_SECOND = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a <http://example.org/group> ?b . "
    "?c <http://example.org/group> ?d . ?e <http://example.org/number> ?f FILTER(?f < 90) }"
)


def test_a_client_that_holds_all_workers_makes_way_for_another(home: Path) -> None:
    settings = small_settings(home, query_timeout=600.0, query_timeout_max=600.0)
    with running_engine(settings) as engine, ThreadPoolExecutor(8) as pool:
        crowd = [
            pool.submit(ask, engine, cross(each), id=each * 32, client="crowd") for each in "abcde"
        ]
        wait_until(lambda: list(states(engine).values()).count("running") >= 2)

        assert ask(engine, HALF_A_SECOND, client="somebody") == "n\r\n3600000\r\n"

        assert set(states(engine)) == {each * 32 for each in "abcde"}
        for each in "abcde":
            engine.stop(each * 32)
        for future in crowd:
            with pytest.raises(QueryStopped):
                future.result()


def test_the_same_query_asked_meanwhile_runs_once(
    one_worker: tuple[EmbeddedEngine, ThreadPoolExecutor],
) -> None:
    engine, pool = one_worker
    slow = HALF_A_SECOND.replace("90", "190")
    futures = [pool.submit(ask, engine, slow) for _ in range(6)]
    stopped = pool.submit(ask, engine, slow, id="a" * 32)
    wait_until(lambda: len(engine.running()) == 7)

    assert engine.stop("a" * 32)

    with pytest.raises(QueryStopped):
        stopped.result()
    assert {future.result() for future in futures} == {"n\r\n7600000\r\n"}


def test_an_answer_is_kept_for_whoever_asks_again(home: Path) -> None:
    with running_engine(small_settings(home)) as engine:
        first, again = (engine.run(QueryRequest(POINT, table="text/csv")) for _ in range(2))
        other = engine.run(QueryRequest(POINT, table="text/tab-separated-values"))

        assert (first.is_kept, again.is_kept, other.is_kept) == (False, True, False)
        assert first.seconds == again.seconds > 0
        assert first.read() == again.read() == SEVEN.encode()


def test_a_kept_long_answer_is_read_by_many_at_once(home: Path) -> None:
    with running_engine(small_settings(home)) as engine:
        rows = QueryRequest("SELECT * WHERE { ?a ?b ?c . ?a ?d ?e }", table="text/csv")
        first, *others = (engine.run(replace(rows, id=f"{n:032x}")) for n in range(4))

        parts = [first.file.read(10_000), *(other.file.read(5) for other in others)]

        assert all(other.is_kept for other in others)
        whole = first.read()
        assert [part + other.read() for part, other in zip(parts[1:], others, strict=True)] == [
            parts[0] + whole
        ] * 3


@pytest.mark.parametrize("query", ["SELECT (RAND() AS ?x) {}", "SELECT (NOW() AS ?x) {}"])
def test_what_answers_differently_each_time_is_not_kept(engine: EmbeddedEngine, query: str) -> None:
    assert ask(engine, query) != ask(engine, query)


def test_without_bytes_to_keep_nothing_is_kept(home: Path) -> None:
    with running_engine(small_settings(home, cache_bytes=0)) as engine:
        for _ in range(2):
            assert not engine.run(QueryRequest(POINT)).is_kept


def test_a_new_snapshot_makes_new_answers(home: Path) -> None:
    with running_engine(small_settings(home)) as engine:
        assert ask(engine, POINT) == ask(engine, POINT) == SEVEN

        publish(home, "000000002-test", "new thing")

        assert ask(engine, POINT) == "name\r\nnew thing 7\r\n"


def test_a_kept_snapshot_can_be_asked(home: Path) -> None:
    settings = small_settings(home)
    with engine_and_process(settings) as (engine, process):
        for number in range(2, 6):
            publish(home, f"00000000{number}-test", f"thing of {number}")

        for number in (2, 3, 4, 2, 5):
            old = QueryRequest(POINT, table="text/csv", snapshot=f"00000000{number}-test")
            answer = engine.run(old)
            assert answer.snapshot == f"00000000{number}-test"
            assert answer.read().decode() == f"name\r\nthing of {number} 7\r\n"

        wait_until(lambda: len(children(process.pid)) <= 3 + 2)


@pytest.mark.parametrize(
    "snapshot", ["000000009-none", "../snapshots/000000001-test", "1\0", "0" * 999]
)
def test_a_snapshot_that_is_not_kept_is_told(engine: EmbeddedEngine, snapshot: str) -> None:
    with pytest.raises(UnknownResource, match="snapshot"):
        ask(engine, POINT, snapshot=snapshot)


def test_a_kept_snapshot_that_cannot_be_opened_is_told(home: Path) -> None:
    broken = Snapshots(home).folder / "000000000-broken"
    (broken / "store").mkdir(parents=True)
    (broken / "store" / "CURRENT").write_text("nonsense")
    (broken / "manifest.json").write_text("{}")
    with running_engine(small_settings(home)) as engine:
        with pytest.raises(EngineFailed, match="000000000-broken cannot be opened"):
            ask(engine, POINT, snapshot="000000000-broken")

        assert ask(engine, POINT) == SEVEN


def test_a_running_query_is_listed_and_can_be_stopped(
    one_worker: tuple[EmbeddedEngine, ThreadPoolExecutor],
) -> None:
    engine, pool = one_worker
    running = start_cross(engine, pool, "a" * 32)

    listed = engine.running()

    assert [row.id for row in listed] == ["a" * 32]
    assert engine.stop("a" * 32)
    with pytest.raises(QueryStopped):
        running.result()
    assert not engine.stop("a" * 32)
    assert engine.running() == []


def test_the_list_tells_who_runs_what(
    one_worker: tuple[EmbeddedEngine, ThreadPoolExecutor],
) -> None:
    engine, pool = one_worker
    pool.submit(ask, engine, CROSS, client="somebody", id="a" * 32)
    wait_until(lambda: len(engine.running()) == 1)

    [row] = engine.running()

    assert (row.client, row.state, row.query, row.snapshot) == (
        "somebody",
        "running",
        CROSS,
        "000000001-test",
    )
    engine.stop(row.id)


def test_an_id_that_is_in_use_is_refused(
    one_worker: tuple[EmbeddedEngine, ThreadPoolExecutor],
) -> None:
    engine, pool = one_worker
    start_cross(engine, pool, "a" * 32)

    with pytest.raises(BadInput, match="in use"):
        ask(engine, POINT, id="a" * 32)

    assert engine.stop("a" * 32)


def test_a_submitted_query_is_fetched_later(engine: EmbeddedEngine) -> None:
    request = QueryRequest(POINT, table="text/csv")

    engine.submit(request)
    wait_until(lambda: engine.fetch(request.id) is not None)

    for _ in range(2):
        answer = engine.fetch(request.id)
        assert answer
        assert answer.read().decode() == SEVEN


def test_the_error_of_a_submitted_query_is_fetched_too(engine: EmbeddedEngine) -> None:
    request = QueryRequest(CROSS, timeout=0.3)

    engine.submit(request)

    assert engine.fetch(request.id) is None
    wait_until(lambda: engine.running() == [])
    with pytest.raises(QueryTimeout):
        engine.fetch(request.id)


def test_a_submitted_query_can_be_stopped(engine: EmbeddedEngine) -> None:
    request = QueryRequest(CROSS)
    engine.submit(request)

    assert engine.stop(request.id)

    with pytest.raises(QueryStopped):
        engine.fetch(request.id)


def test_what_was_not_submitted_cannot_be_fetched(
    one_worker: tuple[EmbeddedEngine, ThreadPoolExecutor],
) -> None:
    engine, pool = one_worker
    start_cross(engine, pool, "a" * 32)

    for query_id in ("a" * 32, "b" * 32):
        with pytest.raises(NotRunning):
            engine.fetch(query_id)

    assert engine.stop("a" * 32)


def test_the_id_of_a_kept_answer_cannot_be_used_again(engine: EmbeddedEngine) -> None:
    request = QueryRequest(POINT, table="text/csv")
    engine.submit(request)
    wait_until(lambda: engine.fetch(request.id) is not None)

    with pytest.raises(BadInput, match="in use"):
        engine.submit(request)


def test_a_query_may_ask_for_more_time_but_not_for_any(home: Path) -> None:
    settings = small_settings(home, query_timeout=0.2, query_timeout_max=0.4)
    with running_engine(settings) as engine:
        with pytest.raises(QueryTimeout, match=r"up to 0\.4 seconds by `timeout`"):
            ask(engine, CROSS)
        with pytest.raises(
            QueryTimeout, match=r"after 0\.4 seconds, the longest that a query may run"
        ):
            ask(engine, CROSS, timeout=500.0)


def test_a_query_whose_asker_hung_up_is_stopped(home: Path) -> None:
    settings = small_settings(home, query_workers=1, query_timeout=600.0)
    with running_engine(settings) as engine:
        with socket.socket(socket.AF_UNIX) as end:
            end.connect(str(settings.query_socket))
            Channel(end).send(write_question(Kind.QUERY, QueryRequest(CROSS)))
            wait_until(lambda: len(engine.running()) == 1)

        wait_until(lambda: engine.running() == [])
        assert ask(engine, POINT) == SEVEN


def test_a_killed_worker_is_replaced(home: Path) -> None:
    settings = small_settings(home)
    with engine_and_process(settings) as (engine, process):
        wait_until(lambda: len(children(process.pid)) == 3)
        before = children(process.pid)

        for pid in before:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in before))

        assert ask(engine, POINT) == SEVEN
        wait_until(lambda: len(children(process.pid)) == 3)


def test_a_worker_killed_at_work_is_an_error_and_no_wait(
    one_worker: tuple[EmbeddedEngine, ThreadPoolExecutor], home: Path
) -> None:
    engine, pool = one_worker
    running = start_cross(engine, pool, "a" * 32)

    kill_workers_on(home)

    with pytest.raises(EngineFailed, match="signal 9"):
        running.result()
    assert ask(engine, POINT) == SEVEN


def kill_workers_on(home: Path) -> None:
    """Kill every process that has the store of this home open."""
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            names = [str(each.readlink()) for each in folder.iterdir()]
        except OSError:
            continue
        if any(name.startswith(str(home / "snapshots")) for name in names):
            os.kill(int(folder.parent.name), signal.SIGKILL)


def test_processes_are_as_many_after_hostile_queries_as_before(home: Path) -> None:
    settings = small_settings(home, query_timeout=1.0)
    with engine_and_process(settings) as (engine, process):
        wait_until(lambda: len(children(process.pid)) == 3)

        for query in (CROSS, HOG, CROSS, "SELECT * {" + "{" * 100_000):
            with pytest.raises((QueryTimeout, QueryTooLarge)):
                ask(engine, query)

        wait_until(lambda: len(children(process.pid)) == 3)
        assert ask(engine, POINT) == SEVEN


def test_a_new_snapshot_is_seen_by_the_next_query(home: Path) -> None:
    with running_engine(small_settings(home)) as engine:
        assert ask(engine, POINT) == SEVEN

        publish(home, "000000002-test", "new thing")
        answer = engine.run(QueryRequest(POINT, table="text/csv"))

        assert answer.snapshot == "000000002-test"
        assert answer.read() == b"name\r\nnew thing 7\r\n"


def test_an_open_query_ends_on_the_snapshot_it_began_with(home: Path) -> None:
    slow = (
        "SELECT (COUNT(*) AS ?n) (SAMPLE(?name) AS ?one) WHERE "
        "{ ?a <http://example.org/group> ?b . ?c <http://example.org/group> ?d . "
        "?e <http://example.org/group> ?f . "
        "<http://example.org/thing/7> <http://example.org/name> ?name }"
    )
    settings = small_settings(home, query_timeout=600.0, query_workers=1)
    with running_engine(settings) as engine, ThreadPoolExecutor(1) as pool:
        running = pool.submit(ask, engine, slow)
        wait_until(lambda: len(engine.running()) == 1)

        publish(home, "000000002-test", "new thing")

        assert ask(engine, POINT) == "name\r\nnew thing 7\r\n"
        assert running.result() == "n,one\r\n8000000,thing 7\r\n"


def test_a_snapshot_that_cannot_be_opened_leaves_the_one_before_in_use(home: Path) -> None:
    with running_engine(small_settings(home)) as engine:
        assert ask(engine, POINT) == SEVEN

        broken = Snapshots(home).find("000000001").path.with_name("000000002-broken")
        (broken / "store").mkdir(parents=True)
        (broken / "store" / "CURRENT").write_text("nonsense")
        (home / "current").unlink()
        (home / "current").symlink_to(broken)

        assert ask(engine, POINT) == SEVEN
        publish(home, "000000003-test", "mended thing")
        assert ask(engine, POINT) == "name\r\nmended thing 7\r\n"


def test_a_snapshot_that_cannot_be_opened_and_none_before_is_an_error(home: Path) -> None:
    settings = small_settings(home, query_workers=1, cache_bytes=0)
    with running_engine(settings) as engine:
        assert ask(engine, POINT) == SEVEN
        shutil.rmtree(home / "snapshots")

        kill_and_wait(engine, home)

        with pytest.raises(EngineFailed, match="cannot be opened"):
            ask(engine, POINT)


def kill_and_wait(engine: EmbeddedEngine, home: Path) -> None:
    kill_workers_on(home)
    wait_until(lambda: is_failing(engine))


def is_failing(engine: EmbeddedEngine) -> bool:
    try:
        ask(engine, POINT)
    except EngineFailed:
        return True
    return False


def run_to_its_end(home: Path) -> subprocess.CompletedProcess[str]:
    settings = small_settings(home)
    return subprocess.run(
        [sys.executable, "-m", "kg.engines.service"],
        env=os.environ | settings.to_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_a_snapshot_the_service_says_what_to_do(tmp_path: Path) -> None:
    result = run_to_its_end(tmp_path)

    assert result.returncode == 1
    assert "run `ssc4c build` first" in result.stderr


def test_a_second_service_on_the_same_home_is_refused(home: Path) -> None:
    with running_engine(small_settings(home)) as engine:
        result = run_to_its_end(home)

        assert result.returncode == 5
        assert "another server" in result.stderr
        assert ask(engine, POINT) == SEVEN


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_service_ends_cleanly_when_told_to(home: Path, number: signal.Signals) -> None:
    settings = small_settings(home)
    with service_process(settings) as process:
        wait_until(lambda: len(children(process.pid)) == 3)
        workers = children(process.pid)

        process.send_signal(number)

        assert process.wait(60) == 0
    assert not any(is_alive(pid) for pid in workers)
    assert not settings.query_socket.exists()


def test_the_service_ends_with_whoever_started_it(home: Path) -> None:
    with service_process(small_settings(home)) as process:
        assert process.stdin
        process.stdin.close()

        assert process.wait(60) == 0


def test_workers_end_with_a_service_that_was_killed(home: Path) -> None:
    settings = small_settings(home, query_workers=1, query_timeout=600.0)
    with engine_and_process(settings) as (engine, process), ThreadPoolExecutor(1) as pool:
        running = pool.submit(ask, engine, CROSS)
        wait_until(lambda: len(engine.running()) == 1)
        workers = children(process.pid)

        process.kill()

        wait_until(lambda: not any(is_alive(pid) for pid in workers))
        with pytest.raises(EngineFailed):
            running.result()


def test_a_killed_service_leaves_nothing_in_the_way_of_the_next(home: Path) -> None:
    settings = small_settings(home)
    with service_process(settings) as process:
        process.kill()
        process.wait()

    with running_engine(settings) as engine:
        assert ask(engine, POINT) == SEVEN


def test_nonsense_on_the_socket_disturbs_nobody(home: Path) -> None:
    settings = small_settings(home)
    with running_engine(settings) as engine:
        for text in (b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n", b"\x09" * 500, b"\x00"):
            with socket.socket(socket.AF_UNIX) as end:
                end.connect(str(settings.query_socket))
                end.sendall(text)

        assert ask(engine, POINT) == SEVEN
