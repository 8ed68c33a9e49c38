"""The working store: the graph as of one journal entry, brought forward record by record.

Its default graph holds every triple that some record or derived graph holds, once.
"""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from kg.bulk import BulkLoad
from kg.derivation import derive, indicator_targets
from kg.entries import START, Entry
from kg.journal import Journal
from kg.namespaces import BASE, GRAPH, expand
from kg.provenance import describe_entry
from kg.records import derived_graph, kind_of_graph, meta_graph, parse_content, thing_of_graph
from kg.statistics import Statistics

_META: Final = f"<{GRAPH}meta/"
_MARKS: Final = NamedNode(GRAPH + "meta/journal")
_GRAPH: Final = NamedNode(BASE)
_SEQUENCE: Final = NamedNode(expand("ssc4c:sequence"))
_HASH: Final = NamedNode(expand("ssc4c:contentHash"))
_TRIPLES: Final = NamedNode(expand("void:triples"))
_BULK: Final = 500
"""From so many changes on, loading in bulk is faster than updating."""


@dataclass(frozen=True)
class Applied:
    """How far the working store has come."""

    sequence: int
    hash: str
    triples: int
    """Number of triples in the default graph."""


@dataclass
class WorkingStore:
    """The store under `home/working`; one process at a time may open it."""

    path: Path
    store: Store
    targets: dict[NamedNode, list[NamedNode]] = field(default_factory=dict)
    """Indicator to targets."""

    @classmethod
    def open(cls, path: Path, journal: Journal) -> "WorkingStore":
        """Open the store, or begin anew where it does not belong to the journal."""
        path.parent.mkdir(parents=True, exist_ok=True)
        working = cls(path, Store(str(path)))
        applied = working.applied
        if applied and journal.hash_at(applied.sequence) != applied.hash:
            applied = None
        if applied is None or _sdg_changed(journal, applied.sequence):
            working = working.emptied()
        working.targets = _read_targets(journal)
        return working

    def emptied(self) -> "WorkingStore":
        """A new, empty store in the same place."""
        self.close()
        shutil.rmtree(self.path)
        return WorkingStore(self.path, Store(str(self.path)))

    def close(self) -> None:
        """Give back the lock on the folder; the store is closed once nobody refers to it."""
        del self.store

    @property
    def applied(self) -> Applied | None:
        """The last entry that is in the store; nothing if the store is empty or half-loaded."""
        marks = {
            quad.predicate: quad.object
            for quad in self.store.quads_for_pattern(_GRAPH, None, None, _MARKS)
        }
        if len(marks) < 3:
            return None
        sequence, content_hash, triples = (
            marks[name].value  # type: ignore[union-attr]
            for name in (_SEQUENCE, _HASH, _TRIPLES)
        )
        return Applied(int(sequence), content_hash, int(triples))

    def catch_up(self, journal: Journal) -> None:
        """Apply what the journal has beyond the store."""
        after = self.applied.sequence if self.applied else 0
        changed = journal.count_changed(after)
        statistics = Statistics(self.store, lambda node: self.targets.get(node, ()))
        is_counted = statistics.is_at(after) and changed < _BULK
        if is_counted:
            statistics.watch({thing_of_graph(entry.graph) for entry in journal.entries(after)})
        loaded = self._load(journal, after) if changed >= _BULK else set()
        if len(loaded) < changed:
            for entry, content in journal.current(after):
                if entry.sequence not in loaded:
                    self._apply(entry, content)
        self._mark_end(journal)
        self._count_again(statistics, is_counted, journal)

    def _count_again(self, statistics: Statistics, is_counted: bool, journal: Journal) -> None:
        sequence, _ = journal.last()
        if is_counted:
            statistics.settle(sequence)
        elif not statistics.is_at(sequence):
            statistics.renew(sequence)

    def _load(self, journal: Journal, after: int) -> set[int]:
        """Add new records in bulk; the sequences of those, since others must be applied.

        The marks are taken off meanwhile: a store without them, left by a crash, is begun anew.
        """
        was = self.applied or Applied(after, START, 0)
        self.store.update(_update_text(list(self._quads_in(_MARKS)), []))
        loaded: set[int] = set()
        with BulkLoad(self.store) as bulk:
            for entry, content in journal.current(after):
                if self._is_new(entry.graph):
                    loaded.add(entry.sequence)
                    bulk.add(self._lines(entry, content))
        self._mark(Applied(was.sequence, was.hash, self._count()))
        return loaded

    def _is_new(self, graph: str) -> bool:
        """Whether the store holds nothing of a record; every record has a meta graph."""
        return next(self._quads_in(NamedNode(meta_graph(graph))), None) is None

    def _quads_in(self, name: NamedNode) -> Iterator[Quad]:
        return self.store.quads_for_pattern(None, None, None, name)

    def _lines(self, entry: Entry, content: bytes) -> bytes:
        """The merged triples of a record and the quads of its three graphs as N-Quads."""
        derived, about = self._infer(entry, parse_content(content))
        quads = [*map(_merged, derived), *about]
        merged = content.replace(f" <{entry.graph}> .\n".encode(), b" .\n")
        return content + merged + (serialize(quads, format=RdfFormat.N_QUADS) or b"")

    def _infer(self, entry: Entry, triples: Iterable[Triple]) -> tuple[set[Triple], list[Quad]]:
        """The triples derived from a record, and the quads of its derived and meta graphs."""
        thing = NamedNode(thing_of_graph(entry.graph))
        derived = derive(thing, triples, lambda node: self.targets.get(node, ()))
        return derived, [
            *_in_graph(derived, derived_graph(entry.graph)),
            *_in_graph(describe_entry(entry, thing), meta_graph(entry.graph)),
        ]

    def _apply(self, entry: Entry, content: bytes) -> None:
        """Put one entry in place by one transaction, together with the mark that tells so."""
        triples = set(parse_content(content))
        derived, about = self._infer(entry, triples)
        merged, named = triples | derived, [*_in_graph(triples, entry.graph), *about]
        own = [NamedNode(name) for name in _graphs_of(entry.graph)]
        old = [quad for name in own for quad in self._quads_in(name)]
        before = {quad.triple for quad in old if not str(quad.graph_name).startswith(_META)}
        gone = {triple for triple in before - merged if not self._is_held(triple, own)}
        new = {triple for triple in merged - before if not self._is_merged(triple)}
        self._write(old, gone, named, new, entry)

    def _write(
        self,
        old: list[Quad],
        gone: set[Triple],
        named: list[Quad],
        new: set[Triple],
        entry: Entry,
    ) -> None:
        was = self.applied or Applied(0, "", 0)
        now = Applied(entry.sequence, entry.entry_hash, was.triples + len(new) - len(gone))
        away = [*old, *map(_merged, gone), *self._quads_in(_MARKS)]
        add = [*named, *map(_merged, new), *_marks(now)]
        self.store.update(_update_text(away, add))

    def _mark_end(self, journal: Journal) -> None:
        """Mark the last entry, since those that later ones replaced were passed over."""
        sequence, entry_hash = journal.last()
        was = self.applied or Applied(0, "", 0)
        if was.sequence != sequence:
            self._mark(Applied(sequence, entry_hash, was.triples))

    def _mark(self, applied: Applied) -> None:
        self.store.update(_update_text(list(self._quads_in(_MARKS)), _marks(applied)))

    def _is_held(self, triple: Triple, but: list[NamedNode]) -> bool:
        """Whether a record or derived graph other than these holds the triple."""
        quads = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(
            not isinstance(quad.graph_name, DefaultGraph)
            and quad.graph_name not in but
            and not str(quad.graph_name).startswith(_META)
            for quad in quads
        )

    def _is_merged(self, triple: Triple) -> bool:
        return Quad(triple.subject, triple.predicate, triple.object) in self.store

    def _count(self) -> int:
        pattern = self.store.quads_for_pattern(None, None, None, DefaultGraph())
        return sum(1 for _ in pattern)

    def back_up(self, target: Path) -> None:
        """A hard-linked copy for readers."""
        self.store.flush()
        self.store.backup(str(target))


