"""Queries on their way through the service: who asks, and the run that answers them."""

import math
import os
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from kg.engines import RunningQuery
from kg.engines.frames import Channel, Frame
from kg.engines.shelf import Key
from kg.engines.wire import Label
from kg.snapshots import Snapshot

_PIECE: Final = 1 << 18


@dataclass(eq=False)
class Asker:
    """One who waits for an answer."""

    id: bytes
    client: str
    channel: Channel | None
    """Where the answer goes; None if it is kept until it is fetched."""
    since: float = field(default_factory=time.monotonic)


@dataclass(eq=False)
class Run:
    """One query that waits for a worker or is at work, for all who asked the same."""

    frame: Frame
    label: Label
    key: Key
    seconds: float
    """How long it may run, asking other endpoints included."""
    deadline: float
    """When it is given up: by the clock of waiting, then by that of running."""
    askers: list[Asker] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)
    started: float = 0.0
    """When it began to run; 0 while it waits."""
    try_until: float = math.inf
    """When the express worker gives it up."""
    used_before: float = 0.0
    """Processor time that the express worker had taken before."""
    is_long: bool = False
    """Whether it is known to take longer than a try."""
    kept: Snapshot | None = None
    """The kept snapshot that it asks; None for the one that is served."""
    is_abroad: bool = False
    """Whether other endpoints are yet to be asked for it."""
    used: float = 0.0
    """Seconds that asking them took."""

    @property
    def client(self) -> str:
        """Whose turn it takes: that of the first who asked."""
        return self.label.client

    def describe(self, asker: Asker, now: float) -> RunningQuery:
        """Its line in the list of running queries."""
        return RunningQuery(
            asker.id.hex(),
            asker.client,
            "running" if self.started else "waiting",
            round(now - (self.started or asker.since), 3),
            self.label.text,
            self.key[0],
        )

    def wait_again(self) -> None:
        """Begin anew later, on a regular worker."""
        self.started, self.try_until, self.is_long = 0.0, math.inf, True

    def come_home(self, frame: Frame, now: float) -> None:
        """Go on with the question in which the answers of other endpoints stand."""
        self.close()
        self.used = now - self.started
        self.frame = frame._replace(seconds=self.seconds - self.used)
        self.started, self.since, self.is_abroad = 0.0, now, False

    def close(self) -> None:
        """Let go of the file that came with the question."""
        self.frame.close()
        self.frame = self.frame._replace(file=None)


def digest_of(frame: Frame, start: int) -> bytes:
    """A digest of a question from `start` on, that is without its label."""
    if frame.file is None:
        return sha256(memoryview(frame.body)[start:]).digest()
    digest = sha256()
    while piece := os.pread(frame.file, _PIECE, start):
        digest.update(piece)
        start += len(piece)
    return digest.digest()
