"""Answers side by side: what one has that the other has not, and the hash of what one has."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kg.engines import QueryAnswer
from kg.engines.formats import GRAPH_TYPES

MOST: Final = 16 << 20
"""Bytes of an answer up to which it is sorted and compared in the web process."""
LINES: Final = "text/tab-separated-values"
TRIPLES: Final = "application/n-triples"
ROWS: Final = "application/sparql-results+json"
Row = Mapping[str, Any]
"""Terms by column, as the JSON format has them."""


@dataclass(frozen=True)
class Fingerprint:
    """What shows that two answers hold the same, in whatever order their rows come."""

    count: int
    """Rows, or triples."""
    sha256: str


def take_fingerprint(answer: QueryAnswer) -> Fingerprint | None:
    """Of an answer as TSV or N-Triples: the first line stays, the others are sorted.

    Nothing for an answer that is too long to be sorted here. Anybody can do the same:
    ``(sed -u 1q; LC_ALL=C sort) | sha256sum``, or for triples ``LC_ALL=C sort -u | sha256sum``.
    (``head`` in the place of ``sed -u`` takes more from a pipe than its line.)
    """
    if answer.length > MOST:
        answer.file.close()
        return None
    lines = answer.read().splitlines(keepends=True)
    if answer.media_type in GRAPH_TYPES:
        return _hash(sorted(set(lines)), 0)
    return _hash([*lines[:1], *sorted(lines[1:])], 1)


def _hash(lines: list[bytes], heads: int) -> Fingerprint:
    return Fingerprint(len(lines) - heads, hashlib.sha256(b"".join(lines)).hexdigest())


@dataclass(frozen=True)
class Difference:
    """What is new in a later answer, and what is gone."""

    kind: str
    """``rows``, ``triples`` or ``boolean``."""
    columns: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    added: tuple[Any, ...] = ()
    removed: tuple[Any, ...] = ()
    is_compared: bool = True
    """False where an answer is too long to be compared here."""

    @property
    def is_same(self) -> bool:
        """Whether both hold the same."""
        return self.is_compared and not self.added and not self.removed


def compare(earlier: QueryAnswer, later: QueryAnswer) -> Difference:
    """Two answers of one query, as JSON or N-Triples; the same row twice counts twice."""
    is_graph = earlier.media_type in GRAPH_TYPES
    if max(earlier.length, later.length) > MOST:
        earlier.file.close()
        later.file.close()
        return Difference("triples" if is_graph else "rows", is_compared=False)
    if is_graph:
        return _compare_triples(earlier.read(), later.read())
    return _compare_tables(json.loads(earlier.read()), json.loads(later.read()))


def _compare_triples(earlier: bytes, later: bytes) -> Difference:
    then, now = ({line.decode() for line in each.splitlines()} for each in (earlier, later))
    gone, new = sorted(then - now), sorted(now - then)
    return Difference("triples", (), len(then), len(now), tuple(new), tuple(gone))


def _compare_tables(earlier: dict[str, Any], later: dict[str, Any]) -> Difference:
    if "boolean" in earlier:
        then, now = earlier["boolean"], later["boolean"]
        changed = then != now
        return Difference("boolean", (), 1, 1, (now,) * changed, (then,) * changed)
    columns = tuple(dict.fromkeys((*earlier["head"]["vars"], *later["head"]["vars"])))
    then_rows, now_rows = earlier["results"]["bindings"], later["results"]["bindings"]
    then_all, now_all = Counter(map(_key, then_rows)), Counter(map(_key, now_rows))
    return Difference(
        "rows",
        columns,
        len(then_rows),
        len(now_rows),
        _pick(now_rows, now_all - then_all),
        _pick(then_rows, then_all - now_all),
    )


def _key(row: Row) -> str:
    return json.dumps(row, sort_keys=True)


def _pick(rows: Iterable[Row], wanted: Counter[str]) -> tuple[Row, ...]:
    """The rows that are wanted, as often as they are, in the order in which they came."""
    picked = []
    for row in rows:
        key = _key(row)
        if wanted[key] > 0:
            wanted[key] -= 1
            picked.append(row)
    return tuple(picked)
