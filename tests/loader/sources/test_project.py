"""The project's own sources give the records that the shipped files hold."""

from collections import Counter

import pytest

from kg.errors import BadInput
from kg.records import Record
from kg.settings import PROJECT
from loader.sources import Lookup, read_project_source


def test_shipped_rows_all_become_records(shipped: dict[str, list[Record]]) -> None:
    counts = Counter(item.kind for item in shipped["ssc4c"])
    pages = counts.pop("publication")

    assert counts == {
        "initiative": 371,
        "practice": 55,
        "adaptation": 20,
        "actor": 703 + 56 + 1,
        "challenge": 77,
        "need": 30,
        "offer": 51,
        "idea": 24,
        "event": 85,
        "community": 33,
    }
    assert pages > 884 + 111 - 16


def test_reference_rows_all_become_records(shipped: dict[str, list[Record]]) -> None:
    counts = Counter(item.kind for item in shipped["reference"])

    assert counts == {
        "country": 249,
        "region": 29,
        "country-group": 7,
        "sdg": 17 + 169 + 232,
        "crc": 54,
        "iati": 154,
        "publication": 3 + 12,
    }


@pytest.mark.parametrize("source", ["vocabulary", "reference", "ssc4c"])
def test_no_two_records_of_a_source_are_about_one_thing(
    shipped: dict[str, list[Record]], source: str
) -> None:
    graphs = [item.graph.value for item in shipped[source]]

    assert len(graphs) == len(set(graphs))


def test_same_files_give_the_same_records(shipped: dict[str, list[Record]], lookup: Lookup) -> None:
    again = list(read_project_source(PROJECT, "ssc4c", lookup))

    assert again == shipped["ssc4c"]


def test_everything_that_our_tables_point_to_is_told(shipped: dict[str, list[Record]]) -> None:
    known = {item.thing for items in shipped.values() for item in items}
    named = {
        str(triple.object)[1:-1].partition("#")[0]
        for item in shipped["ssc4c"]
        for triple in item.triples
        if str(triple.object).startswith("<https://w3id.org/ssc4c/id/")
    }

    assert sorted(named - known) == []


def test_unknown_source_is_refused(project_lookup: Lookup) -> None:
    with pytest.raises(BadInput, match=r"The project ships no source 'nobody'\."):
        read_project_source(PROJECT, "nobody", project_lookup)
