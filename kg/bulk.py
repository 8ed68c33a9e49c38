"""Filling a store with much at once, on two cores."""

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

from pyoxigraph import RdfFormat, Store

_PART: Final = 128 << 20
"""Bytes that are loaded together: larger parts cost less time and more memory."""


class BulkLoad:
    """Takes N-Quads and loads them in parts, each while the caller makes the next one."""

    def __init__(self, store: Store, part: int = _PART) -> None:
        self._store = store
        self._part = part
        self._lines: list[bytes] = []
        self._size = 0
        self._thread = ThreadPoolExecutor(1)
        self._at_work: Future[None] | None = None

    def add(self, lines: bytes) -> None:
        """Load these statements, soon."""
        self._lines.append(lines)
        self._size += len(lines)
        if self._size > self._part:
            self._send()

    def _send(self) -> None:
        self._wait()
        data = b"".join(self._lines)
        self._lines.clear()
        self._size = 0
        self._at_work = self._thread.submit(self._load, data)

    def _load(self, data: bytes) -> None:
        # Lenient, since every statement was parsed when it came in.
        self._store.bulk_load(data, RdfFormat.N_QUADS, lenient=True)

    def _wait(self) -> None:
        """Wait for the part at work; raises what went wrong with it."""
        if self._at_work:
            self._at_work.result()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        """Load the rest, unless the caller failed; then wait until all is in the store."""
        with self._thread:
            if kind is None:
                self._send()
                self._wait()
