import socket
from pathlib import Path

from kg.engines.addresses import reachable


def test_a_path_too_long_for_the_system_can_be_listened_at(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    path = folder / "query.sock"

    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as caller:
        with reachable(path) as address:
            listener.bind(address)
        listener.listen()
        with reachable(path) as address:
            caller.connect(address)

    assert path.is_socket()


def test_a_short_path_stays_as_it_is() -> None:
    with reachable(Path("/tmp/query.sock")) as address:
        assert address == "/tmp/query.sock"
