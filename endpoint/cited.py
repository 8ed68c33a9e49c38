"""Answers one can cite: a query is saved, and its answer on each release has an address."""

from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import MethodNotAllowed

from endpoint.answers import read_answer, show_row, wants_page
from endpoint.citations import STYLES, Style, find_style
from endpoint.citing import CitedAnswer
from endpoint.comparison import ROWS, Difference, compare
from endpoint.editions import TODAY, Edition, find_edition, find_releases, open_names
from endpoint.formats import HTML_NAME
from endpoint.negotiation import HTML, choose
from endpoint.pages import PAGE_POLICY
from endpoint.protocol import Asked, read_environment, read_request
from endpoint.redirects import lead_to
from endpoint.replies import answer_query, read_question, to_response
from endpoint.services import services
from kg.engines.formats import GRAPH_TYPES, GRAPHS, TABLE_TYPES, TABLES
from kg.errors import UnknownResource
from kg.releases import LATEST
from kg.saved import SavedQuery

blueprint = Blueprint("cited", __name__)

_JSON: Final = "application/json"
_KEYS: Final = (HTML_NAME, *(each.key for each in (*TABLES, *GRAPHS)))
"""Extensions of the address of an answer, beside those of citations."""
_STYLES: Final = tuple(each.media_type for each in STYLES if each.extension != "txt")
"""Media types that ask for the citation by Accept; text/plain is asked for by too many."""
_OFFERS: Final = (*TABLE_TYPES, *GRAPH_TYPES, HTML, *_STYLES)
_SHOWN: Final = 500
"""Rows of a difference that a page shows on each side."""


@blueprint.post("/answers")
def cite_answer() -> Response:
    """Save a query that can be answered, and tell the address of its answer."""
    asked = read_request(request, services().settings.request_bytes)
    edition = find_edition(asked.parameters.get("release") or _newest())
    query = asked.query.replace("\r\n", "\n")  # as forms send the ends of lines
    default, named = (asked.parameters.getlist(f"{kind}-graph-uri") for kind in _DATASET)
    draft = CitedAnswer(edition, SavedQuery("", query, tuple(default), tuple(named), ""))
    services().engine.run(draft.ask(ROWS, asked.client)).file.close()
    saved = services().saved
    answer = CitedAnswer(edition, saved.find(saved.save(query, default, named)))
    if choose(asked.accept, (_JSON, HTML)) == HTML:
        return lead_to(f"/answers/{edition.name}/{answer.saved.key}", 303)
    response = jsonify(answer.describe(asked.client))
    response.status_code = 201
    response.headers["Location"] = answer.address
    return response


@blueprint.get("/answers")
def refuse_reading() -> Response:
    """There is no list of answers; queries are posted here."""
    raise MethodNotAllowed(
        ["OPTIONS", "POST"],
        "Post a query here, as to /sparql, to get the address at which its answer stays.",
    )


@blueprint.get("/answers/<release>/<name>")
def show_cited(release: str, name: str) -> Response:
    """The answer of a saved query on a release, in any format, or how it is cited."""
    if release == LATEST:
        newest = find_edition(LATEST).name
        return lead_to(f"/answers/{newest}/{name}", 302)
    edition = find_edition(release)
    key, _, extension = name.partition(".")
    answer = CitedAnswer(edition, services().saved.find(key))
    asked = _read(answer, extension)
    response = _respond(answer, asked, extension)
    response.headers.update(edition.memento())
    response.headers["Link"] = answer.links()
    response.vary.add("Accept")
    return response


@blueprint.get("/answers/<release>/<key>/difference")
def show_difference(release: str, key: str) -> Response:
    """What another release, or today's data, answers otherwise."""
    saved = services().saved.find(key)
    names = (release, request.args.get("with") or TODAY)
    earlier, later = (CitedAnswer(find_edition(name), saved) for name in names)
    client = read_environment(request.environ, MultiDict()).client
    ask = services().engine.run
    found = compare(ask(earlier.ask(ROWS, client)), ask(later.ask(ROWS, client)))
    if choose(request.headers.get("Accept", ""), (_JSON, HTML)) == HTML:
        response = _html("difference.html", **_sides(earlier, later, found))
    else:
        response = jsonify(_difference_json(earlier, later, found))
    response.vary.add("Accept")
    return response


