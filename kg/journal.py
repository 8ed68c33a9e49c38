"""The journal: an append-only, hash-chained table of accepted records; all else follows from it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, Self

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kg.errors import BadInput, JournalBroken, JournalFailed
from kg.records import Finding, Record, kind_of_graph

Operation = Literal["create", "update", "withdraw"]
START: Final = "0" * 64
"""What the first entry names as the hash of the entry before it."""

_CHUNK: Final = 500
_METADATA: Final = MetaData()
_ENTRY: Final = Table(
    "entry",
    _METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("graph", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("operation", String(8), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("entry_hash", String(64), nullable=False),
    Column("recorded_at", String(32), nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("ontology_version", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Index("entry_graph", "graph", "sequence"),
)
_CONTENT: Final = Table(
    "content",
    _METADATA,
    Column("hash", String(64), primary_key=True),
    Column("body", LargeBinary),
)
_HEAD: Final = Table(
    "head",
    _METADATA,
    Column("graph", Text, primary_key=True),
    Column("source", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False, index=True),
    Column("sequence", Integer, nullable=False, index=True),
    Column("operation", String(8), nullable=False),
    Column("content_hash", String(64), nullable=False),
)
_QUARANTINE: Final = Table(
    "quarantine",
    _METADATA,
    Column("item", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("content", LargeBinary),
    Column("report", Text, nullable=False),
    Column("recorded_at", String(32), nullable=False),
)


@dataclass(frozen=True)
class Change:
    """One step of one record: its new content, or its withdrawal when there is none."""

    graph: str
    source: str
    operation: Operation
    content: bytes
    content_hash: str
    origin: str = ""
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, record: Record, operation: Operation, findings: tuple[Finding, ...] = ()) -> Self:
        """The change that puts this record in place."""
        graph, source = record.graph.value, record.source
        return cls(
            graph, source, operation, record.content(), record.digest, record.origin, findings
        )

    @classmethod
    def withdrawal(cls, graph: str, source: str, origin: str = "") -> Self:
        """The change that takes a record away."""
        return cls(graph, source, "withdraw", b"", hashlib.sha256(b"").hexdigest(), origin)


@dataclass(frozen=True)
class Entry:
    """One line of the journal."""

    sequence: int
    graph: str
    source: str
    operation: Operation
    content_hash: str
    previous_hash: str
    entry_hash: str
    recorded_at: str
    recorded_by: str
    origin: str
    ontology_version: str
    outcome: str
    """The findings of validation as a JSON list."""

    @property
    def findings(self) -> list[Finding]:
        """What validation found in the record, warnings only."""
        return [Finding.from_json(item) for item in json.loads(self.outcome)]

    def hash(self) -> str:
        """SHA-256 over every other field, in hexadecimal."""
        fields = {name: value for name, value in vars(self).items() if name != "entry_hash"}
        text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Head:
    """Where a record stands now."""

    graph: str
    source: str
    kind: str
    sequence: int
    operation: Operation
    content_hash: str


@dataclass(frozen=True)
class Quarantined:
    """A record or row that was set aside, with the reasons."""

    item: str
    """The record's graph, or file and row where no record could be made."""
    source: str
    origin: str
    content: bytes | None
    report: str
    """A JSON list of findings or of row problems."""
    recorded_at: str


