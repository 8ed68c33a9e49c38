import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls stand on Linux")


def run_behind(wall: str, code: str) -> str:
    """What the code prints in a process that has put up the wall."""
    program = f"from kg.engines import walls\nimport os, socket, threading\nwalls.{wall}\n{code}"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    return result.stdout + result.stderr


@pytest.mark.parametrize(
    "deed",
    [
        "socket.socket()",
        "socket.socketpair()",
        "socket.create_connection(('127.0.0.1', 80))",
        "os.execv('/bin/true', ['true'])",
        "os.fork()",
        "os.posix_spawn('/bin/true', ['true'], {})",
    ],
)
def test_behind_the_wall_nothing_goes_out(deed: str) -> None:
    said = run_behind("close_network()", deed)

    assert "PermissionError: [Errno 1] Operation not permitted" in said


def test_behind_the_wall_threads_still_start() -> None:
    code = "t = threading.Thread(target=print, args=('here',)); t.start(); t.join()"

    assert run_behind("close_network()", code) == "here\n"


def test_the_wall_holds_threads_that_were_there_before() -> None:
    program = """
import threading, socket
from kg.engines import walls
go = threading.Event()
def try_out():
    go.wait()
    try:
        socket.socket()
    except PermissionError:
        print("refused")
thread = threading.Thread(target=try_out)
thread.start()
walls.close_network()
go.set()
thread.join()
"""
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )

    assert result.stdout == "refused\n"


def test_memory_grows_to_its_bound_and_no_further() -> None:
    assert run_behind("limit_memory(100 << 20)", "print(len(bytes(50 << 20)))") == "52428800\n"
    assert "MemoryError" in run_behind("limit_memory(100 << 20)", "bytes(200 << 20)")


def test_a_file_grows_to_its_bound_and_no_further() -> None:
    code = "import tempfile; f = tempfile.TemporaryFile(); f.write(bytes(2000)); f.flush()"

    assert "File too large" in run_behind("limit_files(1000)", code)


def test_private_memory_is_that_of_the_process() -> None:
    code = "x = bytearray(50 << 20); print(walls.private_memory(os.getpid()) > 50 << 20)"

    assert run_behind("private_memory(0)", code) == "True\n"


def test_a_process_whose_parent_is_gone_ends_at_once() -> None:
    assert run_behind("die_with_parent(1)", "print('alive')") == ""


def test_processor_time_is_that_of_the_process() -> None:
    code = "before = walls.processor_time(os.getpid()); sum(range(10**6)); "
    code += "print(0 < before < walls.processor_time(os.getpid()) < 60)"

    assert run_behind("private_memory(0)", code) == "True\n"


def test_threads_are_counted_that_python_does_not_know() -> None:
    assert run_behind("private_memory(0)", "print(walls.count_threads())") == "1\n"
