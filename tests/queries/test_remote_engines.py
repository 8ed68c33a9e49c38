"""The forty questions get the same answers from real servers of other makers as from ours."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import pytest
import yaml
from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, parse_query_results

from bench.virtuoso import has_virtuoso
from kg.catalogue import read_query
from kg.engines import QueryRequest
from kg.engines.embedded import EmbeddedEngine
from kg.errors import KgError
from kg.journal import Journal
from kg.settings import Settings
from kg.transfer import transfer
from tests.kg.engines.homes import running_engine
from tests.loader.partner import copy_home
from tests.queries.graphs import COMPETENCY
from tests.servers import oxigraph, virtuoso

KNOWN: Final = Path(__file__).with_name("remote_differences.yaml")
_NUMBERS: Final = ("integer", "decimal", "double", "float", "int", "boolean")


def differences() -> Mapping[str, Mapping[str, str]]:
    """Server to question to the reason why its answer differs."""
    known: Mapping[str, Mapping[str, str]] = yaml.safe_load(KNOWN.read_text("utf-8"))
    return known


@pytest.fixture(scope="module")
def here(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    home = copy_home(shipped_home, tmp_path_factory.mktemp("here") / "home")
    with running_engine(Settings(home=home, memory=0)) as engine:
        yield engine


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def there(
    request: pytest.FixtureRequest, shipped_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, EmbeddedEngine]]:
    """A server of another maker that holds the shipped graph, and its name."""
    if request.param == "virtuoso" and not has_virtuoso():
        pytest.skip("the Debian package virtuoso-opensource-7-bin is missing")
    folder = tmp_path_factory.mktemp("server")
    home = copy_home(shipped_home, tmp_path_factory.mktemp("there") / "home")
    with ExitStack() as stack:
        server = stack.enter_context(
            (virtuoso if request.param == "virtuoso" else oxigraph)(folder)
        )
        settings = Settings(
            home=home,
            engine=server.query,
            engine_store=server.store,
            engine_update=server.update,
            engine_login=server.login,
        )
        with Journal(settings.journal) as journal:
            transfer(settings, journal)
        yield request.param, stack.enter_context(running_engine(settings))


def rows_of(engine: EmbeddedEngine, path: Path) -> list[tuple[str, ...]]:
    """The answer to a question, its rows sorted and its values written in one way."""
    query = read_query(path)
    request = QueryRequest(query.bind(query.parameters), table="application/sparql-results+json")
    found = parse_query_results(engine.run(request).read(), format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return sorted(tuple(map(in_one_way, row)) for row in found)


def in_one_way(term: object) -> str:
    """A term whose number, truth or string may be written in several ways."""
    if not isinstance(term, Literal):
        return "" if term is None else str(term)
    kind = term.datatype.value.rpartition("#")[2]
    if kind in _NUMBERS:
        value = {"true": "1", "false": "0"}.get(term.value, term.value)
        try:
            return f"{Decimal(value):f}".rstrip("0").rstrip(".") if "." in value else value
        except InvalidOperation:
            return value
    return f"{term.value}@{(term.language or '').lower()}^{kind}"


@pytest.mark.parametrize("path", COMPETENCY, ids=lambda path: path.stem)
def test_a_question_has_the_same_answer_elsewhere(
    path: Path, here: EmbeddedEngine, there: tuple[str, EmbeddedEngine]
) -> None:
    name, engine = there
    expected = rows_of(here, path)
    known = differences().get(name) or {}
    try:
        is_same = rows_of(engine, path) == expected
    except KgError:
        is_same = False

    assert is_same == (path.stem[:5] not in known), known.get(path.stem[:5], "not in the list")


def test_every_tolerated_difference_has_its_reason() -> None:
    questions = {path.stem[:5] for path in COMPETENCY}
    for reasons in differences().values():
        assert all(len(reason) > 20 for reason in (reasons or {}).values())
        assert set(reasons or {}) <= questions
