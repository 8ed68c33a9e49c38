"""Loads a snapshot into another SPARQL server, so that this one can answer instead of ours.

The snapshot's marks (graph `meta/journal`) are taken off first and put back last: meanwhile readers
are told that the store is being loaded, and none gets an answer from half of it.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Store, Triple

from kg.engines.remote import MARK_SECONDS, MERGED, Mark, Remote
from kg.errors import BadInput, NoSnapshot, PublishFailed, QueryTooLarge
from kg.graphstore import PROBE, Graph, GraphStore
from kg.journal import Journal
from kg.locking import writer_lock
from kg.namespaces import GRAPH, record_graph
from kg.records import derived_graph, kind_of_graph, meta_graph
from kg.settings import Settings
from kg.snapshots import Snapshot, Snapshots

MARKS: Final = GRAPH + "meta/journal"
_META: Final = GRAPH + "meta/"
_RECORD: Final = record_graph("source", "kind", "key")
"""A graph of a record, to tell it from shorter names."""
_LARGE: Final = 20_000
"""Triples in one request where the store takes any number."""
_SMALL: Final = 2_000
"""Triples in one update, whose text a server must parse."""
_ROWS: Final = 100_000
"""Rows that a server must be able to give."""
_NAMED: Final = 5
"""Graphs that a message names."""


@dataclass(frozen=True)
class Transferred:
    """What a transfer did."""

    snapshot: str
    store: str
    """Address of the store."""
    graphs: int
    triples: int
    """Number of triples in all graphs, the merged set among them."""
    how: str
    """``nothing``, ``changes`` or ``whole``."""


@dataclass
class Progress:
    """How far a transfer has come, kept in a file so that a killed one goes on."""

    file: Path
    goal: Mapping[str, str]
    done: int = field(init=False)

    def __post_init__(self) -> None:
        self.done = 0
        if self.file.exists():
            kept = json.loads(self.file.read_text("utf-8"))
            if kept["goal"] == self.goal:
                self.done = kept["done"]

    def note(self, done: int) -> None:
        """Keep that so many steps are done."""
        self.done = done
        draft = self.file.with_suffix(".new")
        draft.write_text(json.dumps({"goal": self.goal, "done": done}), "utf-8")
        draft.replace(self.file)

    def forget(self) -> None:
        """There is nothing to go on with."""
        self.file.unlink(missing_ok=True)


def transfer(
    settings: Settings,
    journal: Journal,
    say: Callable[[str], None] = lambda step: None,
    on_triples: Callable[[int], None] = lambda count: None,
) -> Transferred:
    """Bring the server at `settings.engine` to the snapshot that is served; verified by counts."""
    if not settings.engine or not settings.engine_store:
        raise BadInput("set SSC4C_ENGINE and SSC4C_ENGINE_STORE to the addresses of the server")
    folder = settings.home / "engine"
    with writer_lock(folder):
        snapshot = Snapshots(settings.home).current()
        return _Transfer(settings, journal, snapshot, folder, say, on_triples).run()


class _Transfer:
    def __init__(
        self,
        settings: Settings,
        journal: Journal,
        snapshot: Snapshot,
        folder: Path,
        say: Callable[[str], None],
        on_triples: Callable[[int], None],
    ) -> None:
        self._journal = journal
        self._snapshot = snapshot
        self._snapshots = Snapshots(settings.home)
        self._store = snapshot.open()
        self._remote = Remote(settings, snapshot)
        self._there = GraphStore(settings)
        self._file = folder / "progress.json"
        self._say = say
        self._on_triples = on_triples
        self._merged = ""
        """Name of the graph that holds the merged set there."""

    def run(self) -> Transferred:
        mark = self._mark_there()
        if mark and mark.snapshot == self._snapshot.id:
            return self._verified("nothing", mark.is_union)
        base = self._base(mark)
        self._take_off_marks(mark)
        is_union = self._probe()
        self._merged = MERGED if is_union else ""
        progress = self._progress(base)
        if base:
            self._say(f"bringing {self._there.name} from {base.id} to {self._snapshot.id}")
            self._follow(progress, self._changes(base))
        else:
            self._say(f"loading {self._snapshot.id} into {self._there.name}")
            self._load_whole(progress)
        done = self._verified("changes" if base else "whole", is_union)
        self._there.put((MARKS, self._triples(MARKS)))
        progress.forget()
        return done

    def _mark_there(self) -> Mark | None:
        try:
            return self._remote.mark()
        except NoSnapshot:
            return None

    def _base(self, mark: Mark | None) -> Snapshot | None:
        """The snapshot that is there, if ours can be reached from it by changes."""
        wanted = mark.snapshot if mark else self._begun_base()
        found = [each for each in self._snapshots.all() if each.id == wanted]
        if not found:
            return None
        sequence = int(found[0].manifest["sequence"])
        known = self._journal.hash_at(sequence) == found[0].manifest["hash"]
        is_before = sequence < int(self._snapshot.manifest["sequence"])
        return found[0] if known and is_before and not self._sdg_changed(sequence) else None

    def _sdg_changed(self, after: int) -> bool:
        """Whether what other records derive from has changed: then any graph may differ."""
        return any(kind_of_graph(each.graph) == "sdg" for each in self._journal.entries(after))

    def _begun_base(self) -> str:
        """From where a transfer of this snapshot set out that was cut off; empty for none."""
        if not self._file.exists():
            return ""
        goal = json.loads(self._file.read_text("utf-8"))["goal"]
        is_ours = (goal["store"], goal["snapshot"]) == (self._there.name, self._snapshot.id)
        return str(goal["base"]) if is_ours else ""

    def _progress(self, base: Snapshot | None) -> Progress:
        goal = {
            "store": self._there.name,
            "snapshot": self._snapshot.id,
            "base": base.id if base else "",
        }
        return Progress(self._file, goal)

    def _take_off_marks(self, mark: Mark | None) -> None:
        self._there.drop(MARKS)
        if mark:  # readers may take the mark that they saw for granted for a second
            time.sleep(2 * MARK_SECONDS)

    def _probe(self) -> bool:
        """Find out what the store takes; whether its default graph is the union of all."""
        self._there.try_quads()
        rows = list(self._remote.select("probed-store"))
        self._there.takes_quads = bool(rows)
        if not rows:
            self._there.put((PROBE.graph_name.value, [PROBE.triple]))  # type: ignore[union-attr]
            rows = list(self._remote.select("probed-store"))
        if not rows:
            raise PublishFailed(
                f"what is written to {self._there.name} is not seen at {self._remote.name}; "
                "they must belong to one server and dataset"
            )
        self._there.drop(PROBE.graph_name.value)  # type: ignore[union-attr]
        return rows[0]["plain"] is not None

    # The whole snapshot

    def _load_whole(self, progress: Progress) -> None:
        if progress.done == 0:
            self._clear()
        size = _SMALL if not self._there.takes_quads and self._there.can_remove else _LARGE
        for number, part in enumerate(_parts(self._graphs(), size), start=1):
            if number > progress.done:
                self._there.add(part)
                progress.note(number)
            self._on_triples(sum(len(triples) for _, triples in part))

    def _clear(self) -> None:
        """Remove what an earlier snapshot left; graphs of others stay."""
        for graph in self._graphs_there():
            self._there.drop(graph)
        if not self._merged:
            self._there.drop("")

    def _graphs(self) -> Iterator[Graph]:
        """Every graph but the marks, the merged set in parts."""
        for name in self._store.named_graphs():
            if isinstance(name, NamedNode) and name.value != MARKS:
                yield name.value, self._triples(name.value)
        merged = (q.triple for q in self._store.quads_for_pattern(None, None, None, DefaultGraph()))
        while part := list(islice(merged, _LARGE)):
            yield self._merged, part

    def _triples(self, graph: str, store: Store | None = None) -> list[Triple]:
        quads = (store or self._store).quads_for_pattern(None, None, None, NamedNode(graph))
        return [quad.triple for quad in quads]

    # Changes

    def _changes(self, base: Snapshot) -> Iterator[Callable[[], None]]:
        """The steps from an earlier snapshot to ours; each may be done again."""
        old = base.open()
        entries = self._journal.entries(int(base.manifest["sequence"]))
        last = int(self._snapshot.manifest["sequence"])
        records = sorted({each.graph for each in entries if each.sequence <= last})
        graphs = [each(graph) for graph in records for each in (str, derived_graph, meta_graph)]
        graphs += sorted({*_graphs_of_no_record(old), *_graphs_of_no_record(self._store)} - {MARKS})
        for graph in graphs:
            yield lambda graph=graph: self._replace(graph)  # type: ignore[misc]
        yield lambda: self._merge(old, [each for each in graphs if not each.startswith(_META)])

    def _follow(self, progress: Progress, steps: Iterable[Callable[[], None]]) -> None:
        for number, step in enumerate(steps, start=1):
            if number > progress.done:
                step()
                progress.note(number)

    def _replace(self, graph: str) -> None:
        triples = self._triples(graph)
        if triples:
            self._there.put((graph, triples))
        else:
            self._there.drop(graph)
        self._on_triples(len(triples))

    def _merge(self, old: Store, graphs: list[str]) -> None:
        """Bring the merged set there from the old state to ours."""
        before = {triple for graph in graphs for triple in self._triples(graph, old)}
        after = {triple for graph in graphs for triple in self._triples(graph)}
        gone = [each for each in before - after if _is_only_in(old, self._store, each)]
        new = [each for each in after if _is_only_in(self._store, old, each)]
        if gone and not self._there.can_remove:
            self._there.drop(self._merged)
            merged = self._store.quads_for_pattern(None, None, None, DefaultGraph())
            new, gone = [quad.triple for quad in merged], []
        for part in _pieces(gone, _SMALL):
            self._there.remove((self._merged, part))
        for part in _pieces(new, _LARGE):
            self._there.add([(self._merged, part)])
            self._on_triples(len(part))

    # The end

    def _verified(self, how: str, is_union: bool) -> Transferred:
        """The result, if the counts agree; otherwise the next transfer begins anew."""
        try:
            return self._conclude(how, is_union)
        except PublishFailed:
            self._file.unlink(missing_ok=True)
            self._there.drop(MARKS)
            raise

    def _conclude(self, how: str, is_union: bool) -> Transferred:
        self._say("comparing the counts of all graphs")
        expected = self._counts_here(MERGED if is_union else "")
        self._refuse_bounds(sum(expected.values()) - expected[""])
        found = self._counts_there(is_union)
        wrong = [each for each in expected.keys() | found.keys() if expected[each] != found[each]]
        if wrong:
            raise PublishFailed(self._mismatch(sorted(wrong), expected, found))
        count, total = len(expected) - 1, sum(expected.values())
        return Transferred(self._snapshot.id, self._there.name, count, total, how)

    def _mismatch(self, wrong: list[str], expected: Counter[str], found: Counter[str]) -> str:
        shown = "; ".join(
            f"{graph or 'default graph'}: {expected[graph]} here, {found[graph]} there"
            for graph in wrong[:_NAMED]
        )
        more = f"; and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        return f"{self._there.name} does not hold what it was given: {shown}{more}"

    def _refuse_bounds(self, held: int) -> None:
        """Raise PublishFailed if the server cuts its answers."""
        try:
            count = sum(1 for _ in self._remote.select("hundred-thousand-rows"))
        except QueryTooLarge as error:
            raise PublishFailed(
                f"{error.detail} Take the bound from the server's settings (ResultSetMaxRows "
                "in the file virtuoso.ini): answers are bounded here."
            ) from error
        if count < min(held, _ROWS):
            raise PublishFailed(f"{self._remote.name} gives {count} rows of {min(held, _ROWS)}")

    def _counts_here(self, merged: str) -> Counter[str]:
        counts: Counter[str] = Counter()
        for quad in self._store.quads_for_pattern(None, None, None, None):
            name = quad.graph_name
            counts[name.value if isinstance(name, NamedNode) else merged] += 1
        del counts[MARKS]
        return counts

    def _counts_there(self, is_union: bool) -> Counter[str]:
        counts = Counter(
            {
                row["graph"].value: int(row["triples"].value)
                for row in self._remote.select("triples-per-graph")
                if row["graph"].value.startswith(GRAPH)
            }
        )
        if not is_union:
            for row in self._remote.select("triples-in-default-graph"):
                counts[""] = int(row["triples"].value)
        del counts[MARKS]
        return counts

    def _graphs_there(self) -> list[str]:
        return list(self._counts_there(is_union=True))


def _graphs_of_no_record(store: Store) -> Iterator[str]:
    """The graphs that each publish makes anew from all records, such as `derived/statistics`."""
    for name in store.named_graphs():
        if isinstance(name, NamedNode) and name.value.count("/") < _RECORD.count("/"):
            yield name.value


def _is_only_in(one: Store, other: Store, triple: Triple) -> bool:
    """Whether the merged set of one store has the triple, and that of the other has not."""
    return _is_merged(triple, one) and not _is_merged(triple, other)


def _is_merged(triple: Triple, store: Store) -> bool:
    pattern = store.quads_for_pattern(
        triple.subject, triple.predicate, triple.object, DefaultGraph()
    )
    return next(pattern, None) is not None


def _parts(graphs: Iterable[Graph], size: int) -> Iterator[list[Graph]]:
    """Graphs in lists of about so many triples."""
    part: list[Graph] = []
    count = 0
    for graph in graphs:
        if part and count + len(graph[1]) > size:
            yield part
            part, count = [], 0
        part.append(graph)
        count += len(graph[1])
    if part:
        yield part


def _pieces(triples: list[Triple], size: int) -> Iterator[list[Triple]]:
    return (triples[start : start + size] for start in range(0, len(triples), size))
