"""A record speaks of one thing and its nested nodes, and always has the same bytes."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.namespaces import expand, thing_iri
from kg.records import Record, derived_graph, meta_graph, parse_content

THING = NamedNode(thing_iri("practice", "x"))
NESTED = NamedNode(f"{THING.value}#s-result")
LABEL = NamedNode(expand("rdfs:label"))


def make_record(*triples: Triple) -> Record:
    return Record.of("s", "practice", "x", triples, "p.csv")


def test_content_does_not_depend_on_order_or_repetition() -> None:
    one, other = Triple(THING, LABEL, Literal("a")), Triple(NESTED, LABEL, Literal("b"))

    assert make_record(one, other, one) == make_record(other, one)
    assert make_record(one, other).digest == make_record(other, one, other).digest


def test_content_comes_back_as_triples() -> None:
    record = make_record(Triple(THING, LABEL, Literal("a", language="en")))

    assert tuple(parse_content(record.content())) == record.triples


@pytest.mark.parametrize(
    "triple",
    [
        Triple(BlankNode(), LABEL, Literal("a")),
        Triple(THING, LABEL, BlankNode()),
    ],
)
def test_blank_nodes_are_refused(triple: Triple) -> None:
    with pytest.raises(ValueError, match="holds a blank node"):
        make_record(triple)


@pytest.mark.parametrize("name", ["y", "xy", "x/y"])
def test_statements_about_other_things_are_refused(name: str) -> None:
    other = NamedNode(thing_iri("practice", name))

    with pytest.raises(ValueError, match="speaks of"):
        make_record(Triple(other, LABEL, Literal("a")))


def test_graphs_of_a_record_are_named_after_it() -> None:
    graph = make_record().graph.value

    assert graph == "https://w3id.org/ssc4c/graph/s/practice/x"
    assert derived_graph(graph) == "https://w3id.org/ssc4c/graph/derived/s/practice/x"
    assert meta_graph(graph) == "https://w3id.org/ssc4c/graph/meta/s/practice/x"
