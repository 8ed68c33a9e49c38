import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from endpoint.app import create_app
from kg.namespaces import thing_iri
from kg.settings import Settings
from tests.endpoint.pages_sample import sample_client

HTML = {"Accept": "text/html"}
MEALS = "/transfer?country=MWI&problem=school-feeding&age=6-14"


@pytest.fixture(name="shipped", scope="module")
def _shipped(shipped_home: Path) -> FlaskClient:
    return create_app(Settings(home=shipped_home)).test_client()


def _page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _heads(page: str) -> list[str]:
    return re.findall(r'answer-line">\s*<h3><a href="([^"?]+)', page)


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_without_a_question_the_page_explains_and_gives_examples(shipped: FlaskClient) -> None:
    page = _page(shipped, "/transfer")

    assert "Who solved something like this" in page
    assert 'href="/transfer?country=HTI&amp;problem=cash-transfers"' in page


def test_the_path_is_told_in_words_and_each_part_leads_on(shipped: FlaskClient) -> None:
    page = _page(shipped, MEALS)

    assert _heads(page)[0] == "/practice/brazil-pnae"
    words = _words(page)
    assert "Brazil began National School Feeding Programme (PNAE, Brazil)" in words
    assert "Malawi itself took part." in words
    assert "lies in Eastern Africa and belongs to: Least developed countries" in words
    assert '<a href="/country/MWI">Malawi</a>' in page


def test_an_adaptation_is_told_by_where_it_was_set_up(shipped: FlaskClient) -> None:
    words = _words(_page(shipped, "/transfer?country=ZMB&problem=foundational-learning"))

    assert "set up in Zambia as Catch Up (Zambia)" in words


def test_the_score_is_explained(shipped: FlaskClient) -> None:
    page = _page(shipped, MEALS)

    assert "Why it is here" in page
    assert re.search(r'<th scope="row">A country like yours</th><td class="number">100%</td>', page)


@pytest.mark.parametrize(
    ("problem", "head"),
    [
        ("school-feeding", "/practice/brazil-pnae"),
        ("School+feeding", "/practice/brazil-pnae"),
        ("Alimentation+scolaire", "/practice/brazil-pnae"),
        ("6.2", "/practice/community-led-total-sanitation"),
        ("newborn-deaths", "/initiative/china-unicef-mnch-eight-african-countries"),
        ("open+defecation", "/practice/community-led-total-sanitation"),
    ],
)
def test_a_problem_is_a_theme_a_target_a_challenge_or_words(
    shipped: FlaskClient, problem: str, head: str
) -> None:
    assert head in _heads(_page(shipped, f"/transfer?country=KEN&problem={problem}"))


def test_what_cannot_be_read_is_told_and_left_out(shipped: FlaskClient) -> None:
    page = _page(shipped, "/transfer?country=Narnia&problem=hiv&age=old&setting=moon")

    assert "“Narnia” could not be read" in page
    assert "“old” could not be read" in page
    assert "“moon” could not be read" in page
    assert _heads(page)


def test_nothing_found_is_no_proof_of_nothing_done(shipped: FlaskClient) -> None:
    page = _page(shipped, "/transfer?country=MWI&problem=zzzzqqq")

    assert "No answer yet" in page
    assert "That does not say that nobody did it" in page


def test_hostile_words_stay_words(shipped: FlaskClient) -> None:
    page = _page(shipped, "/transfer?problem=%3Cscript%3Ealert(1)%3C/script%3E&country=%22%3E")

    assert "<script>alert" not in page


def test_the_answer_as_json_tells_the_same(shipped: FlaskClient) -> None:
    answer = shipped.get(MEALS, headers={"Accept": "application/json"})

    data = json.loads(answer.data)
    assert data["answers"][0]["iri"] == thing_iri("practice", "brazil-pnae")
    assert set(data["answers"][0]["parts"]) == {"fit", "place", "travel", "grade"}
    assert data["answers"][0]["path"][0]["text"].startswith("Brazil began")
    assert data == json.loads(shipped.get(MEALS.replace("/transfer", "/transfer.json")).data)


@pytest.mark.parametrize(
    ("address", "status"), [("/transfer.json?age=x", 400), ("/transfer.csv", 404)]
)
def test_programs_are_told_what_is_wrong(shipped: FlaskClient, address: str, status: int) -> None:
    assert shipped.get(address, headers={"Accept": "application/json"}).status_code == status


def test_a_need_brings_its_country_along() -> None:
    page = _page(sample_client(), "/transfer?problem=meals-namibia")

    assert re.search(r'<option value="NAM" selected>', page)
    assert "/practice/school-meals" in _heads(page)


def test_a_page_of_a_practice_leads_to_what_is_like_it(shipped: FlaskClient) -> None:
    page = _page(shipped, "/practice/zvandiri")

    assert 'id="alike"' in page
    assert "Shares: HIV, Adolescents and youth" in page
    assert "/compare?thing=practice/zvandiri&amp;thing=practice/teen-club-botswana" in page


def test_the_way_lists_the_line_and_who_else_did_this_does_not(shipped: FlaskClient) -> None:
    page = _page(shipped, "/practice/abriendo-oportunidades")

    way, _, after = page.partition('id="others"')
    others = after.partition('id="alike"')[0]
    assert "/adaptation/toledo-adolescent-girls-program" in way
    assert "/adaptation/toledo-adolescent-girls-program" not in others
    assert "/practice/" in others


def test_pages_of_other_kinds_have_no_such_part(shipped: FlaskClient) -> None:
    assert 'id="alike"' not in _page(shipped, "/theme/hiv")
