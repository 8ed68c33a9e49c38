from pathlib import Path

import pytest

from kg.catalogue import Catalogue
from kg.lines import read_line
from kg.namespaces import thing_iri
from kg.reader import View, open_view
from kg.settings import PROJECT
from kg.similarity import WEIGHTS, find_alike
from kg.snapshots import Snapshots
from kg.traits import measure_likeness, read_rarity, read_sources


@pytest.fixture(name="view", scope="module")
def _view(shipped_home: Path) -> View:
    return open_view(Snapshots(shipped_home).current(), Catalogue(PROJECT / "queries"))


def _practice(key: str) -> str:
    return thing_iri("practice", key)


def test_a_rare_concept_tells_more_than_a_common_one(view: View) -> None:
    rare = read_rarity(view, "theme", thing_iri("theme", "birth-registration"))
    common = read_rarity(view, "theme", thing_iri("theme", "health"))

    assert rare > common > 0


def test_what_is_alike_shares_something_and_says_what(view: View) -> None:
    found = find_alike(view, _practice("zvandiri"), 5)

    assert found[0].iri == _practice("teen-club-botswana")
    assert thing_iri("theme", "hiv") in found[0].shared["theme"]
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


@pytest.mark.parametrize("key", ["brazil-pnae", "pratham-tarl", "reach-up-parenting"])
def test_things_of_its_own_line_are_not_called_alike(view: View, key: str) -> None:
    line = {_practice(key), *read_line(view, _practice(key)).members}

    found = [each.iri for each in find_alike(view, _practice(key), 20)]

    assert found
    assert not line.intersection(found)


def test_likeness_by_one_part_alone_can_be_asked(view: View) -> None:
    weights = dict.fromkeys(WEIGHTS, 0.0) | {"theme": 1.0}

    found = find_alike(view, _practice("uganda-mobile-vital-records-system"), 5, weights)

    assert all(each.shared.get("theme") for each in found)


def test_a_country_is_most_like_itself_then_like_its_neighbours(view: View) -> None:
    malawi, zambia, brazil, norway = (
        thing_iri("country", key) for key in ("MWI", "ZMB", "BRA", "NOR")
    )

    likeness = [measure_likeness(view, malawi, each) for each in (malawi, zambia, brazil, norway)]

    assert likeness[0] == 1.0
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[1] > likeness[2] > 0


def test_a_line_holds_what_a_practice_came_from_and_what_passes_it_on(view: View) -> None:
    line = read_line(view, thing_iri("adaptation", "pro-huerta-haiti"))

    assert line.sources == (_practice("argentina-pro-huerta"),)
    assert thing_iri("initiative", "haiti-agroecological-school-gardens") in line.offshoots
    assert thing_iri("adaptation", "pro-huerta-haiti") not in line.members


def test_sources_are_followed_one_step(view: View) -> None:
    found = read_sources(view, [_practice("reach-up-parenting")])

    assert found == {_practice("reach-up-parenting"), _practice("jamaica-home-visit")}
