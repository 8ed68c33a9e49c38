import pytest
from pyoxigraph import Store

from kg.engines.syntax import explain_syntax
from kg.errors import BadQuery, KgError, UpdateRefused

CASES = [
    (
        "SELECT (?x AS ?x) { ?x ?y ?z }",
        "Line 1, column 31, at the end: "
        "The SELECT overrides an existing variable using an expression.",
        (1, 31),
    ),
    (
        "SELECT * {\n  ?s ex:name ?o\n}",
        "Line 2, column 13, before `?o`: the prefix ex: is not declared.",
        (2, 13),
    ),
    (
        "SELECT * {\n ?s <a b> ?o }",
        "Line 2, column 10, before `?o }`: IRI parsing failed.",
        (2, 10),
    ),
    (
        "SELECT ?x { ?x a }\nLIMIT 3",
        "Line 2, column 1, before `LIMIT 3`: expected OPTIONAL.",
        (2, 1),
    ),
    ("SELECT", "Line 1, column 7, at the end: expected one of", (1, 7)),
]


@pytest.mark.parametrize(("query", "detail", "place"), CASES)
def test_a_syntax_error_is_told_in_plain_words(
    query: str, detail: str, place: tuple[int | None, int | None]
) -> None:
    error = explain(query)

    assert error.detail.startswith(detail)
    assert (error.line, error.column) == place


def test_a_long_list_of_continuations_is_cut() -> None:
    assert len(explain("SELECT * {").detail) < 100


@pytest.mark.parametrize(
    ("update", "word"),
    [("# note\nPREFIX a: <b:c> DELETE WHERE { ?s ?p ?o }", "DELETE"), ("insert data {}", "INSERT")],
)
def test_an_update_is_refused_with_the_way_to_change_entries(update: str, word: str) -> None:
    error = explain_any(update)

    assert isinstance(error, UpdateRefused)
    assert error.detail.startswith(f"{word} is an update. ")
    assert "docs/loading.md" in error.detail


def explain(query: str) -> BadQuery:
    error = explain_any(query)
    assert isinstance(error, BadQuery)
    return error


def explain_any(query: str) -> KgError:
    with pytest.raises(SyntaxError) as caught:
        Store().query(query)
    return explain_syntax(query, str(caught.value))
