"""Every term used in shapes, data, queries or code is declared in the ontology."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, Literal, URIRef

from kg.namespaces import DEF, PREFIXES, SDG, SHAPES
from tests.ontology.files import MODULES, ROOT, SCHEMES, read_graph

LANGUAGES = {"owl": OWL, "rdf": RDF, "rdfs": RDFS, "sh": SH, "xsd": XSD}
"""The languages, which rdflib knows term by term; all other terms are declared in `ontology/`."""
THINGS = (SDG, SHAPES)
"""Namespaces of things, not of terms."""
DECLARED = {str(term) for term in read_graph(MODULES).subjects()}

TURTLE = [*MODULES, *SCHEMES] + [
    path
    for folder in ("shapes", "data", "tests")
    for path in sorted((ROOT / folder).rglob("*.ttl"))
    if "sparql" not in path.parts  # the examples of a specification, in vocabularies of its own
]
QUERIES = sorted((ROOT / "queries").rglob("*.rq"))
CODE = [
    path
    for folder in ("kg", "loader", "endpoint")
    for path in sorted((ROOT / folder).rglob("*.py"))
]

_TOKEN = re.compile(
    r"""(?P<iri><[^<>"{}|^`\\\s]*>)"""
    r"""|(?P<text>\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<comment>\#[^\n]*)"""
    r"""|(?P<name>(?<![\w?$:/-])[a-z0-9]+:[A-Za-z][\w-]*)""",
    re.DOTALL,
)
_NAME = re.compile(rf"(?<![\w:/.-])({'|'.join(PREFIXES)}):([A-Za-z][A-Za-z0-9]*)(?![A-Za-z0-9{{])")


def is_declared(term: str) -> bool:
    """Whether an IRI is a known term, or no term of a vocabulary at all."""
    spaces = [p for p, iri in PREFIXES.items() if term.startswith(iri)]
    if not spaces or term in PREFIXES.values() or term in {DEF + "0.2.0"}:
        return True
    prefix = max(spaces, key=lambda p: len(PREFIXES[p]))
    if prefix in LANGUAGES:
        return URIRef(term) in LANGUAGES[prefix]
    return PREFIXES[prefix] in THINGS or term in DECLARED


def terms_of_query(text: str) -> Iterator[str]:
    """The IRIs and prefixed names of a SPARQL text; a foreign prefix is left as it stands."""
    for token in _TOKEN.finditer(text):
        if token["iri"]:
            yield token["iri"][1:-1]
        elif token["name"]:
            prefix, _, local = token["name"].partition(":")
            yield PREFIXES.get(prefix, prefix + ":") + local


def terms_of_turtle(path: Path) -> Iterator[str]:
    """The IRIs of a file and of the SPARQL texts in it."""
    graph = Graph().parse(path, format="turtle")
    for triple in graph:
        for term in triple:
            if isinstance(term, URIRef):
                yield str(term)
            elif isinstance(term, Literal) and triple[1] in (SH.select, SH.ask):
                yield from terms_of_query(str(term))
            elif isinstance(term, Literal) and term.datatype:
                yield str(term.datatype)


def terms_of_code(text: str) -> Iterator[str]:
    """The prefixed names in the texts of a Python module, but not those that a value completes."""
    for value in _read_texts(ast.parse(text)):
        for prefix, local in _NAME.findall(value):
            yield PREFIXES[prefix] + local


def _read_texts(node: ast.AST) -> Iterator[str]:
    """The texts below a node; ``{`` stands for each value put into a text."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(v.value) if isinstance(v, ast.Constant) else "{" for v in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from _read_texts(child)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _unknown(terms: Iterator[str]) -> list[str]:
    return sorted({term for term in terms if not is_declared(term)})


@pytest.mark.parametrize("path", TURTLE, ids=_name)
def test_turtle_uses_declared_terms(path: Path) -> None:
    assert _unknown(terms_of_turtle(path)) == []


@pytest.mark.parametrize("path", QUERIES, ids=_name)
def test_query_uses_declared_terms(path: Path) -> None:
    assert _unknown(terms_of_query(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_code_uses_declared_terms(path: Path) -> None:
    assert _unknown(terms_of_code(path.read_text(encoding="utf-8"))) == []


def test_undeclared_terms_are_found() -> None:
    query = (
        'SELECT ?x WHERE { # ssc4c:remark\n ?x ssc4c:teme "ssc4c:text" ; <urn:x> dcterms:titel }'
    )

    assert _unknown(terms_of_query(query)) == [
        "http://purl.org/dc/terms/titel",
        DEF + "teme",
    ]
    assert _unknown(terms_of_code('x = expand("ssc4c:teme"), f"sdgo:is{x}Of"')) == [DEF + "teme"]
