"""What the fast lane sends again, and what it does not."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from werkzeug.test import Client, TestResponse

from endpoint.app import create_app
from endpoint.lane import Lane
from endpoint.services import Services
from kg.catalogue import Catalogue
from kg.saved import SavedQueries
from tests.kg.engines.homes import POINT, publish, running_engine, small_settings

OWN = ("SSC4C-Query", "Server-Timing", "RateLimit")
"""Headers that tell something of one request alone."""


@pytest.fixture
def client(home: Path) -> Iterator[Client]:
    """Asks a lane that has a query service behind it."""
    settings = small_settings(home, rate_limit="100/minute")
    with running_engine(settings) as engine:
        catalogue = Catalogue(settings.project / "queries")
        services = Services(engine, catalogue, SavedQueries.from_settings(settings), settings)
        yield Client(Lane(create_app(settings, services)))


def ask(client: Client, query: str = POINT, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/sparql?" + urlencode({"query": query}), headers=named)


def lasting(response: TestResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in OWN}


def test_all_get_the_same_with_an_id_and_a_count_of_their_own(client: Client) -> None:
    found = [ask(client, Accept="text/csv") for _ in range(5)]

    assert len({each.data for each in found}) == 1
    assert [lasting(each) for each in found] == [lasting(found[0])] * 5
    assert len({each.headers["SSC4C-Query"] for each in found}) == 5
    left = [each.headers["RateLimit"].partition(";t=")[0] for each in found]
    assert left == [f'"60s";r={rest}' for rest in (99, 98, 97, 96, 95)]
    assert ["kept" in each.headers["Server-Timing"] for each in found] == [False] + [True] * 4


def test_formats_and_codings_are_told_apart(client: Client) -> None:
    wishes = [("text/csv", ""), ("application/json", ""), ("text/csv", "gzip")]
    query = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 500"

    rounds = [
        [ask(client, query, Accept=accept, Accept_Encoding=coding) for accept, coding in wishes]
        for _ in range(4)
    ]

    firsts = [(each.data, lasting(each)) for each in rounds[0]]
    assert len({data for data, _ in firsts}) == 3
    assert [[(each.data, lasting(each)) for each in found] for found in rounds] == [firsts] * 4


def test_a_publish_ends_what_is_sent_again(client: Client, home: Path) -> None:
    before = [ask(client).headers["SSC4C-Snapshot"] for _ in range(3)]

    publish(home, "000000002-test")

    after = ask(client)
    assert before == ["000000001-test"] * 3
    assert (after.headers["SSC4C-Snapshot"], after.status_code) == ("000000002-test", 200)


def test_who_has_the_answer_already_is_told_so(client: Client) -> None:
    tag = [ask(client).headers["ETag"] for _ in range(3)][-1]

    assert ask(client, If_None_Match=tag).status_code == 304
    assert ask(client, If_None_Match='"another"').status_code == 200


def test_the_id_that_a_client_chose_is_its_own(client: Client) -> None:
    chosen = ["1" * 32, "2" * 32]
    for _ in range(3):
        ask(client)

    by_header = [ask(client, SSC4C_Query=each).headers["SSC4C-Query"] for each in chosen]
    fields = urlencode({"query": POINT, "id": chosen[0]})
    by_field = [client.get(f"/sparql?{fields}").headers["SSC4C-Query"] for _ in range(3)]

    assert (by_header, by_field) == (chosen, chosen[:1] * 3)


def test_a_wish_to_fetch_the_answer_later_is_heard(client: Client) -> None:
    for _ in range(3):
        ask(client)

    assert ask(client, Prefer="respond-async").status_code == 202


def test_what_differs_each_time_is_made_each_time(client: Client) -> None:
    assert len({ask(client, "SELECT (UUID() AS ?x) {}").data for _ in range(4)}) == 4


def test_errors_are_not_remembered(client: Client) -> None:
    found = [ask(client, "SELECT ?x {").status_code for _ in range(3)]

    assert found == [400] * 3
