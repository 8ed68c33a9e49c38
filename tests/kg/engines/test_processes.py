import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.engines import QueryRequest, failures
from kg.engines.frames import Kind
from kg.engines.processes import Worker, explain_end, start_worker
from kg.engines.wire import write_question
from kg.errors import EngineFailed, KgError, NotSortable, QueryTooLarge, ServiceRefused
from kg.snapshots import Snapshots
from tests.kg.engines.homes import is_alive, small_settings

SIGABRT, SIGSEGV, SIGKILL = 6, 11, 9


@pytest.mark.parametrize(
    ("status", "text", "kind", "word"),
    [
        (SIGABRT, "memory allocation of 96 bytes failed", QueryTooLarge, "SSC4C_QUERY_MEMORY"),
        (SIGSEGV, "", QueryTooLarge, "nested too deeply"),
        (SIGABRT, "does not correctly implement a total order", NotSortable, "STR(?x)"),
        (SIGKILL, "", EngineFailed, "signal 9"),
        (1 << 8, "", EngineFailed, "exit code 1"),
    ],
)
def test_the_end_of_a_worker_is_explained(
    status: int, text: str, kind: type[KgError], word: str
) -> None:
    reason = explain_end(status, text)

    assert type(reason) is kind
    assert word in reason.detail


@pytest.fixture
def worker(home: Path) -> Iterator[Worker]:
    """A worker without a service, that answers whatever it is asked."""
    worker = start_worker(Snapshots(home).current(), small_settings(home))
    worker.channel.socket.setblocking(True)
    assert worker.channel.receive().kind == Kind.READY
    yield worker
    worker.kill(EngineFailed("the test is over"))
    worker.bury()


@pytest.mark.skipif(sys.platform != "linux", reason="the wall stands on Linux")
@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_the_wall_holds_where_the_scan_is_passed_by(worker: Worker, silent: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        away = f"SERVICE {silent} <http://127.0.0.1:{port}/sparql> {{ ?s ?p ?o }}"
        question = QueryRequest(f"SELECT * {{ {away} }}", "text/csv")

        worker.channel.send(write_question(Kind.QUERY, question))
        reply = worker.channel.receive()

        assert_nobody_called(listener)
    if not silent:
        assert isinstance(failures.decode(reply.body), ServiceRefused)


def assert_nobody_called(listener: socket.socket) -> None:
    listener.setblocking(False)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_a_worker_holds_no_files_of_its_maker(worker: Worker, home: Path) -> None:
    folder = Path(f"/proc/{worker.pid}/fd")
    held = {str(each.readlink()) for each in folder.iterdir()}
    foreign = {each for each in held if not each.startswith((str(home), "/dev/null", "socket:"))}

    assert sum(each.startswith("socket:") for each in held) == 1
    assert all("(deleted)" in each or "pipe" in each or "anon" in each for each in foreign)


def test_a_worker_ends_when_nobody_is_there_any_more(home: Path) -> None:
    worker = start_worker(Snapshots(home).current(), small_settings(home))
    worker.channel.socket.setblocking(True)
    worker.channel.receive()

    worker.channel.socket.shutdown(socket.SHUT_RDWR)
    reason = worker.bury()

    assert "exit code 0" in reason.detail
    assert not is_alive(worker.pid)
