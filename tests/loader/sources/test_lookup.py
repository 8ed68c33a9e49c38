"""The lookup knows what the project's files hold and what tables tell it."""

import pytest

from kg.records import Record
from loader.problems import Misfit
from loader.sources import Lookup

ACTIVITIES = ("practice", "initiative", "adaptation")


def test_project_files_make_things_known(project_lookup: Lookup) -> None:
    resolve = project_lookup.resolve

    assert resolve(("country",), "Brasil") == ("country", "BRA")
    assert resolve(("sdg",), "SDG 2.1") == ("sdg", "2.1")
    assert resolve(("theme",), "Nutrición") == ("theme", "nutrition")
    assert resolve(("crc",), "19") == ("crc", "art-19")
    assert resolve(("actor",), "UNICEF") == ("actor", "united-nations-childrens-fund")
    assert resolve(ACTIVITIES, "brazil-pnae") == ("practice", "brazil-pnae")
    assert resolve(("actor", "country"), "Vietnam") == ("country", "VNM")


def test_things_are_known_by_their_addresses(project_lookup: Lookup) -> None:
    address = "https://w3id.org/ssc4c/id/practice/brazil-pnae"

    assert project_lookup.resolve(ACTIVITIES, address) == ("practice", "brazil-pnae")
    assert project_lookup.resolve_any(address) == ("practice", "brazil-pnae")
    assert project_lookup.resolve_any("brazil-pnae") == ("practice", "brazil-pnae")


@pytest.mark.parametrize(
    ("text", "message", "candidates"),
    [
        (
            "https://w3id.org/ssc4c/id/country/BRA",
            "“https://w3id.org/ssc4c/id/country/BRA” is a country; "
            "here belongs a practice or initiative or adaptation.",
            (),
        ),
        (
            "https://w3id.org/ssc4c/id/practice/brasil-pnae",
            "“https://w3id.org/ssc4c/id/practice/brasil-pnae” is not known.",
            ("brazil-pnae",),
        ),
        ("nothing-like-it-zzz", "“nothing-like-it-zzz” is not a known", ()),
    ],
)
def test_unknown_addresses_are_refused(
    project_lookup: Lookup, text: str, message: str, candidates: tuple[str, ...]
) -> None:
    with pytest.raises(Misfit) as refused:
        project_lookup.resolve(ACTIVITIES, text)

    assert refused.value.message.startswith(message)
    assert refused.value.candidates[:1] == candidates


def test_what_is_learnt_is_found_at_once(lookup: Lookup) -> None:
    with pytest.raises(Misfit):
        lookup.resolve(("actor",), "New Body")

    lookup.learn_actor("new-body", {"name": "New Body", "acronym": "NB", "alt_names": "Old Body"})

    for text in ("New Body", "NB", "old body", "new-body"):
        assert lookup.resolve(("actor",), text) == ("actor", "new-body")


def test_records_of_others_are_learnt(lookup: Lookup, shipped: dict[str, list[Record]]) -> None:
    fresh = Lookup(lookup.forms)

    for record in shipped["ssc4c"]:
        fresh.learn_record(record)

    assert fresh.resolve(("actor",), "UNICEF") == ("actor", "united-nations-childrens-fund")
    assert fresh.resolve(("practice",), "brazil-pnae") == ("practice", "brazil-pnae")


def test_nearest_names_are_sought_a_bounded_number_of_times(lookup: Lookup) -> None:
    lookup.most_searches = 1
    found = []
    for text in ("brasil-pnae", "brasil-pnae", "brazil-pnea"):
        with pytest.raises(Misfit) as refused:
            lookup.resolve(ACTIVITIES, text)
        found.append(refused.value.candidates[:1])

    assert found == [("brazil-pnae",), ("brazil-pnae",), ()]


def test_every_field_with_kinds_can_be_resolved(project_lookup: Lookup) -> None:
    """A column whose values nobody knows would set every row aside."""
    unknown = {
        (form.target_class, field.column, kind)
        for form in project_lookup.forms.values()
        for field in form.fields
        for kind in field.kinds
        if field.column and kind not in project_lookup.names and kind != "person"
    }

    assert {kind for *_, kind in unknown} <= {"concept", "region"}
