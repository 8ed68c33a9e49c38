"""Queries on their way through the service: who asks, and the run that answers them."""

import os
import time
from dataclasses import dataclass, field
from hashlib import sha256

from kg.engines import RunningQuery
from kg.engines.frames import Channel, Frame
from kg.engines.shelf import Key
from kg.engines.wire import Label

_PIECE = 1 << 18


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
    """How long it may run."""
    deadline: float
    """When it is given up: by the clock of waiting, then by that of running."""
    askers: list[Asker]
    started: float = 0.0
    """When it began to run; 0 while it waits."""

    @property
    def client(self) -> str:
        """Whose turn it takes: the first who asked."""
        return self.askers[0].client if self.askers else self.label.client

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
