"""What is chosen in a search, and the way out where nothing fits."""

from dataclasses import dataclass, replace
from typing import Final

from endpoint.pages import Desk
from endpoint.searchaddress import SPACES, Asked, Chosen
from endpoint.searchfacets import TITLES, name_value
from endpoint.texts import Words, _, _l, quote
from endpoint.values import Shown

_FEW: Final = 10
"""Below so many results another spelling is offered."""
_OTHERS: Final[dict[str, Words]] = {
    "from": _l("From the year"),
    "to": _l("To the year"),
    "sort": _l("Sort by"),
    "size": _l("On a page"),
    "page": _l("Page"),
    "view": _l("Shown as"),
}


@dataclass(frozen=True)
class Chip:
    """One thing that narrows the search, and the search without it."""

    title: str
    name: Shown
    address: str
    total: int = 0
    """What there is without it, where that was counted."""


@dataclass(frozen=True)
class Slip:
    """A parameter that was left out since nothing can be made of it."""

    title: str
    value: str


def drop_unknown(desk: Desk, asked: Asked) -> Asked:
    """The search without values that the graph does not know; they are told."""
    known: dict[str, tuple[str, ...]] = {}
    slips = list(asked.slips)
    for facet, values in asked.chosen.items():
        known[facet] = tuple(value for value in values if _is_known(desk, facet, value))
        slips += [
            (facet, value.rpartition("/")[2]) for value in values if value not in known[facet]
        ]
    chosen: Chosen = {facet: values for facet, values in known.items() if values}
    return replace(asked, chosen=chosen, slips=tuple(slips))


def _is_known(desk: Desk, facet: str, value: str) -> bool:
    if facet == "kind":
        return value in desk.view.kinds()
    return not SPACES[facet] or desk.view.is_known(value)


def read_slips(asked: Asked) -> list[Slip]:
    """What was left out, in words."""
    titles = {**TITLES, **_OTHERS}
    return [Slip(str(titles[name]), value) for name, value in asked.slips]


def read_chips(desk: Desk, asked: Asked) -> list[Chip]:
    """Everything that narrows the search, each with the address without it."""
    return [
        Chip(title, name, each.address(desk.addresses)) for title, name, each in _less(desk, asked)
    ]


def read_ways_out(desk: Desk, asked: Asked) -> list[Chip]:
    """What to drop so that something fits, with what there would be; the most first."""
    counted = [
        Chip(
            title, name, each.address(desk.addresses), desk.view.index.find(each.wanted(), 1).total
        )
        for title, name, each in _less(desk, asked, is_whole=True)
    ]
    if len(counted) == 1 and asked.text:  # without its words nothing is left of the question
        return []
    return sorted((chip for chip in counted if chip.total), key=lambda chip: -chip.total)


def _less(desk: Desk, asked: Asked, is_whole: bool = False) -> list[tuple[str, Shown, Asked]]:
    """The search without each of its parts; facets whole or value by value."""
    found: list[tuple[str, Shown, Asked]] = []
    if asked.text:
        words = Shown(quote(asked.text))
        found.append((_("Words"), words, replace(asked, text="", page=1)))
    for facet, values in asked.chosen.items():
        title = str(TITLES[facet])
        names = [name_value(desk, facet, value) for value in values]
        if is_whole and len(values) > 1:
            together = Shown(" · ".join(name.text for name in names))
            found.append((title, together, asked.dropping(facet)))
        else:
            found += [
                (title, name, asked.dropping(facet, value))
                for name, value in zip(names, values, strict=True)
            ]
    if asked.since or asked.until:
        found.append((_("Period"), Shown(_period(asked)), replace(asked, since=0, until=0, page=1)))
    return found


def _period(asked: Asked) -> str:
    if asked.since and asked.until:
        return f"{asked.since}–{asked.until}"
    return (
        _("since %(year)s", year=asked.since)
        if asked.since
        else _("until %(year)s", year=asked.until)
    )


@dataclass(frozen=True)
class Reading:
    """How the words were taken, where not as they stand."""

    unknown: tuple[str, ...] = ()
    """Words that nothing in the graph has."""
    is_eased: bool = False
    """Whether half of the words were enough, since nothing has them all."""


def read_words(desk: Desk, asked: Asked) -> Reading:
    """How the words of a search were taken."""
    if not asked.text:
        return Reading()
    index = desk.view.index
    return Reading(index.unknown(asked.text), index.is_eased(asked.text))


def suggest_spelling(desk: Desk, asked: Asked, total: int, reading: Reading) -> Chip | None:
    """A search with a nearby spelling, where there is little or a word is unknown."""
    if not asked.text or (total >= _FEW and not reading.unknown):
        return None
    text = desk.view.index.correct(asked.text)
    if not text or text.casefold() == asked.text.casefold():
        return None
    other = replace(asked, text=text, page=1)
    return Chip(_("Did you mean"), Shown(text), other.address(desk.addresses))
