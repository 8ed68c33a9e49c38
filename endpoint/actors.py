"""The page of an organisation or person: its roles over time, its partners, where and on what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from endpoint.pages import Desk
from endpoint.pictures import Picture, Row
from endpoint.portraits import ENOUGH, Sum, Teller, find, linked, years_chart
from endpoint.texts import Words, _, _l
from endpoint.values import Shown
from kg.namespaces import expand
from kg.profiles import ACTORS
from kg.reader import Thing
from kg.textqueries import ROLES

_ANY: Final = ACTORS[0]
_TITLES: Final[Mapping[str, Words]] = {
    _ANY: _l("Takes part"),
    "ssc4c:facilitatingPartner": _l("Facilitates"),
    "ssc4c:leadActor": _l("Leads"),
    "ssc4c:fundingActor": _l("Funds"),
    "ssc4c:implementingActor": _l("Implements"),
}
_FACETS: Final = {_ANY: "actor", **{link: facet for facet, link in ROLES.items()}}
"""The search that lists what an actor does."""
_PARENT: Final = NamedNode(expand("org:subOrganizationOf"))
_NET: Final = 24
"""Partners in the picture."""
_TABLE: Final = 60
"""Partners in the table."""
_BETWEEN: Final = 2
"""Activities together from which on two partners are joined in the picture."""


@dataclass(frozen=True)
class Family:
    """What an organisation is part of, and what is part of it."""

    above: tuple[Shown, ...]
    below: tuple[Shown, ...]


def gather_actor(desk: Desk, thing: Thing) -> dict[str, Any]:
    """What the page of an actor shows beside its record."""
    teller = Teller(desk, thing.iri, "actor")
    profile = teller.profile
    sums = _sums(teller)
    countries = profile.by(_ANY, "country")
    return {
        "sums": sums,
        "is_telling": profile.total(_ANY) >= ENOUGH,
        "years": years_chart(desk, sums),
        "first_years": years_chart(desk, sums[:1]),
        "partners": _partners(desk, thing.iri),
        "countries": teller.countries(
            countries,
            _("Countries it works with"),
            _("Countries that its activities name: %(number)s.", number=len(countries)),
        ),
        "rankings": [
            teller.rank(_("Themes"), profile.by(_ANY, "theme"), "theme"),
            *(
                []
                if len(countries) >= ENOUGH
                else [teller.rank(_("Countries"), countries, "country")]
            ),
        ],
        "goals": teller.goals(profile.by(_ANY, "goal")),
        "family": _family(desk, thing),
    }


def _sums(teller: Teller) -> list[Sum]:
    """Its roles; they overlap, so that they do not add up."""
    profile = teller.profile
    return [
        Sum(
            str(title),
            profile.total(link),
            find(teller.desk, {_FACETS[link]: (teller.iri,)}),
            profile.by(link, "year"),
        )
        for link, title in _TITLES.items()
        if profile.total(link)
    ]


def _partners(desk: Desk, iri: str) -> Picture | None:
    """With whom it worked most, as a net and as a table."""
    counts = desk.view.profile(iri).by(_ANY, "actor")
    if len(counts) < 2:
        return None
    best = sorted(counts, key=lambda actor: (-counts[actor], actor))
    shown = {actor: desk.shower.link(actor) for actor in best[:_TABLE]}
    notes = (
        [_("Those with whom it shares most activities are shown.")] if len(best) > _TABLE else []
    )
    return Picture(
        "partners",
        "net",
        _("Partners"),
        _(
            "It shares activities with %(number)s others, most of them with %(best)s.",
            number=len(best),
            best=shown[best[0]].text,
        ),
        (_("Partner"), _("Activities together")),
        tuple(
            Row((shown[actor], counts[actor]), _shared(desk, iri, actor)) for actor in best[:_TABLE]
        ),
        _net(desk, iri, best[:_NET]),
        tuple(notes),
    )


def _shared(desk: Desk, iri: str, partner: str) -> str:
    """The search for what two took part in together."""
    return find(desk, {"actor": (iri,), "with": (partner,)})


def _net(desk: Desk, iri: str, partners: list[str]) -> dict[str, Any]:
    """The actor in the middle, and its partners joined where they share activities too."""
    profiles = {actor: desk.view.profile(actor) for actor in (iri, *partners)}
    nodes = [
        {
            "id": actor,
            "name": desk.view.first(actor, _ACRONYM) or desk.shower.name(actor),
            "value": profile.total(_ANY),
            "address": desk.addresses.of(actor),
        }
        for actor, profile in profiles.items()
    ]
    links = [
        {"from": one, "to": other, "value": total, "address": _shared(desk, one, other)}
        for number, one in enumerate(profiles)
        for other, total in profiles[one].by(_ANY, "actor").items()
        if other in list(profiles)[number + 1 :] and (one == iri or total >= _BETWEEN)
    ]
    return {"nodes": nodes, "links": links}


_ACRONYM: Final = NamedNode(expand("ssc4c:acronym"))


def _family(desk: Desk, thing: Thing) -> Family | None:
    above = linked(desk, (value.value for value in thing.said.get(_PARENT, ())))
    below = linked(desk, desk.view.subjects(_PARENT, NamedNode(thing.iri)))
    return Family(above, below) if above or below else None
