import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg.namespaces import ID, SDG, SHAPES, expand
from kg.records import meta_graph
from kg.settings import PROJECT, Settings
from tests.endpoint.pages_sample import client_of, graph_of, sample_client, sample_store

INITIATIVE = "/initiative/school-meals-africa"
FORMATS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
HTML = {"Accept": "text/html"}
KINDS = [
    "practice/school-meals",
    "initiative/school-meals-africa",
    "adaptation/school-meals-mozambique",
    "actor/wfp",
    "person/jane-doe",
    "country/BRA",
    "region/005",
    "country-group/developing",
    "sdg/2",
    "sdg/2.1",
    "sdg/C020101",
    "theme/nutrition",
    "scheme/theme",
    "crc/art-24",
    "publication/school-meals-report",
    "challenge/stunting-mozambique",
    "idea/seed-bank",
    "need/meals-namibia",
    "offer/meals-brazil",
    "event/meals-forum",
    "community/meals",
]


@pytest.fixture(name="client")
def _client() -> FlaskClient:
    return sample_client()


def _page(client: FlaskClient, address: str, **headers: str) -> str:
    answer = client.get(address, headers=HTML | headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("thing", KINDS)
def test_every_kind_of_thing_has_a_page_and_documents(client: FlaskClient, thing: str) -> None:
    assert "<h1" in _page(client, f"/{thing}")
    for extension, media_type in FORMATS.items():
        answer = client.get(f"/{thing}.{extension}")
        assert (answer.status_code, answer.mimetype) == (200, media_type)
        assert answer.data


@pytest.mark.parametrize(("extension", "media_type"), FORMATS.items())
def test_an_iri_leads_to_the_document_that_is_asked_for(
    client: FlaskClient, extension: str, media_type: str
) -> None:
    answer = client.get("/id" + INITIATIVE, headers={"Accept": media_type})

    assert (answer.status_code, answer.location) == (303, f"{INITIATIVE}.{extension}")
    assert "Accept" in answer.vary


def test_an_iri_leads_people_to_the_page(client: FlaskClient) -> None:
    answer = client.get("/id" + INITIATIVE + "?lang=fr", headers=HTML)

    assert (answer.status_code, answer.location) == (303, INITIATIVE + "?lang=fr")


@pytest.mark.parametrize("thing", ["practice/nothing", "nonsense/x", "sdg/9.9.9", "sdg/%00"])
@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_an_iri_of_nothing_leads_nowhere(client: FlaskClient, thing: str, accept: str) -> None:
    assert client.get(f"/id/{thing}", headers={"Accept": accept}).status_code == 404


@pytest.mark.parametrize("thing", ["sdg/2.1.1", "source/ssc4c"])
def test_an_iri_leads_to_what_has_a_page_by_another_way(client: FlaskClient, thing: str) -> None:
    assert client.get(f"/id/{thing}").status_code == 303


def test_the_bare_address_gives_what_is_accepted(client: FlaskClient) -> None:
    answer = client.get(INITIATIVE, headers={"Accept": "text/turtle;q=0.9, text/html;q=0.1"})

    assert answer.mimetype == "text/turtle"
    assert answer.headers["Vary"] == "Accept, Accept-Encoding, Accept-Language"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/turtle;charset=utf-8", "text/turtle"),
        (
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"',
            "application/ld+json",
        ),
        ("application/n-triples;charset=utf-8;q=0.5, text/html;q=0.1", "application/n-triples"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
    ],
)
def test_parameters_of_what_is_accepted_narrow_nothing(
    client: FlaskClient, accept: str, media_type: str
) -> None:
    assert client.get(INITIATIVE, headers={"Accept": accept}).mimetype == media_type


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/plain, */*;q=0.1", "application/n-triples"),
        ("text/n3, */*;q=0.1", "text/turtle"),
        ("application/json", "application/ld+json"),
    ],
)
def test_older_and_wider_names_of_formats_are_understood(
    client: FlaskClient, accept: str, media_type: str
) -> None:
    assert client.get(INITIATIVE, headers={"Accept": accept}).mimetype == media_type


def test_what_cannot_be_given_is_refused(client: FlaskClient) -> None:
    assert client.get(INITIATIVE, headers={"Accept": "image/png"}).status_code == 406