def _graphs_of(graph: str) -> tuple[str, str, str]:
    return graph, derived_graph(graph), meta_graph(graph)


def _in_graph(triples: Iterable[Triple], graph: str) -> list[Quad]:
    name = NamedNode(graph)
    return [Quad(each.subject, each.predicate, each.object, name) for each in triples]


def _merged(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object)


def _marks(applied: Applied) -> list[Quad]:
    values = ((_SEQUENCE, applied.sequence), (_TRIPLES, applied.triples))
    return [
        *(Quad(_GRAPH, name, Literal(value), _MARKS) for name, value in values),
        Quad(_GRAPH, _HASH, Literal(applied.hash), _MARKS),
    ]


def _update_text(away: list[Quad], add: list[Quad]) -> str:
    return f"DELETE DATA {{\n{_data(away)}}} ;\nINSERT DATA {{\n{_data(add)}}}"


def _data(quads: list[Quad]) -> str:
    return "".join(map(_statement, quads))


def _statement(quad: Quad) -> str:
    triple = f"{quad.subject} {quad.predicate} {quad.object} ."
    if isinstance(quad.graph_name, DefaultGraph):
        return triple + "\n"
    return f"GRAPH {quad.graph_name} {{ {triple} }}\n"


def _sdg_changed(journal: Journal, after: int) -> bool:
    """Whether the hierarchy that derivation rests on has changed."""
    if after == 0:
        return False
    return any(kind_of_graph(entry.graph) == "sdg" for entry in journal.entries(after))


def _read_targets(journal: Journal) -> dict[NamedNode, list[NamedNode]]:
    contents = journal.contents(kind="sdg")
    return indicator_targets(triple for content in contents for triple in parse_content(content))
