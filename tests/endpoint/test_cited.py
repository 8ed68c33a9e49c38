"""Releases and cited answers over HTTP: two releases, and something published since."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from endpoint.dataset import release_iri
from kg.namespaces import expand
from tests.endpoint.conftest import Reply, Server, running_server
from tests.endpoint.scripts import count_foreign
from tests.kg.releases import make_settings, publish_practices, release

FIRST, SECOND = "2020-05-01", "2020-06-01"
TITLES = """\
# Which titles do practices have?
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?practice ?title WHERE { ?practice dcterms:title ?title } ORDER BY ?title"""
TRIPLES = "CONSTRUCT { ?s <urn:title> ?t } WHERE { ?s <http://purl.org/dc/terms/title> ?t }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose first release is gone from the snapshots, and whose data moved on."""
    settings = make_settings(tmp_path_factory.mktemp("cited"), keep_snapshots=1)
    publish_practices(settings, a="Alpha", b="Beta")
    release(settings, FIRST, "First light")
    publish_practices(settings, b="Beta, mended", c="Gamma")
    release(settings, SECOND)
    publish_practices(settings, d="Delta")
    with running_server(settings) as server:
        yield server


def save(server: Server, query: str, **fields: str) -> dict[str, Any]:
    """Save a query as programs do."""
    body = urlencode({"query": query} | fields).encode()
    kind = "application/x-www-form-urlencoded"
    reply = server.send("POST", "/answers", body, Content_Type=kind, Accept="application/json")
    assert reply.status == 201, reply.text
    told: dict[str, Any] = json.loads(reply.body)
    assert reply.headers["location"] == told["address"]
    return told


def titles(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.text
    return [row["title"] for row in csv.DictReader(io.StringIO(reply.text))]


def test_answer_of_a_release_stays_while_the_graph_moves_on(server: Server) -> None:
    key = save(server, TITLES)["key"]

    answers = {
        name: titles(server.get(f"/answers/{name}/{key}.csv")) for name in (FIRST, SECOND, "today")
    }

    assert answers == {
        FIRST: ["Alpha", "Beta"],
        SECOND: ["Alpha", "Beta, mended", "Gamma"],
        "today": ["Alpha", "Beta, mended", "Delta", "Gamma"],
    }


def test_saved_answer_is_that_of_the_latest_release_or_the_one_named(server: Server) -> None:
    assert save(server, TITLES)["address"].endswith(
        f"/answers/{SECOND}/{save(server, TITLES)['key']}"
    )
    assert save(server, TITLES, release=FIRST)["release"] == FIRST
    assert save(server, TITLES, release="today")["citation"] == ""


def test_form_leads_to_the_page_and_ends_of_lines_make_no_difference(server: Server) -> None:
    body = urlencode({"query": TITLES.replace("\n", "\r\n")}).encode()
    kind = "application/x-www-form-urlencoded"

    reply = server.send("POST", "/answers", body, Content_Type=kind, Accept="text/html")

    assert reply.status == 303
    assert reply.headers["location"] == f"/answers/{SECOND}/{save(server, TITLES)['key']}"


def test_addresses_tell_by_what_they_are_asked(server: Server) -> None:
    answers, sparql = server.get("/answers"), server.send("PUT", "/sparql")

    assert (answers.status, sparql.status) == (405, 405)
    assert "POST" in answers.headers["allow"] and "Post a query here" in answers.text
    assert "asked by GET or HEAD or OPTIONS or POST" in sparql.text


def test_query_that_cannot_be_answered_is_not_saved(server: Server) -> None:
    kind = "application/sparql-query"
    reply = server.send("POST", "/answers", b"SELECT nothing", Content_Type=kind)

    assert (reply.status, reply.media_type) == (400, "application/problem+json")


def test_dataset_of_a_query_is_kept(server: Server) -> None:
    graph = "https://w3id.org/ssc4c/graph/one/practice/a"
    key = save(server, TITLES, **{"default-graph-uri": graph})["key"]

    assert titles(server.get(f"/answers/{FIRST}/{key}.csv")) == ["Alpha"]
    assert key != save(server, TITLES)["key"]


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
        ("json", "application/sparql-results+json"),
        ("xml", "application/sparql-results+xml"),
        ("html", "text/html"),
        ("txt", "text/plain"),
        ("bib", "application/x-bibtex"),
        ("csl.json", "application/vnd.citationstyles.csl+json"),
        ("ris", "application/x-research-info-systems"),
    ],
)
def test_answer_and_citation_come_by_extension_and_by_accept(
    server: Server, extension: str, media_type: str
) -> None:
    address = f"/answers/{FIRST}/{save(server, TITLES)['key']}"

    named = server.get(f"{address}.{extension}")
    assert (named.status, named.media_type) == (200, media_type)
    assert "accept" in named.headers["vary"].lower()
    if extension != "txt":  # of text/plain one cannot know what is meant
        assert server.get(address, Accept=media_type).media_type == media_type


