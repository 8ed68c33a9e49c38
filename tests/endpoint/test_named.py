"""Named queries as pages and as an API, on the shipped graph through a real server."""

import http.client
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from urllib.parse import quote, urlencode, urlsplit

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, SH, Graph, URIRef

from kg.catalogue import Catalogue, NamedQuery
from kg.engines.formats import GRAPHS, TABLES, Format
from kg.namespaces import ID, QUERIES
from kg.settings import PROJECT
from tests.endpoint.conftest import Reply
from tests.endpoint.scripts import count_foreign

OFFERED = Catalogue(PROJECT / "queries").offered()
TARGET = "/queries/cq-01-practices-for-a-target"
COUNTRY = "/queries/partners-of-a-country"
THEME = "/queries/initiatives-on-a-theme-as-graph"
ACTIVITY = "/queries/evidence-of-an-activity"

each_query = pytest.mark.parametrize("query", OFFERED, ids=lambda query: query.key)


def get(server: str, path: str, **headers: str) -> Reply:
    """One request; nothing is followed."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=named)
    answer = connection.getresponse()
    found = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read()
    connection.close()
    return Reply(answer.status, found, body)


def example(query: NamedQuery) -> str:
    """The example values as an address carries them, whole."""
    return urlencode({name: value.value for name, value in query.parameters.items()})


def problem(server: str, path: str) -> Mapping[str, object]:
    """The problem document of a request that is refused."""
    reply = get(server, path)
    assert (reply.status, reply.media_type) == (400, "application/problem+json")
    found: Mapping[str, object] = json.loads(reply.body)
    return found


@each_query
def test_every_query_answers_its_example_as_data(query: NamedQuery, shipped_server: str) -> None:
    extension = "nt" if query.form == "CONSTRUCT" else "tsv" if query.form == "SELECT" else "json"

    reply = get(shipped_server, f"/queries/{query.key}.{extension}?{example(query)}")

    assert reply.status == 200, reply.text
    assert f"{query.key}.{extension}" in reply.headers["content-disposition"]
    lines = reply.body.count(b"\n") - (extension == "tsv")
    assert extension == "json" or lines >= query.least


@each_query
def test_every_query_has_a_page_with_its_example(query: NamedQuery, shipped_server: str) -> None:
    reply = get(shipped_server, f"/queries/{query.key}", Accept="text/html")

    assert reply.status == 200
    assert 'id="answer"' in reply.text and "curl &#39;" not in reply.text
    assert all(f'name="{name}"' in reply.text for name in query.parameters)
    assert count_foreign(reply.text) == 0


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.key)
def test_a_table_comes_in_every_format_by_extension_and_by_accept(
    form: Format, shipped_server: str
) -> None:
    key, media_type = form.key, form.media_type

    by_name = get(shipped_server, f"{TARGET}.{key}?target=16.2")
    by_accept = get(shipped_server, f"{TARGET}?target=16.2", Accept=media_type)

    assert by_name.status == by_accept.status == 200
    assert by_name.media_type == by_accept.media_type == media_type
    assert by_name.body == by_accept.body and b"isange-one-stop-centre" in by_name.body


@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.key)
def test_a_graph_comes_in_every_format(form: Format, shipped_server: str) -> None:
    reply = get(shipped_server, f"{THEME}.{form.key}?theme=wash")

    assert (reply.status, reply.media_type) == (200, form.media_type)
    assert f"{THEME.rpartition('/')[2]}.{form.key}" in reply.headers["content-disposition"]
    assert reply.body.count(b"recipientCountry") > 50


@pytest.mark.parametrize(
    "value",
    [
        "BRA",
        "bra",
        "BR",
        "076",
        "country/BRA",
        "id/country/BRA",
        f"{ID}country/BRA",
        "Brésil",
        "brazil",
        "http://www.wikidata.org/entity/Q155",
        "http://metadata.un.org/sdg/codes/geoArea/076",
    ],
)
def test_a_country_goes_by_any_of_its_names(value: str, shipped_server: str) -> None:
    whole = get(shipped_server, f"{COUNTRY}.csv?country={quote(f'{ID}country/BRA')}")

    assert get(shipped_server, f"{COUNTRY}.csv?country={quote(value)}").body == whole.body
    assert b"Mozambique" in whole.body


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("cq-27-results-on-an-indicator", "indicator=2.2.1"),
        ("cq-27-results-on-an-indicator", "indicator=C020201"),
        ("cq-02-activities-for-a-goal", "goal=4"),
        ("evidence-of-an-activity", "activity=practice/isange-one-stop-centre"),
        ("evidence-of-an-activity", "activity=isange-one-stop-centre"),
        (
            "cq-40-changes-that-concern-a-country-or-target",
            "since=2026-01-01T00:00:00Z&mine=sdg/2.1",
        ),
        ("cq-40-changes-that-concern-a-country-or-target", "since=2026-01-01T00:00:00Z&mine=BRA"),
        ("cq-03-young-children-with-disabilities-in-rural-areas", "youngest=0&oldest=4"),
    ],
)
def test_values_may_be_short(path: str, value: str, shipped_server: str) -> None:
    assert get(shipped_server, f"/queries/{path}.csv?{value}").status == 200


def test_a_repeated_parameter_asks_for_each_of_its_values(shipped_server: str) -> None:
    both, one, other = (
        get(shipped_server, f"{COUNTRY}.csv?{values}").text.splitlines()
        for values in ("country=BRA&country=KEN", "country=BRA", "country=KEN")
    )

    assert sorted(both[1:]) == sorted(one[1:] + other[1:])


def test_a_value_of_another_kind_is_refused_with_what_comes_near(shipped_server: str) -> None:
    said = problem(shipped_server, f"{COUNTRY}.csv?country=Brasi")

    assert said["parameter"] == "country" and said["value"] == "Brasi"
    assert said["expected"] == ["country"]
    assert said["near"] == [{"value": "BRA", "label": "Brazil"}]
    assert "there is no country 'Brasi'" in str(said["detail"])


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"{TARGET}.csv?target=4", "there is no target '4'"),
        (f"{TARGET}.csv?target=%3Ca%3E", "there is no target '<a>'"),
        (f"{COUNTRY}.csv?country={quote(ID)}theme/wash", "there is no country"),
        (f"{COUNTRY}.csv?country=http://x%20y", "there is no country 'http://x y'"),
        (
            "/queries/cq-32-claims-on-old-sources.csv?today=2026-13-01",
            "no date, such as 20",
        ),
        ("/queries/cq-32-claims-on-old-sources.csv?today=20261124", "no date"),
        (
            "/queries/cq-03-young-children-with-disabilities-in-rural-areas.csv?youngest=1_0&oldest=4",
            "'1_0' is no integer",
        ),
        (f"{COUNTRY}.csv?country=XXX", "All are listed at /country/"),
        ("/queries/countries-near.csv?country=KEN&kilometres=-5", "no integer from 0 to"),
        (f"/queries/countries-near.csv?country=KEN&kilometres={'9' * 40}", "no integer from 0"),
        (f"{TARGET}.csv?target=16.2&colour=red", "no parameter 'colour'; it takes: target"),
        (f"{TARGET}.csv?target=16.2&colour=red", "lang, timeout, release, as, format"),
        (f"{TARGET}.csv?target=16.2&timeout=soon", "timeout"),
        (f"{TARGET}.csv?target=16.2&timeout=99999", "120 seconds at most"),
        (f"{TARGET}?target=16.2&format=pdf", "There is no format 'pdf'"),
    ],
)
def test_what_will_not_do_is_refused_by_name(path: str, words: str, shipped_server: str) -> None:
    assert words in str(problem(shipped_server, path)["detail"])


def test_too_many_combinations_are_refused(shipped_server: str) -> None:
    values = "&".join(f"youngest={year}" for year in range(11))
    values += "".join(f"&oldest={year}" for year in range(11))

    said = problem(
        shipped_server,
        f"/queries/cq-03-young-children-with-disabilities-in-rural-areas.csv?{values}",
    )

    assert "more than 100 combinations" in str(said["detail"])


@pytest.mark.parametrize("path", [TARGET, f"{TARGET}.csv", f"{THEME}.ttl", f"{TARGET}?target="])
def test_missing_values_are_named_with_an_example_that_works(
    path: str, shipped_server: str
) -> None:
    said = problem(shipped_server, path)

    assert said["missing"] in (["target"], ["theme"])
    assert get(shipped_server, str(said["example"])).status == 200


def test_unknown_queries_formats_and_wishes_are_told(shipped_server: str) -> None:
    unknown = get(shipped_server, "/queries/partners-of-country")

    assert unknown.status == 404 and "partners-of-a-country" in unknown.text
    assert get(shipped_server, f"{TARGET}.pdf?target=16.2").status == 404
    assert get(shipped_server, f"{THEME}.csv?theme=wash").status == 406
    assert get(shipped_server, f"{TARGET}?target=16.2", Accept="image/png").status == 406
    assert get(shipped_server, "/queries.pdf").status == 404


def test_an_answer_is_not_sent_twice(shipped_server: str) -> None:
    first = get(shipped_server, f"{TARGET}.csv?target=16.2")

    again = get(shipped_server, f"{TARGET}.csv?target=16.2", If_None_Match=first.headers["etag"])

    assert (again.status, again.body) == (304, b"")
    assert 'rel="describedby"' in first.headers["link"]
    assert f"<{QUERIES}cq-01-practices-for-a-target>" in first.headers["link"]


def test_the_page_offers_choices_in_its_language(shipped_server: str) -> None:
    page = get(shipped_server, f"{COUNTRY}?country=BRA&lang=fr", Accept="text/html").text

    assert '<option value="BRA" selected>Brésil</option>' in page
    assert '<option value="ETH">Éthiopie</option>' in page
    assert 'href="/queries/partners-of-a-country.csv?country=BRA"' in page
    assert "Example values" not in page
    targets = get(shipped_server, TARGET, Accept="text/html").text
    assert '<option value="16.2" selected>16.2 ' in targets
    assert "Example values are filled in" in targets


def test_the_parameter_today_is_filled_with_the_day(shipped_server: str) -> None:
    day = str(datetime.now(UTC).date())

    page = get(shipped_server, "/queries/cq-32-claims-on-old-sources", Accept="text/html").text

    assert f'type="date" value="{day}"' in page
    assert f"today={day}" in page


def test_the_page_lets_people_type_where_there_are_many(shipped_server: str) -> None:
    page = get(shipped_server, ACTIVITY, Accept="text/html").text

    assert 'value="practice/isange-one-stop-centre"' in page
    assert '<a href="/practice/isange-one-stop-centre"' in page


def test_the_page_says_what_was_wrong_and_what_may_be_meant(shipped_server: str) -> None:
    reply = get(shipped_server, f"{ACTIVITY}?activity=isange", Accept="text/html")

    assert reply.status == 400
    assert 'value="isange"' in reply.text and "Did you mean" in reply.text
    assert 'href="?activity=practice%2Fisange-one-stop-centre"' in reply.text
    assert "default-src 'none'" in reply.headers["content-security-policy"]


def test_the_page_shows_things_by_name_and_leads_on(shipped_server: str) -> None:
    page = get(shipped_server, f"{TARGET}?target=16.2", Accept="text/html").text

    link = '<a href="/practice/isange-one-stop-centre" title="'
    assert link in page
    assert '<th scope="col">Target</th>' not in page, "the same in every row"
    assert "/sparql?query=" in page and "#+ summary" not in page


def test_a_cited_answer_keeps_its_question_and_what_it_was_asked_of(shipped_server: str) -> None:
    page = get(shipped_server, f"{COUNTRY}?country=KEN&country=MOZ&lang=fr", Accept="text/html")
    [query] = re.findall(r'name="query" value="([^"]+)"', page.text)

    told = cite(shipped_server, unescape(query))

    summary = "With which countries has a country worked, how often did it give and receive"
    assert told["title"] == f"{summary}, and since when? (country: Kenya or Mozambique)"
    shown = get(shipped_server, urlsplit(str(told["address"])).path, Accept="text/html").text
    assert '<a href="/country/KEN" title=' in shown and ">Kenya</a>" in shown


def cite(server: str, query: str) -> Mapping[str, object]:
    """What a program is told of an answer that it wants to cite."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
    kind = {"Content-Type": "application/sparql-query", "Accept": "application/json"}
    connection.request("POST", "/answers", query.encode(), kind)
    found: Mapping[str, object] = json.loads(connection.getresponse().read())
    connection.close()
    return found


