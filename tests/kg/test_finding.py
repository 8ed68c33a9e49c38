"""What `TextIndex.find`, `tally` and `cross` find in a small index of made-up things."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.namespaces import thing_iri
from kg.searching import Order, Wanted
from kg.textdocuments import TextDocument
from kg.textindex import TextIndex

BRAZIL, INDIA, TOGO = (thing_iri("country", key) for key in ("BRA", "IND", "TGO"))
HEALTH, FOOD = (thing_iri("theme", key) for key in ("health", "food"))
AFRICA, ASIA = (thing_iri("region", key) for key in ("002", "142"))


def _thing(
    kind: str,
    key: str,
    title: str,
    text: str = "",
    years: tuple[int, int] = (0, 0),
    **facets: Sequence[str],
) -> TextDocument:
    return TextDocument(
        thing_iri(kind, key),
        kind,
        (title,),
        {"en": (title, text), "": ("Health",) if HEALTH in facets.get("theme", ()) else ()},
        facets,
        year=years[0],
        end_year=years[1],
    )


THINGS = [
    _thing("country", "BRA", "Brazil"),
    _thing("country", "TGO", "Togo"),
    _thing("theme", "health", "Health"),
    _thing(
        *("initiative", "meals", "School meals", "Cooks visit schools", (2010, 2014)),
        theme=[FOOD, HEALTH],
        provider=[BRAZIL],
        recipient=[TOGO],
        country=[BRAZIL, TOGO],
        region=[AFRICA],
        flow=["BRA TGO"],
    ),
    _thing(
        *("initiative", "milk", "Milk banks", "Hospitals visit, schools do not", (2012, 0)),
        theme=[HEALTH],
        provider=[BRAZIL, INDIA],
        country=[BRAZIL, INDIA],
        region=[AFRICA, ASIA],
    ),
    _thing("practice", "wells", "Meals at wells", "Water for a school", (0, 2008), theme=[FOOD]),
    _thing("practice", "clinics", "Clinics", "A Brazil nut", country=[INDIA]),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextIndex]:
    yield TextIndex.build(tmp_path_factory.mktemp("index"), THINGS)


def _keys(index: TextIndex, wanted: Wanted, order: Order = "best") -> list[str]:
    return [hit.iri.rpartition("/")[2] for hit in index.find(wanted, order=order).items]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('"school meals"', {"meals"}),
        ('"meals school"', set()),
        ('visit "school meals"', {"meals"}),
        ("title:meals", {"meals", "wells"}),
        ("title:school", {"meals"}),
        ('title:"at wells"', {"wells"}),
        ("TITLE:schools", set()),
        ("theme:health", {"meals", "milk"}),
        ("theme:heal", {"meals", "milk"}),
        ("country:brazil", {"meals", "milk"}),
        ("country:BRA", {"meals", "milk"}),
        ("provider:brazil recipient:togo", {"meals"}),
        ("theme:nothing", set()),
        ("meals -school", set()),
        ("meals -wells", {"meals"}),
        ("theme:health -title:milk", {"meals"}),
        ("-brazil -school -schools", {"TGO", "health"}),
        ("visit -recipient:togo", {"milk"}),
        ("title:", set()),
        ('""', set()),
    ],
)
def test_text_finds_these(index: TextIndex, text: str, keys: set[str]) -> None:
    assert set(_keys(index, Wanted(text))) == keys


def test_a_word_that_is_known_brings_no_misspellings(index: TextIndex) -> None:
    assert _keys(index, Wanted("wells")) == ["wells"]
    assert _keys(index, Wanted("wellz")) == ["wells"]


@pytest.mark.parametrize(
    ("chosen", "keys"),
    [
        ({"theme": (HEALTH,)}, {"meals", "milk"}),
        ({"theme": (FOOD, HEALTH)}, {"meals", "milk", "wells"}),
        ({"theme": (HEALTH,), "provider": (INDIA,)}, {"milk"}),
        ({"provider": (TOGO,)}, set()),
        ({"recipient": (TOGO,)}, {"meals"}),
        ({"kind": ("practice", "theme")}, {"wells", "clinics", "health"}),
        ({"kind": ("practice",), "country": (INDIA,)}, {"clinics"}),
        ({"theme": ()}, {each.iri.rpartition("/")[2] for each in THINGS}),
    ],
)
def test_facets_find_these(
    index: TextIndex, chosen: Mapping[str, tuple[str, ...]], keys: set[str]
) -> None:
    assert set(_keys(index, Wanted(chosen=chosen))) == keys
    assert index.find(Wanted(chosen=chosen)).total == len(keys)


@pytest.mark.parametrize(
    ("since", "until", "keys"),
    [
        (2014, 0, {"meals"}),
        (2012, 2013, {"meals", "milk"}),
        (0, 2010, {"meals", "wells"}),
        (2008, 2008, {"wells"}),
        (2015, 2020, set()),
        (1, 9999, {"meals", "milk", "wells"}),
    ],
)
def test_period_finds_what_began_or_ran_in_it(
    index: TextIndex, since: int, until: int, keys: set[str]
) -> None:
    assert set(_keys(index, Wanted(since=since, until=until))) == keys


@pytest.mark.parametrize(
    ("order", "keys"),
    [
        ("newest", ["milk", "meals", "wells"]),
        ("oldest", ["meals", "milk", "wells"]),
        ("title", ["wells", "milk", "meals"]),
        ("best", ["milk", "meals", "wells"]),
    ],
)
def test_things_come_in_the_order_asked_for(
    index: TextIndex, order: Order, keys: list[str]
) -> None:
    assert _keys(index, Wanted(chosen={"theme": (FOOD, HEALTH)}), order) == keys


def test_words_put_the_best_first_unless_another_order_is_asked_for(index: TextIndex) -> None:
    assert _keys(index, Wanted("school meals"))[0] == "meals"
    assert _keys(index, Wanted("meals"), "title") == ["wells", "meals"]


def test_facets_do_not_change_which_fits_best(index: TextIndex) -> None:
    chosen = {"theme": (FOOD, HEALTH), "kind": ("practice", "initiative")}

    assert _keys(index, Wanted("school meals", chosen)) == _keys(index, Wanted("school meals"))


def test_counts_of_a_chosen_field_are_without_its_choice(index: TextIndex) -> None:
    wanted = Wanted(chosen={"theme": (FOOD,), "kind": ("initiative",)})

    counts = index.tally(wanted, ["kind", "theme", "provider", "recipient", "year"])

    assert counts == {
        "kind": {"initiative": 1, "practice": 1},
        "theme": {HEALTH: 2, FOOD: 1},
        "provider": {BRAZIL: 1},
        "recipient": {TOGO: 1},
        "year": {"2010": 1},
    }
    assert index.tally(wanted, ["theme"]) == {"theme": counts["theme"]}


def test_counts_are_of_what_is_found(index: TextIndex) -> None:
    for text in ("meals", "school quantum", "theme:health"):
        hits = index.find(Wanted(text))
        assert index.tally(Wanted(text), ["kind"])["kind"] == hits.kinds
        assert sum(hits.kinds.values()) == hits.total == len(hits.items) > 0


def test_the_most_frequent_values_are_counted(index: TextIndex) -> None:
    assert index.tally(Wanted(), ["country"], most=1) == {"country": {BRAZIL: 2}}


def test_unknown_fields_have_no_counts(index: TextIndex) -> None:
    assert index.tally(Wanted(), ["title", "nonsense"]) == {"title": {}, "nonsense": {}}


def test_combinations_are_counted(index: TextIndex) -> None:
    assert index.cross(Wanted(), ["theme", "region"]) == {
        (HEALTH, AFRICA): 2,
        (HEALTH, ASIA): 1,
        (FOOD, AFRICA): 1,
    }
    assert index.cross(Wanted("milk"), ["theme", "region", "provider"]) == {
        (HEALTH, region, provider): 1 for region in (AFRICA, ASIA) for provider in (BRAZIL, INDIA)
    }
    assert index.cross(Wanted(), ["flow"]) == {("BRA TGO",): 1}


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from(["title:", '"', "-", "a", "theme:health", "(", "*"])).map("".join)
)
def test_any_text_finds_as_much_as_it_counts(index: TextIndex, text: str) -> None:
    hits = index.find(Wanted(text), limit=50)

    assert len(hits.items) == hits.total == sum(hits.kinds.values())
