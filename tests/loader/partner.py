"""A made-up partner's table, and the command that loads it, for tests of the whole way in."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg.settings import PROJECT

COMMAND = str(Path(sys.executable).parent / "ssc4c")
COLUMNS = (
    "id",
    "kind",
    "title",
    "summary",
    "start_year",
    "provider_countries",
    "beneficiary_countries",
    "form",
    "type",
    "theme_keys",
    "sdg_targets_assigned",
    "source_urls",
    "source_titles",
)


def row(number: int, **changes: str) -> dict[str, str]:
    """One initiative that nothing is wrong with, with some cells changed."""
    cells = {
        "id": f"example-{number}",
        "kind": "initiative",
        "title": f"Made-up initiative {number}",
        "summary": "Two countries share a way of feeding pupils.",
        "start_year": "2019",
        "provider_countries": "BRA",
        "beneficiary_countries": "TGO",
        "form": "bilateral-ssc",
        "type": "project",
        "theme_keys": "nutrition",
        "sdg_targets_assigned": "2.1",
        "source_urls": f"https://example.org/{number}",
        "source_titles": f"Page {number}",
    }
    return cells | changes


def write_table(path: Path, *rows: Mapping[str, str]) -> Path:
    """Write rows as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def copy_home(shipped: Path, target: Path) -> Path:
    """A home folder of one's own with the shipped graph."""
    ignored = shutil.ignore_patterns("*.sock")  # of a server that runs on it
    shutil.copytree(shipped, target, symlinks=True, ignore=ignored)
    return target


def run(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `ssc4c` in a home folder."""
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        env=environment(home),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def run_json(home: Path, *arguments: object) -> Any:
    """Run `ssc4c … --json`; what it printed."""
    done = run(home, *arguments, "--json")
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def environment(home: Path) -> dict[str, str]:
    """The environment of a command in a home folder."""
    return os.environ | {"SSC4C_HOME": str(home), "COLUMNS": "200"}
