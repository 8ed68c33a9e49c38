from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg import working as working_module
from kg.journal import Journal
from kg.namespaces import GRAPH
from kg.working import WorkingStore
from tests.kg.samples import append, open_journal, practice, withdraw


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(tmp_path) as journal:
        yield journal


@pytest.fixture
def working(tmp_path: Path, journal: Journal) -> WorkingStore:
    return WorkingStore.open(tmp_path / "working", journal)


def quads(working: WorkingStore) -> set[Quad]:
    """All but the meta graphs."""
    return {quad for quad in working.store if not str(quad.graph_name).startswith(f"<{GRAPH}meta/")}


def merged(working: WorkingStore) -> list[Quad]:
    return list(working.store.quads_for_pattern(None, None, None, DefaultGraph()))


def test_triple_of_two_sources_counts_once(journal: Journal, working: WorkingStore) -> None:
    append(journal, practice(source="one"), practice(source="two"))

    working.catch_up(journal)

    assert len(merged(working)) == 3  # type, title, and the derived type Activity
    assert working.applied and working.applied.triples == 3


def test_triple_stays_until_no_source_says_it(journal: Journal, working: WorkingStore) -> None:
    one, two = practice(source="one"), practice(source="two")
    append(journal, one, two)
    working.catch_up(journal)

    withdraw(journal, one)
    working.catch_up(journal)
    assert len(merged(working)) == 3

    withdraw(journal, two)
    working.catch_up(journal)
    assert merged(working) == []
    assert working.applied and working.applied.triples == 0


def test_update_replaces_only_what_the_record_said(journal: Journal, working: WorkingStore) -> None:
    append(journal, practice(source="one", title="Old"), practice(source="two", title="Other"))
    working.catch_up(journal)

    append(journal, practice(source="one", title="New"), operation="update")
    working.catch_up(journal)

    titles = {str(q.object) for q in merged(working) if q.predicate.value.endswith("title")}
    assert titles == {'"New"@en', '"Other"@en'}


def test_bulk_load_gives_the_same_graph_as_single_updates(
    journal: Journal, working: WorkingStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(journal, *(practice(f"p{n}", source) for n in range(9) for source in ("one", "two")))
    withdraw(journal, practice("p3", "one"))
    working.catch_up(journal)

    monkeypatch.setattr(working_module, "_BULK", 1)
    bulk = WorkingStore.open(tmp_path / "bulk", journal)
    bulk.catch_up(journal)

    assert set(bulk.store) == set(working.store)


def test_bulk_load_into_a_filled_store_changes_and_withdraws_as_well(
    journal: Journal, working: WorkingStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(journal, *(practice(f"p{n}", source) for n in range(4) for source in ("one", "two")))
    working.catch_up(journal)
    append(journal, *(practice(f"q{n}") for n in range(4)))
    append(journal, practice("p1", title="Changed"), practice("p2", title=""), operation="update")
    withdraw(journal, practice("p3", "one"), practice("p3", "two"), practice("q3"))
    append(journal, practice("p3", "two", title="Back"))

    monkeypatch.setattr(working_module, "_BULK", 1)
    working.catch_up(journal)

    anew = WorkingStore.open(tmp_path / "anew", journal)
    anew.catch_up(journal)
    assert set(working.store) == set(anew.store)
    assert working.applied and working.applied.triples == len(merged(working))


def test_bulk_load_that_was_cut_off_is_begun_anew(
    journal: Journal, working: WorkingStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(journal, practice("a"))
    working.catch_up(journal)
    append(journal, *(practice(f"p{n}") for n in range(4)))
    monkeypatch.setattr(working_module, "_BULK", 1)
    with monkeypatch.context() as cut, pytest.raises(KeyboardInterrupt):
        cut.setattr(WorkingStore, "_mark", _interrupt)
        working.catch_up(journal)
    assert working.applied is None
    working.close()

    working = WorkingStore.open(tmp_path / "working", journal)
    working.catch_up(journal)

    anew = WorkingStore.open(tmp_path / "anew", journal)
    anew.catch_up(journal)
    assert set(working.store) == set(anew.store)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_store_of_another_journal_is_begun_anew(
    journal: Journal, working: WorkingStore, tmp_path: Path
) -> None:
    append(journal, practice("a"))
    working.catch_up(journal)
    working.close()

    with open_journal(tmp_path / "other") as other:
        append(other, practice("b"))
        working = WorkingStore.open(tmp_path / "working", other)
        working.catch_up(other)

    subjects = {quad.subject for quad in merged(working)}
    assert subjects == {NamedNode(practice("b").thing)}


def test_provenance_is_named_and_not_merged(journal: Journal, working: WorkingStore) -> None:
    append(journal, practice("a"))
    working.catch_up(journal)

    meta = NamedNode(GRAPH + "meta/one/practice/a")
    said = {
        quad.predicate.value.rpartition("/")[2]
        for quad in working.store.quads_for_pattern(practice("a").graph, None, None, meta)
    }
    assert "prov#generatedAtTime" in said
    assert not any(quad.subject == practice("a").graph for quad in merged(working))
