"""Programs that take a table by its address: pandas and curl."""

import csv
import io
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pandas
import pytest

from tests.clients.questions import BRAZIL, PAIRS, checked_rows


def address(server: str, form: str = "csv") -> str:
    return f"{server}/sparql?{urlencode({'query': PAIRS, 'format': form})}"


def curl(*arguments: str) -> bytes:
    done = subprocess.run(["curl", "-sS", *arguments], capture_output=True, check=True)
    return done.stdout


def test_pandas_reads_csv_by_address(shipped_server: str) -> None:
    table = pandas.read_csv(address(shipped_server), dtype=str, keep_default_na=False)

    assert table.to_dict("records") == checked_rows()


def test_pandas_makes_numbers_of_numbers(shipped_server: str) -> None:
    table = pandas.read_csv(address(shipped_server))

    assert table["initiatives"].sum() == sum(int(row["initiatives"]) for row in checked_rows())


def test_pandas_reads_tab_separated_rows(shipped_server: str) -> None:
    table = pandas.read_csv(address(shipped_server, "tsv"), sep="\t")

    assert len(table) == len(checked_rows())
    assert set(table["?theme"]) == {"<https://w3id.org/ssc4c/id/theme/wash>"}


@pytest.mark.parametrize("way", ["--get", "--no-get"])
def test_curl_sends_a_form(shipped_server: str, way: str, tmp_path: Path) -> None:
    (tmp_path / "query.rq").write_text(PAIRS, encoding="utf-8")

    found = curl(
        *([way] if way == "--get" else []),
        *("-H", "Accept: text/csv", "--data-urlencode", f"query@{tmp_path}/query.rq"),
        f"{shipped_server}/sparql",
    )

    assert list(csv.DictReader(io.StringIO(found.decode()))) == checked_rows()


def test_curl_sends_a_file_as_it_is(shipped_server: str, tmp_path: Path) -> None:
    (tmp_path / "query.rq").write_text(PAIRS, encoding="utf-8")

    found = curl(
        *("-H", "Content-Type: application/sparql-query", "-H", "Accept: text/csv"),
        *("--data-binary", f"@{tmp_path}/query.rq"),
        f"{shipped_server}/sparql",
    )

    assert list(csv.DictReader(io.StringIO(found.decode()))) == checked_rows()


def test_curl_is_led_from_an_iri_to_its_document(shipped_server: str) -> None:
    found = curl("-L", "-H", "Accept: application/n-triples", f"{shipped_server}/id/country/BRA")

    assert f"<{BRAZIL}> ".encode() in found


def test_curl_takes_compressed_answers(shipped_server: str) -> None:
    plain = curl(address(shipped_server))

    assert curl("--compressed", address(shipped_server)) == plain
