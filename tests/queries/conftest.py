from pathlib import Path

import pytest
from pyoxigraph import Store

from tests.queries.graphs import shipped_store


@pytest.fixture(scope="session")
def shipped(shipped_home: Path) -> Store:
    """The shipped graph in memory."""
    return shipped_store(shipped_home)
