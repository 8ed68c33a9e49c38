"""Turtle files, such as those of the ontology, into records: one for each subject."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from kg.errors import BadInput
from kg.namespaces import expand, split_thing
from kg.records import Record
from loader.problems import RowProblem, shorten

_TYPE = NamedNode(expand("rdf:type"))
_FOREIGN = "This is no thing of this graph; what is said of it is left out."


@dataclass
class _Statements:
    """The triples of some files by subject, and the file that says what a subject is."""

    of: defaultdict[NamedNode | BlankNode, list[Triple]] = field(
        default_factory=lambda: defaultdict(list)
    )
    origin: dict[NamedNode | BlankNode, str] = field(default_factory=dict)

    def read(self, path: Path) -> None:
        """Add the triples of one file."""
        try:
            for quad in parse(path=str(path), format=RdfFormat.TURTLE):
                self.of[quad.subject].append(quad.triple)
                if quad.predicate == _TYPE:
                    self.origin[quad.subject] = path.name
                self.origin.setdefault(quad.subject, path.name)
        except (SyntaxError, OSError) as error:
            raise BadInput(f"{path.name} cannot be read as Turtle: {error}") from None


def read_turtle(paths: Iterable[Path], source: str) -> Iterator[Record | RowProblem]:
    """A record for each of our terms, concepts and things, with its nested nodes.

    Files may speak of the same subject: it becomes one record. Blank nodes become nested nodes,
    named by a hash of what they say. A warning tells of each subject that is none of ours.
    """
    statements = _Statements()
    for path in paths:
        statements.read(path)
    own: dict[str, list[NamedNode]] = {}
    for subject in sorted((s for s in statements.of if isinstance(s, NamedNode)), key=str):
        own.setdefault(_owner(subject), []).append(subject)
    for thing, subjects in own.items():
        origin = statements.origin[subjects[0]]
        if known := split_thing(thing):
            triples = [t for subject in subjects for t in _describe(subject, thing, statements)]
            yield Record.of(source, *known, triples, origin)
        else:
            yield RowProblem(origin, 0, "", shorten(thing), _FOREIGN, (), "warning")


def _owner(subject: NamedNode) -> str:
    """The thing to whose record a subject belongs."""
    before, fragment, _ = subject.value.partition("#")
    return before if fragment and split_thing(before) else subject.value


def _describe(subject: NamedNode, thing: str, statements: _Statements) -> list[Triple]:
    """The triples of a subject and of the blank nodes under it, these given names."""
    found: list[Triple] = []

    def rename(triple: Triple, node: NamedNode, above: tuple[BlankNode, ...]) -> Triple:
        value = triple.object
        if isinstance(value, BlankNode):
            value = name(value, above)
        return Triple(node, triple.predicate, value)

    def name(blank: BlankNode, above: tuple[BlankNode, ...]) -> NamedNode:
        if blank in above:
            raise BadInput(f"The blank nodes under {subject} refer to each other in a circle.")
        parts = [rename(triple, subject, (*above, blank)) for triple in statements.of[blank]]
        text = "\n".join(sorted(map(str, parts)))
        digest = hashlib.sha256(text.encode()).hexdigest()[:10]
        node = NamedNode(f"{thing}#{digest}")
        found.extend(Triple(node, part.predicate, part.object) for part in parts)
        return node

    found.extend([rename(triple, subject, ()) for triple in statements.of[subject]])
    return found
