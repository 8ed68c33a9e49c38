"""Pictures of the whole graph: their numbers are those of SPARQL and of the search behind them."""

import csv
import io
import json
import re
from functools import cache
from html import unescape
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from endpoint.explore import SIGHTS
from kg.namespaces import BASE, ID, SDG

PREFIX = f"PREFIX s: <{BASE}def/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
ACTIVITY = "VALUES ?class { s:Practice s:Initiative s:Adaptation } ?x a ?class . "
LINK = re.compile(r'data-value="([0-9]+)"><a href="(/search[?][^"]*)"')


@cache
def _get(address: str, accept: str = "*/*") -> str:
    with urlopen(Request(address, headers={"Accept": accept})) as answer:
        return answer.read().decode()  # type: ignore[no-any-return]


def _rows(server: str, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(_get(server + path))))


def _ask(server: str, query: str) -> list[list[str]]:
    text = _get(f"{server}/sparql?query={quote(PREFIX + query)}", "text/csv")
    return list(csv.reader(io.StringIO(text)))[1:]


def _listed(server: str, address: str) -> int:
    return len(_rows(server, address.replace("/search?", "/search.csv?"))) - 1


@pytest.mark.parametrize("name", SIGHTS)
def test_each_picture_has_a_page_and_files(shipped_server: str, name: str) -> None:
    page = _get(f"{shipped_server}/explore/{name}", "text/html")
    rows = _rows(shipped_server, f"/explore/{name}.csv")
    told = json.loads(_get(f"{shipped_server}/explore/{name}.json"))

    assert len(rows) > 3
    assert told["columns"] == rows[0]
    assert [[str(cell) for cell in row] for row in told["rows"]] == rows[1:]
    assert f'<p class="picture-summary">{told["summary"]}' in unescape(page)
    assert "State of the graph: " in page


