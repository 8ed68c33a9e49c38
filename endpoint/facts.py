"""The facts of a thing in sections, in the order and under the names that its shape gives them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from endpoint.model import Model, best_text
from endpoint.texts import _
from endpoint.values import Shower, Shown, sort_key
from kg.namespaces import expand
from kg.reader import NAMING, Statements, Term, Thing
from loader.forms import Field

TYPE: Final = NamedNode(expand("rdf:type"))
DESCRIPTION: Final = NamedNode(expand("dcterms:description"))
DEFINITION: Final = NamedNode(expand("skos:definition"))
PARTICIPATION: Final = NamedNode(expand("ssc4c:Participation"))
_SOURCE: Final = NamedNode(expand("dcterms:source"))
_KEY: Final = NamedNode(expand("dcterms:identifier"))
_ABOVE: Final = frozenset({TYPE, DESCRIPTION, DEFINITION, _KEY, *NAMING[:3]})
"""What the head of the page or its address shows already."""


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


@dataclass(frozen=True)
class Facts:
    """Lays out what is said of one thing."""

    thing: Thing
    model: Model
    shower: Shower
    hidden: frozenset[NamedNode] = field(default=_ABOVE)

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
        fields = self.model.fields_of(said.get(TYPE, ()))
        for predicate, values in self._told(said).items():
            entry = fields.get(predicate)
            row = self._row(node, predicate, values, entry)
            if row.values or row.blocks:
                order, title = self.model.group(entry, self.shower.language)
                yield order, title or _("More"), row

    def _row(
        self, node: str, predicate: NamedNode, values: tuple[Term, ...], entry: Field | None
    ) -> Row:
        plain = [value for value in values if value.value not in self.thing.nested]
        nested = [value.value for value in values if value.value in self.thing.nested]
        here = [each for each in nested if self._places[each] == (node, predicate)]
        best, others = _by_language(plain, self.shower.language)
        shown = sorted((self.shower.show(value) for value in best), key=sort_key)
        if node != self.thing.iri and self._is_same_source(predicate, values):
            shown = [Shown(_("as for the whole"))]
        return Row(
            self.model.label(predicate, entry, self.shower.language),
            self.model.hint(predicate, entry, self.shower.language),
            (*shown, *(self._link(each) for each in nested if each not in here)),
            tuple(Shown(value.value, language=value.language or "") for value in others),
            tuple(self._blocks(here)),
        )

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
            if PARTICIPATION not in said.get(TYPE, ()):
                rows = tuple(row for _order, _title, row in self._placed(node, said))
                yield Block(node.partition("#")[2], rows)


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
