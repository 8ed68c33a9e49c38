"""Short answers that a web process keeps itself, which saves the way to the query service.

Two generations instead of a list by age: what is asked for moves to the younger one, and when that
is full the older one is let go. No thread waits for another.
"""

import io
import os
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final, cast

from kg.engines import QueryAnswer, QueryRequest
from kg.engines.scan import is_repeatable

BOUND: Final = 16 << 20
"""Bytes of all answers together, about."""
_SHORT: Final = 1 << 16
"""Bytes that an answer may have."""
_OVERHEAD: Final = 512
"""Bytes that an entry takes beside answer and query."""
_Key = tuple[str, str, str | None, str | None, tuple[str, ...], tuple[str, ...]]


class Nearby:
    """Answers of the snapshot that `current` points to; nothing else is ever found."""

    def __init__(self, current: Path, bound: int = BOUND) -> None:
        self._current = current
        self._bound = bound
        self._young: dict[_Key, tuple[QueryAnswer, bytes]] = {}
        self._old: dict[_Key, tuple[QueryAnswer, bytes]] = {}
        self._size = 0

    def find(self, request: QueryRequest) -> QueryAnswer | None:
        """The answer that was given before on the snapshot that is served now."""
        if request.snapshot:
            return None
        key = self._key(request)
        entry = self._young.get(key) or self._old.get(key)
        if entry is None:
            return None
        if key not in self._young:
            self._store(key, *entry)
        answer, body = entry
        return replace(answer, file=cast(BinaryIO, io.BytesIO(body)))

    def keep(self, request: QueryRequest, answer: QueryAnswer) -> QueryAnswer:
        """Keep a short answer that would be the same again; the answer to go on with."""
        if answer.length > min(_SHORT, self._bound) or request.snapshot:
            return answer
        key = self._key(request)
        if not key[0].endswith(answer.snapshot) or not is_repeatable(request.query):
            return answer
        body = answer.read()
        self._store(key, replace(answer, file=cast(BinaryIO, io.BytesIO()), is_kept=True), body)
        return replace(answer, file=cast(BinaryIO, io.BytesIO(body)))

    def _store(self, key: _Key, answer: QueryAnswer, body: bytes) -> None:
        size = len(body) + len(key[1]) + _OVERHEAD
        if self._size + size > self._bound // 2:
            self._old, self._young, self._size = self._young, {}, 0
        self._young[key] = (answer, body)
        self._size += size

    def _key(self, request: QueryRequest) -> _Key:
        return (
            self._link(),
            request.query,
            request.table,
            request.graph,
            request.default_graphs,
            request.named_graphs,
        )

    def _link(self) -> str:
        try:
            return os.readlink(self._current)  # noqa: PTH115 (at each query)
        except OSError:
            return ""
