"""Publishing: the journal's newest state becomes a snapshot that readers can open."""

import errno
import json
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.catalogue import Catalogue, NamedQuery
from kg.entries import Change, Entry, Quarantined, now_utc
from kg.errors import PublishFailed
from kg.indexing import update_index
from kg.journal import Journal
from kg.settings import Settings
from kg.snapshots import Draft, Snapshot, Snapshots, copy_linked
from kg.textindex import TextIndex
from kg.versions import ontology_version, versions
from kg.working import WorkingStore

_FEW: Final = 50
"""Up to so many changed records, a check is asked about these alone."""
_CHECKS: Final = "checks"
"""Who writes the entries that take faulty records back."""
_ROUNDS: Final = 5
"""Taking a record back can uncover another fault; after so many rounds something is wrong."""


@dataclass(frozen=True)
class Fault:
    """What a blocking check found in one record."""

    graph: str
    check: str
    problem: str


@dataclass(frozen=True)
class Published:
    """What a publish did."""

    snapshot: Snapshot
    is_new: bool
    served: Snapshot
    """Another one than `snapshot` while a rollback holds it."""
    faults: tuple[Fault, ...]
    """Records that blocking checks sent to quarantine."""


def publish(
    settings: Settings, journal: Journal, say: Callable[[str], None] = lambda step: None
) -> Published:
    """Bring the working store up to the journal, check it, and swap in a snapshot of it."""
    snapshots = Snapshots(settings.home)
    try:
        return _publish(settings, journal, snapshots, say)
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else str(error)
        raise PublishFailed(
            f"no new snapshot was made: {reason}; what was accepted is in the journal, "
            "and the snapshot before is still served; mend the cause and run `ssc4c publish`"
        ) from error


def _publish(
    settings: Settings, journal: Journal, snapshots: Snapshots, say: Callable[[str], None]
) -> Published:
    say("applying changes")
    working = WorkingStore.open(settings.home / "working" / "store", journal)
    faults = _settle(settings, journal, working, _checked(snapshots, journal), say)
    sequence, entry_hash = journal.last()
    existing, is_new = _choose(snapshots, f"{sequence:09d}-{entry_hash[:8]}")
    if is_new:
        say("indexing text")
        index = settings.home / "working" / "index"
        _update_index(index, working, journal)
        say("writing the snapshot")
        with snapshots.draft(existing.id) as draft:
            _fill(draft, working, index)
            draft.finish(_manifest(settings, journal, working, existing.id))
    if not snapshots.is_pinned:
        snapshots.make_current(existing)
    snapshots.prune(settings.keep_snapshots)
    return Published(existing, is_new, snapshots.current(), tuple(faults))


def _choose(snapshots: Snapshots, snapshot_id: str) -> tuple[Snapshot, bool]:
    """The snapshot of the journal's newest state, and whether it is still to be made.

    An id that a release holds names that content for ever: what has to be made anew beside it,
    since the index has another form now, is called ``…-5f3a0c1d.2``.
    """
    held = {each.id for each in snapshots.released()}
    chosen, number = Snapshot(snapshots.folder / snapshot_id), 1
    while not _is_usable(chosen) and chosen.id in held:
        number += 1
        chosen = Snapshot(snapshots.folder / f"{snapshot_id}.{number}")
    return chosen, not _is_usable(chosen)


def _is_usable(snapshot: Snapshot) -> bool:
    return snapshot.is_whole and TextIndex.is_compatible(snapshot.index_path)


def _checked(snapshots: Snapshots, journal: Journal) -> int:
    """The last sequence that checks have seen: that of the newest snapshot of this journal."""
    for snapshot in reversed(snapshots.all()):
        sequence = int(snapshot.manifest["sequence"])
        if journal.hash_at(sequence) == snapshot.manifest["hash"]:
            return sequence
    return 0


