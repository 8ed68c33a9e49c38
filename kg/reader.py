"""Reading one snapshot for pages: statements, names and named queries, with bounded memory."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from kg.catalogue import Catalogue
from kg.namespaces import expand
from kg.records import meta_graph
from kg.snapshots import Snapshots
from kg.textindex import TextIndex

Term = NamedNode | Literal
Row = Mapping[str, Term | None]
Rows = tuple[Row, ...]
Statements = Mapping[NamedNode, tuple[Term, ...]]
"""What is said of one node: values by predicate, sorted."""

NAMING: Final = tuple(
    NamedNode(expand(name))
    for name in ("skos:prefLabel", "dcterms:title", "rdfs:label", "sh:name", "skos:notation")
)
"""Properties that name a thing, the best first."""
_NAMES: Final = 50_000
_ANSWERS: Final = 4_000
_DERIVED: Final = "/graph/derived/"
_META: Final = "/graph/meta/"


@dataclass(frozen=True)
class SourceGraph:
    """A record as the graph keeps it: its statements, and what is told about it."""

    name: str
    quads: tuple[Quad, ...]
    about: tuple[Quad, ...]


class View:
    """One snapshot, as pages read it; it never changes, so that answers may be kept."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        index: Callable[[], TextIndex],
        manifest: Mapping[str, Any],
    ) -> None:
        self.store = store
        self.catalogue = catalogue
        self.manifest = manifest
        self._open_index = index
        self.names: Callable[[str], tuple[Literal, ...]] = lru_cache(_NAMES)(self._read_names)
        self._answer = lru_cache(_ANSWERS)(self._run)

    @property
    def id(self) -> str:
        """Name of the snapshot."""
        return str(self.manifest["id"])

    @cached_property
    def index(self) -> TextIndex:
        """The full-text index of the snapshot."""
        return self._open_index()

    def describe(self, iri: str) -> Statements:
        """What the merged graph says of a node; empty if it says nothing."""
        found: dict[NamedNode, list[Term]] = {}
        for quad in self.store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph()):
            if isinstance(quad.object, NamedNode | Literal):
                found.setdefault(quad.predicate, []).append(quad.object)
        return {predicate: tuple(sorted(found[predicate], key=str)) for predicate in found}

    def values(self, iri: str, predicate: NamedNode) -> list[Term]:
        """The values of one property of a node, sorted."""
        pattern = self.store.quads_for_pattern(NamedNode(iri), predicate, None, DefaultGraph())
        found = [quad.object for quad in pattern]
        return sorted((each for each in found if isinstance(each, Term)), key=str)

    def is_known(self, iri: str) -> bool:
        """Whether the merged graph says anything of the node."""
        pattern = self.store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph())
        return next(iter(pattern), None) is not None

    def subjects(self, predicate: NamedNode, value: Term) -> list[str]:
        """The nodes that have this value, sorted."""
        pattern = self.store.quads_for_pattern(None, predicate, value, DefaultGraph())
        return sorted(quad.subject.value for quad in pattern if isinstance(quad.subject, NamedNode))

    def quads(self, iri: str) -> list[Quad]:
        """The merged statements of a thing and its nested nodes, sorted."""
        found = list(self.store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph()))
        for node in self.nested(iri, found):
            found.extend(self.store.quads_for_pattern(node, None, None, DefaultGraph()))
        return sorted(found, key=str)

    @staticmethod
    def nested(iri: str, quads: Iterable[Quad]) -> list[NamedNode]:
        """The nested nodes of a thing that its statements lead to."""
        objects = {quad.object for quad in quads if isinstance(quad.object, NamedNode)}
        return sorted((each for each in objects if each.value.startswith(iri + "#")), key=str)

    def sources(self, iri: str) -> list[SourceGraph]:
        """The records that speak of a thing, by name."""
        pattern = self.store.quads_for_pattern(NamedNode(iri), None, None, None)
        graphs = {quad.graph_name for quad in pattern}
        records = sorted(
            graph.value
            for graph in graphs
            if isinstance(graph, NamedNode) and _DERIVED not in graph.value
        )
        return [
            SourceGraph(name, self.graph(name), self.graph(meta_graph(name))) for name in records
        ]

    def graph(self, name: str) -> tuple[Quad, ...]:
        """The statements of one named graph, sorted; none if there is no such graph."""
        pattern = self.store.quads_for_pattern(None, None, None, NamedNode(name))
        return tuple(sorted(pattern, key=str))

    def ask(self, name: str, **values: Term) -> Rows:
        """The rows of a SELECT of `queries/api`, kept for as long as the snapshot is open."""
        return self._answer(name, tuple(values.items()))

    def _run(self, name: str, values: tuple[tuple[str, Term], ...]) -> Rows:
        solutions = self.catalogue[f"api/{name}"].run(self.store, dict(values))
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        return tuple({name: _term(row[name]) for name in names} for row in solutions)

    def _read_names(self, iri: str) -> tuple[Literal, ...]:
        node = NamedNode(iri)
        for predicate in NAMING:
            pattern = self.store.quads_for_pattern(node, predicate, None, DefaultGraph())
            found = [quad.object for quad in pattern if isinstance(quad.object, Literal)]
            if found:
                return tuple(sorted(found, key=str))
        return ()


class Reader:
    """The way from a web process to the current snapshot; opens it anew when it has moved on."""

    def __init__(self, snapshots: Snapshots, catalogue: Catalogue) -> None:
        self._snapshots = snapshots
        self._catalogue = catalogue
        self._path: Path | None = None
        self._view: View | None = None
        self._lock = Lock()

    def view(self) -> View:
        """The current snapshot; raises NoSnapshot before the first publish."""
        snapshot = self._snapshots.current()
        with self._lock:
            if self._view is None or self._path != snapshot.path:
                self._view = View(
                    snapshot.open(),
                    self._catalogue,
                    lambda: TextIndex(snapshot.index_path),
                    snapshot.manifest,
                )
                self._path = snapshot.path
            return self._view


def _term(value: object) -> Term | None:
    return value if isinstance(value, NamedNode | Literal) else None
