import tempfile
from pathlib import Path

import pytest

from kg.engines.frames import Frame, Kind
from kg.engines.shelf import Shelf

ID = bytes(range(16))


def answer(text: str, size: int = 1000) -> Frame:
    return Frame(Kind.ANSWER, ID, text.encode().ljust(size))


def key(text: str) -> tuple[str, bytes]:
    return ("000000001-test", text.encode())


def test_a_kept_answer_is_found_under_its_key_alone() -> None:
    shelf = Shelf(1 << 20)

    shelf.keep(key("a"), answer("a"))

    assert shelf.find(key("a")) == answer("a")._replace(kind=Kind.KEPT)
    assert shelf.find(("000000002-test", b"a")) is None


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    shelf = Shelf(10_000)
    for number in range(6):
        shelf.keep(key(str(number)), answer(str(number)))
    shelf.find(key("0"))

    shelf.keep(key("new"), answer("new"))

    kept = [text for text in [*map(str, range(6)), "new"] if shelf.find(key(text))]
    assert kept == ["0", "2", "3", "4", "5", "new"]
    assert shelf.size <= 10_000


def test_an_answer_that_would_push_out_many_is_not_kept() -> None:
    shelf = Shelf(10_000)

    shelf.keep(key("long"), answer("long", 5_000))

    assert shelf.find(key("long")) is None


def test_a_shelf_without_room_keeps_nothing_but_the_last_outcome() -> None:
    shelf = Shelf(0)

    shelf.keep(key("a"), answer("a"))
    shelf.note(ID, answer("first"))
    shelf.note(bytes(16), answer("last"))

    assert shelf.find(key("a")) is None
    assert shelf.fetch(ID) is None
    assert shelf.fetch(bytes(16)) == answer("last")


def test_outcomes_go_after_their_time() -> None:
    shelf = Shelf(1 << 20)
    shelf.note(ID, answer("a"))

    shelf.tidy(0.0)
    assert shelf.fetch(ID)
    shelf.tidy(float("inf"))

    assert shelf.fetch(ID) is None
    assert shelf.size == 0


@pytest.mark.parametrize("bound", [1 << 20, 0])
def test_files_are_counted_and_closed(bound: int) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    shelf = Shelf(bound, files=2)
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * 10_000)
        file.flush()
        for number in range(5):
            shelf.keep(key(str(number)), Frame(Kind.ANSWER, ID, b"", file=file.fileno()))
            shelf.note(bytes([number] * 16), Frame(Kind.ANSWER, ID, b"", file=file.fileno()))
        assert shelf.files <= 2

    shelf.clear()

    assert (shelf.size, shelf.files) == (0, 0)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
