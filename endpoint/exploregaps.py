"""What is missing: the grid of target, region and age group that tells "none" from "unknown".

"None" is a cell that nobody has spoken of and that no record leaves open. "Unknown" is a cell that
nobody has spoken of either, but there are records of the same target that do not say the rest: up
to so many may belong there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from pyoxigraph import NamedNode

from endpoint.explorescope import Scope
from endpoint.pictures import Cell, Picture, Row
from endpoint.searchfacets import name_age
from endpoint.texts import _
from endpoint.values import Shown, sort_key
from kg.namespaces import SDG, expand, thing_iri
from kg.textgaps import AGES, ANY, REGIONS, UNSAID

SIDES: Final = ("region", "age")
_TYPE: Final = NamedNode(expand("rdf:type"))
_TARGET: Final = NamedNode(expand("sdgo:Target"))
_KEYS: Final = {
    "region": tuple(each.rpartition("/")[2] for each in REGIONS),
    "age": tuple(AGES),
}

Weighed = Mapping[str, tuple[int, float]]


@dataclass(frozen=True)
class Grid:
    """The cells of one choice: a table of targets by regions or by age groups."""

    scope: Scope
    by: str
    third: str
    """The value of the other side that is looked at; `ANY` for all."""

    @cached_property
    def weighed(self) -> Weighed:
        """Things and shares of every cell."""
        return self.scope.index.weigh(self.scope.wanted)

    @cached_property
    def other(self) -> str:
        """The side that is not shown."""
        return SIDES[1 - SIDES.index(self.by)]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Values of the side that is shown, the unsaid last."""
        return (*_KEYS[self.by], UNSAID)

    def count(self, target: str, column: str, third: str | None = None) -> int:
        """How many things are in a cell."""
        return self.weighed.get(self._cell(target, column, third or self.third), (0, 0.0))[0]

    def open(self, target: str, column: str) -> int:
        """How many things of the target leave open whether they belong to a cell."""
        if self.third == ANY:
            return self.count(target, UNSAID)
        return (
            self.count(target, column, UNSAID)
            + self.count(target, UNSAID)
            + self.count(target, UNSAID, UNSAID)
        )

    def share(self, target: str, column: str = "") -> float:
        """What the cells of a target, or one of a column, weigh together."""
        columns = (column,) if column else self.columns
        thirds = (*_KEYS[self.other], UNSAID) if self.third == ANY else (self.third,)
        cells = (self._cell(target, each, third) for each in columns for third in thirds)
        return sum(self.weighed.get(cell, (0, 0.0))[1] for cell in cells)

    def total(self, target: str) -> int:
        """How many things there are of a target in the choice."""
        if self.third == ANY:
            return self.weighed.get(f"{target} {ANY} {ANY}", (0, 0.0))[0]
        return self.count(target, ANY)

    def _cell(self, target: str, column: str, third: str) -> str:
        sides = (column, third) if self.by == "region" else (third, column)
        return " ".join((target, *sides))

    def search(self, target: str, column: str = ANY) -> str:
        """The search that lists a cell."""
        chosen: dict[str, str] = {}
        lacking = []
        for side, key in ((self.by, column), (self.other, self.third)):
            if key == UNSAID:
                lacking.append(side)
            elif key != ANY:
                chosen[side] = thing_iri("region", key) if side == "region" else key
        if target == UNSAID:
            lacking.append("target")
        else:
            chosen["target"] = SDG + target
        # Things that lack one of several facts would be listed too; then there is no link.
        return "" if len(lacking) > 1 else self.scope.search(**chosen, lacks=lacking)


def read_grid(scope: Scope) -> Grid:
    """The grid that an address asks for; region and age choose a slice of it."""
    by = scope.options.get("by") or SIDES[0]
    other = SIDES[1 - SIDES.index(by)]
    third = scope.options.get("within") or ANY
    if third not in (*_KEYS[other], UNSAID):
        third = ANY
    asked = replace(
        scope.asked,
        chosen={n: v for n, v in scope.asked.chosen.items() if n not in ("age", "target")},
    )
    return Grid(replace(scope, asked=asked), by, third)


def draw_missing(scope: Scope) -> Picture:
    """Targets by regions or age groups, with what is none and what is unknown."""
    grid = read_grid(scope)
    targets = shown_targets(grid)
    highest = max((grid.count(t, c) for t in targets for c in grid.columns), default=0) or 1
    share_all = sum(grid.share(target) for target in all_targets(grid))
    return Picture(
        "missing",
        "heat",
        _("What is missing"),
        _tell(grid, targets),
        (_("Target"), *(name_key(grid, grid.by, c) for c in grid.columns), _("All"), _("Shares")),
        tuple(_row(grid, target, highest) for target in targets),
        _draw(grid, targets),
        feet=(_foot(grid, share_all),),
        notes=_notes(grid, share_all),
    )


def all_targets(grid: Grid) -> list[str]:
    """The targets of the grid, in order, and last what names none."""
    said = {cell.partition(" ")[0] for cell in grid.weighed} - {ANY, UNSAID}
    return [*_ordered(said), UNSAID]


