"""What the query service keeps: answers for whoever asks the same again, outcomes to be fetched."""

import os
import time
from collections import OrderedDict
from typing import Final

from kg.engines.frames import Frame, Kind

Key = tuple[str, bytes]
"""Snapshot, and digest of the question: query, formats, graphs."""
KEEP: Final = 300.0
"""Seconds for which the outcome of a submitted query waits to be fetched."""
_OVERHEAD: Final = 512
"""Bytes of memory that an entry takes beside its answer."""


class Shelf:
    """Frames up to a number of bytes; answers that nobody asked for the longest go first.

    The last outcome stays whatever its size, so that a long answer can be fetched at all.
    """

    def __init__(self, bound: int, files: int = 1024) -> None:
        self.size = 0
        self.files = 0
        self._bound = bound
        self._most_files = files
        self._answers: OrderedDict[Key, Frame] = OrderedDict()
        self._outcomes: OrderedDict[bytes, tuple[float, Frame]] = OrderedDict()

    def keep(self, key: Key, frame: Frame) -> None:
        """Keep an answer; the caller goes on owning the frame that it gives."""
        if _cost(frame) > self._bound // 4 or key in self._answers:
            return
        self._answers[key] = self._own(frame._replace(kind=Kind.KEPT))
        self._make_room()

    def find(self, key: Key) -> Frame | None:
        """A kept answer; it belongs to the shelf."""
        frame = self._answers.get(key)
        if frame:
            self._answers.move_to_end(key)
        return frame

    def note(self, query_id: bytes, frame: Frame) -> None:
        """Keep the answer or error of a submitted query for a while."""
        self._outcomes[query_id] = (time.monotonic() + KEEP, self._own(frame))
        self._make_room()

    def fetch(self, query_id: bytes) -> Frame | None:
        """The outcome of a submitted query; it belongs to the shelf."""
        entry = self._outcomes.get(query_id)
        return entry[1] if entry else None

    def tidy(self, now: float) -> None:
        """Let go of the outcomes that nobody fetched in time."""
        while self._outcomes and next(iter(self._outcomes.values()))[0] <= now:
            self._drop(self._outcomes.popitem(last=False)[1][1])

    def clear(self) -> None:
        """Let go of everything."""
        while self._answers:
            self._drop(self._answers.popitem()[1])
        while self._outcomes:
            self._drop(self._outcomes.popitem()[1][1])

    def _own(self, frame: Frame) -> Frame:
        """A frame with a descriptor of its own, counted."""
        if frame.file is not None:
            frame = frame._replace(file=os.dup(frame.file))
            self.files += 1
        self.size += _cost(frame)
        return frame

    def _drop(self, frame: Frame) -> None:
        self.size -= _cost(frame)
        self.files -= frame.file is not None
        frame.close()

    def _make_room(self) -> None:
        while self._answers and self._is_over():
            self._drop(self._answers.popitem(last=False)[1])
        while len(self._outcomes) > 1 and self._is_over():
            self._drop(self._outcomes.popitem(last=False)[1][1])

    def _is_over(self) -> bool:
        return self.size > self._bound or self.files > self._most_files


def _cost(frame: Frame) -> int:
    long = 0 if frame.file is None else os.fstat(frame.file).st_size
    return _OVERHEAD + len(frame.body) + long
