import contextlib
import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QueryBoolean, Store

from kg.engines.scan import is_repeatable, refuse_federation
from kg.errors import ServiceRefused

AWAY = "http://127.0.0.1:9/"
"""The engine refuses to open port 9: the error shows that it wanted to."""

DISGUISES = [
    f"SELECT * {{ SERVICE <{AWAY}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ service silent <{AWAY}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ sErViCe<{AWAY}>{{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICESILENT<{AWAY}>{{ ?s ?p ?o }} }}",
    f"SELECT * {{ {{ {{ OPTIONAL {{ SERVICE <{AWAY}> {{}} }} }} }} }}",
    f"SELECT * {{ {{ SELECT * {{ SERVICE <{AWAY}> {{ ?s ?p ?o }} }} }} }}",
    f"SELECT * {{ FILTER EXISTS {{ SERVICE <{AWAY}> {{ ?s ?p ?o }} }} }}",
    f"PREFIX ex: <{AWAY}> SELECT * {{ SERVICEex:foo {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICE ?where {{ ?s ?p ?o }} VALUES ?where {{ <{AWAY}> }} }}",
    f"SELECT * {{ SERVICE # no?\n <{AWAY}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p 5SERVICE<{AWAY}>{{ ?a ?b ?c }} }}",
    f"SELECT * {{ ?s ?p 5.SERVICE<{AWAY}>{{ ?a ?b ?c }} }}",
    f"SELECT * {{ ?s ?p trueSERVICE<{AWAY}>{{ ?a ?b ?c }} }}",
    f"PREFIX ex: <{AWAY}> SELECT * {{ ?s ?p ex:.SERVICE<{AWAY}>{{ ?a ?b ?c }} }}",
    f"SELECT * {{ ?s <http://a/\\u0061#> ?o . SERVICE <{AWAY}> {{ ?a ?b ?c }} }}",
    f"SELECT * {{ FILTER(?a<?b)SERVICE#>\n<{AWAY}> {{ ?s ?p ?o }} }}",
    f"PREFIX ex: <{AWAY}> SELECT * {{ FILTER(?a<ex:b).SERVICE#>\n<{AWAY}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ FILTER(?a<'x>')SERVICE<{AWAY}>{{ ?s ?p ?o }} FILTER(''='') }}",
    f"PREFIX ex: <{AWAY}> SELECT * {{ FILTER(?a<ex:b)#> '''\nSERVICE<{AWAY}>{{}} #'''\n }}",
    f"SELECT * {{ ?s <{AWAY}'> 1 SERVICE <{AWAY}> {{}} }} # '",
    f"PREFIX : <{AWAY}> SELECT * {{ service:x {{ ?s ?p ?o }} }}",
    f"PREFIX : <{AWAY}> SELECT * {{ service: # no?\n {{ ?s ?p ?o }} }}",
    f"PREFIX : <{AWAY}> SELECT * {{ service:x#{{\n#\n\t{{ ?s ?p ?o }} }}",
    f"PREFIX s: <{AWAY}> SELECT * {{ servicesilents:x {{ ?s ?p ?o }} }}",
    f"PREFIX : <{AWAY}> SELECT * {{ service:\U0001f600 {{ ?s ?p ?o }} }}",
    f"LOAD <{AWAY}>",
    f"LOAD SILENT <{AWAY}> INTO GRAPH <{AWAY}>",
]

INNOCENT = [
    "SELECT ?service { ?service ?p ?o }",
    "SELECT * { ?s ?p 'SERVICE <http://a/> {}' }",
    'SELECT * { ?s ?p """of "SERVICE" and LOAD""" }',
    "SELECT * { ?s <http://example.org/service#load> ?o }",
    "# SERVICE is not for us\nSELECT * { ?s ?p ?o }",
    "PREFIX ex: <http://example.org/> SELECT * { ?s ex:service ?o ; ex:a.service 1 }",
    "SELECT * { ?s ?p 'x'@service }",
    "SELECT * { ?s ?p ?payload }",
    "PREFIX ex: <http://a/> SELECT * { FILTER(?a < ?b && ?c > 1) ?s ex:service ?o }",
    "SELECT * { ?s <http://a/O'Brien> ?o }",
    "PREFIX service: <http://a/> SELECT * { ?s service:type ?o ; a service:Thing }",
    "PREFIX Service:<http://a/> SELECT * { service:a ?p service: . service:b ?p service:c}",
    "PREFIX my-service: <http://a/> # the { brace of a comment\nASK { ?s my-service:p 1 }",
    "PREFIX service: <http://a/> ASK { ?s service:p ?o . # a { brace\n ?o service:q ?r }",
]


@pytest.mark.parametrize("query", DISGUISES)
def test_federation_is_refused_in_every_disguise(query: str) -> None:
    with pytest.raises(ServiceRefused, match="line"):
        refuse_federation(query)


@pytest.mark.parametrize("query", INNOCENT)
def test_the_words_may_stand_where_they_are_no_keywords(query: str) -> None:
    refuse_federation(query)


