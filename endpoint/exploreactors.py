"""The picture of who works with whom."""

from typing import Final

from endpoint.explorescope import Scope, best_first
from endpoint.pictures import Picture, Row
from endpoint.texts import _, ngettext

_ACTORS: Final = 40
_LINKS: Final = 150


def draw_actors(scope: Scope) -> Picture:
    """The organisations that take part most, joined where they do so together."""
    counts = dict(best_first(scope.tally("actor"), _ACTORS))
    links = best_first(_together(scope, list(counts)), _LINKS)
    name, link = scope.desk.shower.name, scope.desk.shower.link
    rows, lines = [], []
    for key, count in links:
        one, other = sorted(key.split(" "), key=lambda iri: (-counts[iri], iri))
        address = scope.search(actor=one, **{"with": other})
        rows.append(Row((link(one), link(other), count), address))
        lines.append({"from": one, "to": other, "value": count, "address": address})
    nodes = [
        {"id": iri, "name": name(iri), "value": count, "address": scope.search(actor=iri)}
        for iri, count in counts.items()
    ]
    return Picture(
        "actors",
        "net",
        _("Who works with whom"),
        _tell(scope, counts, links),
        (_("Organisation"), _("Works with"), scope.heading()),
        tuple(rows),
        {"nodes": nodes, "links": lines},
        notes=(
            scope.counts_note(),
            ngettext(
                "Shown: the one organisation that takes part most.",
                "Shown: the %(num)s organisations that take part most, and the pairs of them "
                "that do so together most often.",
                len(counts),
            ),
        ),
    )


def _together(scope: Scope, actors: list[str]) -> dict[str, int]:
    if not actors:
        return {}
    found = scope.index.together(scope.wanted, "actor", actors)
    return {f"{one} {other}": count for (one, other), count in found.items()}


def _tell(scope: Scope, counts: dict[str, int], links: list[tuple[str, int]]) -> str:
    if not counts:
        return _("Nothing in the graph fits this choice.")
    name = scope.desk.shower.name
    best, number = next(iter(counts.items()))
    told = _("%(actor)s takes part most: %(what)s.", actor=name(best), what=scope.words(number))
    if not links:
        return told
    one, other = links[0][0].split(" ")
    return f"{told} " + _(
        "%(one)s and %(other)s work together most often: %(what)s.",
        one=name(one),
        other=name(other),
        what=scope.words(links[0][1]),
    )
