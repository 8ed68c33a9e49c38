"""What became of records: their entries in the journal, with what each version said."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Self

from pyoxigraph import Triple
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kg.entries import Entry
from kg.errors import JournalFailed
from kg.journal_tables import CONTENT, ENTRY, HEAD, open_engine
from kg.records import parse_content
from kg.settings import Settings

Content = frozenset[Triple]
_NOTHING: Final[Content] = frozenset()


@dataclass(frozen=True)
class Version:
    """One entry of a record, and how its statements differ from the version before."""

    entry: Entry
    added: Content
    removed: Content
    state: Literal["whole", "erased", "unknown"] = "whole"
    """``erased`` where this content is gone, ``unknown`` where that of the version before is."""


class Pasts:
    """Reads the journal's database for pages; for many threads at once."""

    def __init__(self, url: str) -> None:
        """Name the database; it is opened at first use and never written."""
        self._engine = open_engine(url)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """That of a server that runs with these settings."""
        return cls(settings.journal)

    def sources(self) -> list[str]:
        """Keys of all sources that ever had a record."""
        return self._column(select(HEAD.c.source).distinct().order_by(HEAD.c.source))

    def entries(self, graphs: Sequence[str], until: int) -> list[Entry]:
        """The entries of records up to a sequence, the newest first."""
        query = (
            select(ENTRY)
            .where(ENTRY.c.graph.in_(graphs), ENTRY.c.sequence <= until)
            .order_by(ENTRY.c.sequence.desc())
        )
        with self._explained():
            if not self._is_there():
                return []
            with self._engine.connect() as connection:
                return [Entry(**row) for row in connection.execute(query).mappings()]

    def versions(self, entries: Sequence[Entry], wanted: slice) -> list[Version]:
        """The versions of a part of these entries, each compared with the one before it."""
        before = dict(_pairs(entries))
        shown = entries[wanted]
        earlier = [before[entry.sequence] for entry in shown if entry.sequence in before]
        bodies = self._bodies({entry.content_hash for entry in (*shown, *earlier)})
        return [_compare(entry, before.get(entry.sequence), bodies) for entry in shown]

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def _bodies(self, hashes: Iterable[str]) -> dict[str, bytes | None]:
        wanted = sorted(hashes)
        if not wanted:
            return {}
        query = select(CONTENT.c.hash, CONTENT.c.body).where(CONTENT.c.hash.in_(wanted))
        with self._explained(), self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def _column(self, query: object) -> list[str]:
        with self._explained():
            if not self._is_there():
                return []
            with self._engine.connect() as connection:
                return list(connection.execute(query).scalars())  # type: ignore[call-overload]

    def _is_there(self) -> bool:
        """A look must not make a file."""
        url = self._engine.url
        return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            place = self._engine.url.render_as_string(hide_password=True)
            raise JournalFailed(f"the journal at {place} cannot be read: {reason}") from error


def _pairs(entries: Sequence[Entry]) -> Iterator[tuple[int, Entry]]:
    """Each entry's sequence with the entry of the same record before it; newest first."""
    later: dict[str, Entry] = {}
    for entry in entries:
        if entry.graph in later:
            yield later[entry.graph].sequence, entry
        later[entry.graph] = entry


def _compare(entry: Entry, before: Entry | None, bodies: dict[str, bytes | None]) -> Version:
    now, then = _content(entry, bodies), _content(before, bodies)
    if now is None:
        return Version(entry, _NOTHING, _NOTHING, "erased")
    if then is None:
        return Version(entry, _NOTHING, _NOTHING, "unknown")
    return Version(entry, now - then, then - now)


def _content(entry: Entry | None, bodies: dict[str, bytes | None]) -> Content | None:
    """What a version says; nothing after a withdrawal, None where it was erased."""
    if entry is None or entry.operation == "withdraw":
        return _NOTHING
    body = bodies.get(entry.content_hash)
    return None if body is None else frozenset(parse_content(body))
