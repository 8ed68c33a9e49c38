from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.catalogue import Catalogue
from kg.engines.ordering import order_totally
from kg.settings import PROJECT, Settings
from tests.kg.engines.homes import ask, running_engine
from tests.loader.partner import copy_home

CATALOGUE = Catalogue(PROJECT / "queries")
MIXED = "SELECT ?o { ?s ?p ?o } ORDER BY "
VALUES: list[NamedNode | Literal] = [
    Literal("b"),
    Literal("a", language="en"),
    Literal(10),
    Literal(9.5),
    Literal(True),
    NamedNode("http://example.org/z"),
    NamedNode("http://example.org/a"),
]


@pytest.fixture
def store() -> Store:
    store = Store()
    for number, value in enumerate(VALUES):
        thing = NamedNode(f"http://example.org/{number}")
        store.add(Quad(thing, NamedNode("http://example.org/says"), value))
    return store


@pytest.mark.parametrize(
    ("key", "order"),
    [
        ("?o", [6, 5, 3, 2, 1, 4, 0]),
        ("DESC(?o)", [0, 4, 1, 2, 3, 5, 6]),
        ("ASC(ISIRI(?o)) DESC(STR(?o)) LIMIT 3", [4, 0, 1]),
        ("STRLEN(STR(?o)) ?o LIMIT 2", [1, 0]),
    ],
)
def test_values_of_mixed_kinds_have_one_order(store: Store, key: str, order: list[int]) -> None:
    rows = list(store.query(order_totally(MIXED + key)))  # type: ignore[arg-type]

    assert [row["o"] for row in rows] == [VALUES[number] for number in order]


@pytest.mark.parametrize(
    "query", Catalogue(PROJECT / "queries").values(), ids=lambda each: each.name
)
def test_another_order_is_still_a_query(query: object) -> None:
    Store().query(order_totally(query.text))  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", ["?o", "DESC(?o)"])
def test_everything_can_be_sorted(shipped_home: Path, tmp_path: Path, key: str) -> None:
    home = copy_home(shipped_home, tmp_path / "home")
    with running_engine(Settings(home=home, query_timeout=110.0)) as engine:
        answer = ask(engine, f"{MIXED}{key} LIMIT 5")

    assert len(answer.splitlines()) == 6
