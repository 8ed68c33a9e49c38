"""What follows from one record: super-classes, shortcuts over participations, goals of targets."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import SDG, expand

Parents = Callable[[NamedNode], Iterable[NamedNode]]
"""Gives the targets of an indicator; a goal or target needs none."""

_Node = NamedNode
_TYPE: Final = NamedNode(expand("rdf:type"))
_SUPERCLASSES: Final = MappingProxyType(
    {
        NamedNode(expand(f"ssc4c:{name}")): tuple(NamedNode(expand(each)) for each in classes)
        for name, classes in {
            "Practice": ("ssc4c:Activity",),
            "Initiative": ("ssc4c:Activity",),
            "Adaptation": ("ssc4c:Activity",),
            "Organization": ("ssc4c:Actor", "org:Organization"),
            "Person": ("ssc4c:Actor", "foaf:Person"),
        }.items()
    }
)
_MODALITIES: Final = tuple(
    NamedNode(expand(f"ssc4c:{name}"))
    for name in ("form", "initiativeType", "instrument", "resourceType", "deliveryMode")
)
_COUNTRY_SHORTCUTS: Final = MappingProxyType(
    {
        "solution-provider": ("providerCountry",),
        "recipient": ("recipientCountry",),
        "mutual": ("providerCountry", "recipientCountry"),
    }
)
_ACTOR_SHORTCUTS: Final = MappingProxyType(
    {
        "facilitating-partner": ("facilitatingPartner",),
        "lead": ("leadActor",),
        "funder": ("fundingActor",),
        "implementer": ("implementingActor",),
    }
)

_Properties = Mapping[_Node, list[_Node | Literal]]


def derive(thing: NamedNode, triples: Iterable[Triple], parents: Parents) -> set[Triple]:
    """The triples that follow from a record and are not in it."""
    said = set(triples)
    nodes = _by_node(said)
    own = nodes[thing]
    found = set(_superclasses(thing, own))
    found.update(_modalities(thing, own))
    found.update(_goals(thing, own, parents))
    found.update(_shortcuts(thing, nodes))
    found.update(_grade(thing, nodes))
    return found - said


def _by_node(triples: Iterable[Triple]) -> defaultdict[_Node, _Properties]:
    nodes: defaultdict[_Node, defaultdict[_Node, list[_Node | Literal]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            nodes[triple.subject][triple.predicate].append(triple.object)
    return nodes  # type: ignore[return-value]


def _get(node: _Properties, name: str) -> list[_Node]:
    values = node.get(_named(name), ())
    return [value for value in values if isinstance(value, NamedNode)]


def _superclasses(thing: _Node, own: _Properties) -> Iterator[Triple]:
    for cls in _get(own, "rdf:type"):
        for above in _SUPERCLASSES.get(cls, ()):
            yield Triple(thing, _TYPE, above)


def _modalities(thing: _Node, own: _Properties) -> Iterator[Triple]:
    predicate = _named("ssc4c:modality")
    for name in _MODALITIES:
        for value in own.get(name, ()):
            yield Triple(thing, predicate, value)


def _goals(thing: _Node, own: _Properties, parents: Parents) -> Iterator[Triple]:
    predicate = _named("ssc4c:goal")
    for value in _get(own, "ssc4c:contributesTo"):
        for target in (value, *parents(value)):
            number = target.value.removeprefix(SDG).partition(".")[0]
            if number.isdigit():
                yield Triple(thing, predicate, NamedNode(SDG + number))


def _shortcuts(thing: _Node, nodes: Mapping[_Node, _Properties]) -> Iterator[Triple]:
    for node in _get(nodes[thing], "ssc4c:hasParticipation"):
        roles = [role.value.rpartition("/")[2] for role in _get(nodes[node], "ssc4c:role")]
        for values, always, shortcuts in (
            (_get(nodes[node], "ssc4c:participantCountry"), "involvesCountry", _COUNTRY_SHORTCUTS),
            (_get(nodes[node], "ssc4c:participant"), "involvesActor", _ACTOR_SHORTCUTS),
        ):
            names = {always}.union(*(shortcuts.get(role, ()) for role in roles))
            for value in values:
                for name in names:
                    yield Triple(thing, _named(f"ssc4c:{name}"), value)


def _grade(thing: _Node, nodes: Mapping[_Node, _Properties]) -> Iterator[Triple]:
    """The grade of the latest assessment; of several on one day, each."""
    assessments = [nodes[node] for node in _get(nodes[thing], "ssc4c:hasAssessment")]
    if assessments:
        newest = max(map(_assessed_on, assessments))
        for assessment in assessments:
            if _assessed_on(assessment) == newest:
                for grade in _get(assessment, "ssc4c:grade"):
                    yield Triple(thing, _named("ssc4c:currentGrade"), grade)


def _assessed_on(assessment: _Properties) -> str:
    values = assessment.get(_named("ssc4c:assessedOn"), ())
    return max((value.value for value in values), default="")


def indicator_targets(triples: Iterable[Triple]) -> dict[_Node, list[_Node]]:
    """Indicator to its targets, from the triples of the SDG records."""
    predicate = _named("sdgo:isIndicatorOf")
    targets: defaultdict[_Node, list[_Node]] = defaultdict(list)
    for triple in triples:
        if triple.predicate == predicate and isinstance(triple.subject, NamedNode):
            assert isinstance(triple.object, NamedNode)
            targets[triple.subject].append(triple.object)
    return dict(targets)


@cache
def _named(name: str) -> NamedNode:
    return NamedNode(expand(name))
