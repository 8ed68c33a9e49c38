"""A query service of one's own on one snapshot, for commands: with workers, limits and walls."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from kg.engines import QueryEngine
from kg.engines.embedded import EmbeddedEngine
from kg.errors import EngineFailed
from kg.settings import Settings
from kg.snapshots import Snapshot


@contextmanager
def private_engine(settings: Settings, snapshot: Snapshot) -> Iterator[QueryEngine]:
    """An engine that asks this snapshot alone, from disk and without keeping answers."""
    with tempfile.TemporaryDirectory() as folder:
        own = replace(
            settings, home=Path(folder), query_workers=1, memory=0, cache_bytes=0, engine=""
        )
        (own.home / "current").symlink_to(snapshot.path.resolve())
        with _service(own), closing(EmbeddedEngine(own)) as engine:
            yield engine


@contextmanager
def _service(settings: Settings) -> Iterator[None]:
    """A service that is ready; it ends when its input is closed, with us at the latest."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kg.engines.service"],
        env=os.environ | settings.to_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdin and process.stdout
        if process.stdout.readline() != b"ready\n":
            raise EngineFailed("The query service for the examples could not be started.")
        try:
            yield
        finally:
            process.stdin.close()
