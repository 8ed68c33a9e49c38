"""Two to four things side by side: rows in the order and under the names of their shapes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode

from endpoint.alike import key_of
from endpoint.cards import GRADE
from endpoint.facts import DEFINITION, DESCRIPTION, Block, Facts, Row
from endpoint.kinds import name_one
from endpoint.languages import best_of
from endpoint.pages import Desk
from endpoint.participations import at_a_glance, period, read_parts
from endpoint.texts import _
from endpoint.values import Shown
from kg.namespaces import expand, split_thing
from kg.reader import Thing

SAME: Final = "same"
PARTLY: Final = "partly"
DIFFERENT: Final = "different"
ALONE: Final = "alone"


_HIDDEN: Final = Facts.hidden | {
    NamedNode(expand(name))
    for name in (
        "dcterms:source",
        *(f"ssc4c:{each}Label" for each in ("theme", "modality", "instrument")),
        "ssc4c:startYear",
        "ssc4c:endYear",
    )
}
"""What tells nothing by comparison: addresses of sources, and what other rows say again."""


@dataclass(frozen=True)
class Side:
    """One of the things."""

    key: str
    name: Shown
    kind: str
    kind_name: str


@dataclass(frozen=True)
class Cell:
    """What one thing says in a row."""

    values: tuple[tuple[Shown, bool], ...] = ()
    """Each with whether another thing says it, too."""
    blocks: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        """The cell as plain text, for files."""
        told = [f"{each.number} {each.text}".strip() for each, _shared in self.values]
        return "; ".join([*told, *map(_text_of_block, self.blocks)])


@dataclass(frozen=True)
class SideRow:
    """One property of all the things."""

    label: str
    hint: str
    state: str
    """``same``, ``partly``, ``different``, or ``alone`` where only one thing says it."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class SideSection:
    """Rows under one heading."""

    title: str
    rows: tuple[SideRow, ...]


@dataclass(frozen=True)
class Comparison:
    """The whole table."""

    sides: tuple[Side, ...]
    sections: tuple[SideSection, ...]

    def of_state(self, *states: str) -> "Comparison":
        """Only the rows that are so."""
        sections = (
            SideSection(each.title, tuple(row for row in each.rows if row.state in states))
            for each in self.sections
        )
        return Comparison(self.sides, tuple(each for each in sections if each.rows))

    @property
    def counts(self) -> Counter[str]:
        """How many rows are of each state."""
        return Counter(row.state for section in self.sections for row in section.rows)


def compare_things(desk: Desk, iris: Sequence[str]) -> Comparison:
    """The things side by side, in the order given."""
    things = [desk.view.thing(iri) for iri in iris]
    told = [[_first(desk, thing), *_sections(desk, thing)] for thing in things]
    titles = _merge([title for title, _rows in sections] for sections in told)
    by_title = [dict(sections) for sections in told]
    return Comparison(
        tuple(_side(desk, iri) for iri in iris),
        tuple(
            SideSection(title, tuple(_rows([each.get(title, ()) for each in by_title])))
            for title in titles
        ),
    )


_Told = tuple[str, tuple[Row, ...]]
"""A heading and the rows under it."""


def _side(desk: Desk, iri: str) -> Side:
    kind = (split_thing(iri) or ("",))[0]
    return Side(key_of(iri), desk.shower.link(iri), kind, name_one(kind, desk.shower))


def _first(desk: Desk, thing: Thing) -> _Told:
    """What heads the page of a thing: what it is, how far proven, when, who for whom."""
    kind = (split_thing(thing.iri) or ("",))[0]
    years = period(thing.said)
    rows = [
        Row(_("Kind"), values=(Shown(name_one(kind, desk.shower)),)),
        Row(_("In short"), values=tuple(_describe(thing, desk.language))),
        Row(_("Grade"), values=tuple(map(desk.shower.show, thing.all.get(GRADE, ())))),
        Row(_("When"), values=(Shown(years),) if years else ()),
        *(
            Row(each.title, values=each.members)
            for each in at_a_glance(read_parts(thing, desk.shower))
        ),
    ]
    return _("At a glance"), tuple(row for row in rows if row.values)


def _describe(thing: Thing, language: str) -> Iterator[Shown]:
    for predicate in (DESCRIPTION, DEFINITION):
        texts = [each for each in thing.said.get(predicate, ()) if isinstance(each, Literal)]
        if best := best_of(texts, language):
            yield Shown(best.value, language=best.language or "")
            return


def _sections(desk: Desk, thing: Thing) -> list[_Told]:
    sections = Facts(thing, desk.model, desk.shower, hidden=_HIDDEN).sections()
    return [(section.title, section.rows) for section in sections]


def _rows(told: Sequence[Sequence[Row]]) -> Iterator[SideRow]:
    """The rows of one section, each with a cell for every thing."""
    by_label = [{row.label: row for row in rows} for rows in told]
    for label in _merge([row.label for row in rows] for rows in told):
        found = [rows.get(label, Row(label)) for rows in by_label]
        cells = tuple(_cells(found))
        hint = next((row.hint for row in found if row.hint), "")
        yield SideRow(label, hint, _judge(found), cells)


def _cells(rows: Sequence[Row]) -> Iterator[Cell]:
    having = Counter(chain.from_iterable({_mark(each) for each in row.values} for row in rows))
    for row in rows:
        marked = ((each, having[_mark(each)] > 1) for each in row.values)
        yield Cell(tuple(marked), row.blocks)


def _judge(rows: Sequence[Row]) -> str:
    """Whether the things say the same; those that say nothing count as saying something else."""
    sets = [_all_marks(row) for row in rows]
    if sum(map(bool, sets)) == 1:
        return ALONE
    if all(each == sets[0] for each in sets):
        return SAME
    counted = Counter(chain.from_iterable(sets))
    return PARTLY if max(counted.values()) > 1 else DIFFERENT


def _all_marks(row: Row) -> set[str]:
    return {_mark(each) for each in row.values} | {_text_of_block(each) for each in row.blocks}


def _mark(shown: Shown) -> str:
    return shown.iri or shown.text


def _text_of_block(block: Block) -> str:
    """A nested node on one line: ``Type: evaluation, Direction: positive``."""
    parts = []
    for row in block.rows:
        inner = [f"{each.number} {each.text}".strip() for each in row.values]
        parts.append(f"{row.label}: {', '.join([*inner, *map(_text_of_block, row.blocks)])}")
    return " · ".join(parts)


def _merge(lists: Iterable[Sequence[str]]) -> list[str]:
    """One order that keeps the order of each list as far as they agree."""
    merged: list[str] = []
    for names in lists:
        at = 0
        for name in names:
            if name in merged:
                at = merged.index(name) + 1
            else:
                merged.insert(at, name)
                at += 1
    return merged
