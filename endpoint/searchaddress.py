"""The address of a search: names of facets, and keys for IRIs, read and written in one place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Self

from werkzeug.datastructures import MultiDict

from endpoint.addresses import Addresses
from kg.namespaces import split_thing, thing_iri
from kg.searching import Order, Wanted
from kg.textqueries import ROLES

PATH: Final = "/search"
SPACES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "kind": {},
        "form": {"": "form"},
        "provider": {"": "country"},
        "recipient": {"": "country"},
        "facilitator": {"": "country"},
        "country": {"": "country"},
        "region": {"": "region"},
        "goal": {"": "sdg"},
        "target": {"": "sdg"},
        "theme": {"": "theme"},
        "instrument": {"": "instrument"},
        "population": {"": "population"},
        "actor": {"": "actor", "person/": "person"},
        "actortype": {"": "actor-type"},
        "grade": {"": "practice-grade"},
        "evidence": {
            "type/": "evidence-type",
            "direction/": "evidence-direction",
            "independence/": "evidence-independence",
        },
        "sourcelang": {},
        "with": {"": "actor", "person/": "person"},
        **{role: {"": "actor", "person/": "person"} for role in ROLES},
        "start": {},
        "age": {},
        "lacks": {},
        "source": {},
    }
)
"""Each facet with the kinds of its values and what stands before their keys in an address.

Those without kinds have keys for values.
"""
ORDERS: Final[tuple[Order, ...]] = ("best", "newest", "oldest", "title")
VIEWS: Final = ("list", "table", "map")
SIZES: Final = (20, 50, 100)
_CAN_OPEN: Final = frozenset({*SPACES, "year"})
_YEARS: Final = range(1, 10_000)
_MOST: Final = 50
"""Values of one facet that are looked at."""
_LONGEST: Final = 500
"""Characters of a text that are looked at."""

Chosen = Mapping[str, tuple[str, ...]]
"""Values by facet: IRIs, keys for facets without kinds."""


@dataclass(frozen=True)
class Asked:
    """What the address of a search asks for."""

    text: str = ""
    chosen: Chosen = field(default_factory=dict)
    since: int = 0
    until: int = 0
    order: Order | None = None
    """The best with words and the newest without, if none is asked for."""
    size: int = SIZES[0]
    page: int = 1
    view: str = VIEWS[0]
    columns: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    """Facets that are counted beside those that always are."""
    slips: tuple[tuple[str, str], ...] = ()
    """Names and values that cannot be read; they are told and left out."""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words is asked for."""
        return bool(self.chosen or self.since or self.until)

    def has(self, facet: str, value: str) -> bool:
        """Whether the value is chosen."""
        return value in self.chosen.get(facet, ())

    def adding(self, facet: str, value: str) -> Self:
        """The same with one more value, from the first page on."""
        return self._choosing(facet, (*self.chosen.get(facet, ()), value))

    def dropping(self, facet: str, value: str = "") -> Self:
        """The same without a value, or without the whole facet."""
        kept = (each for each in self.chosen.get(facet, ()) if value and each != value)
        return self._choosing(facet, tuple(kept))

    def sorted_by(self, order: Order) -> Self:
        """The same in another order, from the first page on."""
        return replace(self, order=order, page=1)

    def shown_as(self, view: str) -> Self:
        """The same in another view."""
        return replace(self, view=view)

    def on_page(self, page: int) -> Self:
        """Another page of the same."""
        return replace(self, page=page)

    def opening(self, facet: str) -> Self:
        """The same with a facet opened wholly."""
        return replace(self, opened=tuple(dict.fromkeys((*self.opened, facet))))

    def _choosing(self, facet: str, values: tuple[str, ...]) -> Self:
        chosen = {**self.chosen, facet: tuple(dict.fromkeys(values))}
        return replace(self, chosen={name: each for name, each in chosen.items() if each}, page=1)

    @property
    def sorting(self) -> Order:
        """The order in which things come."""
        return self.order or ("best" if self.text else "newest")

    def wanted(self, among: tuple[str, ...] = ()) -> Wanted:
        """What the index is asked for, if need be among these things alone."""
        chosen = {**self.chosen, "iri": among} if among else self.chosen
        return Wanted(self.text, chosen, self.since, self.until)

    def values(self) -> dict[str, str | int | Sequence[str]]:
        """The parameters of its address; what goes without saying is empty."""
        chosen = {
            facet: [write_value(facet, value) for value in self.chosen.get(facet, ())]
            for facet in SPACES
        }
        return {
            "q": self.text,
            **chosen,
            "from": self.since,
            "to": self.until,
            "sort": self.order or "",
            "size": self.size if self.size != SIZES[0] else 0,
            "page": self.page if self.page > 1 else 0,
            "view": self.view if self.view != VIEWS[0] else "",
            "column": self.columns,
            "open": self.opened,
        }

    def address(self, addresses: Addresses, extension: str = "") -> str:
        """Its address, or that of a file with its results."""
        return addresses.carry(PATH + extension, **self.values())


