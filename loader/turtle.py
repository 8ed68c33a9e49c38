"""Turtle as this project writes it: one layout and one order, so that a diff shows meaning only.

``python -m loader.turtle FILES`` rewrites files or folders; ``--check`` only names what is not so.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.namespaces import PREFIXES, expand

Term = NamedNode | BlankNode | Literal
Description = dict[NamedNode, list[Term]]

WIDTH: Final = 100
STEP: Final = "  "
RDF: Final = PREFIXES["rdf"]
XSD: Final = PREFIXES["xsd"]
FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
TYPE = NamedNode(RDF + "type")

_FIRST_TYPES = [NamedNode(expand(name)) for name in ("owl:Ontology", "skos:ConceptScheme")]
_FIRST_PREDICATES = [
    NamedNode(expand(name))
    for name in (
        "rdf:type",
        "sh:targetClass",
        "sh:path",
        "rdfs:label",
        "skos:prefLabel",
        "dcterms:title",
        "skos:altLabel",
        "skos:definition",
    )
]
_LANGUAGES = ["en", "fr", "es", "pt", "ar"]
_LOCAL_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_BARE = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_ESCAPES = str.maketrans(
    {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f"}
)
_LONG_ESCAPES = str.maketrans({"\\": r"\\", "\r": r"\r", "\b": r"\b", "\f": r"\f"})


def format_turtle(text: str) -> str:
    """The same graph in our layout, with the comment lines at the head of the file kept.

    Raises ValueError for a blank node that is used twice or in a circle: it needs an IRI.
    """
    parsed = parse(text, format=RdfFormat.TURTLE)
    body = _Writer({quad.triple for quad in parsed}).write()
    used = [p for p in sorted(PREFIXES) if re.search(rf"(?<![\w:]){p}:", _outside_text(body))]
    prefixes = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in used)
    return "\n".join(part for part in (_read_header(text), prefixes, body) if part)


def _outside_text(body: str) -> str:
    """The Turtle without its IRIs and strings, where something like a prefix may stand."""
    return re.sub(r'<[^>]*>|"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\]|\\.)*"', " ", body)


def _read_header(text: str) -> str:
    """The comment lines before the first statement."""
    lines = []
    for line in text.removeprefix("\ufeff").splitlines():
        if line.strip() and not line.startswith("#"):
            break
        if line.strip():
            lines.append(line.rstrip() + "\n")
    return "".join(lines)


class _Writer:
    """One graph on its way to text."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.nodes: dict[NamedNode | BlankNode, Description] = {}
        self.uses: Counter[BlankNode] = Counter()
        self.written: set[NamedNode | BlankNode] = set()
        for subject, predicate, value in triples:
            if isinstance(subject, Triple) or isinstance(value, Triple):
                raise ValueError("a statement about a statement cannot be written as Turtle")
            self.nodes.setdefault(subject, {}).setdefault(predicate, []).append(value)
            if isinstance(value, BlankNode):
                self.uses[value] += 1

    def write(self) -> str:
        """All subjects, each a block, in their order."""
        roots = [n for n in self.nodes if isinstance(n, NamedNode) or not self.uses[n]]
        blocks = sorted((self._rank(node), self._write_block(node)) for node in roots)
        if any(count > 1 for count in self.uses.values()) or self.written != set(self.nodes):
            raise ValueError("a blank node is used twice or in a circle: give it an IRI")
        return "\n".join(block for _, block in blocks)

    def _rank(self, node: NamedNode | BlankNode) -> tuple[int, list[tuple[int, str]]]:
        types = self.nodes[node].get(TYPE, [])
        ranks = [i for i, first in enumerate(_FIRST_TYPES) if first in types]
        rank = ranks[0] if ranks else len(_FIRST_TYPES)
        return rank, _natural_key(node.value if isinstance(node, NamedNode) else "\U0010ffff")

    def _write_block(self, node: NamedNode | BlankNode) -> str:
        name = _write_iri(node) if isinstance(node, NamedNode) else "[]"
        return f"{name}\n{self._write_description(node, STEP)}.\n"

    def _write_description(self, node: NamedNode | BlankNode, indent: str) -> str:
        self.written.add(node)
        lines = [
            f"{indent}{_write_predicate(predicate)}{self._write_objects(values, indent)} ;\n"
            for predicate, values in sorted(self.nodes[node].items(), key=_predicate_key)
        ]
        return "".join(lines)

    def _write_objects(self, values: list[Term], indent: str) -> str:
        if len(values) == 1:
            return " " + self._write_term(values[0], indent)
        deeper = indent + STEP
        texts = [(_object_key(v), self._write_term(v, deeper)) for v in values]
        return "".join(
            f"{',' if i else ''}\n{deeper}{text}" for i, (_, text) in enumerate(sorted(texts))
        )

    def _write_term(self, term: Term, indent: str) -> str:
        if isinstance(term, NamedNode):
            return "()" if term == NIL else _write_iri(term)
        if isinstance(term, Literal):
            return _write_literal(term)
        items = self._read_list(term)
        if items is not None:
            return self._write_list(items, indent)
        if self.uses[term] > 1 or term in self.written or term not in self.nodes:
            self.written.add(term)
            return "[]"
        return f"[\n{self._write_description(term, indent + STEP)}{indent}]"

    def _read_list(self, node: BlankNode) -> list[Term] | None:
        """The members of a well-formed list that begins here, else nothing."""
        items: list[Term] = []
        cells: list[BlankNode] = []
        cell: Term = node
        while isinstance(cell, BlankNode):
            parts = self.nodes.get(cell, {})
            if set(parts) != {FIRST, REST} or self.uses[cell] != 1 or cell in cells:
                return None
            if len(parts[FIRST]) != 1 or len(parts[REST]) != 1:
                return None
            cells.append(cell)
            items.append(parts[FIRST][0])
            cell = parts[REST][0]
        self.written.update(cells)
        return items if cell == NIL else None

    def _write_list(self, items: Sequence[Term], indent: str) -> str:
        texts = [self._write_term(item, indent + STEP) for item in items]
        line = f"( {' '.join(texts)} )"
        if "\n" not in line and len(indent + line) < WIDTH - 20:
            return line
        return "(" + "".join(f"\n{indent}{STEP}{text}" for text in texts) + f"\n{indent})"


