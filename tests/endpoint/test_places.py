"""Clients that are slow or many: what they hold up, and what they do not."""

import contextlib
import io
import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from endpoint.places import Places, cut_off_stalled
from endpoint.replies import Parts, Sender
from kg.engines import QueryAnswer
from kg.errors import EngineBusy
from tests.endpoint.conftest import Server, running_server
from tests.kg.engines.homes import EX, POINT, publish, small_settings, wait_until

SEVEN = b"name\r\nthing 7\r\n"
LONG = f"SELECT * {{ ?a <{EX}name> ?b . ?d ?e ?f }}"
"""160,000 rows."""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one web process, so that its places can be counted."""
    home = tmp_path_factory.mktemp("crowded")
    publish(home)
    settings = small_settings(home, rate_limit="", web_workers=1, query_timeout=60.0)
    with running_server(settings) as server:
        yield server


@contextlib.contextmanager
def connections(server: Server, number: int) -> Iterator[list[socket.socket]]:
    """Connections that read next to nothing."""
    with contextlib.ExitStack() as stack:
        found = []
        for _ in range(number):
            end = stack.enter_context(socket.socket())
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            end.settimeout(60)
            end.connect(("127.0.0.1", server.port))
            found.append(end)
        yield found


def get_request(query: str) -> bytes:
    target = "/sparql?" + urlencode({"query": query})
    return f"GET {target} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()


def status_of(end: socket.socket) -> str:
    return end.recv(12).decode()[9:]


def answer(length: int) -> QueryAnswer:
    return QueryAnswer("text/csv", io.BytesIO(bytes(length)), length, "1")


def test_one_client_gets_a_share_and_all_together_no_more_than_there_are() -> None:
    places = Places(most=3, share=2)
    first, _ = places.take("a"), places.take("a")

    with pytest.raises(EngineBusy, match="2 long answers or requests of yours"):
        places.take("a")
    places.take("b")
    with pytest.raises(EngineBusy, match="3 long answers or requests are"):
        places.take("c")
    first.close()
    first.close()

    assert places.taken == 2
    assert places.take("c")


def test_a_long_answer_holds_a_place_until_it_is_read_or_dropped() -> None:
    places = Places()
    sender = Sender(places, "a", "")

    short = sender.send(answer(1000), "0" * 32)
    assert (places.taken, list(short.parts)) == (0, [bytes(1000)])

    read = sender.send(answer(100_000), "0" * 32)
    assert places.taken == 1
    assert b"".join(read.parts) == bytes(100_000)
    assert places.taken == 0

    closed = sender.send(answer(100_000), "0" * 32).parts
    assert isinstance(closed, Parts)
    closed.close()
    sender.send(answer(100_000), "0" * 32)  # dropped unread
    assert places.taken == 0


def test_a_refused_answer_leaves_no_file_open() -> None:
    file = io.BytesIO(bytes(100_000))

    with pytest.raises(EngineBusy):
        Sender(Places(share=0), "a", "").send(QueryAnswer("text/csv", file, 100_000, "1"), "0" * 32)

    assert file.closed


def test_a_reader_that_stands_still_is_cut_off() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()),
    ):
        end, _ = listener.accept()
        with end:
            cut_off_stalled(2.0)
            with pytest.raises(TimeoutError):
                while True:
                    end.sendall(bytes(1 << 16))


def test_slow_readers_of_one_client_leave_room_for_all_else(crowded: Server) -> None:
    with connections(crowded, 30) as readers:
        found: Counter[str] = Counter()
        for reader in readers:
            reader.sendall(get_request(LONG))
            found[status_of(reader)] += 1

        assert found == {"200": 24, "503": 6}
        assert crowded.get("/health").status == 200
        assert crowded.ask(POINT).body == SEVEN
        refused = json.loads(crowded.ask(LONG).body)
        assert "24 long answers or requests of yours" in refused["detail"]

    wait_until(lambda: crowded.ask(LONG).status == 200)


@pytest.mark.parametrize("path", ["/sparql", "/q", "/answers", "/nothing-here"])
def test_slow_writers_of_one_client_leave_room_for_all_else(crowded: Server, path: str) -> None:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nquery=ASK"
    ).encode()
    with connections(crowded, 200) as writers:
        for writer in writers:
            writer.sendall(head)
        wait_until(lambda: crowded.send("POST", "/sparql", b"ASK {}").status in (415, 503))

        assert crowded.get("/health").status == 200
        assert crowded.ask(POINT).body == SEVEN


def test_five_hundred_connections_are_answered_or_turned_away(crowded: Server) -> None:
    with connections(crowded, 500) as idle, connections(crowded, 500) as asking:
        statuses: list[str] = []
        for number, end in enumerate(asking):
            end.sendall(get_request(f"{POINT} # {number}"))
        reading = threading.Thread(target=lambda: statuses.extend(map(status_of, asking)))
        reading.start()

        assert crowded.get("/health").status == 200
        reading.join(120)

        assert len(idle) == 500
        assert set(statuses) <= {"200", "503"}
        assert len(statuses) == 500
        assert crowded.ask(POINT).body == SEVEN


def test_memory_stays_flat_while_a_long_answer_is_read(crowded: Server) -> None:
    [web] = web_processes(crowded.process.pid)
    crowded.ask(POINT)
    before = resident(web)

    reply = crowded.ask(
        f"SELECT * {{ ?a <{EX}name> ?b . ?d ?e ?f . ?g <{EX}name> ?i }} LIMIT 900000"
    )

    assert reply.status == 200
    assert len(reply.body) > 60 << 20
    assert resident(web) - before < 16 << 20


def web_processes(pid: int) -> list[int]:
    """The processes under a server that granian runs."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [
        int(child)
        for child in children
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def resident(pid: int) -> int:
    """Bytes of memory of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmRSS"))
