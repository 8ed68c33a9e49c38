"""Where the results of a search are: countries with counts, on a map and as a table."""

from dataclasses import replace

from endpoint.pages import Desk
from endpoint.pictures import Picture, Row, place
from endpoint.searchaddress import VIEWS, Asked
from endpoint.texts import _
from endpoint.values import sort_key


def draw_places(desk: Desk, asked: Asked) -> Picture:
    """The countries of the result, each leading to the list of what is found of it."""
    counts = _count(desk, asked)
    listed = replace(asked, view=VIEWS[0])
    rows, places = [], []
    for iri in counts:
        total, given, received = counts[iri]
        address = listed.adding("country", iri).address(desk.addresses)
        rows.append(Row((desk.shower.link(iri), total, given, received), address))
        places.append(place(desk.view, desk.shower, iri, total, address))
    return Picture(
        "places",
        "places",
        _("Where it is"),
        _("How much of what is found each country has a part in; one thing may be of several."),
        (_("Country"), _("In any part"), _("Provided by"), _("Received by")),
        tuple(rows),
        {"places": places},
    )


def _count(desk: Desk, asked: Asked) -> dict[str, tuple[int, int, int]]:
    """For each country its part in the result, what it gives and receives; the most first."""
    index, wanted = desk.view.index, asked.wanted()
    country, given, received = (
        index.cross(wanted, [field]) for field in ("country", "provider", "recipient")
    )
    # A thing counts for the country that it is, too; here it is about what the countries do.
    named = sorted(country, key=lambda key: (-country[key], sort_key(desk.shower.link(key[0]))))
    return {key[0]: (country[key], given.get(key, 0), received.get(key, 0)) for key in named}
