"""Grades with who gave them, and checks with their age."""

from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from endpoint.addresses import Addresses
from endpoint.standing import Check, read_check, read_grades
from endpoint.values import Shower
from kg.namespaces import expand, thing_iri
from kg.settings import Settings
from tests.endpoint.pages_sample import client_of, sample_client, sample_store, view_of

MEALS = NamedNode(thing_iri("practice", "school-meals"))
HTML = {"Accept": "text/html"}


def _verified(day: str) -> Triple:
    value = Literal(day, datatype=NamedNode(expand("xsd:date")))
    return Triple(MEALS, NamedNode(expand("ssc4c:verifiedOn")), value)


def test_a_grade_comes_with_who_gave_it_and_when() -> None:
    view = view_of(sample_store())
    shower = Shower(view.names, Addresses(), "en")

    (grade,) = read_grades(view.thing(MEALS.value), shower)

    assert [each.text for each in grade.assessors] == ["Editors of this graph"]
    assert (grade.date, grade.anchor) == ("November 2026", "ssc4c-assessment")


def test_the_badge_tells_it_and_leads_to_the_assessment() -> None:
    page = sample_client().get("/practice/school-meals", headers=HTML).text

    badge = page[page.index('<a class="badge grade" href="#ssc4c-assessment">') :]
    assert "Editors of this graph, November 2026" in badge.partition("</a>")[0]


@pytest.mark.parametrize(
    ("days", "check"),
    [
        ((), None),
        (("2026-01-31",), Check("January 31, 2026", False)),
        (("2024-11-01",), Check("November 1, 2024", False)),
        (("2024-10-31",), Check("October 31, 2024", True)),
        (("2020-01-01", "2026-01-31"), Check("January 31, 2026", False)),
        (("some day",), None),
    ],
)
def test_a_check_is_old_after_24_months(days: tuple[str, ...], check: Check | None) -> None:
    view = view_of(sample_store(map(_verified, days)))
    shower = Shower(view.names, Addresses(), "en")

    assert read_check(view.thing(MEALS.value), shower, date(2026, 11, 24)) == check


def test_an_old_check_is_marked() -> None:
    client = client_of(sample_store([_verified("2019-03-01")]), Settings())

    page = client.get("/practice/school-meals", headers=HTML).text

    assert "Checked on March 1, 2019 · more than 24 months ago" in page
