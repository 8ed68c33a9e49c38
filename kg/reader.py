"""Reading one snapshot for pages: statements, names and named queries, with bounded memory."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from kg.catalogue import Catalogue
from kg.errors import NoSnapshot
from kg.namespaces import expand
from kg.profiles import Profile, read_profile
from kg.snapshots import Snapshot, Snapshots
from kg.textindex import TextIndex, link

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
_DESCRIBED: Final = 2_000
"""Things whose statements are kept; a page asks for some twice, other pages for the same."""
_ANSWERS: Final = 4_000
_DERIVED: Final = "/graph/derived/"


@dataclass(frozen=True)
class Thing:
    """What the graph knows of one thing."""

    iri: str
    said: Statements
    """What its records say."""
    derived: Statements
    """What follows from its records: shortcuts, super-classes, goals."""
    nested: Mapping[str, Statements]
    """Its nested nodes, such as participations, by IRI."""
    records: tuple[str, ...]
    """Names of the graphs that speak of it."""

    @property
    def is_known(self) -> bool:
        """Whether any record speaks of it."""
        return bool(self.records)

    @property
    def all(self) -> Statements:
        """What is said and what follows from it."""
        merged = {name: list(values) for name, values in self.said.items()}
        for name, values in self.derived.items():
            merged[name] = sorted({*merged.get(name, ()), *values}, key=str)
        return {name: tuple(values) for name, values in merged.items()}


def read_thing(view: "View", iri: str) -> Thing:
    """What the graph knows of it; nothing of what is no IRI."""
    try:
        NamedNode(iri)
    except ValueError:
        return Thing(iri, {}, {}, {}, ())
    return view.thing(iri)


class _Gathered(dict[NamedNode, set[Term]]):
    """Values by predicate, while quads are read."""

    def add(self, quad: Quad) -> None:
        if isinstance(quad.object, NamedNode | Literal):
            self.setdefault(quad.predicate, set()).add(quad.object)

    def sorted(self) -> Statements:
        return {name: tuple(sorted(values, key=str)) for name, values in self.items()}


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
        self.first: Callable[[str, NamedNode], str] = lru_cache(_NAMES)(self._read_first)
        self._profiles = lru_cache(_ANSWERS)(partial(read_profile, store))
        self.describe: Callable[[str], Statements] = lru_cache(_DESCRIBED)(self._describe)
        self._answer = lru_cache(_ANSWERS)(self._run)
        self._relations = lru_cache(_ANSWERS)(self._read_relations)
        self._counts = lru_cache(_ANSWERS)(self._read_counts)

    @property
    def id(self) -> str:
        """Name of the snapshot."""
        return str(self.manifest["id"])

    @cached_property
    def index(self) -> TextIndex:
        """The full-text index of the snapshot."""
        return self._open_index()

    def _describe(self, iri: str) -> Statements:
        """What the merged graph says of a node; empty if it says nothing."""
        found = _Gathered()
        for quad in self.store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph()):
            found.add(quad)
        return found.sorted()

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

    def thing(self, iri: str) -> Thing:
        """What the records say of a thing, what follows from it, and its nested nodes."""
        graphs: set[str] = set()
        said, derived = _Gathered(), _Gathered()
        for quad in self.store.quads_for_pattern(NamedNode(iri), None, None, None):
            graph = quad.graph_name
            if isinstance(graph, NamedNode):
                is_derived = _DERIVED in graph.value
                (derived if is_derived else said).add(quad)
                graphs.update(() if is_derived else (graph.value,))
        return Thing(
            iri, said.sorted(), derived.sorted(), self._nested(iri, said), tuple(sorted(graphs))
        )

    def _nested(self, iri: str, said: Mapping[NamedNode, Iterable[Term]]) -> dict[str, Statements]:
        found: dict[str, Statements] = {}
        waiting = list(chain.from_iterable(said.values()))
        while waiting:
            node = waiting.pop()
            if (
                isinstance(node, NamedNode)
                and node.value.startswith(iri + "#")
                and node.value not in found
            ):
                found[node.value] = self.describe(node.value)
                waiting.extend(chain.from_iterable(found[node.value].values()))
        return dict(sorted(found.items()))

    def quads(self, iri: str) -> list[Quad]:
        """The merged statements of a thing and its nested nodes, sorted."""
        nodes = [iri, *self.thing(iri).nested]
        patterns = (
            self.store.quads_for_pattern(NamedNode(node), None, None, DefaultGraph())
            for node in nodes
        )
        return sorted(chain.from_iterable(patterns), key=str)

    def graph(self, name: str) -> tuple[Quad, ...]:
        """The statements of one named graph, sorted; none if there is no such graph."""
        pattern = self.store.quads_for_pattern(None, None, None, NamedNode(name))
        return tuple(sorted(pattern, key=str))

    def ask(self, name: str, **values: Term) -> Rows:
        """The rows of a SELECT of `queries/api`, kept for as long as the snapshot is open."""
        return self._answer(name, tuple(values.items()))

    def profile(self, iri: str) -> Profile:
        """How many activities point to a thing, counted when the snapshot was made."""
        return self._profiles(iri)

    def relations(self, iri: str) -> Mapping[str, Mapping[str, int]]:
        """What points to a thing: for each property the number of things by kind."""
        return self._relations(iri)

    def kinds(self) -> Mapping[str, int]:
        """How many things of each kind there are."""
        return self._counts("kind", (), "", "")

    def count(
        self, field: str, kinds: tuple[str, ...], iri: str = "", predicate: str = ""
    ) -> Mapping[str, int]:
        """How many things of these kinds there are by year or by the values of a facet.

        With an IRI and a property only those that point there by it are counted.
        """
        return self._counts(field, kinds, iri, predicate)

    def _read_relations(self, iri: str) -> Mapping[str, Mapping[str, int]]:
        return self.index.relations(iri)

    def _read_counts(
        self, field: str, kinds: tuple[str, ...], iri: str, predicate: str
    ) -> Mapping[str, int]:
        return self.index.count(field, kinds, link(iri, predicate) if iri else None)

    def _run(self, name: str, values: tuple[tuple[str, Term], ...]) -> Rows:
        solutions = self.catalogue[f"api/{name}"].run(self.store, dict(values))
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        return tuple({name: _term(row[name]) for name in names} for row in solutions)

    def _read_first(self, iri: str, predicate: NamedNode) -> str:
        return min((value.value for value in self.values(iri, predicate)), default="")

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
                self._view = open_view(snapshot, self._catalogue)
                self._path = snapshot.path
            return self._view


def open_view(snapshot: Snapshot, catalogue: Catalogue) -> View:
    """A snapshot as pages read it; its text index is opened when it is first asked."""
    return View(snapshot.open(), catalogue, lambda: _open_index(snapshot), snapshot.manifest)


def _open_index(snapshot: Snapshot) -> TextIndex:
    try:
        return TextIndex(snapshot.index_path)
    except ValueError:
        raise NoSnapshot(
            f"the text index of {snapshot.id} was made by another version of the program; "
            "run `ssc4c publish` to make it anew"
        ) from None


def _term(value: object) -> Term | None:
    return value if isinstance(value, NamedNode | Literal) else None
