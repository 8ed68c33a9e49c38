import csv
import io
import json
import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Triple

from endpoint.app import create_app
from kg.namespaces import expand, thing_iri
from kg.settings import Settings
from tests.endpoint.pages_sample import client_of, sample_client, sample_store

HTML = {"Accept": "text/html"}
THREE = (
    "/compare?thing=practice/school-meals&thing=initiative/school-meals-africa"
    "&thing=adaptation/school-meals-mozambique"
)
TWO = "/compare?thing=practice/brazil-pnae&thing=practice/thailand-agriculture-for-school-lunch"


@pytest.fixture(name="client")
def _client() -> FlaskClient:
    return sample_client()


@pytest.fixture(name="shipped", scope="module")
def _shipped(shipped_home: Path) -> FlaskClient:
    return create_app(Settings(home=shipped_home)).test_client()


def _page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def _row(page: str, label: str) -> str:
    found = re.search(rf'<th scope="row">{label}<br>.*?</tr>', page, re.DOTALL)
    assert found, label
    return found[0]


def test_things_stand_side_by_side_in_the_order_given(client: FlaskClient) -> None:
    page = _page(client, THREE)

    heads = re.findall(r'<th scope="col">.*?<a href="([^"]+)"', page)
    assert heads == [
        "/practice/school-meals",
        "/initiative/school-meals-africa",
        "/adaptation/school-meals-mozambique",
    ]


def test_each_row_says_in_words_whether_it_is_the_same(client: FlaskClient) -> None:
    page = _page(client, THREE)

    assert "partly the same" in _row(page, "Theme")
    assert "only one tells" in _row(page, "Country of origin")
    assert "different" in _row(page, "In short")


def test_rows_follow_the_groups_of_the_shapes(shipped: FlaskClient) -> None:
    page = _page(shipped, TWO)

    titles = re.findall(r'<th scope="rowgroup"[^>]*>([^<]+)<', page)
    assert titles[0] == "At a glance"
    assert titles.index("Themes, goals and rights") < titles.index("Results and evidence")


def test_only_differences_can_be_shown(shipped: FlaskClient) -> None:
    page = _page(shipped, TWO + "&only=differences")

    assert "Population group" in _page(shipped, TWO)
    assert '<th scope="row">Population group' not in page
    assert '<th scope="row">Country of origin' in page


def test_a_thing_can_be_taken_away(client: FlaskClient) -> None:
    ways = re.findall(r'class="remove" href="([^"]+)"', _page(client, THREE))

    page = _page(client, unescape(ways[0]))
    assert 'href="/practice/school-meals"' not in re.findall(r"<thead>.*?</thead>", page, re.S)[0]


def test_one_thing_asks_for_another_and_offers_those_most_like_it(shipped: FlaskClient) -> None:
    page = _page(shipped, "/compare?thing=practice/zvandiri")

    assert "Choose another to stand beside it" in page
    assert "thing=practice/zvandiri&amp;thing=practice/teen-club-botswana" in page


@pytest.mark.parametrize("address", ["/compare", "/compare?thing=", "/compare?thing=%20"])
def test_nothing_to_compare_is_explained(client: FlaskClient, address: str) -> None:
    assert "Put two to four practices" in _page(client, address)


def test_more_than_four_are_told_and_left_out(shipped: FlaskClient) -> None:
    keys = ["brazil-pnae", "benin-pnasi", "zvandiri", "bolsa-familia", "pratham-tarl"]
    address = "/compare?" + "&".join(f"thing=practice/{key}" for key in keys)

    page = _page(shipped, address)

    assert "Four things at most" in page
    assert len(re.findall(r'<th scope="col">', page)) == 4


def test_unknown_keys_are_told_and_left_out(client: FlaskClient) -> None:
    page = _page(client, THREE + "&thing=practice/%3Cscript%3E")

    assert "These are not in the graph" in page
    assert "<script>" not in page.replace("<script type", "")


def test_the_same_thing_stands_there_once(client: FlaskClient) -> None:
    page = _page(client, "/compare?thing=practice/school-meals&thing=school-meals")

    assert len(re.findall(r'<th scope="col">', page)) == 1


def test_a_thing_is_added_by_its_name(client: FlaskClient) -> None:
    answer = client.get(
        "/compare?thing=practice/school-meals&add=Purchase+from+Africans+for+Africa", headers=HTML
    )

    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(
        "/compare?thing=practice/school-meals&thing=initiative/school-meals-africa"
    )


def test_words_that_fit_several_things_are_asked_about(shipped: FlaskClient) -> None:
    page = _page(shipped, "/compare?thing=practice/zvandiri&add=school+meals")

    assert "Did you mean one of these?" in page
    assert "thing=practice/zvandiri&amp;thing=" in page


def test_words_that_fit_nothing_are_told(client: FlaskClient) -> None:
    assert "Nothing fits" in _page(client, "/compare?add=zzzzqqq")


def test_the_table_as_csv_has_a_row_for_each_property(client: FlaskClient) -> None:
    answer = client.get(THREE.replace("/compare", "/compare.csv"))

    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert answer.mimetype == "text/csv"
    assert rows[0][3:5] == [
        "National School Feeding Programme",
        "Purchase from Africans for Africa",
    ]
    [theme] = [row for row in rows if row[1] == "Theme"]
    assert theme[2:] == ["partly", "Education; Nutrition", "Nutrition", "Nutrition"]


def test_the_table_as_json_names_things_by_their_iris(client: FlaskClient) -> None:
    answer = client.get(THREE, headers={"Accept": "application/json"})

    data = json.loads(answer.data)
    assert data["things"][0]["key"] == "practice/school-meals"
    [theme] = [row for row in data["rows"] if row["property"] == "Theme"]
    assert {"text": "Nutrition", "iri": thing_iri("theme", "nutrition")} in theme["values"][0][
        "values"
    ]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/compare.json?thing=practice/school-meals", 400),
        ("/compare.csv", 400),
        ("/compare.json?thing=practice/nothing&thing=practice/school-meals", 404),
        ("/compare.xml", 404),
    ],
)
def test_programs_are_told_what_is_wrong(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address, headers={"Accept": "application/json"})

    assert answer.status_code == status


def test_no_cell_is_a_formula_for_a_spreadsheet() -> None:
    title = Literal("=HYPERLINK(1)", language="en")
    idea = NamedNode(thing_iri("practice", "bad"))
    said = [
        Triple(idea, NamedNode(expand("rdf:type")), NamedNode(expand("ssc4c:Practice"))),
        Triple(idea, NamedNode(expand("dcterms:title")), title),
    ]
    client = client_of(sample_store(said), Settings())

    text = client.get("/compare.csv?thing=practice/bad&thing=practice/school-meals").text

    assert "'=HYPERLINK(1)" in text


def test_markup_in_names_stays_text(client: FlaskClient) -> None:
    page = _page(client, THREE)

    assert "School meals in &lt;b&gt;Mozambique&lt;/b&gt; &amp; more" in page
    assert "<b>Mozambique" not in page
