"""A store of `pages_sample.ttl` as the loader makes one: merged, derived, named, with times."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from endpoint.app import create_app
from endpoint.pages import Pages
from kg.catalogue import Catalogue
from kg.derivation import derive
from kg.namespaces import DEF, expand, split_thing
from kg.reader import View
from kg.records import derived_graph, meta_graph
from kg.settings import PROJECT, Settings
from kg.statistics import Statistics
from kg.textdocuments import documents
from kg.textindex import TextIndex

FILE = Path(__file__).with_suffix(".ttl")
TIME = "2026-11-20T10:00:00Z"


def sample_store(extra: Iterable[Triple] = ()) -> Store:
    """The sample in memory, with further triples of source ssc4c."""
    store = Store()
    triples = [quad.triple for quad in parse(path=FILE, format=RdfFormat.TURTLE)]
    for thing, said in _by_thing([*triples, *extra]).items():
        _add_record(store, thing, said)
    Statistics(store, lambda _: ()).renew(7)
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


@lru_cache
def sample_client() -> FlaskClient:
    """A client of an app whose pages show the sample."""
    settings = Settings(contact="https://example.org/report")
    return client_of(sample_store(), settings)


def client_of(store: Store, settings: Settings) -> FlaskClient:
    """A client of an app whose pages show what is in a store; it remembers no language."""
    app = create_app(settings, pages=Pages.from_settings(settings, Fixed(view_of(store))))
    return app.test_client(use_cookies=False)


def view_of(store: Store) -> View:
    """A snapshot in memory, but for its index."""
    folder = Path(mkdtemp())
    index = TextIndex.build(folder, documents(store, sorted(_things(store))))
    records = {"ssc4c": 7, "reference": 3}
    manifest = {"id": "000000007-test", "created": TIME, "records_by_source": records}
    return View(store, Catalogue(PROJECT / "queries"), lambda: index, manifest)


@dataclass(frozen=True)
class Fixed:
    """Always the same snapshot."""

    shown: View

    def view(self) -> View:
        """It."""
        return self.shown


def _things(store: Store) -> set[str]:
    subjects = (quad.subject for quad in store.quads_for_pattern(None, None, None, DefaultGraph()))
    return {each.value.partition("#")[0] for each in subjects if isinstance(each, NamedNode)}
