"""Whole tasks by keyboard alone: from the top of a page by Tab, in a real browser on the shipped
data; the focus is seen at each stop."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.endpoint.keyboard import Keyboard

FEEDING = "/search?q=school+feeding&provider=BRA"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
        color_scheme="light",
        accept_downloads=True,
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def keyboard(page: Page) -> Keyboard:
    return Keyboard(page)


def _query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_several_choices_are_made_and_one_is_taken_off(
    page: Page, keyboard: Keyboard, shipped_server: str, language: str
) -> None:
    page.goto(f"{shipped_server}/search?q=school+feeding&lang={language}")
    chips = page.locator(".chip")

    keyboard.use("#c-provider-BRA", "Space")
    expect(chips).to_have_count(2)
    keyboard.use("[id^=c-provider-]", "Space")
    expect(chips).to_have_count(3)
    keyboard.use("#chip-2", "Enter", back=True)

    expect(chips).to_have_count(2)
    assert len(_query(page)["provider"]) == 1
    assert keyboard.look() != "nothing"


def test_suggestions_are_walked_through_left_and_taken(
    page: Page, keyboard: Keyboard, shipped_server: str
) -> None:
    page.goto(shipped_server)
    keyboard.go("#home-q")
    keyboard.write("school")
    options = page.locator("[role=option]")
    options.first.wait_for()

    keyboard.press(*["ArrowDown"] * options.count())
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(options.last).to_be_in_viewport(ratio=0.9)
    keyboard.press("Escape")
    expect(page.locator("#home-q")).to_have_value("school")
    expect(options.first).to_be_hidden()
    keyboard.press("ArrowDown")
    options.first.wait_for()
    keyboard.press("ArrowDown")
    address = options.first.get_attribute("data-address")
    keyboard.press("Enter")

    page.wait_for_url(f"**{address}")


def test_a_period_is_chosen(page: Page, keyboard: Keyboard, shipped_server: str) -> None:
    page.goto(shipped_server + FEEDING)

    keyboard.use("#f-year > summary")
    page.locator("#range-from").wait_for()
    keyboard.use("#range-from", *["ArrowRight"] * 3)
    page.wait_for_function(
        "() => !document.body.dataset.searching && location.search.includes('from=')"
    )
    first = page.locator("#range-from").get_attribute("min") or ""
    assert _query(page)["from"] == [str(int(first) + 3)]
    assert keyboard.is_at("#range-from")
    keyboard.use("#range-to", "ArrowLeft")

    page.wait_for_url("**to=**")
    assert keyboard.is_at("#range-to")


def test_columns_are_chosen_and_the_table_is_taken_along(
    page: Page, keyboard: Keyboard, shipped_server: str
) -> None:
    page.goto(shipped_server + FEEDING)

    keyboard.use(".skip")
    keyboard.use("#view-table")
    page.wait_for_url("**view=table**")
    expect(page.locator("#view-table")).to_be_focused()
    keyboard.use("#choose-columns")
    keyboard.use("#column-end", "Space")
    expect(page.get_by_role("columnheader", name="End")).to_be_visible()
    assert keyboard.is_at("#column-end")
    with page.expect_download() as waiting:
        keyboard.use(".search-save a[href*='.csv']")

    assert b",end," in waiting.value.path().read_bytes().splitlines()[0]


def test_two_practices_are_compared_and_the_search_is_there_again(
    page: Page, keyboard: Keyboard, shipped_server: str
) -> None:
    page.goto(f"{shipped_server}{FEEDING}&view=list")
    address = page.url

    keyboard.use(".compare-box input", "Space")
    keyboard.use(".compare-box input", "Space")
    keyboard.use(".compare-bar button")
    page.wait_for_url("**/compare?**")
    assert len(_query(page)["thing"]) == 2
    # Alt and the left arrow in a browser with a window.
    page.go_back()

    assert page.url == address
    expect(page.locator(".compare-box input:checked")).to_have_count(2)


def test_what_travelled_is_asked_and_explained(
    page: Page, keyboard: Keyboard, shipped_server: str
) -> None:
    page.goto(f"{shipped_server}/transfer")

    keyboard.go("select[name=country]")
    keyboard.write("Mozam")
    keyboard.go("[name=problem]")
    keyboard.write("nutrition")
    keyboard.press("Enter")
    page.wait_for_url("**country=MOZ**")
    keyboard.use("details.others > summary")

    expect(page.locator(".why").first).to_be_visible()
    keyboard.use("h3 a")
    page.wait_for_url("**/initiative/**")


def test_language_and_colours_are_changed(
    page: Page, keyboard: Keyboard, shipped_server: str
) -> None:
    page.goto(shipped_server + "/practice/brazil-pnae")

    keyboard.use(".tongue-drop > summary")
    keyboard.use(".tongues a[lang=ar]")
    page.wait_for_url("**lang=ar")
    keyboard.use(".tongue-drop > summary")
    keyboard.use("#theme", "End")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    keyboard.press("Escape")
    expect(page.locator(".tongue-drop > summary")).to_be_focused()


def test_the_table_of_a_picture_is_read_and_files_are_taken(
    page: Page, keyboard: Keyboard, shipped_server: str
) -> None:
    page.goto(shipped_server + "/explore/regions")
    page.locator("figure[data-drawn]").wait_for()

    keyboard.go(".picture-scroll")
    keyboard.press("ArrowDown")
    page.wait_for_function("() => document.activeElement.scrollTop > 0")
    keyboard.use(".picture-table > summary", back=True)
    expect(page.locator("[data-table]")).to_be_hidden()
    with page.expect_download() as waiting:
        keyboard.use("[data-save=svg]")

    assert waiting.value.suggested_filename.endswith(".svg")


def test_cells_are_not_hidden_by_the_heads_of_a_table(
    page: Page, keyboard: Keyboard, shipped_server: str
) -> None:
    page.set_viewport_size({"width": 700, "height": 800})
    page.goto(f"{shipped_server}/explore/missing")

    keyboard.go("tbody tr:nth-child(9) a")
    keyboard.go("tbody tr:first-child a", "Shift+Tab")


def test_who_says_so_and_what_was_changed(
    page: Page, keyboard: Keyboard, shipped_server: str
) -> None:
    page.goto(shipped_server + "/adaptation/zambia-catch-up")

    keyboard.use("a[href*='sources=1']", back=True)
    page.wait_for_url("**sources=1**")
    keyboard.use(".facts a.says")
    page.wait_for_url("**#record-1")
    expect(page.locator("#record-1")).to_be_in_viewport()
    keyboard.use("a[href$='/history']")
    page.wait_for_url("**/history**")
    keyboard.use(".version summary")

    expect(page.locator(".differences")).to_be_visible()


def test_the_code_of_a_query_is_entered_and_left(
    page: Page, keyboard: Keyboard, shipped_server: str
) -> None:
    page.goto(shipped_server + "/sparql")
    page.locator("html[data-editor=ready]").wait_for()

    keyboard.go(".CodeMirror textarea")
    keyboard.write("# ")
    keyboard.press("Tab")
    assert not keyboard.is_at(".CodeMirror textarea")
    keyboard.look()
    keyboard.press("Shift+Tab")
    assert keyboard.is_at(".CodeMirror textarea")
    keyboard.leave()
