"""IRIs of things, terms and SDGs are made and taken apart in one way."""

import pytest

from kg.namespaces import DEF, ID, SDG, kind_of_class, split_thing, thing_iri


@pytest.mark.parametrize(
    ("iri", "kind", "key"),
    [
        (f"{ID}practice/paa-africa", "practice", "paa-africa"),
        (f"{ID}theme/nutrition", "theme", "nutrition"),
        (f"{SDG}2.1", "sdg", "2.1"),
        (f"{DEF}Practice", "def", "Practice"),
        (DEF, "def", ""),
    ],
)
def test_iri_is_made_of_kind_and_key_and_taken_apart(iri: str, kind: str, key: str) -> None:
    assert thing_iri(kind, key) == iri
    assert split_thing(iri) == (kind, key)


@pytest.mark.parametrize(
    "iri", ["https://a.org/x", ID, f"{ID}theme", f"{ID}theme/a/b", f"{ID}theme/a#b", SDG]
)
def test_other_iris_are_no_things(iri: str) -> None:
    assert split_thing(iri) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Practice", "practice"),
        ("CountryGroup", "country-group"),
        ("Organization", "actor"),
        ("ConventionArticle", "crc"),
    ],
)
def test_kind_follows_from_the_class(name: str, kind: str) -> None:
    assert kind_of_class(DEF + name) == kind
