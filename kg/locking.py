"""One writer at a time: a file lock that tells who holds it."""

import fcntl
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from kg.entries import now_utc
from kg.errors import Locked

_PAUSE: Final = 0.1


@contextmanager
def writer_lock(
    home: Path, wait: float = 0.0, on_wait: Callable[[str], None] = lambda holder: None
) -> Iterator[None]:
    """Hold `home/lock`; after `wait` seconds in vain raise Locked naming the holder."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a+", encoding="utf-8") as file:
        _acquire(file, time.monotonic() + wait, on_wait)
        _sign(file)
        try:
            yield
        finally:
            file.truncate(0)


def _acquire(file: TextIOWrapper, until: float, on_wait: Callable[[str], None]) -> None:
    told = False
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = _holder(file)
        if time.monotonic() >= until:
            raise Locked(f"{holder} is writing; wait until it has finished, or give --wait SECONDS")
        if not told:
            on_wait(holder)
            told = True
        time.sleep(_PAUSE)


def _sign(file: TextIOWrapper) -> None:
    file.truncate(0)
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
    json.dump({"pid": os.getpid(), "command": command, "since": now_utc()}, file)
    file.flush()


def _holder(file: TextIOWrapper) -> str:
    file.seek(0)
    try:
        said = json.loads(file.read())
    except json.JSONDecodeError:
        return "another process"
    return f"process {said['pid']} ({said['command']}, since {said['since']})"
