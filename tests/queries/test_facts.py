"""The answers once more, worked out from the maintained tables without the graph."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

import pytest

from kg.namespaces import ID
from kg.settings import PROJECT
from tests.queries.graphs import COMPETENCY

Row = dict[str, str]

SOUTH_SOUTH: Final = {"bilateral-ssc", "regional-horizontal", "inter-regional", "global"}
UNICEF: Final = "United Nations Children's Fund"


@cache
def read(name: str) -> list[Row]:
    """The rows of a table under `data/`, every cell as text."""
    with (PROJECT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def answer(number: int) -> list[Row]:
    """The written answer to a question."""
    (path,) = [path for path in COMPETENCY if path.stem.startswith(f"cq-{number:02d}-")]
    text = path.with_suffix(".csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def split(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]


def key(iri: str) -> str:
    return iri.rpartition("/")[2]


def rows(*kinds: str) -> Iterator[Row]:
    return (row for row in read("practices/practices") if row["kind"] in kinds)


def initiatives() -> Iterator[Row]:
    return rows("initiative")


def targets(row: Row) -> list[str]:
    return split(row["sdg_targets_stated"]) + split(row["sdg_targets_assigned"])


def is_graded_promising(row: Row) -> bool:
    return bool(row["results_stated"] and row["source_urls"])


def pairs(row: Row) -> Iterator[tuple[str, str]]:
    for provider in split(row["provider_countries"]):
        for recipient in split(row["beneficiary_countries"]):
            if provider != recipient:
                yield provider, recipient


def countries(row: Row) -> set[str]:
    return {*split(row["provider_countries"]), *split(row["beneficiary_countries"])}


@cache
def names() -> dict[str, str]:
    return {row["iso3"]: row["name_en"] for row in read("reference/countries")}


@cache
def members(group: str) -> set[str]:
    return {row["iso3"] for row in read("reference/countries") if row[group] == "yes"}


@cache
def developing() -> set[str]:
    return {row["iso3"] for row in read("reference/countries") if row["developing"] == "developing"}


@cache
def themes_under(top: str) -> set[str]:
    """A theme and the themes right below it."""
    schemes = PROJECT / "ontology" / "schemes" / "theme.ttl"
    under = {top}
    for block in schemes.read_text(encoding="utf-8").split("\n.\n"):
        if f"skos:broader <{ID}theme/{top}>" in block:
            under.add(block.partition(f"<{ID}theme/")[2].partition(">")[0])
    return under


def on_theme(row: Row, theme: str) -> bool:
    return bool(themes_under(theme) & set(split(row["theme_keys"])))


def ids(found: Iterable[Row]) -> set[str]:
    return {row["id"] for row in found}


def test_practices_for_target_16_2() -> None:
    expected = {
        (row["id"], names()[row["origin_country"]], row["start_year"])
        for row in rows("practice")
        if "16.2" in targets(row) and is_graded_promising(row)
    }
    adapted = [row for row in rows("adaptation") if "16.2" in targets(row)]

    assert not any(map(is_graded_promising, adapted))
    assert {
        (key(row["practice"]), row["country"], row["startYear"]) for row in answer(1)
    } == expected


def test_everything_that_contributes_to_goal_4() -> None:
    expected = {
        (row["id"], code)
        for row in read("practices/practices")
        for code in targets(row)
        if code.split(".")[0] == "4"
    }

    assert {(key(row["activity"]), row["notation"]) for row in answer(2)} == expected


def test_pairs_of_countries_on_water() -> None:
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in initiatives():
        if on_theme(row, "wash"):
            for provider, recipient in pairs(row):
                found[names()[provider], names()[recipient]].append(row["start_year"])
    expected = {
        pair: (str(len(years)), min(filter(None, years), default=""))
        for pair, years in found.items()
    }

    assert {
        (row["providerName"], row["recipientName"]): (row["initiatives"], row["since"])
        for row in answer(7)
    } == expected


def test_countries_that_give_and_receive_in_a_theme() -> None:
    given: Counter[tuple[str, str]] = Counter()
    received: Counter[tuple[str, str]] = Counter()
    for row in initiatives():
        for theme in split(row["theme_keys"]):
            given.update((theme, code) for code in split(row["provider_countries"]))
            received.update((theme, code) for code in split(row["beneficiary_countries"]))
    expected = Counter(
        (names()[code], given[theme, code], received[theme, code])
        for theme, code in given.keys() & received.keys()
    )

    assert expected == Counter(
        (row["countryName"], int(row["given"]), int(row["received"])) for row in answer(8)
    )


def test_triangular_initiatives_that_unicef_facilitates() -> None:
    ours = [
        row
        for row in initiatives()
        if row["form"] == "triangular" and UNICEF in split(row["facilitating_partners"])
    ]
    expected = set()
    for row in ours:
        gives, takes = split(row["provider_countries"]), split(row["beneficiary_countries"])
        expected |= {(row["id"], "gives", names()[code]) for code in gives}
        expected |= {(row["id"], "receives", names()[code]) for code in takes}
        expected |= set() if gives or takes else {(row["id"], "", "")}

    assert len({row["initiative"] for row in answer(9)}) == len(ours)
    assert {(key(row["initiative"]), row["part"], row["country"]) for row in answer(9)} == expected


def test_least_developed_countries_that_received() -> None:
    expected = {
        (names()[code], row["id"], row["start_year"])
        for row in initiatives()
        for code in split(row["beneficiary_countries"])
        if code in members("ldc") and row["start_year"]
    }

    assert {
        (row["recipientName"], key(row["initiative"]), row["year"]) for row in answer(10)
    } == expected


def test_south_south_with_fewer_than_two_developing_countries() -> None:
    expected = {
        row["id"]: (
            len(countries(row) & developing()),
            len(split(row["beneficiary_countries"])),
        )
        for row in initiatives()
        if row["form"] in SOUTH_SOUTH
        and (len(countries(row) & developing()) < 2 or not row["beneficiary_countries"])
    }

    assert {
        key(row["initiative"]): (int(row["developingCountries"]), int(row["recipients"]))
        for row in answer(11)
    } == expected


def test_small_islands_that_gave_to_small_islands() -> None:
    expected = {
        row["id"] for row in initiatives() if any({*pair} <= members("sids") for pair in pairs(row))
    }

    assert {key(row["initiative"]) for row in answer(13)} == expected


def test_regional_bodies_that_lead() -> None:
    bodies = {
        row["name"]
        for name in ("actors", "community-actors")
        for row in read(f"practices/{name}")
        if row["type"] == "regional-body"
    }
    expected = {
        (row["id"], lead, len(countries(row)))
        for row in initiatives()
        if row["form"] == "regional-horizontal" and len(countries(row)) >= 3
        for lead in split(row["lead_organisations"])
        if lead in bodies
    }

    assert {
        (key(row["initiative"]), row["name"], int(row["countries"])) for row in answer(14)
    } == expected


@pytest.mark.parametrize(
    ("part", "column"), [("gave", "provider_countries"), ("received", "beneficiary_countries")]
)
def test_what_brazil_gave_and_received(part: str, column: str) -> None:
    expected = {
        (row["id"], row["start_year"]) for row in initiatives() if "BRA" in split(row[column])
    }

    assert {
        (key(row["initiative"]), row["startYear"]) for row in answer(15) if row["part"] == part
    } == expected


def test_neighbours_of_guinea_bissau_with_birth_registration() -> None:
    expected = {
        names()[code]
        for row in read("practices/practices")
        if on_theme(row, "birth-registration")
        for code in countries(row) | set(split(row["origin_country"]))
        if (place := {each["iso3"]: each for each in read("reference/countries")}[code])[
            "subregion_m49"
        ]
        == "202"
        and place["iso3"] != "GNB"
    }

    assert {row["neighbourName"] for row in answer(16)} == expected


def test_instruments_for_small_children() -> None:
    expected = Counter(
        instrument
        for row in initiatives()
        if on_theme(row, "early-childhood-development")
        for instrument in split(row["instrument_keys"])
    )

    assert {key(row["instrument"]): int(row["initiatives"]) for row in answer(17)} == expected


def test_study_visits_and_virtual_exchange() -> None:
    distance = {"virtual-exchange", "webinar", "e-learning"}
    expected = []
    for year in range(2017, 2024):
        begun = [
            set(split(row["instrument_keys"]))
            for row in initiatives()
            if row["start_year"] == str(year)
        ]
        visits = sum("study-visit" in used for used in begun)
        virtual = sum(bool(used & distance) for used in begun)
        expected.append([str(number) for number in (year, len(begun), visits, virtual)])

    assert [list(row.values()) for row in answer(18)] == expected


def test_triangular_initiatives_go_under_type_8() -> None:
    expected = ids(row for row in initiatives() if row["form"] == "triangular")

    assert {key(row["initiative"]) for row in answer(20)} == expected
    assert {row["collaborationType"] for row in answer(20)} == {"8"}


def test_coverage_of_child_related_targets() -> None:
    expected = {}
    for target in read("reference/sdg"):
        if target["level"] == "target" and target["child_relevance"] == "yes":
            code = target["notation"]
            kinds = Counter(
                row["kind"] for row in read("practices/practices") if code in targets(row)
            )
            places = {
                place
                for row in read("practices/practices")
                if code in targets(row)
                for place in countries(row) | set(split(row["origin_country"]))
            }
            expected[code] = (kinds["practice"], kinds["initiative"], len(places))

    assert {
        row["notation"]: (int(row["practices"]), int(row["initiatives"]), int(row["countries"]))
        for row in answer(26)
    } == expected


def test_goal_17_alone() -> None:
    expected = ids(
        row
        for row in read("practices/practices")
        if {code.split(".")[0] for code in targets(row)} == {"17"}
    )

    assert {key(row["activity"]) for row in answer(28)} == expected


def test_activities_on_old_sources() -> None:
    """An address that leads to two publications stands for neither."""
    uses = Counter(row["url"] for row in read("practices/publications"))
    years = {
        row["url"]: row["year"] for row in read("practices/publications") if uses[row["url"]] == 1
    }
    expected = {
        (row["id"], years[url])
        for row in read("practices/practices")
        for url in split(row["source_urls"])
        if years.get(url) and int(years[url]) <= 2021
    }

    assert {(key(row["activity"]), row["issued"]) for row in answer(32)} == expected


def test_adaptations_of_roving_caregivers() -> None:
    expected = ids(
        row for row in rows("adaptation") if row["adapted_from"] == "roving-caregivers-programme"
    )

    assert {key(row["adaptation"]) for row in answer(33)} == expected


def test_needs_that_were_met() -> None:
    expected = {
        (row["key"], met)
        for row in read("practices/needs-offers")
        if row["kind"] == "need"
        for met in split(row["matched_by"])
    }

    assert {(key(row["need"]), key(row["activity"])) for row in answer(39)} == expected


def test_records_that_concern_rwanda() -> None:
    expected = ids(
        row
        for row in read("practices/practices")
        if "RWA" in countries(row) | set(split(row["origin_country"]))
    )

    assert {key(row["activity"]) for row in answer(40)} == expected


def test_no_challenge_of_three_countries_is_without_an_answer() -> None:
    expected = {
        row["key"]
        for row in read("practices/challenges")
        if len(split(row["countries"])) >= 3 and not row["addressed_by"]
    }

    assert {key(row["challenge"]) for row in answer(36)} == expected
