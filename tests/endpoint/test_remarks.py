"""What checks noted, at the place where the fact stands or would stand."""

import re

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.namespaces import SDG, SHAPES, expand, thing_iri
from kg.records import meta_graph
from kg.settings import Settings
from tests.endpoint.pages_sample import client_of, graph_of, sample_store

INITIATIVE = thing_iri("initiative", "school-meals-africa")
ADAPTATION = thing_iri("adaptation", "school-meals-mozambique")
NO_YEAR = "No year is given. Name the year in which it began, if a source tells it."
ONE_SIDE = (
    "Only one side is named: those who give or those who receive. A claim of one side is weaker; "
    "name the other."
)
NO_TARGET = (
    "A goal is named, but none of its targets or indicators. Name the target that is meant, if a "
    "source tells it."
)
UNTOLD = "It is not told whether the evidence speaks for the activity or against it."


def _page(
    thing: str,
    rule: str,
    message: str,
    query: str = "",
    extra: tuple[Triple, ...] = (),
    **said: NamedNode,
) -> str:
    """The page of a thing with one finding."""
    store = sample_store(extra)
    graph, meta = NamedNode(graph_of(thing)), NamedNode(meta_graph(graph_of(thing)))
    finding = NamedNode(f"{graph.value}#finding-1")
    store.add(Quad(graph, NamedNode(expand("ssc4c:hasFinding")), finding, meta))
    told: dict[str, NamedNode | Literal] = {
        "resultMessage": Literal(message, language="en"),
        "sourceShape": NamedNode(SHAPES + rule),
        "focusNode": NamedNode(thing),
        **said,
    }
    for name, value in told.items():
        store.add(Quad(finding, NamedNode(expand(f"sh:{name}")), value, meta))
    client = client_of(store, Settings(contact="https://example.org/report"))
    address = thing.partition("/id")[2] + query
    return client.get(address, headers={"Accept": "text/html"}).get_data(as_text=True)


def _row(page: str, label: str) -> str:
    """One row of the facts as text."""
    found = re.search(rf"<dt>{label}.*?<dd>(.*?)</dd>", page, re.DOTALL)
    assert found, label
    return " ".join(re.sub("<[^>]+>", " ", found[1]).split())


def test_what_is_missing_is_told_where_it_would_stand() -> None:
    page = _page(ADAPTATION, "Activity-yearGiven", NO_YEAR)

    row = _row(page, "Start year")
    assert row.startswith(f"{NO_YEAR} Do you know more? Why we ask")
    assert page.count(NO_YEAR) == 1
    assert 'href="/shapes/#Activity-yearGiven"' in page


def test_a_remark_stands_at_the_value_that_it_is_about() -> None:
    page = _page(INITIATIVE, "Activity-targetOfGoal", NO_TARGET, value=NamedNode(SDG + "2"))

    assert f"2 Zero hunger {NO_TARGET}" in _row(page, "Contributes to, as sources state")


def test_a_remark_on_a_part_stands_in_that_part() -> None:
    practice = thing_iri("practice", "school-meals")
    evidence = NamedNode(f"{practice}#ssc4c-evidence")

    page = _page(practice, "Evidence-directionGiven", UNTOLD, focusNode=evidence)

    block = page[page.index('id="ssc4c-evidence"') :]
    assert _row(block, "Direction").startswith(UNTOLD)


def test_a_missing_side_is_told_among_those_who_take_part() -> None:
    page = _page(INITIATIVE, "SouthSouth-bothSidesNamed", ONE_SIDE)

    parts = page[page.index('id="parts"') : page.index('class="panel record"')]
    assert ONE_SIDE in parts
    assert page.count(ONE_SIDE) == 1


def test_a_side_that_is_missed_is_drawn_as_a_gap() -> None:
    gives = NamedNode(expand("ssc4c:hasParticipation"))
    part = NamedNode(f"{ADAPTATION}#ssc4c-solution-provider-BRA")
    said = (
        Triple(NamedNode(ADAPTATION), gives, part),
        Triple(part, NamedNode(expand("rdf:type")), NamedNode(expand("ssc4c:Participation"))),
        Triple(
            part, NamedNode(expand("ssc4c:role")), NamedNode(thing_iri("role", "solution-provider"))
        ),
        Triple(
            part,
            NamedNode(expand("ssc4c:participantCountry")),
            NamedNode(thing_iri("country", "BRA")),
        ),
    )

    missed = _page(ADAPTATION, "SouthSouth-bothSidesNamed", ONE_SIDE, extra=said)
    silent = _page(ADAPTATION, "Activity-yearGiven", NO_YEAR, extra=said)

    assert "No recipient is named yet." in missed
    assert "No recipient is named yet." not in silent


def test_a_remark_without_a_place_of_its_own_stands_at_the_record() -> None:
    page = _page(INITIATIVE, "Unknown-rule", "Something is odd.")

    assert "Something is odd." in page[page.index('id="origin"') :]


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "Aucune année"), ("es", "año"), ("pt", "ano")]
)
def test_rules_speak_the_language_of_the_reader(language: str, word: str) -> None:
    page = _page(ADAPTATION, "Activity-yearGiven", NO_YEAR, f"?lang={language}")

    assert NO_YEAR not in page
    note = page[page.index('<p class="note">') :].partition("</p>")[0]
    assert word in note


def test_words_that_no_longer_stand_in_the_rule_stay_as_they_were_found() -> None:
    page = _page(ADAPTATION, "Activity-yearGiven", "An older message", "?lang=fr")

    assert '<span lang="en">An older message</span>' in page
