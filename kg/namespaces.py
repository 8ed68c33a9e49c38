"""The IRIs of the project in one place: prefixes, and how things, graphs and concepts are named."""

import re
from types import MappingProxyType
from typing import Final

BASE: Final = "https://w3id.org/ssc4c/"
DEF: Final = BASE + "def/"
ID: Final = BASE + "id/"
SHAPES: Final = BASE + "shapes/"
GRAPH: Final = BASE + "graph/"
QUERIES: Final = BASE + "queries/"
SDG: Final = "http://metadata.un.org/sdg/"

PREFIXES: Final = MappingProxyType(
    {
        "adms": "http://www.w3.org/ns/adms#",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "geo": "http://www.opengis.net/ont/geosparql#",
        "geof": "http://www.opengis.net/def/function/geosparql/",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sdg": SDG,
        "sdgo": "http://metadata.un.org/sdg/ontology#",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "spdx": "http://spdx.org/rdf/terms#",
        "ssc4c": DEF,
        "ssc4csh": SHAPES,
        "time": "http://www.w3.org/2006/time#",
        "uom": "http://www.opengis.net/def/uom/OGC/1.0/",
        "vann": "http://purl.org/vocab/vann/",
        "void": "http://rdfs.org/ns/void#",
        "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
"""Prefix to namespace; queries, Turtle files and the JSON-LD context use these and no others."""

_KEYS: Final = {
    "sdg": re.compile(r"[0-9]{1,2}([.][0-9a-z]{1,2}){0,2}|C[0-9a-z]+"),
    "def": re.compile(r"[^/#]*"),
    "queries": re.compile(r"[a-z0-9-]+"),
}
_SPACES: Final = {"sdg": SDG, "def": DEF, "queries": QUERIES}
"""Kinds of things whose IRIs do not begin as those of others do."""
_KEBAB = re.compile(r"(?<!^)(?=[A-Z])")
_KIND_OF_CLASS: Final = {"Organization": "actor", "Actor": "actor", "ConventionArticle": "crc"}


def expand(name: str) -> str:
    """The IRI of a prefixed name: ``ssc4c:Practice`` gives ``https://w3id.org/ssc4c/def/Practice``."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def thing_iri(kind: str, key: str) -> str:
    """The IRI of a thing or term: ``("theme", "nutrition")`` gives ``…/id/theme/nutrition``."""
    outside = _SPACES.get(kind)
    return f"{outside}{key}" if outside else f"{ID}{kind}/{key}"


def split_thing(iri: str) -> tuple[str, str] | None:
    """Kind and key of one of our things, of a term (kind ``def``), query or SDG; else nothing.

    The ontology itself, ``…/def/``, has the kind ``def`` and an empty key.
    """
    for kind, space in _SPACES.items():
        if iri.startswith(space):
            key = iri.removeprefix(space)
            return (kind, key) if _KEYS[kind].fullmatch(key) else None
    kind, slash, key = iri.removeprefix(ID).partition("/")
    known = iri.startswith(ID) and slash and kind and key and "/" not in key and "#" not in key
    return (kind, key) if known else None


def kind_of_class(class_iri: str) -> str:
    """The kind of the things of a class of ours: ``…/def/CountryGroup`` gives ``country-group``."""
    local = class_iri.removeprefix(DEF)
    return _KIND_OF_CLASS.get(local, _KEBAB.sub("-", local).lower())


def record_graph(source: str, kind: str, key: str) -> str:
    """The named graph of a record: what one source says about one thing."""
    return f"{GRAPH}{source}/{kind}/{key}"
