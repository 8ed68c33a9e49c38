"""Which snapshot is in memory: starts its nursery once it is worth it, falls back to disk."""

import math
import sys
from collections.abc import Callable
from typing import Final

from kg.engines import failures, walls
from kg.engines.frames import Kind
from kg.engines.nursery import BYTES_PER_SECOND, Nursery, estimate, share, start_nursery
from kg.engines.processes import Role, Worker
from kg.settings import Settings
from kg.snapshots import Snapshot

_TRIES: Final = 3
"""Nurseries that may end unasked before their snapshot is served from disk."""


class Nursing:
    """The nursery of the newest snapshot, if it fits `SSC4C_MEMORY`."""

    def __init__(
        self,
        settings: Settings,
        watch: Callable[[Nursery], None],
        forget: Callable[[Nursery], None],
    ) -> None:
        self.nursery: Nursery | None = None
        self._settings = settings
        self._watch = watch
        self._forget = forget
        self.is_possible = not settings.engine and settings.memory > 0 and walls.adopt_orphans()
        """Whether a snapshot may be in memory at all."""
        self._snapshot: Snapshot | None = None
        self._since = math.inf
        self._tries = 0
        self._early_ends = 0

    def is_ready_for(self, snapshot: Snapshot) -> bool:
        """Whether workers with this snapshot in memory can be had."""
        found = self.nursery
        return found is not None and found.is_ready and found.snapshot == snapshot

    def follow(self, snapshot: Snapshot, now: float) -> None:
        """Let go of the snapshot before; load this one when it has been current for a while."""
        if snapshot != self._snapshot:
            self._end()
            self._snapshot, self._since, self._tries, self._early_ends = snapshot, now, 0, 0
        if self.nursery or not self.is_possible or self._tries >= _TRIES:
            return
        size = estimate(snapshot)
        if size <= share(self._settings) and now >= self._since + size / BYTES_PER_SECOND:
            self._tries += 1
            self.nursery = start_nursery(snapshot, self._settings)
            self._watch(self.nursery)

    def hatch(self, snapshot: Snapshot, role: Role) -> Worker | None:
        """A worker with the snapshot in memory; None if there can be none now."""
        if self.nursery is None or not self.is_ready_for(snapshot):
            return None
        try:
            return self.nursery.hatch(role)
        except OSError:  # it is gone, which its channel is going to tell
            return None

    def hear(self, nursery: Nursery) -> None:
        """Something came from the nursery: it is ready, or it cannot be, or it ended."""
        try:
            frame = nursery.channel.take()
        except BlockingIOError:
            return
        except (EOFError, OSError):
            self._end()
            return
        if frame and frame.kind == Kind.READY:
            nursery.is_ready = True
        elif frame:
            reason = failures.decode(frame.body)
            sys.stderr.write(f"{nursery.snapshot.id} is served from disk: {reason.detail}\n")
            self._tries = _TRIES

    def doubt(self) -> None:
        """A worker from the nursery ended before it was ready."""
        self._early_ends += 1
        if self._early_ends > self._settings.query_workers:
            sys.stderr.write("Workers in memory do not start; the snapshot is served from disk\n")
            self._tries = _TRIES
            self._end()

    def _end(self) -> None:
        if self.nursery:
            self._forget(self.nursery)
            sys.stderr.write(self.nursery.end())
            self.nursery = None

    def close(self) -> None:
        """End the nursery."""
        self._end()
