import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, parse

from endpoint.model import Model
from kg.namespaces import DEF, SHAPES
from kg.settings import PROJECT
from tests.endpoint.pages_sample import sample_client

HTML = {"Accept": "text/html"}
MODEL = Model.read(PROJECT)


@pytest.fixture(name="client")
def _client() -> FlaskClient:
    return sample_client()


def _page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_ontology_lists_its_terms(client: FlaskClient) -> None:
    page = _page(client, "/def/")

    assert 'href="/def/Practice"' in page
    assert 'href="/def/contributesTo"' in page


@pytest.mark.parametrize("address", ["/def.ttl", "/def.nt", "/def.rdf", "/def.jsonld", "/def.nq"])
def test_the_ontology_can_be_had_as_a_whole(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 200
    assert answer.data.count(DEF.encode()) > 50 or b"ssc4c:Practice" in answer.data


def test_the_ontology_is_negotiated(client: FlaskClient) -> None:
    answer = client.get("/def/", headers={"Accept": "application/n-triples"})

    quads = set(parse(answer.data, format=RdfFormat.N_TRIPLES))
    assert NamedNode(DEF + "Practice") in {quad.subject for quad in quads}


def test_a_term_is_explained(client: FlaskClient) -> None:
    page = _page(client, "/def/Practice?lang=fr")

    assert "<h1>Pratique</h1>" in page
    assert 'href="/def/Activity?lang=fr"' in page
    assert "/shapes/?lang=fr#Practice" in page


def test_texts_about_a_term_stand_in_the_language_of_the_page(client: FlaskClient) -> None:
    page = _page(client, "/def/matches?lang=es")

    assert "Función de consulta" in page
    assert "A query function" not in page
    assert "Fonction de requête" not in page


@pytest.mark.parametrize("address", ["/def/Practice", "/def/", "/shapes/"])
def test_translated_texts_are_not_marked_as_english(client: FlaskClient, address: str) -> None:
    assert 'lang="en" dir="ltr"' not in _page(client, address + "?lang=ar")


def test_a_term_can_be_had_as_data(client: FlaskClient) -> None:
    answer = client.get("/def/originCountry", headers={"Accept": "text/turtle"})

    assert answer.mimetype == "text/turtle"
    assert b"ssc4c:originCountry" in answer.data


def test_an_unknown_term_is_not_found(client: FlaskClient) -> None:
    assert client.get("/def/Nonsense", headers=HTML).status_code == 404
    assert client.get('/def/a b"', headers=HTML).status_code == 404
    assert client.get("/def.xyz").status_code == 404


def test_the_context_is_sent_as_it_is(client: FlaskClient) -> None:
    answer = client.get("/def/context.jsonld")

    assert answer.mimetype == "application/ld+json"
    assert answer.data == (PROJECT / "ontology" / "context.jsonld").read_bytes()


def test_every_field_of_every_form_stands_in_the_reference(client: FlaskClient) -> None:
    page = _page(client, "/shapes/")

    shapes = {field.shape for form in MODEL.forms.values() for field in form.fields}
    assert [each for each in shapes if f'id="{each.removeprefix(SHAPES)}"' not in page] == []


def test_every_shape_with_a_message_has_its_place(client: FlaskClient) -> None:
    page = _page(client, "/shapes/")

    missing = [iri for iri in MODEL.messages if f'id="{iri.removeprefix(SHAPES)}"' not in page]
    assert missing == []


def test_the_iri_of_a_shape_leads_to_its_place(client: FlaskClient) -> None:
    answer = client.get("/shapes/Practice-originCountry", headers=HTML)

    assert (answer.status_code, answer.location) == (303, "/shapes/#Practice-originCountry")


def test_the_shapes_can_be_had_as_data(client: FlaskClient) -> None:
    answer = client.get("/shapes/", headers={"Accept": "text/turtle"})

    assert b"sh:NodeShape" in answer.data
    assert client.get("/shapes.ttl").data == answer.data
    assert client.get("/shapes.xyz").status_code == 404
