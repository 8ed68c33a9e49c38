"""Keeps the working text index in step with the journal."""

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Store, Triple

from kg.journal import Journal
from kg.namespaces import split_thing
from kg.records import parse_content, thing_of_graph
from kg.textdocuments import NAMES, documents
from kg.textfacets import TELLING
from kg.textindex import TextIndex

_MARK: Final = "sequence.json"
_SHOWN: Final = frozenset({*NAMES, *TELLING})
"""Properties of a thing that the documents of others depend on."""
_VERSION: Final = 3
"""Counted up when the fields of documents are filled otherwise, so that all are made anew."""
_PASSING_ON: Final = frozenset({"country", "region"})
"""Kinds of things that pass on what a region tells them."""


def update_index(path: Path, store: Store, journal: Journal) -> None:
    """Bring the index in this folder up to the journal; the store must be there already."""
    sequence, entry_hash = journal.last()
    reached = _reached(path, journal)
    if reached == sequence:
        return
    if reached is None:
        _build(path, store, journal)
    else:
        _renew(path, store, _affected(store, journal, reached))
    mark = json.dumps({"sequence": sequence, "hash": entry_hash, "version": _VERSION})
    (path / _MARK).write_text(mark, encoding="utf-8")


def _reached(path: Path, journal: Journal) -> int | None:
    """The sequence that the index stands at; nothing if it cannot be carried on."""
    mark = path / _MARK
    if not mark.is_file() or not TextIndex.is_compatible(path):
        return None
    said = json.loads(mark.read_text(encoding="utf-8"))
    is_ours = said.get("version") == _VERSION and journal.hash_at(said["sequence"]) == said["hash"]
    return int(said["sequence"]) if is_ours else None


def _build(path: Path, store: Store, journal: Journal) -> None:
    if path.exists():
        shutil.rmtree(path)
    graphs: defaultdict[str, list[str]] = defaultdict(list)
    for head in journal.heads().values():
        if head.operation != "withdraw":
            graphs[thing_of_graph(head.graph)].append(head.graph)
    TextIndex.build(path, documents(store, sorted(graphs), graphs))


def _renew(path: Path, store: Store, things: set[str]) -> None:
    (path / _MARK).unlink()  # a crash between here and the new mark makes the index be built anew
    gone = [thing for thing in things if not _is_described(store, thing)]
    there = sorted(things.difference(gone))
    TextIndex.update(path, documents(store, there), gone)


def _is_described(store: Store, thing: str) -> bool:
    pattern = store.quads_for_pattern(NamedNode(thing), None, None, DefaultGraph())
    return next(iter(pattern), None) is not None


def _affected(store: Store, journal: Journal, after: int) -> set[str]:
    """Things whose records changed, and things that show something of one that changed."""
    come_or_gone: set[str] = set()
    updated: set[str] = set()
    for entry in journal.entries(after):
        (updated if entry.operation == "update" else come_or_gone).add(entry.graph)
    updated -= come_or_gone
    changed = {graph for graph in updated if _is_changed_to_others(journal, graph, after)}
    things = set(map(thing_of_graph, updated | come_or_gone))
    return things | _showing(store, set(map(thing_of_graph, changed | come_or_gone)))


def _is_changed_to_others(journal: Journal, graph: str, after: int) -> bool:
    entries = list(journal.entries(graph=graph))
    before = [entry for entry in entries if entry.sequence <= after]
    old = journal.content(before[-1].content_hash) if before else None
    new = journal.content(entries[-1].content_hash)
    return _shown(parse_content(old or b"")) != _shown(parse_content(new or b""))


def _shown(triples: Iterable[Triple]) -> set[tuple[str, str]]:
    return {
        (each.predicate.value, str(each.object)) for each in triples if each.predicate in _SHOWN
    }


def _showing(store: Store, things: Iterable[str]) -> set[str]:
    """Things that link to these; what a region tells goes through its countries."""
    found: set[str] = set()
    for thing in things:
        linking = set(_linking(store, thing)) - found
        found |= linking
        if _kind(thing) == "region":
            found |= _showing(store, {each for each in linking if _kind(each) in _PASSING_ON})
    return found


def _kind(thing: str) -> str:
    return (split_thing(thing) or ("",))[0]


def _linking(store: Store, thing: str) -> Iterator[str]:
    for quad in store.quads_for_pattern(None, None, NamedNode(thing), DefaultGraph()):
        if isinstance(quad.subject, NamedNode):
            yield quad.subject.value.partition("#")[0]
