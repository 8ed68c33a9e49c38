"""The facts of a thing in sections, in the order and under the names that its shape gives them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from endpoint.model import Model, best_text
from endpoint.provenance import Remark, Sayers
from endpoint.texts import _
from endpoint.values import Shower, Shown, sort_key
from kg.namespaces import expand
from kg.reader import NAMING, Statements, Term, Thing
from loader.forms import Field

TYPE: Final = NamedNode(expand("rdf:type"))
DESCRIPTION: Final = NamedNode(expand("dcterms:description"))
DEFINITION: Final = NamedNode(expand("skos:definition"))
PARTICIPATION: Final = NamedNode(expand("ssc4c:Participation"))
HAS_PARTICIPATION: Final = NamedNode(expand("ssc4c:hasParticipation"))
_SOURCE: Final = NamedNode(expand("dcterms:source"))
_KEY: Final = NamedNode(expand("dcterms:identifier"))
_ABOVE: Final = frozenset({TYPE, DESCRIPTION, DEFINITION, _KEY, *NAMING[:3]})
"""What the head of the page or its address shows already."""
_FEW: Final = 3
_WIDE: Final = 90
"""Rows of a short section, and characters of all values of one of them."""


@dataclass(frozen=True)
class Row:
    """One property with its values."""

    label: str
    hint: str = ""
    values: tuple[Shown, ...] = ()
    others: tuple[Shown, ...] = ()
    """The same in other languages."""
    blocks: tuple["Block", ...] = ()
    """Nested nodes, such as assessments."""
    remarks: tuple[Remark, ...] = ()
    """What checks noted about it, or that it is missing."""
    hint_language: str = ""
    """Language of the hint where it is not that of the page."""


@dataclass(frozen=True)
class Block:
    """A nested node: the fragment of its IRI, and its rows."""

    anchor: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]

    @property
    def is_short(self) -> bool:
        """Whether half the width is enough for it."""
        return len(self.rows) <= _FEW and not any(map(_is_wide, self.rows))


@dataclass(frozen=True)
class Facts:
    """Lays out what is said of one thing."""

    thing: Thing
    model: Model
    shower: Shower
    remarks: tuple[Remark, ...] = ()
    sayers: Sayers = field(default_factory=dict)
    hidden: frozenset[NamedNode] = field(default=_ABOVE)

    def unplaced(self) -> list[Remark]:
        """What checks noted that no row stands for."""
        placed = {id(remark) for remarks in self._noted.values() for remark in remarks}
        return [remark for remark in self.remarks if id(remark) not in placed]

    def on_parts(self) -> list[Remark]:
        """What checks noted about those who take part."""
        return [
            remark
            for (node, predicate), remarks in self._noted.items()
            if predicate == HAS_PARTICIPATION or self._is_part(node)
            for remark in remarks
        ]

    @cached_property
    def _noted(self) -> Mapping[tuple[str, NamedNode], list[Remark]]:
        """Remarks by the node and property where the fact stands or would stand."""
        found: defaultdict[tuple[str, NamedNode], list[Remark]] = defaultdict(list)
        for remark in self.remarks:
            if place := self._place(remark):
                found[place].append(remark)
        return found

    def _place(self, remark: Remark) -> tuple[str, NamedNode] | None:
        """At the value that it is about, at those who take part, at a fact, or at a gap."""
        node = remark.focus if remark.focus in self.thing.nested else self.thing.iri
        said = self.thing.nested.get(node, self.thing.said)
        told, fields = self._told(said), self.model.fields_of(said.get(TYPE, ()))
        names = [NamedNode(name) for name in remark.mentions]
        choices = (
            [name for name in names if remark.about in told.get(name, ())],
            [name for name in names if name == HAS_PARTICIPATION],
            [name for name in names if name in told],
            [name for name in names if name in fields and name not in self.hidden],
        )
        place = next((name for choice in choices for name in choice), None)
        return (node, place) if place else None

    def _is_part(self, node: str) -> bool:
        return PARTICIPATION in self.thing.nested.get(node, {}).get(TYPE, ())

    def sections(self) -> list[Section]:
        """The sections of the thing's shape that have facts, then what no shape speaks of."""
        found: defaultdict[tuple[float, str], list[Row]] = defaultdict(list)
        for order, group, row in self._placed(self.thing.iri, self.thing.said):
            found[order, group].append(row)
        return [Section(title, tuple(found[order, title])) for order, title in sorted(found)]

    @cached_property
    def _places(self) -> Mapping[str, tuple[str, NamedNode]]:
        """Where each nested node is shown whole: at the first statement that leads to it."""
        places: dict[str, tuple[str, NamedNode]] = {}
        waiting = [self.thing.iri]
        for node in waiting:
            said = self.thing.nested.get(node, self.thing.said)
            for predicate, values in self._told(said).items():
                for value in values:
                    if value.value in self.thing.nested and value.value not in places:
                        places[value.value] = (node, predicate)
                        waiting.append(value.value)
        return places

    def _told(self, said: Statements) -> Statements:
        """What is shown of a node, in the order of its shape."""
        fields = self.model.fields_of(said.get(TYPE, ()))
        hidden = self.hidden if said is self.thing.said else {TYPE}
        told = self.model.without_repeats(said)
        ranked = sorted(told, key=lambda each: _rank(fields, each))
        return {name: tuple(told[name]) for name in ranked if name not in hidden}

    def _placed(self, node: str, said: Statements) -> Iterator[tuple[float, str, Row]]:
        """Rows with the order and name of their group."""
        fields, told = self.model.fields_of(said.get(TYPE, ())), self._told(said)
        gaps = {name for place, name in self._noted if place == node} - set(told)
        for predicate in sorted({*told, *gaps}, key=lambda each: _rank(fields, each)):
            entry = fields.get(predicate)
            row = self._row(node, predicate, told.get(predicate, ()), entry)
            if row.values or row.blocks or row.remarks:
                order, title = self.model.group(entry, self.shower.language)
                yield order, title or _("More"), row

    def _row(
        self, node: str, predicate: NamedNode, values: tuple[Term, ...], entry: Field | None
    ) -> Row:
        itself = NamedNode(self.thing.iri) if node != self.thing.iri else None
        plain = [each for each in values if each.value not in self.thing.nested and each != itself]
        nested = [value.value for value in values if value.value in self.thing.nested]
        here = [each for each in nested if self._places[each] == (node, predicate)]
        best, others = _by_language(plain, self.shower.language)
        shown = sorted((self._show(node, predicate, value) for value in best), key=sort_key)
        if node != self.thing.iri and self._is_same_source(predicate, values):
            shown = [Shown(_("as for the whole"))]
        return Row(
            self.model.label(predicate, entry, self.shower.language),
            self.model.hint(predicate, entry, self.shower.language),
            (*shown, *(self._link(each) for each in nested if each not in here)),
            tuple(Shown(value.value, language=value.language or "") for value in others),
            tuple(self._blocks(here)),
            () if predicate == HAS_PARTICIPATION else self._remarks(node, predicate),
            self.model.hint_language(entry, self.shower.language),
        )

    def _remarks(self, node: str, predicate: NamedNode) -> tuple[Remark, ...]:
        return tuple(self._noted.get((node, predicate), ()))

    def _show(self, node: str, predicate: NamedNode, value: Term) -> Shown:
        numbers = self.sayers.get((node, predicate.value, value), ())
        return replace(self.shower.show(value), said_by=numbers)

    def _is_same_source(self, predicate: NamedNode, values: tuple[Term, ...]) -> bool:
        """Whether a nested node only repeats the sources of the thing."""
        return predicate == _SOURCE and set(values) == set(self.thing.said.get(_SOURCE, ()))

    def _link(self, node: str) -> Shown:
        """A nested node that stands elsewhere on the page."""
        said = self.thing.nested[node]
        forms = self.model.forms
        names = (forms[each.value].names for each in said.get(TYPE, ()) if each.value in forms)
        name = best_text(next(names, {}), self.shower.language)
        address = "#" + node.partition("#")[2]
        return Shown(name or self.shower.name(node), address, iri=node)

    def _blocks(self, nodes: Iterable[str]) -> Iterator[Block]:
        for node in nodes:
            said = self.thing.nested[node]
            if not self._is_part(node):
                rows = tuple(row for _order, _title, row in self._placed(node, said))
                yield Block(node.partition("#")[2], rows)


def _is_wide(row: Row) -> bool:
    length = sum(len(value.text) for value in row.values)
    return bool(row.blocks or row.others) or length > _WIDE


def _rank(fields: Mapping[NamedNode, Field], predicate: NamedNode) -> tuple[float, str]:
    entry = fields.get(predicate)
    return (entry.order if entry else float("inf"), predicate.value)


def _by_language(values: list[Term], language: str) -> tuple[list[Term], list[Literal]]:
    """The values to show, and those that say the same in other languages."""
    tagged = [value for value in values if isinstance(value, Literal) and value.language]
    languages = {value.language for value in tagged}
    order = sorted(languages, key=lambda tag: (tag != language, tag != "en", tag))
    if len(order) < 2:
        return values, []
    others = [value for value in tagged if value.language != order[0]]
    return [value for value in values if value not in others], others
