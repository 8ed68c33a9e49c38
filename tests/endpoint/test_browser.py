"""Pages in a real browser: nothing overflows, nothing fails, nothing is fetched from elsewhere."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

ASK = "SELECT ?p ?title { ?p a ?c ; <http://purl.org/dc/terms/title> ?title } ORDER BY ?p LIMIT 50"
PAGES = (
    "/",
    "/search?q=birth+registration",
    "/practice/",
    "/practice/brazil-pnae",
    "/compare?thing=practice/brazil-pnae&thing=practice/benin-pnasi&thing=initiative/paa-africa",
    "/compare?thing=practice/zvandiri",
    "/transfer",
    "/transfer?country=MWI&problem=school-feeding&age=6-14",
    "/initiative/ibsa-child-marriage-malawi-zambia",
    "/actor/united-nations-childrens-fund",
    "/country/BRA",
    "/sdg/2.1",
    "/theme/nutrition",
    "/def/Practice",
    "/shapes/",
    "/queries/",
    "/queries/?text=evidence",
    "/queries/partners-of-a-country?country=KEN&country=BRA",
    "/queries/cq-15-what-a-country-gave-received-and-facilitated",
    "/queries/initiatives-on-a-theme-as-graph",
    "/queries/evidence-of-an-activity",
    "/sparql",
    f"/sparql?query={quote(ASK)}",
)


@pytest.fixture(params=[360, 1280])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page as wide as a telephone or a desk."""
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_and_is_whole(page: Page, shipped_server: str, path: str) -> None:
    failed: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))

    answer = page.goto(shipped_server + path)

    assert answer and answer.status == 200
    assert failed == []
    assert [url for url in asked if not url.startswith(shipped_server)] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_first_key_skips_to_the_content(page: Page, shipped_server: str) -> None:
    page.goto(shipped_server)

    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")

    assert page.url.endswith("#content")


def test_search_works_from_the_box_by_keyboard(page: Page, shipped_server: str) -> None:
    page.goto(shipped_server)
    page.locator("main input[type=search]").fill("conditional cash transfers")

    page.keyboard.press("Enter")

    page.wait_for_url("**/search?*")
    assert "conditional cash transfers" in page.locator("h1").inner_text()
    assert page.locator("main a[href^='/initiative/']").count() > 5


def test_a_named_query_is_asked_by_its_form(page: Page, shipped_server: str) -> None:
    page.goto(shipped_server + "/queries/partners-of-a-country")

    page.get_by_label("Country").select_option(label="Kenya")
    page.get_by_role("button", name="Ask").click()

    page.wait_for_url("**/queries/partners-of-a-country?country=KEN")
    rows = page.locator(".answer tbody tr")
    assert rows.count() > 20
    assert "Brazil" in rows.first.inner_text()
    address = page.locator(".answer a[href*='.csv']").get_attribute("href")
    assert page.request.get(f"{shipped_server}{address}").text().count("\n") == rows.count() + 1


def test_a_thing_leads_to_its_questions(page: Page, shipped_server: str) -> None:
    page.goto(shipped_server + "/theme/nutrition")

    page.get_by_role("link", name="Which practices and adaptations are on a theme").click()

    assert page.url.endswith("/queries/practices-on-a-theme?theme=nutrition")
    assert page.locator(".answer tbody a").count() > 5


def test_what_is_ticked_in_a_search_is_compared(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}/search?q=school+feeding&kind=practice&kind=initiative")

    boxes = page.locator("input[form=comparing]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    assert "/search" in page.url
    page.get_by_role("button", name="Compare what is ticked").click()

    page.wait_for_url("**/compare?thing=*&thing=*")
    assert page.locator("th[scope=col]").count() == 2


def test_a_thing_is_added_to_a_comparison_by_keys_alone(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}/compare?thing=practice/zvandiri")

    page.locator("#add").focus()
    page.keyboard.type("Bolsa Família (Brazil)")
    page.keyboard.press("Enter")

    page.wait_for_url("**thing=practice/bolsa-familia*")
    assert page.locator("th[scope=col]").count() == 2
