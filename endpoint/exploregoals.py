"""Pictures of goals and themes: the wheel of goals and targets, and themes by region."""

from typing import Any, Final

from pyoxigraph import NamedNode

from endpoint.explorescope import Scope, best_first
from endpoint.pictures import Cell, Picture, Row, safe_colour
from endpoint.texts import _
from endpoint.values import Shown, sort_key
from kg.namespaces import SDG, expand
from kg.textgaps import REGIONS

_COLOUR: Final = NamedNode(expand("ssc4c:colour"))
_GREY: Final = "#6b7672"


def draw_goals(scope: Scope) -> Picture:
    """Goals as a ring, their targets around it."""
    goals = scope.tally("goal")
    targets = scope.tally("target")
    chosen = scope.asked.chosen.get("goal", ())
    shown = [iri for iri in goals if not chosen or iri in chosen]
    ordered = sorted(shown, key=lambda iri: int(iri.removeprefix(SDG)))
    parts = [_goal_part(scope, iri, goals[iri], targets) for iri in ordered]
    rows = [row for iri in ordered for row in _goal_rows(scope, iri, goals[iri], targets)]
    return Picture(
        "goals",
        "wheel",
        _("Goals and their targets"),
        _tell_goals(scope, {iri: goals[iri] for iri in shown}),
        (_("Goal or target"), scope.heading()),
        tuple(rows),
        {"parts": parts},
        notes=(
            scope.counts_note(),
            _("One that serves several targets counts for each of them, so that the outer ring "
              "adds up to more than the inner one."),
            *scope.lacking_note("target", _("%(number)s of %(total)s name no target.")),
        ),
    )  # fmt: skip


def _targets_of(goal: str, targets: dict[str, int]) -> list[str]:
    return sorted(
        (iri for iri in targets if iri.startswith(f"{goal}.")),
        key=lambda iri: sort_key(Shown("", number=iri.removeprefix(SDG))),
    )


def _goal_part(scope: Scope, goal: str, count: int, targets: dict[str, int]) -> dict[str, Any]:
    colour = safe_colour(scope.desk.view.first(goal, _COLOUR)) or _GREY
    parts = [
        _part(scope, iri, targets[iri], colour, scope.search(target=iri))
        for iri in _targets_of(goal, targets)
    ]
    return {**_part(scope, goal, count, colour, scope.search(goal=goal)), "parts": parts}


def _part(scope: Scope, iri: str, count: int, colour: str, address: str) -> dict[str, Any]:
    number = iri.removeprefix(SDG)
    full = f"{number} {scope.desk.shower.name(iri)}"
    return {"name": number, "full": full, "value": count, "colour": colour, "address": address}


def _goal_rows(scope: Scope, goal: str, count: int, targets: dict[str, int]) -> list[Row]:
    link = scope.desk.shower.link
    return [
        Row((link(goal), count), scope.search(goal=goal)),
        *(
            Row((link(iri), targets[iri]), scope.search(target=iri))
            for iri in _targets_of(goal, targets)
        ),
    ]


def _tell_goals(scope: Scope, goals: dict[str, int]) -> str:
    if not goals:
        return _("Nothing in the graph fits this choice.")
    best, count = best_first(goals)[0]
    return _("Goal %(goal)s is served most: %(what)s.", what=scope.words(count),
             goal=f"{best.removeprefix(SDG)} ({scope.desk.shower.name(best)})")  # fmt: skip


def draw_themes(scope: Scope) -> Picture:
    """A table of themes by regions, shaded by how many there are."""
    themes = scope.tally("theme")
    if chosen := scope.asked.chosen.get("theme"):
        themes = {iri: count for iri, count in themes.items() if iri in chosen}
    pairs = scope.index.cross(scope.wanted, ["theme", "region"])
    regions = [each for each in REGIONS if any(pairs.get((theme, each)) for theme in themes)]
    ordered = [iri for iri, _count in best_first(themes)]
    highest = max((pairs.get((t, r), 0) for t in ordered for r in regions), default=0) or 1
    name = scope.desk.shower.name
    return Picture(
        "themes",
        "heat",
        _("Themes by region"),
        _tell_themes(scope, pairs, ordered, regions),
        (_("Theme"), *map(name, regions), _("All regions")),
        tuple(_theme_row(scope, t, regions, pairs, themes, highest) for t in ordered),
        {
            "across": list(map(name, regions)),
            "down": list(map(name, ordered)),
            "cells": [
                [x, y, pairs.get((theme, region), 0), ""]
                for y, theme in enumerate(ordered)
                for x, region in enumerate(regions)
            ],
        },
        notes=(
            scope.counts_note(),
            _("The region is where it takes place; one with several themes or regions counts in "
              "each of them."),
            *scope.lacking_note("region", _("%(number)s of %(total)s name no region.")),
            *scope.lacking_note("theme", _("%(number)s of %(total)s name no theme.")),
        ),
    )  # fmt: skip


def _theme_row(
    scope: Scope,
    theme: str,
    regions: list[str],
    pairs: dict[tuple[str, ...], int],
    themes: dict[str, int],
    highest: int,
) -> Row:
    cells = []
    for region in regions:
        count = pairs.get((theme, region), 0)
        address = scope.search(theme=theme, region=region) if count else ""
        cells.append(Cell(count, address, share=count / highest))
    total = Cell(themes[theme], scope.search(theme=theme))
    return Row((scope.desk.shower.link(theme), *cells, total))


def _tell_themes(
    scope: Scope, pairs: dict[tuple[str, ...], int], themes: list[str], regions: list[str]
) -> str:
    counts = {pair: pairs.get(pair, 0) for pair in ((t, r) for t in themes for r in regions)}
    if not counts:
        return _("Nothing in the graph fits this choice.")
    best = max(counts, key=lambda pair: (counts[pair], pair))
    name = scope.desk.shower.name
    return _("Most is done on %(theme)s in %(region)s: %(what)s.", theme=name(best[0]),
             region=name(best[1]), what=scope.words(counts[best]))  # fmt: skip
