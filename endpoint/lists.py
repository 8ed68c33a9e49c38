"""What lists of a kind show beside the pages of cards: letters, trees, goals with their targets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from pyoxigraph import NamedNode

from endpoint.concepts import Branch, read_tree
from endpoint.pages import Desk
from endpoint.portraits import GOALS, Line, colour_of, find, linked
from endpoint.summaries import ACTIVITIES
from endpoint.values import Shown, sort_key
from kg.namespaces import expand, thing_iri
from kg.profiles import GOAL, TARGET
from kg.textindex import Hits

BARE: Final = ("country", "actor", "person")
"""Kinds whose things are listed by their names and numbers alone."""
NAMES: Final = 300
"""Names on such a page."""
_TOP: Final = 12
_LETTERS_FROM: Final = 30
_TARGET_OF: Final = NamedNode(expand("sdgo:isTargetOf"))


@dataclass(frozen=True)
class Letter:
    """Names that begin alike."""

    letter: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Goal:
    """A goal with its targets."""

    line: Line
    targets: tuple[Line, ...]


def gather_list(desk: Desk, kind: str, hits: Hits, page: int) -> dict[str, Any]:
    """What the list of a kind shows in place of cards; empty for a kind that has cards."""
    if kind in BARE:
        counts = _counts(desk, kind)
        lines = [_line(desk, kind, hit.iri, counts) for hit in hits.items]
        best = _best(desk, kind, counts) if page == 1 and hits.total > len(hits.items) else ()
        return {"letters": _by_letter(lines), "best": best}
    if kind == "sdg":
        return {"goals": _goals(desk)}
    tree = _tree(desk, kind)
    return {"tree": tree} if tree else {}


def _counts(desk: Desk, kind: str) -> Mapping[str, int]:
    """How many activities each has, for all at once."""
    return desk.view.count("country" if kind == "country" else "actor", ACTIVITIES)


def _line(desk: Desk, kind: str, iri: str, counts: Mapping[str, int]) -> Line:
    facet = "country" if kind == "country" else "actor"
    return Line(desk.shower.link(iri), counts.get(iri, 0), find(desk, {facet: (iri,)}))


def _best(desk: Desk, kind: str, counts: Mapping[str, int]) -> tuple[Line, ...]:
    space = thing_iri(kind, "")
    names = (iri for iri in sorted(counts, key=lambda iri: (-counts[iri], iri)))
    chosen = [iri for iri in names if iri.startswith(space)][:_TOP]
    return tuple(_line(desk, kind, iri, counts) for iri in chosen)


def _by_letter(lines: Iterable[Line]) -> tuple[Letter, ...]:
    """In the order of the alphabet of the page; few names need no letters."""
    ordered = sorted(lines, key=lambda line: sort_key(line.name))
    if len(ordered) < _LETTERS_FROM:
        return (Letter("", tuple(ordered)),) if ordered else ()
    groups = groupby(ordered, key=lambda line: _initial(line.name.text))
    return tuple(Letter(letter, tuple(each)) for letter, each in groups)


def _initial(name: str) -> str:
    """The letter under which a name is looked up: É under E, digits and signs under #."""
    first = sort_key(Shown(name))[1][:1]
    return first.upper() if first.isalpha() else "#"


def _goals(desk: Desk) -> list[Goal]:
    view = desk.view
    return [
        Goal(
            Line(
                desk.shower.link(goal),
                view.profile(goal).total(GOAL),
                find(desk, {"goal": (goal,)}),
                colour_of(desk, goal),
            ),
            tuple(
                Line(
                    target,
                    view.profile(target.iri).total(TARGET),
                    find(desk, {"target": (target.iri,)}),
                )
                for target in linked(desk, view.subjects(_TARGET_OF, NamedNode(goal)))
            ),
        )
        for goal in GOALS
        if view.is_known(goal)
    ]


def _tree(desk: Desk, kind: str) -> tuple[Branch, ...]:
    """The concepts of a kind, if it is one of concepts."""
    return read_tree(desk, kind) if desk.view.is_known(thing_iri("scheme", kind)) else ()
