from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.namespaces import SDG, thing_iri
from kg.textdocuments import TextDocument
from kg.textindex import TextIndex

BRAZIL = thing_iri("country", "BRA")


def _thing(kind: str, key: str, *names: str, about: str = "", **facets: str) -> TextDocument:
    texts = {"": names, "en": (about,)} if about else {"": names}
    return TextDocument(
        thing_iri(kind, key),
        kind,
        names,
        texts,
        {name: (value,) for name, value in facets.items()},
        about=texts,
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextIndex]:
    things = [
        _thing("country", "BRA", "Brazil", "Brésil", "البرازيل"),
        _thing("country", "CIV", "Côte d'Ivoire"),
        _thing("country", "BRN", "Brunei"),
        _thing("theme", "school-feeding", "School feeding", "Alimentation scolaire"),
        _thing("theme", "brass", "Brass bands"),
        _thing("actor", "abc", "Brazilian Cooperation Agency", "ABC"),
        _thing("sdg", "2", "Zero hunger"),
        _thing("sdg", "2.1", "End hunger"),
        _thing("initiative", "a", "Brazil and Togo", about="Cisterns store rain", country=BRAZIL),
        _thing("initiative", "b", "Brazilian cisterns", about="Rain is stored", country=BRAZIL),
        _thing("practice", "c", "Rain gauges", about="Cisterns tell of rain"),
        _thing("practice", "d", "Teaching", about="Teachers teach"),
        _thing("publication", "e", "Cisterns, cisterns", about="Teachers tell"),
    ]
    yield TextIndex.build(tmp_path_factory.mktemp("index"), things)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("bra", ["BRA", "brass", "abc"]),
        ("BRES", ["BRA"]),
        ("البر", ["BRA"]),
        ("cote", ["CIV"]),
        ("Côte d’I", ["CIV"]),
        ("brzil", ["BRA"]),
        ("shcool", ["school-feeding"]),
        ("feeding sch", ["school-feeding"]),
        ("abc", ["abc"]),
        ("sdg 2", ["2", "2.1"]),
        ("2.1", ["2.1"]),
        ("cisterns", ["b", "e"]),
    ],
)
def test_names_are_suggested_as_they_are_typed(
    index: TextIndex, text: str, first: list[str]
) -> None:
    found = [hit.iri.rpartition("/")[2] for hit in index.suggest(text)]

    assert found[: len(first)] == first


@pytest.mark.parametrize("text", ["", " ", "?!", '"', "xyzzy"])
def test_nothing_is_suggested_for_what_begins_no_name(index: TextIndex, text: str) -> None:
    assert index.suggest(text) == ()


def test_only_so_many_are_suggested_each_once(index: TextIndex) -> None:
    found = [hit.iri for hit in index.suggest("br", limit=3)]

    assert len(found) == len(set(found)) == 3


@given(st.text(max_size=40))
def test_any_text_may_be_typed(index: TextIndex, text: str) -> None:
    assert len(index.suggest(text)) <= 8
    assert isinstance(index.correct(text), str)


def test_things_with_the_same_telling_words_are_alike(index: TextIndex) -> None:
    found = index.alike(thing_iri("initiative", "a"), kinds=("initiative", "practice"))

    keys = [iri.rpartition("/")[2] for iri, _ in found]
    assert sorted(keys) == ["b", "c"]
    assert all(0 < score < 1 for _, score in found)


def test_alike_can_be_asked_of_some_kinds_and_of_unknown_things(index: TextIndex) -> None:
    found = index.alike(thing_iri("initiative", "a"), kinds=("practice",), limit=1)

    assert [iri for iri, _ in found] == [thing_iri("practice", "c")]
    assert index.alike(thing_iri("initiative", "none")) == []


def test_goal_is_found_by_its_number(index: TextIndex) -> None:
    assert index.suggest("SDG 2.1")[0].iri == SDG + "2.1"
