"""Hostile words in records, loaded and published, shown by a real server to a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import expand, thing_iri
from kg.records import Record
from kg.settings import Settings
from tests.endpoint.conftest import Server, running_server
from tests.endpoint.homes import publish_records

MARKUP = "<script>window.harmed=1</script><img src=x onerror='window.harmed=1'>"
TURNED = "abc\u202edesrever\u2066 \U0001f9d2\U0001f3fd‍\U0001f33e </script><!--"
LONG = "W" * 10_000
TITLE = f"{MARKUP} {TURNED} {LONG}"
PAGES = (
    "/practice/hostile",
    "/practice/hostile?sources=1",
    "/practice/hostile?lang=ar",
    "/practice/hostile/history",
    "/initiative/hostile",
    "/actor/hostile",
    "/publication/hostile",
    "/practice/",
    "/search?q=reversed",
)


def _record(kind: str, key: str, *said: tuple[str, NamedNode | Literal]) -> Record:
    thing = NamedNode(thing_iri(kind, key))
    triples = [Triple(thing, NamedNode(expand(name)), value) for name, value in said]
    return Record.of("one", kind, key, triples, f"{MARKUP}.csv")


def _link(kind: str) -> NamedNode:
    return NamedNode(thing_iri(kind, "hostile"))


def _class(name: str) -> NamedNode:
    return NamedNode(expand(f"ssc4c:{name}"))


RECORDS = (
    _record(
        "practice",
        "hostile",
        ("rdf:type", _class("Practice")),
        ("dcterms:title", Literal(TITLE, language="en")),
        ("dcterms:description", Literal(f"{TURNED} {MARKUP} {LONG}", language="en")),
        ("ssc4c:beneficiariesStated", Literal(LONG, language="en")),
        ("ssc4c:verifiedOn", Literal("javascript:alert(1)")),
        ("dcterms:source", _link("publication")),
        ("foaf:homepage", NamedNode("javascript:window.harmed=1")),
        ("ssc4c:themeLabel", Literal("javascript:window.harmed=1")),
    ),
    _record(
        "initiative",
        "hostile",
        ("rdf:type", _class("Initiative")),
        ("dcterms:title", Literal(TURNED, language="en")),
        ("ssc4c:carries", _link("practice")),
    ),
    _record(
        "actor",
        "hostile",
        ("rdf:type", _class("Organization")),
        ("skos:prefLabel", Literal(TITLE)),
        ("ssc4c:acronym", Literal(LONG)),
    ),
    _record(
        "publication",
        "hostile",
        ("rdf:type", _class("Publication")),
        ("dcterms:title", Literal(TITLE, language="en")),
        ("schema:url", NamedNode("javascript:window.harmed=1")),
    ),
)


@pytest.fixture(scope="module", name="hostile")
def _hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home: Path = tmp_path_factory.mktemp("hostile")
    settings = Settings(home=home, web_workers=1, query_workers=1)
    publish_records(settings, *RECORDS)
    with running_server(settings) as server:
        yield server


@pytest.fixture(name="page", params=[320, 1280])
def _page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_it_runs_turns_or_overflows(hostile: Server, page: Page, path: str) -> None:
    trouble: list[str] = []
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.on("pageerror", lambda error: trouble.append(str(error)))

    answer = page.goto(hostile.address + path)

    assert answer and answer.status == 200
    assert trouble == []
    assert page.evaluate("window.harmed") is None
    assert page.locator("a[href^='javascript' i], [onerror], main script:not([type])").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert len(page.title()) < 250
    assert "\u202e" not in page.title()


def test_a_title_without_end_is_cut_and_can_be_read_whole(hostile: Server, page: Page) -> None:
    page.goto(f"{hostile.address}/practice/hostile")

    assert len(page.locator("h1").inner_text()) <= 200
    assert len(page.locator(".crumb-here").inner_text()) <= 60
    page.get_by_text("The whole title").click()
    assert LONG in page.locator(".whole").inner_text()


def test_names_turn_nothing_outside_of_them(hostile: Server, page: Page) -> None:
    page.goto(f"{hostile.address}/practice/hostile")

    names = page.locator(".node > a, .crumb-here, h1, .facts dd a, .lead")
    found = names.evaluate_all("all => all.map(one => getComputedStyle(one).unicodeBidi)")
    assert len(found) >= 4
    assert set(found) <= {"isolate", "plaintext", "isolate-override"}


def test_the_data_in_the_page_can_be_read(hostile: Server, page: Page) -> None:
    page.goto(f"{hostile.address}/practice/hostile")

    text = page.locator("script[type='application/ld+json']").inner_text()
    assert json.loads(text)["@graph"][1]["description"]["@value"].startswith("abc")


def test_a_citation_stays_one_line_to_each_field(hostile: Server) -> None:
    text = hostile.get("/practice/hostile/cite.ris").text

    assert [line[:6] for line in text.splitlines()[:3]] == ["TY  - ", "AU  - ", "TI  - "]
    assert "\u202e" not in text
