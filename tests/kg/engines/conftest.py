"""A published graph and an engine on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.engines.embedded import EmbeddedEngine
from tests.kg.engines.homes import publish, running_engine, small_settings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with a small published graph, for one test."""
    publish(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """An engine on the small graph, shared by the tests of a module."""
    home = tmp_path_factory.mktemp("engine")
    publish(home)
    with running_engine(small_settings(home, query_timeout=60.0, answer_bytes=1 << 20)) as engine:
        yield engine
