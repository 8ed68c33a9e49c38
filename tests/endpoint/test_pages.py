import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal

from endpoint.addresses import Addresses, is_web_address, page_of
from endpoint.languages import best_of, chosen_language
from endpoint.pages import split_extension
from endpoint.values import Shown, format_literal, format_number, shorten, sort_key
from kg.catalogue import Catalogue
from kg.namespaces import BASE, DEF, GRAPH, ID, SDG, SHAPES, expand
from kg.reader import Reader
from kg.settings import PROJECT, Settings
from kg.snapshots import Snapshots
from tests.endpoint.pages_sample import client_of, sample_client, sample_store
from tests.endpoint.scripts import count_foreign

PAGES = [
    "/",
    "/search?q=meals",
    "/practice/",
    "/sdg/",
    "/practice/school-meals",
    "/initiative/school-meals-africa",
    "/actor/hostile",
    "/country/BRA",
    "/sdg/2.1",
    "/theme/nutrition",
    "/def/",
    "/def/Practice",
    "/shapes/",
    "/graph/ssc4c/idea/seed-bank",
    "/nothing/here",
]
VOID = {"meta", "link", "input", "br", "hr", "img", "rect", "line"}


class Reading(HTMLParser):
    """Keeps what matters to people who do not see the page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[str] = []
        self.headings: list[int] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self.labels.add(given.get("for", ""))
        if tag == "input" and given.get("type") != "hidden" and "label" not in self.open:
            self.fields.append(given["id"])
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(int(tag[1]))
        if tag == "a":
            self.links.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _read(client: FlaskClient, address: str) -> Reading:
    reading = Reading()
    reading.feed(client.get(address, headers={"Accept": "text/html"}).get_data(as_text=True))
    return reading


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_whole_and_can_be_used_without_seeing(address: str) -> None:
    reading = _read(sample_client(), address)

    assert reading.open == []
    assert len(reading.ids) == len(set(reading.ids))
    assert set(reading.fields) <= reading.labels
    assert reading.headings.count(1) == 1
    assert "#content" in reading.links and "content" in reading.ids


@pytest.mark.parametrize("address", PAGES)
def test_links_within_a_page_lead_somewhere(address: str) -> None:
    reading = _read(sample_client(), address)

    inside = {link[1:] for link in reading.links if link.startswith("#")}
    assert inside <= set(reading.ids)


@pytest.mark.parametrize("address", PAGES[:-1])
def test_links_to_our_pages_are_answered(address: str) -> None:
    client = sample_client()
    reading = _read(client, address)

    paths = {link.partition("#")[0] for link in reading.links if link.startswith("/")}
    asking = {path for path in paths if path.startswith(("/sparql", "/queries/"))}
    answers = {path: client.get(path).status_code for path in paths - asking}
    assert {path: code for path, code in answers.items() if code >= 400} == {}


def test_pages_hold_no_script_but_files_of_ours_and_data() -> None:
    for address in PAGES:
        text = sample_client().get(address, headers={"Accept": "text/html"}).get_data(as_text=True)
        assert count_foreign(text) == 0


@pytest.mark.parametrize("contact", ["graph@example.org", "mailto:graph@example.org"])
def test_errors_are_reported_only_where_there_is_an_address(contact: str) -> None:
    silent = client_of(sample_store(), Settings(contact=""))
    by_mail = client_of(sample_store(), Settings(contact=contact))

    assert b"Report an error" not in silent.get("/actor/wfp").data
    assert (
        b"mailto:graph@example.org?subject=SSC4C%20Graph%3A%20/actor/wfp"
        in by_mail.get("/actor/wfp").data
    )


def test_without_a_snapshot_pages_say_so(tmp_path: Path) -> None:
    from endpoint.app import create_app

    client = create_app(Settings(home=tmp_path)).test_client()

    answer = client.get("/practice/x", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "ssc4c build" in answer.get_data(as_text=True)


def test_a_reader_without_a_snapshot_starts_to_read_when_there_is_one(shipped_home: Path) -> None:
    reader = Reader(Snapshots(shipped_home), Catalogue(Settings().project / "queries"))

    assert reader.view() is reader.view()
    assert reader.view().kinds()["practice"] > 10


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (ID + "practice/x", "/practice/x"),
        (ID + "practice/x#ssc4c-lead-wfp", "/practice/x#ssc4c-lead-wfp"),
        (SDG + "2.1", "/sdg/2.1"),
        (DEF + "Practice", "/def/Practice"),
        (SHAPES + "Practice-title", "/shapes/#Practice-title"),
        (GRAPH + "ssc4c/practice/x", "/graph/ssc4c/practice/x"),
        (ID + 'practice/"x', "/practice/%22x"),
        ("https://example.org/", ""),
        ("javascript:alert(1)", ""),
        (expand("sdgo:Goal"), ""),
    ],
)
def test_our_iris_have_pages(iri: str, path: str) -> None:
    assert page_of(iri) == path


def test_addresses_carry_the_language_that_was_asked_for() -> None:
    assert Addresses("fr").of(ID + "practice/x#part") == "/practice/x?lang=fr#part"
    assert Addresses().of("https://example.org/") == "https://example.org/"
    assert Addresses("fr").carry("/search", q="a&b", page=0) == "/search?q=a%26b&lang=fr"


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "//x", "ftp://x", ""])
def test_other_schemes_are_no_web_addresses(text: str) -> None:
    assert not is_web_address(text)
    assert Addresses().of(text) == ""


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("2.1", ("2.1", "")),
        ("2.1.ttl", ("2.1", "ttl")),
        ("x.html", ("x", "html")),
        ("x.pdf", ("x.pdf", "")),
        (".ttl", (".ttl", "")),
    ],
)
def test_only_the_seven_extensions_count(key: str, parts: tuple[str, str]) -> None:
    assert split_extension(key) == parts


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("fr", "es", "fr"),
        ("xx", "es", "es"),
        ("", "pt-BR, en;q=0.8", "pt"),
        ("", "de, ru", "en"),
        ("", "", "en"),
    ],
)
def test_the_address_decides_on_the_language_before_the_browser(
    asked: str, accepted: str, language: str
) -> None:
    with Flask(__name__).test_request_context(
        f"/?lang={asked}", headers={"Accept-Language": accepted}
    ):
        assert chosen_language() == language


def test_the_best_name_is_in_the_language_then_untagged_then_english() -> None:
    plain, english, german = Literal("a"), Literal("b", language="en"), Literal("c", language="de")

    assert best_of([german, english, plain], "de") == german
    assert best_of([german, english, plain], "fr") == plain
    assert best_of([german, english], "fr") == english
    assert best_of([german], "fr") == german
    assert best_of([], "fr") is None


@pytest.mark.parametrize(
    ("text", "kind", "language", "shown"),
    [
        ("2026-11", "gYearMonth", "en", "November 2026"),
        ("2026-11", "gYearMonth", "pt", "novembro de 2026"),
        ("2026-11-24", "date", "fr", "24 novembre 2026"),
        ("2375000.0", "decimal", "en", "2,375,000"),
        ("1955", "gYear", "en", "1955"),
        ("2026-13", "gYearMonth", "en", "2026-13"),
        ("many", "decimal", "en", "many"),
        ("2026-11-20T10:00:00Z", "dateTime", "en", "November 20, 2026"),
    ],
)
def test_literals_are_shown_in_the_manner_of_the_language(
    text: str, kind: str, language: str, shown: str
) -> None:
    literal = Literal(text, datatype=type(Literal(1).datatype)(expand(f"xsd:{kind}")))

    assert format_literal(literal, language) == shown


def test_an_iri_without_a_name_is_shortened() -> None:
    assert shorten(DEF + "startYear") == "startYear"
    assert shorten("http://www.example.org/a/") == "example.org/a"


def test_numbers_are_sorted_as_numbers() -> None:
    targets = [Shown("x", number=number) for number in ("12.7", "2.1", "12", "1", "2.a")]

    ordered = [shown.number for shown in sorted(targets, key=sort_key)]
    assert ordered == ["1", "2.1", "2.a", "12", "12.7"]


def test_on_a_telephone_the_newest_years_are_in_view() -> None:
    file = PROJECT / "endpoint" / "assets" / "styles" / "90-narrow.css"
    narrow = file.read_text(encoding="utf-8")
    assert ".chart .wide { direction: rtl; }" in narrow
    assert re.search(r"[.]chart [.]wide svg [{][^}]*direction: ltr", narrow)


def test_counts_are_grouped_by_thousands() -> None:
    assert format_number(1112, "en") == "1,112"
    assert format_number(1112, "pt") == "1.112"


def test_last_modified_is_the_time_of_the_snapshot() -> None:
    answer = sample_client().get("/actor/wfp", headers={"Accept": "text/html"})

    assert answer.last_modified == datetime(2026, 11, 20, 10, tzinfo=UTC)


REDIRECTS = re.findall(
    r"^RewriteRule (\S+) (\S+) \[R=(\d+)",
    (PROJECT / "docs" / "w3id" / ".htaccess").read_text(encoding="utf-8"),
    re.MULTILINE,
)


@pytest.mark.parametrize(
    ("iri", "code"),
    [
        (ID + "practice/x", "303"),
        (DEF + "Practice", "303"),
        (DEF, "303"),
        (SHAPES + "Practice-title", "303"),
        (GRAPH + "ssc4c/practice/x", "303"),
        (BASE + "practice/x.ttl", "302"),
        (BASE + "def.ttl", "302"),
        (BASE, "302"),
    ],
)
def test_the_redirect_file_sends_every_iri_to_the_same_path(iri: str, code: str) -> None:
    path = iri.removeprefix(BASE)

    matches = [(re.match(pattern, path), to, status) for pattern, to, status in REDIRECTS]
    found, to, status = next(each for each in matches if each[0])
    assert found
    assert to.replace("$1", found[1]) == f"https://ssc4c.example.org/{path}"
    assert status == code
