"""Pages of things in a real browser: help by keyboard and touch, narrow screens, paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

INITIATIVE = "/initiative/paa-africa"
PAGES = (
    INITIATIVE,
    "/practice/bolsa-familia",
    "/practice/pratham-tarl/history",
    "/adaptation/zambia-catch-up?lang=ar",
    "/adaptation/zambia-catch-up?sources=1",
    "/need/need-brics-milk-banks",
    "/event/gcnf-2015-cabo-verde",
    "/publication/unicef-ssc-for-children-2018",
    "/challenge/school-meals-funding-strategy-lesotho",
)


@pytest.fixture(name="page")
def _page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 800})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_the_narrowest_screen(page: Page, shipped_server: str, path: str) -> None:
    trouble: list[str] = []
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)

    answer = page.goto(shipped_server + path)

    assert answer and answer.status == 200
    assert trouble == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_help_opens_by_keyboard(page: Page, shipped_server: str) -> None:
    page.goto(shipped_server + INITIATIVE)
    help_of_row = page.locator("details.help").first
    assert not help_of_row.locator("p").is_visible()

    help_of_row.locator("summary").focus()
    page.keyboard.press("Enter")

    assert help_of_row.locator("p").is_visible()


def test_targets_of_touch_are_large_enough(page: Page, shipped_server: str) -> None:
    page.goto(shipped_server + "/adaptation/zambia-catch-up?sources=1")

    boxes = [
        target.bounding_box() for target in page.locator(".help > summary, .facts a.says").all()
    ]
    sizes = [(box["width"], box["height"]) for box in boxes if box]
    assert len(sizes) > 20
    assert min(min(size) for size in sizes) >= 24


def test_paper_carries_the_addresses_of_sources(page: Page, shipped_server: str) -> None:
    page.goto(shipped_server + INITIATIVE)
    page.emulate_media(media="print")

    source = page.locator("a.out[href^='http']").first
    shown = source.evaluate("one => getComputedStyle(one, '::after').content")
    assert str(source.get_attribute("href")) in shown
    assert not page.locator("nav.crumbs").is_visible()


PAPER = {
    "country": "/country/BRA",
    "search as a table": "/search?q=school&view=table",
    "picture": "/explore/flows",
    "ready query": "/queries/partners-of-a-country?country=KEN",
    "comparison": "/compare?thing=practice/brazil-pnae&thing=practice/bolsa-familia",
}
SHEET = 680  # what A4 holds between its margins, in pixels
CUT = """wide => [...document.querySelectorAll("main *")].filter((each) => {
  const style = getComputedStyle(each);
  const isCut = ["hidden", "auto", "scroll"].includes(style.overflowY) && each.clientHeight && each.scrollHeight > each.clientHeight + 2;
  const isWide = !each.closest("svg, .unseen, .picture-drawing") && each.getBoundingClientRect().right > wide + 1;
  return each.checkVisibility() && !each.matches(".unseen, .picture-drawing, select, input") && (isCut || isWide);
}).map((each) => `${each.tagName}.${each.className}`)"""  # noqa: E501


@pytest.mark.parametrize("kind", PAPER)
def test_paper_holds_the_whole_page_in_light(
    browser: Browser, shipped_server: str, kind: str
) -> None:
    context = browser.new_context(
        viewport={"width": SHEET, "height": 960}, color_scheme="dark", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(shipped_server + PAPER[kind], wait_until="networkidle")

    page.emulate_media(media="print")

    assert page.evaluate(CUT, SHEET) == []
    assert not page.locator("nav.ways, .foot, button:visible").first.is_visible()
    scheme = page.evaluate("getComputedStyle(document.documentElement).colorScheme")
    assert scheme == "light"
    context.close()
