"""Checksums, sizes and rows of the shipped tables are those that their descriptions tell."""

import shutil
from pathlib import Path

import pytest

from kg.errors import BadInput
from kg.settings import PROJECT
from loader.datasets import find_outdated, main, renew_description

DATA = PROJECT / "data"
FOLDERS = sorted(path.parent for path in DATA.glob("*/dataset.ttl"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_description_is_current(folder: Path) -> None:
    assert [path for path, _ in find_outdated([folder])] == [], "run: python -m loader.datasets"


def test_changed_table_is_found_and_its_description_renewed(tmp_path: Path) -> None:
    shutil.copytree(DATA / "reference", tmp_path / "reference")
    table = tmp_path / "reference" / "publications.csv"
    table.write_text(table.read_text(encoding="utf-8") + "a,A,report,https://a.org/\n", "utf-8")

    before = main(["--check", "--data", str(tmp_path)])
    renewed = main(["--data", str(tmp_path)])
    after = main(["--check", "--data", str(tmp_path)])

    assert (before, renewed, after) == (1, 0, 0)
    assert "schema:numberOfItems 4 ;" in renew_description(tmp_path / "reference")


def test_description_of_another_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    shutil.copytree(DATA / "reference", folder)

    with pytest.raises(BadInput, match=r"says nothing about .*/data/elsewhere"):
        renew_description(folder)
