"""Whole tasks on the search page, in a real browser on the shipped data."""

import csv
import io
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen
from xml.etree import ElementTree as Xml

import pytest
from openpyxl.reader.excel import load_workbook
from playwright.sync_api import Browser, Page, expect
from pyoxigraph import RdfFormat, parse

IN_AFRICA = """
PREFIX ssc4c: <https://w3id.org/ssc4c/def/>
PREFIX id: <https://w3id.org/ssc4c/id/>
SELECT DISTINCT ?activity {
  ?activity ssc4c:theme <https://w3id.org/ssc4c/id/theme/school-feeding> ;
    ssc4c:providerCountry <https://w3id.org/ssc4c/id/country/BRA> ;
    ssc4c:recipientCountry|ssc4c:inCountry|ssc4c:originCountry ?country .
  ?country ssc4c:inRegion/ssc4c:broaderRegion* <https://w3id.org/ssc4c/id/region/002> .
} ORDER BY ?activity
"""
FEEDING = "/search?q=school+feeding&provider=BRA"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may neither complain nor ask elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def _count(page: Page) -> int:
    found = re.match(r"([\d,]+)", page.locator("#found").inner_text())
    return int(found[1].replace(",", "")) if found else 0


def _expect_count(page: Page, number: int) -> None:
    expect(page.locator("#found")).to_have_text(re.compile(rf"^{number} "))


def _query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def _fetch(address: str, accept: str = "*/*") -> bytes:
    with urlopen(Request(address, headers={"Accept": accept})) as answer:
        return bytes(answer.read())


def _ask(server: str, query: str) -> set[str]:
    rows = _fetch(f"{server}/sparql?{urlencode({'query': query})}", "text/csv").decode()
    return set(rows.split()[1:])


def test_school_feeding_from_brazil_in_africa_takes_four_steps(
    page: Page, shipped_server: str
) -> None:
    page.goto(shipped_server)

    page.locator("#home-q").fill("school feeding")
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name=re.compile("^Brazil")).first.check()
    page.locator("#f-region > summary").click()
    page.locator("#c-region-002").check()

    expected = _ask(shipped_server, IN_AFRICA)
    _expect_count(page, len(expected))
    items = json.loads(_fetch(page.url.replace("/search?", "/search.json?")))["items"]
    assert {item["iri"] for item in items} == expected
    assert all("Brazil" in [each["name"] for each in item["providers"]] for item in items)


def test_a_facet_changes_list_address_and_count_in_place(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}/search?q=school+feeding")
    page.evaluate("window.same = true")
    before = _count(page)

    page.locator("#c-provider-BRA").check()

    expect(page.locator(".chip")).to_have_count(2)
    assert _query(page) == {"q": ["school feeding"], "provider": ["BRA"]}
    expect(page.locator("#chosen")).to_have_text("1")
    assert 0 < _count(page) < before
    assert page.evaluate("window.same && document.activeElement.id") == "c-provider-BRA"
    assert page.locator("link[type='application/atom+xml']").get_attribute("href") == (
        FEEDING.replace("/search", "/search.atom")
    )


def test_a_chip_takes_its_choice_away(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}{FEEDING}&theme=food-security")
    narrow = _count(page)

    page.locator(".chip", has_text="Food security").click()

    expect(page.locator(".chip")).to_have_count(2)
    assert "theme" not in _query(page)
    assert _count(page) > narrow
    assert not page.locator("#c-theme-food-security").is_checked()


def test_back_and_forth_restore_what_was_there(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}/search?q=school+feeding")
    before = _count(page)
    page.locator("#c-provider-BRA").check()
    expect(page.locator(".chip")).to_have_count(2)
    after = _count(page)

    page.go_back()
    _expect_count(page, before)
    assert not page.locator("#c-provider-BRA").is_checked()
    page.go_forward()

    _expect_count(page, after)
    assert page.locator("#c-provider-BRA").is_checked()


def test_the_address_tells_another_browser_all_of_it(
    page: Page, browser: Browser, shipped_server: str
) -> None:
    page.goto(f"{shipped_server}/search?q=school+feeding")
    page.locator("#c-provider-BRA").check()
    expect(page.locator(".chip")).to_have_count(2)
    page.locator("#view-table").click()
    page.locator("#choose-columns").click()
    page.locator("#column-end").check()
    expect(page.get_by_role("columnheader", name="End")).to_be_visible()
    page.locator("#sort").select_option("title")
    page.wait_for_url("**sort=title**")
    expect(page.locator("body")).not_to_have_attribute("data-searching", "")

    context = browser.new_context(java_script_enabled=False)
    other = context.new_page()
    other.goto(page.url)

    assert other.locator("tbody th").all_inner_texts() == page.locator("tbody th").all_inner_texts()
    assert other.locator("thead th").all_inner_texts() == page.locator("thead th").all_inner_texts()
    context.close()


def test_without_a_script_the_form_does_it(browser: Browser, shipped_server: str) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.goto(f"{shipped_server}/search?q=school+feeding")

    page.locator("#f-region > summary").click()
    page.get_by_role("link", name="Show the choices").first.click()
    page.locator("#c-region-002").check()
    page.locator("#c-provider-BRA").check()
    page.get_by_role("button", name="Show results").click()

    _expect_count(page, len(_ask(shipped_server, IN_AFRICA)))
    context.close()


