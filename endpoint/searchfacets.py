"""The facets of a search: their values with names and counts, chosen ones first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from babel import Locale

from endpoint.kinds import name_many
from endpoint.pages import Desk
from endpoint.searchaddress import Asked, write_value
from endpoint.summaries import ACTIVITIES
from endpoint.texts import Words, _, _l
from endpoint.values import Shown, sort_key
from kg.textqueries import ROLES

TITLES: Final[Mapping[str, Words]] = {
    "kind": _l("What it is"),
    "form": _l("Form of cooperation"),
    "provider": _l("Provided by"),
    "recipient": _l("Received by"),
    "facilitator": _l("Facilitated from"),
    "country": _l("Country, in any part"),
    "region": _l("Region"),
    "goal": _l("Goal"),
    "target": _l("Target"),
    "theme": _l("Theme"),
    "instrument": _l("Instrument"),
    "population": _l("Group of people"),
    "actor": _l("Organisation"),
    "actortype": _l("Kind of organisation"),
    "grade": _l("Grade"),
    "evidence": _l("Evidence"),
    "sourcelang": _l("Language of the source"),
    "with": _l("Together with"),
    "facilitates": _l("Facilitated by"),
    "leads": _l("Led by"),
    "funds": _l("Funded by"),
    "implements": _l("Implemented by"),
    "age": _l("Age"),
    "start": _l("Began in"),
    "source": _l("Data source"),
    "lacks": _l("What it does not say"),
}
FACTS: Final[Mapping[str, Words]] = {
    "year": _l("Year"),
    "provider": _l("Provider"),
    "recipient": _l("Recipient"),
    "region": _l("Region"),
    "target": _l("Target"),
    "theme": _l("Theme"),
    "age": _l("Age"),
    "evidence": _l("Evidence"),
    "verified": _l("Verified"),
}
"""What activities may lack, see `kg.textgaps`."""
HINTS: Final[Mapping[str, Words]] = {
    "facilitator": _l("The seats of organisations that help along"),
    "country": _l("Provider, recipient, place, seat or any other part"),
    "region": _l("Where it takes place"),
    "with": _l("Organisations that take part as well"),
}
SHAPE: Final = (
    *("kind", "form", "provider", "recipient", "theme", "goal"),
    *("region", "facilitator", "country", "target", "population", "instrument"),
    *("actor", "with", "actortype", "grade", "evidence", "sourcelang"),
    *("age", "start", "source", "lacks"),
)
"""All facets as they stand on the page."""
OPEN: Final = SHAPE[:6]
"""Those that are counted at once; each of the others is counted when somebody opens it."""
YEAR: Final = "year"
_TOP: Final = 8
"""Values that are seen at once of a facet that is open from the start."""
_MOST: Final = 1000
_NUMBERED: Final = ("goal", "target")


@dataclass(frozen=True)
class Choice:
    """One value of a facet, with what the address calls it."""

    value: str
    key: str
    name: Shown
    total: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A facet as the page shows it."""

    name: str
    title: str
    hint: str
    choices: tuple[Choice, ...] = ()
    total: int = 0
    """Values that there are, shown or not."""
    is_counted: bool = True
    is_whole: bool = True

    @property
    def chosen(self) -> int:
        """How many of its values are chosen."""
        return sum(choice.is_chosen for choice in self.choices)


@dataclass(frozen=True)
class Year:
    """A bar of the histogram of years."""

    year: int
    total: int


def read_facets(desk: Desk, asked: Asked) -> list[Facet]:
    """All facets; those that nobody opened are there by name alone."""
    counted = [name for name in SHAPE if is_counted(asked, name)]
    counts = desk.view.index.tally(asked.wanted(), counted)
    shape = [
        _facet(desk, asked, name, counts[name]) if name in counts else _closed(name)
        for name in SHAPE
    ]
    return [*shape, *_roles(desk, asked)]


def read_facet(desk: Desk, asked: Asked, name: str) -> Facet:
    """One facet with all its values."""
    counts = desk.view.index.tally(asked.wanted(), [name])[name]
    return _facet(desk, asked, name, counts, is_whole=True)


