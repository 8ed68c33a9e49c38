"""The page of a search without a script, and what it answers by `Accept`."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import ID, expand
from kg.settings import Settings
from tests.endpoint.pages_sample import client_of, sample_client, sample_store

HTML = {"Accept": "text/html"}


@pytest.fixture(name="client")
def _client() -> FlaskClient:
    return sample_client()


def _page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _names(page: str) -> list[str]:
    return re.findall(r'class="card-name"><a href="([^"]+)"', page)


def _choices(page: str, facet: str) -> dict[str, int]:
    pattern = rf'name="{facet}" value="([^"]*)".*?<b>(\d+)</b>'
    return {key: int(total) for key, total in re.findall(pattern, page, re.DOTALL)}


def _chips(page: str) -> list[tuple[str, str]]:
    pattern = r'<a href="([^"]+)" class="chip".*?<bdi>\s*(.*?)</bdi>'
    return [(name, unescape(address)) for address, name in re.findall(pattern, page, re.DOTALL)]


def _found(page: str) -> str:
    match = re.search(r"data-status>(.*?)</span></h2>", page, re.DOTALL)
    assert match
    return re.sub(r"<[^>]+>", "", match[1])


def test_things_are_found_by_their_words_and_links(client: FlaskClient) -> None:
    page = _page(client, "/search?q=Brazil+school+meals")

    assert _names(page)[:2] == ["/practice/school-meals", "/initiative/school-meals-africa"]


def test_facets_tell_how_much_there_is(client: FlaskClient) -> None:
    page = _page(client, "/search?q=meals")

    assert _choices(page, "kind")["practice"] == 1
    assert _choices(page, "provider") == {"BRA": 1}
    assert _choices(page, "recipient") == {"MOZ": 1, "MWI": 1}


def test_values_of_one_facet_widen_and_facets_narrow(client: FlaskClient) -> None:
    either = _page(client, "/search?kind=practice&kind=adaptation")
    both = _page(client, "/search?kind=practice&kind=adaptation&theme=education")

    assert sorted(_names(either)) == [
        "/adaptation/school-meals-mozambique",
        "/practice/school-meals",
    ]
    assert _names(both) == ["/practice/school-meals"]


def test_a_chosen_facet_still_tells_its_other_values(client: FlaskClient) -> None:
    page = _page(client, "/search?recipient=MOZ&kind=initiative")

    assert _choices(page, "recipient") == {"MOZ": 1, "MWI": 1}
    assert 'value="MOZ" id="c-recipient-MOZ" checked' in page


def test_a_chip_leads_to_the_search_without_it(client: FlaskClient) -> None:
    page = _page(client, "/search?q=meals&provider=BRA&theme=nutrition&from=2010&to=2015&page=1")

    chips = dict(_chips(page))

    assert chips["Brazil"] == "/search?q=meals&theme=nutrition&from=2010&to=2015"
    assert chips["2010–2015"] == "/search?q=meals&provider=BRA&theme=nutrition"
    assert chips["“meals”"] == "/search?provider=BRA&theme=nutrition&from=2010&to=2015"


def test_other_facets_are_counted_when_they_are_opened(client: FlaskClient) -> None:
    closed = _page(client, "/search?q=meals")
    opened = _page(client, "/search?q=meals&open=country")
    part = _page(client, "/search/facet/country?q=meals")

    assert _choices(closed, "country") == {}
    assert "/search?q=meals&amp;open=country#f-country" in closed
    assert _choices(opened, "country") == _choices(part, "country")
    assert _choices(part, "country")["MOZ"] >= 2


def test_years_are_drawn_and_asked_for(client: FlaskClient) -> None:
    page = _page(client, "/search?from=2000")

    assert _names(page) == ["/initiative/school-meals-africa"]
    assert re.findall(r'data-year="(\d+)"', page) == ["1955", "2012"]
    assert 'name="from" id="year-from" inputmode="numeric" min="1" max="9999" value="2000"' in page


def test_nothing_found_tells_which_choice_leaves_nothing(client: FlaskClient) -> None:
    page = _page(client, "/search?q=meals&theme=education&recipient=MOZ")

    ways = re.findall(
        r'without <span class="chip-title">(.*?)</span>.*?<b>(\d+)</b>', page, re.DOTALL
    )
    assert _found(page) == "Nothing found"
    assert ("Theme", "2") in ways or ("Theme", "1") in ways
    assert "Received by" in dict(ways)


def test_words_alone_that_find_nothing_are_not_to_be_left_out(client: FlaskClient) -> None:
    page = _page(client, "/search?q=xyzzyplugh")

    assert "Nothing in the graph fits" in page
    assert "Without one of them" not in page and "quotation marks" not in page
    assert "quotation marks" in _page(client, '/search?q="xyzzy+plugh"')


def test_a_misspelt_word_is_corrected(client: FlaskClient) -> None:
    page = _page(client, "/search?q=Mozambiqeu+stuntign")

    assert re.search(r'Did you mean <a href="/search\?q=mozambique\+stunting"', page)


def test_columns_of_the_table_are_chosen_and_stay_in_the_address(client: FlaskClient) -> None:
    page = _page(client, "/search?provider=BRA&view=table&column=recipients&column=start")

    titles = re.findall(r'<th scope="col">(.*?)</th>', page)
    assert titles == ["Name", "Received by", "Start"]
    assert "column=recipients&amp;column=start" in page
    assert re.search(r">Malawi</bdi></a>, <a[^>]*><bdi>Mozambique<", page)


def test_the_map_leads_from_countries_to_their_lists(client: FlaskClient) -> None:
    page = _page(client, "/search?kind=initiative&view=map")

    assert 'data-picture="places"' in page
    assert 'href="/search?kind=initiative&amp;country=MOZ"' in page


def test_what_cannot_be_understood_is_told_and_left_out(client: FlaskClient) -> None:
    page = _page(client, "/search?q=meals&page=abc&size=7&provider=ZZZ&kind=nonsense&goal=two")

    remarks = re.search(r'<p class="remarks">(.*?)</p>', page, re.DOTALL)
    assert remarks
    assert re.findall(r"<bdi>(.*?)</bdi>", remarks[1]) == ["two", "7", "abc", "nonsense", "ZZZ"]
    assert len(_names(page)) == 6


def test_a_page_behind_the_last_leads_back(client: FlaskClient) -> None:
    page = _page(client, "/search?q=meals&page=99")

    assert _names(page) == []
    assert 'The search has fewer pages. <a href="/search?q=meals"' in page


@pytest.mark.parametrize("text", ["", "%20", "'%22(", "zzzz", "<script>alert(1)</script>", "%00"])
def test_any_words_can_be_searched_for(client: FlaskClient, text: str) -> None:
    assert "<script>" not in _page(client, f"/search?q={text}&page=x&kind=nothing")


def test_hostile_names_are_shown_as_they_are() -> None:
    override, long = "safe‮cilbup", "ab " * 3500
    thing = NamedNode(f"{ID}practice/hostile")
    title = NamedNode(expand("dcterms:title"))
    kind = Triple(thing, NamedNode(expand("rdf:type")), NamedNode(expand("ssc4c:Practice")))
    names = [Literal(f"<img src=x> {override} 😀 {long}", language="en")]
    extra = [kind, *(Triple(thing, title, name) for name in names)]
    client = client_of(sample_store(extra), Settings())

    table = _page(client, "/search?q=cilbup&view=table")
    listed = _page(client, "/search?q=cilbup")

    assert "<img src=x>" not in table + listed
    assert re.search(r"<bdi>&lt;img src=x&gt; safe‮cilbup[^<]*…</bdi>", table)
    assert re.search(r"<bdi>&lt;img", listed) or 'dir="auto"' in listed


def test_the_language_goes_along(client: FlaskClient) -> None:
    page = _page(client, "/search?q=meals&provider=BRA&lang=fr")

    assert "/initiative/school-meals-africa?lang=fr" in _names(page)
    assert 'name="lang" value="fr"' in page
    assert ("Brésil", "/search?q=meals&lang=fr") in _chips(page)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html", "text/html"),
        ("application/json", "application/json"),
        ("text/csv", "text/csv"),
    ],
)
def test_the_address_answers_what_is_accepted(
    client: FlaskClient, accept: str, media_type: str
) -> None:
    answer = client.get("/search?q=meals", headers={"Accept": accept})

    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert "Accept" in answer.vary


def test_what_is_not_offered_is_refused(client: FlaskClient) -> None:
    answer = client.get("/search?q=meals", headers={"Accept": "image/png"})

    assert answer.status_code == 406
    assert "text/csv" in answer.get_json()["detail"]


def test_json_by_accept_is_one_page(client: FlaskClient) -> None:
    headers = {"Accept": "application/json"}
    first = client.get("/search?q=meals&size=20", headers=headers).get_json()
    second = client.get("/search?q=meals&page=2", headers=headers).get_json()

    assert (first["total"], len(first["items"])) == (6, 6)
    assert (second["total"], second["items"]) == (6, [])


def test_names_are_suggested_with_their_kinds(client: FlaskClient) -> None:
    items = client.get("/search/suggest?q=moz").get_json()["items"]

    assert items[0]["address"] == "/country/MOZ"
    assert (items[0]["name"], items[0]["kind_name"]) == ("Mozambique", "Country")
    assert client.get("/search/suggest?q=").get_json()["items"] == []


def test_targets_are_suggested_by_number(client: FlaskClient) -> None:
    items = client.get("/search/suggest?q=2.1").get_json()["items"]

    assert ("2.1", "/sdg/2.1") in [(each["number"], each["address"]) for each in items]


@pytest.mark.parametrize("address", ["/search.doc", "/search/facet/colour", "/search/facet/iri"])
def test_there_are_no_other_files_and_facets(client: FlaskClient, address: str) -> None:
    assert client.get(address, headers=HTML).status_code == 404


def test_words_that_nothing_has_are_told(client: FlaskClient) -> None:
    page = _page(client, "/search?q=meals+zzqqxx")

    assert _names(page)
    assert "<b><bdi>zzqqxx</bdi></b>" in page
    assert "Nothing in the graph has:" not in _page(client, "/search?q=meals")


def test_half_of_the_words_is_told(client: FlaskClient) -> None:
    whole, half = (
        _page(client, f"/search?q={text}") for text in ("meals", "meals+hunger+community")
    )

    assert "at least half" not in whole
    assert _names(half) and "at least half" in half
