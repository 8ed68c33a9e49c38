"""The reference graph describes a thing with its nested nodes, and nothing else."""

from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import expand, thing_iri
from kg.records import Record
from kg.reference import ReferenceGraph

BRAZIL = thing_iri("country", "BRA")
GROUP = thing_iri("country-group", "developing")
MEMBERSHIP = f"{BRAZIL}#reference-developing"


def say(subject: str, name: str, value: str) -> Triple:
    is_iri = value.startswith("http")
    return Triple(
        NamedNode(subject), NamedNode(expand(name)), NamedNode(value) if is_iri else Literal(value)
    )


LINK = say(BRAZIL, "ssc4c:hasMembership", MEMBERSHIP)
NAME = say(BRAZIL, "skos:prefLabel", "Brazil")
NESTED = say(MEMBERSHIP, "ssc4c:inGroup", GROUP)
OF_GROUP = say(GROUP, "skos:prefLabel", "Developing countries")


def make_reference() -> ReferenceGraph:
    reference = ReferenceGraph()
    reference.add_triples([LINK, NAME, NESTED, OF_GROUP])
    return reference


def test_description_holds_one_hop_and_the_nested_nodes() -> None:
    described = make_reference().describe([BRAZIL])

    assert set(described) == {LINK, NAME, NESTED}


def test_description_of_several_things_names_each_once() -> None:
    described = make_reference().describe([GROUP, BRAZIL, GROUP])

    assert sorted(map(str, described)) == sorted(map(str, [LINK, NAME, NESTED, OF_GROUP]))


def test_unknown_thing_has_no_description() -> None:
    assert make_reference().describe(["https://example.org/nowhere"]) == []


def test_what_two_records_say_stands_once() -> None:
    contents = [
        Record.of(source, "country", "BRA", [NAME]).content() for source in ("reference", "example")
    ]

    assert ReferenceGraph(contents).describe([BRAZIL]) == [NAME]


def test_what_is_added_later_is_described() -> None:
    reference = ReferenceGraph()
    assert reference.describe_one(BRAZIL) == ()

    reference.add_triples([NAME])
    assert reference.describe_one(BRAZIL) == (NAME,)

    reference.add([Record.of("example", "country", "BRA", [LINK]).content()])
    assert set(reference.describe_one(BRAZIL)) == {NAME, LINK}


def test_circles_among_nested_nodes_end() -> None:
    reference = ReferenceGraph()
    back = say(MEMBERSHIP, "ssc4c:relatedTo", BRAZIL)
    reference.add_triples([LINK, NESTED, back])

    assert set(reference.describe([BRAZIL])) == {LINK, NESTED, back}
