from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kg.indexing import update_index
from kg.journal import Journal
from kg.namespaces import SDG, expand, thing_iri
from kg.records import Record
from kg.textfacets import FACETS
from kg.textgaps import GAP_FACETS
from kg.textindex import TextIndex, Wanted
from kg.texttraits import read_kept
from kg.working import WorkingStore
from tests.kg.samples import append, open_journal, practice, withdraw

THEME = thing_iri("theme", "example")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(tmp_path) as journal:
        yield journal


@pytest.fixture
def working(tmp_path: Path, journal: Journal) -> WorkingStore:
    return WorkingStore.open(tmp_path / "working", journal)


def theme(label: str) -> Record:
    name = NamedNode(expand("skos:prefLabel"))
    triple = Triple(NamedNode(THEME), name, Literal(label, language="en"))
    return Record.of("one", "theme", "example", [triple])


def record(kind: str, key: str, **links: str) -> Record:
    """A record with links of our own properties, or a literal where the value is no IRI."""
    thing = NamedNode(thing_iri(kind, key))
    triples = [
        Triple(
            thing,
            NamedNode(expand(name.replace("__", ":") if "__" in name else f"ssc4c:{name}")),
            NamedNode(value) if ":" in value else Literal(value),
        )
        for name, value in links.items()
    ]
    return Record.of("one", kind, key, triples)


def facets(index: TextIndex, iri: str) -> dict[str, set[str]]:
    """The values that a thing has in the index."""
    counts = index.tally(Wanted(chosen={"iri": (iri,)}), (*FACETS, *GAP_FACETS))
    return {name: set(values) for name, values in counts.items() if values}


def found(path: Path, working: WorkingStore, journal: Journal, text: str) -> set[str]:
    """What a search finds once the index is up to date."""
    working.catch_up(journal)
    update_index(path, working.store, journal)
    return {hit.iri.rpartition("/")[2] for hit in TextIndex(path).search(text).items}


def test_index_follows_the_journal(tmp_path: Path, working: WorkingStore, journal: Journal) -> None:
    index = tmp_path / "index"
    append(journal, practice("a", title="School gardens"), practice("b", title="Clean water"))
    assert found(index, working, journal, "gardens") == {"a"}

    append(journal, practice("b", title="Water and gardens"), operation="update")
    assert found(index, working, journal, "gardens") == {"a", "b"}

    withdraw(journal, practice("a"))
    assert found(index, working, journal, "gardens") == {"b"}


def test_traits_follow_the_journal(tmp_path: Path, working: WorkingStore, journal: Journal) -> None:
    index, other = tmp_path / "index", thing_iri("theme", "other")
    append(journal, practice("a", theme=THEME))
    found(index, working, journal, "a")
    assert read_kept(TextIndex(index).traits(thing_iri("practice", "a"))) == {"theme": [THEME]}

    append(journal, practice("a", theme=other), operation="update")
    found(index, working, journal, "a")

    assert read_kept(TextIndex(index).traits(thing_iri("practice", "a"))) == {"theme": [other]}


def test_renamed_thing_is_found_by_its_new_name_on_what_links_to_it(
    tmp_path: Path, working: WorkingStore, journal: Journal
) -> None:
    index = tmp_path / "index"
    append(journal, theme("Breastfeeding"), practice("a", theme=THEME))
    assert found(index, working, journal, "breastfeeding") == {"a", "example"}

    append(journal, theme("Lactation"), operation="update")

    assert found(index, working, journal, "lactation") == {"a", "example"}
    assert found(index, working, journal, "breastfeeding") == set()


def test_index_of_another_journal_is_built_anew(
    tmp_path: Path, working: WorkingStore, journal: Journal
) -> None:
    index = tmp_path / "index"
    append(journal, practice("a", title="School gardens"))
    found(index, working, journal, "gardens")

    with open_journal(tmp_path / "other") as other:
        append(other, practice("c", title="More gardens"))
        store = WorkingStore.open(tmp_path / "other-store", other)
        assert found(index, store, other, "gardens") == {"c"}


LEARNING = practice(
    "a",
    contributesTo=SDG + "C020101",
    recipientCountry=thing_iri("country", "MOZ"),
    facilitatingPartner=thing_iri("actor", "wfp"),
    involvesActor=thing_iri("actor", "wfp"),
    populationGroup=thing_iri("population", "pupils"),
)
CITED = practice("b", providerCountry=thing_iri("country", "MOZ"))
TOLD = (
    record("country", "MOZ", inRegion=thing_iri("region", "014")),
    record("region", "014", broaderRegion=thing_iri("region", "202")),
    record("actor", "wfp", actorType=thing_iri("actor-type", "un-agency")),
    record("publication", "p", dcterms__language="pt"),
    record("sdg", "C020101", sdgo__isIndicatorOf=SDG + "2.1"),
    record("population", "pupils", minAge="6", maxAge="9"),
)
CHANGED = (
    record("country", "MOZ", inRegion=thing_iri("region", "015")),
    record("region", "014", broaderRegion=thing_iri("region", "002")),
    record("actor", "wfp", seatCountry=thing_iri("country", "ITA")),
    record("publication", "p", dcterms__language="fr"),
    record("sdg", "C020101", sdgo__isIndicatorOf=SDG + "2.2"),
    record("population", "pupils", minAge="6", maxAge="14"),
)


def citing() -> Record:
    """A practice that cites a publication."""
    source = Triple(
        NamedNode(thing_iri("practice", "c")),
        NamedNode(expand("dcterms:source")),
        NamedNode(thing_iri("publication", "p")),
    )
    return Record.of("one", "practice", "c", [source])


@pytest.mark.parametrize("at", range(len(CHANGED)), ids=[each.graph.value[-8:] for each in CHANGED])
@pytest.mark.parametrize("is_gone", [False, True])
def test_what_others_tell_of_a_thing_is_as_in_an_index_built_anew(
    tmp_path: Path, working: WorkingStore, journal: Journal, at: int, is_gone: bool
) -> None:
    append(journal, LEARNING, CITED, citing(), *TOLD)
    found(tmp_path / "index", working, journal, "")
    before = {
        key: facets(TextIndex(tmp_path / "index"), thing_iri("practice", key)) for key in "abc"
    }

    if is_gone:
        withdraw(journal, TOLD[at])
    else:
        append(journal, CHANGED[at], operation="update")
    found(tmp_path / "index", working, journal, "")
    found(tmp_path / "anew", working, journal, "")

    carried, anew = (TextIndex(tmp_path / name) for name in ("index", "anew"))
    after = {key: facets(carried, thing_iri("practice", key)) for key in "abc"}
    assert after == {key: facets(anew, thing_iri("practice", key)) for key in "abc"}
    assert after != before