_DATASET: Final = ("default", "named")


def _newest() -> str:
    newest = find_releases().newest()
    return newest.name if newest else TODAY


def _read(answer: CitedAnswer, extension: str) -> Asked:
    """What the request asks, with the saved query in the place of its own parameters."""
    saved, edition = answer.saved, answer.edition
    pairs = [("query", saved.query), ("release", edition.name if edition.is_lasting else "")]
    pairs += [("default-graph-uri", each) for each in saved.default_graphs]
    pairs += [("named-graph-uri", each) for each in saved.named_graphs]
    pairs += [("timeout", each) for each in request.args.getlist("timeout")]
    if extension in _KEYS:
        pairs.append(("as", extension))
    return read_environment(request.environ, MultiDict(pairs))


def _respond(answer: CitedAnswer, asked: Asked, extension: str) -> Response:
    if style := _style(asked, extension):
        body = style.write(answer.cite(asked.client))
        return Response(body, content_type=f"{style.media_type}; charset=utf-8")
    if extension and extension not in _KEYS:
        raise UnknownResource(f"An answer has no form {extension!r}.")
    if wants_page(asked.parameters, asked.accept):
        return _show_page(answer, asked.client)
    return to_response(answer_query(asked, read_question(asked, services()), services()))


def _style(asked: Asked, extension: str) -> Style | None:
    return find_style(extension or choose(asked.accept, _OFFERS) or "")


def _show_page(answer: CitedAnswer, client: str) -> Response:
    found = services().engine.run(answer.ask(ROWS, client))
    formats = GRAPHS if found.media_type in GRAPH_TYPES else TABLES
    citation = answer.cite(client) if answer.is_exact else None
    return _html(
        "cited.html",
        answer=answer,
        editions=_editions(answer.edition),
        fingerprint=answer.fingerprint(client),
        downloads=[(each.key, each.label) for each in formats],
        citations=[(each, each.write(citation)) for each in STYLES] if citation else [],
        **read_answer(found, open_names(answer.edition.snapshot)),
    )


def _editions(here: Edition) -> list[str]:
    """The other editions with which an answer can be compared."""
    names = [TODAY, *(each.name for each in reversed(find_releases().all()))]
    return [name for name in names if name != here.name]


def _html(template: str, **values: Any) -> Response:
    headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}
    page = render_template(f"pages/{template}", **values)
    return Response(page, headers=headers, content_type=f"{HTML}; charset=utf-8")


def _sides(earlier: CitedAnswer, later: CitedAnswer, found: Difference) -> dict[str, Any]:
    """What the page of a difference shows."""
    sides = []
    for name, rows, side in (("removed", found.removed, earlier), ("added", found.added, later)):
        shown, names = rows[:_SHOWN], open_names(side.edition.snapshot)
        if found.kind == "rows":
            shown = tuple(show_row(found.columns, row, names) for row in shown)
        sides.append({"name": name, "rows": shown, "total": len(rows)})
    return {
        "earlier": earlier,
        "later": later,
        "found": found,
        "sides": sides,
        "editions": _editions(earlier.edition),
    }


def _difference_json(earlier: CitedAnswer, later: CitedAnswer, found: Difference) -> dict[str, Any]:
    counts = {"before": found.before, "after": found.after}
    told: dict[str, Any] = {
        "query": earlier.saved.query,
        "from": {"release": earlier.edition.name, "address": earlier.address},
        "to": {"release": later.edition.name, "address": later.address},
        "is_repeatable": earlier.is_repeatable,
        "is_compared": found.is_compared,
        "kind": found.kind,
    }
    if not found.is_compared:
        return told
    rows = {"columns": found.columns, "added": found.added, "removed": found.removed}
    return told | {"is_same": found.is_same} | counts | rows
