"""The journal on a real PostgreSQL server, moved there from SQLite and back."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from kg.journal import Journal
from kg.saved import SavedQueries
from tests.kg.samples import append, open_journal, practice, withdraw
from tests.loader.partner import copy_home, row, run, run_json, write_table

_PROGRAMS = Path("/usr/lib/postgresql")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """URL of the empty database of a server of our own; it is stopped afterwards."""
    found = sorted(_PROGRAMS.glob("*/bin/initdb"))
    if not found:
        pytest.skip("the Debian package postgresql is missing")
    with socket.socket() as probe, tempfile.TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        with _running(str(found[-1].parent), folder, port):
            yield f"postgresql+psycopg://ssc4c@127.0.0.1:{port}/postgres"


@contextmanager
def _running(programs: str, folder: str, port: int) -> Iterator[None]:
    user = _unprivileged(folder)
    data, log = f"{folder}/data", f"{folder}/log"
    initdb = [f"{programs}/initdb", "--auth=trust", "--username=ssc4c", "--encoding=UTF8", data]
    subprocess.run([*user, *initdb], check=True, capture_output=True)
    control = [*user, f"{programs}/pg_ctl", "-D", data, "-w"]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    start = [*control, "-l", log, "-o", options, "start"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        stop = [*control, "-m", "immediate", "stop"]
        subprocess.run(stop, check=True, stdout=subprocess.DEVNULL)


def _unprivileged(folder: str) -> list[str]:
    """What to put before a command so that it does not run as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


@pytest.fixture
def url(server: str) -> Iterator[str]:
    """The database, emptied after each test."""
    yield server
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


def test_journal_reads_the_same_after_both_journeys(tmp_path: Path, url: str) -> None:
    with open_journal(tmp_path / "here") as here, open_journal(tmp_path / "back") as back:
        append(here, *(practice(f"p{n}", title=f"Título {n} – 年") for n in range(1200)))
        withdraw(here, practice("p7"))
        with Journal(url) as there:
            assert here.copy_to(there) == 1201
            append(there, practice("new"))
            assert there.copy_to(back) == 1202

        assert list(back.entries())[:1201] == list(here.entries())
        assert [content for _, content in back.current(1201)] == [practice("new").content()]


def test_commands_work_on_a_journal_in_postgresql(
    tmp_path: Path, url: str, shipped_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_home(shipped_home, tmp_path / "home")
    table = write_table(tmp_path / "p.csv", row(1))

    assert run(home, "journal", "copy", "--to", url).returncode == 0
    monkeypatch.setenv("SSC4C_JOURNAL_URL", url)
    assert run(home, "load", table, "--source", "partner").returncode == 0

    assert run(home, "journal", "verify").returncode == 0
    assert run_json(home, "status")["behind"] == 0
    assert "Made-up initiative 1" in run(home, "dump").stdout


def test_queries_are_saved_in_postgresql_by_many_at_once(tmp_path: Path, url: str) -> None:
    several = [SavedQueries(url) for _ in range(4)]

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda each: each.save("ASK {}", ["urn:a"]), several * 4))

    (key,) = keys
    with Journal(url) as here, open_journal(tmp_path / "there") as there:
        append(here, practice("a"))
        here.copy_to(there)
        moved = SavedQueries(there.url)
    assert moved.find(key) == several[0].find(key)
    for each in (*several, moved):
        each.close()
