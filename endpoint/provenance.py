"""Where a page's statements come from: records, sources, times, and what checks found."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from endpoint.values import Shower, Shown
from kg.namespaces import expand, thing_iri
from kg.reader import Term, Thing, View
from kg.records import meta_graph

_SOURCE: Final = expand("prov:wasAttributedTo")
_TIME: Final = expand("prov:generatedAtTime")
_FILE: Final = expand("ssc4c:originFile")
_FINDING: Final = expand("ssc4c:hasFinding")
_MESSAGE: Final = expand("sh:resultMessage")
_SHAPE: Final = expand("sh:sourceShape")
_VALUE: Final = expand("sh:value")


@dataclass(frozen=True)
class Remark:
    """What a check noted about a record."""

    text: str
    shape: Shown
    value: Shown | None = None
    """The value that it is about; none where it is the thing itself or a part of it."""


@dataclass(frozen=True)
class RecordNote:
    """One record behind the page."""

    graph: Shown
    source: Shown
    time: Shown | None
    file: str
    remarks: tuple[Remark, ...]


def read_notes(view: View, thing: Thing, shower: Shower) -> list[RecordNote]:
    """The records that speak of a thing, with what the graph tells about each."""
    return [_note(name, view.graph(meta_graph(name)), thing.iri, shower) for name in thing.records]


def _note(name: str, quads: Iterable[Quad], iri: str, shower: Shower) -> RecordNote:
    about: dict[str, dict[str, list[Term]]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            values = about.setdefault(quad.subject.value, {})
            values.setdefault(quad.predicate.value, []).append(quad.object)
    record = about.get(name, {})
    source = record.get(_SOURCE, [NamedNode(thing_iri("source", name.split("/")[-3]))])[0]
    return RecordNote(
        Shown(name, shower.addresses.of(name), iri=name),
        shower.show(source),
        next((shower.show(value) for value in record.get(_TIME, ())), None),
        next((value.value for value in record.get(_FILE, ())), ""),
        tuple(_remark(about.get(node.value, {}), iri, shower) for node in record.get(_FINDING, ())),
    )


def _remark(finding: dict[str, list[Term]], iri: str, shower: Shower) -> Remark:
    message = next((value.value for value in finding.get(_MESSAGE, ())), "")
    shape = next((value.value for value in finding.get(_SHAPE, ())), "")
    values = (each for each in finding.get(_VALUE, ()) if each.value.partition("#")[0] != iri)
    return Remark(message, shower.link(shape), next(map(shower.show, values), None))
