"""Made-up records and a published graph for tests of the core; all of it stands for itself."""

from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from kg.entries import Change, Operation
from kg.journal import Journal
from kg.namespaces import expand, thing_iri
from kg.records import Finding, Record
from kg.settings import Settings


def practice(
    key: str = "example", source: str = "one", title: str = "Example", **links: str
) -> Record:
    """A practice with a title and links, for example `theme=".../id/theme/wash"`."""
    thing = NamedNode(thing_iri("practice", key))
    triples = [
        Triple(thing, NamedNode(expand("rdf:type")), NamedNode(expand("ssc4c:Practice"))),
        Triple(thing, NamedNode(expand("dcterms:title")), Literal(title, language="en")),
    ]
    for name, value in links.items():
        triples.append(Triple(thing, NamedNode(expand(f"ssc4c:{name}")), NamedNode(value)))
    return Record.of(source, "practice", key, triples, "example.csv")


def append(
    journal: Journal,
    *records: Record,
    operation: Operation = "create",
    findings: tuple[Finding, ...] = (),
) -> None:
    """Write records to a journal as one batch."""
    changes = [Change.of(record, operation, findings) for record in records]
    journal.append(changes, by="test", version="0.1.0")


def withdraw(journal: Journal, *records: Record) -> None:
    """Withdraw records in one batch."""
    changes = [Change.withdrawal(record.graph.value, record.source) for record in records]
    journal.append(changes, by="test", version="0.1.0")


def open_journal(home: Path) -> Journal:
    """The journal of a home folder."""
    home.mkdir(parents=True, exist_ok=True)
    return Journal(Settings(home=home).journal)
