"""What became of records, told from a real journal."""

from pathlib import Path

import pytest
from pyoxigraph import Literal
from sqlalchemy import update

from kg.errors import JournalFailed
from kg.journal import Journal
from kg.journal_tables import CONTENT, open_engine
from kg.pasts import Pasts
from tests.kg.samples import append, practice, withdraw

GRAPH = practice("a").graph.value


@pytest.fixture(name="url")
def _url(tmp_path: Path) -> str:
    """A practice that got another title and was withdrawn, and one that is as it was."""
    url = f"sqlite:///{tmp_path / 'journal.sqlite'}"
    with Journal(url) as journal:
        append(journal, practice("a", title="Old"))
        append(journal, practice("other", source="two"))
        append(journal, practice("a", title="New"), operation="update")
        withdraw(journal, practice("a"), practice("other", source="two"))
    return url


def _titles(content: frozenset[object]) -> list[str]:
    values = (getattr(triple, "object", None) for triple in content)
    return [value.value for value in values if isinstance(value, Literal)]


def test_each_version_is_compared_with_the_one_before_it(url: str) -> None:
    pasts = Pasts(url)
    entries = pasts.entries([GRAPH], 99)

    gone, changed, made = pasts.versions(entries, slice(0, 20))

    assert [version.entry.operation for version in (gone, changed, made)] == [
        "withdraw",
        "update",
        "create",
    ]
    assert (_titles(changed.removed), _titles(changed.added)) == (["Old"], ["New"])
    assert (made.removed, gone.added) == (frozenset(), frozenset())
    assert "New" in _titles(gone.removed)


def test_a_part_of_the_versions_is_compared_with_what_stands_before_it(url: str) -> None:
    pasts = Pasts(url)

    (changed,) = pasts.versions(pasts.entries([GRAPH], 99), slice(1, 2))

    assert (_titles(changed.removed), _titles(changed.added)) == (["Old"], ["New"])


def test_later_entries_than_those_of_the_snapshot_are_left_out(url: str) -> None:
    assert [entry.sequence for entry in Pasts(url).entries([GRAPH], 3)] == [3, 1]


def test_erased_content_is_told_as_such(url: str) -> None:
    pasts = Pasts(url)
    entries = pasts.entries([GRAPH], 99)
    _erase(url, entries[1].content_hash)

    gone, changed, made = pasts.versions(entries, slice(0, 20))

    assert (gone.state, changed.state, made.state) == ("unknown", "erased", "whole")
    assert changed.added == changed.removed == gone.removed == frozenset()


def test_sources_stay_known_when_all_their_records_are_withdrawn(url: str) -> None:
    assert Pasts(url).sources() == ["one", "two"]


def test_a_look_makes_no_journal(tmp_path: Path) -> None:
    pasts = Pasts(f"sqlite:///{tmp_path / 'none.sqlite'}")

    assert (pasts.sources(), pasts.entries([GRAPH], 9), pasts.versions([], slice(0, 9))) == (
        [],
        [],
        [],
    )
    assert not (tmp_path / "none.sqlite").exists()


def test_what_is_no_journal_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.sqlite").write_bytes(b"no database" * 100)

    with pytest.raises(JournalFailed, match="cannot be read"):
        Pasts(f"sqlite:///{tmp_path / 'broken.sqlite'}").sources()


def _erase(url: str, content_hash: str) -> None:
    with open_engine(url).begin() as connection:
        connection.execute(update(CONTENT).where(CONTENT.c.hash == content_hash).values(body=None))
