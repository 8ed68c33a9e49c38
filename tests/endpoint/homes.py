"""A home of made-up records, journaled and published as the loader does, and a client on it."""

from pathlib import Path

from flask.testing import FlaskClient

from endpoint.app import create_app
from kg.journal import Journal
from kg.publishing import publish
from kg.records import Record
from kg.settings import Settings
from tests.kg.samples import append


def publish_records(settings: Settings, *records: Record) -> None:
    """Write records, new ones or changed ones, and publish."""
    with Journal(settings.journal) as journal:
        known = journal.heads()
        for record in records:
            is_known = record.graph.value in known
            append(journal, record, operation="update" if is_known else "create")
        publish(settings, journal)


def client_at(home: Path, *records: Record) -> FlaskClient:
    """A client of an app on a home with these records."""
    settings = Settings(home=home, contact="https://example.org/report")
    if records:
        publish_records(settings, *records)
    return create_app(settings).test_client()
