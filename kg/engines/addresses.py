"""Unix socket addresses, which may be longer than the 107 bytes that the system takes."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LONGEST: Final = 100


@contextlib.contextmanager
def reachable(path: Path) -> Iterator[str]:
    """An address for `path` that is short enough while the context lasts."""
    if len(os.fsencode(path)) <= _LONGEST or sys.platform != "linux":
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
