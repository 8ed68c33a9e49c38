"""People choose their language in a real browser, and keep it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from endpoint.languages import LANGUAGES


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of somebody whose browser speaks French."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="fr-FR")
    yield context.new_page()
    context.close()


def test_a_reader_goes_to_arabic_and_back(page: Page, shipped_server: str) -> None:
    page.goto(f"{shipped_server}/country/BRA")
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "fr")
    expect(page.locator("h1")).to_contain_text("Brésil")

    page.locator("footer").get_by_role("link", name="العربية").click()

    expect(html).to_have_attribute("dir", "rtl")
    expect(page.locator("h1")).to_contain_text("البرازيل")
    brand, search = (page.locator(part).first.bounding_box() for part in (".brand", ".find"))
    assert brand and search and brand["x"] > search["x"]

    page.goto(f"{shipped_server}/country/MOZ")
    expect(page.locator("h1")).to_contain_text("موزمبيق")

    page.locator("footer").get_by_role("link", name="Français").click()
    expect(html).to_have_attribute("dir", "ltr")
    expect(page.locator("h1")).to_contain_text("Mozambique")
    assert [cookie["name"] for cookie in page.context.cookies()] == ["lang"]


@pytest.mark.parametrize("path", ["/", "/country/BRA", "/sdg/2", "/theme/nutrition"])
def test_pages_tell_search_engines_of_their_languages(
    page: Page, shipped_server: str, path: str
) -> None:
    page.goto(shipped_server + path)

    found = page.locator('link[rel="alternate"][hreflang]')
    told = {each.get_attribute("hreflang"): each.get_attribute("href") for each in found.all()}
    assert set(LANGUAGES) <= set(told)
    assert "lang=ar" in (told["ar"] or "")


@pytest.mark.parametrize(
    ("language", "run", "rows"),
    [
        ("fr", "Exécuter", "lignes"),
        ("es", "Ejecutar", "filas"),
        ("pt", "Executar", "linhas"),
        ("ar", "شغّل", "صف"),
    ],
)
def test_the_query_editor_speaks_the_language(
    page: Page, shipped_server: str, language: str, run: str, rows: str
) -> None:
    page.goto(f"{shipped_server}/sparql?lang={language}")
    button = page.locator(".tools .run")
    expect(button).to_have_text(run)

    button.click()

    expect(page.locator(".summary")).to_contain_text(rows)
