"""What points to a thing: grouped by relation and kind, counted, and listed page by page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from endpoint.addresses import page_of
from endpoint.cards import Card, make_cards
from endpoint.kinds import name_many, rank
from endpoint.model import Model
from endpoint.values import Shower
from kg.namespaces import PREFIXES, expand
from kg.reader import View
from kg.textindex import Order, link

Relations = Mapping[str, Mapping[str, int]]
_FEW: Final = 4
"""Things listed of each group on the first page."""
PAGE: Final = 50
"""Things listed where one group is looked at alone."""
_COVERED: Final = frozenset(
    expand(name)
    for name in (
        "ssc4c:participant",
        "ssc4c:participantCountry",
        "ssc4c:modality",
        "ssc4c:grade",
        "skos:topConceptOf",
    )
)
"""Relations that say again what another one says of the same things."""

_SUM: Final = expand("ssc4c:involvesCountry")
"""Its parts, giving and receiving, are worth more than their sum."""
_ALSO_BROADER: Final = {expand("ssc4c:contributesTo"): (expand("ssc4c:goal"),)}
_REPLACED: Final = expand("dcterms:isReplacedBy")
_DATED: Final = ("practice", "initiative", "adaptation")


@dataclass(frozen=True)
class Group:
    """Things of one kind that point to a thing by one property."""

    title: str
    kind_name: str
    key: str
    """The property and the kind, as the address names them: ``ssc4c:theme practice``."""
    total: int
    cards: tuple[Card, ...]
    is_open: bool = False
    """Whether it is looked at alone."""
    is_part: bool = False
    """Whether a broader group lists its things."""

    @property
    def is_telling(self) -> bool:
        """Whether anything but the thing itself is in it."""
        return bool(self.total and (self.cards or self.is_part or self.is_open))


@dataclass(frozen=True)
class Relation:
    """A property and a kind that an address asks to see alone, and at which offset."""

    predicate: str = ""
    kind: str = ""
    page: int = 1

    @classmethod
    def read(cls, text: str, page: int) -> "Relation":
        """From the address: ``ssc4c:theme practice``; an unknown prefix gives no relation."""
        name, _, kind = text.partition(" ")
        prefix = name.partition(":")[0]
        return cls(expand(name) if prefix in PREFIXES else "", kind, max(page, 1))


def read_groups(view: View, iri: str, model: Model, shower: Shower, asked: Relation) -> list[Group]:
    """The groups of what points to a thing; of the one asked for a whole page."""
    relations = _without_covered(view.relations(iri), model)
    pairs = [(name, kind) for name, kinds in relations.items() for kind in kinds]
    if (asked.predicate, asked.kind) in pairs:
        pairs = [(asked.predicate, asked.kind)]
    else:
        asked = Relation()
    ranked = sorted(pairs, key=lambda pair: (rank(pair[1]), pair[0]))
    lister = _Lister(view, iri, model, shower, asked, frozenset(pairs))
    groups = [group for group in map(lister.group, ranked) if group.is_telling]
    wholes = {(group.kind_name, group.total) for group in groups if not group.is_part}
    return [
        group
        for group in groups
        if not group.is_part or (group.kind_name, group.total) not in wholes
    ]


def _without_covered(relations: Relations, model: Model) -> Relations:
    """Without relations that others say again, and sums that their parts give whole."""
    kept = {name: kinds for name, kinds in relations.items() if name not in _COVERED}
    parts = [kept[name] for name in model.narrower(_SUM) if name in kept]
    is_whole = all(
        sum(part.get(kind, 0) for part in parts) >= count
        for kind, count in kept.get(_SUM, {}).items()
    )
    return {name: kinds for name, kinds in kept.items() if name != _SUM or not is_whole}


@dataclass(frozen=True)
class _Lister:
    """Makes the groups of one page."""

    view: View
    iri: str
    model: Model
    shower: Shower
    asked: Relation
    pairs: frozenset[tuple[str, str]]

    def group(self, pair: tuple[str, str]) -> Group:
        """One group; what a broader group lists already is only counted."""
        predicate, kind = pair
        is_open = bool(self.asked.predicate)
        is_part = not is_open and self._is_part(predicate, kind)
        limit, offset = (PAGE, (self.asked.page - 1) * PAGE) if is_open else (_FEW, 0)
        order: Order = "newest" if kind in _DATED else "title"
        facets = link(self.iri, predicate)
        hits = self.view.index.search("", kind, limit, offset, facets, order)
        listed = () if is_part else hits.items
        return Group(
            self.model.inverse_label(NamedNode(predicate), self.shower.language),
            name_many(kind, self.shower),
            f"{shorten_property(predicate)} {kind}",
            hits.total,
            tuple(self._cards(predicate, [hit.iri for hit in listed if hit.iri != self.iri])),
            is_open,
            is_part,
        )

    def _is_part(self, predicate: str, kind: str) -> bool:
        broader = [*self.model.broader(predicate), *_ALSO_BROADER.get(predicate, ())]
        return any((name, kind) in self.pairs for name in broader if name != _SUM)

    def _cards(self, predicate: str, iris: list[str]) -> list[Card]:
        """Cards that say in which way exactly each points here."""
        cards = make_cards(self.view, iris, self.shower)
        if predicate == _REPLACED:
            return list(map(self._to_history, cards))
        narrower = self.model.narrower(predicate)
        if not narrower:
            return cards
        return [replace(card, roles=tuple(self._roles(card, narrower))) for card in cards]

    def _to_history(self, card: Card) -> Card:
        """The page of what was replaced leads here again; its history tells what it was."""
        address = self.shower.addresses.carry(f"{page_of(card.name.iri)}/history")
        return replace(card, name=replace(card.name, address=address))

    def _roles(self, card: Card, narrower: Iterable[str]) -> Iterator[str]:
        target = NamedNode(self.iri)
        for name in map(NamedNode, narrower):
            if target in self.view.values(card.name.iri, name):
                yield self.model.label(name, None, self.shower.language)


def shorten_property(iri: str) -> str:
    """The prefixed name of a property: ``ssc4c:theme``."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and "/" not in local and "#" not in local:
            return f"{prefix}:{local}"
    return iri