def test_a_number_after_a_dot_is_no_extension(client: FlaskClient) -> None:
    assert "Food for all" in _page(client, "/sdg/2.1")
    assert client.get("/sdg/2.1.ttl").mimetype == "text/turtle"


@pytest.mark.parametrize(
    ("number", "code"), [("2.1.1", "C020101"), ("2.2.3", "C200303"), ("3.9.9", "C200303")]
)
def test_each_number_of_an_indicator_leads_to_its_one_page(
    client: FlaskClient, number: str, code: str
) -> None:
    assert client.get(f"/sdg/{number}", headers=HTML).location == f"/sdg/{code}"
    assert client.get(f"/sdg/{number}.ttl").location == f"/sdg/{code}.ttl"


def test_links_name_the_formats_and_the_iri_to_cite(client: FlaskClient) -> None:
    link = client.get(INITIATIVE, headers=HTML).headers["Link"]

    assert f'<{INITIATIVE}.ttl>; rel="alternate"; type="text/turtle"' in link
    assert f'<{INITIATIVE}.ttl>; rel="describedby"' in link
    assert f'<{ID[:-1]}{INITIATIVE}>; rel="cite-as"' in link


@pytest.mark.parametrize("address", [INITIATIVE, INITIATIVE + ".ttl"])
def test_who_has_the_page_already_is_told_so(client: FlaskClient, address: str) -> None:
    first = client.get(address, headers=HTML)

    again = client.get(address, headers=HTML | {"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Last-Modified"] == "Fri, 20 Nov 2026 10:00:00 GMT"
    other = client.get(
        address + "?lang=fr", headers=HTML | {"If-None-Match": first.headers["ETag"]}
    )
    assert other.status_code == 200


def test_all_formats_of_triples_say_the_same(client: FlaskClient) -> None:
    texts = {name: client.get(f"{INITIATIVE}.{name}").data for name in ("ttl", "nt", "rdf")}
    graphs = {
        name: set(parse(text, format=RdfFormat.from_extension(name)))
        for name, text in texts.items()
    }

    assert graphs["ttl"] == graphs["nt"] == graphs["rdf"]
    assert len(graphs["ttl"]) > 30


def test_json_ld_says_the_same_by_the_context_of_the_project(client: FlaskClient) -> None:
    document = client.get(f"{INITIATIVE}.jsonld").get_json()
    context = json.loads((PROJECT / "ontology" / "context.jsonld").read_bytes())

    read = set(parse(json.dumps(document | context), format=RdfFormat.JSON_LD))
    expected = set(parse(client.get(f"{INITIATIVE}.nt").data, format=RdfFormat.N_TRIPLES))

    assert document["@context"] == "https://w3id.org/ssc4c/def/context.jsonld"
    assert read == expected


def test_json_ld_reads_well(client: FlaskClient) -> None:
    nodes = {node["@id"]: node for node in client.get(f"{INITIATIVE}.jsonld").get_json()["@graph"]}
    node = nodes[ID[:-1] + INITIATIVE]

    assert node["startYear"] == "2012"
    assert node["carries"] == ID + "practice/school-meals"
    assert node["title"]["fr"] == "Achats aux Africains pour l'Afrique"


def test_quads_hold_the_record_what_follows_and_its_provenance(client: FlaskClient) -> None:
    thing = ID[:-1] + INITIATIVE
    graphs = {
        quad.graph_name.value
        for quad in parse(client.get(f"{INITIATIVE}.nq").data, format=RdfFormat.N_QUADS)
        if isinstance(quad.graph_name, NamedNode)
    }

    name = graph_of(thing)
    assert graphs == {
        name,
        name.replace("/graph/", "/graph/derived/"),
        name.replace("/graph/", "/graph/meta/"),
    }


def test_documents_name_what_they_link_to(client: FlaskClient) -> None:
    assert '"Brazil"@en' in client.get(f"{INITIATIVE}.ttl").get_data(as_text=True)


def test_the_page_tells_who_did_what_for_whom(client: FlaskClient) -> None:
    page = _page(client, INITIATIVE)

    table = page[page.index('<table class="parts"') : page.index("</table>")]
    cells = re.findall(r"<t[hd](?: scope=.row.)?>(.*?)</t[hd]>", table, re.DOTALL)
    texts = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]
    assert texts == [
        *("Brazil", "Solution provider", "for Malawi , Mozambique", ""),
        *("World Food Programme", "Facilitating partner", "for Malawi , Mozambique", ""),
        *("Malawi", "Recipient", "from Brazil", ""),
        *("Mozambique", "Recipient", "from Brazil", "since 2013"),
    ]


