"""Roles, results, grades, origins and matches come out of their columns as the model wants them."""

from pathlib import Path

import pytest

from kg.records import Record
from loader.sources import Lookup, read_source
from loader.sources.draft import Draft, short_name
from loader.sources.participations import add_participations
from loader.sources.parts import origin_property

THING = "https://w3id.org/ssc4c/id/initiative/x"
ID = "https://w3id.org/ssc4c/id/"


def participations(lookup: Lookup, **cells: str) -> set[tuple[str, str]]:
    """Name of each participation, and whom it names."""
    draft = Draft("s", "initiative", "x", "p.csv")
    add_participations(draft, cells, lookup)
    assert draft.problems == []
    return {
        (str(t.subject)[1:-1].partition("#")[2], str(t.object)[1:-1].removeprefix(ID))
        for t in draft.triples
        if "/def/participant" in t.predicate.value
    }


def test_countries_and_organisations_take_part_in_their_roles(project_lookup: Lookup) -> None:
    found = participations(
        project_lookup,
        provider_countries="BRA;CHL",
        beneficiary_countries="Haiti;CHL",
        facilitating_partners="UNICEF",
        lead_organisations="United Nations Children's Fund;World Food Programme",
    )

    unicef = "actor/united-nations-childrens-fund"
    assert found == {
        ("s-solution-provider-BRA", "country/BRA"),
        ("s-mutual-CHL", "country/CHL"),
        ("s-recipient-HTI", "country/HTI"),
        ("s-facilitating-partner-united-nations-childrens-fund", unicef),
        ("s-lead-united-nations-childrens-fund", unicef),
        ("s-lead-world-food-programme", "actor/world-food-programme"),
    }


@pytest.mark.parametrize(
    ("givers", "takers", "names"),
    [
        ("BRA", "Brazil", {"s-solution-provider-BRA", "s-recipient-BRA"}),
        ("BRA;CHL", "CHL;BRA", {"s-mutual-BRA", "s-mutual-CHL"}),
        ("BRA", "BRA;CHL", {"s-mutual-BRA", "s-recipient-CHL"}),
    ],
)
def test_only_a_country_among_others_is_a_mutual_partner(
    project_lookup: Lookup, givers: str, takers: str, names: set[str]
) -> None:
    found = participations(project_lookup, provider_countries=givers, beneficiary_countries=takers)

    assert {name for name, _ in found} == names


def test_every_participation_has_its_role_and_hangs_on_the_thing(project_lookup: Lookup) -> None:
    draft = Draft("s", "initiative", "x", "p.csv")

    add_participations(draft, {"other_actors": "UNICEF"}, project_lookup)

    node = f"<{THING}#s-participant-united-nations-childrens-fund>"
    assert {str(triple) for triple in draft.triples} == {
        f"<{THING}> <https://w3id.org/ssc4c/def/hasParticipation> {node}",
        f"{node} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://w3id.org/ssc4c/def/Participation>",
        f"{node} <https://w3id.org/ssc4c/def/participant> "
        f"<{ID}actor/united-nations-childrens-fund>",
        f"{node} <https://w3id.org/ssc4c/def/role> <{ID}role/participant>",
    }


def test_long_keys_are_hashed_in_the_names_of_nested_nodes() -> None:
    assert short_name("a" * 64) == "a" * 64
    assert len(short_name("a" * 65)) == 10


@pytest.mark.parametrize(
    ("kind", "origin", "name"),
    [
        ("adaptation", "practice", "ssc4c:adaptationOf"),
        ("adaptation", "adaptation", "ssc4c:adaptationOf"),
        ("adaptation", "initiative", "ssc4c:growsOutOf"),
        ("initiative", "practice", "ssc4c:carries"),
        ("initiative", "initiative", "ssc4c:growsOutOf"),
        ("initiative", "adaptation", "ssc4c:growsOutOf"),
        ("practice", "practice", "ssc4c:growsOutOf"),
    ],
)
def test_origin_follows_from_the_kinds_of_both_ends(kind: str, origin: str, name: str) -> None:
    assert origin_property(kind, origin) == name


def lines(record: Record) -> set[str]:
    """Statements of a record, with the base of things left out."""
    return {
        f"{str(t.subject)[1:-1].rpartition('/')[2]} {t.predicate.value.rpartition('/')[2]} "
        f"{str(t.object).replace(ID, '')}"
        for t in record.triples
    }


def read_ours(path: Path, text: str, lookup: Lookup) -> set[str]:
    path.write_text(text, encoding="utf-8")
    return next(
        lines(item)
        for item in read_source(path, "ssc4c", lookup)
        if isinstance(item, Record) and item.key == "x"
    )


def test_result_with_a_source_is_evidence_and_makes_the_practice_promising(
    tmp_path: Path, lookup: Lookup
) -> None:
    header = "id,kind,title,results_stated,source_urls,source_titles\n"

    said = read_ours(tmp_path / "p.csv", header + "x,practice,X,All well,https://a.org,A\n", lookup)

    page = "<publication/a-org-770f86d802>"
    assert {line for line in said if line.startswith("x#") and "#type" not in line} == {
        'x#ssc4c-result description "All well"@en',
        f"x#ssc4c-result source {page}",
        "x#ssc4c-evidence evidenceType <evidence-type/self-report>",
        f"x#ssc4c-evidence source {page}",
        "x#ssc4c-evidence supports <practice/x#ssc4c-result>",
        "x#ssc4c-assessment grade <practice-grade/promising>",
        "x#ssc4c-assessment assessor <actor/ssc4c-graph-editors>",
        'x#ssc4c-assessment assessedOn "2026-11"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>',
        'x#ssc4c-assessment criteria "Lead: named in a public source. Promising: a public source '
        "also tells a result. The editors of this graph graded by these two rules and judged no "
        'evidence."@en',
    }


def test_result_without_a_source_is_no_evidence(tmp_path: Path, lookup: Lookup) -> None:
    header = "id,kind,title,results_stated,source_urls\n"

    said = read_ours(tmp_path / "p.csv", header + "x,practice,X,All well,\n", lookup)

    assert 'x#ssc4c-result description "All well"@en' in said
    assert "x#ssc4c-assessment grade <practice-grade/lead>" in said
    assert not any("evidence" in line for line in said if "criteria" not in line)


def test_offer_without_theme_is_cross_cutting_and_its_match_is_a_node(
    tmp_path: Path, lookup: Lookup
) -> None:
    header = "key,kind,title,owner,owner_country,theme_keys,matched_by\n"

    said = read_ours(tmp_path / "n.csv", header + "x,offer,X,Brazil,BRA,,paa-africa\n", lookup)

    assert {
        "x owner <country/BRA>",
        "x ownerCountry <country/BRA>",
        "x theme <theme/cross-cutting>",
        "x hasMatch <offer/x#ssc4c-match-paa-africa>",
        "x#ssc4c-match-paa-africa matchedActivity <initiative/paa-africa>",
        "x#ssc4c-match-paa-africa matchedListing <offer/x>",
    } <= said
