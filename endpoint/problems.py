"""Errors as answers: problem documents (RFC 9457) for programs, pages for people, same status."""

import json
import logging
import re
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from endpoint.advice import ADVICE
from endpoint.negotiation import HTML, choose
from endpoint.services import services
from kg.errors import BadQuery, BadValue, EngineBusy, KgError, QueryTimeout, RateLimited
from kg.settings import Settings

JSON: Final = "application/problem+json"
QUERY_ID: Final = "ssc4c.query"
"""Where a request notes the id of its query, for the answer to an error."""
_OFFERS: Final = (JSON, "application/json", HTML)
_TYPE: Final = "tag:w3id.org,2026:ssc4c/problem/"
_KEBAB: Final = re.compile(r"(?<!^)(?=[A-Z])")
_SETTING: Final = re.compile(r"SSC4C_([A-Z_]+)")
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """What went wrong, in the words of RFC 9457."""

    name: str
    """Kind of problem in kebab case, for example ``bad-query``; empty for plain HTTP errors."""
    status: int
    title: str
    detail: str
    more: tuple[tuple[str, Any], ...] = ()
    """Further members of the document, for example the line of a syntax error."""
    headers: tuple[tuple[str, str], ...] = ()

    def more_of(self, name: str) -> Any:
        """One of the further members; None if there is none."""
        return dict(self.more).get(name)

    def to_json(self) -> dict[str, Any]:
        """The members of the problem document."""
        kind = _TYPE + self.name if self.name else "about:blank"
        fixed = {"type": kind, "title": self.title, "status": self.status, "detail": self.detail}
        return fixed | dict(self.more)


def describe(error: Exception) -> Problem:
    """Any error as a problem; what is not ours is told without its inside."""
    if isinstance(error, KgError):
        return _describe_ours(error)
    if isinstance(error, HTTPException):
        return _describe_http(error)
    detail = "Something went wrong on the server; the people who run it find it in the log."
    return Problem("internal-error", 500, "Internal error", detail)


def _describe_ours(error: KgError) -> Problem:
    name = _KEBAB.sub("-", type(error).__name__).lower()
    more: tuple[tuple[str, Any], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(error, BadQuery) and error.line is not None:
        more = (("line", error.line), ("column", error.column))
    if isinstance(error, QueryTimeout) and error.seconds is not None:
        more = (("deadline", error.seconds),)
    if isinstance(error, BadValue):
        more = tuple(error.members.items())
    if isinstance(error, EngineBusy | RateLimited):
        headers = (("Retry-After", str(error.retry_after)),)
    return Problem(name, error.status, error.title, error.detail, more, headers)


def _describe_http(error: HTTPException) -> Problem:
    kept = ("allow", "www-authenticate", "retry-after", "location", "accept-post")
    headers = [(name, value) for name, value in error.get_headers() if name.lower() in kept]
    code = error.code or 500
    detail = _name_methods(error) or error.description or ""
    return Problem("", code, error.name, detail, headers=tuple(headers))


def _name_methods(error: HTTPException) -> str:
    """What may be sent instead, unless the error tells it in its own words."""
    is_plain = error.description == type(error).description
    if not isinstance(error, MethodNotAllowed) or not error.valid_methods or not is_plain:
        return ""
    return f"This address is asked by {' or '.join(sorted(error.valid_methods))}."


def add_limit(problem: Problem, settings: Settings) -> Problem:
    """A problem with the limit that was passed and its value, if its text names a setting."""
    found = _SETTING.search(problem.detail)
    field = found[1].lower() if found else ""
    if not found or not hasattr(settings, field):
        return problem
    more = (("limit", found[0]), ("value", getattr(settings, field)), ("limits", "/limits"))
    return replace(problem, more=problem.more + more)


def _describe_size(error: RequestEntityTooLarge, settings: Settings) -> Problem:
    return replace(
        _describe_http(error),
        detail=f"The request has more than {settings.request_bytes} bytes (SSC4C_REQUEST_BYTES). "
        "Split it into several, for example its VALUES.",
    )


def to_response(error: Exception) -> Response:
    """The answer to a request that met this error."""
    settings = services().settings
    if isinstance(error, RequestEntityTooLarge):
        problem = _describe_size(error, settings)
    else:
        problem = describe(error)
    problem = add_limit(problem, settings)
    if problem.status == 500:
        _LOG.error("%s %s failed", request.method, request.path, exc_info=error)
    if choose(request.headers.get("Accept", ""), _OFFERS) == HTML:
        body = render_template(
            "problem.html",
            problem=problem,
            advice=ADVICE.get(problem.name, ""),
            query=_sent_query(),
            limit=problem.more_of("limit"),
        )
        response = Response(body, problem.status, content_type="text/html; charset=utf-8")
    else:
        body = json.dumps(problem.to_json(), ensure_ascii=False) + "\n"
        response = Response(body, problem.status, content_type=JSON)
    response.headers.extend(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    if query_id := request.environ.get(QUERY_ID):
        response.headers["SSC4C-Query"] = query_id
    response.vary.add("Accept")
    return response


def _sent_query() -> str:
    """The query that the person sent, to be shown and mended."""
    try:
        return request.values.get("query", "")
    except HTTPException:
        return ""


def register_problems(app: Flask) -> None:
    """Answer all errors of an app as problems."""
    app.register_error_handler(Exception, to_response)
