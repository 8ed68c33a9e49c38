"""The named queries: `.rq` files with a header that tells what they find and what they take.

Values go in as one VALUES block at the start of the outer WHERE, where the engine joins with them
first (a block after the query took 40 times as long under GROUP BY). A query that needs them
elsewhere, in a sub-select say, has a comment line of the one word ``values`` at each such place.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
)

from kg.errors import BadInput, BadQuery, UnknownQuery
from kg.namespaces import PREFIXES

Term = NamedNode | Literal
Values = Mapping[str, Term | Sequence[Term]]
"""For each parameter one term, or several that are tried in turn."""
Result = QuerySolutions | QueryTriples | QueryBoolean

OFFERED: Final = ("api", "competency")
"""The folders whose queries are offered to everybody; a name stands in one of them only."""
TOPICS: Final = (
    "practices",
    "exchange",
    "goals",
    "organisations",
    "evidence",
    "community",
    "quality",
    "service",
)
"""What offered queries are about, in the order in which they are listed."""
_KEYS: Final = {
    *("summary", "note", "question", "parameters", "severity"),
    *("kinds", "about", "topic", "least", "budget"),
}
_PLACE: Final = re.compile(r"^[ \t]*#[ \t]*values[ \t]*$", re.MULTILINE)
"""A comment line of this one word marks where the values go, if not at the start of WHERE."""
_WHERE: Final = re.compile(r"\bWHERE\s*\{")
_COMMENT: Final = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_FORM: Final = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.MULTILINE)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_IRI: Final = re.compile(r"(https?://|urn:)\S+")
_XSD: Final = PREFIXES["xsd"]


@dataclass(frozen=True)
class NamedQuery:
    """One query of the catalogue, for example ``competency/cq-01-practices-for-a-target``."""

    name: str
    summary: str
    """One sentence: what is found."""
    text: str
    """The SPARQL text with its header."""
    note: str = ""
    """What the reader of the answer should know; empty if the summary says it all."""
    question: str = ""
    """The competency question that it answers, ``CQ-01``; empty for others."""
    severity: str = ""
    """Of a check: ``blocking`` or ``advisory``."""
    parameters: Mapping[str, Term] = field(default_factory=dict)
    """Name of each variable that takes a value, with an example value."""
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For a parameter that takes things of the graph, their kinds: ``country``, ``theme``; of the
    SDGs ``goal``, ``target`` and ``indicator`` stand for the level."""
    about: tuple[str, ...] = ()
    """The parameters that a thing of their kind can fill: its page then offers the query."""
    topic: str = ""
    """One of `TOPICS`; empty for a query that is not offered."""
    least: int = 0
    """Rows at least with the example values."""
    budget: float = 5.0
    """Seconds that it may take with the example values."""

    @property
    def key(self) -> str:
        """The name without its folder, as in the address of its page."""
        return self.name.rpartition("/")[2]

    @cached_property
    def form(self) -> str:
        """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``."""
        found = _FORM.search(_blank_comments(self.text))
        return found[1] if found else ""

    def kind(self, parameter: str) -> str:
        """What a parameter takes: ``iri``, or the name of an XSD type such as ``string``."""
        example = self.parameters[parameter]
        return "iri" if isinstance(example, NamedNode) else example.datatype.value.split("#")[-1]

    def read_values(self, texts: Mapping[str, str]) -> dict[str, Term]:
        """Terms from what a person typed, each of the kind of its example; raises BadInput."""
        self._check_names(texts)
        return {name: self.read_value(name, text.strip()) for name, text in texts.items()}

    def read_value(self, name: str, text: str) -> Term:
        """The term that a text stands for, of the kind of the example; raises BadInput."""
        kind = self.kind(name)
        if not _fits(kind, text):
            raise BadInput(f"{self.name}: {text!r} is no {kind}, as {name} needs")
        return NamedNode(text) if kind == "iri" else Literal(text, datatype=NamedNode(_XSD + kind))

    def bind(self, values: Values | None = None) -> str:
        """The SPARQL text with the values in it; raises BadInput if one is missing or unknown."""
        given = values or {}
        self._check_names(given)
        if not given:
            return self.text
        return _insert(self.text, _values_block(self.name, given), self.name)

    def write(self, values: Values | None = None) -> str:
        """The same without the header, as people read it and other engines run it."""
        lines = self.bind(values).splitlines()
        return "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"

    def run(self, store: Store, values: Values | None = None) -> Result:
        """Ask a store; raises BadQuery if the text is not SPARQL."""
        try:
            return store.query(self.bind(values))
        except SyntaxError as error:
            raise BadQuery(f"{self.name}: {error}") from error

    def select(self, store: Store, values: Values | None = None) -> QuerySolutions:
        """The rows that a SELECT gives; raises BadQuery for another form of query."""
        answer = self.run(store, values)
        if not isinstance(answer, QuerySolutions):
            raise BadQuery(f"{self.name} is no SELECT")
        return answer

    def _check_names(self, given: Mapping[str, object]) -> None:
        if unknown := sorted(set(given) - set(self.parameters)):
            known = ", ".join(self.parameters) or "none"
            raise BadInput(f"{self.name} takes no parameter {', '.join(unknown)} (it has: {known})")
        if missing := [name for name in self.parameters if name not in given]:
            raise BadInput(f"{self.name} needs a value for {', '.join(missing)}")


