"""What activities leave unsaid: facts that they lack, and their cells in the grid of what is done.

The grid is SDG target × region × age group. An activity stands in every cell of which it says all
three; what it does not say is ``-``. In each of its cells it weighs one part of their number, so
that the weights of the whole grid add up to the number of activities.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from pyoxigraph import NamedNode

from kg.namespaces import expand, thing_iri
from kg.textfacets import ACTIVITIES, Facets, Statement, Told

GAP_FACETS: Final = ("start", "age", "lacks", "source", "checked", "gap")
"""Fields as in `kg.textfacets`: years, age groups, names of facts, sources, days, cells."""
AGES: Final[Mapping[str, tuple[int, int]]] = {
    "0-4": (0, 4),
    "5-9": (5, 9),
    "10-14": (10, 14),
    "15-17": (15, 17),
    "18-24": (18, 24),
}
"""Age groups with their years; a group of people is in each that its own years touch."""
REGIONS: Final = tuple(
    thing_iri("region", number)
    for number in (
        *("015", "202", "419", "021", "143", "030", "035", "034", "145"),
        *("150", "009"),
    )
)
"""M49 sub-regions; Europe and Oceania as a whole. Each country is in one of them."""
FACTS: Final = (
    *("year", "provider", "recipient", "region", "target", "theme", "age"),
    *("evidence", "verified"),
)
"""What an activity may lack."""
UNSAID: Final = "-"
ANY: Final = "*"
"""Stands in a cell for all values of that side, said or not."""

_START: Final = NamedNode(expand("ssc4c:startYear"))
_VERIFIED: Final = NamedNode(expand("ssc4c:verifiedOn"))
_KNOWN_BY: Final = ("provider", "recipient", "target", "theme", "age", "evidence")


def read_gaps(
    kind: str, own: Sequence[Statement], facets: Facets, told: Told
) -> dict[str, Sequence[str]]:
    """The values of `GAP_FACETS` of a thing; none if it is no activity."""
    if kind not in ACTIVITIES:
        return {}
    found: dict[str, Sequence[str]] = {
        "start": sorted({value.value[:4] for name, value in own if name == _START})[:1],
        "checked": sorted({value.value[:10] for name, value in own if name == _VERIFIED})[-1:],
        "age": _ages(facets.get("population", ()), told),
    }
    known = {name for name in _KNOWN_BY if facets.get(name) or found.get(name)}
    known |= {"region"} if any(each in REGIONS for each in facets.get("region", ())) else set()
    known |= {"year"} if found["start"] else set()
    known |= {"verified"} if found["checked"] else set()
    found["lacks"] = [name for name in FACTS if name not in known]
    found["gap"] = list(_cells(*_sides(facets, found["age"])))
    return found


def share_of(facets: Facets) -> float:
    """How much an activity weighs in each of its cells."""
    sides = _sides(facets, facets.get("age", ()))
    return 1 / (len(sides[0]) * len(sides[1]) * len(sides[2]))


def write_cell(target: str, region: str, age: str) -> str:
    """A cell as the index names it: ``2.1 202 5-9``."""
    return f"{_key(target)} {_key(region)} {age}"


def _sides(facets: Facets, ages: Sequence[str]) -> tuple[Sequence[str], ...]:
    regions = [each for each in facets.get("region", ()) if each in REGIONS]
    return facets.get("target") or (UNSAID,), regions or (UNSAID,), ages or (UNSAID,)


def _cells(targets: Sequence[str], regions: Sequence[str], ages: Sequence[str]) -> Iterator[str]:
    """Cells of all three sides, and those of one or two sides for counts of things."""
    sides = (
        (targets, regions, ages),
        (targets, regions, (ANY,)),
        (targets, (ANY,), ages),
        (targets, (ANY,), (ANY,)),
        ((ANY,), regions, (ANY,)),
        ((ANY,), (ANY,), ages),
    )
    for each in sides:
        for cell in product(*each):
            yield write_cell(*cell)


def _ages(groups: Sequence[str], told: Told) -> list[str]:
    """The age groups that groups of people are in; those without years are in none."""
    told_ages = filter(None, (told.tell("ages", group) for group in groups))
    spans = [(float(low), float(high)) for low, high in told_ages]
    return [
        name
        for name, (first, last) in AGES.items()
        if any(low <= last and high >= first for low, high in spans)
    ]


def _key(iri: str) -> str:
    return iri.rpartition("/")[2]
