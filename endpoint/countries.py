"""The page of a country: what it gives, receives and helps along, with whom and on what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from endpoint.pages import Desk
from endpoint.pictures import Picture, Row, place
from endpoint.portraits import ENOUGH, Line, Lines, Sum, Teller, find, linked, years_chart
from endpoint.texts import _, ngettext
from endpoint.values import Shown, sort_key
from kg.namespaces import expand, split_thing
from kg.profiles import ANY, FACILITATOR
from kg.reader import Thing

_GIVES: Final = "ssc4c:providerCountry"
_RECEIVES: Final = "ssc4c:recipientCountry"
_ROLES: Final[Mapping[str, str]] = {
    _GIVES: "provider",
    _RECEIVES: "recipient",
    FACILITATOR: "facilitator",
}
"""Properties by which a country takes part, with the facet that searches for it."""
_SEAT: Final = NamedNode(expand("ssc4c:seatCountry"))
_MEMBERSHIP: Final = NamedNode(expand("ssc4c:hasMembership"))
_GROUP: Final = NamedNode(expand("ssc4c:inGroup"))
_AS_OF: Final = NamedNode(expand("ssc4c:asOf"))
_REGION: Final = NamedNode(expand("ssc4c:inRegion"))
_BROADER: Final = NamedNode(expand("ssc4c:broaderRegion"))
_MOST: Final = 40


@dataclass(frozen=True)
class Membership:
    """A group that a country belongs to, and the date of the list that says so."""

    group: Shown
    date: str


@dataclass(frozen=True)
class Around:
    """The countries of one region with what each has."""

    region: Shown
    lines: tuple[Line, ...]


def gather_place(desk: Desk, thing: Thing) -> dict[str, Any]:
    """What the page of a country shows beside its record; a region shows its countries."""
    kind = (split_thing(thing.iri) or ("",))[0]
    return _country(desk, thing) if kind == "country" else _region(desk, thing)


def _country(desk: Desk, thing: Thing) -> dict[str, Any]:
    teller = Teller(desk, thing.iri, "country")
    profile = teller.profile
    sums = _sums(teller)
    total = profile.total(ANY)
    return {
        "sums": sums,
        "is_telling": total >= ENOUGH,
        "years": years_chart(desk, [each for each in sums if each.total]),
        "partners": _partners(desk, thing.iri),
        "rankings": [
            teller.rank(_("Themes"), profile.by(ANY, "theme"), "theme"),
            teller.rank(_("Organisations active here"), profile.by(ANY, "actor"), "actor"),
        ],
        "goals": teller.goals(profile.by(ANY, "goal")),
        "seated": _seated(desk, thing.iri),
        "memberships": _memberships(desk, thing),
        "around": _around(desk, thing),
    }


def _sums(teller: Teller) -> list[Sum]:
    titles = {
        _GIVES: _("Gives"),
        _RECEIVES: _("Receives"),
        FACILITATOR: _("Facilitates, by its organisations"),
    }
    profile = teller.profile
    return [
        Sum(
            title,
            profile.total(link),
            find(teller.desk, {_ROLES[link]: (teller.iri,)}),
            profile.by(link, "year"),
        )
        for link, title in titles.items()
    ]


def _partners(desk: Desk, iri: str) -> Picture | None:
    """The countries to which it gave, from which it received and which its partners helped."""
    profile = desk.view.profile(iri)
    by_role = {link: profile.by(link, "country") for link in _ROLES}
    totals = {
        country: [counts.get(country, 0) for counts in by_role.values()]
        for counts in by_role.values()
        for country in counts
    }
    if len(totals) < 2:
        return None
    return _picture(desk, iri, totals)


def _picture(desk: Desk, iri: str, totals: Mapping[str, list[int]]) -> Picture:
    view, shower = desk.view, desk.shower
    best = sorted(totals, key=lambda country: (-sum(totals[country]), country))
    told = [
        number for number in range(len(_ROLES)) if any(each[number] for each in totals.values())
    ]
    titles = (_("Gave to"), _("Received from"), _("Facilitated for"))
    return Picture(
        "partners",
        "places",
        _("Partner countries"),
        " ".join(_tell(number, totals) for number in told),
        (_("Country"), *(titles[number] for number in told)),
        tuple(_row(desk, iri, each, totals[each], told) for each in best),
        {
            "places": [
                place(view, shower, each, sum(totals[each]), desk.addresses.of(each))
                for each in best
            ]
        },
        (_("An activity with several countries on a side is counted for each of them."),),
    )


def _tell(role: int, totals: Mapping[str, list[int]]) -> str:
    """With how many countries it had to do in a role, as a sentence."""
    number = sum(1 for each in totals.values() if each[role])
    if role == 0:
        return ngettext("It gave to one country.", "It gave to %(num)s countries.", number)
    if role == 1:
        return ngettext(
            "It received from one country.", "It received from %(num)s countries.", number
        )
    return ngettext(
        "Its organisations helped one country to receive.",
        "Its organisations helped %(num)s countries to receive.",
        number,
    )


def _row(desk: Desk, iri: str, partner: str, numbers: list[int], told: list[int]) -> Row:
    choices = (
        {"provider": (iri,), "recipient": (partner,)},
        {"provider": (partner,), "recipient": (iri,)},
        {"facilitator": (iri,), "recipient": (partner,)},
    )
    addresses = (find(desk, choices[each]) if numbers[each] else "" for each in told)
    cells = (numbers[each] for each in told)
    return Row((desk.shower.link(partner), *cells), addresses=("", *addresses))


def _seated(desk: Desk, iri: str) -> Lines:
    """Organisations that have their seat here, those in most activities first."""
    view = desk.view
    actors = view.subjects(_SEAT, NamedNode(iri))
    totals = {actor: view.profile(actor).total("ssc4c:involvesActor") for actor in actors}
    best = sorted(actors, key=lambda actor: (-totals[actor], actor))
    lines = tuple(
        Line(desk.shower.link(actor), totals[actor], find(desk, {"actor": (actor,)}))
        for actor in best[:_MOST]
    )
    return Lines(_("Organisations seated here"), lines, max(len(best) - _MOST, 0))


def _memberships(desk: Desk, thing: Thing) -> list[Membership]:
    found = []
    for node in thing.said.get(_MEMBERSHIP, ()):
        said = thing.nested.get(node.value, {})
        dates = [value for value in said.get(_AS_OF, ()) if isinstance(value, Literal)]
        shown = desk.shower.literal(dates[0]).text if dates else ""
        found += [Membership(desk.shower.show(group), shown) for group in said.get(_GROUP, ())]
    return sorted(found, key=lambda each: sort_key(each.group))


def _around(desk: Desk, thing: Thing) -> Around | None:
    """The other countries of its smallest region, with the number of their activities."""
    view = desk.view
    regions = [region.value for region in thing.said.get(_REGION, ())]
    members = {region: view.subjects(_REGION, NamedNode(region)) for region in regions}
    fitting = [region for region in regions if len(members[region]) > 1]
    if not fitting:
        return None
    region = min(fitting, key=lambda each: (len(members[each]), each))
    others = [country for country in members[region] if country != thing.iri]
    return Around(desk.shower.link(region), _with_totals(desk, others))


def _with_totals(desk: Desk, countries: list[str]) -> tuple[Line, ...]:
    return tuple(
        Line(shown, desk.view.profile(shown.iri).total(ANY), find(desk, {"country": (shown.iri,)}))
        for shown in linked(desk, countries)
    )


def _region(desk: Desk, thing: Thing) -> dict[str, Any]:
    """The countries of a region or group of countries, with what each has."""
    view = desk.view
    node = NamedNode(thing.iri)
    nested = (each.partition("#")[0] for each in view.subjects(_GROUP, node))
    countries = sorted({*view.subjects(_REGION, node), *nested})
    return {
        "members": _with_totals(desk, countries),
        "parts": [],
        "narrower_regions": linked(desk, view.subjects(_BROADER, node)),
    }
