"""The walk over tokens finds the predicates that rdflib's parser finds."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import URIRef, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kg.engines.triples import find_verbs, has_quoted_triples, read_tokens
from kg.settings import PROJECT

PREFIX = "PREFIX : <http://example.org/> "
QUERIES = sorted((PROJECT / "queries").rglob("*.rq"))


def triples(node: object) -> Iterator[tuple[object, object, object]]:
    """The triples of an algebra, those in EXISTS as well."""
    if isinstance(node, CompValue):
        if "triples" in node:
            for each in node["triples"]:
                parts = list(each)  # inside EXISTS several triples stand in one row
                yield from zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        for value in node.values():
            yield from triples(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from triples(value)


def by_parser(query: str) -> Counter[tuple[str, str]]:
    """Variable subjects and plain predicates in the patterns of a query."""
    algebra = prepareQuery(query).algebra
    return Counter(
        (str(s) if isinstance(s, Variable) else "", p.rpartition("/")[2].rpartition("#")[2])
        for s, p, _ in triples(algebra)
        if isinstance(p, URIRef)
    )


def by_walk(query: str) -> Counter[tuple[str, str]]:
    tokens = read_tokens(query)
    return Counter(
        (verb.subject[1:], tokens[verb.at].text.strip("<>").rpartition(":")[2].rpartition("/")[2])
        for verb in find_verbs(tokens)
        if verb.role == "pattern" and tokens[verb.at].kind in ("name", "iri")
    )


def without_types(found: Counter[tuple[str, str]]) -> set[tuple[str, str]]:
    """What is left without `a`, which is no name, and without the subjects of collections."""
    return {pair for pair in found if pair[1] not in ("type", "first", "rest")}


TRICKY = [
    "SELECT * { ?a :p \"x.y\" , 'z'@en-GB , 1.5 , 2 , -3e0 , true ; :q ?b ; . ?c :r 7 . ?d :s ?e }",
    "SELECT * { [ :p ?a ; :q [ :r ?b ] ] :s ?c . ?c :t [] ; :u () }",
    "SELECT * { ?a :p ( 1 [ :q ?b ] ?c ) ; :r ?d . ( ?e ) :s ?f }",
    "SELECT * { ?a :p ?b FILTER (?b > 3 && :f(?b) != :p) ?b :q ?c "
    "FILTER regex(?c, '; . }') ?c :r 1 }",
    "SELECT * { ?a :p ?b FILTER NOT EXISTS { ?b :q ?c } ?a :r ?d BIND (?d + 1 AS ?e) ?e :s ?f }",
    "SELECT * { GRAPH ?g { ?a :p ?b } OPTIONAL { ?b :q ?c } "
    "{ ?c :r ?d } UNION { ?d :s ?e } ?e :t 1 }",
    "SELECT * { VALUES (?a ?b) { (:p 'x') (UNDEF :q) } ?a :p ?b . VALUES ?c { :p :q } ?c :r ?d }",
    "SELECT * { { SELECT ?a (COUNT(?b) AS ?n) WHERE { ?a :p ?b } GROUP BY ?a HAVING (?n > 1) "
    "ORDER BY ?a LIMIT 3 } ?a :q ?c } ORDER BY DESC(?c) VALUES ?a { :p }",
    "SELECT * { ?a :p ?b # ?x :no ?y\n . ?b :q ?c . ?s ?p :o . :s :t ?u }",
    "SELECT * { ?a :p ?b FILTER (?b < 3 || EXISTS { ?b :q ?c }) MINUS { ?a :r ?d } "
    "?d ^:x/:y ?e ; :s ?f }",
    "ASK { $a a :C , :D ; :p/:q* ?b ; (:r|^:s)+ ?c ; !(:t|:u) ?d ; :v ?e . FILTER (!BOUND(?e)) }",
]


@pytest.mark.parametrize("query", TRICKY)
def test_walk_over_tricky_queries(query: str) -> None:
    assert without_types(by_walk(PREFIX + query)) == without_types(by_parser(PREFIX + query))


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_walk_over_the_queries_of_the_project(path: Path) -> None:
    query = path.read_text(encoding="utf-8")

    assert without_types(by_walk(query)) == without_types(by_parser(query))


def test_group_is_the_innermost_one() -> None:
    query = (
        PREFIX + "SELECT * { ?a :p ?b OPTIONAL {?b :q ?c FILTER (?c > 1 && EXISTS {[] :r ?c})} }"
    )
    tokens = read_tokens(query)

    around = {tokens[verb.at].text: query[verb.group :][:5] for verb in find_verbs(tokens)}

    assert around == {":p": " ?a :", ":q": "?b :q", ":r": "[] :r"}


def test_templates_and_paths_are_told_apart() -> None:
    query = (
        PREFIX + "CONSTRUCT { ?a :p [ :q ?b ] } { ?a :r ?b ; :s/:t ?c ; (:u) ?d ; ^:v ?e ; :w? 1 }"
    )
    tokens = read_tokens(query)

    roles = {tokens[verb.at].text: verb.role for verb in find_verbs(tokens)}

    assert [name for name, role in roles.items() if role == "template"] == [":p", ":q"]
    assert [name for name, role in roles.items() if role == "pattern"] == [":r"]
    assert set(roles) == {":p", ":q", ":r", ":s", ":t", ":u", ":v", ":w"}


def test_triples_within_triples_are_noticed() -> None:
    assert has_quoted_triples(read_tokens("ASK { << ?a ?b ?c >> ?d ?e }"))
    assert not has_quoted_triples(read_tokens("ASK { ?a ?b '<<' , <http://e/x> FILTER (1 < 2) }"))


@pytest.mark.parametrize("query", ["", "}", ")", "]", "{ [ (", "PREFIX", "SELECT * { ?a :p"])
def test_a_broken_query_is_walked_over(query: str) -> None:
    list(find_verbs(read_tokens(query)))
