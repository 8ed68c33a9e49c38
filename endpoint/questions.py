"""How named queries are shown: their list, the page of each, and links to them from things."""

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from flask import request
from pyoxigraph import NamedNode

from endpoint.addresses import page_of
from endpoint.answers import LONGEST_LINK
from endpoint.arguments import Arguments, fill_up, write_address, write_value
from endpoint.choices import find_kinds, list_things, shorten_iri
from endpoint.kinds import name_one
from endpoint.pages import Desk, render
from endpoint.texts import Words, _, _l
from endpoint.values import Shower, Shown
from kg.catalogue import TOPICS, Catalogue, NamedQuery, Term
from kg.engines.formats import GRAPHS, TABLES, Format
from kg.namespaces import QUERIES, record_graph
from loader.sources.queries import KIND, SOURCE

TABLE_FORMATS: Final = {each.key: each for each in TABLES}
GRAPH_FORMATS: Final = {each.key: each for each in GRAPHS}
_INPUTS: Final = {"integer": "number", "date": "date"}
"""Kind of a plain value to the input that browsers have for it."""
TITLES: Final[dict[str, Words]] = {
    "practices": _l("Practices and where they went"),
    "exchange": _l("Countries and their exchange"),
    "goals": _l("Goals, rights and themes"),
    "organisations": _l("Organisations"),
    "evidence": _l("Evidence and results"),
    "community": _l("Needs, offers and ideas"),
    "quality": _l("Sources and quality of the data"),
    "service": _l("The service itself"),
}
"""What the topics of the catalogue are called on pages."""
LEVELS: Final[dict[str, Words]] = {
    "goal": _l("Goal"),
    "target": _l("Target"),
    "indicator": _l("Indicator"),
}
"""What the levels of the SDGs are called."""


@dataclass(frozen=True)
class Option:
    """One value that can be chosen."""

    value: str
    text: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Slot:
    """One parameter in the form of a page."""

    name: str
    label: str
    expected: str
    """What it takes, in words."""
    options: tuple[Option, ...]
    """All that it can take; empty where people type."""
    texts: tuple[str, ...]
    """What is filled in."""
    shown: tuple[Shown, ...]
    """The things that are filled in."""
    input: str
    is_example: bool


@dataclass(frozen=True)
class Question:
    """A query that fits a thing, with the address where it is filled in."""

    text: str
    address: str


@dataclass(frozen=True)
class Topic:
    """A heading of the list with its queries."""

    key: str
    title: str
    queries: tuple[NamedQuery, ...]


def formats_of(query: NamedQuery) -> Mapping[str, Format]:
    """The formats of its answer by their extension."""
    return TABLE_FORMATS if query.form in ("SELECT", "ASK") else GRAPH_FORMATS


def first_format(query: NamedQuery) -> str:
    """The extension of the format that programs get if they do not mind."""
    return next(iter(formats_of(query)))


def title_of(query: NamedQuery) -> str:
    """What its topic is called."""
    return str(TITLES[query.topic])


def about_thing(catalogue: Catalogue, desk: Desk, iri: str) -> list[Question]:
    """The queries that ask about things of its kind, filled in with this one; none is run."""
    kinds = find_kinds(desk.view, iri)
    return [
        Question(_(query.summary), _filled(desk, query, name, iri))
        for query in catalogue.offered()
        for name in query.about
        if kinds.intersection(query.kinds[name])
    ]


def _filled(desk: Desk, query: NamedQuery, name: str, iri: str) -> str:
    arguments = {name: [NamedNode(iri)]}
    return write_address(desk.view, query, arguments, lang=desk.addresses.language)


def show_list(desk: Desk, found: Sequence[NamedQuery]) -> str:
    """The page that lists these queries."""
    topics = [
        Topic(topic, str(TITLES[topic]), tuple(query for query in found if query.topic == topic))
        for topic in TOPICS
    ]
    return render(
        desk,
        "queries.html",
        text=request.args.get("text", "").strip(),
        topics=[topic for topic in topics if topic.queries],
        total=len(found),
        label=label,
        formats=_list_formats(),
        carried=request.query_string.decode(),
    )


def _list_formats() -> list[tuple[str, str]]:
    return [("json", "JSON"), *((each.key, each.label) for each in GRAPHS)]


