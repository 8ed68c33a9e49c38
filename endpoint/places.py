"""Places for what slow clients hold up: a long answer on its way, a request that still comes in.

Each takes a thread of the web process for as long as the client likes. So they may take most of
the threads but not all, and one client may take a part; and a reader that stands still is cut off.
"""

import contextlib
import socket
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Final, Self

from kg.errors import EngineBusy

THREADS: Final = 128
"""Requests that one web process works on at a time."""
_MOST: Final = 96
_SHARE: Final = 24
_STILL: Final = 60
"""Seconds after which a reader that takes nothing is cut off."""


class Place:
    """One place; it is given back once, however often it is closed."""

    def __init__(self, places: "Places", client: str) -> None:
        self._places: Places | None = places
        self._client = client

    def __enter__(self) -> Self:
        """The place itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self.close()

    def close(self) -> None:
        """Give it back."""
        places, self._places = self._places, None
        if places:
            places.give_back(self._client)


class Places:
    """The places of one web process."""

    def __init__(self, most: int = _MOST, share: int = _SHARE) -> None:
        self._most = most
        self._share = share
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def take(self, client: str) -> Place:
        """A place; raises EngineBusy if all are taken, or too many by this client."""
        with self._lock:
            if self._taken[client] >= self._share:
                raise EngineBusy(
                    f"{self._share} long answers or requests of yours are on their way already. "
                    "Read them to their end, or close their connections, and ask again."
                )
            if self._taken.total() >= self._most:
                raise EngineBusy(
                    f"{self._most} long answers or requests are on their way already. "
                    "Ask again in a few seconds."
                )
            self._taken[client] += 1
        return Place(self, client)

    def give_back(self, client: str) -> None:
        """Free a place that the client had."""
        with self._lock:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]

    @property
    def taken(self) -> int:
        """How many are taken."""
        return self._taken.total()


def cut_off_stalled(seconds: float = _STILL) -> None:
    """Have the system end connections of this process whose reader takes nothing for so long.

    The HTTP server has no such bound and keeps its connections to itself, so they are looked up
    among the open files. Only Linux tells them.
    """
    if sys.platform != "linux":
        return
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile, or no socket
            _set_patience(int(entry.name), seconds)


def _set_patience(descriptor: int, seconds: float) -> None:
    end = socket.socket(fileno=descriptor)
    try:
        if end.family in (socket.AF_INET, socket.AF_INET6) and end.type == socket.SOCK_STREAM:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1000))
    finally:
        end.detach()
