"""The dataset of a request whose default graph is the merge of several graphs.

A merge is a set: a triple that two of the graphs hold is there once. The store itself counts it
once for each graph, so it is given a copy in memory.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Store


def merge_graphs(store: Store, default: Iterable[NamedNode], named: Iterable[NamedNode]) -> Store:
    """A store in memory whose default graph is the merge; with the named graphs as they are."""
    merged = Store()
    for graph in default:
        merged.extend(_without_graph(store, graph))
    for graph in named:
        merged.extend(store.quads_for_pattern(None, None, None, graph))
    return merged


def _without_graph(store: Store, graph: NamedNode) -> Iterator[Quad]:
    for quad in store.quads_for_pattern(None, None, None, graph):
        yield Quad(quad.subject, quad.predicate, quad.object)
