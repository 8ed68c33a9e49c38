"""The forty questions get their written answers, on the shipped graph and on made-up ones."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from tests.queries.graphs import COMPETENCY, FIXTURES, answer, fixture_of, fixture_store

MADE_UP = [path for path in COMPETENCY if fixture_of(path).exists()]


@pytest.mark.parametrize("path", COMPETENCY, ids=lambda path: path.stem)
def test_question_gets_its_written_answer(path: Path, shipped: Store) -> None:
    assert answer(path, shipped) == path.with_suffix(".csv").read_bytes()


@pytest.mark.parametrize("path", MADE_UP, ids=lambda path: path.stem)
def test_question_finds_what_it_should_in_a_made_up_graph(path: Path) -> None:
    fixture = fixture_of(path)

    assert answer(path, fixture_store(fixture)) == fixture.with_suffix(".csv").read_bytes()


@pytest.mark.parametrize("path", COMPETENCY, ids=lambda path: path.stem)
def test_question_has_an_answer_somewhere(path: Path) -> None:
    answers = [path.with_suffix(".csv"), fixture_of(path).with_suffix(".csv")]

    assert any(file.exists() and file.read_bytes().count(b"\n") > 1 for file in answers)


def test_every_made_up_graph_belongs_to_a_question() -> None:
    assert {path.stem for path in FIXTURES.glob("*.trig")} <= {path.stem[:5] for path in COMPETENCY}
