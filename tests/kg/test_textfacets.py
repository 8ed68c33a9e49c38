from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.namespaces import SDG, expand, thing_iri
from kg.textdocuments import documents


def country(key: str) -> str:
    return thing_iri("country", key)


def region(key: str) -> str:
    return thing_iri("region", key)


INITIATIVE = thing_iri("initiative", "meals")
EVIDENCE = INITIATIVE + "#one-evidence"
SAID = [
    (INITIATIVE, "ssc4c:providerCountry", country("BRA")),
    (INITIATIVE, "ssc4c:providerCountry", country("MOZ")),
    (INITIATIVE, "ssc4c:recipientCountry", country("MOZ")),
    (INITIATIVE, "ssc4c:involvesCountry", country("IND")),
    (INITIATIVE, "ssc4c:facilitatingPartner", thing_iri("actor", "wfp")),
    (INITIATIVE, "ssc4c:involvesActor", thing_iri("actor", "wfp")),
    (INITIATIVE, "ssc4c:contributesTo", SDG + "C020101"),
    (INITIATIVE, "ssc4c:goal", SDG + "2"),
    (INITIATIVE, "ssc4c:currentGrade", thing_iri("practice-grade", "lead")),
    (INITIATIVE, "ssc4c:populationGroup", thing_iri("population", "school-age")),
    (INITIATIVE, "ssc4c:hasEvidence", EVIDENCE),
    (EVIDENCE, "ssc4c:direction", thing_iri("evidence-direction", "positive")),
    (EVIDENCE, "dcterms:source", thing_iri("publication", "report")),
    (EVIDENCE, "ssc4c:indicator", SDG + "4.1"),
    (thing_iri("publication", "report"), "dcterms:language", "pt"),
    (thing_iri("actor", "wfp"), "ssc4c:actorType", thing_iri("actor-type", "un-agency")),
    (thing_iri("actor", "wfp"), "ssc4c:seatCountry", country("ITA")),
    (SDG + "C020101", "sdgo:isIndicatorOf", SDG + "2.1"),
    (country("MOZ"), "ssc4c:inRegion", region("014")),
    (country("BRA"), "ssc4c:inRegion", region("005")),
    (region("014"), "ssc4c:broaderRegion", region("202")),
    (region("202"), "ssc4c:broaderRegion", region("014")),  # a slip that must not go on for ever
    (INITIATIVE, "ssc4c:theme", thing_iri("theme", "school-feeding")),
    (thing_iri("theme", "school-feeding"), "skos:broader", thing_iri("theme", "nutrition")),
    (thing_iri("actor-type", "un-agency"), "skos:broader", thing_iri("actor-type", "un")),
    (thing_iri("challenge", "hunger"), "ssc4c:contributesTo", SDG + "2.1"),
    (thing_iri("challenge", "hunger"), "ssc4c:about", SDG + "2"),
    (thing_iri("challenge", "hunger"), "ssc4c:inCountry", country("BRA")),
    (thing_iri("challenge", "hunger"), "ssc4c:reportedBy", thing_iri("actor", "wfp")),
]


@pytest.fixture(scope="module")
def facets() -> Iterator[dict[str, dict[str, list[str]]]]:
    store = Store()
    store.extend(
        Quad(
            NamedNode(subject),
            NamedNode(expand(predicate)),
            NamedNode(value) if ":" in value else Literal(value),
        )
        for subject, predicate, value in SAID
    )
    things = sorted({subject for subject, *_ in SAID if "#" not in subject})
    yield {
        each.iri: {name: sorted(values) for name, values in each.facets.items()}
        for each in documents(store, things)
    }


@pytest.mark.parametrize(
    ("facet", "values"),
    [
        ("country", [country("BRA"), country("IND"), country("MOZ")]),
        ("provider", [country("BRA"), country("MOZ")]),
        ("recipient", [country("MOZ")]),
        ("facilitator", [country("ITA")]),
        ("region", [region("014"), region("202")]),
        ("flow", ["BRA MOZ"]),
        ("goal", [SDG + "2"]),
        ("target", [SDG + "2.1"]),
        ("sdg", [SDG + "2", SDG + "4.1", SDG + "C020101"]),
        ("actor", [thing_iri("actor", "wfp")]),
        ("theme", [thing_iri("theme", "nutrition"), thing_iri("theme", "school-feeding")]),
        ("actortype", [thing_iri("actor-type", "un"), thing_iri("actor-type", "un-agency")]),
        ("grade", [thing_iri("practice-grade", "lead")]),
        ("population", [thing_iri("population", "school-age")]),
        ("evidence", [thing_iri("evidence-direction", "positive")]),
        ("sourcelang", ["pt"]),
    ],
)
def test_activity_has_these_values(
    facets: dict[str, dict[str, list[str]]], facet: str, values: list[str]
) -> None:
    assert facets[INITIATIVE][facet] == values


def test_other_things_have_what_they_name(facets: dict[str, dict[str, list[str]]]) -> None:
    found = facets[thing_iri("challenge", "hunger")]

    assert (found["goal"], found["target"]) == ([SDG + "2"], [SDG + "2.1"])
    assert (found["region"], found["actor"]) == ([region("005")], [thing_iri("actor", "wfp")])


def test_actors_and_publications_tell_their_own(facets: dict[str, dict[str, list[str]]]) -> None:
    types = [thing_iri("actor-type", "un"), thing_iri("actor-type", "un-agency")]
    assert facets[thing_iri("actor", "wfp")]["actortype"] == types
    assert facets[thing_iri("publication", "report")]["sourcelang"] == ["pt"]
