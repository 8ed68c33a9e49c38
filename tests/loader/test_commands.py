"""The commands as people and programs run them, on a copy of the shipped graph."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from kg.settings import PROJECT
from kg.snapshots import Snapshots
from tests.kg.engines.homes import service_process, small_settings
from tests.loader.partner import COMMAND, copy_home, environment, row, run, run_json, write_table


@pytest.fixture
def home(shipped_home: Path, tmp_path: Path) -> Path:
    return copy_home(shipped_home, tmp_path / "home")


def load(home: Path, table: Path, *options: str) -> dict[str, int]:
    """Load as source `partner`; the counts of the report."""
    (report,) = run_json(home, "load", table, "--source", "partner", *options)["loads"]
    names = ("created", "updated", "unchanged", "withdrawn")
    aside = len(report["quarantined"]) + len({each["row"] for each in report["problems"]})
    return {name: report[name] for name in names} | {"aside": aside}


def counts(**given: int) -> dict[str, int]:
    return dict.fromkeys(("created", "updated", "unchanged", "withdrawn", "aside"), 0) | given


def test_same_rows_again_write_nothing_new(home: Path, tmp_path: Path) -> None:
    table = write_table(tmp_path / "p.csv", row(1), row(2))

    assert load(home, table) == counts(created=4)  # two initiatives, two pages cited
    before = run_json(home, "status")
    assert load(home, table) == counts(unchanged=4)
    assert run_json(home, "status") == before


def test_the_status_tells_what_a_running_server_answers_from(home: Path) -> None:
    before = run_json(home, "status")["store"]
    with service_process(small_settings(home)):
        during = run_json(home, "status")["store"]

    assert (before, during) == (None, "disk")


def test_changed_row_is_an_update(home: Path, tmp_path: Path) -> None:
    load(home, write_table(tmp_path / "p.csv", row(1), row(2)))

    table = write_table(tmp_path / "p.csv", row(1), row(2, title="Other title"))

    assert load(home, table) == counts(updated=1, unchanged=3)


def test_vanished_row_is_withdrawn_only_when_asked_for(home: Path, tmp_path: Path) -> None:
    load(home, write_table(tmp_path / "p.csv", row(1), row(2)))
    table = write_table(tmp_path / "p.csv", row(1))

    assert load(home, table) == counts(unchanged=2)
    assert load(home, table, "--full") == counts(unchanged=2, withdrawn=2)
    assert load(home, table, "--full") == counts(unchanged=2)


def test_unreadable_row_keeps_withdrawals_back(home: Path, tmp_path: Path) -> None:
    load(home, write_table(tmp_path / "p.csv", row(1), row(2)))
    table = write_table(tmp_path / "p.csv", row(1), row(2, start_year="c. 2013"))

    assert load(home, table, "--full") == counts(unchanged=2, aside=1)


def test_dry_run_tells_and_changes_nothing(home: Path, tmp_path: Path) -> None:
    before = run_json(home, "status")

    assert load(home, write_table(tmp_path / "p.csv", row(1)), "--dry-run") == counts(created=2)
    assert run_json(home, "status") == before


def test_dry_run_says_so_in_plain_lines(home: Path, tmp_path: Path) -> None:
    table = write_table(tmp_path / "p.csv", row(1))

    done = run(home, "load", table, "--source", "partner", "--dry-run")

    told = done.stderr.splitlines()  # without a line of the progress bar, as it is no terminal
    assert told[0].startswith("partner: 2 new (initiative: 1, publication: 1), 0 changed")
    assert told[-1] == "Dry run: nothing was stored."
    assert len(told) == 2


def test_table_without_rows_withdraws_nothing(home: Path, tmp_path: Path) -> None:
    load(home, write_table(tmp_path / "p.csv", row(1)))
    table = write_table(tmp_path / "p.csv")

    done = run(home, "load", table, "--source", "partner", "--full")

    assert (done.returncode, "no rows" in done.stderr) == (2, True)
    assert run_json(home, "status")["journal"]["records"]["partner"] == 2


def test_many_withdrawals_are_refused_unless_allowed(home: Path, tmp_path: Path) -> None:
    load(home, write_table(tmp_path / "p.csv", *(row(number) for number in range(1, 8))))
    table = write_table(tmp_path / "p.csv", row(1), row(20))

    for option in ("--dry-run", "--full"):
        done = run(home, "load", table, "--source", "partner", "--full", option)
        assert (done.returncode, "--allow-many-withdrawals" in done.stderr) == (2, True)
    records = run_json(home, "status")["journal"]["records"]["partner"]

    allowed = load(home, table, "--full", "--allow-many-withdrawals")
    assert records == 16  # the new row and its page were taken in
    assert allowed == counts(unchanged=4, withdrawn=12)


def test_country_that_cooperates_with_itself_is_told_with_its_row(
    home: Path, tmp_path: Path
) -> None:
    table = write_table(tmp_path / "p.csv", row(1), row(2, beneficiary_countries="BRA"))

    done = run(home, "load", table, "--source", "partner", "--dry-run")

    assert done.returncode == 3
    (line,) = [line for line in done.stdout.splitlines() if "second country" in line]
    assert [cell.strip() for cell in line.split("│")[1:3]] == ["p.csv", "3"]
    assert "<http" not in done.stdout and "^^" not in done.stdout


def test_bad_rows_are_set_aside_with_reasons_and_the_rest_go_on(home: Path, tmp_path: Path) -> None:
    table = write_table(
        tmp_path / "p.csv",
        row(1),
        row(2, provider_countries="Brasilien-Land"),
        row(3, sdg_targets_assigned="2.9"),
        row(4, provider_countries="DEU", beneficiary_countries="FRA"),
    )

    done = run(home, "load", table, "--source", "partner")

    assert done.returncode == 3
    assert "partner: 3 new" in done.stderr  # the good row, its page and that of row 4
    for told in ("p.csv", "provider_countries", "Brasilien-Land", "sdg_targets_assigned", "2.9"):
        assert told in done.stdout
    aside = {item["item"] for item in run_json(home, "quarantine", "--source", "partner")}
    assert aside == {
        "p.csv#row-3",
        "p.csv#row-4",
        "https://w3id.org/ssc4c/graph/partner/initiative/example-4",
    }


def test_mended_rows_leave_the_quarantine(home: Path, tmp_path: Path) -> None:
    load(home, write_table(tmp_path / "p.csv", row(1, start_year="soon")))
    load(home, write_table(tmp_path / "p.csv", row(1)))

    assert run_json(home, "quarantine", "--source", "partner") == []


def test_bad_version_of_a_record_leaves_the_good_one_served(home: Path, tmp_path: Path) -> None:
    load(home, write_table(tmp_path / "p.csv", row(1)))
    table = write_table(tmp_path / "p.csv", row(1, provider_countries="TGO"))

    run(home, "load", table, "--source", "partner")

    assert '"Made-up initiative 1"@en' in run(home, "dump").stdout


def test_row_may_name_what_an_earlier_load_described(home: Path, tmp_path: Path) -> None:
    actors = tmp_path / "actors.csv"
    actors.write_text(
        "key,name,acronym,type,country_iso3,homepage,alt_names,source_url\n"
        "example-institute,Example Institute of Nowhere,EXIN,academia,,,,https://example.org/exin\n"
    )
    table = tmp_path / "more.csv"
    table.write_text(
        "id,kind,title,summary,lead_organisations,adapted_from\n"
        "example-9,initiative,Made-up,Made up.,EXIN,example-1\n"
    )
    assert run(home, "load", table, "--source", "partner").returncode == 3

    load(home, write_table(tmp_path / "p.csv", row(1)))
    load(home, actors)

    assert load(home, table) == counts(created=1)


def test_link_to_nowhere_is_taken_back_by_a_check(home: Path, tmp_path: Path) -> None:
    ask = tmp_path / "ask.rq"
    ask.write_text(
        "#+ summary: Is the made-up initiative in the graph?\n"
        "ASK WHERE { <https://w3id.org/ssc4c/id/initiative/example-1> ?p ?o }\n"
    )
    turtle = tmp_path / "p.ttl"
    turtle.write_text(
        """PREFIX ssc4c: <https://w3id.org/ssc4c/def/> PREFIX dcterms: <http://purl.org/dc/terms/>
        <https://w3id.org/ssc4c/id/initiative/example-1> a ssc4c:Initiative ;
            dcterms:identifier "example-1" ; dcterms:title "Made up"@en ;
            dcterms:description "Made up."@en ;
            ssc4c:carries <https://w3id.org/ssc4c/id/practice/nowhere> .
        """
    )

    done = run(home, "load", turtle, "--source", "partner")

    assert done.returncode == 3, done.stderr
    assert "practice/nowhere" in done.stderr
    assert run(home, "query", ask).stdout.strip() == "false"
    (item,) = run_json(home, "quarantine", "--source", "partner")
    assert item["item"] == "https://w3id.org/ssc4c/graph/partner/initiative/example-1"
    assert run(home, "journal", "verify").returncode == 0


def test_two_builds_give_the_same_canonical_dump(shipped_home: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "again", "build").returncode == 0

    dumps = [run(home, "dump").stdout for home in (shipped_home, tmp_path / "again")]

    assert len(dumps[0]) > 1_000_000
    assert hashlib.sha256(dumps[0].encode()).digest() == hashlib.sha256(dumps[1].encode()).digest()


def test_backup_restores_to_the_same_graph(home: Path, tmp_path: Path) -> None:
    assert run(home, "journal", "backup", tmp_path / "backup.sqlite").returncode == 0
    fresh = tmp_path / "fresh"

    assert run(fresh, "journal", "restore", tmp_path / "backup.sqlite").returncode == 0
    assert run(fresh, "publish").returncode == 0

    assert run(fresh, "dump").stdout == run(home, "dump").stdout
    again = run(fresh, "journal", "restore", tmp_path / "backup.sqlite")
    assert (again.returncode, "already has entries" in again.stderr) == (2, True)


def test_rollback_holds_until_resumed(home: Path, tmp_path: Path) -> None:
    first = Snapshots(home).current().id
    load(home, write_table(tmp_path / "p.csv", row(1)))
    newest = Snapshots(home).current().id

    assert run(home, "snapshots", "rollback").returncode == 0
    assert Snapshots(home).current().id == first
    load(home, write_table(tmp_path / "p.csv", row(1), row(2)))
    assert Snapshots(home).current().id == first

    assert run(home, "publish", "--resume").returncode == 0
    assert Snapshots(home).current().id > newest
    listed = run_json(home, "snapshots", "list")
    assert [each["current"] for each in listed] == [False, False, True]
    assert run(home, "snapshots", "prune", "--keep", "1").returncode == 0
    assert len(Snapshots(home).all()) == 1


def test_load_without_reference_data_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path, "load", write_table(tmp_path / "p.csv", row(1)), "--source", "partner")

    assert (done.returncode, "run `ssc4c build` first" in done.stderr) == (2, True)


@pytest.mark.parametrize("source", ["reference", "meta", "derived", "Two Words", "a/b", ""])
def test_source_names_that_cannot_be_are_refused(home: Path, tmp_path: Path, source: str) -> None:
    table = write_table(tmp_path / "p.csv", row(1))

    done = run(home, "load", table, "--source", source)

    assert (done.returncode, "source" in done.stderr) == (2, True)


def test_second_load_says_who_holds_the_lock(home: Path, tmp_path: Path) -> None:
    from kg.locking import writer_lock

    table = write_table(tmp_path / "p.csv", row(1))
    with writer_lock(home):
        done = run(home, "load", table, "--source", "partner", "--wait", "0")

    assert (done.returncode, "is writing" in done.stderr) == (5, True)


def test_two_loads_at_once_both_arrive(home: Path, tmp_path: Path) -> None:
    tables = [
        write_table(tmp_path / f"p{n}.csv", *(row(n * 100 + m) for m in range(50))) for n in (1, 2)
    ]
    commands = [[COMMAND, "load", str(each), "--source", "partner"] for each in tables]

    both = [subprocess.Popen(each, env=environment(home), cwd=PROJECT) for each in commands]

    assert [process.wait() for process in both] == [0, 0]
    assert run_json(home, "status")["journal"]["records"]["partner"] == 200


def test_validate_stores_nothing(tmp_path: Path) -> None:
    good, bad = (
        write_table(tmp_path / "good.csv", row(1)),
        write_table(tmp_path / "bad.csv", row(1, theme_keys="nutritionn")),
    )

    assert run(tmp_path / "home", "validate", good).returncode == 0
    done = run(tmp_path / "home", "validate", bad)
    assert done.returncode == 3
    assert "nutritionn" in done.stdout and "nutrition" in done.stdout
    assert not (tmp_path / "home").exists()


def test_query_prints_a_table_or_any_format(home: Path) -> None:
    file = PROJECT / "queries" / "competency"
    (path,) = file.glob("cq-09-*.rq")

    assert run(home, "query", path).returncode == 0
    done = run(home, "query", path, "--format", "csv")
    assert done.stdout.replace("\r\n", "\n") == path.with_suffix(".csv").read_text().replace(
        "\r\n", "\n"
    )
    wrong = run(home, "query", path, "--format", "pdf")
    assert (wrong.returncode, "choose one of" in wrong.stderr) == (2, True)


def test_every_command_shows_help_with_an_example() -> None:
    for name in (
        "build",
        "load",
        "validate",
        "publish",
        "status",
        "query",
        "quarantine",
        "dump",
        "serve",
    ):
        done = subprocess.run([COMMAND, name, "--help"], capture_output=True, text=True, check=True)
        assert "Example" in done.stdout, name
