"""What points to a thing: grouped by relation and kind, counted, and listed page by page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from endpoint.cards import Card, make_cards
from endpoint.kinds import name_many, rank
from endpoint.model import Model
from endpoint.values import Shower
from kg.namespaces import PREFIXES, expand, split_thing
from kg.reader import View
from kg.textindex import link

_FEW: Final = 6
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
        "ssc4c:role",
        "ssc4c:topConceptOf",
        "skos:topConceptOf",
    )
)
"""Relations that say again what another one says of the same things."""


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
    relations = _without_repeats(view.relations(iri), model)
    pairs = [(name, kind) for name, kinds in relations.items() for kind in kinds]
    if (asked.predicate, asked.kind) in pairs:
        pairs = [(asked.predicate, asked.kind)]
    else:
        asked = Relation()
    ranked = sorted(pairs, key=lambda pair: (rank(pair[1]), pair[0]))
    groups = (_group(view, iri, pair, model, shower, asked) for pair in ranked)
    return [group for group in groups if group.total]


def _without_repeats(
    relations: Mapping[str, Mapping[str, int]], model: Model
) -> Mapping[str, Mapping[str, int]]:
    """Without relations whose narrower relations together say as much."""
    kept = {name: kinds for name, kinds in relations.items() if name not in _COVERED}
    return {
        name: kinds
        for name, kinds in kept.items()
        if not _is_said_by(kinds, [kept[each] for each in model.narrower(name) if each in kept])
    }


def _is_said_by(kinds: Mapping[str, int], others: Iterable[Mapping[str, int]]) -> bool:
    others = list(others)
    return bool(others) and all(
        sum(other.get(kind, 0) for other in others) >= count for kind, count in kinds.items()
    )


def _group(
    view: View, iri: str, pair: tuple[str, str], model: Model, shower: Shower, asked: Relation
) -> Group:
    predicate, kind = pair
    is_open = bool(asked.predicate)
    limit, offset = (PAGE, (asked.page - 1) * PAGE) if is_open else (_FEW, 0)
    order = "newest" if kind in {"practice", "initiative", "adaptation"} else "title"
    hits = view.index.search(
        kind=kind,
        limit=limit,
        offset=offset,
        facets=link(iri, predicate),
        order=order,  # type: ignore[arg-type]
    )
    iris = [hit.iri for hit in hits.items if hit.iri != iri]
    return Group(
        model.inverse_label(NamedNode(predicate), shower.language),
        name_many(kind, shower),
        f"{shorten_property(predicate)} {kind}",
        hits.total,
        tuple(make_cards(view, iris, shower)),
        is_open,
    )


def shorten_property(iri: str) -> str:
    """The prefixed name of a property: ``ssc4c:theme``."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and "/" not in local and "#" not in local:
            return f"{prefix}:{local}"
    return iri


def is_thing(iri: str) -> bool:
    """Whether an IRI names a thing that has a page."""
    return split_thing(iri) is not None
