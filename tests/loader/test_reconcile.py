"""Names and codes find the thing they stand for; the unknown and the ambiguous are refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.settings import PROJECT
from loader.problems import Misfit
from loader.reconcile import (
    ACRONYM,
    OTHER_NAME,
    CountryIndex,
    KeyIndex,
    NameIndex,
    SdgIndex,
    choose,
    fold,
)
from loader.tables import read_rows

REFERENCE: Path = PROJECT / "data" / "reference"
ROWS = list(read_rows(REFERENCE / "countries.csv"))
ALTERNATIVES = list(read_rows(REFERENCE / "country-alternatives.csv"))
COUNTRIES = CountryIndex.of(ROWS, ALTERNATIVES)
SDGS = SdgIndex.of(read_rows(REFERENCE / "sdg.csv"))
NAMES = [column for column in ROWS[0] if column.startswith(("name_", "un_name_"))]


def refusal(find: Callable[[str], str], text: str) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(Misfit) as refused:
        find(text)
    return refused.value.message, refused.value.candidates


def make_actors() -> NameIndex:
    index = NameIndex("organisation")
    index.add("unicef", "United Nations Children's Fund", [("UNICEF", ACRONYM)])
    index.add("registry", "National Registry", [("RNP", ACRONYM), ("Old Registry", OTHER_NAME)])
    index.add("police", "National Police", [("RNP", ACRONYM)])
    index.add("old", "Old Registry")
    return index


@pytest.mark.parametrize("column", ["iso3", "iso2", "m49", *NAMES])
def test_every_country_is_found_by_every_code_and_name(column: str) -> None:
    lost = [
        (row["iso3"], row[column])
        for row in ROWS
        if row[column] and COUNTRIES.match(row[column]) != [row["iso3"]]
    ]

    assert lost == []


def test_every_alternative_name_leads_to_its_country() -> None:
    assert [row for row in ALTERNATIVES if COUNTRIES.match(row["name"]) != [row["iso3"]]] == []


@pytest.mark.parametrize(
    "text",
    [
        "Côte d'Ivoire",
        "Côte d’Ivoire",
        "Cote d'Ivoire",
        "CÔTE D`IVOIRE",
        "Ivory Coast",
        "CI",
        "384",
    ],
)
def test_cote_divoire_is_found_in_every_spelling(text: str) -> None:
    assert COUNTRIES.find(text) == "CIV"


@pytest.mark.parametrize(
    ("text", "key"),
    [("NA", "NAM"), ("na", "NAM"), ("76", "BRA"), ("4", "AFG"), ("viet  nam", "VNM")],
)
def test_codes_are_read_as_text(text: str, key: str) -> None:
    assert COUNTRIES.find(text) == key


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Korea", ("KOR (South Korea)", "PRK (North Korea)")),
        ("Brasilien", ("BRA (Brazil)",)),
        ("Atlantis", ()),
        ("BRX", ("BRA (Brazil)", "BGR (Bulgaria)", "BHR (Bahrain)")),
    ],
)
def test_unknown_country_is_refused_with_the_nearest(
    text: str, candidates: tuple[str, ...]
) -> None:
    assert refusal(COUNTRIES.find, text) == (f"“{text}” is not a known country.", candidates)


def test_sdg_is_found_by_number_code_and_address() -> None:
    for text in ("2.1", "02.01", "SDG 2.1", "http://metadata.un.org/sdg/2.1"):
        assert SDGS.find(text) == "2.1"
    for text in ("2.1.1", "C020101", "http://metadata.un.org/sdg/C020101"):
        assert SDGS.find(text) == "C020101"
    assert [SDGS.find(text) for text in ("8.1", "8.10", "2.A")] == ["8.1", "8.10", "2.a"]


def test_numbers_of_one_indicator_lead_to_one_key() -> None:
    assert {SDGS.find(text) for text in ("1.5.1", "11.5.1", "13.1.1")} == {"C200303"}


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("2.9", ("2.5", "2.4", "2.3")),
        ("18", ("17", "16", "15")),
        ("2.1.9", ("2.1.2", "2.1.1")),
        ("C999999", ()),
    ],
)
def test_unknown_sdg_is_refused_with_the_nearest(text: str, candidates: tuple[str, ...]) -> None:
    message = f"“{text}” is not a known SDG goal, target or indicator."
    assert refusal(SDGS.find, text) == (message, candidates)


def test_organisation_is_found_by_name_other_name_and_acronym() -> None:
    actors = make_actors()

    for text in (
        "unicef",
        "UNICEF",
        "United Nations Children’s Fund",
        "united nations childrens fund",
    ):
        assert actors.find(text) == "unicef"


def test_name_outweighs_another_name_of_somebody_else() -> None:
    assert make_actors().find("Old Registry") == "old"


def test_acronym_of_two_is_refused_with_both() -> None:
    assert refusal(make_actors().find, "RNP") == (
        "“RNP” can be more than one organisation. Write the key.",
        ("police (National Police)", "registry (National Registry)"),
    )


def test_misspelt_organisation_is_refused_with_the_nearest() -> None:
    assert refusal(make_actors().find, "National Polise") == (
        "“National Polise” is not a known organisation.",
        ("police (National Police)",),
    )


def test_keys_are_found_as_written_and_refused_with_the_nearest() -> None:
    index = KeyIndex("practice")
    index.keys.update({"brazil-pnae": "brazil-pnae", "zvandiri": "zvandiri"})

    assert index.match("zvandiri") == ["zvandiri"]
    with pytest.raises(Misfit) as refused:
        choose([], {"practice": index}, "brasil-pnae")
    assert (refused.value.message, refused.value.candidates) == (
        "“brasil-pnae” is not a known practice.",
        ("brazil-pnae",),
    )


def test_same_key_in_two_kinds_is_refused_with_both() -> None:
    indexes = {kind: KeyIndex(kind) for kind in ("practice", "initiative")}
    for index in indexes.values():
        index.keys["x"] = "x"

    with pytest.raises(Misfit) as refused:
        choose([("practice", "x"), ("initiative", "x")], indexes, "x")
    assert (
        refused.value.message == "“x” can be more than one practice or initiative. Write the key."
    )


@given(st.text())
def test_folding_is_steady_and_nothing_crashes(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    for index in (COUNTRIES, SDGS, make_actors()):
        try:
            index.find(text)
        except Misfit as misfit:
            assert misfit.message
