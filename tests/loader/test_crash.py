"""Killed loads and full disks: nothing accepted is lost, nothing half-done is visible."""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.journal import Journal
from kg.settings import PROJECT, Settings
from kg.snapshots import Snapshots
from tests.loader.partner import COMMAND, copy_home, environment, row, run, write_table

_KILLS = 20
_ROWS = 150


def table_of(path: Path, version: int) -> Path:
    """Many rows whose titles tell the version."""
    rows = (row(n, title=f"Version {version} of {n}") for n in range(_ROWS))
    return write_table(path, *rows)


def titles(home: Path) -> set[str]:
    """The versions that the served snapshot holds."""
    dump = b"".join(Snapshots(home).current().dump()).decode()
    return {
        line.split('"')[1].split(" of ")[0]
        for line in dump.splitlines()
        if '"Version ' in line and " of " in line
    }


def seconds_of_a_load(home: Path, table: Path) -> float:
    start = time.monotonic()
    done = run(home, "load", table, "--source", "partner")
    assert done.returncode == 0, done.stderr
    return time.monotonic() - start


def test_killed_loads_lose_nothing_and_complete_when_run_again(
    shipped_home: Path, tmp_path: Path
) -> None:
    home = copy_home(shipped_home, tmp_path / "home")
    whole = seconds_of_a_load(home, table_of(tmp_path / "p.csv", 0))
    chance, killed, version = random.Random(20), 0, 0
    while killed < _KILLS:
        version += 1
        before = Snapshots(home).current().id
        table = table_of(tmp_path / "p.csv", version)
        command = [COMMAND, "load", str(table), "--source", "partner"]
        process = subprocess.Popen(
            command, env=environment(home), cwd=PROJECT, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.2, 1.0) * whole)
        process.kill()
        if process.wait() == -9:
            killed += 1
        else:  # it was faster than the first one
            whole *= 0.8

        with Journal(Settings(home=home).journal) as journal:
            journal.verify()
        served = titles(home)
        assert served == {f"Version {version - 1}"} or Snapshots(home).current().id > before
        assert len(served) == 1
        again = run(home, "load", table, "--source", "partner")
        assert again.returncode == 0, again.stderr
        assert titles(home) == {f"Version {version}"}


def test_killed_and_finished_loads_end_in_the_same_graph(
    shipped_home: Path, tmp_path: Path
) -> None:
    homes = [copy_home(shipped_home, tmp_path / name) for name in ("killed", "whole")]
    table = table_of(tmp_path / "p.csv", 1)
    whole = seconds_of_a_load(homes[1], table)
    process = subprocess.Popen(
        [COMMAND, "load", str(table), "--source", "partner"], env=environment(homes[0]), cwd=PROJECT
    )
    time.sleep(0.7 * whole)
    process.kill()
    process.wait()

    assert run(homes[0], "load", table, "--source", "partner").returncode == 0

    dumps = [list(Snapshots(home).current().dump()) for home in homes]
    assert dumps[0] == dumps[1]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that is soon full; needs root."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    path = tmp_path / "disk"
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", path], check=True)
    yield path
    subprocess.run(["umount", path], check=True)


def fill_up(disk: Path, but: int) -> Path:
    """Leave only so many bytes free."""
    free = os.statvfs(disk)
    file = disk / "ballast"
    with file.open("wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, free.f_bavail * free.f_frsize - but)
    return file


def test_full_disk_during_publish_leaves_the_old_graph_served(
    shipped_home: Path, tmp_path: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_home(shipped_home, small_disk / "home")
    monkeypatch.setenv("SSC4C_JOURNAL_URL", f"sqlite:///{tmp_path / 'journal.sqlite'}")
    shutil.move(home / "journal.sqlite", tmp_path / "journal.sqlite")
    before = Snapshots(home).current().id
    table = table_of(tmp_path / "p.csv", 1)
    ballast = fill_up(small_disk, but=1 << 20)

    done = run(home, "load", table, "--source", "partner")

    assert done.returncode == 6
    assert "No space left on device" in done.stderr.replace("\n", " ")
    assert "ssc4c publish" in done.stderr.replace("\n", " ")
    assert Snapshots(home).current().id == before
    assert not list((home / "snapshots").glob("draft-*"))
    ballast.unlink()
    assert run(home, "publish").returncode == 0
    assert titles(home) == {"Version 1"}


def test_full_disk_during_journal_writing_keeps_whole_batches(
    shipped_home: Path, tmp_path: Path, small_disk: Path
) -> None:
    home = copy_home(shipped_home, small_disk / "home")
    before = Snapshots(home).current().id
    table = table_of(tmp_path / "p.csv", 1)
    ballast = fill_up(small_disk, but=64 << 10)

    done = run(home, "load", table, "--source", "partner")

    assert done.returncode == 1
    assert "database or disk is full" in done.stderr.replace("\n", " ")
    assert Snapshots(home).current().id == before
    ballast.unlink()
    assert run(home, "journal", "verify").returncode == 0
    assert run(home, "load", table, "--source", "partner").returncode == 0
    assert titles(home) == {"Version 1"}
