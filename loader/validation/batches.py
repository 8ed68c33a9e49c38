"""Batches of records in which no record can see another one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import RdfFormat, serialize

from kg.records import Record
from loader.validation.shapes import TYPE

_TYPE: Final = TYPE.value
_STATEMENT: Final = re.compile(r"^<([^>]*)> <([^>]*)> (?:<([^>]*)>)?", re.MULTILINE)
"""Subject, predicate and, unless it is a literal, object of a line of N-Triples."""


@dataclass(frozen=True)
class Entry:
    """A record ready for an engine: its text, its own nodes, the things that it mentions."""

    place: int
    text: str
    subjects: frozenset[str]
    mentions: frozenset[str]

    @classmethod
    def of(cls, place: int, record: Record) -> "Entry":
        """Prepare a record; its place is that among the records of the run."""
        text = (serialize(record.triples, format=RdfFormat.N_TRIPLES) or b"").decode()
        statements = _STATEMENT.findall(text)
        subjects = frozenset(subject for subject, _, _ in statements)
        mentions = {value for _, predicate, value in statements if value and predicate != _TYPE}
        return cls(place, text, subjects, frozenset(mentions - subjects))


@dataclass
class Batch:
    """Entries that are validated together."""

    entries: list[Entry] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)
    mentions: set[str] = field(default_factory=set)

    def admits(self, entry: Entry) -> bool:
        """Whether the entry and those of the batch know nothing of each other."""
        return (
            self.subjects.isdisjoint(entry.subjects)
            and self.subjects.isdisjoint(entry.mentions)
            and self.mentions.isdisjoint(entry.subjects)
        )

    def add(self, entry: Entry) -> None:
        """Put an entry in."""
        self.entries.append(entry)
        self.subjects |= entry.subjects
        self.mentions |= entry.mentions


def make_batches(entries: Sequence[Entry], size: int) -> Iterator[Batch]:
    """Batches of at most the size given.

    Two records about one thing, or a record and one that it mentions, never stand in the same
    batch: a record shape sees one record and reference data, however records are batched.
    """
    waiting = list(entries)
    while waiting:
        batch, later = Batch(), []
        for place, entry in enumerate(waiting):
            if len(batch.entries) == size:
                later.extend(waiting[place:])
                break
            if batch.admits(entry):
                batch.add(entry)
            else:
                later.append(entry)
        yield batch
        waiting = later
