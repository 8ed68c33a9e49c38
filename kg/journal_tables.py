"""The tables behind the journal, and how its database is opened."""

from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)

METADATA: Final = MetaData()
"""All tables of the journal."""
ENTRY: Final = Table(
    "entry",
    METADATA,
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
CONTENT: Final = Table(
    "content",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("body", LargeBinary),
)
HEAD: Final = Table(
    "head",
    METADATA,
    Column("graph", Text, primary_key=True),
    Column("source", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False, index=True),
    Column("sequence", Integer, nullable=False, index=True),
    Column("operation", String(8), nullable=False),
    Column("content_hash", String(64), nullable=False),
)
QUARANTINE: Final = Table(
    "quarantine",
    METADATA,
    Column("item", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("content", LargeBinary),
    Column("report", Text, nullable=False),
    Column("recorded_at", String(32), nullable=False),
)
SAVED: Final = Table(
    "saved_query",
    METADATA,
    Column("key", String(52), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("query", Text, nullable=False),
    Column("default_graphs", Text, nullable=False),
    Column("named_graphs", Text, nullable=False),
    Column("saved_at", String(32), nullable=False),
)
"""What people saved; no part of the chain."""


def open_engine(url: str) -> Engine:
    """A database with the settings that the journal needs."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins the transactions, see _begin_sqlite
    connection.execute("PRAGMA busy_timeout=30000")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
