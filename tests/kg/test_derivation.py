from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kg.derivation import derive, indicator_targets
from kg.namespaces import PREFIXES, expand, thing_iri

_THING = NamedNode(thing_iri("initiative", "x"))


def read(turtle: str) -> list[Triple]:
    """Triples of Turtle in which `:` is our things and `a:` the made-up initiative's nodes."""
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    own = f"PREFIX : <{thing_iri('', '')[:-1]}>\nPREFIX a: <{_THING.value}#>\n"
    quads = parse((prefixes + own + turtle).encode(), format=RdfFormat.TURTLE)
    return [quad.triple for quad in quads]


def names(triples: set[Triple]) -> set[tuple[str, str]]:
    """Local names of predicate and object."""
    return {
        (t.predicate.value.rpartition("/")[2], str(t.object).rstrip(">").rpartition("/")[2])
        for t in triples
    }


def derived(turtle: str, **parents: str) -> set[tuple[str, str]]:
    above = {
        NamedNode(PREFIXES["sdg"] + code): [NamedNode(PREFIXES["sdg"] + target)]
        for code, target in parents.items()
    }
    return names(derive(_THING, read(turtle), lambda node: above.get(node, ())))


def test_mutual_country_is_provider_and_recipient() -> None:
    found = derived(f"""<{_THING.value}> ssc4c:hasParticipation a:m .
        a:m ssc4c:participantCountry <{thing_iri("country", "BRA")}> ;
            ssc4c:role <{thing_iri("role", "mutual")}> .""")

    assert found == {
        ("providerCountry", "BRA"),
        ("recipientCountry", "BRA"),
        ("involvesCountry", "BRA"),
    }


def test_actor_gets_the_shortcut_of_its_role() -> None:
    found = derived(f"""<{_THING.value}> ssc4c:hasParticipation a:f, a:o .
        a:f ssc4c:participant <{thing_iri("actor", "unicef")}> ;
            ssc4c:role <{thing_iri("role", "facilitating-partner")}> .
        a:o ssc4c:participant <{thing_iri("actor", "other")}> ;
            ssc4c:role <{thing_iri("role", "nominator")}> .""")

    assert found == {
        ("facilitatingPartner", "unicef"),
        ("involvesActor", "unicef"),
        ("involvesActor", "other"),
    }


def test_goal_follows_from_target_indicator_and_goal() -> None:
    found = derived(
        f"<{_THING.value}> ssc4c:contributesTo sdg:2.1, sdg:C160201, sdg:17 .", C160201="16.2"
    )

    assert found == {("goal", "2"), ("goal", "16"), ("goal", "17")}


def test_current_grade_is_that_of_the_latest_assessment() -> None:
    found = derived(f"""<{_THING.value}> ssc4c:hasAssessment a:old, a:new .
        a:old ssc4c:assessedOn "2019"^^xsd:gYear ;
            ssc4c:grade <{thing_iri("practice-grade", "good")}> .
        a:new ssc4c:assessedOn "2026-11"^^xsd:gYearMonth ;
            ssc4c:grade <{thing_iri("practice-grade", "lead")}> .""")

    assert found == {("currentGrade", "lead")}


def test_modality_and_superclass_follow_and_nothing_said_is_repeated() -> None:
    triples = read(f"""<{_THING.value}> a ssc4c:Initiative, ssc4c:Activity ;
        ssc4c:form <{thing_iri("form", "triangular")}> .""")

    found = derive(_THING, triples, lambda node: ())

    modality = NamedNode(expand("ssc4c:modality"))
    assert found == {Triple(_THING, modality, NamedNode(thing_iri("form", "triangular")))}


def test_an_indicator_of_two_targets_keeps_both() -> None:
    triples = read("sdg:C200303 sdgo:isIndicatorOf sdg:1.5, sdg:11.5 .")

    targets = indicator_targets(triples)

    assert {node.value for node in targets[NamedNode(PREFIXES["sdg"] + "C200303")]} == {
        PREFIXES["sdg"] + "1.5",
        PREFIXES["sdg"] + "11.5",
    }
