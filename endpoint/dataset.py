"""Releases as RDF: versions of a dataset in the words of DCAT 3, with the counts of VoID."""

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from endpoint.citations import AUTHOR, LICENSE, TITLE
from kg.namespaces import BASE, expand, kind_of_class
from kg.releases import Release

DATASET: Final = NamedNode(BASE)
"""The graph as a whole, whatever its state."""
_SHA256: Final = NamedNode(expand("spdx:checksumAlgorithm_sha256"))


def release_iri(name: str) -> str:
    """The IRI of a release."""
    return f"{BASE}releases/{name}"


def describe_releases(
    releases: Iterable[Release], public_url: str, classes: Iterable[str]
) -> Iterator[Quad]:
    """Some releases as versions of the dataset; classes are those whose things are counted."""
    yield _say(DATASET, "rdf:type", NamedNode(expand("dcat:Dataset")))
    yield _say(DATASET, "dcterms:title", Literal(TITLE, language="en"))
    kinds = {kind_of_class(each): each for each in classes}
    for release in releases:
        node = NamedNode(release_iri(release.name))
        yield _say(DATASET, "dcat:hasVersion", node)
        yield from _describe(node, release, public_url)
        yield from _count(node, release, kinds)


def _describe(node: NamedNode, release: Release, public_url: str) -> Iterator[Quad]:
    for kind in ("dcat:Dataset", "void:Dataset"):
        yield _say(node, "rdf:type", NamedNode(expand(kind)))
    title = f"{TITLE} ({release.title or release.name})"
    yield _say(node, "dcterms:title", Literal(title, language="en"))
    yield _say(node, "dcat:version", Literal(release.name))
    yield _say(node, "dcterms:identifier", Literal(release.snapshot.id))
    yield _say(node, "dcterms:issued", _time(str(release.facts["released"])))
    yield _say(node, "dcterms:creator", Literal(AUTHOR))
    yield _say(node, "dcterms:license", NamedNode(LICENSE))
    yield _say(node, "dcat:isVersionOf", DATASET)
    if release.previous:
        yield _say(node, "dcat:previousVersion", NamedNode(release_iri(release.previous)))
    yield _say(node, "dcat:landingPage", NamedNode(f"{public_url}/releases/{release.name}"))
    yield _say(
        node, "void:sparqlEndpoint", NamedNode(f"{public_url}/sparql?release={release.name}")
    )
    checksum = NamedNode(f"{node.value}#checksum")
    yield _say(node, "spdx:checksum", checksum)
    yield _say(checksum, "rdf:type", NamedNode(expand("spdx:Checksum")))
    yield _say(checksum, "spdx:algorithm", _SHA256)
    value = Literal(release.facts["dump"]["sha256"], datatype=NamedNode(expand("xsd:hexBinary")))
    yield _say(checksum, "spdx:checksumValue", value)


def _count(node: NamedNode, release: Release, kinds: dict[str, str]) -> Iterator[Quad]:
    yield _say(node, "void:triples", Literal(int(release.facts["triples"])))
    for kind, count in release.facts["things_by_kind"].items():
        if kind in kinds:
            part = NamedNode(f"{node.value}#{kind}")
            yield _say(node, "void:classPartition", part)
            yield _say(part, "void:class", NamedNode(kinds[kind]))
            yield _say(part, "void:entities", Literal(int(count)))


def _time(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(expand("xsd:dateTime")))


def _say(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Quad:
    return Quad(subject, NamedNode(expand(predicate)), value)
