"""Editions of the graph that can be asked: the releases by name, and today's data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from werkzeug.http import http_date

from endpoint.services import services
from kg.errors import NoSnapshot
from kg.releases import Release, Releases

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
