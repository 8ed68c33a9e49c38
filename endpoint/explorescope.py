"""What a picture of `/explore` counts: the choice that the address holds, and ways to count it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from endpoint.pages import Desk
from endpoint.searchaddress import Asked, Chosen, search_address, write_value
from endpoint.summaries import ACTIVITIES
from endpoint.texts import _, ngettext
from endpoint.values import Shown, format_number
from kg.namespaces import expand
from kg.textgaps import REGIONS
from kg.textindex import TextIndex, Wanted

_IN_REGION: Final = NamedNode(expand("ssc4c:inRegion"))
MOST: Final = 70_000
"""Values of a field that are counted: more than there are pairs of countries."""


@dataclass(frozen=True)
class Scope:
    """The activities that a picture counts."""

    desk: Desk
    asked: Asked
    kinds: tuple[str, ...]
    """Kinds of activities, those chosen or those of the picture."""
    options: Mapping[str, str]
    """Choices of the picture itself, such as the role on the map."""

    @property
    def index(self) -> TextIndex:
        """The index of the snapshot."""
        return self.desk.view.index

    @cached_property
    def chosen(self) -> Chosen:
        """Values by facet, the kinds among them."""
        return {**self.asked.chosen, "kind": self.kinds}

    @cached_property
    def wanted(self) -> Wanted:
        """The same for the index."""
        return Wanted(self.asked.text, self.chosen, self.asked.since, self.asked.until)

    @cached_property
    def total(self) -> int:
        """How many activities there are."""
        return self.count(self.wanted)

    def count(self, wanted: Wanted) -> int:
        """How many activities fit."""
        return self.index.find(wanted, 0).total

    def tally(self, field: str) -> dict[str, int]:
        """Counts by the values of a field."""
        return self.index.tally(self.wanted, [field], MOST)[field]

    def lacking(self, fact: str) -> int:
        """How many activities do not say a fact, one of `kg.textgaps.FACTS`."""
        return self.index.tally(self.wanted, ["lacks"])["lacks"].get(fact, 0)

    def choosing(self, **facets: str | Iterable[str]) -> "Scope":
        """The same, with these values of facets instead of what was chosen of them."""
        more = {name: (v,) if isinstance(v, str) else tuple(v) for name, v in facets.items()}
        kinds = more.pop("kind", self.kinds)
        kept = {**self.asked.chosen, **more}
        asked = replace(self.asked, chosen={name: v for name, v in kept.items() if v})
        return replace(self, asked=asked, kinds=kinds)

    def search(self, **facets: str | Iterable[str]) -> str:
        """Address of the search that lists what is counted, with these values as well."""
        if self.chosen.keys() & facets.keys():
            return self.choosing(**facets)._search
        more = [
            (facet, write_value(facet, value))
            for facet, values in facets.items()
            for value in ((values,) if isinstance(values, str) else values)
        ]
        return f"{self._search}&{urlencode(more, safe='/')}" if more else self._search

    @cached_property
    def _search(self) -> str:
        """The search for all that is counted; made once, since a page has it a thousand times."""
        asked = self.asked
        return search_address(
            self.desk.addresses, self.chosen, asked.text, asked.since, asked.until
        )

    def words(self, number: int) -> str:
        """So many activities, in words: ``43 initiatives``."""
        if self.kinds == ("initiative",):
            return ngettext("%(num)s initiative", "%(num)s initiatives", number)
        if self.kinds == ("practice",):
            return ngettext("%(num)s practice", "%(num)s practices", number)
        if self.kinds == ("adaptation",):
            return ngettext("%(num)s adaptation", "%(num)s adaptations", number)
        return ngettext("%(num)s activity", "%(num)s activities", number)

    def figure(self, number: int) -> str:
        """A number in the manner of the language."""
        return format_number(number, self.desk.language)

    def heading(self) -> str:
        """What a column of counts is called."""
        names: dict[tuple[str, ...], str] = {
            ("initiative",): _("Initiatives"),
            ("practice",): _("Practices"),
            ("adaptation",): _("Adaptations"),
        }
        return names.get(self.kinds, _("Activities"))

    def counts_note(self) -> str:
        """What the picture counts, and of when."""
        if set(self.kinds) == set(ACTIVITIES):
            what = _("Counted are practices, initiatives and adaptations: %(total)s in all.",
                     total=self.figure(self.total))  # fmt: skip
        else:
            what = _("Counted: %(what)s in all.", what=self.words(self.total))
        return f"{what} " + _("State of the graph: %(date)s.", date=self.desk.state)

    def lacking_note(self, fact: str, text: str) -> tuple[Shown, ...]:
        """How many do not say a fact, leading to them; nothing if all do."""
        number = self.lacking(fact)
        if not number:
            return ()
        words = text % {"number": self.figure(number), "total": self.figure(self.total)}
        return (Shown(words, self.search(lacks=fact)),)


def best_first(counts: Mapping[str, int], most: int | None = None) -> list[tuple[str, int]]:
    """Values with their counts, the most frequent first."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:most]


def regions_of(scope: Scope, countries: Sequence[str]) -> dict[str, list[str]]:
    """The countries in each region of the grid, in the order of the regions."""
    found: dict[str, list[str]] = {region: [] for region in REGIONS}
    for country in countries:
        for region in scope.desk.view.values(country, _IN_REGION):
            if region.value in found:
                found[region.value].append(country)
    return {region: held for region, held in found.items() if held}
