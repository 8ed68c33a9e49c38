"""The page of limits: each with its value, and how to live with it; and one's own use of them."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template, request

from endpoint.clients import client_of
from endpoint.negotiation import HTML, choose
from endpoint.rates import KEY as RATES
from endpoint.rates import Rates
from endpoint.running import own_queries, tell
from endpoint.services import services
from endpoint.texts import _, ngettext
from kg.settings import Settings

blueprint = Blueprint("limits", __name__)

_JSON: Final = "application/json"
_OFFERS: Final = (_JSON, HTML)


@dataclass(frozen=True)
class Limit:
    """One limit of the endpoint."""

    name: str
    value: str
    """As people write it: ``30 seconds``, ``1 GiB``."""
    setting: str
    """The variable by which whoever runs the server sets it."""
    number: float | str
    """The value for programs, in seconds, bytes or pieces."""
    status: int
    """Status of an answer that says that the limit was passed."""
    advice: str


def read_limits(settings: Settings) -> list[Limit]:
    """The limits that hold with these settings."""
    return [
        Limit(
            _("Time of a query"),
            _seconds(settings.query_timeout),
            "SSC4C_QUERY_TIMEOUT",
            settings.query_timeout,
            504,
            _(
                "Ask for more by the parameter timeout. Start from a thing that you know, "
                "put a LIMIT inside sub-selects, avoid patterns without a common variable."
            ),
        ),
        Limit(
            _("Time that a query may ask for"),
            _seconds(settings.query_timeout_max),
            "SSC4C_QUERY_TIMEOUT_MAX",
            settings.query_timeout_max,
            504,
            _(
                "Send timeout=60, say, and Prefer: respond-async to fetch the answer later. "
                "What takes longer is better asked of a dump on a machine of your own."
            ),
        ),
        Limit(
            _("Memory of a query"),
            _bytes(settings.query_memory),
            "SSC4C_QUERY_MEMORY",
            settings.query_memory,
            507,
            _(
                "ORDER BY, GROUP BY and DISTINCT hold all rows: narrow them first. Leave out cross "
                "products."
            ),
        ),
        Limit(
            _("Size of an answer"),
            _bytes(settings.answer_bytes),
            "SSC4C_ANSWER_BYTES",
            settings.answer_bytes,
            507,
            _("Page with ORDER BY, LIMIT and OFFSET, or ask for the columns that you need."),
        ),
        Limit(
            _("Size of a request"),
            _bytes(settings.request_bytes),
            "SSC4C_REQUEST_BYTES",
            settings.request_bytes,
            413,
            _("Split long VALUES into several queries."),
        ),
        Limit(
            _("Queries at the same time"),
            str(settings.query_workers),
            "SSC4C_QUERY_WORKERS",
            settings.query_workers,
            503,
            _("Others wait; nothing is lost."),
        ),
        Limit(
            _("Queries that wait"),
            str(settings.query_queue),
            "SSC4C_QUERY_QUEUE",
            settings.query_queue,
            503,
            _("Ask again after the seconds in Retry-After. Send one query after the other."),
        ),
        Limit(
            _("Requests of one client"),
            settings.rate_limit or _("any number"),
            "SSC4C_RATE_LIMIT",
            settings.rate_limit,
            429,
            _("Wait as long as Retry-After says. Ask for many things in one query, by VALUES."),
        ),
    ]


@blueprint.get("/limits")
def show_limits() -> Response:
    """The limits, and what the client has left of them."""
    limits = read_limits(services().settings)
    rates: Rates = current_app.extensions[RATES]
    left = [each._asdict() for each in rates.look(client_of(request.environ))]
    queries = [tell(each) for each in own_queries()]
    if choose(request.headers.get("Accept", ""), _OFFERS) == HTML:
        page = render_template("limits.html", limits=limits, left=left, queries=queries)
        response = Response(page, content_type=f"{HTML}; charset=utf-8")
    else:
        response = _to_json(limits, left, queries)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def _to_json(limits: list[Limit], left: list[Any], queries: list[Any]) -> Response:
    told = {
        "limits": [asdict(each) for each in limits],
        "you": {"client": client_of(request.environ), "requests": left, "queries": queries},
    }
    return Response(json.dumps(told, ensure_ascii=False) + "\n", content_type=_JSON)


def _seconds(value: float) -> str:
    if value == int(value):
        return ngettext("%(num)s second", "%(num)s seconds", int(value))
    return _("%(number)s seconds", number=f"{value:g}")


def _bytes(value: int) -> str:
    for power, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if value >= 1 << power:
            return f"{value / (1 << power):.3g} {unit}"
    return ngettext("%(num)s byte", "%(num)s bytes", value)
