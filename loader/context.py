"""The JSON-LD context: a short name for every term, typed as ontology and shapes say.

``python -m loader.context`` writes ``ontology/context.jsonld``; ``--check`` only compares.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.namespaces import DEF, PREFIXES

LANGUAGE: Final = str(RDF.langString)
STRING: Final = PREFIXES["xsd"] + "string"
ID: Final = "@id"
_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty)
_NODE_KINDS = (SH.IRI, SH.BlankNodeOrIRI)

Definition = str | dict[str, str]


def build_context(ontology: Graph, shapes: Graph) -> dict[str, Any]:
    """The context as a JSON-LD document, in a fixed order."""
    aliases: dict[str, Definition] = {"id": ID, "type": "@type"}
    names = _name_terms(ontology, shapes)
    terms = {name: _define_term(names[name], ontology, shapes) for name in sorted(names)}
    return {"@context": {"@version": 1.1, **PREFIXES, **aliases, **terms}}


def write_context(context: dict[str, Any]) -> str:
    """The context as the text of its file."""
    return json.dumps(context, indent=2, ensure_ascii=False) + "\n"


def read_graph(paths: Iterable[Path]) -> Graph:
    """One graph of all these Turtle files."""
    graph = Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


def _name_terms(ontology: Graph, shapes: Graph) -> dict[str, URIRef]:
    """Short names: our own terms first, then those of others that the shapes use."""
    own = {term for term in _find_declared(ontology) if term.startswith(DEF)}
    others = {term for term in _find_used(shapes) if not term.startswith(DEF)}
    names: dict[str, URIRef] = {}
    for term in [*sorted(own), *sorted(others)]:
        if _local_name(term) not in PREFIXES:
            names.setdefault(_local_name(term), term)
    return names


def _find_declared(ontology: Graph) -> Iterator[URIRef]:
    for kind in (OWL.Class, *_PROPERTIES):
        for term in ontology.subjects(RDF.type, kind):
            if isinstance(term, URIRef):
                yield term


def _find_used(shapes: Graph) -> Iterator[URIRef]:
    for link in (SH.path, SH.targetClass, SH["class"]):
        for term in shapes.objects(None, link):
            if isinstance(term, URIRef) and term not in (RDF.type, RDFS.label):
                yield term


def _local_name(term: URIRef) -> str:
    return term.replace("#", "/").rsplit("/", 1)[-1]


def _define_term(term: URIRef, ontology: Graph, shapes: Graph) -> Definition:
    """The short IRI, with type and container where all shapes of the term agree on them.

    Shapes without an IRI are parts of rules, those with a target are rules: neither is a form.
    """
    definition = {ID: _shorten(term)}
    found = {shape for shape in shapes.subjects(SH.path, term) if _is_of_form(shape, shapes)}
    kinds = {kind for shape in found for kind in _read_kinds(shape, shapes)}
    kinds = kinds or _read_range(term, ontology)
    kind = kinds.pop() if len(kinds) == 1 else ""
    if kind == LANGUAGE:
        definition["@container"] = "@language"
    elif kind and kind != STRING:
        definition["@type"] = kind if kind == ID else _shorten(URIRef(kind))
    if kind != LANGUAGE and found and any(not _is_single(shape, shapes) for shape in found):
        definition["@container"] = "@set"
    return definition if len(definition) > 1 else definition[ID]


def _is_of_form(shape: Node, shapes: Graph) -> bool:
    targets = (SH.targetClass, SH.targetSubjectsOf)
    return isinstance(shape, URIRef) and not any((shape, each, None) in shapes for each in targets)


def _read_kinds(shape: Node, shapes: Graph) -> Iterator[str]:
    """What a property shape takes: datatypes, or ``@id`` for things; nothing if left open."""
    yield from (str(datatype) for datatype in shapes.objects(shape, SH.datatype))
    takes_things = (shape, SH["class"], None) in shapes or (shape, SH.node, None) in shapes
    if takes_things or any((shape, SH.nodeKind, kind) in shapes for kind in _NODE_KINDS):
        yield ID
    if (shape, SH.nodeKind, SH.Literal) in shapes and (shape, SH.datatype, None) not in shapes:
        yield from ("literal", "of any type")
    for head in shapes.objects(shape, SH["or"]):
        for option in Collection(shapes, head):
            yield from _read_kinds(option, shapes)


def _read_range(term: URIRef, ontology: Graph) -> set[str]:
    """The range of a datatype property, or ``@id`` for an object property."""
    if (term, RDF.type, OWL.ObjectProperty) in ontology:
        return {ID}
    return {str(value) for value in ontology.objects(term, RDFS.range) if _is_datatype(value)}


def _is_datatype(value: Node) -> bool:
    return str(value).startswith(PREFIXES["xsd"]) or str(value) == LANGUAGE


def _is_single(shape: Node, shapes: Graph) -> bool:
    """Whether the shape allows one value at most; shapes without a limit allow many."""
    return any(int(str(limit)) <= 1 for limit in shapes.objects(shape, SH.maxCount))


def _shorten(term: URIRef) -> str:
    """The prefixed name of a term of one of our prefixes, else its IRI."""
    for prefix, namespace in sorted(PREFIXES.items(), key=lambda item: -len(item[1])):
        if term.startswith(namespace):
            return f"{prefix}:{term.removeprefix(namespace)}"
    return str(term)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the context beside the ontology; 1 when ``--check`` finds another one there."""
    parser = argparse.ArgumentParser(prog="python -m loader.context", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, compare only")
    parser.add_argument("--ontology", type=Path, default=Path("ontology"), help="its folder")
    parser.add_argument("--shapes", type=Path, default=Path("shapes"), help="their folder")
    options = parser.parse_args(arguments)
    ontology = read_graph(sorted(options.ontology.glob("*.ttl")))
    text = write_context(build_context(ontology, read_graph(sorted(options.shapes.glob("*.ttl")))))
    target = options.ontology / "context.jsonld"
    if options.check:
        return int(not target.exists() or target.read_text(encoding="utf-8") != text)
    target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
