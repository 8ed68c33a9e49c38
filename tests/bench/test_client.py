import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.client import BadAnswer, Connection, get, put_load, sparql

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nin \r\n5\r\nparts\r\n0\r\n\r\n"
)
REFUSED = b"HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy"


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """A server that gives these answers on one connection, in turn; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def work() -> None:
            connection, _ = server.accept()
            with connection:
                for answer in answers:
                    connection.recv(65536)
                    connection.sendall(answer)

        thread = threading.Thread(target=work)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def test_answers_are_read_whole_however_they_are_sent() -> None:
    with answering(WHOLE, CHUNKED, WHOLE) as port:
        connection = Connection(port)

        bodies = [connection.ask(get("/", "*/*")) for _ in range(3)]
        connection.close()

    assert bodies == [b"whole", b"in parts", b"whole"]


def test_an_answer_that_is_no_success_ends_the_measurement() -> None:
    with answering(REFUSED) as port, pytest.raises(BadAnswer, match="503"):
        put_load(port, [get("/", "*/*")], 1)


def test_a_load_tells_time_and_size() -> None:
    with answering(WHOLE, CHUNKED) as port:
        load = put_load(port, [sparql("/sparql", "ASK {}")] * 2, 1)

    assert (len(load.latencies), load.size) == (2, 13)
    assert load.per_second > 0
