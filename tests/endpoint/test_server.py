import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from granian.constants import Interfaces

from endpoint.server import WebServer
from kg.settings import Settings
from tests.endpoint.conftest import free_port, running_server, serve_command
from tests.kg.engines.homes import POINT, children, is_alive, publish, small_settings, wait_until

SEVEN = b"name\r\nthing 7\r\n"


def family(pid: int) -> set[int]:
    """A process with all that it started."""
    return {pid}.union(*(family(child) for child in children(pid)))


def try_to_serve(settings: Settings, port: int) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        serve_command(port),
        env=os.environ | settings.to_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_a_snapshot_the_server_says_what_to_do(tmp_path: Path) -> None:
    result = try_to_serve(small_settings(tmp_path), free_port())

    assert result.returncode != 0
    assert "ssc4c build" in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_a_port_that_is_taken_is_told(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = try_to_serve(small_settings(home), taken.getsockname()[1])

    assert result.returncode != 0
    assert "Address already in use" in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_server_ends_with_all_its_processes(home: Path, number: signal.Signals) -> None:
    settings = small_settings(home)
    with running_server(settings) as server:
        assert server.ask(POINT).body == SEVEN
        processes = family(server.process.pid)
        assert len(processes) >= 1 + 2 + 1 + 2  # itself, web, service, workers

        server.process.send_signal(number)

        assert server.process.wait(60) == 0
    wait_until(lambda: not any(is_alive(pid) for pid in processes))
    assert not settings.query_socket.exists()


def test_a_query_service_that_broke_down_is_started_again(home: Path) -> None:
    with running_server(small_settings(home)) as server:
        service = service_of(server.process.pid)

        os.kill(service, signal.SIGKILL)
        wait_until(lambda: server.get("/ready").status == 200)

        assert service_of(server.process.pid) != service
        assert server.ask(POINT).body == SEVEN
        assert server.get("/health").status == 200


def service_of(pid: int) -> int:
    """The query service among the processes of a server."""
    found = [each for each in family(pid) if b"kg.engines.service" in command(each)]
    return min(found)


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def test_a_new_snapshot_is_served_without_a_restart(home: Path) -> None:
    with running_server(small_settings(home)) as server:
        before = server.ask(POINT)

        publish(home, "000000002-test", "new thing")
        after = server.ask(POINT)

    assert before.headers["ssc4c-snapshot"] == "000000001-test"
    assert after.headers["ssc4c-snapshot"] == "000000002-test"
    assert after.body == b"name\r\nnew thing 7\r\n"


def test_a_server_that_was_killed_leaves_nothing_behind(home: Path) -> None:
    with running_server(small_settings(home)) as server:
        processes = family(server.process.pid)

        server.process.kill()

        wait_until(lambda: not any(is_alive(pid) for pid in processes))


def test_a_signal_between_look_and_clearing_is_not_forgotten() -> None:
    server = WebServer("endpoint.wsgi:app", interface=Interfaces.WSGI)
    server.interrupt_signal = True  # what the handler of the signal does
    server.main_loop_interrupt.set()

    server.main_loop_interrupt.clear()  # as the loop does when a worker has died

    assert server.main_loop_interrupt.is_set()
