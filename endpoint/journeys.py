"""How knowledge travelled: where a practice began, who carried it on, where it was set up anew."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from endpoint.backlinks import Group
from endpoint.cards import Card, make_cards
from endpoint.texts import Words, _l
from endpoint.values import Shower
from kg.namespaces import expand
from kg.reader import Thing, View

_SHOWN: Final = 6
_ADAPTED: Final = "ssc4c:adaptationOf"
_CARRIED: Final = "ssc4c:carries"
_GREW: Final = "ssc4c:growsOutOf"


@dataclass(frozen=True)
class Step:
    """One stage of the way, with the things that stand there."""

    title: Words
    cards: tuple[Card, ...] = ()
    more: int = 0
    """How many more there are than cards."""
    relation: str = ""
    """How the address of the page asks for all of them; empty for what the thing itself names."""
    gap: Words | None = None
    """What is said where nothing stands."""
    is_here: bool = False
    """Whether this is the thing of the page."""

    @property
    def is_told(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.cards or self.gap)


def read_journey(
    view: View, thing: Thing, kind: str, groups: Iterable[Group], shower: Shower
) -> tuple[Step, ...]:
    """The stages from the origin to what came of it; none where a thing stands alone.

    `groups` are those of the page, so that nothing is asked twice.
    """
    way = _Way(view, thing, {group.key: group for group in groups}, shower)
    steps = [step for step in _MAKERS[kind](way) if step.is_told]
    return tuple(steps) if len(steps) > 1 else ()


def on_the_way(steps: Iterable[Step]) -> frozenset[str]:
    """The things that these stages show."""
    return frozenset(card.name.iri for step in steps for card in step.cards)


@dataclass(frozen=True)
class _Way:
    view: View
    thing: Thing
    groups: Mapping[str, Group]
    shower: Shower

    def here(self, title: Words) -> Step:
        """The thing of the page."""
        cards = make_cards(self.view, [self.thing.iri], self.shower)
        return Step(title, tuple(cards), is_here=True)

    def named(self, title: Words, name: str) -> Step:
        """What the thing itself names by a property."""
        iris = [value.value for value in self.thing.said.get(NamedNode(expand(name)), ())]
        cards = make_cards(self.view, iris[:_SHOWN], self.shower)
        return Step(title, tuple(cards), max(len(iris) - _SHOWN, 0))

    def pointing(self, title: Words, name: str, kind: str, gap: Words | None = None) -> Step:
        """What names the thing by a property."""
        group = self.groups.get(f"{name} {kind}")
        if group is None:
            return Step(title, gap=gap)
        return Step(title, group.cards, group.total - len(group.cards), group.key)


def _of_practice(way: _Way) -> list[Step]:
    return [
        way.here(_l("Began here")),
        way.pointing(
            _l("Carried on by"),
            _CARRIED,
            "initiative",
            _l("No initiative is recorded that carried it to others."),
        ),
        way.pointing(
            _l("Set up elsewhere"),
            _ADAPTED,
            "adaptation",
            _l("No adaptation in another country is recorded."),
        ),
        way.pointing(_l("What grew out of it"), _GREW, "initiative"),
    ]


def _of_initiative(way: _Way) -> list[Step]:
    return [
        way.named(_l("Grew out of"), _GREW),
        way.named(_l("What it carries"), _CARRIED),
        way.here(_l("This initiative")),
        way.pointing(_l("What grew out of it"), _GREW, "initiative"),
    ]


def _of_adaptation(way: _Way) -> list[Step]:
    return [
        way.named(_l("Began as"), _ADAPTED),
        way.pointing(_l("Carried on by"), _CARRIED, "initiative"),
        way.here(_l("Set up here")),
    ]


_MAKERS: Final[Mapping[str, Callable[[_Way], list[Step]]]] = {
    "practice": _of_practice,
    "initiative": _of_initiative,
    "adaptation": _of_adaptation,
}
