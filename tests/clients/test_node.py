"""JavaScript: plain fetch, and Comunica, which joins the endpoint with other sources."""

import json
from pathlib import Path

from tests.clients.conftest import HERE, run_node
from tests.clients.questions import PAIRS, checked_rows, without_gaps

NAMES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?name WHERE {
  <https://w3id.org/ssc4c/id/country/BRA> skos:prefLabel ?name
  FILTER (LANG(?name) = "en")
}
"""
OUTSIDE = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX ssc4c: <https://w3id.org/ssc4c/def/>
SELECT ?name ?activities WHERE {
  { SELECT ?country (COUNT(DISTINCT ?activity) AS ?activities)
    WHERE { ?activity ssc4c:providerCountry ?country } GROUP BY ?country }
  ?country skos:prefLabel ?name FILTER (LANG(?name) = "en")
}
ORDER BY DESC(?activities) LIMIT 1
"""
ADDITION = """
<https://w3id.org/ssc4c/id/country/BRA> <http://example.org/note> "asked from two places" .
<https://w3id.org/ssc4c/id/country/CUB> <http://example.org/note> "asked as well" .
"""
DESCRIPTION = """
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
SELECT ?endpoint WHERE { ?service sd:endpoint ?endpoint }
"""
JOIN = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?name ?note WHERE {
  ?country <http://example.org/note> ?note ; skos:prefLabel ?name
  FILTER (LANG(?name) = "en")
}
ORDER BY ?name
"""


def ask_by_comunica(modules: Path, sources: list[object], query: str) -> list[dict[str, str]]:
    script = HERE / "comunica" / "ask.mjs"
    rows: list[dict[str, str]] = run_node(script, str(modules), json.dumps(sources), query)
    return rows


def test_fetch_gets_the_checked_rows(shipped_server: str) -> None:
    rows = run_node(HERE / "fetch.mjs", f"{shipped_server}/sparql", PAIRS)

    assert rows == without_gaps(checked_rows())


def test_comunica_finds_out_by_itself_that_this_is_an_endpoint(
    shipped_server: str, comunica: Path
) -> None:
    assert ask_by_comunica(comunica, [f"{shipped_server}/sparql"], NAMES) == [{"name": "Brazil"}]


def test_comunica_reads_the_description_of_the_endpoint(
    shipped_server: str, comunica: Path
) -> None:
    source = {"type": "file", "value": f"{shipped_server}/sparql"}

    rows = ask_by_comunica(comunica, [source], DESCRIPTION)

    assert rows == [{"endpoint": f"{shipped_server}/sparql"}]


def test_comunica_gets_the_checked_rows(shipped_server: str, comunica: Path) -> None:
    source = {"type": "sparql", "value": f"{shipped_server}/sparql"}

    assert ask_by_comunica(comunica, [source], PAIRS) == without_gaps(checked_rows())


def test_comunica_groups_and_orders(shipped_server: str, comunica: Path) -> None:
    [row] = ask_by_comunica(comunica, [f"{shipped_server}/sparql"], OUTSIDE)

    assert row["name"] == "Brazil"


def test_comunica_joins_the_endpoint_with_another_source(
    shipped_server: str, comunica: Path
) -> None:
    addition = {"type": "serialized", "value": ADDITION, "mediaType": "text/turtle"}

    rows = ask_by_comunica(comunica, [f"{shipped_server}/sparql", addition], JOIN)

    assert rows == [
        {"name": "Brazil", "note": "asked from two places"},
        {"name": "Cuba", "note": "asked as well"},
    ]


def test_comunica_joins_the_endpoint_with_the_document_of_a_thing(
    shipped_server: str, comunica: Path
) -> None:
    sources: list[object] = [f"{shipped_server}/sparql", f"{shipped_server}/theme/nutrition.ttl"]

    rows = ask_by_comunica(comunica, sources, NAMES)

    assert {row["name"] for row in rows} == {"Brazil"}
