"""Saved queries: each has a short key that stays, for permalinks and for answers that are cited."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from sqlalchemy import RowMapping, inspect, select
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.schema import CreateTable

from kg.entries import now_utc
from kg.errors import BadInput, JournalFailed, UnknownResource
from kg.journal_tables import SAVED, open_engine
from kg.settings import Settings

LONGEST: Final = 1 << 16
"""Bytes that a saved query may have, graphs included."""
_KEY: Final = 10
"""Characters of a key; where two queries begin alike, the later one gets more."""


@dataclass(frozen=True)
class SavedQuery:
    """A query with the graphs that it sees, as it was saved."""

    key: str
    """For example ``k3v5qw7h2a``."""
    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    saved_at: str


class SavedQueries:
    """The saved queries in the journal's database, beside the journal; for many threads at once."""

    def __init__(self, url: str) -> None:
        """Name the database; it is opened at first use."""
        self._engine = open_engine(url)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Those of a server that runs with these settings."""
        return cls(settings.journal)

    def save(
        self, query: str, default_graphs: Iterable[str] = (), named_graphs: Iterable[str] = ()
    ) -> str:
        """The key of the query; the same query and graphs have the same key for ever."""
        default, named = _ordered(default_graphs), _ordered(named_graphs)
        content = _content(query, default, named)
        _check(query, content)
        with self._explained():
            if not self._has_table():
                self._make_table()
            digest = hashlib.sha256(content).digest()
            values = {
                "digest": digest.hex(),
                "query": query,
                "default_graphs": json.dumps(default),
                "named_graphs": json.dumps(named),
                "saved_at": now_utc(),
            }
            return self._key_of(digest.hex()) or self._insert(_letters(digest), values)

    def look_up(
        self, query: str, default_graphs: Iterable[str] = (), named_graphs: Iterable[str] = ()
    ) -> str:
        """The key under which the query was saved; empty if it was not."""
        content = _content(query, _ordered(default_graphs), _ordered(named_graphs))
        with self._explained():
            known = self._has_table() and self._key_of(hashlib.sha256(content).hexdigest())
            return known or ""

    def find(self, key: str) -> SavedQuery:
        """The query of that key; raises UnknownResource."""
        row = None
        with self._explained():
            if self._has_table():
                with self._engine.connect() as connection:
                    wanted = select(SAVED).where(SAVED.c.key == key.lower())
                    row = connection.execute(wanted).mappings().first()
        if row is None:
            raise UnknownResource(f"No query is saved under {key!r}.")
        return _read(row)

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def _key_of(self, digest: str) -> str | None:
        with self._engine.connect() as connection:
            wanted = select(SAVED.c.key).where(SAVED.c.digest == digest)
            found: str | None = connection.execute(wanted).scalar()
            return found

    def _insert(self, letters: str, values: dict[str, str]) -> str:
        """Write the row alone in its transaction, so that SQLite waits for other writers."""
        for length in range(_KEY, len(letters) + 1):
            key = letters[:length]
            try:
                with self._engine.begin() as connection:
                    connection.execute(SAVED.insert(), {**values, "key": key})
                return key
            except IntegrityError:
                if (known := self._key_of(values["digest"])) is not None:
                    return known
        raise AssertionError("two queries have one SHA-256")

    def _has_table(self) -> bool:
        url = self._engine.url
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
            return False  # a look must not make a file
        return inspect(self._engine).has_table(SAVED.name)

    def _make_table(self) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(CreateTable(SAVED, if_not_exists=True))
        except DBAPIError:
            if not self._has_table():  # else another process was quicker
                raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            place = self._engine.url.render_as_string(hide_password=True)
            raise JournalFailed(f"saved queries at {place} cannot be used: {reason}") from error


def _check(query: str, content: bytes) -> None:
    if not query.strip():
        raise BadInput("There is no query to save.")
    if "\0" in query:
        raise BadInput("A query with a NUL character cannot be saved.")
    if len(content) > LONGEST:
        raise BadInput(f"The query has {len(content):,} bytes; up to {LONGEST:,} can be saved.")


def _content(query: str, default: list[str], named: list[str]) -> bytes:
    return json.dumps([query, default, named], ensure_ascii=False).encode()


def _ordered(graphs: Iterable[str]) -> list[str]:
    return sorted(set(graphs))


def _letters(digest: bytes) -> str:
    return base64.b32encode(digest).decode().rstrip("=").lower()


def _read(row: RowMapping) -> SavedQuery:
    return SavedQuery(
        row["key"],
        row["query"],
        tuple(json.loads(row["default_graphs"])),
        tuple(json.loads(row["named_graphs"])),
        row["saved_at"],
    )
