"""The pages of concepts and schemes: what is broader, narrower and beside, and how it is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from endpoint.pages import Desk
from endpoint.portraits import ENOUGH, Sum, Teller, find, kinds_of, linked, years_chart
from endpoint.texts import _
from endpoint.values import Shown
from kg.namespaces import expand, split_thing, thing_iri
from kg.profiles import CONCEPTS
from kg.reader import Thing

_BROADER: Final = NamedNode(expand("skos:broader"))
_IN_SCHEME: Final = NamedNode(expand("skos:inScheme"))
FACETS: Final[Mapping[str, str]] = {
    "theme": "theme",
    "form": "form",
    "instrument": "instrument",
    "population": "population",
    "practice-grade": "grade",
}
"""By kind of concept the facet that searches for it."""
_DEEPEST: Final = 8
_MANY: Final = 400
"""Concepts of a scheme that are counted; longer ones, code lists, are only named."""


@dataclass(frozen=True)
class Branch:
    """A concept with its number of activities and what is narrower."""

    name: Shown
    total: int
    address: str
    branches: "tuple[Branch, ...]" = ()


def gather_concept(desk: Desk, thing: Thing) -> dict[str, Any]:
    """What the page of a concept or scheme shows beside its record."""
    kind, key = split_thing(thing.iri) or ("", "")
    if kind == "scheme":
        return {"tree": read_tree(desk, key), "sums": [], "is_telling": False}
    teller = Teller(desk, thing.iri, FACETS.get(kind, ""))
    profile = teller.profile
    link = max(profile.links, key=profile.total, default="")
    countries = profile.by(link, "country")
    total = profile.total(link)
    activities = Sum(_("Activities"), total, teller.search(), profile.by(link, "year"))
    is_many = len(countries) >= ENOUGH
    return {
        "sums": kinds_of(teller, link),
        "is_telling": total >= ENOUGH,
        "years": years_chart(desk, [activities]),
        "countries": teller.countries(
            countries,
            _("Countries"),
            _("Countries named by these activities: %(number)s.", number=len(countries)),
        ),
        "rankings": [] if is_many else [teller.rank(_("Countries"), countries, "country")],
        "goals": teller.goals(profile.by(link, "goal")),
        "above": _above(desk, thing.iri),
        "narrower": _Grower(desk, kind).below(thing.iri),
        "beside": _beside(desk, thing),
    }


def read_tree(desk: Desk, scheme: str) -> tuple[Branch, ...]:
    """All concepts of a scheme, the broadest first, each with the narrower ones below it."""
    view = desk.view
    node = NamedNode(thing_iri("scheme", scheme))
    members = view.subjects(_IN_SCHEME, node)
    tops = [each for each in members if not view.values(each, _BROADER)]
    return _Grower(desk, scheme, len(members) <= _MANY).grow(tops)


@dataclass(frozen=True)
class _Grower:
    """Grows the tree of one scheme."""

    desk: Desk
    kind: str
    is_counted: bool = True

    def below(self, iri: str, depth: int = 0) -> tuple[Branch, ...]:
        """What is narrower than a concept."""
        narrower = self.desk.view.subjects(_BROADER, NamedNode(iri))
        return self.grow(narrower, depth + 1) if depth < _DEEPEST else ()

    def grow(self, iris: list[str], depth: int = 0) -> tuple[Branch, ...]:
        """These concepts with what is below them."""
        return tuple(
            Branch(
                shown, self.total(shown.iri), self.address(shown.iri), self.below(shown.iri, depth)
            )
            for shown in linked(self.desk, iris)
        )

    def total(self, iri: str) -> int:
        """How many activities have the concept."""
        if not self.is_counted:
            return 0
        profile = self.desk.view.profile(iri)
        return max((profile.total(link) for link in CONCEPTS), default=0)

    def address(self, iri: str) -> str:
        """The search that lists them; empty where none does."""
        facet = FACETS.get(self.kind, "")
        return find(self.desk, {facet: (iri,)}) if facet else ""


def _above(desk: Desk, iri: str) -> list[Shown]:
    """From the broadest to the next broader; of several the first by name."""
    path: list[Shown] = []
    seen = {iri}
    while len(path) < _DEEPEST:
        broader = linked(desk, (value.value for value in desk.view.values(iri, _BROADER)))
        if not broader or broader[0].iri in seen:
            break
        iri = broader[0].iri
        seen.add(iri)
        path.insert(0, broader[0])
    return path


def _beside(desk: Desk, thing: Thing) -> tuple[Shown, ...]:
    """Concepts under the same broader one, or the other top ones of the scheme."""
    view = desk.view
    above = [value.value for value in thing.said.get(_BROADER, ())]
    if above:
        found = {each for one in above for each in view.subjects(_BROADER, NamedNode(one))}
    else:
        schemes = [value.value for value in thing.said.get(_IN_SCHEME, ())]
        members = {each for one in schemes for each in view.subjects(_IN_SCHEME, NamedNode(one))}
        found = {each for each in members if not view.values(each, _BROADER)}
    return linked(desk, found - {thing.iri}) if len(found) <= _MANY else ()
