import pytest

from endpoint.model import Model
from endpoint.terms import CLASS, PROPERTY, find_terms, name_of, split_text, split_words
from kg.namespaces import DEF, expand
from kg.settings import PROJECT


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.read(PROJECT)


def find(model: Model, kind: str, text: str, language: str = "en") -> list[str]:
    return [term.name for term in find_terms(model, kind, text, language, 20)]


@pytest.mark.parametrize("text", ["practice", "Prac", "ssc4c:Prac", f"<{DEF}Prac", "PRACTICE"])
def test_a_class_is_found_by_label_name_and_iri(model: Model, text: str) -> None:
    assert find(model, CLASS, text)[0] == "ssc4c:Practice"


@pytest.mark.parametrize("text", ["provider", "providerCou", "country provider", "ssc4c:provider"])
def test_a_property_is_found_by_words_and_humps(model: Model, text: str) -> None:
    assert find(model, PROPERTY, text)[0] == "ssc4c:providerCountry"


def test_a_label_of_another_language_is_found_without_its_accents(model: Model) -> None:
    [label] = [
        term.label
        for term in find_terms(model, CLASS, "ssc4c:Practice", "fr", 20)
        if term.iri == f"{DEF}Practice"
    ]

    assert "ssc4c:Practice" in find(model, CLASS, label.upper(), "fr")


def test_our_own_property_comes_before_one_of_another_vocabulary(model: Model) -> None:
    found = find(model, PROPERTY, "theme")

    assert found.index("ssc4c:theme") < found.index("dcat:theme")


def test_a_prefix_keeps_to_its_namespace(model: Model) -> None:
    found = find(model, PROPERTY, "dcterms:")

    assert "dcterms:title" in found
    assert all(name.startswith("dcterms:") for name in found)


def test_what_is_called_otherwise_is_not_found(model: Model) -> None:
    assert find(model, CLASS, "practice nosuchword") == []


def test_no_more_than_asked_for(model: Model) -> None:
    assert len(find_terms(model, PROPERTY, "", "en", 3)) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("providerCountry", ("provider", "country")),
        ("birth-registration", ("birth", "registration")),
        ("Éducation 2030", ("education", "2030")),
        ("IATICode", ("iati", "code")),
    ],
)
def test_words_are_split(text: str, expected: tuple[str, ...]) -> None:
    assert split_words(text) == expected


def test_namespace_and_words_are_told_apart() -> None:
    assert split_text("skos:prefL") == (expand("skos:"), ("pref", "l"))
    assert split_text("mother child") == ("", ("mother", "child"))
    assert split_text("odd:thing") == ("", ("odd", "thing"))


def test_an_iri_is_named_by_its_prefix() -> None:
    assert name_of(f"{DEF}Practice") == "ssc4c:Practice"
    assert name_of("https://example.org/x") == "https://example.org/x"
