"""The records of the offered queries: all there, each runnable as it stands."""

import pytest
from pyoxigraph import Literal, NamedNode, Store

from kg.catalogue import Catalogue
from kg.namespaces import QUERIES, expand
from kg.records import Record
from kg.settings import PROJECT
from loader.sources.queries import describe_query, read_queries

RECORDS = list(read_queries(PROJECT))
OFFERED = Catalogue(PROJECT / "queries").offered()


def values(record: Record, name: str) -> list[str]:
    predicate = NamedNode(expand(name))
    return [
        each.object.value
        for each in record.triples
        if each.predicate == predicate and isinstance(each.object, Literal | NamedNode)
    ]


def test_there_is_a_record_for_each_offered_query() -> None:
    assert [record.thing for record in RECORDS] == [QUERIES + query.key for query in OFFERED]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.key)
def test_the_text_in_the_graph_runs_as_it_stands(record: Record) -> None:
    (text,) = [
        text for name in ("sh:select", "sh:ask", "sh:construct") for text in values(record, name)
    ]

    assert not text.startswith("#+")
    Store().query(text)


def test_a_query_is_described_with_its_question_note_and_keywords() -> None:
    (query,) = [query for query in OFFERED if query.question == "CQ-01"]

    record = describe_query(query)

    assert record.graph.value.endswith("/graph/catalogue/queries/cq-01-practices-for-a-target")
    assert values(record, "rdfs:comment") == values(record, "rdfs:label") == [query.summary]
    assert values(record, "skos:note") == [query.note]
    assert values(record, "schema:keywords") == ["CQ-01", "practices", "target"]
    assert values(record, "schema:target") == ["https://w3id.org/ssc4c/sparql"]
    assert "VALUES (?target)" in values(record, "sh:select")[0]
