import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.entries import START, Quarantined
from kg.errors import BadInput, JournalBroken
from kg.journal import Journal
from kg.records import Finding
from tests.kg.samples import append, open_journal, practice, withdraw


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(tmp_path) as journal:
        yield journal


def test_entries_are_chained_from_the_start(journal: Journal) -> None:
    append(journal, practice("a"), practice("b"))
    append(journal, practice("a", title="New"), operation="update")

    entries = list(journal.entries())

    assert [entry.previous_hash for entry in entries] == [
        START,
        entries[0].entry_hash,
        entries[1].entry_hash,
    ]
    assert journal.verify() == 3


def test_content_stands_once_however_often_it_is_said(journal: Journal, tmp_path: Path) -> None:
    append(journal, practice("a"))
    withdraw(journal, practice("a"))
    append(journal, practice("a"))

    rows = sqlite3.connect(tmp_path / "journal.sqlite").execute("SELECT hash FROM content")

    assert rows.fetchall() == [(practice("a").digest,)]


def test_current_gives_the_latest_content_of_each_record(journal: Journal) -> None:
    append(journal, practice("a"), practice("b"))
    append(journal, practice("a", title="New"), operation="update")
    withdraw(journal, practice("b"))

    current = [(entry.sequence, entry.operation, content) for entry, content in journal.current()]

    assert current == [(3, "update", practice("a", title="New").content()), (4, "withdraw", b"")]


def test_findings_come_back_as_they_were_written(journal: Journal) -> None:
    finding = Finding("<f>", "<p>", "s", "Warning", "", "No year – 年")
    append(journal, practice("a"), findings=(finding,))

    (entry,) = journal.entries()

    assert entry.findings == [finding]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE entry SET recorded_by = 'x' WHERE sequence = 2", "entry 2 .* was altered"),
        ("UPDATE entry SET outcome = '[{}]' WHERE sequence = 1", "entry 1 .* was altered"),
        ("DELETE FROM entry WHERE sequence = 1", "entry 1 is missing"),
        ("DELETE FROM entry WHERE sequence = 3", "heads differs at entry 3"),
        ("UPDATE content SET body = x'00'", "content .* was altered"),
        ("DELETE FROM content", "content of entry 1 is missing"),
    ],
)
def test_verify_names_what_was_tampered_with(
    journal: Journal, tmp_path: Path, statement: str, message: str
) -> None:
    append(journal, practice("a"), practice("b"), practice("c"))
    with sqlite3.connect(tmp_path / "journal.sqlite") as connection:
        connection.execute(statement)

    with pytest.raises(JournalBroken, match=message):
        journal.verify()


def test_erased_content_leaves_the_chain_verifiable(journal: Journal, tmp_path: Path) -> None:
    append(journal, practice("a"))
    with sqlite3.connect(tmp_path / "journal.sqlite") as connection:
        connection.execute("UPDATE content SET body = NULL")

    assert journal.verify() == 1


def test_what_is_accepted_leaves_the_quarantine(journal: Journal) -> None:
    graph = practice("a").graph.value
    aside = Quarantined(graph, "one", "example.csv", b"", "[]", "2026-01-01T00:00:00Z")
    journal.append([], by="test", version="0", quarantined=[aside])
    assert journal.quarantine("one") == [aside]

    append(journal, practice("a"))

    assert journal.quarantine() == []


def test_copy_holds_everything_and_refuses_a_full_target(journal: Journal, tmp_path: Path) -> None:
    append(journal, practice("a"), practice("b"))

    with open_journal(tmp_path / "other") as other:
        count = journal.copy_to(other)

        assert count == 2
        assert list(other.entries()) == list(journal.entries())
        assert other.heads() == journal.heads()
        with pytest.raises(BadInput, match="already has entries"):
            journal.copy_to(other)
