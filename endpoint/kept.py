"""Pages that were made already, kept for those who ask next: bounded by their bytes."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

BYTES: Final = 32 << 20
"""What each web process keeps, about 4,000 compressed pages."""


class Kept:
    """Bytes by name, those that nobody asked for longest let go first."""

    def __init__(self, most: int = BYTES) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str, make: Callable[[], bytes]) -> bytes:
        """What is kept under the name, or what is made now; what fails is not kept."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        made = make()
        with self._lock:
            self._keep(name, made)
        return made

    def _keep(self, name: str, data: bytes) -> None:
        self._size += len(data) - len(self._kept.pop(name, b""))
        self._kept[name] = data
        while self._size > self._most:
            self._size -= len(self._kept.popitem(last=False)[1])

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)
