"""Pictures of who gives to whom: countries on a map, and regions."""

from collections.abc import Mapping
from typing import Any

from endpoint.explorescope import Scope, best_first, regions_of
from endpoint.pictures import Kind, Picture, Row, place
from endpoint.texts import _
from kg.namespaces import thing_iri

ROLES = ("", "provider", "recipient", "facilitator")
_ROWS = 250
_ARCS = 150


def draw_flows(scope: Scope) -> Picture:
    """The world with an arc from each provider to each of its recipients."""
    country = next(iter(scope.asked.chosen.get("country", ())), "")
    role = scope.options.get("role", "")
    narrowed = scope.choosing(country=(), **{role: country}) if country and role else scope
    flows = _flows(narrowed, country, role)
    shades = narrowed.tally(_shaded_role(country, role))
    return Picture(
        "flows",
        "flows",
        _("Who gives to whom"),
        _tell_flows(narrowed, _shaded_role(country, role), shades, flows),
        (_("Provider"), _("Recipient"), scope.heading()),
        tuple(_row(narrowed, pair, count) for pair, count in flows),
        {
            "places": _places(narrowed, _shaded_role(country, role), shades, flows),
            "arcs": [_arc(narrowed, pair, count) for pair, count in flows[:_ARCS]],
        },
        most_rows=_ROWS,
        notes=(
            narrowed.counts_note(),
            _("One with several countries counts once for each pair of them; arcs bend to the "
              "left of their way and end in an arrow at the recipient."),
            _shading(_shaded_role(country, role)),
            *_bounds(narrowed, len(flows)),
            *_lacking(narrowed),
        ),
    )  # fmt: skip


def _shading(role: str) -> str:
    return {
        "provider": _("The stronger the colour of a country, the more it gives."),
        "recipient": _("The stronger the colour of a country, the more it receives."),
        "facilitator": _(
            "The stronger the colour of a country, the more is facilitated from there."
        ),
    }[role]


def _bounds(scope: Scope, flows: int) -> tuple[str, ...]:
    """What is left out of the picture and of its table, if anything."""
    if flows <= _ARCS:
        return ()
    shown = {"flows": scope.figure(flows), "arcs": scope.figure(_ARCS)}
    if flows <= _ROWS:
        return (_("Of %(flows)s pairs of countries, the %(arcs)s strongest are drawn.", **shown),)
    return (_("Of %(flows)s pairs of countries, the %(arcs)s strongest are drawn and %(rows)s are "
              "in the table, all in the files.", rows=scope.figure(_ROWS), **shown),)  # fmt: skip


def _lacking(scope: Scope) -> tuple[Any, ...]:
    return (
        *scope.lacking_note("provider", _("%(number)s of %(total)s name no provider.")),
        *scope.lacking_note("recipient", _("%(number)s of %(total)s name no recipient.")),
    )


def _shaded_role(country: str, role: str) -> str:
    """By what countries are shaded: their own role, or that of the partners of one country."""
    if country and role in ("provider", "recipient"):
        return "recipient" if role == "provider" else "provider"
    return role or "provider"


def _flows(scope: Scope, country: str, role: str) -> list[tuple[tuple[str, str], int]]:
    key = country.rpartition("/")[2]
    found = []
    for flow, count in best_first(scope.tally("flow")):
        giver, _space, taker = flow.partition(" ")
        ends = {"provider": (giver,), "recipient": (taker,), "": (giver, taker)}.get(role)
        if not country or ends is None or key in ends:
            found.append(((giver, taker), count))
    return found


def _iris(pair: tuple[str, str]) -> tuple[str, str]:
    return thing_iri("country", pair[0]), thing_iri("country", pair[1])


def _row(scope: Scope, pair: tuple[str, str], count: int) -> Row:
    giver, taker = _iris(pair)
    link = scope.desk.shower.link
    return Row((link(giver), link(taker), count), scope.search(provider=giver, recipient=taker))


def _arc(scope: Scope, pair: tuple[str, str], count: int) -> dict[str, Any]:
    giver, taker = _iris(pair)
    address = scope.search(provider=giver, recipient=taker)
    return {"from": pair[0], "to": pair[1], "value": count, "address": address}


def _places(
    scope: Scope, role: str, shades: Mapping[str, int], flows: list[tuple[tuple[str, str], int]]
) -> list[dict[str, Any]]:
    ends = {iri for pair, _count in flows[:_ARCS] for iri in _iris(pair)}
    view, shower = scope.desk.view, scope.desk.shower
    return [
        place(view, shower, iri, shades.get(iri, 0), scope.search(**{role: iri}))
        for iri in sorted({*shades, *ends})
    ]


