"""The formats of answers: short name, media type, other names, and how the store calls them."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat


@dataclass(frozen=True)
class Format:
    """One way to write an answer."""

    key: str
    """Short name, for example ``ttl``."""
    label: str
    media_type: str
    writer: QueryResultsFormat | RdfFormat
    aliases: tuple[str, ...] = ()
    """Media types under which programs ask for it too."""


TABLES: Final = (
    Format(
        "json",
        "JSON",
        "application/sparql-results+json",
        QueryResultsFormat.JSON,
        ("application/json",),
    ),
    Format(
        "xml",
        "XML",
        "application/sparql-results+xml",
        QueryResultsFormat.XML,
        ("application/xml", "text/xml"),
    ),
    Format("csv", "CSV", "text/csv", QueryResultsFormat.CSV),
    Format("tsv", "TSV", "text/tab-separated-values", QueryResultsFormat.TSV),
)
"""For the answers of SELECT and ASK; the first is the one given to those who do not mind."""

GRAPHS: Final = (
    Format(
        "ttl",
        "Turtle",
        "text/turtle",
        RdfFormat.TURTLE,
        ("application/turtle", "application/x-turtle"),
    ),
    Format("jsonld", "JSON-LD", "application/ld+json", RdfFormat.JSON_LD, ("application/json",)),
    Format("nt", "N-Triples", "application/n-triples", RdfFormat.N_TRIPLES),
    Format(
        "rdf",
        "RDF/XML",
        "application/rdf+xml",
        RdfFormat.RDF_XML,
        ("application/xml", "text/xml"),
    ),
    Format("trig", "TriG", "application/trig", RdfFormat.TRIG),
    Format("nq", "N-Quads", "application/n-quads", RdfFormat.N_QUADS),
)
"""For the answers of CONSTRUCT and DESCRIBE."""


def _by_media_type(formats: tuple[Format, ...]) -> MappingProxyType[str, Format]:
    canonical = {each.media_type: each for each in formats}
    others = {alias: each for each in formats for alias in each.aliases}
    return MappingProxyType(canonical | others)


TABLE_TYPES: Final = _by_media_type(TABLES)
"""Media type to format for SELECT and ASK, own names first."""
GRAPH_TYPES: Final = _by_media_type(GRAPHS)
"""Media type to format for CONSTRUCT and DESCRIBE, own names first."""
