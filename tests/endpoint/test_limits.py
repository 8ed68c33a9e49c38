import json
from pathlib import Path

import pytest

from endpoint.app import create_app
from endpoint.limits import read_limits
from kg.settings import PROJECT, Settings
from tests.endpoint.conftest import Server
from tests.endpoint.scripts import count_foreign
from tests.endpoint.test_sparql import HTML
from tests.kg.engines.homes import CROSS


def test_programs_read_the_limits_and_their_own_use(server: Server) -> None:
    told = json.loads(server.get("/limits").body)

    limits = {each["setting"]: each for each in told["limits"]}
    assert limits["SSC4C_QUERY_TIMEOUT"]["number"] == 60.0
    assert limits["SSC4C_REQUEST_BYTES"]["value"] == "97.7 KiB"
    assert told["you"]["client"] == "127.0.0.1"
    assert told["you"]["queries"] == []


def test_people_read_the_limits_and_stop_their_queries_without_a_script(server: Server) -> None:
    reply = server.get("/sparql", {"query": CROSS}, Prefer="respond-async")
    path = reply.headers["location"]

    page = server.get("/limits", Accept=HTML)
    server.send("POST", path)

    assert "60 seconds" in page.text
    assert f'<form method="post" action="{path}"><p><button type="submit">Stop' in page.text
    assert count_foreign(page.text) == 0


@pytest.mark.parametrize("limit", read_limits(Settings()), ids=lambda limit: limit.setting)
def test_each_limit_is_a_setting_of_the_operator(limit: object) -> None:
    setting = str(vars(limit)["setting"])

    assert hasattr(Settings(), setting.removeprefix("SSC4C_").lower())
    assert f"`{setting}`" in (PROJECT / "docs" / "operating.md").read_text("utf-8")


def test_a_problem_names_the_limit_and_its_value(server: Server) -> None:
    reply = server.ask(CROSS, timeout="0.2")
    page = server.get("/sparql", {"query": CROSS, "timeout": "0.2"}, Accept=HTML)

    problem = json.loads(reply.body)
    assert (problem["limit"], problem["value"]) == ("SSC4C_QUERY_TIMEOUT", 60.0)
    assert problem["limits"] == "/limits"
    assert 'href="/limits"' in page.text


def test_a_request_that_is_too_large_is_told_the_bound(server: Server) -> None:
    reply = server.send("POST", "/sparql", b"#" * 200_000, Content_Type="application/sparql-query")

    assert reply.status == 413
    problem = json.loads(reply.body)
    assert (problem["limit"], problem["value"]) == ("SSC4C_REQUEST_BYTES", 100_000)


def test_an_address_that_is_too_long_is_told_the_bound(tmp_path: Path) -> None:
    client = create_app(Settings(home=tmp_path, request_bytes=1000)).test_client()

    response = client.get(f"/sparql?query={'a' * 1000}")

    assert response.status_code == 414
    assert json.loads(response.data)["limit"] == "SSC4C_REQUEST_BYTES"
