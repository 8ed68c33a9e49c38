"""The journal: an append-only, hash-chained table of accepted records; all else follows from it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal, Self

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Subquery,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kg.entries import (
    START,
    Change,
    Entry,
    Head,
    Quarantined,
    Step,
    now_utc,
)
from kg.errors import BadInput, JournalBroken, JournalFailed
from kg.journal_tables import CONTENT, ENTRY, HEAD, METADATA, QUARANTINE, SAVED, open_engine
from kg.records import kind_of_graph

_CHUNK: Final = 500


class Journal:
    """The journal behind a SQLAlchemy URL; SQLite and PostgreSQL are tested."""

    def __init__(self, url: str) -> None:
        """Open the journal and make its tables where they are missing."""
        self.url = url
        self._engine = open_engine(url)
        with self._begin() as connection:
            METADATA.create_all(connection)

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._explained(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with self._explained(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn the database's errors into one that tells which journal and why."""
        try:
            yield
        except SQLAlchemyError as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            raise JournalFailed(
                f"the journal at {_safe(self._engine)} cannot be used: {reason}. "
                "Every batch before is kept and nothing of this one; "
                "mend the cause and run the command again"
            ) from error

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        """The journal itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def append(
        self,
        changes: Sequence[Change],
        *,
        by: str,
        version: str,
        quarantined: Sequence[Quarantined] = (),
    ) -> list[Entry]:
        """Write one batch in one transaction; what is accepted leaves the quarantine."""
        with self._begin() as connection:
            entries = self._chain(connection, changes, by, version)
            if entries:
                connection.execute(ENTRY.insert(), [vars(entry) for entry in entries])
                _add_content(connection, changes)
                _move_heads(connection, entries)
            _set_aside(connection, entries, quarantined)
        return entries

    def _chain(
        self, connection: Connection, changes: Sequence[Change], by: str, version: str
    ) -> list[Entry]:
        last, previous = _last(connection)
        now, entries = now_utc(), []
        for sequence, change in enumerate(changes, start=last + 1):
            entry = _entry_of(change, sequence, previous, now, by, version)
            previous = entry.entry_hash
            entries.append(entry)
        return entries

    def last(self) -> tuple[int, str]:
        """Sequence and hash of the last entry; 0 and `START` in an empty journal."""
        with self._connect() as connection:
            return _last(connection)

    def hash_at(self, sequence: int) -> str | None:
        """Hash of one entry; `START` for 0, nothing where there is no such entry."""
        if sequence == 0:
            return START
        query = select(ENTRY.c.entry_hash).where(ENTRY.c.sequence == sequence)
        with self._connect() as connection:
            found: str | None = connection.execute(query).scalar()
            return found

    def heads(
        self, source: str | None = None, graphs: Sequence[str] | None = None
    ) -> dict[str, Head]:
        """Where records stand now, by graph: all, those of one source, or those named."""
        query = select(HEAD)
        if source is not None:
            query = query.where(HEAD.c.source == source)
        parts = (
            [query]
            if graphs is None
            else [query.where(HEAD.c.graph.in_(part)) for part in _parts(graphs)]
        )
        with self._connect() as connection:
            rows = (row for part in parts for row in connection.execute(part).mappings())
            return {row["graph"]: Head(**row) for row in rows}

    def entries(self, after: int = 0, graph: str | None = None) -> Iterator[Entry]:
        """Entries in order, streamed; those of one record if its graph is given."""
        query = select(ENTRY).where(ENTRY.c.sequence > after).order_by(ENTRY.c.sequence)
        if graph is not None:
            query = query.where(ENTRY.c.graph == graph)
        with self._connect() as connection:
            for row in connection.execution_options(yield_per=_CHUNK).execute(query).mappings():
                yield Entry(**row)

    def steps(self, after: int, until: int) -> Iterator[Step]:
        """How the records stand at one sequence that an entry since an earlier one is about."""
        recent = _latest(ENTRY.c.sequence > after, ENTRY.c.sequence <= until)
        is_among = ENTRY.c.graph.in_(select(recent.c.graph))
        earlier = _latest(ENTRY.c.sequence <= after, is_among)
        now, then = ENTRY.alias("now"), ENTRY.alias("then")
        query = (
            select(now.c.graph, now.c.operation, now.c.content_hash)
            .add_columns(then.c.operation.label("before"), then.c.content_hash.label("old_hash"))
            .join(recent, recent.c.sequence == now.c.sequence)
            .outerjoin(earlier, earlier.c.graph == now.c.graph)
            .outerjoin(then, then.c.sequence == earlier.c.sequence)
            .order_by(now.c.graph)
        )
        with self._connect() as connection:
            for row in connection.execution_options(yield_per=_CHUNK).execute(query).mappings():
                yield Step(**row)

    def current(self, after: int = 0) -> Iterator[tuple[Entry, bytes]]:
        """The latest entry of each record changed after a sequence, with its content, in order."""
        query = (
            select(ENTRY, CONTENT.c.body)
            .join(HEAD, HEAD.c.sequence == ENTRY.c.sequence)
            .outerjoin(CONTENT, CONTENT.c.hash == ENTRY.c.content_hash)
            .where(ENTRY.c.sequence > after)
            .order_by(ENTRY.c.sequence)
        )
        with self._connect() as connection:
            for row in connection.execution_options(yield_per=_CHUNK).execute(query).mappings():
                yield _split_body(row)

    def count_changed(self, after: int = 0) -> int:
        """How many records have changed after a sequence."""
        query = select(func.count()).select_from(HEAD).where(HEAD.c.sequence > after)
        with self._connect() as connection:
            return int(connection.execute(query).scalar_one())

    def content(self, content_hash: str) -> bytes | None:
        """Kept content by its hash; nothing if it was erased or never kept."""
        query = select(CONTENT.c.body).where(CONTENT.c.hash == content_hash)
        with self._connect() as connection:
            found: bytes | None = connection.execute(query).scalar()
            return found

    def contents(self, *, source: str | None = None, kind: str | None = None) -> Iterator[bytes]:
        """The current content of each record, of one source or kind if it is given."""
        query = (
            select(CONTENT.c.body)
            .join(HEAD, HEAD.c.content_hash == CONTENT.c.hash)
            .where(HEAD.c.operation != "withdraw")
            .order_by(HEAD.c.sequence)
        )
        if source is not None:
            query = query.where(HEAD.c.source == source)
        if kind is not None:
            query = query.where(HEAD.c.kind == kind)
        with self._connect() as connection:
            for body in connection.execution_options(yield_per=_CHUNK).execute(query).scalars():
                yield body or b""

    def counts(self, by: Literal["source", "kind"] = "source") -> dict[str, int]:
        """Number of records by source or kind, withdrawn ones left out."""
        column = HEAD.c[by]
        query = (
            select(column, func.count())
            .where(HEAD.c.operation != "withdraw")
            .group_by(column)
            .order_by(column)
        )
        with self._connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def quarantine(self, source: str | None = None) -> list[Quarantined]:
        """What is set aside, ordered by source and item."""
        query = select(QUARANTINE).order_by(QUARANTINE.c.source, QUARANTINE.c.item)
        if source is not None:
            query = query.where(QUARANTINE.c.source == source)
        with self._connect() as connection:
            return [Quarantined(**row) for row in connection.execute(query).mappings()]

    def clear_quarantine(self, source: str, origins: Iterable[str]) -> None:
        """Forget what earlier loads of these files set aside."""
        with self._begin() as connection:
            for origin in origins:
                connection.execute(
                    QUARANTINE.delete()
                    .where(QUARANTINE.c.source == source)
                    .where(QUARANTINE.c.origin == origin)
                )

    def verify(self) -> int:
        """Check the whole chain and all kept content; the number of entries, or JournalBroken."""
        previous, expected = START, 1
        for entry in self.entries():
            if entry.sequence != expected:
                raise JournalBroken(
                    f"entry {expected} is missing: {entry.sequence} follows instead"
                )
            if entry.previous_hash != previous or entry.hash() != entry.entry_hash:
                raise JournalBroken(f"entry {entry.sequence} ({entry.graph}) was altered")
            previous, expected = entry.entry_hash, expected + 1
        self._verify_heads()
        self._verify_content()
        return expected - 1

    def _verify_heads(self) -> None:
        latest = select(func.max(ENTRY.c.sequence)).group_by(ENTRY.c.graph)
        with self._connect() as connection:
            said = set(connection.execute(latest).scalars())
            kept = set(connection.execute(select(HEAD.c.sequence)).scalars())
        if said != kept:
            raise JournalBroken(f"the table of heads differs at entry {min(said ^ kept)}")

    def _verify_content(self) -> None:
        with self._connect() as connection:
            rows = connection.execution_options(yield_per=_CHUNK).execute(select(CONTENT))
            for content_hash, body in rows:
                if body is not None and hashlib.sha256(body).hexdigest() != content_hash:
                    raise JournalBroken(f"the content {content_hash} was altered")
        wanted = (
            select(ENTRY.c.sequence)
            .outerjoin(CONTENT, CONTENT.c.hash == ENTRY.c.content_hash)
            .where(CONTENT.c.hash.is_(None), ENTRY.c.operation != "withdraw")
            .limit(1)
        )
        with self._connect() as connection:
            missing = connection.execute(wanted).scalar()
        if missing is not None:
            raise JournalBroken(f"the content of entry {missing} is missing")

    def copy_to(self, other: "Journal") -> int:
        """Copy everything into an empty journal in one transaction, verify it, give its length."""
        if other.last()[0]:
            raise BadInput(
                f"the journal at {_safe(other._engine)} already has entries; "
                "name an empty one, or move the old one away first"
            )
        with self._connect() as here, other._begin() as there:
            for table in (CONTENT, ENTRY, HEAD, QUARANTINE):
                rows = here.execution_options(yield_per=_CHUNK).execute(select(table)).mappings()
                for part in rows.partitions(_CHUNK):
                    there.execute(table.insert(), [dict(row) for row in part])
            _copy_saved(here, there)
        return other.verify()


def _copy_saved(here: Connection, there: Connection) -> None:
    """Copy saved queries; a server may have kept some already in a journal without entries."""
    known = set(there.execute(select(SAVED.c.digest)).scalars())
    rows = [dict(row) for row in here.execute(select(SAVED)).mappings()]
    if new := [row for row in rows if row["digest"] not in known]:
        there.execute(SAVED.insert(), new)


def _safe(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _last(connection: Connection) -> tuple[int, str]:
    query = select(ENTRY.c.sequence, ENTRY.c.entry_hash).order_by(ENTRY.c.sequence.desc())
    row = connection.execute(query.limit(1)).first()
    return (row[0], row[1]) if row else (0, START)


def _latest(*conditions: ColumnElement[bool]) -> Subquery:
    """The last entry of each record among those that fit."""
    last = func.max(ENTRY.c.sequence).label("sequence")
    return select(ENTRY.c.graph, last).where(*conditions).group_by(ENTRY.c.graph).subquery()


def _entry_of(
    change: Change, sequence: int, previous: str, now: str, by: str, version: str
) -> Entry:
    outcome = json.dumps([finding.to_json() for finding in change.findings], ensure_ascii=False)
    draft = Entry(
        sequence,
        change.graph,
        change.source,
        change.operation,
        change.content_hash,
        previous,
        "",
        now,
        by,
        change.origin,
        version,
        outcome,
    )
    return Entry(**{**vars(draft), "entry_hash": draft.hash()})


def _split_body(row: RowMapping) -> tuple[Entry, bytes]:
    values = dict(row)
    body = values.pop("body")
    return Entry(**values), body or b""


def _add_content(connection: Connection, changes: Sequence[Change]) -> None:
    wanted = {c.content_hash: c.content for c in changes if c.operation != "withdraw"}
    present: set[str] = set()
    for part in _parts(list(wanted)):
        query = select(CONTENT.c.hash).where(CONTENT.c.hash.in_(part))
        present.update(connection.execute(query).scalars())
    rows = [{"hash": key, "body": body} for key, body in wanted.items() if key not in present]
    if rows:
        connection.execute(CONTENT.insert(), rows)


def _move_heads(connection: Connection, entries: Sequence[Entry]) -> None:
    latest = {entry.graph: entry for entry in entries}
    _delete_by(connection, HEAD.c.graph, list(latest))
    rows = [
        {
            "graph": entry.graph,
            "source": entry.source,
            "kind": kind_of_graph(entry.graph),
            "sequence": entry.sequence,
            "operation": entry.operation,
            "content_hash": entry.content_hash,
        }
        for entry in latest.values()
    ]
    connection.execute(HEAD.insert(), rows)


def _set_aside(
    connection: Connection, entries: Sequence[Entry], quarantined: Sequence[Quarantined]
) -> None:
    gone = [entry.graph for entry in entries] + [item.item for item in quarantined]
    _delete_by(connection, QUARANTINE.c.item, gone)
    if quarantined:
        connection.execute(QUARANTINE.insert(), [vars(item) for item in quarantined])


def _delete_by(connection: Connection, column: Column[Any], values: Sequence[str]) -> None:
    for part in _parts(values):
        connection.execute(column.table.delete().where(column.in_(part)))


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
