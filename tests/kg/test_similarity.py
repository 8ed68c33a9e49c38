from itertools import chain
from pathlib import Path

import pytest
import tantivy
from pyoxigraph import NamedNode

from kg.catalogue import Catalogue
from kg.lines import read_line
from kg.namespaces import expand, split_thing, thing_iri
from kg.reader import View, open_view
from kg.settings import PROJECT
from kg.similarity import WEIGHTS, find_alike
from kg.snapshots import Snapshots
from kg.textqueries import of_kinds
from kg.texttraits import FIELDS
from kg.traits import ACTIVITIES, measure_likeness, read_rarity, read_sources, read_traits


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


def _said(view: View, iri: str, *names: str) -> set[str]:
    """Values of these properties, read from the store."""
    return {each.value for name in names for each in view.values(iri, NamedNode(expand(name)))}


@pytest.mark.parametrize("kind", ACTIVITIES)
def test_traits_that_the_index_keeps_are_what_the_graph_says(view: View, kind: str) -> None:
    things = [hit.iri for hit in view.index.search(kind=kind, limit=1000).items]
    told: set[str] = set()

    for iri in things:
        traits = read_traits(view, iri)
        told.update(field for field, values in traits.concepts.items() if values)
        targets = {each for each in _said(view, iri, "ssc4c:contributesTo") if _is_fine(each)}
        assert traits.concepts["target"] == targets
        assert traits.concepts["theme"] == _said(view, iri, "ssc4c:theme")
        assert traits.concepts["population"] == _said(view, iri, "ssc4c:populationGroup")
        assert traits.concepts["instrument"] == _said(view, iri, "ssc4c:instrument")
        assert traits.concepts["form"] == _said(view, iri, "ssc4c:form")
        arrived = _said(view, iri, "ssc4c:recipientCountry", "ssc4c:inCountry")
        origins = _said(view, iri, "ssc4c:originCountry", "ssc4c:providerCountry")
        assert traits.arrived == arrived
        assert traits.origins == origins
        assert traits.places == (arrived or _said(view, iri, "ssc4c:involvesCountry") or origins)
        came_from = ("ssc4c:carries", "ssc4c:adaptationOf", "ssc4c:growsOutOf")
        assert traits.sources == _said(view, iri, *came_from)

    assert {"theme", "target"} <= told <= set(FIELDS)


def _is_fine(goal: str) -> bool:
    """Whether it is a target or indicator."""
    return not goal.rpartition("/")[2].isdecimal()


@pytest.mark.parametrize(
    "kinds",
    [
        ACTIVITIES,
        ("practice",),
        ("practice", "publication"),
        ("theme", "practice"),
        ("theme", "sdg"),
    ],
    ids=" ".join,
)
def test_things_of_kinds_are_those_of_each_kind(view: View, kinds: tuple[str, ...]) -> None:
    query = tantivy.Query.all_query()

    found = [iri for iri, _ in view.index.best(of_kinds(query, kinds), 9000)]

    single = (view.index.best(of_kinds(query, [kind]), 9000) for kind in kinds)
    each = [[iri for iri, _ in hits] for hits in single]
    assert sorted(found) == sorted(chain.from_iterable(each))
    assert {(split_thing(iri) or ("",))[0] for iri in found} == set(kinds)


def test_what_the_index_does_not_know_has_no_traits(view: View) -> None:
    traits = read_traits(view, _practice("not-there"))

    assert not any(traits.concepts.values())
    assert not (traits.places or traits.sources)


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
