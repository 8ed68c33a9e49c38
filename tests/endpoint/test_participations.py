import pytest
from flask import Flask
from flask_babel import Babel
from pyoxigraph import Literal, NamedNode

from endpoint.addresses import Addresses
from endpoint.participations import Part, read_parts
from endpoint.values import Shower
from kg.namespaces import GRAPH, expand, thing_iri
from kg.reader import Statements, Term, Thing

THING = thing_iri("initiative", "meals")
YEAR = NamedNode(expand("xsd:gYear"))


def _participation(role: str, country: str, start: str = "") -> Statements:
    said: dict[str, Term] = {
        "rdf:type": NamedNode(expand("ssc4c:Participation")),
        "ssc4c:role": NamedNode(thing_iri("role", role)),
        "ssc4c:participantCountry": NamedNode(thing_iri("country", country)),
    }
    if start:
        said["ssc4c:startYear"] = Literal(start, datatype=YEAR)
    return {NamedNode(expand(name)): (value,) for name, value in said.items()}


def _read(**nested: Statements) -> list[Part]:
    nodes = {f"{THING}#{name.replace('_', '-')}": said for name, said in nested.items()}
    records = tuple(f"{GRAPH}{source}/initiative/meals" for source in ("iati", "ssc4c"))
    app = Flask(__name__)
    Babel(app)  # type: ignore[no-untyped-call]
    with app.test_request_context():
        thing = Thing(THING, {}, {}, nodes, records)
        return read_parts(thing, Shower(lambda _: (), Addresses(), "en"))


def _others(part: Part) -> tuple[str, list[str]]:
    assert part.counterparts
    return part.counterparts.word, [each.text for each in part.counterparts.members]


def test_what_two_sources_say_alike_is_one_line_with_both() -> None:
    (part,) = _read(
        ssc4c_recipient_MOZ=_participation("recipient", "MOZ"),
        iati_recipient_MOZ=_participation("recipient", "MOZ"),
    )

    assert part.sources == ("iati", "ssc4c")
    assert set(part.anchors) == {"ssc4c-recipient-MOZ", "iati-recipient-MOZ"}


def test_different_years_stay_different_lines() -> None:
    parts = _read(
        ssc4c_recipient_MOZ=_participation("recipient", "MOZ", "2012"),
        iati_recipient_MOZ=_participation("recipient", "MOZ"),
    )

    assert sorted(part.sources for part in parts) == [("iati",), ("ssc4c",)]


def test_each_line_tells_the_other_side() -> None:
    giver, mutual, helper, receiver = _read(
        ssc4c_a=_participation("solution-provider", "BRA"),
        ssc4c_b=_participation("mutual", "IND"),
        ssc4c_c=_participation("facilitating-partner", "ITA"),
        ssc4c_d=_participation("recipient", "MOZ"),
    )

    assert _others(giver) == ("for", ["IND", "MOZ"])
    assert _others(mutual) == ("with", ["BRA", "MOZ"])
    assert _others(helper) == ("for", ["IND", "MOZ"])
    assert _others(receiver) == ("from", ["BRA", "IND"])


@pytest.mark.parametrize("role", ["participant", "recipient"])
def test_without_another_side_nobody_is_named(role: str) -> None:
    (part,) = _read(ssc4c_a=_participation(role, "MOZ"))

    assert part.counterparts is None


def test_who_only_takes_part_has_no_side() -> None:
    _giver, neutral, _receiver = _read(
        ssc4c_a=_participation("solution-provider", "BRA"),
        ssc4c_b=_participation("participant", "IND"),
        ssc4c_c=_participation("recipient", "MOZ"),
    )

    assert neutral.counterparts is None