def shown_targets(grid: Grid) -> list[str]:
    """The targets of the goals that are chosen, whether anybody serves them or not."""
    goals = [iri.removeprefix(SDG) for iri in grid.scope.asked.chosen.get("goal", ())]
    if not goals:
        return [t for t in all_targets(grid) if t != UNSAID or grid.total(UNSAID)]
    known = (iri.removeprefix(SDG) for iri in grid.scope.desk.view.subjects(_TYPE, _TARGET))
    return _ordered({key for key in known if key.partition(".")[0] in goals})


def _ordered(targets: set[str]) -> list[str]:
    return sorted(targets, key=lambda key: sort_key(Shown("", number=key)))


def cells_of(grid: Grid) -> Iterator[tuple[str, str, str, int, float, str, int]]:
    """Every cell of three sides: target, region, age, count, share, state, how many are open."""
    whole = replace(grid, by="region", third=ANY)
    for target in shown_targets(grid):
        for region in (*_KEYS["region"], UNSAID):
            for age in (*_KEYS["age"], UNSAID):
                one = replace(whole, third=age)
                one.__dict__["weighed"] = grid.weighed  # counted once for all cells
                count = one.count(target, region)
                share = grid.weighed.get(f"{target} {region} {age}", (0, 0.0))[1]
                is_said = UNSAID not in (region, age)
                held_open = one.open(target, region) if is_said else 0
                state = "some" if count else "unknown" if held_open else "none"
                yield target, region, age, count, share, state, held_open


def _row(grid: Grid, target: str, highest: int) -> Row:
    cells = [_cell(grid, target, column, highest) for column in grid.columns]
    total = Cell(grid.total(target), grid.search(target) if grid.total(target) else "")
    share = round(grid.share(target), 1)
    return Row((name_target(grid, target), *cells, total, Cell(share)))


def name_target(grid: Grid, target: str) -> Shown | str:
    """A target, or the words for what names none."""
    return _("No target said") if target == UNSAID else grid.scope.desk.shower.link(SDG + target)


def name_key(grid: Grid, side: str, key: str) -> str:
    """A region or an age group, or the words for what names none."""
    if key == UNSAID:
        return _("Region not said") if side == "region" else _("Age not said")
    if side == "region":
        return grid.scope.desk.shower.name(thing_iri("region", key))
    return name_age(key)


def _cell(grid: Grid, target: str, column: str, highest: int) -> Cell:
    count = grid.count(target, column)
    if count:
        return Cell(count, grid.search(target, column), share=count / highest)
    held_open = grid.open(target, column) if column != UNSAID else 0
    if not held_open:
        return Cell(0, text="0", share=0, state="none", meaning=_("none"))
    text = f"≤ {grid.scope.figure(held_open)}"
    meaning = _("unknown, up to %(number)s", number=grid.scope.figure(held_open))
    return Cell(0, text=text, share=0, state="unknown", meaning=meaning)


def _foot(grid: Grid, share_all: float) -> Row:
    """The shares of each column; they add up to the number of things."""
    targets = all_targets(grid)
    sums = (sum(grid.share(target, column) for target in targets) for column in grid.columns)
    total = Cell(grid.scope.total, grid.scope.search()) if grid.third == ANY else Cell(
        round(share_all, 1)
    )  # fmt: skip
    cells = (Cell(round(each, 1)) for each in sums)
    return Row((_("Share, all targets"), *cells, total, Cell(round(share_all, 1))))


def _draw(grid: Grid, targets: list[str]) -> dict[str, Any]:
    return {
        "across": [name_key(grid, grid.by, column) for column in grid.columns],
        "down": [_("No target said") if t == UNSAID else t for t in targets],
        "cells": [
            [x, y, *_drawn(_cell(grid, target, column, 1))]
            for y, target in enumerate(targets)
            for x, column in enumerate(grid.columns)
        ],
    }


def _drawn(cell: Cell) -> tuple[int | float, str, str]:
    """Value, text and state of a cell; one without a number says why it has none."""
    return cell.value, cell.text, cell.state


def _notes(grid: Grid, share_all: float) -> tuple[str | Shown, ...]:
    scope = grid.scope
    return (
        scope.counts_note(),
        _("A number tells how many say so; one with several targets, regions or ages stands in "
          "each of their cells. The share counts each once: it is divided among its cells, and "
          "all shares together are %(sum)s.", sum=scope.figure(round(share_all))),
        _("0 is none: nobody has said so, and everybody who names the target says the rest. "
          "≤ is unknown: nobody has said so, but so many name the target and leave the rest "
          "open."),
        _("Ages are those of the groups of people that are named; groups without ages, such as "
          "refugees, tell none."),
        *scope.lacking_note("age", _("%(number)s of %(total)s name no age.")),
        *scope.lacking_note("region", _("%(number)s of %(total)s name no region.")),
        *scope.lacking_note("target", _("%(number)s of %(total)s name no target.")),
    )  # fmt: skip


def _tell(grid: Grid, targets: list[str]) -> str:
    said = [column for column in grid.columns if column != UNSAID]
    cells = [(t, c) for t in targets if t != UNSAID for c in said]
    empty = [cell for cell in cells if not grid.count(*cell)]
    unknown = sum(1 for cell in empty if grid.open(*cell))
    figure = grid.scope.figure
    return _("Of %(cells)s cells, %(some)s are known to be served, %(none)s are none and "
             "%(unknown)s unknown.", cells=figure(len(cells)), unknown=figure(unknown),
             some=figure(len(cells) - len(empty)), none=figure(len(empty) - unknown))  # fmt: skip
