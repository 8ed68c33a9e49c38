"""Every kind of page in a real browser: WCAG 2.2 AA by axe-core, in two directions of writing and
in light and dark; as narrow as a telephone or a zoom of 400 %; and nothing that fails or is fetched
from elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

from endpoint.explore import SIGHTS

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW: ViewportSize = {"width": 320, "height": 720}
WIDE: ViewportSize = {"width": 1280, "height": 900}
ASK = "SELECT ?p ?title { ?p a ?c ; <http://purl.org/dc/terms/title> ?title } ORDER BY ?p LIMIT 20"
PAGES = {
    "home": "/",
    "search": "/search?q=school+meals",
    "search by facets": "/search?theme=nutrition&provider=BRA&open=instrument",
    "search as a table": "/search?q=school&view=table",
    "search as a map": "/search?q=school&view=map",
    "search that finds nothing": "/search?q=zzzzqqqq",
    "list of practices": "/practice/",
    "list of countries": "/country/",
    "list of goals": "/sdg/",
    "practice": "/practice/brazil-pnae",
    "initiative": "/initiative/ibsa-child-marriage-malawi-zambia",
    "adaptation": "/adaptation/ehin-malawi-sudan-from-evin",
    "country": "/country/BRA",
    "region": "/region/002",
    "organisation": "/actor/united-nations-childrens-fund",
    "goal": "/sdg/2",
    "target": "/sdg/2.1",
    "indicator": "/sdg/C020101",
    "concept": "/theme/nutrition",
    "scheme": "/scheme/theme",
    "publication": "/publication/documents-worldbank-org-39dd85365e",
    "event": "/event/pptct-task-force-2015",
    "list of challenges": "/challenge/",
    "challenge": "/challenge/lower-secondary-and-vocational-access",
    "idea": "/idea/idea-african-continental-school-feeding",
    "offer": "/offer/offer-mexico-catalogue",
    "group of countries": "/country-group/developing",
    "need": "/need/need-african-union-school-feeding",
    "community": "/community/afecn",
    "right": "/crc/art-11",
    "source": "/source/ssc4c",
    "history": "/country/BRA/history",
    "explore": "/explore",
    **{f"explore: {name}": f"/explore/{name}" for name in SIGHTS if name != "flows"},
    "card in another site": "/embed/practice/brazil-pnae",
    "picture in another site": "/embed/explore/regions",
    "compare": "/compare?thing=practice/brazil-pnae&thing=practice/bolsa-familia",
    "what travelled": "/transfer",
    "what travelled to a country": "/transfer?country=MOZ&problem=nutrition",
    "ready queries": "/queries/",
    "ready query": "/queries/partners-of-a-country?country=KEN",
    "query": "/sparql",
    "answer": f"/sparql?query={quote(ASK)}",
    "ontology": "/def/",
    "term": "/def/Practice",
    "shapes": "/shapes/",
    "releases": "/releases/",
    "limits": "/limits",
    "unknown thing": "/practice/no-such-practice",
    "unknown address": "/no/such/page",
    "error": "/sparql?query=SELECT",
}
REFUSED = {"unknown thing": 404, "unknown address": 404, "error": 400}


@dataclass
class Visit:
    """What a browser met on its pages."""

    page: Page
    server: str
    failed: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Go there and wait until nothing more is loaded; the status of the answer."""
        self.failed.clear()
        self.asked.clear()
        answer = self.page.goto(self.server + path, wait_until="networkidle")
        return answer.status if answer else 0

    def listen(self, said: ConsoleMessage) -> None:
        """Note what is complained of."""
        if said.type == "error":
            self.failed.append(said.text)

    def outside(self) -> list[str]:
        own = (self.server, "data:", "blob:")
        return [url for url in self.asked if not url.startswith(own)]

    def violations(self, *rules: str) -> list[str]:
        """What axe finds, each rule with the elements at fault."""
        only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
        found: dict[str, Any] = self.page.evaluate(
            "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only
        )
        return [
            f"{each['id']}: {' '.join(node['target'][0] for node in each['nodes'][:3])}"
            for each in found["violations"]
        ]


@pytest.fixture(scope="module")
def visit(browser: Browser, shipped_server: str) -> Iterator[Visit]:
    """One page that goes everywhere; the policy of the pages would keep axe out of it."""
    context = browser.new_context(viewport=WIDE, bypass_csp=True, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    page = context.new_page()
    page.set_default_timeout(60_000)
    visit = Visit(page, shipped_server)
    page.on("pageerror", lambda error: visit.failed.append(str(error)))
    page.on("console", visit.listen)
    page.on("request", lambda request: visit.asked.append(request.url))
    yield visit
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("kind", PAGES)
def test_page_can_be_used_by_all(visit: Visit, kind: str, language: str) -> None:
    path = PAGES[kind]
    visit.page.set_viewport_size(WIDE)
    visit.page.emulate_media(color_scheme="light")

    status = visit.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
    found = {"light": visit.violations()}
    visit.page.emulate_media(color_scheme="dark")
    found["dark"] = visit.violations()
    visit.page.set_viewport_size(NARROW)
    found["narrow"] = visit.violations("target-size", "scrollable-region-focusable")
    width = visit.page.evaluate("document.documentElement.scrollWidth")

    assert status == REFUSED.get(kind, 200)
    assert found == {"light": [], "dark": [], "narrow": []}
    assert width <= NARROW["width"]
    assert visit.outside() == []
    if kind not in REFUSED:
        assert visit.failed == []


def test_axe_knows_the_rules_of_2_2(visit: Visit) -> None:
    visit.open("/")

    rules = visit.page.evaluate("axe.getRules(['wcag22aa']).map(rule => rule.ruleId)")

    assert "target-size" in rules


def test_axe_finds_what_is_wrong(visit: Visit) -> None:
    visit.open("/")

    visit.page.evaluate("document.querySelector('main').innerHTML += '<img src=\"/icon\">'")

    assert any(each.startswith("image-alt") for each in visit.violations())
