from collections.abc import Iterator

import pytest

from kg.namespaces import thing_iri
from kg.searching import Wanted
from kg.spelling import differ
from kg.textdocuments import TextDocument
from kg.textindex import TextIndex


def _thing(kind: str, key: str, name: str, about: str = "") -> TextDocument:
    return TextDocument(thing_iri(kind, key), kind, (name,), {"en": (name, about)})


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextIndex]:
    things = [
        _thing("country", "BRA", "Brazil"),
        _thing("theme", "school-feeding", "School feeding"),
        _thing("practice", "milk", "Milk banks", "Breastfeeding is taught"),
        _thing("publication", "report", "School feeding from farms"),
        _thing("practice", "meals", "School feeding from farms"),
        _thing("initiative", "teenagers", "Teenagers at school", "Best feeding"),
        _thing("practice", "cisterns", "Cisterns in Brazil"),
        _thing("def", "finding", "has finding", "What validation noted"),
    ]
    yield TextIndex.build(tmp_path_factory.mktemp("index"), things)


def _keys(index: TextIndex, text: str) -> list[str]:
    return [hit.iri.rpartition("/")[2] for hit in index.find(Wanted(text)).items]


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("shcool feding", "school feeding"),
        ("cisterms brazil", "cisterns brazil"),
        ("breast feeding", "breastfeeding"),
        ("brest feding", "breastfeeding"),
        ("cisterms wombats", "cisterns wombats"),
        ("school", ""),
        ("xyzzyplugh", ""),
        ("2030", ""),
        ("", ""),
    ],
)
def test_unknown_words_are_spelled_as_near_known_ones(
    index: TextIndex, text: str, corrected: str
) -> None:
    assert index.correct(text) == corrected


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("shcool feding", "school feeding"),
        ("cisterms", "cisterns"),
        ("brest feding", "breastfeeding"),
    ],
)
def test_a_slip_finds_what_the_right_spelling_finds(
    index: TextIndex, slip: str, meant: str
) -> None:
    assert _keys(index, slip) == _keys(index, meant) != []


def test_a_word_in_another_form_is_not_unknown(index: TextIndex) -> None:
    assert index.unknown("teenage cisterms") == ("cisterms",)


def test_of_what_fits_as_well_what_people_look_for_comes_first(index: TextIndex) -> None:
    assert _keys(index, "school feeding")[:2] == ["school-feeding", "meals"]


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("rain", "rain", 0), ("rian", "rain", 1), ("rains", "rain", 1), ("brain", "grains", 2)],
)
def test_slips_between_words_are_counted(one: str, other: str, count: int) -> None:
    assert differ(one, other, 2) == count


def test_words_far_apart_are_not_told_how_far() -> None:
    assert differ("rain", "nutrition", 2) == 3
