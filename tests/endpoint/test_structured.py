"""What a page says of itself to machines outside."""

import json
import re
import struct
from typing import Any

import pytest

from endpoint.languages import LANGUAGES
from kg.settings import Settings
from tests.endpoint.pages_sample import client_of, sample_client, sample_store

ID = "https://w3id.org/ssc4c/id/"
HTML = {"Accept": "text/html"}
_SHARED = {
    *("og:type", "og:site_name", "og:title", "og:description", "og:url", "og:locale"),
    *("og:image", "og:image:type", "og:image:width", "og:image:height", "og:image:alt"),
    "twitter:card",
}


def _page(path: str) -> str:
    return sample_client().get(path, headers=HTML).get_data(as_text=True)


def _data(path: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', _page(path), re.S)
    (text,) = found
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    return list(data["@graph"])


def test_an_initiative_is_a_project_with_time_and_place() -> None:
    page, thing = _data("/initiative/school-meals-africa")

    assert (thing["@type"], thing["@id"]) == ("Project", f"{ID}initiative/school-meals-africa")
    assert thing["additionalType"] == "https://w3id.org/ssc4c/def/Initiative"
    assert (thing["foundingDate"], thing["dissolutionDate"]) == ("2012", "2017")
    assert {place["name"] for place in thing["areaServed"]} == {"Malawi", "Mozambique"}
    assert page["temporalCoverage"] == "2012/2017"
    assert [place["name"] for place in page["spatialCoverage"]] == [
        "Brazil",
        "Malawi",
        "Mozambique",
    ]
    assert page["mainEntity"] == {"@id": thing["@id"]}
    assert page["dateModified"] == "2026-11-20T10:00:00Z"
    assert len(page["citation"]) == 2


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/practice/school-meals", "Project"),
        ("/actor/wfp", "Organization"),
        ("/person/jane-doe", "Person"),
        ("/country/BRA", "Country"),
        ("/event/meals-forum", "Event"),
        ("/publication/school-meals-report", "CreativeWork"),
        ("/need/meals-namibia", "Demand"),
        ("/offer/meals-brazil", "Offer"),
        ("/theme/nutrition", "DefinedTerm"),
        ("/sdg/2.1", "DefinedTerm"),
        ("/challenge/stunting-mozambique", "Thing"),
    ],
)
def test_each_kind_has_a_type_that_fits(path: str, name: str) -> None:
    page, thing = _data(path)

    assert (page["@type"], thing["@type"]) == ("WebPage", name)
    assert thing["name"]


def test_a_page_names_itself_its_address_and_its_languages() -> None:
    text = _page("/practice/school-meals?lang=pt")

    address = "http://127.0.0.1:8000/practice/school-meals"
    assert f'<link rel="canonical" href="{address}">' in text
    tongues = re.findall(r'hreflang="([\w-]+)" href="(http[^"]+)"', text)
    expected = [(tag, f"{address}?lang={tag}") for tag in LANGUAGES] + [("x-default", address)]
    assert tongues == expected
    assert 'property="og:title" content="Programa Nacional de Alimentação Escolar"' in text
    assert 'property="og:image" content="http://127.0.0.1:8000/assets/share.png"' in text


@pytest.mark.parametrize("path", ["/", "/search?q=a%22b", "/practice/school-meals?lang=ar"])
def test_every_page_tells_how_its_link_is_shown(path: str) -> None:
    told = re.findall(
        r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)"', _page(path)
    )

    names = [name for name, _ in told if name != "og:locale:alternate"]
    assert len(names) == len(set(names)) == len(_SHARED)
    assert set(names) == _SHARED
    assert all(text.strip() for _, text in told)
    values = dict(told)
    assert values["og:url"].startswith("http://127.0.0.1:8000/")
    assert values["og:locale"] == ("ar_AR" if "lang=ar" in path else "en_US")


def test_the_picture_for_sharing_is_as_large_as_pages_say() -> None:
    page = _page("/")
    width, height = re.findall(r'og:image:(?:width|height)" content="([0-9]+)"', page)

    with sample_client().get("/assets/share.png") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert struct.unpack(">II", answer.data[16:24]) == (int(width), int(height))
        assert len(answer.data) < 300_000, "more is not shown by some"


def test_markup_in_names_stays_text_in_the_data() -> None:
    text = _page("/actor/hostile")

    _, thing = _data("/actor/hostile")
    assert thing["name"] == "<script>alert(1)</script>"
    assert "<script>alert" not in text
    assert text.count("</script>") == text.count("<script")


def test_addresses_are_those_of_the_public_server() -> None:
    settings = Settings(public_url="https://graph.example.org")
    text = client_of(sample_store(), settings).get("/actor/wfp", headers=HTML).text

    assert 'href="https://graph.example.org/actor/wfp"' in text
    assert '"url": "https://graph.example.org/actor/wfp"' in text