def test_an_empty_answer_says_what_that_does_not_mean(shipped_server: str) -> None:
    page = get(shipped_server, "/queries/cq-30-null-and-negative-findings", Accept="text/html").text

    assert "missing is not zero" in page and "<table" not in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", len(OFFERED)),
        ("ministries other countries", 1),
        ("CQ-33", 1),
        ("evidence source", None),
        ("zebra", 0),
    ],
)
def test_the_list_is_filtered_by_words(words: str, found: int | None, shipped_server: str) -> None:
    page = get(shipped_server, f"/queries/?text={quote(words)}", Accept="text/html").text
    listed = json.loads(get(shipped_server, f"/queries.json?text={quote(words)}").body)["queries"]

    assert page.count('<li class="card">') == len(listed)
    assert len(listed) == found if found is not None else 0 < len(listed) < len(OFFERED)


def test_the_list_tells_programs_how_to_ask(shipped_server: str) -> None:
    listed = json.loads(get(shipped_server, "/queries/", Accept="application/json").body)
    by_name = {each["name"]: each for each in listed["queries"]}

    said = by_name["partners-of-a-country"]
    assert said["parameters"] == [{"name": "country", "takes": ["country"], "example": "BRA"}]
    assert said["example"] == "/queries/partners-of-a-country.json?country=BRA"
    for each in listed["queries"]:
        assert get(shipped_server, each["example"]).status == 200


