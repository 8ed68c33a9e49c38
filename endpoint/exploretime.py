"""The picture of when activities began."""

from collections import Counter
from typing import Final

from endpoint.explorescope import Scope, best_first
from endpoint.kinds import name_many
from endpoint.pictures import Cell, Picture, Row
from endpoint.summaries import ACTIVITIES
from endpoint.texts import _

SERIES: Final = ("kind", "form")
_LONGEST: Final = 90
"""Years that are drawn; earlier ones are in the table."""
_UNSAID: Final = ""


def draw_timeline(scope: Scope) -> Picture:
    """Columns of what began in each year, by kind or by form of cooperation."""
    field = scope.options.get("by") or SERIES[0]
    years = {int(year): count for year, count in scope.tally("start").items() if year.isdecimal()}
    pairs = scope.index.cross(scope.wanted, ["start", field])
    keys = _keys(scope, field, pairs)
    counts = {(year, key): pairs.get((str(year), key), 0) for year in years for key in keys if key}
    if _UNSAID in keys:
        for year, total in years.items():
            said = sum(counts[year, key] for key in keys if key)
            counts[year, _UNSAID] = max(total - said, 0)
    span = range(max(min(years), max(years) - _LONGEST), max(years) + 1) if years else range(0)
    return Picture(
        "timeline",
        "timeline",
        _("When they began"),
        _tell(scope, years),
        (_("Year"), *(_name(scope, field, key) for key in keys), scope.heading()),
        tuple(_row(scope, field, year, years[year], keys, counts) for year in sorted(years)),
        {
            "along": [str(year) for year in span],
            "series": [_series(scope, field, key, span, counts) for key in keys],
        },
        notes=(
            scope.counts_note(),
            *scope.lacking_note("year", _("%(number)s of %(total)s name no year of start.")),
        ),
    )


def _keys(scope: Scope, field: str, pairs: dict[tuple[str, ...], int]) -> list[str]:
    """The series, the largest first; for forms also what names none."""
    if field == "kind":
        return [kind for kind in ACTIVITIES if kind in scope.kinds]
    totals: Counter[str] = Counter()
    for (_year, key), count in pairs.items():
        totals[key] += count
    return [*(key for key, _count in best_first(totals)), _UNSAID]


def _name(scope: Scope, field: str, key: str) -> str:
    if key == _UNSAID:
        return _("Form not said")
    return name_many(key, scope.desk.shower) if field == "kind" else scope.desk.shower.name(key)


def _address(scope: Scope, field: str, key: str, year: int) -> str:
    """The search for a part of a column; there is none for what names no form."""
    return scope.search(start=str(year), **{field: key}) if key else ""


def _row(
    scope: Scope,
    field: str,
    year: int,
    total: int,
    keys: list[str],
    counts: dict[tuple[int, str], int],
) -> Row:
    cells = (
        Cell(counts[year, key], _address(scope, field, key, year) if counts[year, key] else "")
        for key in keys
    )
    return Row((str(year), *cells, Cell(total, scope.search(start=str(year)))))


def _series(
    scope: Scope, field: str, key: str, span: range, counts: dict[tuple[int, str], int]
) -> dict[str, object]:
    return {
        "name": _name(scope, field, key),
        "values": [counts.get((year, key), 0) for year in span],
        "addresses": [_address(scope, field, key, year) for year in span],
    }


def _tell(scope: Scope, years: dict[int, int]) -> str:
    if not years:
        return _("Nothing in the graph fits this choice.")
    best = max(years, key=lambda year: (years[year], year))
    return _("Most began in %(year)s: %(what)s. The first began in %(first)s.", year=str(best),
             what=scope.words(years[best]), first=str(min(years)))  # fmt: skip
