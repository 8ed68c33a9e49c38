"""The history of a thing: each version of its records, and what it said otherwise than before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, request
from pyoxigraph import Literal, NamedNode, Triple

from endpoint.facts import TYPE
from endpoint.kinds import name_many
from endpoint.model import best_text
from endpoint.pages import Desk, answer_json, answer_page, open_desk, render
from endpoint.services import services
from endpoint.texts import Words, _l
from endpoint.values import Shown, sort_key
from kg.entries import Entry
from kg.errors import UnknownResource
from kg.namespaces import expand, record_graph, thing_iri
from kg.pasts import Content, Version
from kg.reader import read_thing

blueprint = Blueprint("history", __name__)
PAGE: Final = 20
_MOST: Final = 200
"""Changed statements that a page shows of one version."""
_OPERATIONS: Final[dict[str, Words]] = {
    "create": _l("Taken in"),
    "update": _l("Changed"),
    "withdraw": _l("Withdrawn"),
}


@dataclass(frozen=True)
class Difference:
    """One property of the thing or of a part of it: what it said before, and what it says."""

    part: str
    """Name of the part of the thing; empty for the thing itself."""
    label: str
    before: tuple[Shown, ...]
    after: tuple[Shown, ...]


@dataclass(frozen=True)
class Told:
    """One version as a page tells it."""

    number: int
    operation: str
    word: str
    source: Shown
    graph: Shown
    time: Shown
    moment: str
    """As the journal has it: ``2026-11-24T15:20:03Z``."""
    by: str
    file: str
    state: str
    differences: tuple[Difference, ...]
    left_out: int
    """Differences that are not shown because there are too many."""


@blueprint.get("/<kind>/<key>/history")
def show_history(kind: str, key: str) -> Response:
    """The versions of the records of a thing, the newest first."""
    desk = open_desk()
    return answer_page(desk, lambda: _page(desk, kind, key))


@blueprint.get("/<kind>/<key>/history.json")
def send_history(kind: str, key: str) -> Response:
    """The same for programs: terms as in N-Triples."""
    desk = open_desk()
    return answer_json(desk, lambda: _describe(desk, kind, key))


def _page(desk: Desk, kind: str, key: str) -> str:
    number = max(request.args.get("page", 1, type=int), 1)
    total, versions = _read(desk, kind, key, number)
    iri = thing_iri(kind, key)
    return render(
        desk,
        "history.html",
        name=desk.shower.link(iri),
        is_there=desk.view.is_known(iri),
        kind=kind,
        kind_names=name_many(kind, desk.shower),
        path=f"/{kind}/{key}",
        iri=iri,
        total=total,
        versions=[tell(desk, iri, version) for version in versions],
        page=number,
        page_size=PAGE,
    )


def _describe(desk: Desk, kind: str, key: str) -> dict[str, Any]:
    number = max(request.args.get("page", 1, type=int), 1)
    total, versions = _read(desk, kind, key, number)
    return {
        "thing": thing_iri(kind, key),
        "total": total,
        "page": number,
        "versions": [_plain(version) for version in versions],
    }


def _plain(version: Version) -> dict[str, Any]:
    entry = version.entry
    return {
        "sequence": entry.sequence,
        "graph": entry.graph,
        "source": entry.source,
        "operation": entry.operation,
        "recorded_at": entry.recorded_at,
        "recorded_by": entry.recorded_by,
        "content_hash": entry.content_hash,
        "state": version.state,
        "added": sorted(map(str, version.added)),
        "removed": sorted(map(str, version.removed)),
    }


def read_withdrawal(desk: Desk, kind: str, key: str) -> str:
    """When the last record of a thing was withdrawn; empty if there was none, or one holds."""
    latest = next(iter(_entries(desk, kind, key)), None)
    return latest.recorded_at if latest and latest.operation == "withdraw" else ""


def _entries(desk: Desk, kind: str, key: str) -> list[Entry]:
    """What the journal holds of a thing up to this snapshot, the newest first."""
    pasts = services().pasts
    graphs = [record_graph(source, kind, key) for source in pasts.sources()]
    return pasts.entries(graphs, int(desk.view.manifest.get("sequence", 0)))


def _read(desk: Desk, kind: str, key: str, page: int) -> tuple[int, list[Version]]:
    """How many versions there are up to this snapshot, and those of a page."""
    iri = thing_iri(kind, key)
    entries = _entries(desk, kind, key)
    if not entries and not read_thing(desk.view, iri).is_known:
        raise UnknownResource(f"There never was a record of {iri}")
    start = (page - 1) * PAGE
    return len(entries), services().pasts.versions(entries, slice(start, start + PAGE))


def tell(desk: Desk, iri: str, version: Version) -> Told:
    """One version in words and labels."""
    entry, shower = version.entry, desk.shower
    differences = list(_differences(desk, iri, version))
    return Told(
        entry.sequence,
        entry.operation,
        str(_OPERATIONS[entry.operation]),
        shower.link(thing_iri("source", entry.source)),
        Shown(entry.graph, shower.addresses.of(entry.graph), iri=entry.graph),
        show_day(desk, entry.recorded_at),
        entry.recorded_at,
        entry.recorded_by,
        entry.origin,
        version.state,
        tuple(differences[:_MOST]),
        max(len(differences) - _MOST, 0),
    )


def show_day(desk: Desk, moment: str) -> Shown:
    """The day of a moment of the journal."""
    return desk.shower.literal(Literal(moment, datatype=NamedNode(expand("xsd:dateTime"))))


def _differences(desk: Desk, iri: str, version: Version) -> Iterator[Difference]:
    """By part and property, in the order of the shapes: the thing itself first."""
    before, after = _by_property(version.removed), _by_property(version.added)
    classes = _classes(desk, iri, (*version.added, *version.removed))
    fields = {node: desk.model.fields_of(types) for node, types in classes.items()}

    def rank(name: tuple[str, NamedNode]) -> tuple[bool, str, float, str]:
        field = fields.get(name[0], {}).get(name[1])
        return (name[0] != iri, name[0], field.order if field else float("inf"), name[1].value)

    for node, predicate in sorted({*before, *after}, key=rank):
        field = fields.get(node, {}).get(predicate)
        yield Difference(
            "" if node == iri else _part_name(desk, node, classes.get(node, ())),
            desk.model.label(predicate, field, desk.language),
            _show(desk, before.get((node, predicate), ())),
            _show(desk, after.get((node, predicate), ())),
        )


def _by_property(content: Content) -> dict[tuple[str, NamedNode], list[NamedNode | Literal]]:
    found: defaultdict[tuple[str, NamedNode], list[NamedNode | Literal]] = defaultdict(list)
    for triple in content:
        if isinstance(triple.object, NamedNode | Literal):
            found[_node(triple), triple.predicate].append(triple.object)
    return found


def _classes(desk: Desk, iri: str, triples: Iterable[Triple]) -> dict[str, tuple[NamedNode, ...]]:
    """The classes of the thing and its parts, by the change itself or by what is said today."""
    found: defaultdict[str, set[NamedNode]] = defaultdict(set)
    nodes = {iri}
    for triple in triples:
        nodes.add(_node(triple))
        if triple.predicate == TYPE and isinstance(triple.object, NamedNode):
            found[_node(triple)].add(triple.object)
    for node in nodes - set(found):
        values = desk.view.values(node, TYPE)
        found[node].update(value for value in values if isinstance(value, NamedNode))
    return {node: tuple(types) for node, types in found.items()}


def _part_name(desk: Desk, node: str, classes: Iterable[NamedNode]) -> str:
    """What a part is called: the name of its class, and what tells it from others."""
    forms = desk.model.forms
    names = (forms[each.value].names for each in classes if each.value in forms)
    name = best_text(next(names, {}), desk.language)
    return f"{name} ({node.partition('#')[2]})" if name else node.partition("#")[2]


def _show(desk: Desk, values: Iterable[NamedNode | Literal]) -> tuple[Shown, ...]:
    return tuple(sorted(map(desk.shower.show, values), key=sort_key))


def _node(triple: Triple) -> str:
    assert isinstance(triple.subject, NamedNode)  # records hold no blank nodes
    return triple.subject.value
