"""What commands say where something is missing or held back."""

from pathlib import Path

import pytest

from tests.loader.partner import copy_home, row, run, run_json, write_table


@pytest.mark.parametrize("command", [["status"], ["quarantine"], ["journal", "verify"]])
def test_before_the_first_build_commands_say_what_to_do(tmp_path: Path, command: list[str]) -> None:
    done = run(tmp_path / "nowhere", *command)

    assert done.returncode == 1
    assert "run `ssc4c build` first" in done.stderr.replace("\n", " ")
    assert not (tmp_path / "nowhere").exists()


def test_a_plain_query_needs_no_header(shipped_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "query.rq"
    file.write_text("SELECT (COUNT(*) AS ?n) WHERE { ?practice a ssc4c:Practice }")
    broken = run(shipped_home, "query", file)
    file.write_text("PREFIX ssc4c: <https://w3id.org/ssc4c/def/>\n" + file.read_text())

    done = run(shipped_home, "query", file, "--format", "csv")

    assert done.stdout.split() == ["n", "55"]
    assert (broken.returncode, "Malformed query" in broken.stderr) == (2, True)
    missing = run(shipped_home, "query", tmp_path / "none.rq")
    assert (missing.returncode, "There is no file" in missing.stderr) == (2, True)


def test_a_rollback_is_told_by_load_and_status(shipped_home: Path, tmp_path: Path) -> None:
    home = copy_home(shipped_home, tmp_path / "home")
    run(home, "load", write_table(tmp_path / "p.csv", row(1)), "--source", "partner")
    run(home, "snapshots", "rollback")

    table = write_table(tmp_path / "p.csv", row(1), row(2))
    done = run(home, "load", table, "--source", "partner")

    assert "A rollback holds" in done.stderr
    assert "holds this snapshot until" in run(home, "status").stdout
    assert run_json(home, "status")["pinned"] is True


def test_shipped_data_pass_every_blocking_check(shipped_home: Path) -> None:
    done = run(shipped_home, "check")

    assert done.returncode == 0
    assert "dangling-links" in done.stdout
    assert run_json(shipped_home, "check") == []
