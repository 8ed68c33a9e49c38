from pyoxigraph import Literal, NamedNode, Store

from kg.namespaces import SDG, expand, thing_iri
from kg.profiles import Entry, Profile, change, entries, read_profile, to_quads

BRAZIL, MOZAMBIQUE = (thing_iri("country", key) for key in ("BRA", "MOZ"))
ACTORS = [thing_iri("actor", key) for key in ("a", "b")]
THEME = thing_iri("theme", "nutrition")
FACTS = {
    "kind": [expand("ssc4c:Initiative")],
    "ssc4c:startYear": ["2012"],
    "ssc4c:theme": [THEME],
    "ssc4c:goal": [SDG + "2"],
    "ssc4c:involvesActor": ACTORS,
    "ssc4c:leadActor": ACTORS[:1],
}
PLACES = [
    (BRAZIL, "ssc4c:providerCountry"),
    (BRAZIL, "ssc4c:involvesCountry"),
    (MOZAMBIQUE, "ssc4c:recipientCountry"),
    (MOZAMBIQUE, "ssc4c:involvesCountry"),
]


def counted(*many: set[Entry]) -> dict[Entry, int]:
    return {entry: sum(entry in each for each in many) for each in many for entry in each}


def store_of(counts: dict[Entry, int]) -> Store:
    store = Store()
    store.extend(to_quads(counts))
    return store


def made() -> set[Entry]:
    return entries(FACTS, PLACES, [SDG + "2.1", SDG + "2"])


def test_a_country_has_its_roles_with_years_themes_goals_and_partners() -> None:
    profile = read_profile(store_of(counted(made())), BRAZIL)

    gives = {
        field: profile.by(link, field)
        for link, field in (
            ("ssc4c:providerCountry", "kind"),
            ("ssc4c:providerCountry", "year"),
            ("country", "theme"),
            ("country", "goal"),
            ("ssc4c:providerCountry", "country"),
        )
    }
    assert gives == {
        "kind": {expand("ssc4c:Initiative"): 1},
        "year": {"2012": 1},
        "theme": {THEME: 1},
        "goal": {SDG + "2": 1},
        "country": {MOZAMBIQUE: 1},
    }
    assert profile.total("ssc4c:providerCountry", "ssc4c:recipientCountry") == 1
    assert profile.total("country") == 1


def test_an_actor_has_its_partners_but_not_itself() -> None:
    profile = read_profile(store_of(counted(made())), ACTORS[0])

    assert profile.by("ssc4c:involvesActor", "actor") == {ACTORS[1]: 1}
    assert profile.by("ssc4c:involvesActor", "country") == {BRAZIL: 1, MOZAMBIQUE: 1}
    assert profile.total("ssc4c:leadActor") == 1


def test_a_target_has_its_countries_and_years() -> None:
    profile = read_profile(store_of(counted(made())), SDG + "2.1")

    assert profile.by("ssc4c:contributesTo", "country") == {BRAZIL: 1, MOZAMBIQUE: 1}
    assert profile.by("ssc4c:contributesTo", "year") == {"2012": 1}


def test_members_of_a_long_list_are_no_partners_of_each_other() -> None:
    many = [thing_iri("actor", f"a{number}") for number in range(101)]

    found = entries({"kind": [], "ssc4c:involvesActor": many}, [], [])

    assert not {entry for entry in found if entry[2] == "actor"}


def test_values_outside_of_our_kinds_are_kept_whole() -> None:
    person, themed = thing_iri("person", "x"), "https://example.org/theme"
    facts = {
        "kind": [],
        "ssc4c:involvesActor": [person, *ACTORS],
        "ssc4c:theme": [themed],
    }
    profile = read_profile(store_of(counted(entries(facts, [], []))), ACTORS[0])

    assert profile.by("ssc4c:involvesActor", "actor") == {person: 1, ACTORS[1]: 1}
    assert profile.by("ssc4c:involvesActor", "theme") == {themed: 1}


def test_a_change_is_added_and_what_comes_to_nothing_goes() -> None:
    store = store_of(counted(made()))
    less = dict.fromkeys(made(), -1)

    away, add = change(store, less)

    assert set(away) == set(store)
    assert add == []


def test_a_change_leaves_the_rest() -> None:
    store = store_of(counted(made(), made()))

    away, add = change(store, {(BRAZIL, "ssc4c:providerCountry", "year", "2012"): -1})

    assert [quad.subject for quad in away] == [quad.subject for quad in add]
    text = add[0].object
    assert isinstance(text, Literal)
    assert text.datatype == NamedNode(expand("rdf:JSON"))
    profile = Profile(text.value)
    assert profile.by("ssc4c:providerCountry", "year") == {"2012": 1}
    assert profile.by("country", "theme") == {THEME: 2}


def test_what_nothing_points_to_has_an_empty_profile() -> None:
    profile = read_profile(Store(), BRAZIL)

    assert profile.links == ()
    assert profile.total("ssc4c:providerCountry") == 0
    assert profile.by("ssc4c:providerCountry", "year") == {}
