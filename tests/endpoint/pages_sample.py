"""A store of `pages_sample.ttl` as the loader makes one: merged, derived, named, with times."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.derivation import derive
from kg.namespaces import DEF, expand, split_thing
from kg.records import derived_graph, meta_graph

FILE = Path(__file__).with_suffix(".ttl")
TIME = "2026-11-20T10:00:00Z"


def sample_store(extra: Iterable[Triple] = ()) -> Store:
    """The sample in memory, with further triples of source ssc4c."""
    store = Store()
    triples = [quad.triple for quad in parse(path=FILE, format=RdfFormat.TURTLE)]
    for thing, said in _by_thing([*triples, *extra]).items():
        _add_record(store, thing, said)
    return store


def graph_of(thing: str) -> str:
    """The record graph of a thing of the sample."""
    kind, key = split_thing(thing) or ("def", thing.removeprefix(DEF))
    source = "reference" if kind in {"country", "region", "sdg"} else "ssc4c"
    return f"https://w3id.org/ssc4c/graph/{source}/{kind}/{key}"


def _by_thing(triples: Iterable[Triple]) -> dict[str, list[Triple]]:
    things: defaultdict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        assert isinstance(triple.subject, NamedNode)
        things[triple.subject.value.partition("#")[0]].append(triple)
    return things


def _add_record(store: Store, thing: str, said: list[Triple]) -> None:
    graph = graph_of(thing)
    derived = derive(NamedNode(thing), said, lambda _: ())
    for triples, name in ((said, graph), (derived, derived_graph(graph))):
        for subject, predicate, value in triples:
            store.add(Quad(subject, predicate, value, NamedNode(name)))
            store.add(Quad(subject, predicate, value))
    store.extend(_provenance(thing, graph))


def _provenance(thing: str, graph: str) -> list[Quad]:
    time = Literal(TIME, datatype=NamedNode(expand("xsd:dateTime")))
    said: dict[str, NamedNode | Literal] = {
        "rdf:type": NamedNode(expand("ssc4c:Record")),
        "ssc4c:describes": NamedNode(thing),
        "prov:wasAttributedTo": NamedNode(
            f"https://w3id.org/ssc4c/id/source/{graph.split('/')[5]}"
        ),
        "prov:generatedAtTime": time,
        "ssc4c:sequence": Literal(7),
    }
    meta = NamedNode(meta_graph(graph))
    return [
        Quad(NamedNode(graph), NamedNode(expand(name)), value, meta) for name, value in said.items()
    ]