class Journal:
    """The journal behind a SQLAlchemy URL; SQLite and PostgreSQL are tested."""

    def __init__(self, url: str) -> None:
        """Open the journal and make its tables where they are missing."""
        self.url = url
        self._engine = _open_engine(url)
        with self._begin() as connection:
            _METADATA.create_all(connection)

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
                connection.execute(_ENTRY.insert(), [vars(entry) for entry in entries])
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
        query = select(_ENTRY.c.entry_hash).where(_ENTRY.c.sequence == sequence)
        with self._connect() as connection:
            found: str | None = connection.execute(query).scalar()
            return found

    def heads(
        self, source: str | None = None, graphs: Sequence[str] | None = None
    ) -> dict[str, Head]:
        """Where records stand now, by graph: all, those of one source, or those named."""
        query = select(_HEAD)
        if source is not None:
            query = query.where(_HEAD.c.source == source)
        parts = (
            [query]
            if graphs is None
            else [query.where(_HEAD.c.graph.in_(part)) for part in _parts(graphs)]
        )
        with self._connect() as connection:
            rows = (row for part in parts for row in connection.execute(part).mappings())
            return {row["graph"]: Head(**row) for row in rows}

    def entries(self, after: int = 0, graph: str | None = None) -> Iterator[Entry]:
        """Entries in order, streamed; those of one record if its graph is given."""
        query = select(_ENTRY).where(_ENTRY.c.sequence > after).order_by(_ENTRY.c.sequence)
        if graph is not None:
            query = query.where(_ENTRY.c.graph == graph)
        with self._connect() as connection:
            for row in connection.execution_options(yield_per=_CHUNK).execute(query).mappings():
                yield Entry(**row)

    def current(self, after: int = 0) -> Iterator[tuple[Entry, bytes]]:
        """The latest entry of each record changed after a sequence, with its content, in order."""
        query = (
            select(_ENTRY, _CONTENT.c.body)
            .join(_HEAD, _HEAD.c.sequence == _ENTRY.c.sequence)
            .outerjoin(_CONTENT, _CONTENT.c.hash == _ENTRY.c.content_hash)
            .where(_ENTRY.c.sequence > after)
            .order_by(_ENTRY.c.sequence)
        )
        with self._connect() as connection:
            for row in connection.execution_options(yield_per=_CHUNK).execute(query).mappings():
                yield _split_body(row)

    def count_changed(self, after: int = 0) -> int:
        """How many records have changed after a sequence."""
        query = select(func.count()).select_from(_HEAD).where(_HEAD.c.sequence > after)
        with self._connect() as connection:
            return int(connection.execute(query).scalar_one())

    def content(self, content_hash: str) -> bytes | None:
        """Kept content by its hash; nothing if it was erased or never kept."""
        query = select(_CONTENT.c.body).where(_CONTENT.c.hash == content_hash)
        with self._connect() as connection:
            found: bytes | None = connection.execute(query).scalar()
            return found

    def contents(self, *, source: str | None = None, kind: str | None = None) -> Iterator[bytes]:
        """The current content of each record, of one source or kind if it is given."""
        query = (
            select(_CONTENT.c.body)
            .join(_HEAD, _HEAD.c.content_hash == _CONTENT.c.hash)
            .where(_HEAD.c.operation != "withdraw")
            .order_by(_HEAD.c.sequence)
        )
        if source is not None:
            query = query.where(_HEAD.c.source == source)
        if kind is not None:
            query = query.where(_HEAD.c.kind == kind)
        with self._connect() as connection:
            for body in connection.execution_options(yield_per=_CHUNK).execute(query).scalars():
                yield body or b""

    def counts(self, by: Literal["source", "kind"] = "source") -> dict[str, int]:
        """Number of records by source or kind, withdrawn ones left out."""
        column = _HEAD.c[by]
        query = (
            select(column, func.count())
            .where(_HEAD.c.operation != "withdraw")
            .group_by(column)
            .order_by(column)
        )
        with self._connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def quarantine(self, source: str | None = None) -> list[Quarantined]:
        """What is set aside, ordered by source and item."""
        query = select(_QUARANTINE).order_by(_QUARANTINE.c.source, _QUARANTINE.c.item)
        if source is not None:
            query = query.where(_QUARANTINE.c.source == source)
        with self._connect() as connection:
            return [Quarantined(**row) for row in connection.execute(query).mappings()]

    def clear_quarantine(self, source: str, origins: Iterable[str]) -> None:
        """Forget what earlier loads of these files set aside."""
        with self._begin() as connection:
            for origin in origins:
                connection.execute(
                    _QUARANTINE.delete()
                    .where(_QUARANTINE.c.source == source)
                    .where(_QUARANTINE.c.origin == origin)
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
        latest = select(func.max(_ENTRY.c.sequence)).group_by(_ENTRY.c.graph)
        with self._connect() as connection:
            said = set(connection.execute(latest).scalars())
            kept = set(connection.execute(select(_HEAD.c.sequence)).scalars())
        if said != kept:
            raise JournalBroken(f"the table of heads differs at entry {min(said ^ kept)}")

    def _verify_content(self) -> None:
        with self._connect() as connection:
            rows = connection.execution_options(yield_per=_CHUNK).execute(select(_CONTENT))
            for content_hash, body in rows:
                if body is not None and hashlib.sha256(body).hexdigest() != content_hash:
                    raise JournalBroken(f"the content {content_hash} was altered")
        wanted = (
            select(_ENTRY.c.sequence)
            .outerjoin(_CONTENT, _CONTENT.c.hash == _ENTRY.c.content_hash)
            .where(_CONTENT.c.hash.is_(None), _ENTRY.c.operation != "withdraw")
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
            for table in (_CONTENT, _ENTRY, _HEAD, _QUARANTINE):
                rows = here.execution_options(yield_per=_CHUNK).execute(select(table)).mappings()
                for part in rows.partitions(_CHUNK):
                    there.execute(table.insert(), [dict(row) for row in part])
        return other.verify()


def now_utc() -> str:
    """The present moment as an xsd:dateTime in UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _open_engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins the transactions, see _begin_sqlite
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA busy_timeout=30000")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _safe(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _last(connection: Connection) -> tuple[int, str]:
    query = select(_ENTRY.c.sequence, _ENTRY.c.entry_hash).order_by(_ENTRY.c.sequence.desc())
    row = connection.execute(query.limit(1)).first()
    return (row[0], row[1]) if row else (0, START)


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
        query = select(_CONTENT.c.hash).where(_CONTENT.c.hash.in_(part))
        present.update(connection.execute(query).scalars())
    rows = [{"hash": key, "body": body} for key, body in wanted.items() if key not in present]
    if rows:
        connection.execute(_CONTENT.insert(), rows)


def _move_heads(connection: Connection, entries: Sequence[Entry]) -> None:
    latest = {entry.graph: entry for entry in entries}
    _delete_by(connection, _HEAD.c.graph, list(latest))
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
    connection.execute(_HEAD.insert(), rows)


def _set_aside(
    connection: Connection, entries: Sequence[Entry], quarantined: Sequence[Quarantined]
) -> None:
    gone = [entry.graph for entry in entries] + [item.item for item in quarantined]
    _delete_by(connection, _QUARANTINE.c.item, gone)
    if quarantined:
        connection.execute(_QUARANTINE.insert(), [vars(item) for item in quarantined])


def _delete_by(connection: Connection, column: Column[Any], values: Sequence[str]) -> None:
    for part in _parts(values):
        connection.execute(column.table.delete().where(column.in_(part)))


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