def test_the_list_as_rdf_is_what_the_files_say_and_what_the_graph_holds(
    shipped_server: str,
) -> None:
    listed = Graph().parse(data=get(shipped_server, "/queries.ttl").text, format="turtle")
    sparql = f"CONSTRUCT {{ ?q ?p ?o }} WHERE {{ ?q a <{SH.SPARQLExecutable}> ; ?p ?o }}"
    held = get(shipped_server, "/sparql?" + urlencode({"query": sparql}), Accept="text/turtle")

    assert set(listed) == set(Graph().parse(data=held.text, format="turtle"))
    assert set(listed.subjects(RDF.type, SH.SPARQLExecutable)) == {
        URIRef(QUERIES + query.key) for query in OFFERED
    }


@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.key)
def test_a_query_is_described_in_rdf(form: Format, shipped_server: str) -> None:
    reply = get(shipped_server, f"{TARGET}.{form.key}")

    assert (reply.status, reply.media_type) == (200, form.media_type)
    assert f"{QUERIES}cq-01-practices-for-a-target" in reply.text
    assert "SPARQLSelectExecutable" in reply.text


def test_the_iri_of_a_query_leads_to_it(shipped_server: str) -> None:
    record = get(shipped_server, "/graph/catalogue/queries/partners-of-a-country.nt")
    about = get(shipped_server, COUNTRY, Accept="text/turtle")

    assert record.status == about.status == 200
    assert len(list(parse(record.body, format=RdfFormat.N_TRIPLES))) > 8
    assert get(shipped_server, "/queries").headers["location"] == "/queries/"


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("/country/KEN", "/queries/partners-of-a-country?country=KEN"),
        ("/country/KEN?lang=fr", "/queries/partners-of-a-country?country=KEN&amp;lang=fr"),
        ("/sdg/2.1", "/queries/actors-on-a-target?target=2.1"),
        ("/sdg/4", "/queries/cq-02-activities-for-a-goal?goal=4"),
        ("/theme/nutrition", "/queries/practices-on-a-theme?theme=nutrition"),
        (
            "/instrument/study-visit",
            "/queries/activities-with-a-concept?concept=instrument/study-visit",
        ),
        ("/actor/united-nations-childrens-fund", "activities-of-an-actor?actor="),
        ("/practice/isange-one-stop-centre", "evidence-of-an-activity?activity=practice/isange"),
        ("/initiative/paa-africa", "evidence-of-an-activity?activity=initiative/paa-africa"),
    ],
)
def test_things_offer_the_questions_about_them(
    page: str, address: str, shipped_server: str
) -> None:
    shown = get(shipped_server, page, Accept="text/html").text

    assert 'id="questions"' in shown
    assert address in shown
    path = next(part for part in shown.split('"') if address in part).replace("&amp;", "&")
    assert get(shipped_server, path, Accept="text/html").status == 200


def test_things_offer_no_question_that_does_not_fit(shipped_server: str) -> None:
    target = get(shipped_server, "/sdg/2.1", Accept="text/html").text

    assert "cq-02-activities-for-a-goal" not in target
    assert "Questions about this" not in get(shipped_server, "/region/002", Accept="text/html").text