def test_nested_nodes_have_their_place_on_the_page(client: FlaskClient) -> None:
    assert 'id="ssc4c-recipient-MOZ"' in _page(client, INITIATIVE)
    assert 'id="ssc4c-assessment"' in _page(client, "/practice/school-meals")


def test_a_nested_node_is_shown_whole_once(client: FlaskClient) -> None:
    page = _page(client, "/practice/school-meals")

    assert page.count('id="ssc4c-result"') == 1
    assert page.count("40 million pupils fed") == 1
    evidence = page[page.index('id="ssc4c-evidence"') :]
    assert '<a href="#ssc4c-result">Result</a>' in evidence


def test_a_nested_node_does_not_repeat_the_sources_of_the_thing(client: FlaskClient) -> None:
    page = _page(client, "/practice/school-meals")

    facts = page[page.index('class="panel record"') : page.index("Where this comes from")]
    assert facts.count('href="/publication/school-meals-report"') == 1
    assert facts.count("as for the whole") == 1
    assert facts.count('href="/publication/broken-link"') == 1


def test_sections_follow_the_shapes(client: FlaskClient) -> None:
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", _page(client, "/practice/school-meals"))
    order = ["Where", "Themes, goals and rights", "Results and evidence"]

    assert [heading for heading in headings if heading in order] == order


def test_a_statement_that_a_narrower_one_repeats_is_shown_once(client: FlaskClient) -> None:
    page = _page(client, INITIATIVE)
    facts = page[page.index('class="panel record"') : page.index("Where this comes from")]

    assert facts.count('href="/sdg/2.1"') == 1


def test_grade_and_period_stand_at_the_top(client: FlaskClient) -> None:
    page = _page(client, "/practice/school-meals")

    badges = page[page.index('<p class="badges">') : page.index('<p class="lead"')]
    assert "Promising practice" in badges
    assert "since 1955" in badges


def test_what_links_to_a_thing_is_grouped_and_counted(client: FlaskClient) -> None:
    page = _page(client, "/actor/wfp")

    headings = re.findall(r'<h3[^>]*>([^<]+)<span class="count">(\d+)', page)
    assert [(" ".join(title.split()), number) for title, number in headings] == [
        ("Initiatives that it takes part in", "1"),
        ("People that work there", "1"),
        ("Ideas that it proposed", "1"),
        ("Events that it organises", "1"),
        ("Communities that it hosts", "1"),
    ]


def test_one_group_can_be_looked_at_alone(client: FlaskClient) -> None:
    page = _page(client, "/actor/wfp?relation=ssc4c:organiser%20event")

    assert "Forum on school meals" in page
    assert "A shared seed bank" not in page


@pytest.mark.parametrize("relation", ["", "x", "ssc4c:", "no:such thing", "ssc4c:theme%20%22"])
def test_an_unknown_group_is_as_none(client: FlaskClient, relation: str) -> None:
    assert "A shared seed bank" in _page(client, f"/actor/wfp?relation={relation}&page=-4")


def test_labels_come_in_the_language_asked_for(client: FlaskClient) -> None:
    french = _page(client, INITIATIVE + "?lang=fr")

    assert '<h1 dir="auto">Achats aux Africains' in french
    assert "Coopération triangulaire" in french
    assert 'href="/country/BRA?lang=fr">Brésil</a>' in french
    assert 'lang="en">Malawi</a>' in french


def test_labels_come_in_the_language_of_the_browser(client: FlaskClient) -> None:
    page = _page(client, "/country/BRA", **{"Accept-Language": "es-AR, en;q=0.5"})

    assert '<html lang="es" ' in page
    assert '<h1 dir="auto">Brasil' in page


def test_markup_in_the_data_stays_text(client: FlaskClient) -> None:
    page = _page(client, "/actor/hostile")
    adaptation = _page(client, "/adaptation/school-meals-mozambique")

    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "School meals in &lt;b&gt;Mozambique&lt;/b&gt; &amp; more" in adaptation


