"""Every query file, whoever wrote it, keeps the rules of its kind."""

import itertools
import re
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import Store
from rdflib.plugins.sparql import prepareQuery

from kg.catalogue import NamedQuery, read_query
from kg.namespaces import ID, PREFIXES
from kg.settings import PROJECT
from tests.queries.graphs import CHECKS, COMPETENCY, EVERY, OFFERED, QUERIES

each_file = pytest.mark.parametrize(
    "path", EVERY, ids=lambda path: path.relative_to(QUERIES).as_posix()
)

KINDS: Final = {
    *("practice", "initiative", "adaptation", "actor", "country", "country-group"),
    *("goal", "target", "indicator"),
    *(path.stem for path in (PROJECT / "ontology" / "schemes").glob("*.ttl")),
}
_PREFIX: Final = re.compile(r"^PREFIX (\w*): <([^>]*)>$", re.MULTILINE)
_BASE: Final = re.compile(r"^BASE <([^>]*)>$", re.MULTILINE)
_HEADER: Final = re.compile(r"^#.*$", re.MULTILINE)


def body(query: NamedQuery) -> str:
    """The text without comments and prologue."""
    return _BASE.sub("", _PREFIX.sub("", _HEADER.sub("", query.text)))


def columns(query: NamedQuery) -> list[str]:
    """The variables of the outer SELECT line."""
    return [str(name) for name in prepareQuery(query.text).algebra["PV"]]


@each_file
def test_header_is_whole(path: Path) -> None:
    query = read_query(path)

    assert query.summary.endswith(("?", "."))
    assert query.form
    assert not query.question or re.fullmatch(r"CQ-\d\d", query.question)


@each_file
def test_name_says_what_is_found(path: Path) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", path.stem)


@each_file
def test_query_is_valid_in_both_engines(path: Path) -> None:
    query = read_query(path)

    for text in (query.text, query.bind(query.parameters)):
        prepareQuery(text)
        Store().query(text)


@each_file
def test_prefixes_are_the_projects_and_in_use(path: Path) -> None:
    query = read_query(path)

    for prefix, namespace in _PREFIX.findall(query.text):
        assert PREFIXES[prefix] == namespace
        assert re.search(rf"\b{prefix}:", body(query)), f"{prefix} is not used"
    assert set(_BASE.findall(query.text)) <= {ID}


@each_file
def test_parameters_stand_in_the_select_line(path: Path) -> None:
    query = read_query(path)

    if query.form == "SELECT":
        assert set(query.parameters) <= set(columns(query))


@each_file
def test_select_names_its_columns_and_its_order(path: Path) -> None:
    query = read_query(path)

    if query.form == "SELECT":
        assert not re.search(r"\bSELECT (DISTINCT )?\*", query.text)
        assert re.search(r"\bORDER BY\b[^}]*$", query.text)


@pytest.mark.parametrize("path", COMPETENCY, ids=lambda path: path.stem)
def test_every_column_of_a_question_is_in_its_order(path: Path) -> None:
    """So that two rows never tie: all columns but parameters and what is counted per row."""
    query = read_query(path)
    ordered = set(re.findall(r"\?(\w+)", query.text.rpartition("ORDER BY")[2]))
    counted = set(re.findall(r"\bAS \?(\w+)", body(query)))

    assert set(columns(query)) - set(query.parameters) - counted <= ordered


@pytest.mark.parametrize("path", OFFERED, ids=lambda path: path.stem)
def test_offered_query_says_what_it_takes_and_gives(path: Path) -> None:
    query = read_query(path)
    header = path.read_text(encoding="utf-8").partition("\n\n")[0]

    assert query.topic
    assert "\n#+ least: " in header and "\n#+ budget: " in header
    assert {name for name in query.parameters if query.kind(name) == "iri"} == set(query.kinds)
    assert set(itertools.chain.from_iterable(query.kinds.values())) <= KINDS


def test_offered_queries_have_names_that_no_other_has() -> None:
    names = Counter(path.stem for path in OFFERED)

    assert max(names.values()) == 1


def test_forty_questions_are_asked_once_each() -> None:
    asked = [read_query(path).question for path in COMPETENCY]

    assert asked == [f"CQ-{number:02d}" for number in range(1, 41)]
    assert all(path.stem.startswith(read_query(path).question.lower()) for path in COMPETENCY)


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_check_names_record_thing_and_problem(path: Path) -> None:
    query = read_query(path)

    assert columns(query) == ["record", "thing", "problem"]
    assert query.severity in ("blocking", "advisory")
    assert list(query.parameters) == (["record"] if query.severity == "blocking" else [])
    assert query.summary.count(". ") >= 1, "the summary states the problem and then the cure"


def test_folder_of_queries_is_described() -> None:
    readme = (QUERIES / "README.md").read_text(encoding="utf-8")

    assert len(readme.splitlines()) <= 15
    assert all(f"`{folder.name}/`" in readme for folder in QUERIES.iterdir() if folder.is_dir())
