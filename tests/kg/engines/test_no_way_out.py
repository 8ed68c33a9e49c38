"""What a query can say, no connection leaves this machine, but to endpoints that are listed."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.engines.embedded import EmbeddedEngine
from kg.errors import BadQuery, KgError, ServiceRefused
from tests.kg.engines.elsewhere import Elsewhere, elsewhere, http, rows
from tests.kg.engines.homes import ask, publish, running_engine, small_settings

SHAPES = {
    "plain": "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "silent": "SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
    "in mixed case": "SELECT * {{ sErViCe sIlEnT <{url}> {{ ?s ?p ?o }} }}",
    "nested": "SELECT * {{ {{ {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }} }}",
    "in a sub-select": "SELECT * {{ {{ SELECT ?s {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }} }}",
    "in EXISTS": "ASK {{ FILTER EXISTS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
    "in OPTIONAL": "ASK {{ OPTIONAL {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
    "in MINUS": "ASK {{ ?s ?p ?o MINUS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
    "in CONSTRUCT": "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "in DESCRIBE": "DESCRIBE ?s {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "by prefix": "PREFIX e: <{url}> SELECT * {{ SERVICE e: {{ ?s ?p ?o }} }}",
    "by base": "BASE <{url}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
    "by variable": "SELECT * {{ BIND(<{url}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
    "glued": "SELECT * {{ ?s ?p 5SERVICE<{url}>{{ ?s ?p ?o }} }}",
    "loaded": "LOAD <{url}>",
    "loaded after a query": "SELECT * {{}} ; LOAD <{url}>",
}
FROM = {
    "FROM": "SELECT * FROM <{url}> {{ ?s ?p ?o }}",
    "FROM NAMED": "SELECT * FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "GRAPH": "SELECT * {{ GRAPH <{url}> {{ ?s ?p ?o }} }}",
}
SENT = ["plain", "silent", "in mixed case", "nested", "in a sub-select", "in EXISTS"]
SENT += ["in OPTIONAL", "in MINUS", "in CONSTRUCT", "in DESCRIBE", "by prefix", "by base"]
"""What reaches an endpoint that is listed."""


@pytest.fixture(scope="module")
def other() -> Iterator[Elsewhere]:
    thing = '{"type": "uri", "value": "http://example.org/thing/7"}'
    row = f'{{"s": {thing}, "p": {thing}, "o": {thing}}}'
    with elsewhere(http(rows("s p o", row))) as server:
        yield server


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    publish(home)
    return home


@pytest.fixture(scope="module")
def closed(home: Path) -> Iterator[EmbeddedEngine]:
    """An engine as it comes."""
    with running_engine(small_settings(home)) as engine:
        yield engine


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_leaves_by_default(closed: EmbeddedEngine, other: Elsewhere, shape: str) -> None:
    before = len(other.requests)

    with pytest.raises((ServiceRefused, BadQuery)):
        ask(closed, SHAPES[shape].format(url=other.url))

    assert len(other.requests) == before


@pytest.mark.parametrize("shape", FROM)
def test_a_graph_is_never_fetched(closed: EmbeddedEngine, other: Elsewhere, shape: str) -> None:
    before = len(other.requests)

    assert ask(closed, FROM[shape].format(url=other.url)).count("\n") == 1

    assert len(other.requests) == before


@pytest.mark.parametrize("parameter", ["default_graphs", "named_graphs"])
def test_a_graph_of_the_request_is_never_fetched(
    closed: EmbeddedEngine, other: Elsewhere, parameter: str
) -> None:
    before = len(other.requests)
    query = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"

    assert ask(closed, query, **{parameter: (other.url,)}).count("\n") == 1

    assert len(other.requests) == before


def test_of_listed_endpoints_exactly_those_asked_hear_of_it(home: Path, tmp_path: Path) -> None:
    publish(tmp_path)
    listed_reply = http(rows("s", '{"s": {"type": "uri", "value": "http://example.org/thing/7"}}'))
    with elsewhere(listed_reply) as listed, elsewhere() as unlisted:
        settings = small_settings(tmp_path, service_allow=f"{listed.url} http://example.org/none")
        with running_engine(settings) as engine:
            for shape, query in {**SHAPES, **FROM}.items():
                before = len(listed.requests)
                for url in (unlisted.url, listed.url):
                    with contextlib.suppress(KgError):
                        ask(engine, query.format(url=url))
                assert len(listed.requests) - before == (shape in SENT), shape

            answer = ask(engine, SHAPES["in DESCRIBE"].format(url=listed.url))
            assert "thing 7" in answer
        assert unlisted.requests == []
