"""Making a release: the served snapshot is asked, described, frozen and given its date."""

import json
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode, Store

from kg.catalogue import Catalogue
from kg.engines.private import private_engine
from kg.entries import now_utc
from kg.errors import ReleaseRefused
from kg.examples import find_broken_examples
from kg.journal import Journal
from kg.namespaces import GRAPH
from kg.publishing import blocking_checks, find_faults
from kg.ready import FOLDER, answer_ahead
from kg.records import kind_of_graph, split_graph, thing_of_graph
from kg.releases import FACTS, Release, Releases
from kg.seals import hash_files, hash_lines, seal
from kg.settings import Settings
from kg.snapshots import Snapshot, Snapshots, copy_linked

_LISTED: Final = 1000
"""Records up to which the changes of a release are listed one by one."""
_MANIFEST: Final = (
    *("sequence", "hash", "created", "versions"),
    *("records", "records_by_kind", "records_by_source", "triples"),
)
"""What a release says in the words of its snapshot's manifest."""
Say = Callable[[str], None]


def make_release(
    settings: Settings,
    journal: Journal,
    name: str = "",
    title: str = "",
    say: Say = lambda step: None,
) -> Release:
    """Release the snapshot that is served; raises ReleaseRefused, and then nothing is left of it.

    Whoever calls holds the writer's lock.
    """
    releases = Releases(settings.home)
    chosen = releases.choose_name(name, datetime.now(UTC).date())
    served, previous = Snapshots(settings.home).current(), releases.newest()
    _check_descent(journal, served, previous)
    draft = _begin(releases.folder, chosen)
    try:
        copy_linked(served.path, draft / served.id)
        frozen = Snapshot(draft / served.id)
        examples = _question(settings, frozen, draft, say)
        changes = _write_changes(journal, frozen, previous, draft)
        say("hashing")
        facts = {
            "name": chosen,
            "title": title,
            "released": now_utc(),
            "snapshot": served.id,
            **{key: served.manifest[key] for key in _MANIFEST},
            "things_by_kind": _count_things(frozen),
            "previous": previous.name if previous else "",
            "changes": changes,
            "examples": examples,
            "dump": dict(zip(("sha256", "quads"), hash_lines(frozen.dump()), strict=True)),
            "files": hash_files(draft),
        }
        _write(draft / FACTS, seal(facts))
        draft.rename(releases.folder / chosen)
    except OSError as error:
        raise ReleaseRefused(f"nothing was released: {error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return releases.find(chosen)


def _begin(folder: Path, name: str) -> Path:
    """A folder to fill; what an interrupted release left behind is cleared away."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("draft-*"):
        shutil.rmtree(left)
    draft = folder / f"draft-{name}"
    draft.mkdir()
    return draft


def _check_descent(journal: Journal, served: Snapshot, previous: Release | None) -> None:
    """A release follows from this journal, and never from an older state than the one before."""
    sequence = int(served.manifest["sequence"])
    if journal.hash_at(sequence) != served.manifest["hash"]:
        raise ReleaseRefused(f"the snapshot {served.id} was not made from this journal")
    if previous and sequence < previous.facts["sequence"]:
        raise ReleaseRefused(
            f"{served.id} is older than the release {previous.name}; "
            "`ssc4c publish --resume` lets a rollback go"
        )


def _question(settings: Settings, frozen: Snapshot, draft: Path, say: Say) -> int:
    """Run all checks and examples, and keep the answers; the number of examples."""
    say("checking")
    faults = list(_find_faults(settings, frozen))
    with private_engine(settings, frozen) as engine:
        say("running the examples")
        catalogue = Catalogue(settings.project / "queries")
        faults += [(each.name, each.reason) for each in find_broken_examples(catalogue, engine)]
        if faults:
            count = len(faults)
            what = "query is" if count == 1 else "queries are"
            raise ReleaseRefused(f"{count} {what} at fault; nothing was released", faults)
        say("answering ahead")
        return answer_ahead(draft / FOLDER, catalogue.offered(), engine)


def _find_faults(settings: Settings, frozen: Snapshot) -> Iterator[tuple[str, str]]:
    store = frozen.open()
    for check in blocking_checks(settings.project):
        found = list(find_faults(check, store))
        if found:
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            yield check.name, f"{found[0].graph}: {found[0].problem}{more}"


def _count_things(frozen: Snapshot) -> dict[str, int]:
    """How many things of each kind any record speaks of."""
    hidden = (f"{GRAPH}derived/", f"{GRAPH}meta/")
    graphs = _filled_graphs(frozen.open())
    records = (name for name in graphs if name.startswith(GRAPH) and not name.startswith(hidden))
    things = {split_graph(name)[1:] for name in records}
    return dict(sorted(Counter(kind for kind, _ in things).items()))


def _filled_graphs(store: Store) -> Iterator[str]:
    """Names of the graphs that say something; the store keeps those of withdrawn records too."""
    for name in store.named_graphs():
        if isinstance(name, NamedNode) and any(store.quads_for_pattern(None, None, None, name)):
            yield name.value


def _write_changes(
    journal: Journal, frozen: Snapshot, previous: Release | None, draft: Path
) -> dict[str, Any]:
    """Write what is new since the release before, one by one if it is little; the counts."""
    since = _start(journal, previous)
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    listed: list[dict[str, str]] = []
    for step in journal.steps(since, int(frozen.manifest["sequence"])):
        if step.change:
            kinds[kind_of_graph(step.graph)][step.change] += 1
            if len(listed) <= _LISTED:
                thing = thing_of_graph(step.graph)
                listed.append({"change": step.change, "thing": thing, "record": step.graph})
    counts = {kind: dict(sorted(each.items())) for kind, each in sorted(kinds.items())}
    records = listed if previous and len(listed) <= _LISTED else []
    _write(draft / "changes.json", {"kinds": counts, "records": records})
    return dict(sum(kinds.values(), Counter()))


def _start(journal: Journal, previous: Release | None) -> int:
    """Sequence of the release before; 0 if it stands in another journal, or there is none."""
    if previous and journal.hash_at(previous.facts["sequence"]) == previous.facts["hash"]:
        return int(previous.facts["sequence"])
    return 0


def _write(path: Path, content: Any) -> None:
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
    with path.open("rb") as file:
        os.fsync(file.fileno())
