"""The cases of this folder as tests read them, and answers in a form that can be compared."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

import yaml
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

FOLDER: Final = Path(__file__).parent
BASE: Final = "http://example.org/"
"""Relative IRIs of data and queries stand against this one."""
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_BY_VALUE: Final[dict[str, Callable[[str], str]]] = {
    f"{_XSD}decimal": lambda text: f"{Decimal(text).normalize():f}",
    f"{_XSD}double": lambda text: repr(float(text)),
    f"{_XSD}float": lambda text: repr(float(text)),
}
"""Computed numbers are compared by value: engines may write 2.5 as 2.50 or 25E-1."""

Term = NamedNode | BlankNode | Literal | Triple
Answer = bool | frozenset[str]


@dataclass(frozen=True)
class Case:
    """One query, the data that it is asked of, and the answer that the specification gives."""

    query: Path
    deviation: str = ""
    """Why the engine answers otherwise, if it does."""

    def __str__(self) -> str:
        """Name for a test: ``05-graph-patterns/empty-group``."""
        return str(self.query.relative_to(FOLDER).with_suffix(""))

    @property
    def title(self) -> str:
        """First line: ``SPARQL 1.1, 5.2.1: the empty group has one solution``."""
        return self.text.partition("\n")[0].removeprefix("# ")

    @property
    def text(self) -> str:
        return self.query.read_text(encoding="utf-8")

    @property
    def data(self) -> Path | None:
        """The file of triples or quads; a case without one needs none."""
        files = (self.query.with_suffix(suffix) for suffix in (".ttl", ".trig"))
        return next((path for path in files if path.exists()), None)

    @property
    def answer(self) -> Path:
        """The file that says what must come; ``.refused`` says why nothing may."""
        suffixes = (".tsv", ".srj", ".nt", ".refused")
        return next(path for each in suffixes if (path := self.query.with_suffix(each)).exists())

    @property
    def is_ordered(self) -> bool:
        """Whether the order of the rows is part of the answer."""
        return "ORDER BY" in self.text.rpartition("}")[2]

    def load(self) -> Store:
        """A store in memory that holds the data."""
        store = Store()
        if self.data:
            store.load(path=str(self.data), base_iri=BASE)
        return store

    def expected(self) -> Answer:
        """The answer that the file beside the query tells."""
        text = self.answer.read_bytes()
        if self.answer.suffix == ".srj":
            return bool(json.loads(text)["boolean"])
        if self.answer.suffix == ".nt":
            return _canonical(quad.triple for quad in parse(text, RdfFormat.N_TRIPLES))
        return self.read_rows(parse_query_results(text, format=QueryResultsFormat.TSV))

    def read(self, answer: QuerySolutions | QueryBoolean | QueryTriples) -> Answer:
        """What an engine gave, in the same form as what is expected."""
        if isinstance(answer, QueryBoolean):
            return bool(answer)
        return _canonical(answer) if isinstance(answer, QueryTriples) else self.read_rows(answer)

    def read_rows(self, answer: QuerySolutions | QueryBoolean) -> Answer:
        """Rows in a form that ignores labels of blank nodes and, where it is free, order."""
        assert isinstance(answer, QuerySolutions)
        columns = " ".join(variable.value for variable in answer.variables)
        rows = _describe_rows(answer, self.is_ordered)
        return _canonical(rows) | {f"columns: {columns}"}


def read_cases() -> list[Case]:
    """All cases, by section."""
    told = yaml.safe_load((FOLDER / "deviations.yaml").read_text(encoding="utf-8")) or {}
    queries = sorted(FOLDER.glob("*/*.rq"))
    cases = [Case(path, told.pop(str(path.relative_to(FOLDER))[:-3], "")) for path in queries]
    assert not told, f"deviations of cases that are not there: {sorted(told)}"
    return cases


def _describe_rows(answer: QuerySolutions, is_ordered: bool) -> Iterator[Triple]:
    """Each row as a node of its own with one triple a value, so that equal rows count."""
    for number, row in enumerate(answer):
        node = BlankNode()
        place = Literal(number if is_ordered else 0)
        yield Triple(node, NamedNode("urn:row"), place)
        for variable in answer.variables:
            value = row[variable]
            if value is not None:
                yield Triple(node, NamedNode(f"urn:column:{variable.value}"), value)


def _canonical(triples: Iterable[Triple]) -> frozenset[str]:
    """Lines of N-Triples with blank nodes named by what is said about them."""
    data = Dataset(Quad(each.subject, each.predicate, _by_value(each.object)) for each in triples)
    data.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(str(quad.triple) for quad in data)


def _by_value(term: Term) -> Term:
    if not isinstance(term, Literal) or term.datatype.value not in _BY_VALUE:
        return term
    try:
        return Literal(_BY_VALUE[term.datatype.value](term.value), datatype=term.datatype)
    except (ValueError, ArithmeticError):
        return term
