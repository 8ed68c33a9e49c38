"""How a thing is cited."""

import pytest

from tests.endpoint.pages_sample import sample_client

PATH = "/practice/school-meals/cite"
IRI = "https://w3id.org/ssc4c/id/practice/school-meals"


@pytest.mark.parametrize(
    ("extension", "media_type", "word"),
    [
        ("txt", "text/plain", "(2026). National School Feeding Programme. In: SSC4C Graph"),
        ("bib", "application/x-bibtex", "@misc{ssc4c-practice-school-meals,"),
        ("csl.json", "application/vnd.citationstyles.csl+json", '"container-title": "SSC4C Graph'),
        ("ris", "application/x-research-info-systems", "T2  - SSC4C Graph"),
    ],
)
def test_a_thing_is_cited_as_a_file(extension: str, media_type: str, word: str) -> None:
    answer = sample_client().get(f"{PATH}.{extension}")

    assert (answer.status_code, answer.mimetype) == (200, media_type)
    text = answer.get_data(as_text=True)
    assert word in text
    assert IRI in text
    name = f'filename="ssc4c-practice-school-meals.{extension}"'
    assert name in answer.headers["Content-Disposition"]


def test_the_page_shows_how_it_is_cited() -> None:
    page = sample_client().get(PATH.removesuffix("/cite"), headers={"Accept": "text/html"}).text

    assert "National School Feeding Programme. In: SSC4C Graph" in page
    assert 'href="/practice/school-meals/cite.bib"' in page


@pytest.mark.parametrize("path", [f"{PATH}.doc", "/practice/nothing/cite.bib", "/x/%22/cite.ris"])
def test_there_is_no_citation_of_nothing(path: str) -> None:
    assert sample_client().get(path).status_code == 404
