"""Opens answers to scripts of all sites (CORS); nothing that reads asks for a login."""

from typing import Final

from flask import Response, request

from endpoint.negotiation import HTML
from endpoint.pages import PAGE_POLICY

OPEN_HEADERS: Final = (
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "SSC4C-Snapshot, SSC4C-Query, Content-Length, Content-Disposition, Link, ETag, "
        "Memento-Datetime, "
        "Retry-After, Location, Preference-Applied, RateLimit, RateLimit-Policy, Server-Timing",
    ),
    ("X-Content-Type-Options", "nosniff"),
)
"""What every answer carries; the last forbids browsers to guess a type."""


def open_to_all(response: Response) -> Response:
    """Put the headers on a response, and those of a preflight on the answer to OPTIONS."""
    headers = response.headers
    headers.extend(OPEN_HEADERS)
    if response.mimetype == HTML:
        headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = (
            "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, Prefer, "
            "SSC4C-Query"
        )
        headers["Access-Control-Max-Age"] = "86400"
    return response
