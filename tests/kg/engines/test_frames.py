import os
import socket
import tempfile
from collections.abc import Iterator

import pytest

from kg.engines.frames import INLINE, Channel, Frame, Kind, with_content

ID = bytes(range(16))


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    here, there = (Channel(end) for end in socket.socketpair())
    yield here, there
    here.close()
    there.close()


def test_a_frame_arrives_as_it_was_sent(ends: tuple[Channel, Channel]) -> None:
    here, there = ends

    here.send(Frame(Kind.QUERY, ID, b"SELECT", 2.5))

    assert there.receive() == Frame(Kind.QUERY, ID, b"SELECT", 2.5)


def test_frames_sent_at_once_are_told_apart(ends: tuple[Channel, Channel]) -> None:
    here, there = ends

    here.send(Frame(Kind.QUERY, ID, b"one"))
    here.send(Frame(Kind.CANCEL, ID, b"two"))

    assert [there.receive().body for _ in range(2)] == [b"one", b"two"]


def test_a_frame_in_pieces_is_put_together(ends: tuple[Channel, Channel]) -> None:
    here, there = ends
    sender, receiver = socket.socketpair()
    with sender, receiver:
        Channel(sender).send(Frame(Kind.ANSWER, ID, b"x" * 1000))
        data = receiver.recv(1 << 16)

    here.socket.sendall(data[:7])
    assert there.take() is None
    here.socket.sendall(data[7:])

    assert there.receive().body == b"x" * 1000


@pytest.mark.parametrize("size", [0, INLINE, INLINE + 1, 3 * INLINE])
def test_content_of_any_size_travels(ends: tuple[Channel, Channel], size: int) -> None:
    here, there = ends
    frame = with_content(Kind.QUERY, ID, b"q" * size)

    here.send(frame)
    frame.close()

    assert there.receive().content() == b"q" * size


def test_the_file_of_a_frame_is_not_passed_on_to_programs(ends: tuple[Channel, Channel]) -> None:
    here, there = ends
    with tempfile.TemporaryFile() as file:
        here.send(Frame(Kind.ANSWER, ID, file=file.fileno()))

    received = there.receive()

    assert received.file is not None
    assert not os.get_inheritable(received.file)
    received.close()


def test_hanging_up_is_noticed(ends: tuple[Channel, Channel]) -> None:
    here, there = ends

    here.close()

    with pytest.raises(EOFError):
        there.receive()


def test_another_language_is_noticed(ends: tuple[Channel, Channel]) -> None:
    here, there = ends

    here.socket.sendall(b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")

    with pytest.raises(EOFError):
        there.receive()


def test_a_reader_that_does_not_read_holds_nobody_up(ends: tuple[Channel, Channel]) -> None:
    here, _ = ends
    here.socket.setblocking(False)

    with pytest.raises(OSError):
        for _ in range(100):
            here.send(Frame(Kind.ANSWER, ID, b"x" * INLINE))
