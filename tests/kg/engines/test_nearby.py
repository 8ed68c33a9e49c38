import io
from pathlib import Path

import pytest

from kg.engines import QueryAnswer, QueryRequest
from kg.engines.nearby import Nearby

REQUEST = QueryRequest("SELECT * { ?s ?p ?o }", table="text/csv")


def answer(text: str = "s,p,o\r\n", snapshot: str = "000000001-test") -> QueryAnswer:
    return QueryAnswer("text/csv", io.BytesIO(text.encode()), len(text), snapshot, 0.5)


@pytest.fixture
def current(tmp_path: Path) -> Path:
    """A link to a snapshot, as in a home folder."""
    link = tmp_path / "current"
    link.symlink_to("snapshots/000000001-test")
    return link


def test_a_kept_answer_is_given_to_each_who_asks_the_same(current: Path) -> None:
    nearby = Nearby(current)

    first = nearby.keep(REQUEST, answer())
    again = [nearby.find(QueryRequest(REQUEST.query, table="text/csv")) for _ in range(2)]

    assert (first.read(), first.is_kept) == (b"s,p,o\r\n", False)
    assert [each and (each.read(), each.is_kept, each.seconds) for each in again] == [
        (b"s,p,o\r\n", True, 0.5)
    ] * 2


@pytest.mark.parametrize(
    "other",
    [
        QueryRequest(REQUEST.query + " ", table="text/csv"),
        QueryRequest(REQUEST.query, table="text/tab-separated-values"),
        QueryRequest(REQUEST.query, table="text/csv", graph=None),
        QueryRequest(REQUEST.query, table="text/csv", default_graphs=("http://a/",)),
        QueryRequest(REQUEST.query, table="text/csv", named_graphs=("http://a/",)),
        QueryRequest(REQUEST.query, table="text/csv", snapshot="000000001-test"),
    ],
)
def test_another_question_is_not_taken_for_it(current: Path, other: QueryRequest) -> None:
    nearby = Nearby(current)
    nearby.keep(REQUEST, answer())

    assert nearby.find(other) is None


def test_a_publish_makes_what_is_kept_unfindable(current: Path) -> None:
    nearby = Nearby(current)
    nearby.keep(REQUEST, answer())

    current.unlink()
    current.symlink_to("snapshots/000000002-test")

    assert nearby.find(REQUEST) is None


@pytest.mark.parametrize(
    ("request_", "given"),
    [
        (REQUEST, answer(snapshot="000000000-old")),
        (QueryRequest("SELECT (RAND() AS ?x) {}", table="text/csv"), answer()),
        (QueryRequest(REQUEST.query, snapshot="000000001-test"), answer()),
        (REQUEST, answer("x" * 100_000)),
    ],
)
def test_what_may_change_or_is_long_is_not_kept(
    current: Path, request_: QueryRequest, given: QueryAnswer
) -> None:
    nearby = Nearby(current)

    assert nearby.keep(request_, given) is given
    assert nearby.find(request_) is None


def test_the_bytes_are_bounded_and_what_is_asked_for_stays(current: Path) -> None:
    nearby = Nearby(current, bound=100_000)
    nearby.keep(REQUEST, answer())
    for number in range(1000):
        nearby.keep(QueryRequest(f"ASK {{}} # {number}"), answer("x" * 1000))
        assert nearby.find(REQUEST)

    kept = [n for n in range(1000) if nearby.find(QueryRequest(f"ASK {{}} # {n}"))]
    assert 20 < len(kept) < 70
