"""What activities leave unsaid, on the shipped data and against SPARQL."""

from pathlib import Path

import pytest
from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode, Quad, Store

from kg.catalogue import Catalogue
from kg.namespaces import PREFIXES, SDG, expand, thing_iri
from kg.reader import Reader, View
from kg.settings import PROJECT
from kg.snapshots import Snapshots
from kg.textdocuments import documents
from kg.textgaps import ANY, REGIONS, UNSAID, share_of
from kg.textindex import Wanted

KINDS = ("practice", "initiative", "adaptation")
ALL = Wanted(chosen={"kind": KINDS})
NUTRITION = Wanted(chosen={"kind": KINDS, "theme": (thing_iri("theme", "nutrition"),)})
A = thing_iri("practice", "a")


@pytest.fixture(scope="module")
def view(shipped_home: Path) -> View:
    return Reader(Snapshots(shipped_home), Catalogue(PROJECT / "queries")).view()


def _count(view: View, pattern: str) -> int:
    classes = " ".join(expand(f"ssc4c:{kind.capitalize()}").join("<>") for kind in KINDS)
    text = (
        f"PREFIX s: <{PREFIXES['ssc4c']}> SELECT (COUNT(DISTINCT ?x) AS ?n) "
        f"{{ VALUES ?class {{ {classes} }} ?x a ?class {pattern} }}"
    )
    (row,) = view.store.query(text)  # type: ignore[misc]
    return int(row[0].value)


@pytest.mark.parametrize("wanted", [ALL, NUTRITION])
def test_the_grid_counts_each_activity_once(view: View, wanted: Wanted) -> None:
    cells = view.index.weigh(wanted)

    whole = {cell: each for cell, each in cells.items() if ANY not in cell.split()}
    assert sum(share for _, share in whole.values()) == pytest.approx(
        view.index.find(wanted, 0).total
    )
    assert sum(count for count, _ in whole.values()) > view.index.find(wanted, 0).total


@pytest.mark.parametrize(
    ("fact", "pattern"),
    [
        ("year", "FILTER NOT EXISTS { ?x s:startYear ?year }"),
        ("provider", "FILTER NOT EXISTS { ?x s:providerCountry ?country }"),
        ("recipient", "FILTER NOT EXISTS { ?x s:recipientCountry ?country }"),
        ("theme", "FILTER NOT EXISTS { ?x s:theme ?theme }"),
        ("evidence", "FILTER NOT EXISTS { ?x s:hasEvidence ?evidence }"),
        ("verified", "FILTER NOT EXISTS { ?x s:verifiedOn ?day }"),
        (
            "age",
            "FILTER NOT EXISTS { ?x s:populationGroup ?group . ?group s:minAge|s:maxAge ?age }",
        ),
    ],
)
def test_what_lacks_a_fact_is_what_sparql_finds(view: View, fact: str, pattern: str) -> None:
    lacking = view.index.tally(ALL, ["lacks"])["lacks"].get(fact, 0)

    assert lacking == _count(view, pattern)


def test_counts_of_cells_are_those_of_sparql(view: View) -> None:
    cells = view.index.weigh(ALL)

    assert cells[f"2.1 {ANY} {ANY}"][0] == _count(view, f". ?x s:contributesTo <{SDG}2.1>")
    places = "s:recipientCountry|s:inCountry|s:originCountry"
    assert cells[f"2.1 202 {ANY}"][0] == _count(
        view,
        f". ?x s:contributesTo <{SDG}2.1> "
        f"{{ ?x {places} ?c }} UNION {{ ?x s:involvesCountry ?c "
        f"FILTER NOT EXISTS {{ ?x {places} ?other }} }} ?c s:inRegion <{REGIONS[1]}>",
    )
    assert cells[f"{ANY} {ANY} 5-9"][0] == _count(
        view,
        ". ?x s:populationGroup ?g . ?g s:minAge ?low ; s:maxAge ?high "
        "FILTER(?low <= 9 && ?high >= 5)",
    )


def test_each_country_is_in_one_region_of_the_grid(view: View) -> None:
    countries = view.subjects(NamedNode(expand("rdf:type")), NamedNode(expand("ssc4c:Country")))
    in_region = NamedNode(expand("ssc4c:inRegion"))

    for country in countries:
        regions = {value.value for value in view.values(country, in_region)}
        if regions:
            assert len(regions.intersection(REGIONS)) == 1, country


def _document(said: dict[str, str | int]) -> dict[str, tuple[str, ...]]:
    store = Store()
    group = NamedNode(thing_iri("population", "youth"))
    store.extend(
        [
            Quad(NamedNode(A), NamedNode(expand("ssc4c:populationGroup")), group),
            Quad(group, NamedNode(expand("ssc4c:minAge")), Text("15")),
            Quad(group, NamedNode(expand("ssc4c:maxAge")), Text("24")),
            *(Quad(NamedNode(A), NamedNode(expand(n)), Text(str(v))) for n, v in said.items()),
        ]
    )
    (document,) = documents(store, [A])
    return {name: tuple(values) for name, values in document.facets.items()}


def test_an_activity_is_in_the_age_groups_that_its_people_touch() -> None:
    facets = _document({"ssc4c:startYear": 2012, "ssc4c:verifiedOn": "2026-01-31"})

    assert facets["age"] == ("15-17", "18-24")
    assert facets["start"] == ("2012",)
    assert facets["checked"] == ("2026-01-31",)
    assert "year" not in facets["lacks"]
    assert f"{UNSAID} {UNSAID} 15-17" in facets["gap"]
    assert share_of(facets) == 0.5


def test_a_description_is_in_no_grid() -> None:
    store = Store()
    node = NamedNode(thing_iri("challenge", "a"))
    store.add(Quad(node, NamedNode(expand("dcterms:title")), Text("A", language="en")))
    (document,) = documents(store, [node.value])

    assert "gap" not in document.facets
    assert "lacks" not in document.facets
