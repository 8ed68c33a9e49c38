from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.bulk import BulkLoad


def line(number: int) -> bytes:
    return f"<urn:s{number}> <urn:p> <urn:o> <urn:g> .\n".encode()


@pytest.mark.parametrize("part", [1, 100, 1 << 20])
def test_all_parts_are_in_the_store_at_the_end(tmp_path: Path, part: int) -> None:
    store = Store(str(tmp_path))

    with BulkLoad(store, part) as bulk:
        for number in range(25):
            bulk.add(line(number))

    assert len(store) == 25


def test_a_part_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(SyntaxError), BulkLoad(Store(str(tmp_path)), 1) as bulk:
        bulk.add(b"this is no statement\n")


def test_a_caller_that_fails_loads_no_more(tmp_path: Path) -> None:
    store = Store(str(tmp_path))

    with pytest.raises(ZeroDivisionError), BulkLoad(store) as bulk:
        bulk.add(line(1))
        raise ZeroDivisionError

    assert len(store) == 0
