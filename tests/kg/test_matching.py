from pathlib import Path

import pytest

from kg.catalogue import Catalogue
from kg.matching import WEIGHTS, Answer, Question, find_answers
from kg.namespaces import thing_iri
from kg.reader import View, open_view
from kg.settings import PROJECT
from kg.snapshots import Snapshots

MEALS = {thing_iri("theme", "school-feeding"): 1.0}
MALAWI = thing_iri("country", "MWI")


@pytest.fixture(name="view", scope="module")
def _view(shipped_home: Path) -> View:
    return open_view(Snapshots(shipped_home).current(), Catalogue(PROJECT / "queries"))


def _heads(answers: list[Answer]) -> list[str]:
    return [each.head.traits.iri for each in answers]


def test_what_travelled_to_the_country_itself_comes_first(view: View) -> None:
    answers = find_answers(view, Question(MALAWI, MEALS))

    assert answers[0].head.traits.iri == thing_iri("practice", "brazil-pnae")
    assert answers[0].best.nearest == MALAWI
    assert answers[0].countries[0] == MALAWI


def test_what_carries_a_practice_stands_under_it_and_not_beside_it(view: View) -> None:
    answers = find_answers(view, Question(MALAWI, MEALS), 50)

    members = {each.traits.iri for answer in answers for each in answer.members}
    assert thing_iri("initiative", "african-union-brazil-school-feeding") in members
    assert not members.intersection(_heads(answers))


def test_the_country_changes_the_order_and_not_the_problem(view: View) -> None:
    here = find_answers(view, Question(MALAWI, MEALS), 50)
    there = find_answers(view, Question(thing_iri("country", "ARM"), MEALS), 50)

    assert _heads(here)[:5] != _heads(there)[:5]
    assert thing_iri("initiative", "wfp-sifi-school-feeding-cis") in _heads(there)[:5]


def test_the_score_is_the_fit_times_the_shares_of_the_rest(view: View) -> None:
    [answer] = find_answers(view, Question(MALAWI, MEALS), 1)

    parts = answer.parts
    rest = WEIGHTS["fit"] + sum(
        WEIGHTS[name] * parts[name] for name in ("place", "travel", "grade")
    )
    assert answer.score == pytest.approx(parts["fit"] * rest)
    assert all(0 <= value <= 1 for value in parts.values())


def test_an_age_that_a_thing_is_not_for_counts_against_it(view: View) -> None:
    meals = Question(MALAWI, MEALS, ages=(6.0, 14.0))
    babies = Question(MALAWI, MEALS, ages=(0.0, 1.0))

    fits = [find_answers(view, each, 1)[0].parts["fit"] for each in (meals, babies)]

    assert fits[0] > fits[1]


def test_nothing_asked_finds_nothing(view: View) -> None:
    assert find_answers(view, Question(MALAWI)) == []
