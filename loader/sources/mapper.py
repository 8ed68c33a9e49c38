"""Cells into statements, as the forms (read from the shapes) say: one way for every table."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.namespaces import expand
from loader.forms import Field, Form
from loader.normalise import (
    LATEST_END,
    read_boolean,
    read_date,
    read_decimal,
    read_integer,
    read_iri,
    read_text,
    read_year,
    split_cell,
)
from loader.problems import Misfit
from loader.sources.draft import Draft, Term, thing
from loader.sources.lookup import Lookup

Read = Callable[[str], Sequence[Term]]
ReadOne = Callable[[str], Term]

MOST_KEPT: Final = 50_000
"""Cells that a reader remembers at most."""
_LANGUAGE = re.compile(r"_(en|fr|es|pt|ar|zh|ru|und)$")
_LANG_STRING: Final = expand("rdf:langString")
_STRING: Final = expand("xsd:string")
_TEXTS: Final = frozenset({_LANG_STRING, _STRING})
_DATES: Final = frozenset(map(expand, ("xsd:date", "xsd:gYearMonth", "xsd:gYear")))
_YEAR: Final = expand("xsd:gYear")
_PLANNED: Final = frozenset(map(expand, ("ssc4c:endYear", "ssc4c:endDate", "ssc4c:validUntil")))
"""Properties whose year may lie ahead."""
_WIDER: Final = {
    expand("ssc4c:contributesToAsStated"): expand("ssc4c:contributesTo"),
    expand("ssc4c:contributesToAsAssigned"): expand("ssc4c:contributesTo"),
}
"""Properties whose values are stated by a wider property, too."""
_OUR_THINGS: Final = "/ssc4c/id/"
"""Stands in the pattern of a property whose values are things of this graph, of whatever kind."""
_NUMBERS: Final[dict[str, Callable[[str], str]]] = {
    expand("xsd:decimal"): read_decimal,
    expand("xsd:integer"): read_integer,
}


@dataclass(frozen=True)
class Column:
    """A column that a form knows: where it stands, what it states, how a cell is read."""

    name: str
    place: int
    predicates: tuple[NamedNode, ...]
    read: Read

    def state(self, cell: str, draft: Draft) -> None:
        """Add what a cell says to the draft, or what is wrong with it."""
        try:
            values = self.read(cell)
        except Misfit as misfit:
            draft.refuse(self.name, cell, misfit)
        else:
            for predicate in self.predicates:
                draft.state(predicate, values)


def match_columns(
    header: Sequence[str], form: Form, lookup: Lookup, language: str = "en"
) -> Iterator[Column]:
    """The columns of a header that a form knows, except its key.

    The language is that of texts whose column names none.
    """
    identifier = expand("dcterms:identifier")
    fields = {each.column: each for each in form.fields if each.column and each.path != identifier}
    for place, name in enumerate(header):
        base, told = (name, "") if name in fields else split_language(name)
        if field := fields.get(base):
            predicates = (field.path, _WIDER.get(field.path))
            is_tagged = field.datatypes == (_LANG_STRING,)
            read = make_reader(field, told or (language if is_tagged else ""), lookup)
            yield Column(name, place, tuple(NamedNode(iri) for iri in predicates if iri), read)


def split_language(column: str) -> tuple[str, str]:
    """The name of a column without its language, and the language if one is told."""
    found = _LANGUAGE.search(column)
    return (column[: found.start()], found[1]) if found else (column, "")


def make_reader(field: Field, language: str, lookup: Lookup) -> Read:
    """How a cell of a field is read: one value or several, and of which type."""
    read = _value_reader(field, language, lookup)
    if field.max_count == 1 or field.is_once_per_language:
        is_text = bool(field.datatypes) and _TEXTS.issuperset(field.datatypes)
        return _read_one(read) if is_text else remember(_read_one(read))
    return remember(lambda cell: tuple(read(value) for value in split_cell(cell)))


def _read_one(read: ReadOne) -> Read:
    return lambda cell: (read(cell),)


def _value_reader(field: Field, language: str, lookup: Lookup) -> ReadOne:
    """How one value is read."""
    datatypes = frozenset(field.datatypes)
    if field.kinds:
        return lambda value: thing(*lookup.resolve(field.kinds, value))
    if not datatypes and _OUR_THINGS in field.pattern:
        return lambda value: thing(*lookup.resolve_any(value))
    if not datatypes:
        return lambda value: NamedNode(read_iri(value))
    if datatypes <= _TEXTS:
        return _text_reader(language)
    if datatypes <= _DATES:
        return _date_reader(field, lookup.today.year)
    return _number_reader(field.datatype)


def _text_reader(language: str) -> ReadOne:
    if language:
        return lambda value: Literal(read_text(value), language=language)
    return lambda value: Literal(read_text(value))


def _date_reader(field: Field, this_year: int) -> ReadOne:
    latest = this_year + LATEST_END if field.path in _PLANNED else this_year
    year = NamedNode(_YEAR)
    if field.datatype == _YEAR:
        return lambda value: Literal(read_year(value, latest), datatype=year)

    def read(value: str) -> Literal:
        text, datatype = read_date(value)
        read_year(text[:4], latest)
        return Literal(text, datatype=NamedNode(datatype))

    return read


def _number_reader(datatype: str) -> ReadOne:
    if datatype == expand("xsd:boolean"):
        return lambda value: Literal(read_boolean(value))
    if datatype in _NUMBERS:
        return lambda value: Literal(_NUMBERS[datatype](value), datatype=NamedNode(datatype))
    return lambda value: Literal(read_text(value), datatype=NamedNode(datatype))


def remember(read: Read) -> Read:
    """The reader, with the values of each cell kept: cells repeat much in a long table."""
    known: dict[str, Sequence[Term] | Misfit] = {}

    def read_once(cell: str) -> Sequence[Term]:
        if cell not in known:
            if len(known) >= MOST_KEPT:
                known.clear()
            try:
                known[cell] = read(cell)
            except Misfit as misfit:
                known[cell] = misfit
        found = known[cell]
        if isinstance(found, Misfit):
            raise found
        return found

    return read_once
