"""Editions of the graph that can be asked: the releases by name, and today's data."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from werkzeug.http import http_date

from endpoint.answers import Names
from endpoint.pages import Desk, open_desk
from endpoint.services import services
from kg.errors import NoSnapshot
from kg.reader import View, open_view
from kg.releases import Release, Releases
from kg.snapshots import Snapshots

TODAY: Final = "today"
"""Stands for what is served now, wherever the name of a release is asked for."""


@dataclass(frozen=True)
class Edition:
    """A state of the graph."""

    name: str
    """Of a release, or ``today``."""
    release: Release | None
    """The release itself; of today's data the one that is served, if it is one."""

    @property
    def snapshot(self) -> str:
        """Id for the query engine; empty for what is served now."""
        return self.release.snapshot.id if self.release and self.name != TODAY else ""

    @property
    def is_lasting(self) -> bool:
        """Whether it is a release, which never changes."""
        return self.name != TODAY

    @property
    def moment(self) -> datetime | None:
        """When the release was made."""
        return self.release.released if self.release and self.is_lasting else None

    def memento(self) -> list[tuple[str, str]]:
        """The header of RFC 7089 by which a dated state is known."""
        return [("Memento-Datetime", http_date(self.moment))] if self.moment else []


def open_desk_on(snapshot: str) -> Desk:
    """The desk of this request on a kept snapshot; for an empty id on what is served now."""
    desk = open_desk()
    if not snapshot:
        return desk
    return replace(desk, view=_open_view(services().settings.home, snapshot))


def open_names(snapshot: str) -> Names:
    """Gives the names that things have in a kept snapshot; for an empty id those of today."""
    return open_desk_on(snapshot).shower.known_name


@lru_cache(maxsize=4)
def _open_view(home: Path, snapshot: str) -> View:
    """A kept snapshot as pages read it; opening a store takes longer than most pages."""
    return open_view(Snapshots(home).kept(snapshot), services().catalogue)


def find_releases() -> Releases:
    """The releases of this server."""
    return Releases(services().settings.home)


def find_edition(name: str) -> Edition:
    """The edition of that name; raises UnknownResource."""
    if name == TODAY:
        return Edition(TODAY, _released_today())
    release = find_releases().find(name)
    return Edition(release.name, release)


def _released_today() -> Release | None:
    try:
        served = services().snapshot()
    except NoSnapshot:
        return None
    return find_releases().of_snapshot(served.id)
