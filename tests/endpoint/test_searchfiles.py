"""Files of a search, opened again by other programs than those that wrote them."""

import csv
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl.reader.excel import load_workbook
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from kg.namespaces import ID, expand
from kg.settings import Settings
from tests.endpoint.pages_sample import client_of, sample_client, sample_store

EVIL = '=HYPERLINK("http://evil.example")'
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}


def _rows(client: FlaskClient, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/search.csv?{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))


def _workbook(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))  # type: ignore[no-untyped-call]


def _client_with(title: str) -> FlaskClient:
    thing = NamedNode(f"{ID}practice/evil")
    said = (
        ("rdf:type", NamedNode(expand("ssc4c:Practice"))),
        ("dcterms:title", Literal(title, language="en")),
    )
    extra = [Triple(thing, NamedNode(expand(name)), value) for name, value in said]
    return client_of(sample_store(extra), Settings())


def test_csv_holds_all_columns_and_several_values() -> None:
    rows = _rows(sample_client(), "kind=initiative")

    assert [row["iri"] for row in rows] == [f"{ID}initiative/school-meals-africa"]
    assert rows[0]["recipients"] == "Malawi; Mozambique"
    assert rows[0]["targets"] == "2 Zero hunger; 2.1 Food for all, all year"
    assert rows[0]["start"] == "2012"


def test_columns_can_be_chosen() -> None:
    rows = _rows(sample_client(), "kind=initiative&column=form&column=kind&column=nonsense")

    assert list(rows[0]) == ["iri", "name", "kind", "form"]


@pytest.mark.parametrize("title", [EVIL, "+1+1", "-2+3", "@SUM(A1)", "\t=1+1"])
def test_no_cell_of_a_csv_is_a_formula(title: str) -> None:
    rows = _rows(_client_with(title), "kind=practice")

    names = [row["name"] for row in rows]
    assert f"'{title}" in names
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row.values()
    )


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    client = _client_with(EVIL + "\x0b")

    book = _workbook(client.get("/search.xlsx?kind=practice&column=start").data)

    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n", "inlineStr"}
    assert EVIL in [cell.value for cell in cells]
    assert 1955 in [cell.value for cell in cells]


def test_a_workbook_can_be_read_and_filtered_as_it_opens() -> None:
    book = _workbook(sample_client().get("/search.xlsx?kind=practice&column=start").data)

    sheet = book.active
    assert [cell.value for cell in sheet[1]] == ["IRI", "Name", "Start"]
    assert sheet.auto_filter.ref == f"A1:C{sheet.max_row}"
    assert sheet.column_dimensions["B"].width == 60


def test_a_cell_holds_no_more_than_it_may() -> None:
    client = _client_with("long " * 10_000)

    book = _workbook(client.get("/search.xlsx?kind=practice").data)

    longest = max(len(str(cell.value)) for row in book.active.iter_rows() for cell in row)
    assert longest == 32_767


def test_json_tells_names_and_iris() -> None:
    document = json.loads(sample_client().get("/search.json?kind=initiative").data)

    item = document["items"][0]
    assert (document["total"], item["kind"]) == (1, "initiative")
    assert item["providers"] == [{"iri": f"{ID}country/BRA", "name": "Brazil"}]
    assert document["address"] == "/search?kind=initiative"


@pytest.mark.parametrize("extension", list(FORMATS))
def test_rdf_holds_the_statements_about_what_was_found(extension: str) -> None:
    answer = sample_client().get(f"/search.{extension}?kind=initiative")

    store = Store()
    store.extend(parse(answer.data, format=FORMATS[extension]))
    start = NamedNode(expand("ssc4c:startYear"))
    thing = NamedNode(f"{ID}initiative/school-meals-africa")
    found = {quad.object for quad in store.quads_for_pattern(thing, start, None, None)}
    assert found == {Literal("2012", datatype=NamedNode(expand("xsd:gYear")))}
    assert not list(
        store.quads_for_pattern(NamedNode(f"{ID}practice/school-meals"), None, None, None)
    )


def test_jsonld_is_written_with_our_context() -> None:
    document = json.loads(sample_client().get("/search.jsonld?kind=initiative").data)

    assert f"{ID}initiative/school-meals-africa" in [node["@id"] for node in document["@graph"]]


def test_files_are_whole_unless_a_page_is_asked_for() -> None:
    client = sample_client()
    everything = len(_rows(client, ""))

    assert everything > 40
    assert len(_rows(client, "size=20&page=2")) == 20


def test_a_file_that_would_be_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("endpoint.searchfiles.ROWS", 5)

    answer = sample_client().get("/search.csv")

    assert answer.status_code == 400
    assert "at most 5" in answer.get_json()["detail"]


def test_files_are_named_and_typed() -> None:
    answer = sample_client().get("/search.xlsx?q=meals")

    assert str(answer.mimetype).endswith("spreadsheetml.sheet")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ssc4c-search.xlsx"'
