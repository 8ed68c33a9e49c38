import pytest
from werkzeug.datastructures import MultiDict

from endpoint.formats import Formats, read_formats
from kg.errors import BadInput, NotAcceptable

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv", "text/tab-separated-values"
TURTLE, RDF, LD = "text/turtle", "application/rdf+xml", "application/ld+json"


@pytest.mark.parametrize(
    ("name", "table", "graph"),
    [
        ("json", JSON, LD),
        ("xml", XML, RDF),
        ("csv", CSV, None),
        ("tsv", TSV, None),
        ("ttl", None, TURTLE),
        ("turtle", None, TURTLE),
        ("n3", None, TURTLE),
        ("nt", None, "application/n-triples"),
        ("rdf", None, RDF),
        ("rdf+xml", None, RDF),
        ("rdf xml", None, RDF),
        ("json-ld", None, LD),
        ("trig", None, "application/trig"),
        ("nq", None, "application/n-quads"),
        ("CSV", CSV, None),
        (JSON, JSON, None),
        ("text/turtle", None, TURTLE),
    ],
)
def test_a_short_name_says_the_format(name: str, table: str | None, graph: str | None) -> None:
    for accept in ("", "*/*"):
        found = read_formats(MultiDict({"format": name}), accept)

        assert found == Formats(table, graph)


@pytest.mark.parametrize(
    ("parameters", "accept", "table", "graph"),
    [
        ({"format": "ttl"}, f"{XML}, application/xml;q=0.1", XML, TURTLE),
        ({"format": "csv"}, "text/turtle", CSV, TURTLE),
        ({"format": "nonsense"}, CSV, CSV, None),
        ({"format": "json", "output": "json", "results": "json"}, JSON, JSON, LD),
        ({"format": "n3", "output": "n3", "results": "n3"}, "*/*", JSON, TURTLE),
        ({"format": "odd", "output": "odd", "results": "odd"}, "*/*", JSON, TURTLE),
        ({"output": "csv"}, "*/*", CSV, None),
        ({"as": "tsv", "format": "csv"}, JSON, TSV, None),
    ],
)
def test_what_a_name_leaves_open_is_left_to_the_header(
    parameters: dict[str, str], accept: str, table: str | None, graph: str | None
) -> None:
    assert read_formats(MultiDict(parameters), accept) == Formats(table, graph)


@pytest.mark.parametrize("parameters", [{"format": "doc"}, {"as": "doc"}, {"output": "doc"}])
def test_a_plainly_wrong_name_is_refused_with_the_right_ones(parameters: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="'doc'; there are: html, json, xml, csv, tsv, ttl"):
        read_formats(MultiDict(parameters), "*/*")


def test_a_header_that_fits_nothing_is_refused() -> None:
    with pytest.raises(NotAcceptable):
        read_formats(MultiDict(), "image/png")
