"""What the specification of SPARQL says an answer is, that the engine and the endpoint give."""

import re

import pytest
from pyoxigraph import QueryResultsFormat, parse_query_results

from tests.endpoint.conftest import Server
from tests.sparql.cases import BASE, FOLDER, Case, read_cases

CASES = read_cases()
ANSWERED = [
    pytest.param(case, id=str(case), marks=pytest.mark.xfail(reason=case.deviation, strict=True))
    if case.deviation
    else pytest.param(case, id=str(case))
    for case in CASES
    if case.answer.suffix != ".refused"
]
REFUSED = [case for case in CASES if case.answer.suffix == ".refused"]
WITHOUT_DATA = [
    case
    for case in CASES
    if not case.data and not case.deviation and case.answer.suffix != ".refused"
]
TYPED = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
}
"""The formats of rows that keep kinds, languages and datatypes; TSV has no ASK."""


@pytest.mark.parametrize("case", ANSWERED)
def test_the_engine_gives_the_answer_of_the_specification(case: Case) -> None:
    answer = case.read(case.load().query(case.text, base_iri=BASE))

    assert answer == case.expected()


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_what_the_specification_forbids_is_refused(case: Case, server: Server) -> None:
    reply = server.ask(case.text)

    assert (reply.status, reply.media_type) == (400, "application/problem+json")


@pytest.mark.parametrize("case", WITHOUT_DATA, ids=str)
def test_the_endpoint_gives_the_answer_in_each_typed_format(case: Case, server: Server) -> None:
    for media_type, form in TYPED.items():
        reply = server.ask(case.text, media_type)

        assert reply.status == 200, reply.text
        assert case.read(parse_query_results(reply.body, format=form)) == case.expected()


def test_each_section_with_examples_has_cases_that_name_it() -> None:
    for case in CASES:
        section = case.query.parent.name.partition("-")[0].lstrip("0")
        beyond = "Beyond SPARQL 1.1"
        assert re.match(rf"SPARQL 1.1, {section}[.:]|{beyond}: ", case.title), case

    found = {case.query.parent.name[:2] for case in CASES}
    assert found == {f"{number:02}" for number in range(2, 19)} - {"14"}


def test_each_file_belongs_to_a_case() -> None:
    known = {(case.query.parent, case.query.stem) for case in CASES}

    assert {(path.parent, path.stem) for path in FOLDER.glob("*-*/*")} == known