def is_counted(asked: Asked, name: str) -> bool:
    """Whether the page counts the values of a facet."""
    return name in OPEN or name in asked.opened or name in asked.chosen


def has_years(asked: Asked) -> bool:
    """Whether the page counts the years."""
    return YEAR in asked.opened or bool(asked.since or asked.until)


def read_years(desk: Desk, asked: Asked) -> list[Year]:
    """How much began in each year, without regard to the years asked for."""
    ever = replace(asked, since=0, until=0).wanted()
    counts = desk.view.index.tally(ever, [YEAR])[YEAR]
    told = {int(year): total for year, total in counts.items() if year.isdecimal() and int(year)}
    return (
        [Year(year, told.get(year, 0)) for year in range(min(told), max(told) + 1)] if told else []
    )


def name_value(desk: Desk, facet: str, value: str) -> Shown:
    """What a value is called."""
    if facet == "kind":
        return Shown(name_many(value, desk.shower))
    if facet in _WORDS:
        return Shown(_WORDS[facet](value))
    if facet == "sourcelang":
        return Shown(_language(value, desk.language))
    return desk.shower.link(value)


def name_age(group: str) -> str:
    """An age group such as ``5-9``, in words."""
    low, _dash, high = group.partition("-")
    return _("%(low)s to %(high)s years", low=low, high=high)


_WORDS: Final[Mapping[str, Callable[[str], str]]] = {
    "lacks": lambda value: str(FACTS.get(value, value)),
    "age": name_age,
    "start": str,
    "source": str,
}
"""What values are called that are no things."""


def _roles(desk: Desk, asked: Asked) -> list[Facet]:
    """What an actor does, where a page about one led here: what is chosen, to be let go again."""
    return [
        _facet(desk, asked, name, {each: _reached(desk, asked, name, each) for each in chosen})
        for name in ROLES
        if (chosen := asked.chosen.get(name))
    ]


def _reached(desk: Desk, asked: Asked, name: str, value: str) -> int:
    """How many things the search finds with this value alone of the facet."""
    return desk.view.index.find(asked.dropping(name).adding(name, value).wanted(), limit=1).total


def _closed(name: str) -> Facet:
    return Facet(name, str(TITLES[name]), str(HINTS.get(name, "")), is_counted=False)


def _facet(
    desk: Desk, asked: Asked, name: str, counts: Mapping[str, int], is_whole: bool = False
) -> Facet:
    chosen = asked.chosen.get(name, ())
    best = sorted(
        counts,
        key=lambda value: (value not in chosen, value not in ACTIVITIES, -counts[value], value),
    )
    missing = [value for value in chosen if value not in counts]
    is_whole = is_whole or name in asked.opened or len(counts) <= _TOP + 2
    shown = [*missing, *best[: _MOST if is_whole else max(_TOP, len(chosen))]]
    return Facet(
        name,
        str(TITLES[name]),
        str(HINTS.get(name, "")),
        _ordered(name, [_choice(desk, name, value, counts, chosen) for value in shown]),
        len(counts),
        is_whole=is_whole,
    )


def _choice(
    desk: Desk, facet: str, value: str, counts: Mapping[str, int], chosen: Sequence[str]
) -> Choice:
    name = name_value(desk, facet, value)
    return Choice(value, write_value(facet, value), name, counts.get(value, 0), value in chosen)


def _ordered(facet: str, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Goals and targets by their numbers, all else by how much there is, activities first."""
    if facet in _NUMBERED:
        return tuple(sorted(choices, key=lambda choice: sort_key(choice.name)))
    return tuple(
        sorted(
            choices,
            key=lambda each: (
                not each.is_chosen,
                each.value not in ACTIVITIES,
                -each.total,
                sort_key(each.name),
            ),
        )
    )


def _language(tag: str, language: str) -> str:
    """The name of a language in another: ``("fr", "en")`` gives French."""
    names = Locale.parse(language).languages
    return str(names.get(tag.partition("-")[0], tag))