@pytest.mark.parametrize("address", ["/actor/hostile", "/publication/broken-link", INITIATIVE])
def test_only_web_addresses_become_links(client: FlaskClient, address: str) -> None:
    assert 'href="javascript' not in _page(client, address).lower()


def test_the_page_names_its_records_and_their_sources(client: FlaskClient) -> None:
    page = _page(client, INITIATIVE)

    origin = page[page.index('id="origin"') :]
    assert 'href="/graph/ssc4c/initiative/school-meals-africa"' in origin
    assert "November 20, 2026" in origin
    assert 'href="https://example.org/report"' in origin


def test_a_record_can_be_read_as_it_stands(client: FlaskClient) -> None:
    answer = client.get("/graph/ssc4c/idea/seed-bank.nq")
    page = _page(client, "/graph/ssc4c/idea/seed-bank")

    assert answer.data.count(b"\n") == 3
    assert "A shared seed bank" in page
    assert client.get("/graph/ssc4c/idea/nothing").status_code == 404


def test_a_remark_tells_the_value_that_it_is_about() -> None:
    thing = ID[:-1] + INITIATIVE
    store = sample_store()
    _add_finding(store, thing, "1", "A goal without a target", NamedNode(SDG + "2"))
    _add_finding(store, thing, "2", "No year", NamedNode(thing + "#ssc4c-result"))

    page = _page(client_of(store, Settings()), INITIATIVE)

    assert 'A goal without a target</span> (<a href="/sdg/2">2 Zero hunger</a>)' in page
    assert re.search(r"No year</span>\s+<a", page)


def _add_finding(store: Store, thing: str, key: str, message: str, value: NamedNode) -> None:
    graph, meta = NamedNode(graph_of(thing)), NamedNode(meta_graph(graph_of(thing)))
    finding = NamedNode(f"{graph.value}#finding-{key}")
    for subject, name, term in (
        (graph, "ssc4c:hasFinding", finding),
        (finding, "sh:resultMessage", Literal(message, language="en")),
        (finding, "sh:sourceShape", NamedNode(SHAPES + "Initiative-startYear")),
        (finding, "sh:value", value),
    ):
        store.add(Quad(subject, NamedNode(expand(name)), term, meta))


def test_a_source_has_a_page_and_documents(client: FlaskClient) -> None:
    assert "7 records" in _page(client, "/source/ssc4c")
    assert b"ssc4c:Source" in client.get("/source/ssc4c.ttl").data
    assert client.get("/source/nothing", headers=HTML).status_code == 404


@pytest.mark.parametrize("address", ["/actor/hostile", "/search?q=x", "/", "/nothing/here"])
def test_browsers_run_no_script_of_the_data(client: FlaskClient, address: str) -> None:
    policy = client.get(address, headers=HTML).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy


def test_an_unknown_thing_is_answered_with_what_may_be_meant(client: FlaskClient) -> None:
    answer = client.get("/practice/school-meal-africa", headers=HTML)

    assert answer.status_code == 404
    assert INITIATIVE in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "address",
    [
        "/practice/nothing.ttl",
        "/nonsense/at-all.nt",
        "/practice/with space.ttl",
        '/practice/<b>"x".ttl',
        "/sdg/9.9.9.ttl",
        "/sdg/%00.ttl",
    ],
)
def test_an_unknown_thing_is_a_problem_for_programs(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": "application/json"})

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_goal_page_counts_what_contributes_to_its_targets(client: FlaskClient) -> None:
    page = _page(client, "/sdg/2")

    assert "Initiatives that contribute to it or to its targets" in page
    assert 'href="/sdg/2.1"' in page


def test_a_target_page_leads_to_its_neighbours(client: FlaskClient) -> None:
    page = _page(client, "/sdg/2.1")

    assert 'Part of <a href="/sdg/2">' in page
    assert "Other targets of the goal" in page
    assert 'href="/sdg/2.2"' in page


def test_templates_hold_no_property_of_the_graph() -> None:
    folder = PROJECT / "endpoint" / "templates" / "pages"
    for file in sorted(Path(folder).glob("*.html")):
        assert expand("ssc4c:") not in file.read_text(encoding="utf-8"), file