def _settle(
    settings: Settings,
    journal: Journal,
    working: WorkingStore,
    checked: int,
    say: Callable[[str], None],
) -> list[Fault]:
    """Apply the journal, take back what blocking checks find at fault, and apply again."""
    checks = blocking_checks(settings.project)
    faults: list[Fault] = []
    for _ in range(_ROUNDS):
        graphs = {entry.graph for entry in journal.entries(checked)}
        working.catch_up(journal)
        say("checking")
        found = list(run_checks(checks, working.store, graphs))
        if not found:
            return faults
        faults.extend(found)
        _take_back(settings, journal, found)
    raise PublishFailed(f"checks still find faults after {_ROUNDS} rounds: {faults[-1]}")


def blocking_checks(project: Path) -> list[NamedQuery]:
    """The queries in `queries/checks` whose header says that they block."""
    catalogue = Catalogue(project / "queries")
    names = [name for name in catalogue if name.startswith("checks/")]
    return [query for name in names if (query := catalogue[name]).severity == "blocking"]


def run_checks(
    checks: Sequence[NamedQuery], store: Store, graphs: AbstractSet[str]
) -> Iterator[Fault]:
    """The faults in these records; each record is named once, with its first fault."""
    seen: set[str] = set()
    for check in checks if graphs else ():
        for fault in find_faults(check, store, graphs if len(graphs) <= _FEW else None):
            if fault.graph in graphs and fault.graph not in seen:
                seen.add(fault.graph)
                yield fault


def find_faults(
    check: NamedQuery, store: Store, graphs: AbstractSet[str] | None = None
) -> Iterator[Fault]:
    """What one check finds in these records, or anywhere."""
    text = check.text
    if graphs is not None:
        text = check.bind({"record": [NamedNode(graph) for graph in sorted(graphs)]})
    found = store.query(text)
    assert isinstance(found, QuerySolutions)
    for row in found:
        graph, problem = row["record"], row["problem"]
        assert isinstance(graph, NamedNode) and isinstance(problem, Literal)
        yield Fault(graph.value, check.name, problem.value)


def _take_back(settings: Settings, journal: Journal, faults: Sequence[Fault]) -> None:
    """Set faulty records aside and restore what stood before them, if anything sound did."""
    changes, aside = [], []
    for fault in faults:
        *earlier, latest = journal.entries(graph=fault.graph)
        changes.append(_restoring(journal, fault.graph, latest, earlier))
        aside.append(_quarantined(journal, fault, latest))
    journal.append(
        changes,
        by=_CHECKS,
        version=ontology_version(settings.project),
        quarantined=aside,
    )


def _restoring(journal: Journal, graph: str, latest: Entry, earlier: Sequence[Entry]) -> Change:
    before = earlier[-1] if earlier else None
    if before is None or before.operation == "withdraw" or latest.recorded_by == _CHECKS:
        return Change.withdrawal(graph, latest.source, latest.origin)
    content = journal.content(before.content_hash) or b""
    return Change(
        graph,
        before.source,
        "update",
        content,
        before.content_hash,
        before.origin,
        tuple(before.findings),
    )


def _quarantined(journal: Journal, fault: Fault, entry: Entry) -> Quarantined:
    report = [{"check": fault.check, "message": fault.problem}]
    return Quarantined(
        fault.graph,
        entry.source,
        entry.origin,
        journal.content(entry.content_hash),
        json.dumps(report, ensure_ascii=False),
        now_utc(),
    )


def _update_index(path: Path, working: WorkingStore, journal: Journal) -> None:
    try:
        update_index(path, working.store, journal)
    except ValueError as error:  # what tantivy raises for a failed write
        raise OSError(f"the text index: {error}") from error


def _fill(draft: Draft, working: WorkingStore, index: Path) -> None:
    working.back_up(draft.path / "store")
    copy_linked(index, draft.path / "index")


def _manifest(
    settings: Settings, journal: Journal, working: WorkingStore, snapshot_id: str
) -> dict[str, Any]:
    applied = working.applied
    assert applied is not None
    by_source = journal.counts("source")
    return {
        "id": snapshot_id,
        "sequence": applied.sequence,
        "hash": applied.hash,
        "created": now_utc(),
        "versions": versions(settings.project),
        "records": sum(by_source.values()),
        "records_by_kind": journal.counts("kind"),
        "records_by_source": by_source,
        "triples": applied.triples,
    }