def test_graph_comes_as_rdf_and_as_no_table(server: Server) -> None:
    key = save(server, TRIPLES)["key"]

    turtle = server.get(f"/answers/{FIRST}/{key}.ttl")

    assert len(list(parse(turtle.body, format=RdfFormat.TURTLE))) == 2
    assert server.get(f"/answers/{FIRST}/{key}.csv").status == 406


def test_headers_tell_when_where_and_how_to_cite(server: Server) -> None:
    told = save(server, TITLES, release=FIRST)

    reply = server.get(f"/answers/{FIRST}/{told['key']}.csv")

    links = dict(re.findall(r'<([^>]+)>; rel="([^"]+)"', reply.headers["link"]))
    by_name = {name: address for address, name in links.items()}
    assert by_name["cite-as"] == told["address"]
    assert by_name["latest-version"].endswith(f"/answers/latest/{told['key']}")
    assert by_name["collection"].endswith(f"/releases/{FIRST}")
    assert reply.headers["memento-datetime"].endswith("GMT")
    today = server.get(f"/answers/today/{told['key']}.csv")
    assert "memento-datetime" not in today.headers and "cite-as" not in today.headers["link"]


def test_latest_leads_to_the_release_itself(server: Server) -> None:
    reply = server.get("/answers/latest/abcdefghij.csv")

    assert (reply.status, reply.headers["location"]) == (302, f"/answers/{SECOND}/abcdefghij.csv")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/answers/2020-05-02/{key}", f"{SECOND}, {FIRST}"),
        ("/answers/summer/{key}.csv", "no release 'summer'"),
        (f"/answers/{FIRST}/zzzzzzzzzz", "No query is saved under"),
        (f"/answers/{FIRST}/{{key}}.pdf", "no form 'pdf'"),
        (f"/answers/{FIRST}/{{key}}/difference?with=2019-01-01", "no release '2019-01-01'"),
        ("/releases/2020-05-02", "no release"),
        (f"/releases/{FIRST}.pdf", "no form"),
        ("/sparql?release=2020-05-02&query=ASK{{}}", "no release"),
    ],
)
def test_what_there_is_not_is_told(server: Server, path: str, told: str) -> None:
    reply = server.get(path.format(key=save(server, TITLES)["key"]), Accept="application/json")

    assert reply.status == 404
    assert told in json.loads(reply.body)["detail"]


def test_endpoint_asks_a_release_for_programs_and_people(server: Server) -> None:
    assert titles(server.ask(TITLES, release=FIRST)) == ["Alpha", "Beta"]
    assert titles(server.ask(TITLES, release="latest")) == ["Alpha", "Beta, mended", "Gamma"]

    page = server.ask(TITLES, "text/html", release=FIRST).text
    assert "Beta" in page and "mended" not in page
    assert f'name="release" value="{FIRST}"' in page and f"release={FIRST}" in page


def test_an_answer_on_a_release_is_dated_and_tells_what_to_cite(server: Server) -> None:
    query = TITLES.replace("titles", "names")
    unsaved = server.ask(query, release=FIRST)
    key = save(server, query)["key"]

    saved = server.ask(query, release=FIRST)
    page = server.ask(query, "text/html", release="latest")

    assert f'/releases/{FIRST}>; rel="cite-as"' in unsaved.headers["link"]
    assert f'/answers/{FIRST}/{key}>; rel="cite-as"' in saved.headers["link"]
    assert f'/answers/{SECOND}/{key}>; rel="cite-as"' in page.headers["link"]
    dated = server.get(f"/releases/{FIRST}").headers["memento-datetime"]
    assert saved.headers["memento-datetime"] == unsaved.headers["memento-datetime"] == dated
    assert "memento-datetime" not in server.ask(query).headers