TEMPLATES = [
    "?s ?p ?o {} SERVICE<{away}>{{?m ?n ?q}} {}",
    "{} SERVICE {} ex:b {{}} {}",
    "FILTER(1<{}){} SERVICE {}<{away}>{{}} {}",
    "?s ?p {}SERVICE<{away}>{}{{}}",
    "FILTER('a'{}){}SERVICE<{away}>{{}}{}",
    "FILTER(1<ex:b)#{}\nSERVICE<{away}>{{}}{}",
    "{} SERVICE{}:{} {{ ?m ?n ?q }} {}",
]
FRAGMENTS = [
    *("'", "'''", '"', '"""', "#", "\n", " ", "<", ">", "<=", "{", "}", "(", ")", ".", ";", "5"),
    *("1.", "ex:", "ex:b", ":", "_:b", "a", "true", "@en", "?x", "$y", "\\'", "\\u0061", "<'x>'"),
    *("<ex:b)#>", "SERVICE", "SILENT", "LOAD", "?s ?p ?o", "OPTIONAL{", "BIND(1 as ?k)"),
    "<http://a/\\u0061#>",
    *("service:", "service:b", ":b{", "SERVICE:", "Service:\U0001f600"),
]


def test_what_the_store_would_send_is_always_refused() -> None:
    store, dice = Store(), random.Random(20261124)
    sent, missed = 0, []
    for _ in range(20_000):
        query = disguise(dice)
        if goes_away(store, query):
            sent += 1
            missed += [] if is_refused(query) else [query]

    assert sent > 500
    assert not missed


def disguise(dice: random.Random) -> str:
    """A federated query with odd things strewn in; most are malformed, many are not."""
    template = dice.choice(TEMPLATES)
    strewn = ["".join(dice.choices(FRAGMENTS, k=dice.choice([0, 0, 1, 1, 2, 3]))) for _ in range(4)]
    prologue = f"PREFIX ex: <{AWAY}> PREFIX : <{AWAY}> PREFIX service: <http://a/>"
    return f"{prologue} SELECT * {{ {template.format(*strewn, away=AWAY)} }}"


def goes_away(store: Store, query: str) -> bool:
    """Whether running the query makes the store open a connection."""
    try:
        answer = store.query(query)
        assert not isinstance(answer, QueryBoolean)
        return not list(answer) and False
    except SyntaxError:
        return False
    except (OSError, RuntimeError) as error:
        return "port 9" in str(error)


def is_refused(query: str) -> bool:
    try:
        refuse_federation(query)
    except ServiceRefused:
        return True
    return False


CHANGING = [
    "SELECT (NOW() AS ?x) {}",
    "SELECT (rand() AS ?x) {}",
    "SELECT (UUID() AS ?x) {}",
    "SELECT (struuid() AS ?x) {}",
    "SELECT (BNODE('a') AS ?x) {}",
    "SELECT * { BIND(NOW # ()\n () AS ?x) }",
    "SELECT * { ?s ?p ?o FILTER(?o<NOW()&&?o>3) }",
    "SELECT * { ?s <http://a/O'Brien> ?o BIND(RAND() AS ?x) # '\n }",
]


@pytest.mark.parametrize("query", CHANGING)
def test_a_query_that_answers_differently_each_time_is_told(query: str) -> None:
    assert not is_repeatable(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?s foaf:knows ?now ; <http://a/now> 'RAND()' } # UUID()",
        "PREFIX uuid: <http://a/> SELECT * { ?s uuid:now 'x'@now }",
    ],
)
def test_a_query_that_answers_the_same_again_is_told(query: str) -> None:
    assert is_repeatable(query)


@given(st.text(alphabet="SERVICE<>'\"#\\\n?:ex.{}() ", max_size=200))
def test_the_scan_ends_on_any_text(text: str) -> None:
    is_refused(text)
    is_refused(text + "SERVICE")
    is_repeatable(text + "NOW")


LONG = ["a.", "'", '"', "<", "\\", "a:", "''' ", "#", "?", ":", "a-", "<a"]
TORN = ["\\'", '\\"', '"""\n\\', "'''\n\\", '"\n\\', "'\"\n"]
"""Quotes that nothing closes, seen from each of them."""


@pytest.mark.parametrize("unit", [*LONG, *TORN, "service:a ", "<)"])
@pytest.mark.parametrize("before", ["", "<"])
def test_the_scan_is_quick_on_long_texts(before: str, unit: str) -> None:
    """Quadratic time on a megabyte would not end within the patience of anyone."""
    is_refused(before + unit * (500_000 // len(unit)) + "> SERVICE")


def test_quotes_that_nothing_closes_hide_no_keyword() -> None:
    torn = '"""\n\\ \\" \\" '

    for query in (f"{torn}SERVICE", f"{torn}\nSERVICE", f"{torn}\n'' SERVICE"):
        assert is_refused(query)
    assert not is_refused(f"{torn}\n'SERVICE'")
    assert not is_refused(f'{torn}\n "SERVICE"')


@pytest.mark.parametrize("judge", [refuse_federation, is_repeatable])
def test_a_long_query_is_judged_in_time_that_grows_with_its_length(
    judge: Callable[[str], object],
) -> None:
    def best(size: int) -> float:
        query = f"#now load service\nSELECT * {{ ?s ?p <{')' * size}> }}"
        return min(seconds_of(judge, query) for _ in range(3))

    assert best(80_000) < 32 * best(10_000)  # 8 times if linear, 64 if quadratic


def seconds_of(judge: Callable[[str], object], query: str) -> float:
    start = time.process_time()
    with contextlib.suppress(ServiceRefused):
        judge(query)
    return time.process_time() - start
