"""The statistics of a store that changed step by step are those of a store made anew."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg import profiles
from kg import working as working_module
from kg.journal import Journal
from kg.namespaces import SDG, expand, thing_iri
from kg.records import Record
from kg.statistics import GRAPH_NAME, Statistics, count_all, to_quads
from kg.working import WorkingStore
from tests.kg.samples import append, open_journal, withdraw

COUNTRIES = ("KEN", "BRA")
THEMES = ("nutrition", "wash")
KINDS = {"practice": "Practice", "initiative": "Initiative", "adaptation": "Adaptation"}
NOTHING = NamedNode(thing_iri("country", "XXX"))


def record(kind: str, key: str, source: str, *said: tuple[str, NamedNode | Literal]) -> Record:
    """What a source says of a thing."""
    thing = NamedNode(thing_iri(kind, key))
    name = KINDS.get(kind, "Organization")
    triples = [Triple(thing, NamedNode(expand("rdf:type")), NamedNode(expand(f"ssc4c:{name}")))]
    triples += [
        Triple(thing, NamedNode(expand(name if ":" in name else f"ssc4c:{name}")), value)
        for name, value in said
    ]
    return Record.of(source, kind, key, triples)


def thing(kind: str, key: str) -> NamedNode:
    return NamedNode(thing_iri(kind, key))


def year(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(expand("xsd:gYear")))


VALUES = st.one_of(
    st.tuples(st.just("theme"), st.sampled_from([thing("theme", key) for key in THEMES])),
    st.tuples(
        st.sampled_from(["inCountry", "originCountry", "providerCountry", "recipientCountry"]),
        st.sampled_from([thing("country", key) for key in COUNTRIES]),
    ),
    st.tuples(
        st.sampled_from(["involvesActor", "leadActor"]),
        st.sampled_from([thing("actor", key) for key in "ab"]),
    ),
    st.tuples(st.just("instrument"), st.just(thing("instrument", "study-visit"))),
    st.tuples(st.just("startYear"), st.sampled_from([year("2012"), year("2020")])),
    st.tuples(
        st.just("contributesTo"),
        st.sampled_from([NamedNode(SDG + code) for code in ("2", "2.1", "2.2", "17")]),
    ),
    st.tuples(st.just("facilitatingPartner"), st.sampled_from([thing("actor", "a")])),
)
SEATS = st.tuples(
    st.just("seatCountry"), st.sampled_from([thing("country", key) for key in COUNTRIES])
)
SOURCES = st.sampled_from(["one", "two"])
ACTIVITIES = st.builds(
    lambda kind, key, source, said: record(kind, key, source, *said),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from("xy"),
    SOURCES,
    st.lists(VALUES, max_size=6),
)
ACTORS = st.builds(
    lambda source, said: record("actor", "a", source, *said), SOURCES, st.lists(SEATS, max_size=2)
)
CONCEPTS = st.builds(
    lambda source, said: record("theme", "wash", source, *said),
    SOURCES,
    st.lists(st.just(("skos:broader", thing("theme", "nutrition"))), max_size=1),
)
STEPS = st.lists(
    st.lists(ACTIVITIES | ACTORS | CONCEPTS, min_size=1, max_size=4), min_size=1, max_size=5
)


def observations(working: WorkingStore) -> set[Quad]:
    graphs = (GRAPH_NAME, profiles.GRAPH_NAME)
    return {q for name in graphs for q in working.store.quads_for_pattern(None, None, None, name)}


def counted_anew(working: WorkingStore) -> set[Quad]:
    return set(to_quads(count_all(working.store, lambda node: working.targets.get(node, ()))))


@settings(max_examples=15)
@given(STEPS, st.data())
def test_counts_follow_every_change(steps: list[list[Record]], data: st.DataObject) -> None:
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        open_journal(Path(folder)) as journal,
    ):
        working = WorkingStore.open(Path(folder) / "working", journal)
        working.catch_up(journal)
        for records in steps:
            append(journal, *records)
            if data.draw(st.booleans()):
                withdraw(journal, data.draw(st.sampled_from(records)))
            working.catch_up(journal)

            assert observations(working) == counted_anew(working)
        anew = WorkingStore.open(Path(folder) / "anew", journal)
        anew.catch_up(journal)
        assert set(working.store) == set(anew.store)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(tmp_path) as journal:
        yield journal


@pytest.fixture
def working(tmp_path: Path, journal: Journal) -> WorkingStore:
    made = WorkingStore.open(tmp_path / "working", journal)
    made.catch_up(journal)
    return made


def count(working: WorkingStore, name: str) -> int:
    node = NamedNode(f"{GRAPH_NAME.value}#{name}")
    predicate = NamedNode(expand("ssc4c:activityCount"))
    found = working.store.quads_for_pattern(node, predicate, None, GRAPH_NAME)
    return sum(int(quad.object.value) for quad in found)  # type: ignore[union-attr, misc]


def test_two_sources_count_an_activity_once(journal: Journal, working: WorkingStore) -> None:
    said = ("theme", thing("theme", "wash"))
    append(journal, *(record("practice", "x", source, said) for source in ("one", "two")))
    append(journal, record("practice", "y", "one", said))
    working.catch_up(journal)

    assert count(working, "countsByTheme/Practice/wash") == 2


def test_narrower_theme_counts_for_the_broader_ones(
    journal: Journal, working: WorkingStore
) -> None:
    broader = ("skos:broader", thing("theme", "health"))
    append(journal, record("practice", "x", "one", ("theme", thing("theme", "wash"))))
    working.catch_up(journal)
    append(journal, record("theme", "wash", "one", broader))
    working.catch_up(journal)

    assert count(working, "countsByTheme/Practice/health") == 1
    assert count(working, "countsByTheme/Practice/wash") == 1


def test_partner_that_moves_takes_its_activities_along(
    journal: Journal, working: WorkingStore
) -> None:
    partner = ("facilitatingPartner", thing("actor", "a"))
    append(journal, record("actor", "a", "one", ("seatCountry", thing("country", "KEN"))))
    append(journal, record("initiative", "x", "one", partner))
    working.catch_up(journal)
    assert count(working, "countsByCountry/Initiative/KEN/facilitatingPartner") == 1

    moved = record("actor", "a", "one", ("seatCountry", thing("country", "BRA")))
    append(journal, moved, operation="update")
    working.catch_up(journal)

    assert count(working, "countsByCountry/Initiative/KEN/facilitatingPartner") == 0
    assert count(working, "countsByCountry/Initiative/BRA/facilitatingPartner") == 1


def test_observation_says_what_it_counts(journal: Journal, working: WorkingStore) -> None:
    said = (("inCountry", thing("country", "KEN")), ("startYear", year("2012")))
    append(journal, record("practice", "x", "one", *said))
    working.catch_up(journal)

    node = NamedNode(f"{GRAPH_NAME.value}#countsByCountryAndYear/Practice/KEN/inCountry/2012")
    found = {
        (quad.predicate.value, quad.object)
        for quad in working.store.quads_for_pattern(node, None, None, GRAPH_NAME)
    }
    assert found == {
        (expand("rdf:type"), NamedNode(expand("qb:Observation"))),
        (expand("qb:dataSet"), NamedNode(expand("ssc4c:countsByCountryAndYear"))),
        (expand("ssc4c:countedKind"), NamedNode(expand("ssc4c:Practice"))),
        (expand("ssc4c:countedCountry"), thing("country", "KEN")),
        (expand("ssc4c:countedLink"), NamedNode(expand("ssc4c:inCountry"))),
        (expand("ssc4c:countedYear"), year("2012")),
        (expand("ssc4c:activityCount"), Literal(1)),
    }


def test_counts_are_not_merged(journal: Journal, working: WorkingStore) -> None:
    append(journal, record("practice", "x", "one", ("theme", thing("theme", "wash"))))
    working.catch_up(journal)

    assert observations(working)
    assert not any(
        Quad(quad.subject, quad.predicate, quad.object) in working.store
        for quad in observations(working)
    )


def test_bulk_load_counts_as_well(
    journal: Journal, working: WorkingStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(journal, *(record("practice", f"p{n}", "one", ("theme", NOTHING)) for n in range(9)))
    monkeypatch.setattr(working_module, "_BULK", 1)
    working.catch_up(journal)

    assert observations(working) == counted_anew(working) != set()


def test_counts_that_were_cut_off_are_made_anew(
    journal: Journal, working: WorkingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(journal, record("practice", "x", "one", ("theme", thing("theme", "wash"))))
    with monkeypatch.context() as cut, pytest.raises(KeyboardInterrupt):
        cut.setattr(Statistics, "_write", _interrupt)
        working.catch_up(journal)
    assert count(working, "countsByTheme/Practice/wash") == 0

    working.catch_up(journal)

    assert count(working, "countsByTheme/Practice/wash") == 1


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