@pytest.mark.parametrize("ending", [".csv?", "?format=csv&", "?as=csv&", "?format=text/csv&"])
def test_a_ready_query_is_asked_on_a_release_in_a_format(server: Server, ending: str) -> None:
    reply = server.get(f"/queries/practices{ending}release={FIRST}", Accept="text/html")

    assert titles(reply) == ["Alpha", "Beta"]
    assert reply.headers["link"].count('rel="cite-as"') == 1
    assert f"/releases/{FIRST}" in reply.headers["link"] and "memento-datetime" in reply.headers


def test_the_page_of_a_ready_query_stays_on_its_release(server: Server) -> None:
    page = server.get(f"/queries/practices?release={FIRST}", Accept="text/html")

    assert "Beta" in page.text and "mended" not in page.text
    assert f'href="/queries/practices.csv?release={FIRST}"' in page.text
    assert page.text.count(f'name="release" value="{FIRST}"') == 1
    assert "memento-datetime" in page.headers
    latest = server.get("/queries/practices?release=latest", Accept="text/html").text
    assert f'href="/queries/practices.csv?release={SECOND}"' in latest
    assert server.get("/queries/practices?release=2020-05-02", Accept="text/html").status == 404


def test_hash_is_one_that_anybody_can_compute(server: Server) -> None:
    told = save(server, TITLES, release=FIRST)
    head, *rows = server.get(f"/answers/{FIRST}/{told['key']}.tsv").body.splitlines(keepends=True)

    expected = hashlib.sha256(b"".join([head, *sorted(rows)])).hexdigest()

    assert expected in told["citation"]
    assert expected in server.get(f"/answers/{FIRST}/{told['key']}", Accept="text/html").text


def test_citation_names_query_release_and_address(server: Server) -> None:
    told = save(server, TITLES, release=FIRST)

    (item,) = json.loads(server.get(f"/answers/{FIRST}/{told['key']}.csl.json").body)

    assert item["type"] == "dataset" and item["version"] == FIRST
    assert item["title"] == "Which titles do practices have?"
    assert item["URL"] == told["address"]
    assert item["author"] == [{"literal": "SSC4C Graph contributors"}]
    assert len(item["issued"]["date-parts"][0]) == 3


def test_today_and_changing_queries_are_not_cited(server: Server) -> None:
    key = save(server, TITLES)["key"]
    changing = save(server, "SELECT (NOW() AS ?now) {}")

    today = server.get(f"/answers/today/{key}.bib")
    assert (today.status, "Today's data change" in today.text) == (400, True)
    assert (changing["is_repeatable"], changing["citation"]) == (False, "")
    page = server.get(f"/answers/{FIRST}/{changing['key']}", Accept="text/html")
    assert page.status == 200 and "cannot be cited exactly" in page.text
    refused = server.get(f"/answers/{FIRST}/{changing['key']}.bib")
    assert (refused.status, "NOW" in refused.text) == (400, True)
    assert "cite-as" not in page.headers["link"]


def test_difference_shows_rows_added_and_removed(server: Server) -> None:
    key = save(server, TITLES)["key"]

    found = json.loads(server.get(f"/answers/{FIRST}/{key}/difference").body)

    assert [row["title"]["value"] for row in found["added"]] == ["Beta, mended", "Delta", "Gamma"]
    assert [row["title"]["value"] for row in found["removed"]] == ["Beta"]
    assert (found["before"], found["after"], found["is_same"]) == (2, 4, False)
    page = server.get(f"/answers/{FIRST}/{key}/difference?with={SECOND}", Accept="text/html").text
    assert "Beta, mended" in page and "Delta" not in page


