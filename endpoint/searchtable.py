"""Results of a search as rows: the columns that there are, and what stands in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from endpoint.addresses import is_web_address
from endpoint.facts import DEFINITION, DESCRIPTION
from endpoint.kinds import name_one
from endpoint.languages import best_of
from endpoint.pages import Desk
from endpoint.texts import Words, _l
from endpoint.values import Shown, sort_key
from kg.namespaces import expand, split_thing
from kg.reader import Statements

TITLES: Final[Mapping[str, Words]] = {
    "kind": _l("What it is"),
    "providers": _l("Provided by"),
    "recipients": _l("Received by"),
    "countries": _l("Countries"),
    "facilitators": _l("Facilitated by"),
    "form": _l("Form"),
    "themes": _l("Themes"),
    "goals": _l("Goals"),
    "targets": _l("Goals and targets"),
    "instruments": _l("Instruments"),
    "groups": _l("Groups of people"),
    "organisations": _l("Organisations"),
    "start": _l("Start"),
    "end": _l("End"),
    "grade": _l("Grade"),
    "confidence": _l("Confidence"),
    "sources": _l("Sources"),
    "summary": _l("Summary"),
}
"""The columns that can be chosen; the name of the thing always comes first."""
COLUMNS: Final = tuple(TITLES)
USUAL: Final = ("kind", "providers", "recipients", "themes", "start", "grade")
_PROPERTIES: Final = {
    column: NamedNode(expand(f"ssc4c:{name}"))
    for column, name in {
        "providers": "providerCountry",
        "recipients": "recipientCountry",
        "countries": "involvesCountry",
        "facilitators": "facilitatingPartner",
        "form": "form",
        "themes": "theme",
        "goals": "goal",
        "targets": "contributesTo",
        "instruments": "instrument",
        "groups": "populationGroup",
        "organisations": "involvesActor",
        "start": "startYear",
        "end": "endYear",
        "grade": "currentGrade",
        "confidence": "confidence",
    }.items()
} | {"sources": NamedNode(expand("dcterms:source"))}

Cells = Mapping[str, tuple[Shown, ...]]


@dataclass(frozen=True)
class Row:
    """One thing with its values by column."""

    name: Shown
    title: str
    """The whole name, of which pages may show the beginning."""
    kind: str
    cells: Cells


def choose_columns(asked: Sequence[str], usual: Sequence[str] = USUAL) -> tuple[str, ...]:
    """The columns that the address names, in their order, or the usual ones."""
    return tuple(column for column in COLUMNS if column in asked) or tuple(usual)


def read_rows(desk: Desk, iris: Iterable[str], columns: Sequence[str]) -> Iterator[Row]:
    """The rows of things in the order given."""
    for iri in iris:
        said = desk.view.describe(iri)
        kind = (split_thing(iri) or ("def",))[0]
        cells = {column: tuple(_cell(desk, said, kind, column)) for column in columns}
        shown = desk.shower.link(iri)
        whole = best_of(desk.view.names(iri), desk.language)
        yield Row(shown, whole.value if whole else shown.text, kind, cells)


def _cell(desk: Desk, said: Statements, kind: str, column: str) -> Iterable[Shown]:
    if column == "kind":
        return [Shown(name_one(kind, desk.shower))]
    if column == "summary":
        return _summary(desk, said)
    shown = (desk.shower.show(value) for value in said.get(_PROPERTIES[column], ()))
    return sorted(shown, key=sort_key)


def _summary(desk: Desk, said: Statements) -> list[Shown]:
    texts = said.get(DESCRIPTION, ()) or said.get(DEFINITION, ())
    best = best_of([each for each in texts if isinstance(each, Literal)], desk.language)
    return [desk.shower.literal(best)] if best else []


def write_cell(values: Iterable[Shown]) -> str:
    """A cell as one text; a source by its own address, which names say less of."""
    return "; ".join(map(_word, values))


def _word(shown: Shown) -> str:
    if is_web_address(shown.outside):
        return shown.outside
    return f"{shown.number} {shown.text}" if shown.number else shown.text
