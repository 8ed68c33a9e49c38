"""What stands around every page, in a real browser: menus, colours, the map at home."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from endpoint.home import project

DARK = "getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()"

MOVES = """window.moved = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.moved += each.value;
}).observe({ type: 'layout-shift', buffered: true });"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def test_the_colours_chosen_are_remembered(page: Page, shipped_server: str) -> None:
    page.goto(shipped_server)
    light = page.evaluate(DARK)

    page.locator(".tongue-drop summary").click()
    page.get_by_label("Colours").select_option("dark")
    dark = page.evaluate(DARK)
    page.goto(shipped_server + "/country/BRA")

    assert light != dark == page.evaluate(DARK)
    expect(page.get_by_label("Colours")).to_have_value("dark")


def test_a_menu_is_opened_left_and_closed_by_keyboard(page: Page, shipped_server: str) -> None:
    page.goto(shipped_server)
    drop = page.locator(".tongue-drop")
    drop.locator("summary").focus()

    page.keyboard.press("Enter")
    expect(drop).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("hreflang") == "en"
    page.keyboard.press("Escape")

    expect(drop).not_to_have_attribute("open", "")
    expect(drop.locator("summary")).to_be_focused()


def test_a_telephone_has_a_menu_without_a_script(browser: Browser, shipped_server: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, java_script_enabled=False, locale="en"
    )
    page = context.new_page()
    page.goto(shipped_server)

    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Countries", exact=True).first.click()

    assert page.url == shipped_server + "/country/"
    context.close()


@pytest.mark.parametrize("path", ["/", "/country/BRA", "/search?q=school", "/practice/brazil-pnae"])
def test_nothing_moves_while_a_page_is_loaded(page: Page, shipped_server: str, path: str) -> None:
    page.add_init_script(MOVES)

    page.goto(shipped_server + path, wait_until="networkidle")

    assert page.evaluate("window.moved") < 0.01


def test_the_map_at_home_shows_who_gave_to_whom(page: Page, shipped_server: str) -> None:
    page.goto(shipped_server)

    box = page.locator(".hero-map > svg").bounding_box()
    assert page.locator(".hero-map .routes path").count() > 100
    assert box and box["width"] > 400
    page.get_by_role("link", name="Explore the map").click()
    assert page.url == shipped_server + "/explore"


def test_each_question_at_home_has_an_answer(page: Page, shipped_server: str) -> None:
    page.goto(shipped_server)
    addresses = [link.get_attribute("href") or "" for link in page.locator(".asks a").all()]

    assert len(addresses) == 6
    for address in addresses:
        page.goto(shipped_server + address)
        links = page.locator("main :is(.card-name, td, .node) a").count()
        assert links, address


def test_points_stand_where_the_land_is_drawn() -> None:
    """What `frontend/src/pictures/projection.js` gives for the same points."""
    assert project(180, 0) == (155.08, 0)
    assert project(0, 90) == (0, -75.48)
    assert project(-47.9, -15.8) == (-40.52, 18.22)
