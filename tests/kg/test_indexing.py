from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kg.indexing import update_index
from kg.journal import Journal
from kg.namespaces import expand, thing_iri
from kg.records import Record
from kg.textindex import TextIndex
from kg.working import WorkingStore
from tests.kg.samples import append, open_journal, practice, withdraw

THEME = thing_iri("theme", "example")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(tmp_path) as journal:
        yield journal


@pytest.fixture
def working(tmp_path: Path, journal: Journal) -> WorkingStore:
    return WorkingStore.open(tmp_path / "working", journal)


def theme(label: str) -> Record:
    name = NamedNode(expand("skos:prefLabel"))
    triple = Triple(NamedNode(THEME), name, Literal(label, language="en"))
    return Record.of("one", "theme", "example", [triple])


def found(path: Path, working: WorkingStore, journal: Journal, text: str) -> set[str]:
    """What a search finds once the index is up to date."""
    working.catch_up(journal)
    update_index(path, working.store, journal)
    return {hit.iri.rpartition("/")[2] for hit in TextIndex(path).search(text).items}


def test_index_follows_the_journal(tmp_path: Path, working: WorkingStore, journal: Journal) -> None:
    index = tmp_path / "index"
    append(journal, practice("a", title="School gardens"), practice("b", title="Clean water"))
    assert found(index, working, journal, "gardens") == {"a"}

    append(journal, practice("b", title="Water and gardens"), operation="update")
    assert found(index, working, journal, "gardens") == {"a", "b"}

    withdraw(journal, practice("a"))
    assert found(index, working, journal, "gardens") == {"b"}


def test_renamed_thing_is_found_by_its_new_name_on_what_links_to_it(
    tmp_path: Path, working: WorkingStore, journal: Journal
) -> None:
    index = tmp_path / "index"
    append(journal, theme("Breastfeeding"), practice("a", theme=THEME))
    assert found(index, working, journal, "breastfeeding") == {"a", "example"}

    append(journal, theme("Lactation"), operation="update")

    assert found(index, working, journal, "lactation") == {"a", "example"}
    assert found(index, working, journal, "breastfeeding") == set()


def test_index_of_another_journal_is_built_anew(
    tmp_path: Path, working: WorkingStore, journal: Journal
) -> None:
    index = tmp_path / "index"
    append(journal, practice("a", title="School gardens"))
    found(index, working, journal, "gardens")

    with open_journal(tmp_path / "other") as other:
        append(other, practice("c", title="More gardens"))
        store = WorkingStore.open(tmp_path / "other-store", other)
        assert found(index, store, other, "gardens") == {"c"}