def _natural_key(text: str) -> list[tuple[int, str]]:
    """A sorting key in which ``item-10`` comes after ``item-9``."""
    parts = re.split(r"([0-9]+)", text)
    return [(int(part), part) if i % 2 else (0, part) for i, part in enumerate(parts)]


def _predicate_key(item: tuple[NamedNode, list[Term]]) -> tuple[int, str]:
    predicate = item[0]
    if predicate in _FIRST_PREDICATES:
        return _FIRST_PREDICATES.index(predicate), ""
    return len(_FIRST_PREDICATES), _write_iri(predicate)


def _object_key(term: Term) -> tuple[int, int, list[tuple[int, str]], str]:
    """IRIs first, then texts by language in our order, then nested nodes by what they hold."""
    if isinstance(term, BlankNode):
        return 2, 0, [], ""
    language = term.language if isinstance(term, Literal) else None
    rank = _LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES)
    return int(isinstance(term, Literal)), rank, _natural_key(term.value), str(term)


def _write_predicate(predicate: NamedNode) -> str:
    return "a" if predicate == TYPE else _write_iri(predicate)


def _write_iri(node: NamedNode) -> str:
    for prefix, namespace in sorted(PREFIXES.items(), key=lambda item: -len(item[1])):
        local = node.value.removeprefix(namespace)
        if local != node.value and _LOCAL_NAME.fullmatch(local):
            return f"{prefix}:{local}"
    return str(node)


def _write_literal(literal: Literal) -> str:
    text, datatype = literal.value, literal.datatype
    if datatype.value in _BARE and _BARE[datatype.value].fullmatch(text):
        return text
    quoted = _quote(text)
    if literal.language:
        return f"{quoted}@{literal.language}"
    return quoted if datatype.value == XSD + "string" else f"{quoted}^^{_write_iri(datatype)}"


def _quote(text: str) -> str:
    """The text in quotes; one of several lines keeps its lines."""
    if "\n" not in text:
        return f'"{text.translate(_ESCAPES)}"'
    body = re.sub(r'"(?="|\Z)', r"\"", text.translate(_LONG_ESCAPES))
    return f'"""{body}"""'


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and the Turtle files of the folders named, in order."""
    for path in paths:
        yield from sorted(path.rglob("*.ttl")) if path.is_dir() else [path]


def main(arguments: Sequence[str] | None = None) -> int:
    """Format the files of the command line; 1 when ``--check`` finds one that is not formatted."""
    parser = argparse.ArgumentParser(prog="python -m loader.turtle", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, name what would be")
    parser.add_argument("files", nargs="+", type=Path, help="Turtle files or folders of them")
    options = parser.parse_args(arguments)
    changed = [path for path in find_files(options.files) if _format_file(path, options.check)]
    for path in changed:
        print(f"{'not formatted' if options.check else 'formatted'}: {path}")
    return int(options.check and bool(changed))


def _format_file(path: Path, check: bool) -> bool:
    """Whether the file was not in our layout; it is rewritten unless only checked."""
    before = path.read_text(encoding="utf-8")
    try:
        after = format_turtle(before)
    except (SyntaxError, ValueError) as error:
        raise SystemExit(f"{path}: {error}") from error
    if after != before and not check:
        path.write_text(after, encoding="utf-8")
    return after != before


if __name__ == "__main__":
    sys.exit(main())
