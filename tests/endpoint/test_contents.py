"""The list of what a long page holds."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from endpoint.contents import Part, list_parts

LONG = "x" * 12_000
COUNTRY = "/country/BRA"


@pytest.fixture(name="wide")
def _wide(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture(name="narrow")
def _narrow(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_sections_are_read_off_the_page() -> None:
    headings = "".join(
        f'<h2 class="a" id="{name}">{name} &amp; <a href="#">b</a></h2>' for name in "wxyz"
    )

    parts = list_parts(headings + "<h2>At a glance</h2>" + LONG)

    assert parts == tuple(Part(name, f"{name} & b") for name in "wxyz")


def test_short_page_has_no_list() -> None:
    assert list_parts('<h2 id="a">A</h2>' * 8) == ()
    assert list_parts('<h2 id="a">A</h2>' + LONG) == ()


@pytest.mark.parametrize(
    "path",
    [COUNTRY, "/practice/brazil-pnae", "/initiative/paa-africa", "/sdg/2.1?lang=ar"],
)
def test_every_section_stands_in_the_list_beside_the_text(
    wide: Page, shipped_server: str, path: str
) -> None:
    wide.goto(shipped_server + path)

    listed = wide.locator(".contents a")
    anchors = listed.evaluate_all("links => links.map(link => link.hash.slice(1))")
    sections = wide.locator("article h2[id]").evaluate_all("all => all.map(each => each.id)")
    assert anchors == sections
    assert len(set(anchors)) == len(anchors) >= 8
    assert listed.last.is_visible()


def test_list_stays_in_view_and_shows_what_is_read(wide: Page, shipped_server: str) -> None:
    wide.goto(shipped_server + COUNTRY)

    wide.get_by_role("link", name="Organisations seated here", exact=True).click()

    current = wide.locator(".contents [aria-current]")
    wide.wait_for_function(
        "() => document.querySelector('.contents [aria-current]')?.hash === '#seated'"
    )
    assert current.count() == 1
    box, text = current.bounding_box(), wide.locator("#seated").bounding_box()
    assert box and text
    assert 0 < box["y"] < 800
    assert box["x"] > text["x"] + text["width"], "the list covers no text"


def test_list_opens_on_a_telephone_without_script(narrow: Page, shipped_server: str) -> None:
    narrow.goto(shipped_server + COUNTRY)
    link = narrow.locator(".contents a[href='#seated']")
    assert not link.is_visible()

    narrow.locator(".contents summary").focus()
    narrow.keyboard.press("Enter")
    link.click()

    box = narrow.locator("#seated").bounding_box()
    assert box and 0 <= box["y"] < 800


def test_list_is_not_printed_and_short_pages_have_none(wide: Page, shipped_server: str) -> None:
    wide.goto(shipped_server + COUNTRY)
    wide.emulate_media(media="print")
    assert not wide.locator(".contents").is_visible()

    wide.goto(shipped_server + "/idea/idea-1000-for-1000")
    assert wide.locator(".contents").count() == 0
