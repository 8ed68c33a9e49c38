"""Snapshots: immutable folders with store, index and manifest, one of which is current."""

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from pyoxigraph import Store

from kg.dumps import dump_lines
from kg.errors import BadInput, NoSnapshot, UnknownResource


@dataclass(frozen=True)
class Snapshot:
    """One folder; it never changes once it has its name."""

    path: Path

    @property
    def id(self) -> str:
        """Sequence and the start of the journal's hash, for example ``000001234-5f3a0c1d``."""
        return self.path.name

    @property
    def is_whole(self) -> bool:
        """Whether it is there and finished."""
        return (self.path / "manifest.json").is_file()

    @property
    def store_path(self) -> Path:
        """Folder of the Oxigraph store, to be opened read-only."""
        return self.path / "store"

    @property
    def index_path(self) -> Path:
        """Folder of the full-text index."""
        return self.path / "index"

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """Sequence, hash, time, versions and counts."""
        manifest: dict[str, Any] = json.loads((self.path / "manifest.json").read_bytes())
        return manifest

    def open(self) -> Store:
        """The store, read-only."""
        return Store.read_only(str(self.store_path))

    def dump(self) -> Iterator[bytes]:
        """The lines of the canonical dump: sorted N-Quads of all graphs but the meta graphs."""
        return dump_lines(self.open())


class Snapshots:
    """The snapshots in a home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "snapshots"
        self.releases = home / "releases"
        self.link = home / "current"
        self.pin = home / "pinned"

    def current(self) -> Snapshot:
        """The snapshot that is served; raises NoSnapshot before the first publish."""
        try:
            return Snapshot(self.link.resolve(strict=True))
        except OSError:
            raise NoSnapshot(
                f"no graph is published in {self.home}; run `ssc4c build` first"
            ) from None

    def all(self) -> list[Snapshot]:
        """Every whole snapshot, oldest first."""
        found = sorted(self.folder.glob("[0-9]*")) if self.folder.is_dir() else []
        return [each for each in map(Snapshot, found) if each.is_whole]

    def released(self) -> list[Snapshot]:
        """The snapshots that releases hold; nothing removes or rewrites them."""
        found = sorted(self.releases.glob("[0-9]*/[0-9]*-*/manifest.json"))
        return [Snapshot(path.parent) for path in found]

    def find(self, snapshot_id: str) -> Snapshot:
        """The snapshot of that id, or of the one id that begins so; of releases too."""
        kept = {each.id: each for each in (*self.released(), *self.all())}
        found = [each for each in kept.values() if each.id.startswith(snapshot_id)]
        found = [kept[snapshot_id]] if snapshot_id in kept else found
        if len(found) != 1:
            known = ", ".join(sorted(kept)) or "none"
            raise BadInput(f"no single snapshot is called {snapshot_id!r}; there are: {known}")
        return found[0]

    def kept(self, snapshot_id: str) -> Snapshot:
        """The snapshot of exactly that id; raises UnknownResource if it is not kept."""
        if not re.fullmatch(r"[0-9][\w.-]{0,99}", snapshot_id):
            raise UnknownResource(f"No snapshot is called {snapshot_id[:100]!r}.")
        released = self.releases.glob(f"[0-9]*/{snapshot_id}")  # these are not pruned while open
        for path in (*released, self.folder / snapshot_id):
            if Snapshot(path).is_whole:
                return Snapshot(path)
        raise UnknownResource(f"The snapshot {snapshot_id} is not kept, or never was.")

    def make_current(self, snapshot: Snapshot) -> None:
        """Serve this snapshot from now on; readers see the old one or the new, never neither."""
        draft = self.home / "current.new"
        draft.unlink(missing_ok=True)
        draft.symlink_to(os.path.relpath(snapshot.path, self.home))
        draft.replace(self.link)

    def roll_back(self, snapshot_id: str | None = None) -> Snapshot:
        """Serve an earlier snapshot, by default the one before, and stay there until resumed."""
        here = self.current()
        earlier = [each for each in self.all() if each.id < here.id]
        if snapshot_id is None and not earlier:
            raise BadInput(f"there is no snapshot before {here.id}")
        chosen = self.find(snapshot_id) if snapshot_id else earlier[-1]
        self.pin.write_text(chosen.id + "\n")
        self.make_current(chosen)
        return chosen

    @property
    def is_pinned(self) -> bool:
        """Whether a rollback holds `current` where it is."""
        return self.pin.exists()

    def resume(self) -> Snapshot:
        """Let `current` follow the newest snapshot again."""
        self.pin.unlink(missing_ok=True)
        newest = self.all()[-1:] or [self.current()]
        self.make_current(newest[0])
        return newest[0]

    def prune(self, keep: int) -> list[Snapshot]:
        """Remove all but the newest `keep` snapshots and the current one; those removed."""
        served = self.current().id
        old = [each for each in self.all()[: -keep or None] if each.id != served]
        for snapshot in old:
            shutil.rmtree(snapshot.path)
        self.clear_drafts()
        return old

    def clear_drafts(self) -> None:
        """Remove what an interrupted publish left behind."""
        for draft in self.folder.glob("draft-*"):
            shutil.rmtree(draft)

    def draft(self, snapshot_id: str) -> "Draft":
        """Begin a new snapshot."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.clear_drafts()
        path = self.folder / f"draft-{snapshot_id}"
        path.mkdir()
        return Draft(path, self.folder / snapshot_id)


@dataclass(frozen=True)
class Draft:
    """A snapshot in the making; it gets its name when it is whole, or vanishes."""

    path: Path
    target: Path

    def __enter__(self) -> Self:
        """The draft itself."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Remove the draft unless it was finished."""
        if self.path.exists():
            shutil.rmtree(self.path, ignore_errors=True)

    def finish(self, manifest: Mapping[str, Any]) -> Snapshot:
        """Write the manifest and give the snapshot its name."""
        text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        file = self.path / "manifest.json"
        file.write_text(text, encoding="utf-8")
        with file.open("rb") as handle:
            os.fsync(handle.fileno())
        if self.target.exists():
            shutil.rmtree(self.target)
        self.path.rename(self.target)
        return Snapshot(self.target)


def copy_linked(source: Path, target: Path) -> None:
    """Copy a folder of immutable files by hard links, without lock files."""
    shutil.copytree(source, target, copy_function=os.link, ignore=shutil.ignore_patterns("*.lock"))
