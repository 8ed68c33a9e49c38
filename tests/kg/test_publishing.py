"""Publishing on a real project's checks, with made-up records."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from kg.journal import Journal
from kg.namespaces import thing_iri
from kg.publishing import publish
from kg.records import Record
from kg.settings import Settings
from kg.snapshots import Snapshots
from kg.working import WorkingStore
from tests.kg.samples import append, practice, withdraw

NOWHERE = thing_iri("practice", "nowhere")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, keep_snapshots=3)


@pytest.fixture
def journal(settings: Settings) -> Iterator[Journal]:
    with Journal(settings.journal) as journal:
        yield journal


def said(settings: Settings, record: Record) -> set[Quad]:
    """What the served snapshot holds of a record."""
    store = Snapshots(settings.home).current().open()
    return set(store.quads_for_pattern(None, None, None, record.graph))


def test_nothing_new_makes_no_new_snapshot(settings: Settings, journal: Journal) -> None:
    append(journal, practice("a"))

    first, second = publish(settings, journal), publish(settings, journal)

    assert (first.is_new, second.is_new) == (True, False)
    assert first.snapshot == second.snapshot == second.served
    assert first.snapshot.manifest["records_by_kind"] == {"practice": 1}
    assert first.snapshot.manifest["triples"] == 3


def test_faulty_new_record_is_set_aside_and_the_rest_published(
    settings: Settings, journal: Journal
) -> None:
    append(journal, practice("good"), practice("bad", growsOutOf=NOWHERE))

    published = publish(settings, journal)

    assert [fault.graph for fault in published.faults] == [practice("bad").graph.value]
    assert said(settings, practice("bad")) == set()
    assert said(settings, practice("good")) != set()
    (aside,) = journal.quarantine()
    assert NOWHERE in aside.report
    journal.verify()


def test_faulty_update_restores_what_stood_before(settings: Settings, journal: Journal) -> None:
    append(journal, practice("a", title="Sound"))
    publish(settings, journal)
    append(journal, practice("a", title="New", growsOutOf=NOWHERE), operation="update")

    publish(settings, journal)

    titles = {str(quad.object) for quad in said(settings, practice("a"))}
    assert '"Sound"@en' in titles and '"New"@en' not in titles


def test_what_a_cut_off_publish_applied_is_still_checked(
    settings: Settings, journal: Journal
) -> None:
    append(journal, practice("bad", growsOutOf=NOWHERE))
    working = WorkingStore.open(settings.home / "working" / "store", journal)
    working.catch_up(journal)
    working.close()
    del working

    published = publish(settings, journal)

    assert len(published.faults) == 1
    assert said(settings, practice("bad")) == set()


def test_withdrawn_target_does_not_take_the_linking_record_away(
    settings: Settings, journal: Journal
) -> None:
    target, linking = practice("target"), practice("linking", growsOutOf=practice("target").thing)
    append(journal, target, linking)
    publish(settings, journal)

    withdraw(journal, target)
    published = publish(settings, journal)

    assert published.faults == ()
    assert NamedNode(target.thing) in {quad.object for quad in said(settings, linking)}


def test_only_so_many_snapshots_are_kept(settings: Settings, journal: Journal) -> None:
    for number in range(5):
        append(journal, practice(f"p{number}"))
        publish(settings, journal)

    sequences = [each.manifest["sequence"] for each in Snapshots(settings.home).all()]
    assert sequences == [3, 4, 5]
