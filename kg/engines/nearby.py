"""Short answers that a web process keeps itself, which saves the way to the query service."""

import io
import os
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final, cast

from kg.engines import QueryAnswer, QueryRequest
from kg.generations import Generations

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
        self._kept: Generations[_Key, tuple[QueryAnswer, bytes]] = Generations(bound)

    def find(self, request: QueryRequest) -> QueryAnswer | None:
        """The answer that was given before on the snapshot that is served now."""
        if request.snapshot:
            return None
        entry = self._kept.find(_key(name_of(self._current), request))
        if entry is None:
            return None
        answer, body = entry
        return replace(answer, file=cast(BinaryIO, io.BytesIO(body)), is_kept=True)

    def keep(self, request: QueryRequest, answer: QueryAnswer) -> QueryAnswer:
        """Keep a short answer that would be the same again; the answer to go on with."""
        is_short = answer.length <= min(_SHORT, self._kept.bound)
        if is_short and not request.snapshot and request.is_repeatable:
            body = answer.file.read()
            answer.file.seek(0)
            size = len(body) + len(request.query) + _OVERHEAD
            self._kept.keep(_key(answer.snapshot, request), (answer, body), size)
        return answer


def name_of(current: Path) -> str:
    """Id of the snapshot that the link points to; empty if there is none."""
    try:
        return os.path.basename(os.readlink(current))  # noqa: PTH115, PTH119 (at each query)
    except OSError:
        return ""


def _key(snapshot: str, request: QueryRequest) -> _Key:
    return (
        snapshot,
        request.query,
        request.table,
        request.graph,
        request.default_graphs,
        request.named_graphs,
    )
