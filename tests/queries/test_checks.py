"""Each check finds the fault in a broken graph, and nothing that blocks in the shipped one."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, parse

from kg.catalogue import read_query
from kg.namespaces import DEF, expand
from kg.settings import PROJECT
from tests.queries.graphs import CHECKS, FIXTURES, find_all, fixture_store, to_csv

BLOCKING = [path for path in CHECKS if read_query(path).severity == "blocking"]
OWN_NODES = {
    "hasAssessment",
    "hasEvidence",
    "hasMatch",
    "hasMembership",
    "hasParticipation",
    "hasResult",
    "supports",
}
"""Properties that lead to nodes inside the same record; shapes look after these."""
NOT_IN_RECORDS = {"describes", "hasFinding"} | {
    f"counted{name}" for name in ("Country", "Goal", "Kind", "Link", "Target", "Theme")
}


def broken(path: Path) -> Path:
    return FIXTURES / "checks" / f"{path.stem}.trig"


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_check_finds_the_fault(path: Path) -> None:
    found = find_all(read_query(path), fixture_store(broken(path)))

    assert found.count(b"\n") > 1
    assert found == broken(path).with_suffix(".csv").read_bytes()


@pytest.mark.parametrize("path", BLOCKING, ids=lambda path: path.stem)
def test_check_of_some_records_finds_the_same_in_them(path: Path) -> None:
    check, store = read_query(path), fixture_store(broken(path))
    found = store.query(check.text)
    assert isinstance(found, QuerySolutions)
    records = {row["record"] for row in found}

    for record in records:
        (row, *_) = check.select(store, {"record": [NamedNode("urn:none"), record]})
        assert row["record"] == record
    assert to_csv(check.select(store, {"record": list(records)})) == find_all(check, store)
    assert not list(check.select(store, {"record": NamedNode("urn:none")}))


@pytest.mark.parametrize("path", BLOCKING, ids=lambda path: path.stem)
def test_shipped_graph_has_no_fault_that_blocks(path: Path, shipped: Store) -> None:
    assert find_all(read_query(path), shipped).count(b"\n") == 1


def test_every_link_is_looked_after_by_some_check() -> None:
    """A property that is added to the ontology is added to a check of links, too."""
    shortcuts = {"modality", "goal", "currentGrade", "involvesCountry", "involvesActor"}
    shortcuts |= {"providerCountry", "recipientCountry", "facilitatingPartner"}
    shortcuts |= {"leadActor", "fundingActor", "implementingActor"}
    texts = "".join(path.read_text(encoding="utf-8") for path in BLOCKING)

    unseen = {
        name for name in object_properties() if f"ssc4c:{name} " not in texts.replace("\n", " ")
    }

    assert unseen - shortcuts - OWN_NODES - NOT_IN_RECORDS == set()


def object_properties() -> set[str]:
    files = (PROJECT / "ontology").glob("*.ttl")
    kind, cls = NamedNode(expand("rdf:type")), NamedNode(expand("owl:ObjectProperty"))
    return {
        quad.subject.value.removeprefix(DEF)
        for file in files
        for quad in parse(path=str(file), format=RdfFormat.TURTLE)
        if quad.predicate == kind and quad.object == cls and DEF in str(quad.subject)
    }