def search_address(
    addresses: Addresses,
    chosen: Mapping[str, Iterable[str]] = MappingProxyType({}),
    text: str = "",
    since: int = 0,
    until: int = 0,
) -> str:
    """The address of the search for things that have these values (IRIs), for links from pages.

    A provider ``…/id/country/BRA`` gives ``/search?provider=BRA``.
    """
    values = {facet: tuple(each) for facet, each in chosen.items()}
    return Asked(text, values, since, until).address(addresses)


def write_value(facet: str, value: str) -> str:
    """The key that stands for a value in an address: ``BRA``, ``2.1``, ``direction/negative``."""
    kind, key = split_thing(value) or ("", value)
    marks = [mark for mark, each in SPACES[facet].items() if each == kind]
    return f"{marks[0]}{key}" if marks else value


def read_value(facet: str, text: str) -> str:
    """The value that a key stands for; empty if there can be none."""
    spaces = SPACES[facet]
    if not spaces:
        return text
    mark, slash, key = text.rpartition("/")
    kind = spaces.get(mark + slash)
    if kind is None or not key:
        return ""
    iri = thing_iri(kind, key.upper() if kind == "country" else key)
    return iri if split_thing(iri) else ""


def read_asked(arguments: MultiDict[str, str]) -> Asked:
    """What an address asks for; what cannot be read is noted and left out."""
    slips: list[tuple[str, str]] = []
    read = _Reading(arguments, slips)
    order = read.word("sort", ORDERS)
    asked = Asked(
        text=" ".join(arguments.get("q", "")[:_LONGEST].split()),
        chosen=read.chosen(),
        since=read.number("from", _YEARS),
        until=read.number("to", _YEARS),
        order=next((each for each in ORDERS if each == order), None),
        size=read.number("size", range(SIZES[0], SIZES[-1] + 1)) or SIZES[0],
        page=read.number("page", range(1, 1_000_000)) or 1,
        view=read.word("view", VIEWS) or VIEWS[0],
        columns=tuple(dict.fromkeys(arguments.getlist("column")[:_MOST])),
        opened=tuple(
            dict.fromkeys(each for each in arguments.getlist("open") if each in _CAN_OPEN)
        ),
    )
    return replace(asked, slips=tuple(slips))


@dataclass(frozen=True)
class _Reading:
    """Reads parameters and notes those that do not fit."""

    arguments: MultiDict[str, str]
    slips: list[tuple[str, str]]

    def chosen(self) -> Chosen:
        found = {facet: tuple(dict.fromkeys(self._values(facet))) for facet in SPACES}
        return {facet: values for facet, values in found.items() if values}

    def _values(self, facet: str) -> Iterable[str]:
        for text in filter(None, self.arguments.getlist(facet)[:_MOST]):
            if value := read_value(facet, text):
                yield value
            else:
                self.slips.append((facet, text))

    def number(self, name: str, allowed: range) -> int:
        text = self.arguments.get(name, "").strip()
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
        if text and number not in allowed:
            self.slips.append((name, text))
            return 0
        return number

    def word(self, name: str, allowed: Sequence[str]) -> str:
        text = self.arguments.get(name, "")
        if text and text not in allowed:
            self.slips.append((name, text))
            return ""
        return text