def _tell_flows(
    scope: Scope,
    role: str,
    shades: Mapping[str, int],
    flows: list[tuple[tuple[str, str], int]],
) -> str:
    if not shades:
        return _("Nothing in the graph fits this choice.")
    best, number = best_first(shades)[0]
    values = {"country": scope.desk.shower.name(best), "what": scope.words(number)}
    key = best.rpartition("/")[2]
    side = {"provider": 0, "recipient": 1}.get(role)
    partner = next((f for f in flows if side is not None and f[0][side] == key), None)
    if role == "facilitator":
        return _("%(country)s facilitates most: %(what)s.", **values)
    if partner is None:
        if role == "provider":
            return _("%(country)s gives most: %(what)s.", **values)
        return _("%(country)s receives most: %(what)s.", **values)
    other = _iris(partner[0])[1 - (side or 0)]
    values |= {"other": scope.desk.shower.name(other), "number": scope.figure(partner[1])}
    if role == "provider":
        return _("%(country)s gives most: %(what)s, most often to %(other)s (%(number)s).",
                 **values)  # fmt: skip
    return _("%(country)s receives most: %(what)s, most often from %(other)s (%(number)s).",
             **values)  # fmt: skip


def draw_regions(scope: Scope) -> Picture:
    """Regions that give and regions that receive, as streams or as a ring."""
    pairs = best_first(_count_regions(scope))
    regions = list(dict.fromkeys(end for pair, _count in pairs for end in pair.split(" ")))
    link = scope.desk.shower.link
    ends = _ends(scope)
    rows, links = [], []
    for pair, count in pairs:
        giver, taker = pair.split(" ")
        address = scope.search(provider=ends[0][giver], recipient=ends[1][taker])
        rows.append(Row((link(giver), link(taker), count), address))
        links.append({"from": giver, "to": taker, "value": count, "address": address})
    nodes = [
        {"id": region, "name": link(region).text, "value": 0, "address": ""} for region in regions
    ]
    kind: Kind = "chord" if scope.options.get("as") == "chord" else "sankey"
    return Picture(
        "regions",
        kind,
        _("From region to region"),
        _tell_regions(scope, pairs),
        (_("Providing region"), _("Receiving region"), scope.heading()),
        tuple(rows),
        {"nodes": nodes, "links": links},
        notes=(
            scope.counts_note(),
            _("One whose countries lie in several regions counts once for each pair of them."),
            *_lacking(scope),
        ),
    )


def _ends(scope: Scope) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    givers, takers = (regions_of(scope, sorted(scope.tally(f))) for f in ("provider", "recipient"))
    return givers, takers


def _count_regions(scope: Scope) -> dict[str, int]:
    """Activities for each pair of regions, each once, as the search counts them."""
    givers, takers = _ends(scope)
    found = {}
    for giver, taker in _pairs_of_regions(scope, givers, takers):
        narrowed = scope.choosing(provider=givers[giver], recipient=takers[taker])
        if count := scope.count(narrowed.wanted):
            found[f"{giver} {taker}"] = count
    return found


def _pairs_of_regions(
    scope: Scope, givers: Mapping[str, list[str]], takers: Mapping[str, list[str]]
) -> set[tuple[str, str]]:
    """The pairs between whose countries anything goes at all."""
    sides = [
        {country.rpartition("/")[2]: region for region, each in side.items() for country in each}
        for side in (givers, takers)
    ]
    pairs = (flow.split(" ") for flow in scope.tally("flow"))
    return {
        (sides[0][giver], sides[1][taker])
        for giver, taker in pairs
        if giver in sides[0] and taker in sides[1]
    }


def _tell_regions(scope: Scope, pairs: list[tuple[str, int]]) -> str:
    if not pairs:
        return _("Nothing in the graph fits this choice.")
    giver, taker = pairs[0][0].split(" ")
    name = scope.desk.shower.name
    if giver == taker:
        return _("Most stays within %(region)s: %(what)s.", region=name(giver),
                 what=scope.words(pairs[0][1]))  # fmt: skip
    return _("Most goes from %(giver)s to %(taker)s: %(what)s.", giver=name(giver),
             taker=name(taker), what=scope.words(pairs[0][1]))  # fmt: skip
