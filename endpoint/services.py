"""What the views work with: the query engine and what pages read. Tests hand in their own."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from flask import current_app

from endpoint.places import Places
from kg.ahead import AnsweredAhead
from kg.catalogue import Catalogue
from kg.engines import QueryEngine
from kg.engines.embedded import EmbeddedEngine
from kg.pasts import Pasts
from kg.saved import SavedQueries
from kg.settings import Settings
from kg.snapshots import Snapshot, Snapshots

KEY = "kg"
"""Where an app keeps its services: `app.extensions[KEY]`."""


@dataclass(frozen=True)
class Services:
    """The ways to the graph."""

    engine: QueryEngine
    catalogue: Catalogue
    saved: SavedQueries
    settings: Settings
    places: Places = field(default_factory=Places)
    """For what slow clients hold up."""

    @cached_property
    def pasts(self) -> Pasts:
        """What became of records, by the journal."""
        return Pasts.from_settings(self.settings)

    def snapshot(self) -> Snapshot:
        """The snapshot that is served now; raises NoSnapshot."""
        return Snapshots(self.settings.home).current()

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """The services of a server that runs with these settings."""
        return cls(
            AnsweredAhead(EmbeddedEngine(settings), settings),
            Catalogue(settings.project / "queries"),
            SavedQueries.from_settings(settings),
            settings,
        )


def services() -> Services:
    """The services of the app that answers this request."""
    found: Services = current_app.extensions[KEY]
    return found
