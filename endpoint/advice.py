"""What pages tell people of an error, in their language; its detail follows as it came."""

from typing import Final

from endpoint.texts import Words, _l

ADVICE: Final[dict[str, Words]] = {
    "bad-input": _l("What was sent cannot be read."),
    "bad-value": _l("One of the values is missing or will not do. Choose another and ask again."),
    "bad-query": _l("The query has a fault. It stands below, so that you can mend it."),
    "not-sortable": _l(
        "The rows cannot be brought into one order: their values are of many kinds."
    ),
    "unknown-resource": _l("The graph says nothing about this. It may have another name here."),
    "withdrawn-resource": _l("No record speaks of it any more. Its history tells what was there."),
    "unknown-query": _l("There is no ready query of that name; see their list."),
    "not-acceptable": _l("This address does not give the format that was asked for."),
    "service-refused": _l("Queries are answered from this graph alone; others are not asked."),
    "update-refused": _l("Queries read the graph; they cannot change it."),
    "federation-failed": _l("Another server that the query asks did not answer well."),
    "rate-limited": _l("You have asked very often. Wait a little and ask again."),
    "not-allowed": _l("This is for those who run the service: it needs their token."),
    "not-running": _l("No such query waits or runs: its answer was given, or it was stopped."),
    "query-timeout": _l("The query took longer than it may. Narrow it, or let it take longer."),
    "query-too-large": _l("The query or its answer is too large. Narrow it, or ask page by page."),
    "engine-busy": _l("Many queries run just now. Ask again in a few seconds."),
    "query-stopped": _l("The query was stopped before its answer was there."),
    "engine-failed": _l("The service that answers queries cannot be reached. Try again later."),
    "no-snapshot": _l("The graph is being prepared. Try again in a few minutes."),
    "locked": _l("The graph is being renewed. Try again in a minute."),
    "internal-error": _l("This is our fault, not yours."),
}
"""By kind of problem."""

HTTP: Final = (
    _l("Bad Request"),
    _l("Forbidden"),
    _l("Not Found"),
    _l("Method Not Allowed"),
    _l("Gone"),
    _l("Request Entity Too Large"),
    _l("Unsupported Media Type"),
    _l("Internal error"),
    _l("The browser (or proxy) sent a request that this server could not understand."),
    _l("The method is not allowed for the requested URL."),
    _l(
        "The requested URL was not found on the server. If you entered the URL manually please "
        "check your spelling and try again."
    ),
    _l("Something went wrong on the server; the people who run it find it in the log."),
)
"""Titles and details of the plain errors of HTTP, as they are given to programs in English."""

CHANGES: Final = (_l("created"), _l("changed"), _l("withdrawn"))
"""What can have happened to a record between two releases; releases keep it in English."""
