"""Texts in queries: what they find joins with the rest of the query, wherever they stand."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, QueryTriples, Store

from kg.engines.fulltext import expand_matches, open_find
from kg.engines.worker import Sheet, answer
from kg.errors import BadQuery, EngineFailed
from kg.namespaces import DEF
from kg.textdocuments import TextDocument
from kg.textindex import TextIndex

EX = "http://example.org/"
PROLOGUE = f"PREFIX : <{EX}> PREFIX k: <{DEF}>\n"
HITS = {"good": [("a", 3.5), ("b", 2.0), ("gone", 1.0)], "other": [("b", 9.0), ("c", 8.0)]}


def find(text: str, language: str, limit: int) -> Sequence[tuple[str, float]]:
    """A made-up index: two texts, in any language but Welsh."""
    hits = HITS.get(text, []) if language != "cy" else []
    return [(EX + key, score) for key, score in hits][:limit]


@pytest.fixture
def store() -> Store:
    """Four things with a name, of which three have the next one as friend; one record."""
    made = Store()
    for key, friend in ("ab", "bc", "cd", "d "):
        made.add(Quad(NamedNode(EX + key), NamedNode(EX + "name"), Literal(key.upper())))
        if friend.strip():
            made.add(Quad(NamedNode(EX + key), NamedNode(EX + "friend"), NamedNode(EX + friend)))
    made.add(Quad(NamedNode(EX + "a"), NamedNode(EX + "name"), Literal("A"), NamedNode(EX + "g")))
    return made


def rows(store: Store, query: str) -> list[str]:
    """The rows of an answer, each as its values in one line."""
    found = store.query(expand_matches(PROLOGUE + query, find))
    assert isinstance(found, QuerySolutions)
    return sorted(
        " ".join("-" if v is None else getattr(v, "value", "") for v in row) for row in found
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?n { ?x k:matches 'good' ; :name ?n }", "A B"),
        ("SELECT ?n { ?x :name ?n ; k:matches 'good' ; :friend ?y . }", "A B"),
        ("SELECT ?n { ?x :name ?n . ?x k:matches 'good', 'other' }", "B"),
        ("SELECT ?n { ?x k:matches ('good' 1) ; :name ?n }", "A"),
        ("SELECT ?n { ?x k:matches 'good'@en ; :name ?n }", "A B"),
        ("SELECT ?n { ?x k:matches 'good'@cy ; :name ?n }", ""),
        ("SELECT ?n { ?x k:matches 'nothing' ; :name ?n }", ""),
        (f"SELECT ?n {{ ?x <{DEF}matches> '''good''' ; :name ?n }}", "A B"),
        (f'BASE <{DEF}> SELECT ?n {{ ?x <matches> """g\\u006Fod""" ; :name ?n }}', None),
        ("SELECT ?n { [ k:matches 'good' ; :name ?n ] }", "A B"),
        ("SELECT ?n { [] k:matches 'good' ; :name ?n }", "A B"),
        ("SELECT ?n { ?y :friend [ k:matches 'other' ; :name ?n ] }", "B C"),
        ("SELECT ?n { :a k:matches 'good' ; :name ?n . :c :name ?m }", "A"),
        ("SELECT ?n { :d k:matches 'good' ; :name ?n }", ""),
        ("SELECT ?n { $x k:matches 'good' . ?x :name ?n }", "A B"),
        ("SELECT ?n { BIND (:a AS ?x) ?x k:matches 'good' ; :name ?n }", "A"),
        ("SELECT ?n { VALUES ?x { :a :c } ?x k:matches 'good' ; :name ?n }", "A"),
        ("SELECT ?n { ?x :name ?n FILTER EXISTS { ?x k:matches 'other' } }", "B C"),
        ("SELECT ?n { ?x :name ?n FILTER NOT EXISTS { ?x k:matches 'other' } }", "A D"),
        ("SELECT ?n { ?x :name ?n MINUS { ?x k:matches 'other' } }", "A D"),
        ("SELECT ?n { ?x :name ?n FILTER (?n = 'D' || EXISTS { ?x k:matches 'good' }) }", "A B D"),
        (
            "SELECT ?n { { ?x k:matches 'good' } UNION { ?x k:matches 'other' } ?x :name ?n }",
            "A B B C",
        ),
        ("SELECT ?n { { SELECT ?x { ?x k:matches 'good' } LIMIT 9 } ?x :name ?n }", "A B"),
        ("SELECT ?n { GRAPH :g { ?x k:matches 'good' ; :name ?n } }", "A"),
        ("SELECT ?n { GRAPH ?g { ?x :name ?n . ?x k:matches 'good' } }", "A"),
        ("SELECT ?n FROM :g { ?x k:matches 'good' ; :name ?n }", "A"),
        (
            "SELECT ?n { ?x :friend ?y . ?y k:matches 'other' ; :name ?n . ?x k:matches 'good' }",
            "B C",
        ),
        ("SELECT ?n { ?x k:matches 'good' # ?y k:matches 'no'\n ; :name ?n }", "A B"),
    ],
)
def test_things_found_join_with_the_rest(store: Store, query: str, expected: str | None) -> None:
    found = rows(store, query)

    assert " ".join(found) == ("A B" if expected is None else expected)


def test_scores_are_doubles_that_sort(store: Store) -> None:
    query = "SELECT ?n ?s { ?x k:matches ('good' ?s 50) ; :name ?n } ORDER BY DESC(?s)"
    found = store.query(expand_matches(PROLOGUE + query, find))

    assert isinstance(found, QuerySolutions)
    values = [(str(row["n"]), row["s"]) for row in found]
    assert [(name, float(score.value)) for name, score in values] == [('"A"', 3.5), ('"B"', 2.0)]
    assert values[0][1].datatype.value.endswith("#double")


def test_optional_text_leaves_the_score_open(store: Store) -> None:
    query = "SELECT ?n (ROUND(?s) AS ?r) { ?x :name ?n OPTIONAL { ?x k:matches ('other' ?s) } }"

    assert rows(store, query) == ["A -", "B 9", "C 8", "D -"]


def test_helping_variables_are_no_columns(store: Store) -> None:
    query = "SELECT * { [ k:matches ('good' ?s) ; :name ?n ] }"
    found = store.query(expand_matches(PROLOGUE + query, find))

    assert isinstance(found, QuerySolutions)
    assert [name.value for name in found.variables] == ["n", "s"]


def test_graphs_may_be_built_from_what_is_found(store: Store) -> None:
    query = "CONSTRUCT { ?x :found true } WHERE { ?x k:matches 'good' ; :name ?n }"
    found = store.query(expand_matches(PROLOGUE + query, find))

    assert isinstance(found, QueryTriples)
    assert {triple.subject.value for triple in found} == {EX + "a", EX + "b"}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?n { ?x :name ?n FILTER (?n != 'k:matches') }",
        "SELECT ?p ?o { k:matches ?p ?o }",
        "SELECT ?x ?p { ?x ?p k:matches . ?x ?y 'good' }",
        "SELECT ?p { ?x ?p ?y FILTER (?p = k:matches) VALUES ?p { k:matches 'good' } }",
        "DESCRIBE k:matches",
        "SELECT ?x { ?x :matches 'good' }",
        "SELECT ?x { ?x k:matchesNot 'good' }",
    ],
)
def test_a_query_without_a_text_stays_as_it_is(query: str) -> None:
    assert expand_matches(PROLOGUE + query, find) == PROLOGUE + query


@pytest.mark.parametrize(
    ("query", "place", "reason"),
    [
        ("ASK { ?x k:matches ?text }", (2, 10), "the text itself"),
        ("ASK { ?x k:matches :good }", (2, 10), "the text itself"),
        ("ASK { ?x k:matches 5 }", (2, 10), "the text itself"),
        ("ASK { ?x k:matches (?text 5) }", (2, 10), "the text itself"),
        ("ASK {\n  ?x k:matches ('good' ?s ?t) }", (3, 27), "list"),
        ("ASK {\n  ?x k:matches ('good' 5 ?s) }", (3, 26), "list"),
        ("ASK { ?x k:matches ('good' 10001) }", (2, 28), "from 1 to 10,000"),
        ("ASK { ?x k:matches ('good' 0) }", (2, 28), "from 1 to 10,000"),
        ("ASK { ?x k:matches ('good' 1.5) }", (2, 28), "from 1 to 10,000"),
        ("ASK { ?x k:matches ('a' 9000), ('b' 9000) }", (2, 10), "10,000 hits in all"),
        ("ASK { ?x k:matches '5'^^<http://www.w3.org/2001/XMLSchema#integer> }", (2, 20), "plain"),
        ("ASK { ?x k:matches/:name 'good' }", (2, 10), "path"),
        ("ASK { ?x ^k:matches 'good' }", (2, 11), "path"),
        ("ASK { ?x (k:matches) 'good' }", (2, 11), "path"),
        ("ASK { ?x k:matches* 'good' }", (2, 10), "path"),
        ("CONSTRUCT { ?x k:matches 'good' } WHERE { ?x :name ?n }", (2, 16), "never stated"),
        ("CONSTRUCT WHERE { ?x k:matches 'good' }", (2, 22), "template"),
        ("ASK { ?x k:matches ('good' ?x) }", (2, 10), "variable of its own"),
        ("ASK { BIND (1 AS ?s) ?x k:matches ('good' ?s) }", (2, 25), "variable of its own"),
        ("ASK { << ?x :p ?y >> ?q ?z . ?x k:matches 'good' }", (2, 33), "beside"),
        ("ASK {\n  ?x k:matches 'good' .\n  ?x :name }", (4, 12), "expected"),
    ],
)
def test_what_cannot_be_asked_is_told_with_its_place(
    query: str, place: tuple[int, int], reason: str
) -> None:
    with pytest.raises(BadQuery, match=reason) as caught:
        expand_matches(PROLOGUE + query, find)

    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    "query", ["matches PREFIX", "PREFIX matches", "BASE k:matches {", "matches"]
)
def test_a_broken_query_is_left_to_the_store(query: str) -> None:
    assert expand_matches(query, find) == query


def ask(store: Store, index: Path) -> str:
    query = PROLOGUE + "SELECT ?n { ?x :name ?n ; k:matches 'bright' }"
    graphs: list[str] = []
    question = {"query": query, "table": "text/csv", "graph": None}
    sheet = Sheet(1000)
    answer(
        store,
        question | {"default_graphs": graphs, "named_graphs": graphs},
        sheet,
        open_find(index),
    )
    return sheet.to_frame(bytes(16), "text/csv", "test", 0.0).body.decode()


def test_worker_asks_the_index_of_its_snapshot(store: Store, tmp_path: Path) -> None:
    TextIndex.build(tmp_path, [TextDocument(EX + "c", "practice", texts={"": ["a bright idea"]})])

    assert "C\r\n" in ask(store, tmp_path)


def test_snapshot_without_an_index_says_so(store: Store, tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="no full-text index"):
        ask(store, tmp_path)
