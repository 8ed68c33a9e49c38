"""What the graph tells about its own records: who said it, when, and what validation found."""

from collections.abc import Iterator
from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.entries import Entry
from kg.namespaces import expand, thing_iri
from kg.records import Finding


def describe_entry(entry: Entry, thing: NamedNode) -> set[Triple]:
    """The meta graph of a record as its latest journal entry tells it."""
    return set(_provenance(entry, thing)) | {
        triple
        for number, finding in enumerate(sorted(entry.findings), start=1)
        for triple in _finding(entry.graph, number, finding)
    }


def _provenance(entry: Entry, thing: NamedNode) -> Iterator[Triple]:
    record = NamedNode(entry.graph)
    yield _say(record, "rdf:type", _named("ssc4c:Record"))
    yield _say(record, "ssc4c:describes", thing)
    yield _say(record, "prov:wasAttributedTo", NamedNode(thing_iri("source", entry.source)))
    yield _say(record, "prov:generatedAtTime", _typed(entry.recorded_at, "xsd:dateTime"))
    yield _say(record, "ssc4c:sequence", Literal(entry.sequence))
    yield _say(record, "ssc4c:operation", Literal(entry.operation))
    yield _say(record, "ssc4c:contentHash", Literal(entry.content_hash))
    if entry.origin:
        yield _say(record, "ssc4c:originFile", Literal(entry.origin))


def _finding(graph: str, number: int, finding: Finding) -> Iterator[Triple]:
    node = NamedNode(f"{graph}#finding-{number}")
    yield _say(NamedNode(graph), "ssc4c:hasFinding", node)
    yield _say(node, "rdf:type", _named("sh:ValidationResult"))
    yield _say(node, "sh:focusNode", _term(finding.focus))
    yield _say(node, "sh:sourceShape", NamedNode(finding.shape))
    yield _say(node, "sh:resultSeverity", _named(f"sh:{finding.severity}"))
    yield _say(node, "sh:resultMessage", Literal(finding.message, language="en"))
    if finding.path:
        yield _say(node, "sh:resultPath", _term(finding.path))
    if finding.value:
        yield _say(node, "sh:value", _term(finding.value))


def _say(subject: NamedNode, name: str, value: NamedNode | Literal) -> Triple:
    return Triple(subject, _named(name), value)


@cache
def _named(name: str) -> NamedNode:
    return NamedNode(expand(name))


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=_named(datatype))


def _term(text: str) -> NamedNode | Literal:
    """A term from its N-Triples form."""
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    statement = f"<urn:s> <urn:p> {text} .".encode()
    (quad,) = parse(statement, format=RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, NamedNode | Literal)
    return quad.object
