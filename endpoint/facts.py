"""The facts of a thing in sections, in the order and under the names that its shape gives them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from endpoint.model import Model
from endpoint.texts import _
from endpoint.values import Shower, Shown, sort_key
from kg.namespaces import expand
from kg.reader import NAMING, Statements, Term, Thing
from loader.forms import Field

TYPE: Final = NamedNode(expand("rdf:type"))
DESCRIPTION: Final = NamedNode(expand("dcterms:description"))
DEFINITION: Final = NamedNode(expand("skos:definition"))
PARTICIPATION: Final = NamedNode(expand("ssc4c:Participation"))
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
        for order, group, row in self._placed(self.thing.said, self.hidden):
            found[order, group].append(row)
        return [Section(title, tuple(found[order, title])) for order, title in sorted(found)]

    def _placed(
        self, said: Statements, hidden: frozenset[NamedNode] = frozenset({TYPE})
    ) -> Iterator[tuple[float, str, Row]]:
        """Rows with the order and name of their group."""
        fields = self.model.fields_of(said.get(TYPE, ()))
        told = self.model.without_repeats(said)
        for predicate in sorted(told, key=lambda each: _rank(fields, each)):
            if predicate not in hidden:
                entry = fields.get(predicate)
                row = self._row(predicate, told[predicate], entry)
                if row.values or row.blocks:
                    order, title = self.model.group(entry, self.shower.language)
                    yield order, title or _("More"), row

    def _row(self, predicate: NamedNode, values: Iterable[Term], entry: Field | None) -> Row:
        plain: list[Term] = []
        nodes: list[Term] = []
        for value in values:
            is_nested = isinstance(value, NamedNode) and value.value in self.thing.nested
            (nodes if is_nested else plain).append(value)
        best, others = _by_language(plain, self.shower.language)
        shown = sorted((self.shower.show(value) for value in best), key=sort_key)
        return Row(
            self.model.label(predicate, entry, self.shower.language),
            self.model.hint(predicate, entry, self.shower.language),
            tuple(shown),
            tuple(Shown(value.value, language=value.language or "") for value in others),
            tuple(self._blocks(nodes)),
        )

    def _blocks(self, nodes: Iterable[Term]) -> Iterator[Block]:
        for node in nodes:
            said = self.thing.nested[node.value]
            if PARTICIPATION not in said.get(TYPE, ()):
                rows = tuple(row for _order, _title, row in self._placed(said))
                yield Block(node.value.partition("#")[2], rows)


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
