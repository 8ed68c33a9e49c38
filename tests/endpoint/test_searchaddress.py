from urllib.parse import parse_qsl

import pytest
from werkzeug.datastructures import MultiDict

from endpoint.addresses import Addresses
from endpoint.searchaddress import Asked, read_asked, read_value, search_address, write_value
from kg.namespaces import ID, SDG

BRAZIL = f"{ID}country/BRA"


def _read(**values: str | list[str]) -> Asked:
    return read_asked(MultiDict(values))


@pytest.mark.parametrize(
    ("facet", "key", "value"),
    [
        ("kind", "practice", "practice"),
        ("provider", "BRA", BRAZIL),
        ("region", "002", f"{ID}region/002"),
        ("goal", "2", f"{SDG}2"),
        ("target", "2.1", f"{SDG}2.1"),
        ("grade", "good", f"{ID}practice-grade/good"),
        ("actor", "person/ana", f"{ID}person/ana"),
        ("evidence", "direction/negative", f"{ID}evidence-direction/negative"),
        ("sourcelang", "fr", "fr"),
    ],
)
def test_a_value_has_a_key_and_a_key_a_value(facet: str, key: str, value: str) -> None:
    assert read_value(facet, key) == value
    assert write_value(facet, value) == key


def test_what_is_written_is_read_again() -> None:
    asked = Asked(
        "school meals",
        {"kind": ("practice",), "provider": (BRAZIL, f"{ID}country/IND")},
        2001,
        2020,
        "title",
        50,
        3,
        "table",
        ("theme", "years"),
        ("actor",),
    )
    query = asked.address(Addresses()).partition("?")[2]

    assert read_asked(MultiDict(parse_qsl(query))) == asked


def test_links_are_made_from_iris_and_carry_the_language() -> None:
    chosen = {"theme": [f"{ID}theme/nutrition"], "provider": [BRAZIL, f"{ID}country/IND"]}

    address = search_address(Addresses("fr"), chosen, since=2010)

    assert address == "/search?provider=BRA&provider=IND&theme=nutrition&from=2010&lang=fr"


def test_what_cannot_be_read_is_told_and_left_out() -> None:
    asked = _read(page="abc", size="7", sort="up", goal="two", view="list", **{"from": "-3"})

    assert asked == Asked(
        slips=(("sort", "up"), ("goal", "two"), ("from", "-3"), ("size", "7"), ("page", "abc"))
    )


def test_values_are_added_and_dropped_from_the_first_page_on() -> None:
    asked = _read(provider=["BRA", "bra", "IND"], page="4")

    assert asked.dropping("provider", BRAZIL) == _read(provider=["IND"])
    assert asked.dropping("provider") == _read()
    assert asked.adding("kind", "practice").page == 1
