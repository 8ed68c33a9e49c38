"""Pages of places, actors, goals and concepts count right, and their numbers lead to lists."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from endpoint.app import create_app
from endpoint.searchaddress import read_asked
from endpoint.summaries import ACTIVITIES
from kg.profiles import read_profile
from kg.searching import Wanted
from kg.settings import Settings
from kg.snapshots import Snapshots
from kg.textindex import TextIndex
from kg.textqueries import ROLES
from tests.endpoint.pages_sample import sample_client

_LINK = re.compile(r'<a href="(/search\?[^"]+)">([\d,]+)</a>')
COUNTED = [
    "/country/BRA",
    "/country/MOZ",
    "/country/TUV",
    "/country-group/ldc",
    "/region/014",
    "/actor/united-nations-childrens-fund",
    "/sdg/2",
    "/sdg/2.1",
    "/theme/nutrition",
    "/form/triangular",
    "/instrument/study-visit",
    "/scheme/theme",
    "/country/",
    "/actor/",
    "/actor/?page=2",
    "/sdg/",
    "/theme/",
]


@pytest.fixture(scope="module")
def shipped(shipped_home: Path) -> Iterator[FlaskClient]:
    yield create_app(Settings(home=shipped_home)).test_client()


@pytest.fixture(scope="module")
def index(shipped_home: Path) -> TextIndex:
    return TextIndex(Snapshots(shipped_home).current().index_path)


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("path", COUNTED)
def test_each_number_is_that_of_the_search_it_leads_to(
    shipped: FlaskClient, index: TextIndex, path: str
) -> None:
    found = _LINK.findall(read(shipped, path))
    assert found
    for address, text in dict.fromkeys(found):
        asked = read_asked(MultiDict(parse_qsl(urlsplit(unescape(address)).query)))
        assert not asked.slips
        wanted = Wanted(asked.text, asked.chosen, asked.since, asked.until)

        assert (address, index.find(wanted, limit=1).total) == (
            address,
            int(text.replace(",", "")),
        )


def test_each_role_of_each_actor_is_that_of_its_search(
    shipped_home: Path, index: TextIndex
) -> None:
    store = Snapshots(shipped_home).current().open()
    told = 0
    for hit in index.search(kind="actor", limit=5000).items:
        profile = read_profile(store, hit.iri)
        for facet, link in ROLES.items():
            if total := profile.total(link):
                told += 1
                chosen = {"kind": ACTIVITIES, facet: (hit.iri,)}
                assert (hit.iri, facet, index.find(Wanted(chosen=chosen), limit=1).total) == (
                    hit.iri,
                    facet,
                    total,
                )
    assert told > 400


def test_all_numbers_of_an_actor_lead_to_lists(shipped: FlaskClient) -> None:
    page = read(shipped, "/actor/united-nations-childrens-fund")
    numbers = page.partition('id="sums"')[2].partition("</section>")[0]

    bare = re.findall(r"<(?:b|td)[^>]*>([1-9][\d,]*)</", numbers)
    assert bare == []
    assert "&amp;facilitates=united-nations-childrens-fund&amp;start=2012" in numbers


def test_search_by_role_can_be_let_go_again(shipped: FlaskClient) -> None:
    page = read(shipped, "/search?leads=united-nations-childrens-fund&kind=initiative")

    assert "Led by" in page
    assert re.search(r'name="leads" value="united-nations-childrens-fund"[^>]*checked', page)
    assert 'href="/search?kind=initiative" class="chip"' in page


def test_a_country_shows_roles_years_partners_goals_and_groups(shipped: FlaskClient) -> None:
    page = read(shipped, "/country/BRA")

    for text in (
        "Gives",
        "Receives",
        "By year of start",
        "Partner countries",
        "Goals it works for",
        "Organisations active here",
        "Organisations seated here",
        "Groups it belongs to",
        "Others in",
    ):
        assert text in page
    assert page.count('class="goal-number"') == 17
    assert 'data-picture="places"' in page


def test_few_goals_are_not_drawn() -> None:
    page = read(sample_client(), "/country/BRA")

    assert "goal-profile" not in page


def test_little_is_told_in_words() -> None:
    page = read(sample_client(), "/country/MOZ")

    assert 'class="in-words"' in page
    assert '<ul class="sums">' not in page


def test_empty_sections_vanish() -> None:
    page = read(sample_client(), "/country/NAM")

    for name in ("sums", "goals", "what", "seated", "groups", "around"):
        assert f'id="{name}"' not in page


def test_an_actor_shows_its_roles_partners_and_countries(shipped: FlaskClient) -> None:
    page = read(shipped, "/actor/united-nations-childrens-fund")

    for text in (
        "Takes part",
        '<th scope="col" class="number">Facilitates</th>',
        "Leads",
        "Partners",
        "Countries it works with",
    ):
        assert text in page
    assert 'data-picture="net"' in page


def test_a_target_shows_its_goal_siblings_indicators_and_countries(shipped: FlaskClient) -> None:
    page = read(shipped, "/sdg/2.1")

    assert 'Part of <a href="/sdg/2">' in page
    for text in ("Its indicators", "Other targets of the goal", "Countries by region", "--goal:#"):
        assert text in page


def test_an_indicator_shows_its_targets(shipped: FlaskClient) -> None:
    page = read(shipped, "/sdg/C020101")

    assert 'Part of <a href="/sdg/2.1">' in page
    assert "Other indicators of the target" in page


def test_a_scheme_shows_its_concepts_as_a_tree(shipped: FlaskClient) -> None:
    page = read(shipped, "/scheme/theme")

    assert page.count('<ul class="tree">') > 1
    assert 'href="/theme/nutrition"' in page


def test_a_concept_shows_what_stands_around_it_and_its_use(shipped: FlaskClient) -> None:
    page = read(shipped, "/theme/early-childhood-development")

    for text in ("Around it", "Beside it", "In numbers", "Goals it works for"):
        assert text in page


def test_one_list_is_looked_at_alone(shipped: FlaskClient) -> None:
    page = read(shipped, "/country/BRA?relation=ssc4c:providerCountry+initiative")

    assert "In numbers" not in page
    assert "All links to Brazil" in page


def test_long_lists_of_names_have_letters_and_the_best_known(shipped: FlaskClient) -> None:
    page = read(shipped, "/actor/")

    assert 'class="letters"' in page
    assert "In most activities" in page
    assert 'href="/search?kind=actor"' in page
    assert "In most activities" not in read(shipped, "/actor/?page=2")


def test_countries_are_found_by_letter_in_the_language_of_the_page(shipped: FlaskClient) -> None:
    english, french = read(shipped, "/country/"), read(shipped, "/country/?lang=fr")

    assert "Germany" in english[english.index(">G</h2>") : english.index(">H</h2>")]
    assert "Allemagne" in french[french.index(">A</h2>") : french.index(">B</h2>")]


def test_goals_are_listed_with_their_targets(shipped: FlaskClient) -> None:
    page = read(shipped, "/sdg/")

    assert page.count("<details") >= 17
    assert 'href="/sdg/17.9"' in page
