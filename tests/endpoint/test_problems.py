import json

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound

from endpoint.app import create_app
from endpoint.problems import describe
from kg.errors import BadQuery, EngineBusy, KgError, QueryTimeout, RateLimited, UnknownResource
from kg.settings import Settings

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ERRORS: dict[str, Exception] = {
    "bad": BadQuery("Line 2, column 7: no.", 2, 7),
    "busy": EngineBusy("All workers are busy."),
    "late": QueryTimeout("After 3 seconds."),
    "unknown": UnknownResource("nothing about <b>x</b>"),
    "bug": ZeroDivisionError("secret"),
    "method": MethodNotAllowed(["GET", "HEAD"]),
    "lost": NotFound(),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    app = create_app(Settings(home=tmp_path_factory.mktemp("nothing")))

    @app.get("/fail/<name>/now")
    def fail(name: str) -> str:
        raise ERRORS[name]

    return app


@pytest.mark.parametrize(
    ("name", "status", "more"),
    [
        ("bad", 400, {"title": "Malformed query", "line": 2, "column": 7}),
        ("busy", 503, {"detail": "All workers are busy."}),
        ("late", 504, {"type": "tag:w3id.org,2026:ssc4c/problem/query-timeout"}),
        ("unknown", 404, {"detail": "nothing about <b>x</b>"}),
        ("lost", 404, {"type": "about:blank"}),
        ("method", 405, {"title": "Method Not Allowed"}),
        ("bug", 500, {"title": "Internal error"}),
    ],
)
def test_programs_get_a_problem_document(
    app: Flask, name: str, status: int, more: dict[str, object]
) -> None:
    response = app.test_client().get(f"/fail/{name}/now")

    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    document = json.loads(response.data)
    assert document["status"] == status
    assert more.items() <= document.items()


@pytest.mark.parametrize("name", ERRORS)
def test_people_get_a_page_with_the_same_status(app: Flask, name: str) -> None:
    page = app.test_client().get(f"/fail/{name}/now", headers={"Accept": HTML})
    document = app.test_client().get(f"/fail/{name}/now")

    assert page.status_code == document.status_code
    assert page.content_type.startswith("text/html")
    assert json.loads(document.data)["title"] in page.text


def test_what_a_stranger_wrote_is_escaped_on_the_page(app: Flask) -> None:
    page = app.test_client().get("/fail/unknown/now?query=<script>", headers={"Accept": HTML}).text

    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_the_inside_of_a_bug_is_not_told(app: Flask) -> None:
    assert "secret" not in app.test_client().get("/fail/bug/now").text


def test_a_busy_server_says_when_to_come_back(app: Flask) -> None:
    assert app.test_client().get("/fail/busy/now").headers["Retry-After"] == "5"


def test_a_wrong_method_is_told_the_right_ones(app: Flask) -> None:
    allowed = app.test_client().get("/fail/method/now").headers["Allow"]

    assert set(allowed.split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize("kind", KgError.__subclasses__())
def test_each_error_of_ours_has_a_status_and_a_title_of_its_own(kind: type[KgError]) -> None:
    problem = describe(RateLimited("detail", 5) if kind is RateLimited else kind("detail"))

    assert 400 <= problem.status < 600
    assert problem.title and problem.name
