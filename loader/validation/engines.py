"""The two SHACL engines behind one small interface."""

import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any, Final, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kg.errors import BadInput
from kg.namespaces import PREFIXES
from loader.validation.shapes import ShapesPart


@dataclass(frozen=True, order=True)
class Result:
    """One validation result, with terms in N-Triples syntax; empty where there is none."""

    focus: str
    path: str
    shape: str
    severity: str
    value: str


class ShaclEngine(Protocol):
    """Validates data against the shapes that it was made from."""

    def run(self, data: str, focus: Set[str]) -> set[Result]:
        """The results for the focus nodes given; data is N-Triples, results are normalised."""


class RustEngine:
    """The package `shacl`: the bulk engine."""

    def __init__(self, part: ShapesPart) -> None:
        from shacl import Shapes

        self._shapes = Shapes.from_text(part.text, "ntriples")

    def run(self, data: str, focus: Set[str]) -> set[Result]:
        """See `ShaclEngine`."""
        report = self._shapes.validate_text(data, "ntriples")
        return {
            Result(
                _normalise(each.focus_node),
                _normalise(_plain_path(each.path)),
                (each.source_shape or each.root_shape or "").strip("<>"),
                each.severity,
                _normalise(each.value),
            )
            for each in report.results
            if each.focus_node.strip("<>") in focus
        }


class PythonEngine:
    """The package `pyshacl`: slow, thorough, the oracle of the tests."""

    def __init__(self, part: ShapesPart) -> None:
        import pyshacl

        self._validate = pyshacl.validate
        self._shapes = _rdflib_graph(part.text)

    def run(self, data: str, focus: Set[str]) -> set[Result]:
        """See `ShaclEngine`."""
        with _quiet_rdflib():
            _conforms, report, text = self._validate(
                _rdflib_graph(data), shacl_graph=self._shapes, inplace=True
            )
        if not hasattr(report, "objects"):
            raise BadInput(f"pyshacl cannot use the shapes: {text}")
        return {result for result in _read_report(report) if result.focus.strip("<>") in focus}


ENGINES: Final[Mapping[str, Callable[[ShapesPart], ShaclEngine]]] = MappingProxyType(
    {"shacl": RustEngine, "pyshacl": PythonEngine}
)
"""Name of an engine to what makes it."""


def choose_engine(name: str = "") -> str:
    """The engine of that name, or the fastest that is installed; raises BadInput."""
    if name and name not in ENGINES:
        raise BadInput(f"there is no SHACL engine {name!r}; choose one of {', '.join(ENGINES)}")
    return name or ("shacl" if find_spec("shacl") else "pyshacl")


def _read_report(report: Any) -> Iterator[Result]:
    from rdflib import SH

    for node in report.objects(None, SH.result):
        yield Result(
            _from_rdflib(report.value(node, SH.focusNode)),
            _plain_path(_from_rdflib(report.value(node, SH.resultPath))),
            str(report.value(node, SH.sourceShape)),
            str(report.value(node, SH.resultSeverity)).removeprefix(PREFIXES["sh"]),
            _from_rdflib(report.value(node, SH.value)),
        )


def _plain_path(path: str | None) -> str:
    """The path if it is one property; a longer one has no name that both engines share."""
    return path if path and re.fullmatch(r"<[^<>]*>", path) else ""


@lru_cache(maxsize=4096)
def _normalise(term: str | None) -> str:
    """A term in the N-Triples syntax of pyoxigraph, however the engine wrote it."""
    if not term:
        return ""
    (quad,) = parse(f"<urn:s> <urn:p> {term} .", format=RdfFormat.N_TRIPLES)
    return str(quad.object)


@contextmanager
def _quiet_rdflib() -> Iterator[None]:
    """Values that are no dates or booleans are our findings: rdflib need not tell of them, too."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            yield
    finally:
        logger.setLevel(level)


@cache
def _graph_class() -> Any:
    """A graph of rdflib that reads each query once: pyshacl asks it anew for every focus node."""
    from rdflib import Graph
    from rdflib.plugins.sparql import prepareQuery

    prepare = lru_cache(maxsize=128)(prepareQuery)

    class PreparingGraph(Graph):
        def query(self, query_object: Any, *arguments: Any, **options: Any) -> Any:
            return super().query(prepare(query_object), *arguments, **options)

    return PreparingGraph


def _rdflib_graph(text: str) -> Any:
    """A graph of rdflib in which each literal keeps the spelling that it has in the text."""
    graph = _graph_class()()
    for quad in parse(text, format=RdfFormat.N_TRIPLES):
        subject, predicate, value = (_to_rdflib(term) for term in quad.triple)
        graph.add((subject, predicate, value))
    return graph


def _to_rdflib(term: object) -> Any:
    from rdflib import BNode, URIRef
    from rdflib import Literal as RdflibLiteral

    match term:
        case NamedNode():
            return URIRef(term.value)
        case BlankNode():
            return BNode(term.value)
        case Literal() if term.language:
            return RdflibLiteral(term.value, lang=term.language)
        case Literal():
            return RdflibLiteral(term.value, datatype=_datatype(term), normalize=False)
    raise BadInput(f"this kind of term cannot be validated: {term}")


def _datatype(literal: Literal) -> Any:
    from rdflib import URIRef

    plain = literal.datatype.value == PREFIXES["xsd"] + "string"
    return None if plain else URIRef(literal.datatype.value)


def _from_rdflib(term: Any) -> str:
    """A term of rdflib as pyoxigraph writes it; an empty text for no term."""
    from rdflib import BNode, URIRef

    if term is None:
        return ""
    if isinstance(term, URIRef | BNode):
        return str(NamedNode(term) if isinstance(term, URIRef) else BlankNode(term))
    if term.language:
        return str(Literal(str(term), language=term.language))
    return str(
        Literal(str(term), datatype=NamedNode(term.datatype)) if term.datatype else Literal(term)
    )
