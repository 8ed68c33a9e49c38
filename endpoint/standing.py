"""How well a thing is established: its grades with who gave them, and when it was last checked."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from endpoint.cards import GRADE
from endpoint.values import Shower, Shown
from kg.namespaces import expand
from kg.reader import Thing

_ASSESSMENT: Final = NamedNode(expand("ssc4c:hasAssessment"))
_GRADE: Final = NamedNode(expand("ssc4c:grade"))
_ASSESSOR: Final = NamedNode(expand("ssc4c:assessor"))
_ASSESSED: Final = NamedNode(expand("ssc4c:assessedOn"))
_VERIFIED: Final = NamedNode(expand("ssc4c:verifiedOn"))
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
_MONTHS: Final = 24
"""After so many months a check counts as old, as the shape `Activity-verifiedLately` has it."""


@dataclass(frozen=True)
class Grade:
    """A grade that holds now."""

    name: Shown
    assessors: tuple[Shown, ...] = ()
    date: str = ""
    anchor: str = ""
    """Where the page tells of the assessment."""


@dataclass(frozen=True)
class Check:
    """The day on which somebody last looked whether the record still holds."""

    day: str
    is_old: bool


def read_grades(thing: Thing, shower: Shower) -> list[Grade]:
    """The current grades with the latest assessment that gave each."""
    return [_grade(grade.value, thing, shower) for grade in thing.all.get(GRADE, ())]


def read_check(thing: Thing, shower: Shower, today: date) -> Check | None:
    """The latest check, if a record tells of one."""
    values = (value for value in thing.said.get(_VERIFIED, ()) if isinstance(value, Literal))
    days = [value for value in values if _DAY.fullmatch(value.value)]
    if not days:
        return None
    latest = max(days, key=lambda day: day.value)
    return Check(shower.literal(latest).text, _is_old(latest.value, today))


def _grade(iri: str, thing: Thing, shower: Shower) -> Grade:
    nodes = [value.value for value in thing.said.get(_ASSESSMENT, ())]
    given = [node for node in nodes if NamedNode(iri) in thing.nested.get(node, {}).get(_GRADE, ())]
    if not given:
        return Grade(shower.link(iri))
    node = max(given, key=lambda each: str(thing.nested[each].get(_ASSESSED, ())))
    said = thing.nested[node]
    return Grade(
        shower.link(iri),
        tuple(map(shower.show, said.get(_ASSESSOR, ()))),
        next((shower.show(value).text for value in said.get(_ASSESSED, ())), ""),
        node.partition("#")[2],
    )


def _is_old(day: str, today: date) -> bool:
    """Months are counted, not days."""
    return int(day[:4]) * 12 + int(day[5:7]) + _MONTHS < today.year * 12 + today.month
