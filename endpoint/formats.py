"""The formats of an answer: by a short name in the address, else by the header Accept."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from werkzeug.datastructures import MultiDict

from endpoint.negotiation import choose
from kg.engines.formats import GRAPH_TYPES, GRAPHS, TABLE_TYPES, TABLES, Format
from kg.errors import BadInput, NotAcceptable

HTML_NAME: Final = "html"
"""Short name of the page that people get."""


class Formats(NamedTuple):
    """Media types for the answer of SELECT and ASK, and for that of CONSTRUCT and DESCRIBE."""

    table: str | None
    graph: str | None


_SYNONYMS: Final = {
    "json": ("srj",),
    "xml": ("srx",),
    "ttl": ("turtle", "n3"),
    "nt": ("ntriples", "n-triples"),
    "rdf": ("rdf+xml", "rdf/xml", "rdfxml", "rdf-xml"),
    "jsonld": ("json-ld", "ld+json"),
    "nq": ("nquads", "n-quads"),
}
"""Other short names that programs send, SPARQLWrapper among them."""
_PAIRS: Final = {"json": "jsonld", "xml": "rdf"}
"""A name of tables, and what it means for graphs."""
_TABLE_OFFERS: Final = tuple(TABLE_TYPES)
_GRAPH_OFFERS: Final = tuple(GRAPH_TYPES)
_NO_WISH: Final = ("", "*/*", "*")


def _by_name() -> dict[str, Formats]:
    graphs = {each.key: each.media_type for each in GRAPHS}
    tables = {each.key: each.media_type for each in TABLES}
    found = {key: Formats(None, media_type) for key, media_type in graphs.items()}
    for key, media_type in tables.items():
        found[key] = Formats(media_type, graphs.get(_PAIRS.get(key, "")))
    for key, others in _SYNONYMS.items():
        found |= dict.fromkeys(others, found[key])
    for kind in dict.fromkeys((*TABLE_TYPES, *GRAPH_TYPES)):
        found[kind] = Formats(
            _media_type(TABLE_TYPES.get(kind)), _media_type(GRAPH_TYPES.get(kind))
        )
    return found


def _media_type(known: Format | None) -> str | None:
    return known.media_type if known else None


NAMES: Final = _by_name()
"""What each name that may be asked for means; media types are names as well."""
_OFFERED: Final = (HTML_NAME, *(each.key for each in (*TABLES, *GRAPHS)))


def read_formats(parameters: MultiDict[str, str], accept: str) -> Formats:
    """The formats that a request asks for; raises BadInput or NotAcceptable.

    `as` and `format` say the same. SPARQLWrapper sends `format`, `output` and `results` for all
    the servers there are, beside its Accept: what does not fit there is left to the header.
    """
    key = parameters.get("as")
    if key:
        return NAMES.get(key) or _unknown(key)
    name = asked_name(parameters)
    has_header = accept.strip() not in _NO_WISH or "results" in parameters
    if name and name not in NAMES and not has_header:
        return _unknown(name)
    named = NAMES.get(name)
    if named is None:
        return _by_accept(accept)
    return Formats(*_fill(named, accept)) if has_header else named


def asked_name(parameters: MultiDict[str, str]) -> str:
    """The name in `as`, `format` or `output`; empty if there is none.

    A plus sign that was not encoded arrives as a space.
    """
    for key in ("as", "format", "output"):
        if value := parameters.get(key):
            return value.replace(" ", "+").lower()
    return ""


def _fill(named: Formats, accept: str) -> Iterator[str | None]:
    """Take what the name leaves open from the header."""
    yield named.table or choose(accept, _TABLE_OFFERS)
    yield named.graph or choose(accept, _GRAPH_OFFERS)


def _by_accept(accept: str) -> Formats:
    table, graph = choose(accept, _TABLE_OFFERS), choose(accept, _GRAPH_OFFERS)
    if table is None and graph is None:
        offered = ", ".join(each.media_type for each in (*TABLES, *GRAPHS))
        raise NotAcceptable(f"Answers come as one of: {offered}.")
    return Formats(table, graph)


def _unknown(name: str) -> Formats:
    raise BadInput(f"There is no format {name!r}; there are: {', '.join(_OFFERED)}.")


_EXTENSIONS: Final = {
    media_type: each.key
    for types in (GRAPH_TYPES, TABLE_TYPES)
    for media_type, each in types.items()
}


def extension_of(media_type: str) -> str:
    """The ending of a file of that type, ``csv`` for example."""
    return _EXTENSIONS.get(media_type, "txt")
