import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import Locked
from kg.locking import writer_lock

_HOLD = """
import sys
from pathlib import Path
from kg.locking import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Another process that holds the lock until its input is closed."""
    command = [sys.executable, "-c", _HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_second_writer_is_told_who_holds_the_lock(
    holder: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    with (
        pytest.raises(Locked, match=rf"process {holder.pid} \(-c .*, since 2.*\) is writing"),
        writer_lock(tmp_path),
    ):
        pass


def test_second_writer_waits_for_the_first(
    holder: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    def let_go(told: str) -> None:
        assert str(holder.pid) in told
        assert holder.stdin
        holder.stdin.close()

    with writer_lock(tmp_path, wait=60, on_wait=let_go):
        assert holder.wait() == 0


def test_lock_of_a_killed_process_is_free(
    holder: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    holder.kill()
    holder.wait()

    with writer_lock(tmp_path):
        pass
