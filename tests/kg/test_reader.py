from pathlib import Path

import pytest
import tantivy
from pyoxigraph import Literal, NamedNode, Store

from kg.catalogue import Catalogue
from kg.errors import NoSnapshot
from kg.namespaces import ID, SDG, expand
from kg.reader import Reader, View
from kg.settings import PROJECT
from kg.snapshots import Snapshots
from kg.textdocuments import documents
from kg.textindex import TextIndex
from tests.endpoint.pages_sample import graph_of, sample_store, view_of

PRACTICE = ID + "practice/school-meals"
INITIATIVE = ID + "initiative/school-meals-africa"
BRAZIL = ID + "country/BRA"


@pytest.fixture(name="view", scope="module")
def _view() -> View:
    return view_of(sample_store())


def test_a_thing_holds_what_its_records_say_apart_from_what_follows(view: View) -> None:
    thing = view.thing(INITIATIVE)

    provider = NamedNode(expand("ssc4c:providerCountry"))
    assert provider not in thing.said
    assert thing.derived[provider] == (NamedNode(BRAZIL),)
    assert thing.all[provider] == (NamedNode(BRAZIL),)
    assert thing.records == (graph_of(INITIATIVE),)


def test_nested_nodes_come_with_their_thing(view: View) -> None:
    thing = view.thing(PRACTICE)

    parts = ("assessment", "evidence", "result")
    assert list(thing.nested) == [f"{PRACTICE}#ssc4c-{part}" for part in parts]
    assert NamedNode(expand("ssc4c:grade")) in thing.nested[PRACTICE + "#ssc4c-assessment"]


def test_what_no_record_speaks_of_is_not_known(view: View) -> None:
    thing = view.thing(ID + "practice/nothing")

    assert not thing.is_known
    assert thing.all == {}
    assert not view.is_known(ID + "practice/nothing")


def test_names_come_in_all_languages(view: View) -> None:
    assert Literal("Brésil", language="fr") in view.names(BRAZIL)
    assert view.names(ID + "practice/nothing") == ()


def test_merged_statements_are_those_of_the_thing_and_its_nodes(view: View) -> None:
    subjects = {str(quad.subject)[1:-1].partition("#")[0] for quad in view.quads(INITIATIVE)}

    assert subjects == {INITIATIVE}
    assert len(view.quads(INITIATIVE)) > 30


def test_a_graph_that_is_not_there_is_empty(view: View) -> None:
    assert view.graph("https://w3id.org/ssc4c/graph/ssc4c/idea/nothing") == ()


def test_values_and_subjects_come_in_order(view: View) -> None:
    notation = NamedNode(expand("skos:notation"))

    assert [value.value for value in view.values(SDG + "C200303", notation)] == ["2.2.3", "3.9.9"]
    assert view.subjects(notation, Literal("2.1.1")) == [SDG + "C020101"]
    assert view.first(SDG + "C200303", notation) == "2.2.3"


def test_activities_are_counted_by_facet_and_relation(view: View) -> None:
    kinds = ("initiative", "practice")

    assert view.count("theme", kinds)[ID + "theme/nutrition"] == 2
    assert view.count("year", kinds, BRAZIL, expand("ssc4c:providerCountry")) == {"2012": 1}
    assert view.relations(BRAZIL)[expand("ssc4c:ownerCountry")] == {"offer": 1}
    assert view.kinds()["country"] == 5


def test_named_queries_are_answered_as_rows(view: View) -> None:
    rows = view.ask("practices-that-travelled")

    assert [(str(row["practice"])[1:-1], str(row["uses"])[1]) for row in rows] == [(PRACTICE, "2")]
    assert view.ask("practices-that-travelled") is rows


def test_before_the_first_publish_there_is_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot):
        Reader(Snapshots(tmp_path), Catalogue(PROJECT / "queries")).view()


def test_a_new_snapshot_is_noticed_and_the_old_view_still_reads(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    reader = Reader(snapshots, Catalogue(PROJECT / "queries"))
    _publish(snapshots, "000000001-a")
    old = reader.view()

    _publish(snapshots, "000000002-b")

    assert (old.id, reader.view().id) == ("000000001-a", "000000002-b")
    assert old.thing(PRACTICE).is_known
    assert reader.view().index.search("school meals").total > 3


def test_an_index_of_another_version_is_told_of(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    _publish(snapshots, "000000001-a")
    index = snapshots.current().index_path
    for file in index.iterdir():
        file.unlink()
    builder = tantivy.SchemaBuilder().add_text_field("other")
    tantivy.Index(builder.build(), str(index))

    with pytest.raises(NoSnapshot, match="ssc4c publish"):
        _ = Reader(snapshots, Catalogue(PROJECT / "queries")).view().index


def _publish(snapshots: Snapshots, name: str) -> None:
    store = sample_store()
    with snapshots.draft(name) as draft:
        kept = Store(str(draft.path / "store"))
        kept.extend(store.quads_for_pattern(None, None, None, None))
        kept.flush()
        del kept
        TextIndex.build(draft.path / "index", documents(store, [PRACTICE, INITIATIVE, *_OTHERS]))
        snapshots.make_current(draft.finish({"id": name, "created": "2026-11-20T10:00:00Z"}))


_OTHERS = [ID + "community/meals", ID + "event/meals-forum"]
