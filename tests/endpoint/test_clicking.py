"""Questions of the competency list, answered by somebody who only clicks and writes plain words.

Each journey starts on the home page; what it finds is held to the answer that SPARQL gives.
"""

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kg.settings import PROJECT

_ANSWERS = PROJECT / "queries" / "competency"
_SCREENS = os.environ.get("SSC4C_TEST_SCREENS", "")
"""Folder for a picture of the last screen of each journey, for those who want to look."""


@pytest.fixture
def reader(browser: Browser, shipped_server: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on the home page of the shipped graph, watched for errors."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    failed: list[str] = []
    page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(shipped_server)
    yield page
    if _SCREENS:
        page.screenshot(path=Path(_SCREENS) / f"{request.node.name}.png", full_page=True)
    context.close()
    assert failed == []


def answers(name: str, column: str) -> list[str]:
    """The distinct values of a column of a written answer, sorted."""
    (file,) = _ANSWERS.glob(f"{name}-*.csv")
    with file.open(encoding="utf-8", newline="") as lines:
        return sorted({row[column] for row in csv.DictReader(lines) if row[column]})


def search(page: Page, words: str = "") -> None:
    """From the home page to the results."""
    box = (
        page.get_by_role("main")
        .get_by_role("searchbox")
        .or_(page.get_by_role("main").get_by_role("combobox"))
    )
    box.first.fill(words)
    page.get_by_role("main").get_by_role("button", name="Search").first.click()
    expect(page.locator("#facets")).to_be_attached()


def open_list(page: Page, facet: str) -> Locator:
    """A list of the search, opened and whole."""
    block = page.locator("details.facet").filter(
        has=page.locator("summary").get_by_text(facet, exact=True)
    )
    if block.get_attribute("open") is None:
        block.locator("summary").click()
    expect(block.locator("label:has(bdi)").first).to_be_visible()
    more = block.get_by_text(re.compile("^Show all"))
    if more.count():
        more.click()
        expect(more).to_have_count(0)
    return block


def choose(page: Page, facet: str, *values: str) -> None:
    """Tick values in a list of the search."""
    for value in values:
        name = page.locator("bdi").get_by_text(value, exact=True)
        open_list(page, facet).locator("label").filter(has=name).click()
        chip = page.locator("#chips").get_by_role("link").filter(has=name)
        expect(chip.first).to_be_visible()


def counts(page: Page, facet: str) -> dict[str, int]:
    """The values of an open list with their numbers."""
    block = open_list(page, facet)
    found = block.locator("label:has(bdi)").evaluate_all(
        "labels => labels.map(each => [each.querySelector('bdi').textContent.trim(), "
        "each.querySelector('b').textContent])"
    )
    return {name: int(number.replace(",", "")) for name, number in found}


def titles(page: Page) -> list[str]:
    """What a page of the results lists, sorted; a hundred fit on it."""
    if page.get_by_label("On a page").input_value() != "100":
        page.get_by_label("On a page").select_option("100")
        expect(page.locator("[data-status]")).not_to_contain_text("–20")
    told = [
        int(number) for number in re.findall(r"\d+", page.locator("[data-status]").inner_text())
    ]
    names = page.locator("#results .card-name a")
    expect(names).to_have_count(told[2] - told[1] + 1 if len(told) > 2 else told[0])
    return sorted(names.all_inner_texts())


def test_practices_for_a_target_that_are_promising_or_better(reader: Page) -> None:
    search(reader)
    choose(reader, "Target", "16.2 End violence against and trafficking of children")
    choose(reader, "What it is", "Practices")
    choose(reader, "Grade", "Promising practice")

    assert titles(reader) == answers("cq-01", "title")


def test_activities_for_a_goal(reader: Page) -> None:
    search(reader)
    choose(reader, "Goal", "4 Quality education")
    choose(reader, "What it is", "Practices", "Adaptations", "Initiatives")

    found = titles(reader)
    shown = reader.locator("#results .card-name a").first
    first = shown.inner_text()
    reader.get_by_role("link", name=re.compile("Next")).click()
    expect(shown).not_to_have_text(first)

    assert sorted({*found, *titles(reader)}) == answers("cq-02", "title")


def test_social_protection_with_nutrition_and_conditional_cash(reader: Page) -> None:
    search(reader, '"conditional cash" theme:"social protection" theme:nutrition')
    choose(reader, "What it is", "Practices")

    assert titles(reader) == answers("cq-05", "title")


def test_instruments_of_a_theme(reader: Page) -> None:
    search(reader)
    choose(reader, "Theme", "Early childhood development")
    choose(reader, "What it is", "Initiatives")

    found = counts(reader, "Instrument")
    assert set(answers("cq-17", "instrumentName")) <= set(found)
    assert found["Study visit"] == 5


def test_who_graded_a_practice(reader: Page) -> None:
    search(reader, "Isange One Stop Centre")
    reader.locator("#results .card-name a").first.click()

    expect(reader.get_by_role("main")).to_contain_text("Editors of SSC4C Graph, November 2026")


def test_adaptations_of_a_practice(reader: Page) -> None:
    search(reader, "Roving Caregivers Programme")
    choose(reader, "What it is", "Practices")
    reader.locator("#results .card-name a").first.click()

    for title in answers("cq-33", "title"):
        expect(reader.get_by_role("main").get_by_role("link", name=title).first).to_be_visible()


def test_country_pairs_on_a_theme(reader: Page) -> None:
    reader.get_by_role("navigation", name="Main").get_by_role("link", name="Explore").click()
    reader.get_by_label("Theme").select_option(label="Water, sanitation and hygiene")

    rows = reader.locator("figure table tbody tr")
    expect(rows).to_have_count(len(pairs()))
    cells = rows.evaluate_all("rows => rows.map(row => [0, 1].map(at => row.cells[at].innerText))")
    assert sorted(map(tuple, cells)) == pairs()


def pairs() -> list[tuple[str, str]]:
    """Who gave to whom on water, sanitation and hygiene."""
    (file,) = _ANSWERS.glob("cq-07-*.csv")
    with file.open(encoding="utf-8", newline="") as lines:
        return sorted((row["providerName"], row["recipientName"]) for row in csv.DictReader(lines))


def test_countries_of_a_region_with_a_theme(reader: Page) -> None:
    search(reader)
    choose(reader, "Theme", "Birth registration")
    choose(reader, "Region", "Western Africa")

    assert set(answers("cq-16", "neighbourName")) <= set(counts(reader, "Country, in any part"))


def test_ideas_that_were_adopted(reader: Page) -> None:
    reader.get_by_role("main").get_by_role("link", name=re.compile("^Ideas")).first.click()
    reader.get_by_role("link", name="A continental initiative on school feeding").click()

    main = reader.get_by_role("main")
    expect(main.get_by_text("Adopted").first).to_be_visible()
    expect(
        main.get_by_role("link", name=re.compile("African Union study visit")).first
    ).to_be_visible()


def test_units_of_an_organisation(reader: Page) -> None:
    search(reader, "UNICEF")
    choose(reader, "What it is", "Organisations")

    assert set(answers("cq-23", "unitName")) <= set(titles(reader))
