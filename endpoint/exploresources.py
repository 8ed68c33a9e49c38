"""How complete and fresh what each source says is, and challenges that nobody answers."""

from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from endpoint.explorescope import Scope
from endpoint.kinds import name_many
from endpoint.pictures import Cell, Picture, Row
from endpoint.searchfacets import FACTS as _FACTS
from endpoint.summaries import ACTIVITIES
from endpoint.texts import _, comma
from endpoint.values import Shown, format_literal
from kg.namespaces import expand, thing_iri
from kg.textgaps import FACTS

_THEME: Final = NamedNode(expand("ssc4c:theme"))
_COUNTRY: Final = NamedNode(expand("ssc4c:affectsCountry"))
_DATE: Final = NamedNode(expand("xsd:date"))
_MOST: Final = 500

Counts = Mapping[tuple[str, ...], int]


def draw_sources(scope: Scope) -> Picture:
    """The share of records with each fact, for each source and kind."""
    totals = scope.index.cross(scope.wanted, ["source", "kind"])
    lacking = scope.index.cross(scope.wanted, ["source", "kind", "lacks"])
    checked = _newest(scope.index.cross(scope.wanted, ["source", "kind", "checked"]))
    ordered = sorted(totals, key=lambda each: (each[0], ACTIVITIES.index(each[1])))
    return Picture(
        "sources",
        "heat",
        _("How complete and how fresh"),
        _tell(scope, totals, lacking),
        (
            *(_("Source"), _("Kind"), _("Records")),
            *(str(_FACTS[fact]) for fact in FACTS),
            _("Newest check"),
        ),
        tuple(_row(scope, each, totals[each], lacking, checked) for each in ordered),
        _draw(scope, ordered, totals, lacking),
        notes=(
            scope.counts_note(),
            _("The share of records that say each fact; a share leads to those that do not. "
              "Verified: an editor has checked the record against its sources and told the day."),
        ),
    )  # fmt: skip


def _newest(counts: Counts) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for source, kind, day in counts:
        found[source, kind] = max(found.get((source, kind), ""), day)
    return found


def _row(
    scope: Scope,
    key: tuple[str, ...],
    total: int,
    lacking: Counts,
    checked: Mapping[tuple[str, ...], str],
) -> Row:
    source, kind = key
    day = checked.get(key, "")
    when = format_literal(Literal(day, datatype=_DATE), scope.desk.language) if day else _("never")
    return Row(
        (
            scope.desk.shower.link(thing_iri("source", source)),
            name_many(kind, scope.desk.shower),
            Cell(total, scope.search(source=source, kind=kind)),
            *(_share(scope, key, fact, total, lacking.get((*key, fact), 0)) for fact in FACTS),
            when,
        )
    )


def _draw(
    scope: Scope, ordered: list[tuple[str, ...]], totals: Counts, lacking: Counts
) -> dict[str, Any]:
    shower = scope.desk.shower
    cells = []
    for y, key in enumerate(ordered):
        for x, fact in enumerate(FACTS):
            share = 1 - lacking.get((*key, fact), 0) / totals[key]
            cells.append([x, y, round(share, 4), _percent(share)])
    return {
        "across": [str(_FACTS[fact]) for fact in FACTS],
        "down": [f"{source}: {name_many(k, shower)}" for source, k in ordered],
        "cells": cells,
    }


def _share(scope: Scope, key: tuple[str, ...], fact: str, total: int, without: int) -> Cell:
    share = (total - without) / total
    address = scope.search(source=key[0], kind=key[1], lacks=fact) if without else ""
    return Cell(round(share, 4), address, _percent(share), share=share)


def _percent(share: float) -> str:
    """A share in whole hundredths; only what is whole is told as 100 %."""
    return f"{int(share * 100 + (0.5 if share < 0.99 else 0))} %"


def _tell(scope: Scope, totals: Counts, lacking: Counts) -> str:
    total = sum(totals.values())
    if not total:
        return _("Nothing in the graph fits this choice.")
    without = {
        fact: sum(count for key, count in lacking.items() if key[2] == fact) for fact in FACTS
    }
    best = min(FACTS, key=lambda fact: without[fact])
    worst = max(FACTS, key=lambda fact: without[fact])
    return _("Best known: %(best)s (%(most)s of records). Least known: %(worst)s (%(least)s).",
             best=str(_FACTS[best]).lower(), most=_percent(1 - without[best] / total),
             worst=str(_FACTS[worst]).lower(),
             least=_percent(1 - without[worst] / total))  # fmt: skip


def draw_challenges(scope: Scope) -> Picture:
    """Challenges that no activity answers, the newest first."""
    themes = set(scope.asked.chosen.get("theme", ()))
    countries = set(scope.asked.chosen.get("country", ()))
    found = [
        (row["challenge"].value, row["year"].value if row["year"] else "")
        for row in scope.desk.view.ask("challenges-without-an-answer")
        if row["challenge"]
    ]
    rows = [_challenge(scope, iri, year) for iri, year in found]
    fitting = [
        row
        for row, named in rows
        if (not themes or themes & named) and (not countries or countries & named)
    ]
    return Picture(
        "challenges",
        "table",
        _("Challenges without an answer"),
        _("%(number)s of %(total)s challenges are answered by no practice, initiative or "
          "adaptation in the graph.", number=scope.figure(len(fitting)),
          total=scope.figure(scope.desk.view.kinds().get("challenge", 0))),
        (_("Challenge"), _("Countries"), _("Themes"), _("Year")),
        tuple(fitting[:_MOST]),
        {},
        notes=(
            _("That nobody answers means: no record says so. State of the graph: %(date)s.",
              date=scope.desk.state),
            Shown(_("All challenges"), scope.desk.addresses.carry("/challenge/")),
        ),
    )  # fmt: skip


def _challenge(scope: Scope, iri: str, year: str) -> tuple[Row, set[str]]:
    view, name = scope.desk.view, scope.desk.shower.name
    countries = [each.value for each in view.values(iri, _COUNTRY)]
    themes = [each.value for each in view.values(iri, _THEME)]
    cells = (
        scope.desk.shower.link(iri),
        comma().join(sorted(map(name, countries))),
        comma().join(sorted(map(name, themes))),
        year[:4],
    )
    return Row(cells), {*countries, *themes}
