import pytest
from pyoxigraph import Store

from kg.engines.syntax import explain_syntax
from kg.errors import BadQuery, KgError, UpdateRefused

CASES = [
    (
        "SELECT (?x AS ?x) { ?x ?y ?z }",
        "Line 1, column 15, before `?x) { ?x ?y ?z }`: ?x has a value before it is given one here.",
    ),
    (
        "SELECT * {\n  ?s skos:note ?o ; ex:name ?n\n}",
        "Line 2, column 6, before `skos:note ?o ; ex:na`: the prefix skos: is not declared.",
    ),
    (
        "SELECT * {\n ?s <http://a b> ?o }",
        "Line 2, column 5, before `<http://a b> ?o }`: the IRI that begins here holds a space or",
    ),
    ("SELECT ?x { ?x a }\nLIMIT 3", "Line 2, column 1, before `LIMIT 3`: expected OPTIONAL."),
    ("SELECT", "Line 1, column 7, at the end: expected one of"),
    ("SELECT x { ?x ?y ?z }", "Line 1, column 8, before `x { ?x ?y ?z }`: a column is a variable"),
    ("SELECT ?x, ?y { ?x ?y ?z }", "Line 1, column 10, before `, ?y { ?x ?y ?z }`: the columns"),
    (
        "SELECT (COUNT(?x)) { ?x ?y ?z }",
        "Line 1, column 8, before `(COUNT(?x)) { ?x ?y `: an expression in SELECT needs a name",
    ),
    (
        "SELCT ?x { ?x ?y ?z }",
        "Line 1, column 1, before `SELCT ?x { ?x ?y ?z `: a query begins with SELECT, ASK,",
    ),
    (
        "SELECT * { ?s a ?o ?t a ?u }",
        "Line 1, column 20, before `?t a ?u }`: a dot, a comma or a semicolon is due before",
    ),
    (
        'SELECT * { ?s ?p "o }',
        'Line 1, column 18, before `"o }`: the string that begins here has no',
    ),
    (
        "SELECT * { ?s ?p ?o FILTER ?o = 3 }",
        "Line 1, column 28, before `?o = 3 }`: the condition of a FILTER stands in brackets",
    ),
    (
        "SELECT * { ?s ?p ?o . FILTR(?o) }",
        "Line 1, column 23, before `FILTR(?o) }`: FILTR is no word of SPARQL; perhaps FILTER is",
    ),
    ("SELECT * { ?s ?p ?o }}", "Line 1, column 22, before `}`: nothing is open that this } could"),
    ("SELECT * { ?s ?p ?o", "Line 1, column 10, before `{ ?s ?p ?o`: the { that opens here is not"),
    ("ASK { FILTER(1 }", "Line 1, column 16, before `}`: a ) is due before this."),
    ("SELECT * {} ORDER ?s", "Line 1, column 13, before `ORDER ?s`: ORDER is followed by BY."),
    ("SELECT * {} LIMIT ten", "Line 1, column 13, before `LIMIT ten`: LIMIT is followed by a"),
    (
        "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }",
        "Line 1, column 40, at the end: a variable in SELECT beside a count or the like must",
    ),
]


@pytest.mark.parametrize(("query", "detail"), CASES)
def test_a_syntax_error_is_told_in_plain_words(query: str, detail: str) -> None:
    error = explain(query)

    assert error.detail.startswith(detail)
    assert error.detail.startswith(f"Line {error.line}, column {error.column}, ")


def test_a_long_list_of_continuations_is_cut() -> None:
    assert len(explain("SELECT * { ?s ?p ").detail) < 100


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
