"""The reference data in memory: what is known of countries, goals, concepts and other entries."""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg.records import parse_content


class ReferenceGraph:
    """The merged statements of vocabulary and reference records, described thing by thing."""

    def __init__(self, contents: Iterable[bytes] = ()) -> None:
        self.store = Store()
        self._described: dict[str, tuple[Triple, ...]] = {}
        self.add(contents)

    def add(self, contents: Iterable[bytes]) -> None:
        """Add the contents of records (N-Quads), merged into one graph."""
        self.add_triples(triple for content in contents for triple in parse_content(content))

    def add_triples(self, triples: Iterable[Triple]) -> None:
        """Add statements."""
        self.store.bulk_extend(Quad(*triple) for triple in triples)
        self._described.clear()

    def describe(self, iris: Iterable[str]) -> list[Triple]:
        """What is said of these things and of their nested nodes; nothing of unknown ones."""
        return [triple for iri in sorted(set(iris)) for triple in self.describe_one(iri)]

    def describe_one(self, iri: str) -> tuple[Triple, ...]:
        """What is said of one thing and of its nested nodes, kept for the next time."""
        found = self._described.get(iri)
        if found is None:
            found = tuple(self._collect(iri))
            if found:
                self._described[iri] = found
        return found

    def _collect(self, iri: str) -> Iterator[Triple]:
        """Statements about the thing, then about the nodes below it that they lead to."""
        seen, waiting = {iri}, [iri]
        while waiting:
            subject = NamedNode(waiting.pop())
            for quad in self.store.quads_for_pattern(subject, None, None):
                yield quad.triple
                value = quad.object
                if isinstance(value, NamedNode) and value.value not in seen:
                    seen.add(value.value)
                    if value.value.startswith(iri + "#"):
                        waiting.append(value.value)