def test_everything_goes_by_keyboard(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}/search")
    page.locator("#q").focus()
    page.keyboard.type("school feeding")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(1)

    page.locator("#c-provider-BRA").focus()
    page.keyboard.press("Space")
    expect(page.locator(".chip")).to_have_count(2)
    page.locator("#f-year > summary").focus()
    page.keyboard.press("Enter")
    page.locator("#range-from").focus()
    page.keyboard.press("ArrowRight")

    page.wait_for_url("**from=**")
    assert page.evaluate("document.activeElement.id") == "range-from"
    expect(page.locator(".chip")).to_have_count(3)
    page.locator(".chip").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(2)
    assert "from" not in _query(page)


@pytest.mark.parametrize(("path", "box"), [("/", "#home-q"), ("/country/BRA", "#top-q")])
def test_a_suggestion_is_chosen_by_keyboard(
    page: Page, shipped_server: str, path: str, box: str
) -> None:
    page.goto(shipped_server + path)
    field = page.locator(box)

    field.press_sequentially("mozam")
    page.locator("[role=option]").first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").inner_text().split("\n")[0].startswith("Mozambique")
    page.keyboard.press("Enter")

    page.wait_for_url("**/country/MOZ")


def test_escape_leaves_what_was_typed(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}/search")
    box = page.locator("#q")

    box.press_sequentially("mozam")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")

    assert (box.input_value(), box.get_attribute("aria-expanded")) == ("mozam", "false")


def test_a_long_facet_is_filtered_by_typing(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}/search?kind=initiative")
    page.locator("#f-provider").get_by_role("link", name=re.compile("^Show all")).click()
    page.locator("#filter-provider").fill("cote")

    expect(page.locator("#list-provider li:visible")).to_have_count(1)
    page.locator("#list-provider li:visible input").check()

    expect(page.locator(".chip")).to_have_count(2)
    assert _query(page)["provider"] == ["CIV"]
    assert page.locator("#filter-provider").input_value() == "cote"


def test_nothing_found_offers_a_way_out(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}{FEEDING}&theme=birth-registration")
    way = page.locator(".search-nothing li", has_text="Birth registration")
    promised = int(way.locator("b").inner_text())

    way.locator("a").click()

    _expect_count(page, promised)


def test_what_is_ticked_for_comparing_stays_ticked(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}{FEEDING}&size=100")
    kenya = page.locator(".card", has_text="Brazil-Kenya cooperation on school feeding")
    kenya.get_by_role("checkbox").check()
    address = page.url

    page.locator("#c-recipient-KEN").check()

    expect(page.locator(".chip")).to_have_count(3)
    assert page.url != address
    assert kenya.get_by_role("checkbox").is_checked()
    assert "thing" not in _query(page)


def test_the_map_leads_to_a_list(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}{FEEDING}")

    page.locator("#view-map").click()
    page.locator("figure[data-picture] canvas, figure[data-picture] svg").first.wait_for()
    page.locator("[data-table] tbody tr", has_text="Kenya").locator("a").last.click()

    page.wait_for_url("**country=KEN**")
    assert page.locator(".cards .card").count() == _count(page) > 0


def test_facets_wait_in_a_drawer_on_a_telephone(browser: Browser, shipped_server: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{shipped_server}/search?q=school+feeding")

    assert not page.locator("#c-provider-BRA").is_visible()
    page.locator("[data-drawer] > summary").click()
    page.locator("#c-provider-BRA").check()

    expect(page.locator(".chip")).to_have_count(2)
    assert page.locator("#c-provider-BRA").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    see = page.get_by_role("button", name=f"Show results ({_count(page)})")
    expect(see).to_be_in_viewport()
    see.click()
    expect(page.locator("#found")).to_be_in_viewport()
    assert not page.locator("#c-provider-BRA").is_visible()
    context.close()


def _download(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator(".search-save").get_by_role("link", name=name, exact=True).click()
    return waiting.value.path().read_bytes()


def test_each_file_holds_what_the_page_counts(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}{FEEDING}")
    total = _count(page)

    table = csv.DictReader(io.StringIO(_download(page, "CSV").decode(), newline=""))
    book = load_workbook(io.BytesIO(_download(page, "XLSX")))  # type: ignore[no-untyped-call]
    document = json.loads(_download(page, "JSON"))
    turtle = {str(quad) for quad in parse(_download(page, "Turtle"), format=RdfFormat.TURTLE)}
    triples = {
        str(quad) for quad in parse(_download(page, "N-Triples"), format=RdfFormat.N_TRIPLES)
    }
    linked = json.loads(_download(page, "JSON-LD"))

    iris = {row["iri"] for row in table}
    assert len(iris) == total == document["total"] == len(document["items"])
    assert {row[0].value for row in book.active.iter_rows(min_row=2)} == iris
    assert turtle == triples
    assert iris <= {node["@id"] for node in linked["@graph"]}


def test_the_feed_of_a_search_lists_it(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}{FEEDING}")
    total = _count(page)
    address = page.get_by_role("link", name="Follow as a feed").get_attribute("href")

    feed = Xml.fromstring(_fetch(f"{shipped_server}{address}"))

    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == total
