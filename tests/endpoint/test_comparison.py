"""Answers side by side."""

import hashlib
import io
import json
from typing import Any, cast

from endpoint.comparison import MOST, Difference, compare, take_fingerprint
from kg.engines import QueryAnswer

JSON = "application/sparql-results+json"


def answer(body: bytes, media_type: str = JSON) -> QueryAnswer:
    return QueryAnswer(media_type, io.BytesIO(body), len(body), "one")


def rows(*values: str, column: str = "a") -> QueryAnswer:
    bindings = [{column: {"type": "literal", "value": value}} for value in values]
    said: dict[str, Any] = {"head": {"vars": [column]}, "results": {"bindings": bindings}}
    return answer(json.dumps(said).encode())


def values(found: tuple[Any, ...]) -> list[str]:
    return [row["a"]["value"] for row in found]


def test_order_is_no_difference_but_a_double_is() -> None:
    assert compare(rows("x", "y"), rows("y", "x")).is_same

    found = compare(rows("x", "x", "y"), rows("x", "z"))

    assert (values(found.removed), values(found.added)) == (["x", "y"], ["z"])
    assert (found.before, found.after, found.is_same) == (3, 2, False)


def test_other_columns_are_told() -> None:
    assert compare(rows("x"), rows("x", column="b")).columns == ("a", "b")


def test_yes_and_no_differ() -> None:
    yes, no = (json.dumps({"head": {}, "boolean": each}).encode() for each in (True, False))

    assert compare(answer(yes), answer(yes)).is_same
    assert compare(answer(yes), answer(no)) == Difference("boolean", (), 1, 1, (False,), (True,))


def test_triples_are_compared_as_a_set() -> None:
    kind = "application/n-triples"

    found = compare(
        answer(b"<a> <b> <c> .\n<a> <b> <c> .\n", kind), answer(b"<a> <b> <d> .\n", kind)
    )

    assert (found.before, found.after) == (1, 1)
    assert (found.added, found.removed) == (("<a> <b> <d> .",), ("<a> <b> <c> .",))


def test_too_long_an_answer_is_told_and_closed() -> None:
    long = QueryAnswer(JSON, cast(Any, io.BytesIO()), MOST + 1, "one")

    found = compare(rows("x"), long)

    assert (found.is_compared, found.is_same) == (False, False)
    assert long.file.closed
    assert take_fingerprint(QueryAnswer("text/csv", io.BytesIO(), MOST + 1, "one")) is None


def test_fingerprint_sorts_all_but_the_head() -> None:
    kind = "text/tab-separated-values"

    found = take_fingerprint(answer(b"?z\n2\n1\n", kind))

    assert found == take_fingerprint(answer(b"?z\n1\n2\n", kind))
    assert found and (found.count, found.sha256) == (2, hashlib.sha256(b"?z\n1\n2\n").hexdigest())


def test_fingerprint_of_a_graph_has_no_head_and_no_doubles() -> None:
    found = take_fingerprint(answer(b"b .\na .\nb .\n", "application/n-triples"))

    assert found and (found.count, found.sha256) == (2, hashlib.sha256(b"a .\nb .\n").hexdigest())