def test_difference_of_graphs_and_of_nothing(server: Server) -> None:
    graph, same = save(server, TRIPLES)["key"], save(server, "ASK { ?s ?p 'Nothing' }")["key"]

    found = json.loads(server.get(f"/answers/{FIRST}/{graph}/difference?with={SECOND}").body)
    assert (found["kind"], len(found["added"]), len(found["removed"])) == ("triples", 2, 1)
    nothing = json.loads(server.get(f"/answers/{FIRST}/{same}/difference").body)
    assert (nothing["kind"], nothing["is_same"]) == ("boolean", True)
    page = server.get(f"/answers/{FIRST}/{same}/difference", Accept="text/html").text
    assert "both hold the same" in page


def test_query_in_a_page_is_text(server: Server) -> None:
    query = "# <script>alert(1)</script>\nASK { ?s ?p '</pre><script>' }"
    key = save(server, query)["key"]

    for path in (f"/answers/{FIRST}/{key}", f"/answers/{FIRST}/{key}/difference"):
        page = server.get(path, Accept="text/html")
        assert count_foreign(page.text) == 0
        assert "default-src 'none'" in page.headers["content-security-policy"]


def test_client_that_has_the_answer_gets_no_body(server: Server) -> None:
    path = f"/answers/{FIRST}/{save(server, TITLES)['key']}.csv"
    tag = server.get(path).headers["etag"]

    assert server.get(path, If_None_Match=tag).status == 304


def test_offered_query_of_a_release_is_answered_from_what_was_made_ahead(server: Server) -> None:
    text = (server.home.parent / "project" / "queries" / "api" / "practices.rq").read_text()

    for name, count in ((FIRST, 2), (SECOND, 3)):
        reply = server.ask(text, release=name)
        assert "kept" in reply.headers["server-timing"]
        assert len(titles(reply)) == count
    assert len(titles(server.ask(text))) == 4


def test_releases_are_listed_and_described(server: Server) -> None:
    listed = json.loads(server.get("/releases/", Accept="application/json").body)
    assert [each["name"] for each in listed] == [SECOND, FIRST]
    assert "First light" in server.get("/releases/", Accept="text/html").text

    told = json.loads(server.get(f"/releases/{SECOND}.json").body)
    assert told["changes"]["kinds"] == {"practice": {"changed": 1, "created": 1}}
    assert told["previous"] == FIRST and "files" not in told
    page = server.get(f"/releases/{SECOND}", Accept="text/html")
    assert told["dump"]["sha256"] in page.text and "memento-datetime" in page.headers
    assert 'rel="cite-as"' in page.headers["link"]
    assert server.get(f"/releases/{FIRST}.bib").text.startswith(f"@misc{{ssc4c-{FIRST},")


@pytest.mark.parametrize("extension", ["ttl", "nt", "nq", "trig", "jsonld", "rdf"])
def test_release_is_described_in_every_form_of_rdf(server: Server, extension: str) -> None:
    reply = server.get(f"/releases/{SECOND}.{extension}")

    assert reply.status == 200
    if extension != "jsonld":  # its context is at an address outside
        form = RdfFormat.from_media_type(reply.media_type)
        plain = server.get(f"/releases/{SECOND}.nt").body
        said = {quad.triple for quad in parse(reply.body, format=form)}
        assert said == {quad.triple for quad in parse(plain, format=RdfFormat.N_TRIPLES)}
    assert release_iri(SECOND) in reply.text and release_iri(FIRST) in reply.text


def test_release_counts_things_by_class(server: Server) -> None:
    reply = server.get(f"/releases/{SECOND}.nt")
    found = {
        (quad.subject.value, quad.predicate.value): quad.object.value
        for quad in parse(reply.body, format=RdfFormat.N_TRIPLES)
    }

    part = f"{release_iri(SECOND)}#practice"
    assert found[part, expand("void:entities")] == "3"
    assert found[part, expand("void:class")] == expand("ssc4c:Practice")
    previous = found[release_iri(SECOND), expand("dcat:previousVersion")]
    assert NamedNode(previous) == NamedNode(release_iri(FIRST))


def test_server_without_releases_says_so(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    publish_practices(settings, a="Alpha")
    with running_server(settings) as server:
        told = save(server, TITLES)
        assert (told["release"], told["citations"]) == ("today", {})
        assert "no release yet" in server.get("/releases/", Accept="text/html").text
        page = server.get(f"/answers/today/{told['key']}", Accept="text/html").text
        assert "there is no release" in page
        assert server.get("/releases/latest").status == 404
