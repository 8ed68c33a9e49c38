"""What is found stays as good as it was measured, and better than by words or themes alone."""

from pathlib import Path

import pytest

from bench.transfer.measure import FIRST, WAYS, Found, mean, measure_all, read_pairs
from kg.catalogue import Catalogue
from kg.reader import open_view
from kg.settings import PROJECT
from kg.snapshots import Snapshots

FLOORS = {"similar": 0.68, "transfer": 0.68}
"""A little below what docs/transfer.md tells."""


@pytest.fixture(name="found", scope="module")
def _found(shipped_home: Path) -> list[Found]:
    view = open_view(Snapshots(shipped_home).current(), Catalogue(PROJECT / "queries"))
    return measure_all(view)


def test_there_are_thirty_questions_and_ten_of_them_were_set_aside() -> None:
    pairs = read_pairs()

    assert len(pairs) == 30
    assert sum(pair.part == "held" for pair in pairs) == 10
    assert all(len(pair.wanted) >= FIRST for pair in pairs)


@pytest.mark.parametrize("task", FLOORS)
def test_precision_at_five_holds(found: list[Found], task: str) -> None:
    ways = {
        way: mean(one for one in found if (one.pair.task, one.way) == (task, way))
        for way in WAYS[task]
    }

    print(task, ways)
    assert ways["all"] >= FLOORS[task]
    others = {"similar": ("words", "bm25", "theme"), "transfer": ("search", "theme")}[task]
    assert ways["all"] > max(ways[name] for name in others) + 0.1
