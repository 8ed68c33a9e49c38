"""Pictures in a real browser: drawn, changed in place, followed, taken along, framed by others."""

import csv
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from playwright.sync_api import Browser, Page, Request, expect

DRAWN = ("flows", "regions", "goals", "timeline", "actors")


@pytest.fixture
def page(browser: Browser, shipped_server: str) -> Iterator[Page]:
    """A page that may neither complain nor ask elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.extend(_elsewhere(request, shipped_server)))
    yield page
    context.close()
    assert complaints == []


def _elsewhere(request: Request, server: str) -> list[str]:
    is_ours = request.url.startswith((server, "data:", "blob:"))
    return [] if is_ours else [request.url]


def _see(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("figure[data-drawn]").first.wait_for()


def _rows(page: Page) -> list[list[str]]:
    """The table as files hold it: numbers bare."""
    rows: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('table[data-table] tr')].map(row => "
        "[...row.cells].map(cell => cell.dataset.value ?? cell.textContent.trim()))"
    )
    return rows


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_drawn_and_told(page: Page, shipped_server: str, name: str) -> None:
    _see(page, f"{shipped_server}/explore/{name}")

    drawing = page.get_by_role("img", name=page.locator(".picture-summary").inner_text())
    assert drawing.locator("svg path").count() > 10
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_choice_changes_the_picture_in_place(page: Page, shipped_server: str) -> None:
    _see(page, shipped_server + "/explore/flows")
    before = _rows(page)
    page.evaluate("window.here = true")

    page.get_by_label("Theme").select_option(label="Nutrition")

    page.wait_for_url("**/explore/flows?theme=nutrition")
    expect(page.locator("[data-explore-told]")).not_to_be_empty()
    page.locator("figure[data-drawn]").wait_for()
    assert page.evaluate("window.here")
    assert _rows(page) != before
    page.go_back()
    expect(page.get_by_label("Theme")).to_have_value("")
    page.wait_for_function("rows => document.querySelectorAll('tbody tr').length === rows",
                           arg=len(before) - 1)  # fmt: skip


def test_a_number_leads_to_its_list(page: Page, shipped_server: str) -> None:
    _see(page, shipped_server + "/explore/flows?theme=school-feeding")
    row = page.locator("table[data-table] tbody tr").first
    number = row.locator("td.number").inner_text()

    row.locator("td.number a").click()

    page.wait_for_url("**/search?**")
    expect(page.locator("#found")).to_have_text(f"{number} found")


def test_a_click_into_the_drawing_leads_to_a_list(page: Page, shipped_server: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    _see(page, shipped_server + "/explore/goals")
    page.locator("[data-drawing]").scroll_into_view_if_needed()
    box = page.locator("[data-drawing]").bounding_box()
    assert box

    # Between the middle and the rim, to the right: a part of the ring of goals.
    page.mouse.click(
        box["x"] + box["width"] / 2 + box["height"] * 0.2, box["y"] + box["height"] / 2
    )

    page.wait_for_url("**/search?**goal=**")


def test_by_keyboard_alone_to_a_list(page: Page, shipped_server: str) -> None:
    page.goto(shipped_server + "/explore/timeline")
    page.get_by_label("By", exact=True).focus()
    page.keyboard.type("form")
    page.wait_for_url("**/explore/timeline?by=form")
    page.locator("figure[data-drawn]").wait_for()

    for _step in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('td.number') !== null"):
            break
    page.keyboard.press("Enter")

    page.wait_for_url("**/search?**start=**")


@pytest.mark.parametrize("name", ["flows", "themes"])
def test_pictures_are_taken_along(
    page: Page, shipped_server: str, tmp_path: Path, name: str
) -> None:
    page.goto(f"{shipped_server}/explore/{name}?theme=nutrition&provider=BRA")
    files = {}
    for button in ("SVG", "PNG"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=button).click()
        files[button] = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(files[button])
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    waiting.value.save_as(tmp_path / "table.csv")

    drawn = Xml.parse(files["SVG"]).getroot()
    texts = " ".join("".join(each.itertext()) for each in drawn.iter() if each.text)
    assert drawn.tag.endswith("svg") and "Source: SSC4C Graph" in texts
    assert page.locator(".picture-title").inner_text() in texts
    assert files["PNG"].read_bytes().startswith(b"\x89PNG")
    assert files["PNG"].stat().st_size > 20_000
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == _rows(page)


@pytest.mark.parametrize("language, side", [("en", "left"), ("ar", "right")])
def test_streams_run_as_the_language_does(
    page: Page, shipped_server: str, language: str, side: str
) -> None:
    """Givers stand where reading begins, and no name stands on what is drawn."""
    _see(page, f"{shipped_server}/explore/regions?lang={language}")
    streams, names = page.locator(".picture-drawing svg").evaluate(
        "svg => ['path[fill^=url]', 'text'].map(kind => [...svg.querySelectorAll(kind)]"
        ".map(each => { const { left, right } = each.getBoundingClientRect();"
        " return [left, right, each.textContent]; }))"
    )

    left, right = min(each[0] for each in streams), max(each[1] for each in streams)
    assert [each for each in names if each[0] < right and each[1] > left] == []
    middle = (left + right) / 2
    givers = {row[0] for row in _rows(page)[1:] if row[0]}
    told = {text for start, _, text in names if (start < middle) == (side == "left")}
    assert {text for text in told if not text.endswith("…")} <= givers


def test_a_picture_tells_none_from_unknown(page: Page, shipped_server: str, tmp_path: Path) -> None:
    page.goto(f"{shipped_server}/explore/missing?goal=2")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="SVG").click()
    waiting.value.save_as(tmp_path / "missing.svg")

    drawn = Xml.parse(tmp_path / "missing.svg").getroot()
    texts = ["".join(each.itertext()) for each in drawn.iter() if each.tag.endswith("}text")]
    shown = page.locator("td.is-unknown > [aria-hidden]").all_inner_texts()
    assert shown and sorted(each for each in texts if each in shown) == sorted(shown)
    assert texts.count("0") == page.locator("td.is-none").count()


def test_an_embedded_picture_fits_its_frame(browser: Browser, shipped_server: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 640})
    page = context.new_page()
    page.goto(f"{shipped_server}/embed/explore/timeline")

    place = page.locator("[data-drawing]").bounding_box()
    assert place is not None and place["y"] + place["height"] < 640
    context.close()


class _Site(http.server.BaseHTTPRequestHandler):
    body = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


def test_a_picture_stands_in_another_site(browser: Browser, shipped_server: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(shipped_server + "/explore/flows?theme=nutrition")
    page.get_by_text("Put this into your own page").click()
    code = page.locator(".picture-code").input_value()
    handler = type("Site", (_Site,), {"body": f"<!doctype html><title>x</title>{code}".encode()})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        page.goto(f"http://localhost:{site.server_port}/")
        frame = page.frame_locator("iframe")

        expect(frame.locator("figure[data-drawn] svg").first).to_be_visible()

        with context.expect_page() as opened:
            frame.locator(".embed-back a").click()
        opened.value.wait_for_url("**/explore/flows?theme=nutrition")
        site.shutdown()
    context.close()


def test_other_pages_stand_in_no_other_site(browser: Browser, shipped_server: str) -> None:
    page = browser.new_page()
    page.set_content(f'<iframe src="{shipped_server}/explore/flows"></iframe>')
    page.wait_for_timeout(500)

    assert page.frames[1].url.startswith("chrome-error:")
    page.close()


def test_without_a_script_the_form_and_the_table_do_it(
    browser: Browser, shipped_server: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(shipped_server + "/explore/flows")

    page.get_by_label("Goal").select_option("2")
    page.get_by_role("button", name="Show").click()

    assert "goal=2" in page.url
    assert page.locator("[data-drawing]").is_hidden()
    assert page.locator("table[data-table] tbody td a").count() > 10
    assert page.get_by_role("button", name="SVG").count() == 0
    context.close()


def test_nothing_moves_for_those_who_want_it_still(browser: Browser, shipped_server: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    _see(page, shipped_server + "/explore/timeline")
    first = page.locator("[data-drawing]").inner_html()

    page.wait_for_timeout(300)

    assert page.locator("[data-drawing]").inner_html() == first
    context.close()


def test_shades_tell_more_from_less_where_the_system_chooses_colours(
    page: Page, shipped_server: str
) -> None:
    page.emulate_media(forced_colors="active")
    _see(page, shipped_server + "/country/BRA")

    fills = page.locator("figure[data-drawn] svg path").evaluate_all(
        "paths => [...new Set(paths.map(path => getComputedStyle(path).fill))]"
    )
    assert len(fills) > 5
