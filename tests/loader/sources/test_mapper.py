"""Columns are read as the forms say, so that a new property needs no code."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kg.namespaces import expand
from loader.forms import Field, Form
from loader.problems import Misfit
from loader.sources import Lookup
from loader.sources.draft import Draft
from loader.sources.mapper import make_reader, match_columns, remember, split_language

Make = Callable[..., Field]


@pytest.fixture
def make_field(project_lookup: Lookup) -> Make:
    """A field like that of the budget, with some things changed."""
    form = project_lookup.forms[expand("ssc4c:Practice")]
    plain = form.field_of(expand("ssc4c:budgetInUsDollars"))
    assert plain is not None

    def make(datatype: str = "", **changes: object) -> Field:
        datatypes = (expand(datatype),) if datatype else ()
        return replace(plain, datatypes=datatypes, pattern="", **changes)  # type: ignore[arg-type]

    return make


@pytest.mark.parametrize(
    ("datatype", "changes", "cell", "values"),
    [
        ("xsd:decimal", {}, "1.50", ['"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>']),
        ("xsd:integer", {}, "007", ['"7"^^<http://www.w3.org/2001/XMLSchema#integer>']),
        ("xsd:boolean", {}, "yes", ['"true"^^<http://www.w3.org/2001/XMLSchema#boolean>']),
        ("xsd:gYear", {}, "2013", ['"2013"^^<http://www.w3.org/2001/XMLSchema#gYear>']),
        ("xsd:date", {}, "2013-05", ['"2013-05"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>']),
        ("xsd:string", {}, "a;b", ['"a;b"']),
        ("xsd:string", {"max_count": None}, "a;b", ['"a"', '"b"']),
        ("rdf:langString", {}, "a;b", ['"a;b"@en']),
        ("rdf:langString", {"max_count": None}, "a; b", ['"a"@en', '"b"@en']),
        (
            "rdf:langString",
            {"max_count": None, "is_once_per_language": True},
            "a;b",
            ['"a;b"@en'],
        ),
        ("xsd:hexBinary", {}, "ff", ['"ff"^^<http://www.w3.org/2001/XMLSchema#hexBinary>']),
        ("", {}, "https://a.org", ["<https://a.org>"]),
        (
            "",
            {"kinds": ("sdg",), "max_count": None},
            "2;SDG 2.1",
            ["<http://metadata.un.org/sdg/2>", "<http://metadata.un.org/sdg/2.1>"],
        ),
        ("", {"kinds": ("country",)}, "Brasil", ["<https://w3id.org/ssc4c/id/country/BRA>"]),
    ],
)
def test_cell_is_read_by_type_and_number_of_values(
    make_field: Make,
    project_lookup: Lookup,
    datatype: str,
    changes: dict[str, object],
    cell: str,
    values: list[str],
) -> None:
    read = make_reader(
        make_field(datatype, **changes), "en" if "lang" in datatype else "", project_lookup
    )

    assert list(map(str, read(cell))) == values


def test_property_that_is_added_to_a_form_is_read_from_its_column(
    make_field: Make, project_lookup: Lookup
) -> None:
    added = make_field("rdf:langString", path=expand("ssc4c:whatChanged"), column="changes")
    form = Form("shape", "class", {}, {}, (added,))
    draft = Draft("s", "practice", "x", "p.csv")

    for column in match_columns(["id", "changes_fr", "other"], form, project_lookup):
        column.state("Tout", draft)

    assert [str(triple) for triple in draft.triples] == [
        '<https://w3id.org/ssc4c/id/practice/x> <https://w3id.org/ssc4c/def/whatChanged> "Tout"@fr'
    ]


def test_targets_are_stated_by_the_wider_property_too(project_lookup: Lookup) -> None:
    form = project_lookup.forms[expand("ssc4c:Practice")]

    (column,) = match_columns(["sdg_targets_stated"], form, project_lookup)

    assert [predicate.value for predicate in column.predicates] == [
        expand("ssc4c:contributesToAsStated"),
        expand("ssc4c:contributesTo"),
    ]


def test_language_is_told_apart_from_the_name_of_a_column() -> None:
    assert split_language("title_fr") == ("title", "fr")
    assert split_language("title") == ("title", "")
    assert split_language("country_iso3") == ("country_iso3", "")


def test_cells_are_read_once_and_refused_each_time() -> None:
    calls = []

    def read(cell: str) -> tuple[()]:
        calls.append(cell)
        raise Misfit("no")

    read_again = remember(read)
    for _ in range(2):
        with pytest.raises(Misfit):
            read_again("x")

    assert calls == ["x"]