def write_list(desk: Desk, found: Iterable[NamedQuery]) -> str:
    """The list as JSON."""
    said = [_summarise(desk, query) for query in found]
    return json.dumps({"queries": said}, ensure_ascii=False, indent=1) + "\n"


def _summarise(desk: Desk, query: NamedQuery) -> dict[str, Any]:
    return {
        "name": query.key,
        "iri": QUERIES + query.key,
        "question": query.summary,
        "note": query.note,
        "number": query.question,
        "topic": query.topic,
        "form": query.form,
        "parameters": [
            {
                "name": name,
                "takes": list(query.kinds.get(name, (query.kind(name),))),
                "example": write_value(desk.view, query, name, value),
            }
            for name, (value,) in fill_up(query, {}).items()
        ],
        "formats": list(formats_of(query)),
        "example": write_address(
            desk.view, query, fill_up(query, {}), next(iter(formats_of(query)))
        ),
    }


def show_query(
    desk: Desk,
    query: NamedQuery,
    arguments: Arguments,
    given: Container[str],
    release: str = "",
    **values: Any,
) -> str:
    """The page of a query with these arguments; `given` are those that the reader chose.

    With the name of a release all its addresses lead to the answer on that one.
    """
    view, formats = desk.view, formats_of(query)
    text = query.write(arguments)
    write = partial(write_address, view, query, arguments, release=release)
    headed = f"# {_title(desk, query, arguments)}\n\n{text}"
    return render(
        desk,
        "query.html",
        query=query,
        topic=title_of(query),
        slots=[_slot(desk, query, name, arguments[name], given) for name in query.parameters],
        text=text,
        headed=headed,
        editor=f"/sparql?{urlencode({'query': headed})}" if len(headed) <= LONGEST_LINK else "",
        is_example=any(name not in given for name in query.parameters),
        release=release,
        address=write(""),
        downloads=[(each.label, each.media_type, write(each.key)) for each in formats.values()],
        curl=request.host_url.rstrip("/") + write(first_format(query)),
        iri=QUERIES + query.key,
        record=page_of(record_graph(SOURCE, KIND, query.key)),
        **values,
    )


def _title(desk: Desk, query: NamedQuery, arguments: Arguments) -> str:
    """What is asked and of what, by which a cited answer is known.

    It is English on every page: the text of the query is what a cited answer is saved by.
    """
    shower = replace(desk.shower, language="en")
    named = [
        f"{label(name).lower()}: "
        + " or ".join(_name(query, name, each, shower) for each in values)
        for name, values in arguments.items()
    ]
    told = f"({'; '.join(named)})" if named else ""
    return " ".join(f"{query.summary} {told}".split())


def _name(query: NamedQuery, name: str, value: Term, shower: Shower) -> str:
    return shower.known_name(value.value) if query.kinds.get(name) else value.value


def _slot(
    desk: Desk, query: NamedQuery, name: str, values: Sequence[Term], given: Container[str]
) -> Slot:
    kinds = query.kinds.get(name, ())
    texts = tuple(write_value(desk.view, query, name, value) for value in values)
    things = [value.value for value in values if kinds]
    return Slot(
        name,
        _(label(name)),
        " · ".join(_kind_name(desk, kind) for kind in kinds) or query.kind(name),
        tuple(_options(desk, query, name, things)),
        tuple(filter(None, request.args.getlist(name))) or texts,
        tuple(desk.shower.link(iri) for iri in things),
        _INPUTS.get(query.kind(name), "text"),
        name not in given,
    )


def _options(desk: Desk, query: NamedQuery, name: str, chosen: Container[str]) -> Iterator[Option]:
    kinds = query.kinds.get(name, ())
    for shown in list_things(desk.view, kinds, desk.shower) if kinds else ():
        text = f"{shown.number} {shown.text}" if shown.number else shown.text
        yield Option(shorten_iri(desk.view, kinds, shown.iri), text, shown.iri in chosen)


def _kind_name(desk: Desk, kind: str) -> str:
    return str(LEVELS[kind]) if kind in LEVELS else name_one(kind, desk.shower)


def label(name: str) -> str:
    """The words of a name: ``startYear`` gives ``Start year``."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return words[:1].upper() + words[1:]
