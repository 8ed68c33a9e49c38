"""Reference data become records with dated memberships, regions, numbers and matches."""

from kg.records import Record
from loader.sources.reference import read_countries, read_sdgs

Items = list[Record]
BASE = "https://w3id.org/ssc4c/id/"


def find(items: Items, kind: str, key: str) -> set[str]:
    """Statements of a record, shortened: ``#reference-ldc asOf "2026-02"…``."""
    (record,) = [item for item in items if (item.kind, item.key) == (kind, key)]
    return {
        f"{str(t.subject)[1:-1].removeprefix(record.thing)} "
        f"{t.predicate.value.replace('#', '/').rpartition('/')[2]} "
        f"{str(t.object).replace(BASE, '').replace('http://www.w3.org/2001/XMLSchema#', 'xsd:')}"
        for t in record.triples
    }


def test_country_is_told_with_regions_point_and_matches(shipped: dict[str, Items]) -> None:
    said = find(shipped["reference"], "country", "HTI")

    assert {
        " inRegion <region/019>",
        " inRegion <region/419>",
        " inRegion <region/029>",
        ' prefLabel "Haïti"@fr',
        " exactMatch <http://metadata.un.org/sdg/codes/geoArea/332>",
        " exactMatch <http://www.wikidata.org/entity/Q790>",
        " unicefRegion <unicef-region/LACR>",
        " hasGeometry <country/HTI#reference-geometry>",
    } <= said
    assert any(line.startswith('#reference-geometry asWKT "POINT(-7') for line in said)


def test_membership_is_dated_and_sourced(shipped: dict[str, Items]) -> None:
    said = find(shipped["reference"], "country", "HTI")

    assert {line for line in said if line.startswith("#reference-ldc")} == {
        "#reference-ldc type <https://w3id.org/ssc4c/def/CountryGroupMembership>",
        "#reference-ldc inGroup <country-group/ldc>",
        '#reference-ldc asOf "2026-02"^^<xsd:gYearMonth>',
        "#reference-ldc source <publication/un-m49>",
    }
    assert not any(line.startswith("#reference-lldc") for line in said)


def test_indicator_with_three_numbers_is_one_record(shipped: dict[str, Items]) -> None:
    said = find(shipped["reference"], "sdg", "C200303")

    assert {
        ' notation "1.5.1"',
        ' notation "11.5.1"',
        ' notation "13.1.1"',
        " isIndicatorOf <http://metadata.un.org/sdg/1.5>",
        " isIndicatorOf <http://metadata.un.org/sdg/11.5>",
        " isIndicatorOf <http://metadata.un.org/sdg/13.1>",
    } <= said


def test_article_stands_in_several_clusters_and_is_a_draft(shipped: dict[str, Items]) -> None:
    said = find(shipped["reference"], "crc", "art-24")

    assert {
        " inCluster <crc-cluster/disability-basic-health-and-welfare>",
        " inCluster <crc-cluster/violence-against-children>",
        ' draft "true"^^<xsd:boolean>',
    } <= said


def test_every_sector_points_to_its_category(shipped: dict[str, Items]) -> None:
    assert " broadMatch <iati/SectorCategory-112>" in find(
        shipped["reference"], "iati", "Sector-11250"
    )


def test_everything_that_reference_data_point_to_is_told(shipped: dict[str, Items]) -> None:
    known = {item.thing for items in shipped.values() for item in items}
    named = {
        str(triple.object)[1:-1].partition("#")[0]
        for item in shipped["reference"]
        for triple in item.triples
        if str(triple.object).startswith(f"<{BASE}")
    }

    assert sorted(named - known) == []


def test_no_rows_give_no_records() -> None:
    assert [*read_countries([], [], "reference"), *read_sdgs([], "reference")] == []
