"""Sends each case of `cases.yaml` over a connection of its own and looks at what comes back."""

import csv
import http.client
import io
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from tests.endpoint.conftest import Reply, Server
from tests.kg.engines.homes import EX

Case = dict[str, Any]
CASES: list[Case] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text("utf-8"))
FORM = "application/x-www-form-urlencoded"
PROLOGUE = f"PREFIX : <{EX}> "
OFFICIAL = {
    "query_get",
    "query_post_form",
    "query_post_direct",
    "query_dataset_default_graph by direct POST",
    "query_dataset_default_graphs_get",
    "query_dataset_default_graphs_post",
    "query_dataset_named_graphs_get",
    "query_dataset_named_graphs_post",
    "query_dataset_full",
    "query_multiple_dataset - the request stands above FROM",
    "query_content_type_select",
    "query_content_type_ask",
    "query_content_type_describe",
    "query_content_type_construct",
    "bad_query_method",
    "bad_multiple_queries",
    "bad_query_wrong_media_type",
    "bad_query_missing_form_type",
    "bad_query_missing_direct_type",
    "bad_query_non_utf8",
    "bad_query_syntax",
}
"""The cases of the query operation in the manifest of the W3C."""


def send(server: Server, case: Case) -> Reply:
    """The request of a case, with nothing added to it that the case does not say."""
    method, target, body, headers = write_request(case)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with closing(connection):
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, found, answer.read())


def write_request(case: Case) -> tuple[str, str, bytes | None, dict[str, str]]:
    """Method, target, body and headers of a case."""
    address = urlencode(spell_out(case.get("address", {})), doseq=True)
    target = case.get("target") or (f"/sparql?{address}" if address else "/sparql")
    headers = {}
    if accept := case.get("accept", "text/csv" if "rows" in case["expect"] else ""):
        headers["Accept"] = accept
    body: bytes | None = None
    if "form" in case:
        body = urlencode(spell_out(case["form"]), doseq=True).encode("ascii")
        headers["Content-Type"] = case.get("type", FORM)
    elif "body" in case:
        body = with_prologue(case["body"]).encode(case.get("in", "utf-8"))
        headers |= {"Content-Type": case["type"]} if "type" in case else {}
    if body is not None:
        headers["Content-Length"] = str(len(body))
    if "coding" in case:
        headers["Content-Encoding"] = case["coding"]
    return case.get("method", "GET" if body is None else "POST"), target, body, headers


def spell_out(fields: dict[str, Any]) -> dict[str, list[str]]:
    """Fields as lists, with the prefix of the table written out."""
    return {name: [spell(name, each) for each in listed(value)] for name, value in fields.items()}


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def spell(name: str, value: str) -> str:
    if name.endswith("-uri"):
        return EX + value[1:] if value.startswith(":") else value
    return with_prologue(value)


def with_prologue(query: str) -> str:
    """A query that uses the prefix, with its declaration."""
    return PROLOGUE + query if " :" in query or "(:" in query else query


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_of_the_protocol_is_answered_as_the_specification_says(
    case: Case, protocol_server: Server
) -> None:
    reply = send(protocol_server, case)

    expected = case["expect"]
    assert reply.status == expected["status"], reply.text
    for key, check in CHECKS.items():
        if key in expected:
            check(reply, expected[key])


def check_verdict(reply: Reply, verdict: bool) -> None:
    assert json.loads(reply.body)["boolean"] is verdict


def check_rows(reply: Reply, rows: list[str]) -> None:
    found = list(csv.reader(io.StringIO(reply.text)))[1:]
    assert sorted(",".join(row) for row in found) == sorted(rows)


def check_types(reply: Reply, types: list[str]) -> None:
    assert reply.media_type in types


def check_words(reply: Reply, words: str) -> None:
    assert words in json.loads(reply.body)["detail"]
    assert reply.media_type == "application/problem+json"


def check_allow(reply: Reply, methods: list[str]) -> None:
    assert set(reply.headers["allow"].split(", ")) == set(methods)


def check_accept_post(reply: Reply, _: bool) -> None:
    assert reply.headers["accept-post"] == f"{FORM}, application/sparql-query"


def check_emptiness(reply: Reply, _: bool) -> None:
    assert reply.body == b""
    assert int(reply.headers["content-length"]) > 0


CHECKS: dict[str, Callable[[Reply, Any], None]] = {
    "is": check_verdict,
    "rows": check_rows,
    "types": check_types,
    "says": check_words,
    "allow": check_allow,
    "accept_post": check_accept_post,
    "empty": check_emptiness,
}


def test_each_query_case_of_the_manifest_is_in_the_table() -> None:
    assert {case["name"] for case in CASES} >= OFFICIAL
    assert {key for case in CASES for key in case["expect"]} == {"status", *CHECKS}


def test_names_of_cases_are_not_used_twice() -> None:
    names = [case["name"] for case in CASES]

    assert sorted(set(names)) == sorted(names)
