import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.errors import BadInput, UnknownResource
from kg.saved import LONGEST, SavedQueries
from kg.settings import Settings
from tests.kg.samples import append, open_journal, practice

QUERY = "SELECT ?s WHERE { ?s ?p 'É 年' }"


@pytest.fixture
def saved(tmp_path: Path) -> Iterator[SavedQueries]:
    saved = SavedQueries.from_settings(Settings(home=tmp_path))
    yield saved
    saved.close()


def test_saved_query_comes_back_as_it_was(saved: SavedQueries) -> None:
    key = saved.save(QUERY, ["urn:b", "urn:a"], ["urn:n"])

    found = saved.find(key)

    assert (found.query, found.default_graphs, found.named_graphs) == (
        QUERY,
        ("urn:a", "urn:b"),
        ("urn:n",),
    )
    assert saved.find(key.upper()) == found


def test_key_is_short_and_depends_on_all_that_is_asked(saved: SavedQueries) -> None:
    keys = [
        saved.save(QUERY),
        saved.save(QUERY + " "),
        saved.save(QUERY, ["urn:a"]),
        saved.save(QUERY, [], ["urn:a"]),
    ]

    assert len(set(keys)) == 4
    assert all(len(key) == 10 and key.isalnum() and key.islower() for key in keys)
    assert saved.save(QUERY) == keys[0]


def test_unknown_key_is_told_without_making_a_database(saved: SavedQueries, tmp_path: Path) -> None:
    with pytest.raises(UnknownResource, match="'abcdefghij'"):
        saved.find("abcdefghij")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("query", "reason"), [(" \n", "no query"), ("x\0", "NUL"), ("é" * (LONGEST // 2), "bytes")]
)
def test_what_cannot_be_saved_is_refused(saved: SavedQueries, query: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        saved.save(query)


def test_query_that_hashes_alike_gets_a_longer_key(saved: SavedQueries, tmp_path: Path) -> None:
    taken = saved.save(QUERY)
    with sqlite3.connect(tmp_path / "journal.sqlite") as connection:
        connection.execute("UPDATE saved_query SET digest = 'other', query = 'ASK {}'")

    key = saved.save(QUERY)

    assert key.startswith(taken) and len(key) == 11
    assert saved.find(key).query == QUERY
    assert saved.find(taken).query == "ASK {}"
    assert saved.save(QUERY) == key


def test_many_save_at_once(tmp_path: Path) -> None:
    several = [SavedQueries.from_settings(Settings(home=tmp_path)) for _ in range(3)]
    work = [(each, f"ASK {{ # {number}\n}}") for number in range(20) for each in several]

    with ThreadPoolExecutor(12) as pool:
        keys = list(pool.map(lambda pair: pair[0].save(pair[1]), work))

    assert len(set(keys)) == 20
    assert {several[0].find(key).query for key in keys} == {query for _, query in work}
    for each in several:
        each.close()


def test_saving_waits_for_a_load_that_writes(saved: SavedQueries, tmp_path: Path) -> None:
    open_journal(tmp_path).close()
    writer = sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(saved.save, QUERY)
        with pytest.raises(TimeoutError):
            waiting.result(0.2)
        writer.execute("COMMIT")
        key = waiting.result()

    assert saved.find(key).query == QUERY
    writer.close()


def test_saved_queries_go_along_with_the_journal_outside_its_chain(
    saved: SavedQueries, tmp_path: Path
) -> None:
    with open_journal(tmp_path) as journal, open_journal(tmp_path / "other") as other:
        append(journal, practice("a"))
        before = journal.last()
        there = SavedQueries(other.url)
        keys = {saved.save(QUERY), saved.save("ASK {}"), there.save("ASK {}")}

        assert journal.copy_to(other) == 1

        assert other.last() == before
        assert {there.find(key).query for key in keys} == {QUERY, "ASK {}"}
        there.close()
