"""Forms give mappers and pages what the shapes say."""

from pathlib import Path

import pytest

from kg.namespaces import DEF, expand
from loader.forms import Field, columns_by_iri, read_forms, read_groups, read_messages

FOLDER = Path(__file__).resolve().parents[2] / "shapes"
FORMS = read_forms(FOLDER)


def field(class_name: str, path: str) -> Field:
    found = FORMS[DEF + class_name].field_of(expand(path))
    assert found
    return found


def test_form_joins_own_and_shared_properties_in_order() -> None:
    form = FORMS[DEF + "Practice"]
    shapes = {
        shape.rpartition("/")[2].partition("-")[0] for shape in (f.shape for f in form.fields)
    }
    orders = [each.order for each in form.fields]

    assert form.shape.endswith("/Practice")
    assert shapes == {"Practice", "Activity"}
    assert orders == sorted(orders)


def test_names_and_messages_come_in_five_languages() -> None:
    title = field("Initiative", "dcterms:title")

    names = {"en": "Title", "fr": "Titre", "es": "Título", "pt": "Título", "ar": "العنوان"}
    assert dict(title.names) == names
    assert title.messages["fr"].startswith("«\xa0Titre\xa0»")
    assert FORMS[DEF + "Initiative"].names["es"] == "Iniciativa"


@pytest.mark.parametrize(
    ("class_name", "path", "kinds"),
    [
        ("Practice", "ssc4c:originCountry", ("country",)),
        ("Practice", "ssc4c:theme", ("theme",)),
        ("Practice", "ssc4c:contributesToAsStated", ("sdg",)),
        ("Practice", "ssc4c:advancesRight", ("crc",)),
        ("Initiative", "ssc4c:carries", ("practice", "adaptation")),
        ("Need", "ssc4c:owner", ("actor", "person", "country")),
        ("Practice", "dcterms:source", ("publication",)),
        ("Practice", "dcterms:title", ()),
    ],
)
def test_field_tells_to_which_kinds_it_links(
    class_name: str, path: str, kinds: tuple[str, ...]
) -> None:
    assert field(class_name, path).kinds == kinds


def test_field_of_a_scheme_names_it() -> None:
    form = field("Initiative", "ssc4c:form")

    assert (form.scheme, form.max_count, form.column) == ("form", 1, "form")
    assert (form.node_kind, form.datatype, form.severity) == ("IRI", "", "Violation")


def test_field_tells_its_datatypes() -> None:
    assert field("Practice", "ssc4c:startYear").datatype == expand("xsd:gYear")
    assert field("Practice", "dcterms:title").datatype == expand("rdf:langString")
    assert field("Event", "ssc4c:startDate").datatype == ""
    assert field("Event", "ssc4c:startDate").datatypes == tuple(
        expand(f"xsd:{name}") for name in ("date", "gYearMonth", "gYear")
    )
    assert field("Event", "ssc4c:startDate").node_kind == "Literal"


def test_field_tells_what_must_and_what_should_be_given() -> None:
    assert field("Need", "ssc4c:owner").min_count == 1
    assert field("Practice", "dcterms:title").min_count == 0
    assert field("Practice", "dcterms:title").is_recommended
    assert field("Initiative", "ssc4c:form").is_recommended
    assert not field("Practice", "ssc4c:form").is_recommended


def test_unknown_property_has_no_field() -> None:
    assert FORMS[DEF + "Practice"].field_of(expand("ssc4c:iso3")) is None


def test_groups_come_in_their_order() -> None:
    groups = list(read_groups(FOLDER).values())

    assert groups[0].names["en"] == "What it is"
    assert [group.order for group in groups] == sorted(group.order for group in groups)


def test_a_property_is_added_in_the_shapes_alone(tmp_path: Path) -> None:
    (tmp_path / "Example.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ssc4c: <https://w3id.org/ssc4c/def/> .
@prefix ssc4csh: <https://w3id.org/ssc4c/shapes/> .
ssc4csh:Example a sh:NodeShape ; sh:targetClass ssc4c:Example ; sh:property ssc4csh:Example-weight .
ssc4csh:Example-weight a sh:PropertyShape ; sh:path ssc4c:weight ; sh:order 1 ;
  sh:message "Weigh it."@en ; ssc4c:column "weight" .
"""
    )
    form = read_forms(tmp_path)[DEF + "Example"]

    assert [each.column for each in form.fields] == ["weight"]
    assert {shape: dict(texts) for shape, texts in read_messages(tmp_path).items()} == {
        form.fields[0].shape: {"en": "Weigh it."}
    }


def test_columns_are_found_by_shape_and_by_property() -> None:
    columns = columns_by_iri(FORMS)

    assert columns["https://w3id.org/ssc4c/def/endYear"] == "end_year"
    assert columns["https://w3id.org/ssc4c/shapes/Activity-startYear"] == "start_year"
    assert "https://w3id.org/ssc4c/def/theme" in columns
