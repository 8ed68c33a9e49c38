"""A release asks each example; one that rots is found, whichever way it rots."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kg.catalogue import Catalogue
from kg.examples import find_broken_examples
from kg.settings import PROJECT
from kg.snapshots import Snapshots
from tests.kg.engines.homes import publish, running_engine, small_settings

THING = NamedNode("https://example.org/thing")
HEADER = "#+ summary: Which things are there?\n#+ topic: practices\n"
SELECT = "SELECT ?thing\nWHERE { ?thing ?property ?value . }\nORDER BY ?thing\n"


def catalogue(folder: Path, header: str = "", text: str = SELECT) -> Catalogue:
    path = folder / "api" / "things-there.rq"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + header + text, encoding="utf-8")
    return Catalogue(folder)


@pytest.fixture
def store() -> Store:
    store = Store()
    store.add(Quad(THING, THING, THING))
    return store


@pytest.mark.parametrize(
    ("header", "text", "reason"),
    [
        ("#+ least: 1\n", SELECT, None),
        ("#+ least: 2\n", SELECT, "1 rows instead of 2 or more"),
        ("#+ budget: 0\n", SELECT, "seconds instead of 0 or less"),
        ("", "SELECT ?thing\nWHERE { ?thing \n", "it fails: "),
        ("#+ least: 1\n", "ASK\nWHERE { ?a ?b ?c . }\n", None),
        ("#+ least: 1\n", "ASK\nWHERE { ?a ?b 7 . }\n", "0 rows instead of 1 or more"),
        ("#+ least: 2\n", "CONSTRUCT { ?a ?b ?c . }\nWHERE { ?a ?b ?c . }\n", "1 rows instead"),
    ],
)
def test_a_broken_example_is_named_with_its_fault(
    tmp_path: Path, store: Store, header: str, text: str, reason: str | None
) -> None:
    broken = find_broken_examples(catalogue(tmp_path, header, text), store)

    assert [each.name for each in broken] == ["api/things-there"] * bool(reason)
    assert all((reason or "") in each.reason for each in broken)


def test_every_example_answers_over_the_shipped_data(shipped_home: Path) -> None:
    store = Snapshots(shipped_home).current().open()

    assert find_broken_examples(Catalogue(PROJECT / "queries"), store) == []


@pytest.mark.parametrize(
    ("header", "text", "reasons"),
    [
        ("#+ least: 200\n", SELECT, []),
        ("#+ least: 900\n", SELECT, ["800 rows instead of 900 or more"]),
        ("#+ least: 1\n", "CONSTRUCT { ?a ?b ?c . }\nWHERE { ?a ?b ?c . }\n", []),
        ("#+ least: 1\n", "ASK\nWHERE { ?a ?b ?c . }\n", []),
        ("", "SELECT ?a\nWHERE { SERVICE <http://example.org/> { ?a ?b ?c } }\n", ["it fails: "]),
    ],
)
def test_examples_are_asked_through_an_engine_as_well(
    tmp_path: Path, header: str, text: str, reasons: list[str]
) -> None:
    publish(tmp_path)
    with running_engine(small_settings(tmp_path)) as engine:
        broken = find_broken_examples(catalogue(tmp_path / "queries", header, text), engine)

    assert len(broken) == len(reasons)
    assert all(reason in each.reason for each, reason in zip(broken, reasons, strict=True))
