"""The endpoint described for programs: SPARQL 1.1 Service Description, with counts as VoID."""

import json
from typing import Any, Final

from flask import Response, render_template, request
from pyoxigraph import Literal, RdfFormat, parse, serialize

from endpoint.limits import read_limits
from endpoint.services import Services, services
from kg.engines import QueryRequest
from kg.engines.formats import GRAPH_TYPES
from kg.engines.fulltext import MATCHES
from kg.namespaces import BASE, DEF, GRAPH, PREFIXES
from kg.snapshots import Snapshot

FORMATS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "JSON-LD",
    "N-Triples",
    "RDF_XML",
    "TriG",
    "N-Quads",
)
"""The names that the W3C gives to the formats of answers."""
FUNCTIONS: Final = (
    "distance",
    "sfContains",
    "sfCrosses",
    "sfDisjoint",
    "sfEquals",
    "sfIntersects",
    "sfOverlaps",
    "sfTouches",
    "sfWithin",
)
"""The functions of GeoSPARQL that the store has."""
_COUNTS: Final = "api/things-by-class"
_OWN: Final = ("skos", "dcterms", "org", "prov", "schema")
"""Vocabularies beside ours that the records speak most of all."""
_NAMESPACES: Final = {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "ent": "http://www.w3.org/ns/entailment/",
    "formats": "http://www.w3.org/ns/formats/",
    "geof": "http://www.opengis.net/def/function/geosparql/",
}


def describe_service(media_type: str) -> Response:
    """The description in a format of RDF."""
    text = render_template("service.ttl", **_read_values(services()))
    triples = parse(text.encode(), format=RdfFormat.TURTLE)
    prefixes = dict(PREFIXES) | _NAMESPACES
    body = serialize(triples, format=_writer(media_type), prefixes=prefixes)
    response = Response(body, content_type=media_type)
    response.headers["Cache-Control"] = "public, max-age=60"
    response.vary.update(("Accept", "Accept-Encoding"))
    response.add_etag()
    response.make_conditional(request)
    return response


def to_turtle(text: str) -> str:
    """A text as Turtle writes it, between quotes and with escapes."""
    return str(Literal(text))


def _writer(media_type: str) -> RdfFormat:
    writer = GRAPH_TYPES[media_type].writer
    assert isinstance(writer, RdfFormat)
    return writer


def _read_values(found: Services) -> dict[str, Any]:
    snapshot, settings = found.snapshot(), found.settings
    manifest = snapshot.manifest
    by_source = manifest.get("records_by_source", {})
    classes = _count_classes(found, snapshot)
    return {
        "here": f"{settings.public_url}/sparql",
        "public": settings.public_url,
        "base": BASE,
        "graphs": GRAPH,
        "matches": MATCHES,
        "formats": FORMATS,
        "functions": () if settings.engine else FUNCTIONS,  # another engine has its own
        "federates": bool(settings.service_allow),
        "limits": read_limits(settings),
        "snapshot": snapshot,
        "created": manifest.get("created", ""),
        "triples": manifest.get("triples", 0),
        "records": manifest.get("records", 0),
        "vocabularies": (DEF, *(PREFIXES[each] for each in _OWN)),
        "sources": [{"key": key, "records": number} for key, number in by_source.items()],
        "classes": classes,
    }


def _count_classes(found: Services, snapshot: Snapshot) -> list[dict[str, str]]:
    """How many things there are of each class; the query service keeps the answer."""
    asked = QueryRequest(found.catalogue[_COUNTS].text, snapshot=snapshot.id)
    rows = json.loads(found.engine.run(asked).read())["results"]["bindings"]
    return [{"iri": row["class"]["value"], "things": row["things"]["value"]} for row in rows]
