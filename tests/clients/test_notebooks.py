"""The notebooks of `docs/notebooks` run from the first cell to the last."""

import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kg.settings import PROJECT

FOLDER = PROJECT / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PATIENCE = 300
"""Seconds after which a cell is given up."""


def read_cells(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_what_a_run_leaves(path: Path) -> None:
    left = [cell for cell in read_cells(path) if cell["outputs"] or cell["execution_count"]]

    assert left == []


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def steps(request: pytest.FixtureRequest, shipped_server: str) -> list[Any]:
    """The code cells of a notebook after a run against the server."""
    notebook: Any = nbformat.read(request.param, as_version=4)  # type: ignore[no-untyped-call]
    environment = os.environ | {"SSC4C_ENDPOINT": f"{shipped_server}/sparql"}
    NotebookClient(notebook, timeout=PATIENCE, kernel_name="python3").execute(env=environment)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_a_notebook_runs_and_shows_something_in_each_step(steps: list[Any]) -> None:
    _, *later = steps

    assert [cell.source for cell in later if not cell.outputs] == []
    assert [out for cell in steps for out in cell.outputs if out.get("name") == "stderr"] == []


@pytest.mark.parametrize("steps", [FOLDER / "who-gave-what-to-whom.ipynb"], indirect=True)
def test_the_study_of_givers_finds_brazil_first(steps: list[Any]) -> None:
    [table] = [cell for cell in steps if cell.source.startswith("givers = ")]

    _, _, first, *_ = table.outputs[0]["data"]["text/plain"].splitlines()

    assert first.startswith("Brazil ")
