from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.namespaces import SDG, expand, thing_iri
from kg.textdocuments import TextDocument, documents
from kg.textindex import TextIndex, link

BRAZIL = thing_iri("country", "BRA")
MEALS = thing_iri("initiative", "school-meals")
SEEDS = thing_iri("practice", "seeds")
ACTOR = thing_iri("actor", "wfp")


def _quad(subject: str, predicate: str, value: str | Literal) -> Quad:
    term = value if isinstance(value, Literal) else NamedNode(value)
    return Quad(NamedNode(subject), NamedNode(expand(predicate)), term)


@pytest.fixture(scope="module")
def store() -> Store:
    part = MEALS + "#ssc4c-lead-wfp"
    made = Store()
    made.extend(
        [
            _quad(MEALS, "dcterms:title", Literal("School meals in Mozambique", language="en")),
            _quad(MEALS, "dcterms:title", Literal("Alimentação escolar", language="pt-BR")),
            _quad(
                MEALS, "ssc4c:startYear", Literal("2012", datatype=NamedNode(expand("xsd:gYear")))
            ),
            _quad(MEALS, "ssc4c:providerCountry", BRAZIL),
            _quad(MEALS, "ssc4c:contributesTo", SDG + "2.1"),
            _quad(MEALS, "dcterms:source", thing_iri("publication", "report")),
            _quad(MEALS, "ssc4c:hasParticipation", part),
            _quad(part, "ssc4c:participant", ACTOR),
            _quad(part, "dcterms:description", Literal("Kitchens and menus", language="en")),
            _quad(
                SEEDS, "dcterms:title", Literal("Côte d'Ivoire: banques de semences", language="fr")
            ),
            _quad(BRAZIL, "skos:prefLabel", Literal("Brazil", language="en")),
            _quad(BRAZIL, "skos:prefLabel", Literal("Brésil", language="fr")),
            _quad(ACTOR, "skos:prefLabel", Literal("World Food Programme")),
            _quad(ACTOR, "ssc4c:acronym", Literal("WFP")),
            _quad(thing_iri("publication", "report"), "dcterms:title", Literal("Zebra")),
        ]
    )
    return made


@pytest.fixture(scope="module")
def index(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextIndex]:
    things = [MEALS, SEEDS, BRAZIL, ACTOR]
    yield TextIndex.build(tmp_path_factory.mktemp("index"), documents(store, things))


def _found(index: TextIndex, text: str, **options: str) -> list[str]:
    return [hit.iri for hit in index.search(text, **options).items]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "school meal",
        "Brazil school meals",
        "escolares Brésil",
        "bresil alimentacao",
        "WFP mozambique",
        "kitchens",
        "shcool mozambiqe",
        "mozamb",
        "meals in the Mozambique",
    ],
)
def test_a_thing_is_found_by_its_own_words_and_by_names_it_links_to(
    index: TextIndex, text: str
) -> None:
    assert _found(index, text)[0] == MEALS


def test_what_bears_just_this_name_comes_first(tmp_path: Path) -> None:
    office = _document(MEALS, "WFP office, WFP house, the WFP of WFP")
    whole = TextDocument(ACTOR, "actor", ("World Food Programme", "WFP"), {"": ("WFP",)})

    assert _found(TextIndex.build(tmp_path, [office, whole]), "wfp") == [ACTOR, MEALS]


def test_a_misspelt_search_ranks_as_one_that_is_spelt_well(tmp_path: Path) -> None:
    aside = TextDocument(
        "https://example.org/1", "actor", ("Aid",), {"en": ("About school feeding",)}
    )
    named = TextDocument("https://example.org/2", "theme", ("School feeding",), {"en": ("Meals",)})

    index = TextIndex.build(tmp_path / "index", [aside, named])

    assert index.search("shcool feding").items[0].iri == named.iri


def test_accents_do_not_matter(index: TextIndex) -> None:
    assert _found(index, "COTE d’ivoire") == _found(index, "co\u0302te ivoire") == [SEEDS]


def test_titles_of_sources_are_no_words_about_the_thing(index: TextIndex) -> None:
    assert _found(index, "zebra") == []


def test_half_of_the_words_is_enough_if_no_thing_has_all(index: TextIndex) -> None:
    assert _found(index, "semences Brésil quantum") == []
    assert SEEDS in _found(index, "semences quantum")


def test_kinds_are_counted_whatever_kind_is_asked_for(index: TextIndex) -> None:
    hits = index.search("brazil", kind="country")

    assert [hit.iri for hit in hits.items] == [BRAZIL]
    assert (hits.total, hits.kinds) == (1, {"country": 1, "initiative": 1})


def test_things_are_found_by_the_concepts_they_carry(index: TextIndex) -> None:
    hits = index.search(facets={"country": BRAZIL, "sdg": SDG + "2.1"})

    assert [hit.iri for hit in hits.items] == [MEALS]


def test_what_points_to_a_thing_is_counted_by_property_and_kind(index: TextIndex) -> None:
    provider, participant = expand("ssc4c:providerCountry"), expand("ssc4c:participant")

    assert index.relations(BRAZIL) == {provider: {"initiative": 1}}
    assert index.relations(ACTOR) == {participant: {"initiative": 1}}
    assert index.search(facets=link(BRAZIL, provider)).items[0].iri == MEALS


def test_things_are_counted_by_facet_and_year(index: TextIndex) -> None:
    assert index.count("year", ["initiative"]) == {"2012": 1}
    assert index.count("country", facets={"sdg": SDG + "2.1"}) == {BRAZIL: 1}


def test_things_can_come_by_title(index: TextIndex) -> None:
    hits = index.search(order="title")

    assert [hit.iri for hit in hits.items] == [BRAZIL, SEEDS, MEALS, ACTOR]


def test_pages_follow_one_another(index: TextIndex) -> None:
    pages = [index.search(limit=3, offset=at).items for at in (0, 3, 6)]

    assert [len(page) for page in pages] == [3, 1, 0]
    assert len({hit.iri for page in pages for hit in page}) == 4


def test_a_page_beyond_all_bounds_is_empty(index: TextIndex) -> None:
    assert index.search(offset=10**9).items == ()


@pytest.mark.parametrize("text", ["'\"(", ")", "  ?! "])
def test_marks_alone_find_nothing(index: TextIndex, text: str) -> None:
    assert index.search(text).total == 0


@given(st.text(max_size=40))
def test_any_text_can_be_searched(index: TextIndex, text: str) -> None:
    assert index.search(text).total >= 0


def test_an_update_replaces_and_removes(tmp_path: Path) -> None:
    TextIndex.build(tmp_path, [_document(MEALS, "old title"), _document(SEEDS, "seeds")])

    index = TextIndex.update(tmp_path, [_document(MEALS, "fresh words")], removed=[SEEDS])

    assert (len(index), _found(index, "fresh"), _found(index, "title seeds")) == (1, [MEALS], [])


def test_an_open_index_stays_as_it_was(tmp_path: Path) -> None:
    before = TextIndex.build(tmp_path, [_document(MEALS, "old title")])

    TextIndex.update(tmp_path, [_document(MEALS, "fresh words")], removed=[])

    assert _found(before, "title") == [MEALS]


def test_a_folder_without_an_index_is_not_compatible(tmp_path: Path) -> None:
    assert not TextIndex.is_compatible(tmp_path / "nothing")
    TextIndex.build(tmp_path / "made", [])
    assert TextIndex.is_compatible(tmp_path / "made")


def _document(iri: str, title: str) -> TextDocument:
    return TextDocument(iri, "practice", (title,), {"en": (title,)})