class Catalogue(Mapping[str, NamedQuery]):
    """The queries of a folder by name, such as ``api/practice-partners``."""

    def __init__(self, folder: Path) -> None:
        """Look up the names; each query is read when it is first asked for."""
        self.folder = folder
        self._paths = {
            path.relative_to(folder).with_suffix("").as_posix(): path
            for path in sorted(folder.rglob("*.rq"))
        }
        self._read: dict[str, NamedQuery] = {}

    def __getitem__(self, name: str) -> NamedQuery:
        """The query of that name; raises UnknownQuery."""
        if name not in self._read:
            if name not in self._paths:
                raise UnknownQuery(f"There is no query {name!r} in {self.folder}")
            self._read[name] = read_query(self._paths[name], name)
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is a query of that name."""
        return name in self._paths

    def __iter__(self) -> Iterator[str]:
        """The names in order."""
        return iter(self._paths)

    def __len__(self) -> int:
        """How many queries there are."""
        return len(self._paths)

    def group(self, folder: str) -> list[NamedQuery]:
        """The queries of one folder, such as ``checks``, by name."""
        return [self[name] for name in self if name.startswith(f"{folder}/")]

    def offered(self) -> list[NamedQuery]:
        """The queries that are offered to everybody, by topic, then by name."""
        queries = [query for folder in OFFERED for query in self.group(folder)]
        return sorted(queries, key=lambda query: TOPICS.index(query.topic))

    def find(self, key: str) -> NamedQuery:
        """The offered query of this name without its folder; raises UnknownQuery."""
        for folder in OFFERED:
            if f"{folder}/{key}" in self:
                return self[f"{folder}/{key}"]
        near = get_close_matches(key, [query.key for query in self.offered()])
        hint = f"; did you mean {' or '.join(near)}?" if near else "; /queries/ lists all."
        raise UnknownQuery(f"There is no query {key!r}{hint}")


def read_query(path: Path, name: str = "", *, is_named: bool = True) -> NamedQuery:
    """One query from its file; raises BadInput that names the file.

    A query of the catalogue is named and has a header; one that a person wrote needs none.
    """
    if not path.is_file():
        raise BadInput(f"There is no file {path}.")
    try:
        text = path.read_text(encoding="utf-8")
        header: dict[str, Any] = {"summary": path.stem}
        if is_named or "#+" in text:
            header = _read_header(text)
        parameters = {key: _example(value) for key, value in header.pop("parameters", {}).items()}
        fields = _read_fields(header, parameters)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, AttributeError) as error:
        raise BadInput(f"{path}: {error}") from error
    for key in parameters:
        if not _NAME.fullmatch(str(key)) or f"?{key}" not in text:
            raise BadInput(f"{path}: the parameter {key!r} is no variable of the query")
    return NamedQuery(
        name=name or path.stem, text=text, parameters=MappingProxyType(parameters), **fields
    )


def _read_header(text: str) -> dict[str, Any]:
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    header = yaml.safe_load("\n".join(lines))
    if not isinstance(header, dict) or not header.get("summary"):
        raise ValueError("no header with a summary (lines that begin with '#+ ')")
    if unknown := sorted(set(header) - _KEYS):
        raise ValueError(f"the header has unknown entries: {', '.join(map(str, unknown))}")
    return header


def _read_fields(header: Mapping[str, Any], parameters: Mapping[str, Term]) -> dict[str, Any]:
    """The entries of a header beside its parameters, each of the type of its field."""
    fields: dict[str, Any] = {key: str(value).strip() for key, value in header.items()}
    kinds = {name: tuple(str(each).split()) for name, each in header.get("kinds", {}).items()}
    about = tuple(fields.get("about", "").split())
    if unknown := sorted({*kinds} - {*parameters} | {*about} - {*kinds}):
        raise ValueError(f"kinds or about name what is no such parameter: {', '.join(unknown)}")
    if fields.get("topic", TOPICS[0]) not in TOPICS:
        raise ValueError(f"there is no topic {fields['topic']!r}; there are: {', '.join(TOPICS)}")
    numbers = {"least": int(header.get("least", 0)), "budget": float(header.get("budget", 5))}
    return fields | {"kinds": MappingProxyType(kinds), "about": about} | numbers


def _example(value: object) -> Term:
    if isinstance(value, bool):
        return Literal(value)
    if isinstance(value, int):
        return Literal(str(value), datatype=NamedNode(_XSD + "integer"))
    if isinstance(value, float):
        return Literal(str(value), datatype=NamedNode(_XSD + "decimal"))
    if isinstance(value, datetime):
        return Literal(value.isoformat(), datatype=NamedNode(_XSD + "dateTime"))
    if isinstance(value, date):
        return Literal(value.isoformat(), datatype=NamedNode(_XSD + "date"))
    if not isinstance(value, str):
        raise ValueError(f"an example value must be a plain value, not {value!r}")
    return NamedNode(value) if _IRI.fullmatch(value) else Literal(value)


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "iri": NamedNode,
    "integer": int,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
    "boolean": ("true", "false").index,
}
"""For each kind something that raises at a text that is not of it; others take any text."""
_FORMS: Final = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "decimal": re.compile(r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "dateTime": re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
    ),
}
"""How XSD has it written; Python reads more than that."""


def _fits(kind: str, text: str) -> bool:
    if kind in _FORMS and not _FORMS[kind].fullmatch(text):
        return False
    try:
        _READERS.get(kind, str)(text)
    except (ValueError, ArithmeticError):
        return False
    return True


def _values_block(name: str, values: Values) -> str:
    rows = product(*(_terms(name, value) for value in values.values()))
    lines = "".join(f"    ({' '.join(map(str, row))})\n" for row in rows)
    return f"  VALUES ({' '.join(f'?{name}' for name in values)}) {{\n{lines}  }}"


def _terms(name: str, value: Term | Sequence[Term]) -> Sequence[Term]:
    terms = [value] if isinstance(value, NamedNode | Literal) else list(value)
    for term in terms:
        if not isinstance(term, NamedNode | Literal):
            raise BadInput(f"{name}: a value must be an IRI or a literal, not {term!r}")
    return terms


def _insert(text: str, block: str, name: str) -> str:
    if _PLACE.search(text):
        return _PLACE.sub(lambda _: block, text)
    found = _WHERE.search(_blank_comments(text))
    if not found:
        raise BadQuery(f"{name}: no WHERE {{ to put the values in")
    return f"{text[: found.end()]}\n{block}\n{text[found.end() :]}"


def _blank_comments(text: str) -> str:
    """The text with comment lines as spaces, so that places in it stay the same."""
    return _COMMENT.sub(lambda found: " " * len(found[0]), text)
