"""Releases: dated snapshots that are kept, listed and never change.

``releases/2026-11-24/`` holds ``release.json``, the snapshot under its id, ``changes.json`` and the
answers of the offered queries. Its files are hard links to those of the snapshot, so that pruning,
rollback and a new publish touch nothing of it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from kg.errors import BadInput, UnknownResource
from kg.snapshots import Snapshot

LATEST: Final = "latest"
"""Stands for the newest release wherever the name of one is asked for."""
FACTS: Final = "release.json"
_NAME: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.([1-9]\d*))?")


@dataclass(frozen=True)
class Release:
    """One release; whatever it says was written when it was made."""

    path: Path

    @property
    def name(self) -> str:
        """Its date, ``2026-11-24``; a second one of that day is ``2026-11-24.2``."""
        return self.path.name

    @property
    def key(self) -> tuple[date, int]:
        """Date and number, by which releases are in order."""
        return sort_key(self.name) or (date.min, 0)

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """Title, time, snapshot, sequence, hashes, counts and versions."""
        facts: dict[str, Any] = json.loads((self.path / FACTS).read_bytes())
        return facts

    @property
    def title(self) -> str:
        """What people called it; empty for most."""
        return str(self.facts["title"])

    @property
    def released(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.facts["released"]).astimezone(UTC)

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that it keeps."""
        return Snapshot(self.path / str(self.facts["snapshot"]))

    @property
    def previous(self) -> str:
        """Name of the release before; empty for the first."""
        return str(self.facts["previous"])

    @cached_property
    def changes(self) -> Mapping[str, Any]:
        """What is new since the release before, by kind, and the records if they are few."""
        changes: dict[str, Any] = json.loads((self.path / "changes.json").read_bytes())
        return changes


class Releases:
    """The releases of a home folder."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "releases"

    def all(self) -> list[Release]:
        """Every release, oldest first."""
        return [Release(path) for _, path in sorted(self._found())]

    def _found(self) -> Iterator[tuple[tuple[date, int], Path]]:
        for path in self.folder.glob("[0-9]*") if self.folder.is_dir() else ():
            key = sort_key(path.name)
            if key and (path / FACTS).is_file():
                yield key, path

    def find(self, name: str) -> Release:
        """The release of that name, or the latest; raises UnknownResource."""
        if name == LATEST and (newest := self.newest()):
            return newest
        path = self.folder / name
        if sort_key(name) is None or not (path / FACTS).is_file():
            known = ", ".join(each.name for each in reversed(self.all())) or "none yet"
            raise UnknownResource(f"There is no release {name!r}; there are: {known}.")
        return Release(path)

    def newest(self) -> Release | None:
        """The latest release, if there is any."""
        return next(reversed(self.all()), None)

    def of_snapshot(self, snapshot_id: str) -> Release | None:
        """The first release that keeps the snapshot of this id."""
        return next((each for each in self.all() if each.facts["snapshot"] == snapshot_id), None)

    def choose_name(self, name: str, today: date) -> str:
        """The name of a new release: as asked, else today's date, with a number if it is taken."""
        taken = {each.name for each in self.all()}
        number, chosen = 1, name or str(today)
        while not name and chosen in taken:
            number += 1
            chosen = f"{today}.{number}"
        self._check_name(chosen, today)
        return chosen

    def _check_name(self, name: str, today: date) -> None:
        key, newest = sort_key(name), self.newest()
        if key is None:
            raise BadInput(f"a release is called by its date, such as {today}, not {name!r}")
        if key[0] > today:
            raise BadInput(f"a release cannot be called {name}: today is {today}")
        if newest and newest.name == name:
            raise BadInput(f"there is a release {name} already, and a release never changes")
        if newest and key < newest.key:
            raise BadInput(f"a release cannot be called {name}: {newest.name} came before")


def release_snapshot(home: Path, name: str) -> str:
    """Id of the snapshot that a release keeps, for a QueryRequest; raises UnknownResource."""
    return Releases(home).find(name).snapshot.id


def sort_key(name: str) -> tuple[date, int] | None:
    """Date and number in the name of a release; nothing if it is no such name."""
    found = _NAME.fullmatch(name)
    if found is None or found[2] == "1":
        return None
    try:
        return date.fromisoformat(found[1]), int(found[2] or 1)
    except ValueError:
        return None
