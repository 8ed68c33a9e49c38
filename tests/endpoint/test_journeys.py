"""How knowledge travelled, as the pages draw it."""

import re

import pytest
from pyoxigraph import NamedNode, Triple

from kg.namespaces import expand, thing_iri
from kg.settings import Settings
from tests.endpoint.pages_sample import client_of, sample_client, sample_store

HTML = {"Accept": "text/html"}
Steps = list[tuple[str, list[str]]]


def _steps(page: str) -> Steps:
    """Titles of the stages, with what stands there."""
    way = page[page.index('<ol class="way">') : page.index("</ol>", page.index('<ol class="way">'))]
    steps = re.split(r'<li class="step', way)[1:]
    titles = [re.search(r"<h3>(.*?)</h3>", step) for step in steps]
    nodes = [
        re.findall(r'<li class="node kind-\w+".*?>\s*<[ab][^>]*>(.*?)</[ab]>', step, re.S)
        for step in steps
    ]
    return [(title[1], found) for title, found in zip(titles, nodes, strict=True) if title]


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        (
            "/practice/school-meals",
            [
                ("Began here", ["National School Feeding Programme"]),
                ("Carried on by", ["Purchase from Africans for Africa"]),
                ("Set up elsewhere", ["School meals in &lt;b&gt;Mozambique&lt;/b&gt; &amp; more"]),
            ],
        ),
        (
            "/initiative/school-meals-africa",
            [
                ("What it carries", ["National School Feeding Programme"]),
                ("This initiative", ["Purchase from Africans for Africa"]),
            ],
        ),
        (
            "/adaptation/school-meals-mozambique",
            [
                ("Began as", ["National School Feeding Programme"]),
                ("Set up here", ["School meals in &lt;b&gt;Mozambique&lt;/b&gt; &amp; more"]),
            ],
        ),
    ],
)
def test_the_way_is_drawn_from_the_origin_on(path: str, steps: Steps) -> None:
    page = sample_client().get(path, headers=HTML).text

    assert _steps(page) == steps


def test_countries_and_years_stand_at_each_stage() -> None:
    page = sample_client().get("/practice/school-meals", headers=HTML).text

    way = " ".join(re.sub("<[^>]+>", " ", page[page.index('<ol class="way">') :]).split())
    assert "Programme Brazil since 1955" in way
    assert "Africa Brazil for Malawi, Mozambique 2012–2017" in way


def test_what_the_way_tells_is_not_listed_again() -> None:
    page = sample_client().get("/practice/school-meals", headers=HTML).text

    assert "that carry it to others" not in page
    listed = sample_client().get(
        "/practice/school-meals?relation=ssc4c:carries initiative", headers=HTML
    )
    assert "that carry it to others" in listed.text


def test_a_practice_that_nobody_carried_on_says_so() -> None:
    lone = NamedNode(thing_iri("practice", "lone"))
    store = sample_store(
        [Triple(lone, NamedNode(expand("rdf:type")), NamedNode(expand("ssc4c:Practice")))]
    )

    page = (
        client_of(store, Settings(contact="https://example.org/report"))
        .get("/practice/lone", headers=HTML)
        .text
    )

    assert "No initiative is recorded that carried it to others." in page
    assert page.count("Do you know more?") == 2


def test_who_else_did_it_is_told_only_if_the_way_did_not() -> None:
    client = sample_client()
    practice = client.get("/practice/school-meals", headers=HTML).text
    initiative = client.get("/initiative/school-meals-africa", headers=HTML).text

    assert 'class="arrivals"' not in practice
    arrivals = initiative.partition('class="arrivals"')[2].partition("</dl>")[0]
    assert "/adaptation/school-meals-mozambique" in arrivals
    assert "It comes from" not in initiative
