"""Where a page's statements come from: records, sources, times, and what checks found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from endpoint.model import Model
from endpoint.values import Shower, Shown
from kg.namespaces import expand, thing_iri
from kg.reader import Term, Thing, View
from kg.records import meta_graph

_SOURCE: Final = expand("prov:wasAttributedTo")
_TIME: Final = expand("prov:generatedAtTime")
_HASH: Final = expand("ssc4c:contentHash")
_FILE: Final = expand("ssc4c:originFile")
_FINDING: Final = expand("ssc4c:hasFinding")
_MESSAGE: Final = expand("sh:resultMessage")
_FOCUS: Final = expand("sh:focusNode")
_SHAPE: Final = expand("sh:sourceShape")
_VALUE: Final = expand("sh:value")


@dataclass(frozen=True)
class Remark:
    """What a check noted about a record."""

    text: str
    shape: Shown
    value: Shown | None = None
    """The value that it is about; none where it is the thing itself or a part of it."""
    language: str = ""
    """Language of the text where it is not that of the page."""
    focus: str = ""
    """The thing, or the part of it, that was checked."""
    about: Term | None = None
    """The value as the graph has it."""
    mentions: tuple[str, ...] = ()
    """The properties that the rule looks at, the first one first."""


@dataclass(frozen=True)
class RecordNote:
    """One record behind the page."""

    graph: Shown
    source: Shown
    time: Shown | None
    file: str
    remarks: tuple[Remark, ...]
    moment: str = ""
    """When it was taken in, as the graph has it."""
    content_hash: str = ""


Sayers = Mapping[tuple[str, str, Term], tuple[int, ...]]
"""By subject, property and value: numbers of the records that say so, from 1."""


def read_notes(view: View, thing: Thing, model: Model, shower: Shower) -> list[RecordNote]:
    """The records that speak of a thing, with what the graph tells about each."""
    return [
        _note(name, view.graph(meta_graph(name)), thing.iri, model, shower)
        for name in thing.records
    ]


def read_sayers(view: View, thing: Thing) -> Sayers:
    """Which of the thing's records says what, in their order on the page."""
    found: defaultdict[tuple[str, str, Term], list[int]] = defaultdict(list)
    for number, name in enumerate(thing.records, start=1):
        for quad in view.graph(name):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Term):
                found[quad.subject.value, quad.predicate.value, quad.object].append(number)
    return {statement: tuple(numbers) for statement, numbers in found.items()}


def _note(name: str, quads: Iterable[Quad], iri: str, model: Model, shower: Shower) -> RecordNote:
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
        tuple(
            _remark(about.get(node.value, {}), iri, model, shower)
            for node in record.get(_FINDING, ())
        ),
        next((value.value for value in record.get(_TIME, ())), ""),
        next((value.value for value in record.get(_HASH, ())), ""),
    )


def _remark(finding: dict[str, list[Term]], iri: str, model: Model, shower: Shower) -> Remark:
    message, shape, focus = (
        next((value.value for value in finding.get(name, ())), "")
        for name in (_MESSAGE, _SHAPE, _FOCUS)
    )
    translated = model.message(shape, message, shower.language)
    about = next(iter(finding.get(_VALUE, ())), None)
    is_elsewhere = about is not None and about.value.partition("#")[0] != iri
    return Remark(
        translated or message,
        shower.link(shape),
        shower.show(about) if about is not None and is_elsewhere else None,
        "" if translated or shower.language == "en" else "en",
        focus,
        about,
        model.mentions.get(shape, ()),
    )