@pytest.mark.parametrize("name", sorted(set(SIGHTS) - {"challenges"}))
def test_numbers_lead_to_lists_that_long(shipped_server: str, name: str) -> None:
    page = _get(f"{shipped_server}/explore/{name}", "text/html")
    links = [(int(number), unescape(address)) for number, address in LINK.findall(page)]

    assert len(links) > 2
    for number, address in links[:: max(1, len(links) // 6)]:
        assert _listed(shipped_server, address) == number, address


def test_flows_are_those_of_sparql(shipped_server: str) -> None:
    found = _ask(
        shipped_server,
        "SELECT ?from ?to (COUNT(DISTINCT ?x) AS ?n) { ?x a s:Initiative ; s:providerCountry ?p ; "
        "s:recipientCountry ?r . FILTER(?p != ?r) "
        "?p s:iso3 ?from . ?r s:iso3 ?to } GROUP BY ?from ?to",
    )
    rows = _rows(shipped_server, "/explore/flows.csv")

    assert sorted(int(row[2]) for row in found) == sorted(int(row[2]) for row in rows[1:])
    assert [
        "Brazil",
        "Mozambique",
        next(n for f, t, n in found if (f, t) == ("BRA", "MOZ")),
    ] in rows


def test_a_theme_changes_the_numbers(shipped_server: str) -> None:
    ((number,),) = _ask(
        shipped_server,
        f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a s:Initiative ; "
        f"s:theme/skos:broader* <{ID}theme/nutrition> ; "
        f"s:providerCountry <{ID}country/BRA> ; s:recipientCountry <{ID}country/MOZ> }}",
    )

    rows = _rows(shipped_server, "/explore/flows.csv?theme=nutrition")
    assert ["Brazil", "Mozambique", number] in rows


def test_goals_and_years_are_those_of_sparql(shipped_server: str) -> None:
    goals = dict(
        _ask(
            shipped_server,
            f"SELECT ?goal (COUNT(DISTINCT ?x) AS ?n) {{ {ACTIVITY} ?x s:goal ?goal }} "
            "GROUP BY ?goal",
        )
    )
    years = dict(
        _ask(
            shipped_server,
            f"SELECT ?year (COUNT(DISTINCT ?x) AS ?n) {{ {ACTIVITY} ?x s:startYear ?year }} "
            "GROUP BY ?year",
        )
    )

    told = {row[0].split(" ")[0]: row[1] for row in _rows(shipped_server, "/explore/goals.csv")}
    for goal, number in goals.items():
        assert told[goal.removeprefix(SDG)] == number
    assert {row[0]: row[-1] for row in _rows(shipped_server, "/explore/timeline.csv")[1:]} == years


def test_actors_work_together_as_sparql_finds(shipped_server: str) -> None:
    names = ("world-food-programme", "wfp-centre-of-excellence-against-hunger-brazil")
    one, other = (f"<{ID}actor/{name}>" for name in names)
    ((number,),) = _ask(
        shipped_server,
        f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {ACTIVITY} "
        f"?x s:involvesActor {one} ; s:involvesActor {other} }}",
    )

    first = _rows(shipped_server, "/explore/actors.csv")[1]
    assert first[2] == number


@pytest.mark.parametrize(
    "choice", ["", "?theme=nutrition", "?kind=initiative&from=2010", "?by=age&within=202"]
)
def test_the_grid_adds_up_to_the_number_of_records(shipped_server: str, choice: str) -> None:
    told = json.loads(_get(f"{shipped_server}/explore/missing.json{choice}"))
    total = re.search(r"([0-9,]+) (?:initiatives )?in all", told["notes"][0])

    assert total
    shares = sum(row[4] for row in told["rows"])
    assert shares == pytest.approx(int(total[1].replace(",", "")), abs=0.01)


def test_the_grid_tells_none_from_unknown(shipped_server: str) -> None:
    rows = _rows(shipped_server, "/explore/missing.csv?goal=6")[1:]

    for _target, region, age, number, _share, state, held_open in rows:
        if int(number):
            assert state == "some"
        elif "not said" not in f"{region} {age}":
            assert state == ("unknown" if int(held_open) else "none")
    assert {"some", "none", "unknown"} == {row[5] for row in rows}


def test_targets_without_any_record_are_in_the_grid_of_their_goal(shipped_server: str) -> None:
    targets = _ask(
        shipped_server,
        "PREFIX o: <http://metadata.un.org/sdg/ontology#> "
        f"SELECT ?t {{ ?t a o:Target ; o:isTargetOf <{SDG}14> }}",
    )

    rows = _rows(shipped_server, "/explore/missing.csv?goal=14")[1:]
    assert len({row[0] for row in rows}) == len(targets)


def test_challenges_without_an_answer_are_listed(shipped_server: str) -> None:
    found = _ask(
        shipped_server,
        "SELECT ?x { ?x a s:Challenge FILTER NOT EXISTS { ?x s:addressedBy|^s:addresses ?y } }",
    )

    assert len(_rows(shipped_server, "/explore/challenges.csv")) - 1 == len(found)


def test_pages_of_others_may_frame_what_is_made_for_it_alone(shipped_server: str) -> None:
    policies = {}
    for path in ("/explore/flows", "/embed/explore/flows", "/embed/country/BRA"):
        with urlopen(shipped_server + path) as answer:
            policies[path] = answer.headers["Content-Security-Policy"]

    assert "frame-ancestors 'self'" in policies.pop("/explore/flows")
    assert all("frame-ancestors *" in policy for policy in policies.values())


def test_a_frame_has_the_look_and_language_asked_for(shipped_server: str) -> None:
    page = _get(f"{shipped_server}/embed/explore/flows?theme=dark&theme=nutrition&lang=fr")

    assert '<html lang="fr"' in page and 'data-theme="dark"' in page
    assert 'href="/explore/flows?theme=nutrition&amp;lang=fr"' in page


@pytest.mark.parametrize(
    "path",
    ["/explore/nothing", "/explore/flows.xml", "/embed/explore/nothing", "/embed/country/XX"],
)
def test_unknown_pictures_are_not_found(shipped_server: str, path: str) -> None:
    with pytest.raises(HTTPError, match="404"):
        _get(shipped_server + path)


def test_hostile_parameters_do_no_harm(shipped_server: str) -> None:
    page = _get(
        f"{shipped_server}/explore/flows?q=%3Cscript%3Ealert(1)%3C/script%3E&role=%22%3E&from=x",
        "text/html",
    )

    assert "<script>alert" not in page
