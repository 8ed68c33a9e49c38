"""How often one client may ask, counted in memory or in a Redis that several servers share.

Flask-Limiter brings the counters. They are asked directly, since the fast lane goes round Flask.
A Redis that is away takes nothing down: each web process counts for itself until it is back.
"""

import logging
import math
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from flask import Flask, Response, request
from flask_limiter import Limiter
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from endpoint.clients import client_of
from kg.errors import BadInput, RateLimited
from kg.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Headers = list[tuple[str, str]]
KEY: Final = "ssc4c-rates"
"""Where an app keeps its counters: `app.extensions[KEY]`."""
_HEADERS: Final = "ssc4c.rates"
"""Where a request notes that it was counted, and the headers that tell so."""
_COUNTED: Final = ("/sparql", "/search", "/q", "/answers", "/reconcile")
"""What costs more than a page: addresses that begin so (such as /queries) are counted."""
_FREE: Final = ("OPTIONS", "DELETE")
"""What asks for nothing: who has used up its share may still stop its queries."""
_AWAY: Final = 10.0
"""Seconds before a storage that did not answer is asked again."""
_PATIENCE: Final = 0.5
"""Seconds in which Redis must answer."""
_LOG: Final = logging.getLogger(__name__)


class Standing(NamedTuple):
    """What one client has left of one limit."""

    limit: int
    window: int
    """Seconds."""
    left: int
    reset: int
    """Seconds until the count begins anew."""


def read_limits(text: str) -> list[RateLimitItem]:
    """The limits that a setting such as ``60/minute;1000/hour`` names; raises BadInput."""
    try:
        return list(parse_many(text)) if text.strip() else []
    except ValueError:
        raise BadInput(
            f"SSC4C_RATE_LIMIT must be like 60/minute or 60/minute;1000/hour, not {text!r}."
        ) from None


class Rates:
    """The counters of one app."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._limits = read_limits(settings.rate_limit)
        is_redis = settings.rate_storage.startswith("redis")
        seconds = {"socket_timeout": _PATIENCE, "socket_connect_timeout": _PATIENCE}
        limiter = Limiter(
            lambda: client_of(request.environ),
            app=app,
            storage_uri=settings.rate_storage,
            storage_options=seconds if is_redis else {},  # type: ignore[arg-type]
            strategy="fixed-window",
        )
        self._shared: RateLimiter = limiter.limiter
        self._own: RateLimiter = FixedWindowRateLimiter(MemoryStorage())
        self._ask_again = 0.0

    def count(self, environ: "WSGIEnvironment") -> Headers:
        """Count a request once and give the headers that tell; raises RateLimited."""
        if _HEADERS in environ or not self._limits:
            return environ.get(_HEADERS, [])  # type: ignore[no-any-return]
        client = client_of(environ)
        is_within = [self._hit(limit, client) for limit in self._limits]
        standings = self.look(client)
        environ[_HEADERS] = headers = tell(standings)
        if not all(is_within):
            raise _too_many(standings[is_within.index(False)])
        return headers

    def look(self, client: str) -> list[Standing]:
        """What a client has left of each limit, without counting."""
        return [self._look(limit, client) for limit in self._limits]

    def _hit(self, limit: RateLimitItem, client: str) -> bool:
        counters = self._counters()
        try:
            return counters.hit(limit, client)
        except counters.storage.base_exceptions as error:
            self._note_absence(error)
            return self._own.hit(limit, client)

    def _look(self, limit: RateLimitItem, client: str) -> Standing:
        counters = self._counters()
        try:
            stats = counters.get_window_stats(limit, client)
        except counters.storage.base_exceptions as error:
            self._note_absence(error)
            stats = self._own.get_window_stats(limit, client)
        reset = max(0, math.ceil(stats.reset_time - time.time()))
        return Standing(limit.amount, limit.get_expiry(), stats.remaining, reset)

    def _counters(self) -> RateLimiter:
        return self._shared if time.monotonic() >= self._ask_again else self._own

    def _note_absence(self, error: Exception) -> None:
        self._ask_again = time.monotonic() + _AWAY
        _LOG.warning("Requests are counted in this process; their storage is away: %s", error)


def tell(standings: list[Standing]) -> Headers:
    """The headers of the limit that is nearest, as the IETF's draft on rate limits has them."""
    if not standings:
        return []
    policies = ", ".join(f'"{each.window}s";q={each.limit};w={each.window}' for each in standings)
    nearest = min(standings, key=lambda each: each.left / each.limit)
    return [
        ("RateLimit-Policy", policies),
        ("RateLimit", f'"{nearest.window}s";r={nearest.left};t={nearest.reset}'),
    ]


def _too_many(standing: Standing) -> RateLimited:
    wait = max(1, standing.reset)
    return RateLimited(
        f"More than {standing.limit} requests in {standing.window} seconds came from your address "
        f"(SSC4C_RATE_LIMIT). Ask again in {wait} seconds; ask for more in one query, keep answers "
        "by their ETag, or take a dump if you need everything.",
        wait,
    )


def wire_rates(app: Flask, settings: Settings) -> Rates:
    """Count the requests of an app that cost most, and tell how many are left."""
    rates = Rates(app, settings)
    app.extensions[KEY] = rates

    @app.before_request
    def count() -> None:
        if request.path.startswith(_COUNTED) and request.method not in _FREE:
            rates.count(request.environ)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.extend(request.environ.get(_HEADERS, []))
        return response

    return rates
