"""What holds for all shapes, so that forms, pages and both engines can rely on them."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import RDF, SH, Graph, URIRef

from kg.namespaces import PREFIXES, SHAPES, expand
from kg.settings import PROJECT
from loader.forms import Field, Form, read_forms, read_groups, read_messages
from tests.shapes.examples import FOLDER

LANGUAGES = {"en", "fr", "es", "pt", "ar"}
FORMS = read_forms(FOLDER)
FIELDS = sorted({field.shape: field for form in FORMS.values() for field in form.fields}.items())
RULES = sorted(set(read_messages(FOLDER)) - dict(FIELDS).keys())
FILES = sorted(FOLDER.glob("*.ttl"))
SELECTS = [
    str(query)
    for path in FILES
    for query in Graph().parse(path, format="turtle").objects(None, SH.select)
]


@pytest.mark.parametrize(("shape", "field"), FIELDS, ids=lambda value: str(value)[-40:])
def test_property_shape_can_stand_in_a_form(shape: str, field: Field) -> None:
    local = re.split(r"[#/]", field.path)[-1]

    assert shape.endswith(f"-{local}")
    assert field.names.keys() == field.messages.keys() == field.descriptions.keys() == LANGUAGES
    assert field.descriptions["en"].endswith(".")
    assert field.order and field.group in read_groups(FOLDER)
    assert field.severity in {"Violation", "Warning"}
    assert field.datatypes or field.kinds or field.pattern


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.target_class[-30:])
def test_form_has_names_and_one_order(form: Form) -> None:
    orders = Counter(field.order for field in form.fields)
    paths = Counter(field.path for field in form.fields)

    assert form.names.keys() == form.descriptions.keys() == LANGUAGES
    assert form.fields and max(orders.values()) == 1, orders.most_common(3)
    assert max(paths.values()) == 1, paths.most_common(3)


@pytest.mark.parametrize("rule", RULES)
def test_rule_speaks_four_languages(rule: str) -> None:
    assert read_messages(FOLDER)[rule].keys() == LANGUAGES


def test_groups_have_names_and_an_order() -> None:
    groups = read_groups(FOLDER).values()

    assert all(group.names.keys() == LANGUAGES for group in groups)
    assert len({group.order for group in groups}) == len(groups)


def test_translations_speak_of_shapes_that_exist() -> None:
    text = (FOLDER / "translations.yaml").read_text(encoding="utf-8")
    shapes = {subject.value for path in FILES for subject in _subjects(path)}

    assert {SHAPES + name for name in yaml.safe_load(text)} - shapes == set()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("[A-Z]*.ttl")), ids=lambda path: path.stem)
def test_file_holds_one_class_with_its_shapes(path: Path) -> None:
    names = {subject.value.removeprefix(SHAPES) for subject in _subjects(path)}
    fields = {name for name in names if SHAPES + name in dict(FIELDS)}

    assert all(name.startswith(f"{path.stem}-") for name in fields)
    assert path.stem == "Thing" or path.stem in names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rule_has_message_and_severity_on_a_named_shape(path: Path) -> None:
    graph = Graph().parse(path, format="turtle")
    for shape in set(graph.subjects(SH.sparql)) | set(graph.subjects(SH.minCount)):
        if isinstance(shape, URIRef):
            assert graph.value(shape, SH.message) and graph.value(shape, SH.severity), shape
    for shape in graph.subjects(SH.sparql):
        assert (shape, RDF.type, SH.NodeShape) in graph
    for property_shape in graph.subjects(RDF.type, SH.PropertyShape):
        if (property_shape, SH.order, None) in graph:
            assert isinstance(graph.value(property_shape, SH.path), URIRef)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_shape_uses_what_the_engines_judge_differently(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"sh:lessThan|sh:closed|sh:js|sh:rule|sh:target ", text)


@pytest.mark.parametrize("select", SELECTS)
def test_sparql_rule_is_written_so_that_engines_agree(select: str) -> None:
    prefixes = set(
        re.findall(r"(?<![\w?$])([a-z0-9]+):[A-Za-z]", re.sub(r"<[^>]*>|\"[^\"]*\"", "", select))
    )

    assert select.strip().startswith("SELECT DISTINCT $this")
    assert prefixes <= {"ssc4c", "xsd"}
    assert all(prefix in PREFIXES for prefix in prefixes)


def test_columns_of_the_forms_stand_in_the_shipped_files() -> None:
    headers = set(_headers())

    columns = {field.column for _shape, field in FIELDS if field.column}

    assert columns - headers == {"definition", "broader"}, "concepts stand in Turtle"


def test_values_of_our_own_classes_are_checked() -> None:
    country = expand("ssc4c:Country")
    paths = {field.path for _shape, field in FIELDS if field.value_class == country}

    assert {expand(f"ssc4c:{name}") for name in ("originCountry", "participantCountry")} <= paths


def _subjects(path: Path) -> Iterator[NamedNode]:
    for quad in parse(path=path, format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode):
            yield quad.subject


def _headers() -> Iterator[str]:
    """Columns of all shipped files, with and without their language."""
    for path in sorted((PROJECT / "data").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for name in next(csv.reader(file)):
                yield name
                yield re.sub(r"_[a-z]{2}$", "", name)
