"""What is like an activity, and who else did it: the part of its page that leads on to others."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from endpoint.cards import GRADE, Card
from endpoint.kinds import name_one
from endpoint.pages import Desk
from endpoint.participations import YEARS, period
from endpoint.texts import _
from endpoint.values import Shower, Shown, sort_key
from endpoint.wording import isolate, join
from kg.lines import Line, read_line
from kg.namespaces import split_thing, thing_iri
from kg.similarity import Alike, find_alike
from kg.texttraits import FIELDS
from kg.traits import ACTIVITIES, Traits, read_traits

_LIKE: Final = 5
_SAME_IDEA: Final = 3
_LOOKED_AT: Final = 14
_LEAST: Final = 0.5
"""Part of the best score that a thing needs to be shown as alike."""
_TOLD: Final = 4
"""Shared concepts that a reason names."""
_GROUPS: Final = frozenset(thing_iri("country-group", key) for key in ("ldc", "lldc", "sids"))
"""Groups that say something of a country; nearly all here are developing and in the G77."""


@dataclass(frozen=True)
class AlikeCard:
    """One thing that is like another, and why."""

    card: Card
    key: str
    """Kind and key, as the address of a comparison takes them."""
    reason: str


@dataclass(frozen=True)
class Arrival:
    """A country, and what of the same line is or was there."""

    country: Shown | None
    """Nothing for things that tell of no country."""
    things: tuple[Shown, ...]


@dataclass(frozen=True)
class AlikePart:
    """All that a page says of others like its thing."""

    key: str
    sources: tuple[Shown, ...]
    """What it carries, adapts or grows out of."""
    arrivals: tuple[Arrival, ...]
    """Where else the same was done, and as what."""
    same_idea: tuple[AlikeCard, ...]
    """Practices with the same theme and target in other countries."""
    alike: tuple[AlikeCard, ...]


def read_alike(desk: Desk, iri: str, seen: Collection[str] = ()) -> AlikePart | None:
    """What is like an activity; nothing for things of other kinds.

    `seen` is what the page shows already; what would tell nothing else is left out.
    """
    if (split_thing(iri) or ("",))[0] not in ACTIVITIES:
        return None
    line = read_line(desk.view, iri)
    found = find_alike(desk.view, iri, _LOOKED_AT)
    found = [each for each in found if each.score >= _LEAST * found[0].score]
    found = [each for each in found if each.iri not in seen]
    same = [each for each in found if _is_same_idea(each)][:_SAME_IDEA]
    rest = [each for each in found if each not in same][:_LIKE]
    return AlikePart(
        key_of(iri),
        tuple(desk.shower.link(each) for each in line.sources if each not in seen),
        tuple(_tell_arrivals(desk, line)) if _tells_more(line, seen) else (),
        tuple(tell_all(desk, same)),
        tuple(tell_all(desk, rest)),
    )


def key_of(iri: str) -> str:
    """Kind and key of a thing: ``practice/paa-africa``."""
    return "/".join(split_thing(iri) or ())


def tell_reason(found: Alike, shower: Shower) -> str:
    """In words what two things share: ``Shares school feeding, SDG 2.1; also in West Africa``."""
    shared = [_name(each, shower) for each in islice(_pick_shared(found), _TOLD)]
    place = _name_place(found, shower)
    if shared and place:
        return _("Shares: %(what)s. Both in: %(place)s.", what=join(shared), place=place)
    if shared:
        return _("Shares: %(what)s.", what=join(shared))
    if place:
        return _("Told in like words. Both in: %(place)s.", place=place)
    return _("Told in like words.")


def _pick_shared(found: Alike) -> Iterator[str]:
    """Themes first, then targets, people and means; two of each at most."""
    for field in FIELDS:
        if field != "form":
            yield from found.shared.get(field, ())[:2]


def _name(iri: str, shower: Shower) -> str:
    shown = shower.link(iri)
    return isolate(_("SDG %(number)s", number=shown.number) if shown.number else shown.text)


def _name_place(found: Alike, shower: Shower) -> str:
    """The same country, else what the countries have most in common."""
    if countries := found.shared.get("place", ()):
        return join([isolate(shower.name(each)) for each in countries[:2]])
    for each in found.shared.get("context", ()):
        kind = (split_thing(each) or ("",))[0]
        if kind == "region" or each in _GROUPS:
            return isolate(shower.name(each))
    return ""


def _is_same_idea(found: Alike) -> bool:
    is_practice = (split_thing(found.iri) or ("",))[0] == "practice"
    return (
        is_practice
        and bool(found.shared.get("theme") and found.shared.get("target"))
        and not found.shared["place"]
    )


def tell_all(desk: Desk, found: Sequence[Alike]) -> Iterator[AlikeCard]:
    """Each with its reason."""
    for each in found:
        yield AlikeCard(_card(desk, each.traits), key_of(each.iri), tell_reason(each, desk.shower))


def _card(desk: Desk, traits: Traits) -> Card:
    """A card from what was read to compare; all that is said of it is not needed."""
    view, shower = desk.view, desk.shower
    kind = (split_thing(traits.iri) or ("",))[0]
    said = {name: tuple(view.values(traits.iri, name)) for name in (*YEARS, GRADE)}
    givers, receivers = (_links(each, shower) for each in (traits.origins, traits.arrived))
    return Card(
        shower.link(traits.iri),
        kind,
        name_one(kind, shower),
        period(said),
        givers if receivers else (),
        receivers,
        () if receivers else _links(traits.places, shower),
        next(map(shower.show, said[GRADE]), None),
        "",
    )


def _links(iris: Iterable[str], shower: Shower) -> tuple[Shown, ...]:
    return tuple(sorted(map(shower.link, iris), key=sort_key))


def _tells_more(line: Line, seen: Collection[str]) -> bool:
    """Whether there is more of a line than was seen; by country it is told whole or not at all."""
    return any(each not in seen for each in (*line.adaptations, *line.carriers, *line.offshoots))


def _tell_arrivals(desk: Desk, line: Line) -> list[Arrival]:
    """The rest of a line by the countries where it arrived, in the order of their names."""
    by_country: defaultdict[str, list[Shown]] = defaultdict(list)
    for iri in (*line.adaptations, *line.carriers, *line.offshoots):
        shown = desk.shower.link(iri)
        for country in read_traits(desk.view, iri).arrived or ("",):
            by_country[country].append(shown)
    unplaced = by_country.pop("", [])
    found = [Arrival(desk.shower.link(each), tuple(things)) for each, things in by_country.items()]
    found.sort(key=lambda each: sort_key(each.country) if each.country else ("", ""))
    return [*found, Arrival(None, tuple(unplaced))] if unplaced else found
