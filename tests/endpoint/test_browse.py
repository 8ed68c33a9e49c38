import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Babel
from pyoxigraph import Store

from endpoint.kinds import MANY
from kg.settings import Settings
from tests.endpoint.pages_sample import client_of, sample_client

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


def test_home_says_what_this_is_and_counts(client: FlaskClient) -> None:
    page = _page(client, "/")

    assert "South-South and triangular cooperation" in page
    assert re.search(r'href="/practice/"><b>1</b>\s*Practices', page)
    assert 'action="/search"' in page


@pytest.mark.parametrize("way", ["/sdg/2", "/theme/nutrition", "/country/BRA", "/form/triangular"])
def test_home_leads_into_the_graph(client: FlaskClient, way: str) -> None:
    assert f'href="{way}"' in _page(client, "/")


def test_an_empty_graph_has_a_home() -> None:
    client = client_of(Store(), Settings())

    assert client.get("/", headers=HTML).status_code == 200
    assert client.get("/search?q=meals", headers=HTML).status_code == 200
    assert client.get("/practice/", headers=HTML).status_code == 404


def test_the_language_goes_along(client: FlaskClient) -> None:
    page = _page(client, "/search?q=meals&lang=fr")

    assert "/initiative/school-meals-africa?lang=fr" in _names(page)
    assert 'name="lang" value="fr"' in page


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("practice", "/practice/school-meals"),
        ("scheme", "/scheme/confidence"),
    ],
)
def test_every_kind_has_its_list(client: FlaskClient, kind: str, first: str) -> None:
    assert _names(_page(client, f"/{kind}/"))[0] == first


@pytest.mark.parametrize(
    ("kind", "links"),
    [
        ("theme", ["/theme/education", "/theme/health", "/theme/nutrition"]),
        ("sdg", ["/sdg/2", "/sdg/2.1", "/sdg/2.2"]),
    ],
)
def test_what_has_a_hierarchy_is_listed_by_it(
    client: FlaskClient, kind: str, links: list[str]
) -> None:
    page = _page(client, f"/{kind}/")

    assert re.findall(rf'href="(/{kind}/[^"?]+)"', page) == links


def test_countries_are_listed_by_name_with_their_activities(client: FlaskClient) -> None:
    page = _page(client, "/country/?lang=fr")

    found = re.findall(
        r'<li><a href="/country/(\w+)\?lang=fr"[^>]*>([^<]+)</a>(?: <b><a [^>]+>(\d+))?', page
    )
    assert found[0] == ("BRA", "Brésil", "2")
    assert [key for key, _, _ in found] == ["BRA", "ITA", "MWI", "MOZ", "NAM"]


def test_there_is_no_list_of_an_unknown_kind(client: FlaskClient) -> None:
    assert client.get("/nonsense/", headers=HTML).status_code == 404


def test_only_kinds_lead_to_their_lists(client: FlaskClient) -> None:
    answer = client.get("/practice?lang=fr")

    assert (answer.status_code, answer.location) == (308, "/practice/?lang=fr")
    assert client.get("/nonsense").status_code == 404


@pytest.mark.parametrize("address", ["/", "/search?q=meals", "/practice/"])
def test_pages_without_data_are_refused_to_who_accepts_no_page(
    client: FlaskClient, address: str
) -> None:
    answer = client.get(address, headers={"Accept": "text/turtle"})

    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    assert "text/html" in answer.get_json()["detail"]
    assert client.get(address, headers={"Accept": "*/*"}).mimetype == "text/html"


@pytest.mark.parametrize(
    ("address", "media_type", "text"),
    [
        ("/robots.txt", "text/plain", "Disallow: /sparql?"),
        ("/favicon.ico", "image/svg+xml", "<svg"),
    ],
)
def test_walkers_and_browsers_find_what_they_ask_for(
    client: FlaskClient, address: str, media_type: str, text: str
) -> None:
    with client.get(address) as answer:
        assert (answer.status_code, answer.mimetype) == (200, media_type)
        assert text in answer.get_data(as_text=True)


def test_codes_of_iati_have_a_proper_name() -> None:
    app = Flask(__name__)
    Babel(app)  # type: ignore[no-untyped-call]
    with app.test_request_context():
        assert str(MANY["iati"]) == "IATI codes"


@pytest.mark.parametrize("text", ["BRA", "brazil"])
def test_what_bears_just_that_name_comes_first(client: FlaskClient, text: str) -> None:
    assert _names(_page(client, f"/search?q={text}"))[0] == "/country/BRA"


@pytest.mark.parametrize("text", ["2.1", "SDG 2.1", "target+2.1"])
def test_a_target_is_found_by_its_number(client: FlaskClient, text: str) -> None:
    assert _names(_page(client, f"/search?q={text}"))[0] == "/sdg/2.1"


def test_styles_may_be_kept_for_long(client: FlaskClient) -> None:
    address = re.findall(r'href="(/assets/styles/pages-[^"]+)"', _page(client, "/"))[0]

    with client.get(address) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "text/css")
        assert answer.cache_control.immutable


def test_nothing_outside_the_styles_is_sent(client: FlaskClient) -> None:
    assert client.get("/assets/../app.py").status_code == 404
    assert client.get("/assets/%2e%2e/app.py").status_code == 404


def test_styles_under_an_older_name_are_not_kept(client: FlaskClient) -> None:
    answer = client.get("/assets/styles/pages-older.css", headers={"Accept-Encoding": "br"})

    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "br")
    assert answer.cache_control.no_cache and not answer.cache_control.immutable
