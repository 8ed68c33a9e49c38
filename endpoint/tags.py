"""What lets answers be kept by caches: tags of their content, and for how long they are fresh."""

import hashlib
import re
from functools import lru_cache
from importlib.metadata import version
from typing import Final

from kg.engines import QueryRequest

FRESH: Final = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
"""A minute without asking; then it is asked whether the snapshot is still the same."""
NOT_KEPT: Final = "no-cache"
"""For answers that differ each time."""
_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"')


def digest(request: QueryRequest, snapshot: str) -> str:
    """A name for the answer of a repeatable query: other bytes have another one."""
    parts = (
        snapshot,
        request.query,
        request.table,
        request.graph,
        request.default_graphs,
        request.named_graphs,
        _versions(),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def tag(name: str, encoding: str) -> str:
    """The strong ETag of an answer in one encoding; each encoding has other bytes."""
    return f'"{name}-{encoding}"' if encoding else f'"{name}"'


def find_tag(known: str, name: str, encoding: str) -> str:
    """Of the tags in If-None-Match the one that the answer would have; empty if none.

    Short answers are not compressed, so both are looked for.
    """
    if not known:
        return ""
    if known.strip() == "*":
        return tag(name, encoding)
    tags = {f'"{each}"' for each in _TAG.findall(known)}
    fitting = (each for each in (tag(name, encoding), tag(name, "")) if each in tags)
    return next(fitting, "")


@lru_cache(maxsize=1)
def _versions() -> str:
    """What writes the same rows in other bytes some day."""
    return f"{version('ssc4c-graph')} {version('pyoxigraph')}"
