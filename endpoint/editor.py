"""The query editor in a browser: its page, and what the page asks for while someone writes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template, request
from pyoxigraph import NamedNode

from endpoint.kinds import name_one
from endpoint.languages import chosen_language
from endpoint.negotiation import HTML
from endpoint.pages import Desk, answer_json, open_desk
from endpoint.services import services
from endpoint.terms import (
    CLASS,
    PROPERTY,
    Term,
    find_range,
    find_terms,
    fold,
    name_of,
    split_text,
    split_words,
)
from endpoint.texts import _, words_of_scripts
from kg.catalogue import NamedQuery
from kg.engines.formats import GRAPHS, TABLES, Format
from kg.errors import BadInput
from kg.namespaces import ID, PREFIXES, SDG, expand, split_thing
from kg.releases import Releases
from kg.textindex import Hit

blueprint = Blueprint("editor", __name__)

THING: Final = "thing"
Datasets = Sequence[tuple[str, str]]
"""Graphs that a query is restricted to: name of the parameter and IRI."""
_FOLDERS: Final = ("competency/", "api/")
"""Folders of the catalogue whose queries are shown as examples."""
_MOST: Final = 20
_LOOKED_AT: Final = 200
_MOST_LABELS: Final = 500
_MOST_COUNTRIES: Final = 1000
_CALLED: Final = tuple(NamedNode(expand(name)) for name in ("skos:altLabel", "ssc4c:acronym"))
_MATCH: Final = NamedNode(expand("skos:exactMatch"))
_THING: Final = re.compile(rf"<((?:{re.escape(ID)}|{re.escape(SDG)})[\w./-]+)>")
_AREA: Final = re.compile(r"/geoArea/([0-9]{3})$")


def show_editor(query: str = "", title: str = "", datasets: Datasets = ()) -> Response:
    """The page to write a query, with one to start from; without scripts it is a plain form."""
    page = render_template(
        "sparql.html",
        query=query,
        title=title,
        datasets=datasets,
        examples=_examples(),
        tables=TABLES,
        graphs=GRAPHS,
        words=words_of_scripts(chosen_language()),
    )
    return Response(page, content_type=f"{HTML}; charset=utf-8")


def show_example(name: str) -> Response:
    """The page with one query of the catalogue; raises UnknownQuery."""
    query = services().catalogue[name]
    return show_editor(_bind(query), _(query.summary))


@blueprint.get("/sparql/setup")
def send_setup() -> Response:
    """What the editor's script works with: prefixes, examples, formats, deadlines."""
    desk = open_desk()
    return answer_json(desk, lambda: _setup(desk))


@blueprint.get("/sparql/complete")
def complete() -> Response:
    """Classes, properties or things whose label or name fits a text.

    Of things, those come first that the property before them, ``after``, leads to.
    """
    kind = request.args.get("kind", THING)
    if kind not in (CLASS, PROPERTY, THING):
        raise BadInput(f"kind is one of {CLASS}, {PROPERTY}, {THING}, not {kind!r}.")
    desk = open_desk()
    text = request.args.get("text", "")
    after = request.args.get("after", "")
    return answer_json(desk, lambda: {"items": _complete(desk, kind, text, after)})


@blueprint.post("/sparql/labels")
def send_labels() -> Response:
    """Names and pages of the IRIs that a JSON list holds, in the language of the page."""
    iris = request.get_json()
    if not isinstance(iris, list) or not all(isinstance(iri, str) for iri in iris):
        raise BadInput("Send a list of IRIs as JSON.")
    if len(iris) > _MOST_LABELS:
        raise BadInput(f"Up to {_MOST_LABELS} IRIs are named at a time, not {len(iris)}.")
    desk = open_desk()
    return jsonify(labels={iri: _label(desk, iri) for iri in iris})


def _examples() -> list[NamedQuery]:
    catalogue = services().catalogue
    names = [name for folder in _FOLDERS for name in catalogue if name.startswith(folder)]
    return [catalogue[name] for name in names]


def _setup(desk: Desk) -> Mapping[str, Any]:
    settings = services().settings
    newest = Releases(settings.home).newest()
    return {
        "language": desk.language,
        "prefixes": dict(PREFIXES),
        "examples": [_example(desk, query) for query in _examples()],
        "tables": [_format(each) for each in TABLES],
        "graphs": [_format(each) for each in GRAPHS],
        "countries": _countries(desk),
        "release": newest.name if newest else "",
        "timeout": settings.query_timeout,
        "timeoutMax": max(settings.query_timeout, settings.query_timeout_max),
    }


