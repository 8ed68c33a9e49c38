"""The counts that are offered are what counting the graph gives."""

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from kg.catalogue import read_query
from kg.namespaces import PREFIXES
from tests.queries.graphs import QUERIES

KINDS = "VALUES ?kind { ssc4c:Practice ssc4c:Initiative ssc4c:Adaptation } ?activity a ?kind"
LINKS = """{ VALUES ?link { ssc4c:providerCountry ssc4c:recipientCountry ssc4c:involvesCountry
  ssc4c:inCountry ssc4c:originCountry } ?activity ?link ?country } UNION
  { ?activity ssc4c:facilitatingPartner/ssc4c:seatCountry ?country
    BIND (ssc4c:facilitatingPartner AS ?link) }"""
KENYA = "FILTER (?country = <https://w3id.org/ssc4c/id/country/KEN>)"
THEME = "?activity ssc4c:theme/skos:broader* ?theme"
YEAR = "?activity ssc4c:startYear ?year"
DIRECT = {
    "counts-by-country": ("?country ?link ?kind", LINKS),
    "counts-by-goal": ("?goal ?kind", "?activity ssc4c:goal ?goal"),
    "counts-by-target": (
        "?target ?kind",
        "?activity ssc4c:contributesTo/sdgo:isIndicatorOf? ?target . ?target a sdgo:Target",
    ),
    "counts-by-theme": ("?theme ?kind", THEME),
    "counts-by-year": ("?year ?kind", YEAR),
    "counts-of-a-country-by-theme": ("?country ?theme ?link ?kind", f"{LINKS} {THEME} {KENYA}"),
    "counts-of-a-country-by-year": ("?country ?year ?link ?kind", f"{LINKS} {YEAR} {KENYA}"),
    "counts-of-a-theme-by-year": (
        "?theme ?year ?kind",
        f"{THEME} . {YEAR} FILTER (?theme = <https://w3id.org/ssc4c/id/theme/nutrition>)",
    ),
}


def count(store: Store, columns: str, pattern: str) -> Counter[tuple[str, ...]]:
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    query = f"""{prologue} SELECT {columns} (COUNT(DISTINCT ?activity) AS ?activities)
        {{ {KINDS} . {pattern} }} GROUP BY {columns}"""
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return rows(found)


def rows(found: QuerySolutions) -> Counter[tuple[str, ...]]:
    """Rows as a count by the values of the other columns."""
    return Counter({tuple(map(str, row))[:-1]: int(row["activities"].value) for row in found})


@pytest.mark.parametrize("name", DIRECT)
def test_counts_are_those_of_the_graph(name: str, shipped: Store) -> None:
    query = read_query(QUERIES / "api" / f"{name}.rq")

    offered = rows(query.select(shipped, query.parameters))

    assert offered
    assert offered == count(shipped, *DIRECT[name])


def test_every_offered_count_is_compared() -> None:
    files = {path.stem for path in Path(QUERIES / "api").glob("counts-*.rq")}

    assert files == set(DIRECT)
