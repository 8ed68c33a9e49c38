"""The canonical dump: sorted N-Quads, written with bounded memory."""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import BinaryIO, Final, cast

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, serialize

from kg.namespaces import GRAPH

_BATCH: Final = 200_000
"""Quads that are sorted in memory; what is more goes through files."""
_META: Final = GRAPH + "meta/"


def dump_lines(store: Store) -> Iterator[bytes]:
    """The quads of all graphs but the meta graphs as sorted lines of N-Quads."""
    quads = (
        quad
        for quad in store.quads_for_pattern(None, None, None, None)
        if isinstance(quad.graph_name, DefaultGraph) or not quad.graph_name.value.startswith(_META)
    )
    with ExitStack() as files:
        runs: list[Iterable[bytes]] = []
        while batch := _sort(islice(quads, _BATCH)):
            runs.append(batch if len(batch) < _BATCH else files.enter_context(_spill(batch)))
        yield from heapq.merge(*runs)


def _sort(quads: Iterable[Quad]) -> list[bytes]:
    lines = serialize(quads, format=RdfFormat.N_QUADS) or b""
    return sorted(lines.splitlines(keepends=True))


def _spill(lines: list[bytes]) -> BinaryIO:
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 (the stack closes it)
    file.writelines(lines)
    file.seek(0)
    return file