def _countries(desk: Desk) -> Mapping[str, str]:
    """The number of each country in ISO 3166-1 by its three letters, as maps have it."""
    hits = desk.view.index.search(kind="country", limit=_MOST_COUNTRIES).items
    matches = ((hit.iri, desk.view.values(hit.iri, _MATCH)) for hit in hits)
    return {
        iri.rpartition("/")[2]: found[1]
        for iri, values in matches
        for value in values
        if (found := _AREA.search(value.value))
    }


def _example(desk: Desk, query: NamedQuery) -> Mapping[str, str]:
    text = _bind(query)
    return {
        "name": query.name,
        "question": query.question,
        "summary": _(query.summary),
        "note": query.note,
        "query": text,
        "names": " ".join(_names_in(desk, text)),
    }


def _names_in(desk: Desk, query: str) -> list[str]:
    """What the things that a query names are called, in all languages."""
    iris = dict.fromkeys(_THING.findall(query))
    return [name.value for iri in iris for name in desk.shower.names(iri)]


def _bind(query: NamedQuery) -> str:
    """The text with the example values, its header shortened to what it answers."""
    lines = query.bind(query.parameters).splitlines(keepends=True)
    body = "".join(line for line in lines if not line.startswith("#+"))
    return f"# {' '.join(query.summary.split())}\n\n{body.lstrip()}"


def _format(each: Format) -> Mapping[str, str]:
    return {"key": each.key, "label": each.label, "type": each.media_type}


def _complete(desk: Desk, kind: str, text: str, after: str) -> list[Mapping[str, str]]:
    if kind == THING:
        return _things(desk, text, after)
    terms = find_terms(desk.model, kind, text, desk.language, _MOST)
    return [{"iri": term.iri, "label": term.label, "note": term.name} for term in terms]


def _things(desk: Desk, text: str, after: str) -> list[Mapping[str, str]]:
    """Things whose name or key begins with the words; the search alone looks into texts too."""
    namespace, words = split_text(text.removeprefix("<").removeprefix(ID))
    if namespace == SDG:
        words = (text.removeprefix(SDG).rpartition(":")[2],)
    kinds = sorted(find_range(desk.model, after))
    hits = _search(desk, " ".join(words), kinds) if words else []
    ranked = [
        (hit.kind not in kinds, rank, hit.iri)
        for hit in hits
        if (rank := _rank(desk, hit.iri, words)) >= 0
    ]
    best = sorted(ranked, key=lambda each: each[:2])[:_MOST]
    return [{"iri": iri, "label": _name(desk, iri), "note": _kind(desk, iri)} for *_, iri in best]


def _search(desk: Desk, words: str, kinds: Sequence[str]) -> list[Hit]:
    """What holds the words, of these kinds and of all."""
    search = desk.view.index.search
    found = [hit for kind in (*kinds, "") for hit in search(words, kind, _LOOKED_AT).items]
    return list(dict.fromkeys(found))


def _rank(desk: Desk, iri: str, wanted: tuple[str, ...]) -> int:
    """How well a thing fits by the best of its names: all languages, acronyms, number, key."""
    key = iri.rpartition("/")[2]
    values = (value for name in _CALLED for value in desk.view.values(iri, name))
    said = [value.value for value in (*desk.shower.names(iri), *values)]
    labels = dict.fromkeys((_name(desk, iri), *said))
    words = [word for label in (*labels, key) for word in split_words(label)]
    terms = (Term(iri, label, f":{key}", (*words, fold(key))) for label in labels)
    return min(term.rank(wanted) for term in terms)


def _name(desk: Desk, iri: str) -> str:
    shown = desk.shower.link(iri)
    return f"{shown.number} {shown.text}".strip()


def _kind(desk: Desk, iri: str) -> str:
    return name_one((split_thing(iri) or ("",))[0], desk.shower)


def _label(desk: Desk, iri: str) -> Mapping[str, str]:
    try:
        NamedNode(iri)
    except ValueError:
        raise BadInput(f"{iri!r} is no IRI.") from None
    shown = desk.shower.link(iri)
    has_name = bool(desk.shower.names(iri))
    text = f"{shown.number} {shown.text}".strip() if has_name else ""
    return {
        "text": text,
        "language": shown.language,
        "short": _short(iri),
        "page": "" if shown.is_external else shown.address,
        "address": shown.address,
    }


def _short(iri: str) -> str:
    return iri.removeprefix(ID) if iri.startswith(ID) else name_of(iri)
