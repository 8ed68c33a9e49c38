"""The validator judges each record by itself, whatever stands beside it, with either engine."""

import csv
import random
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from kg.errors import BadInput
from kg.namespaces import PREFIXES, SHAPES
from kg.records import Finding, Record
from kg.reference import ReferenceGraph
from kg.settings import PROJECT
from loader.sources import read_lookup, read_project_source
from loader.validation import Validator
from loader.validation.batches import Entry, make_batches
from tests.shapes.examples import FOLDER, PATHS, TODAY, read_example, read_reference

HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
ID = "https://w3id.org/ssc4c/id"
GROUND = ("vocabulary", "reference")


def make_record(kind: str, key: str, statements: str, source: str = "example") -> Record:
    text = f"{HEADER}<{ID}/{kind}/{key}> {statements} ."
    triples = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
    return Record.of(source, kind, key, triples)


def make_validator(engine: str = "shacl", core: int = 10_000, sparql: int = 100) -> Validator:
    return Validator(
        FOLDER, read_reference(), engine, today=TODAY, core_batch=core, sparql_batch=sparql
    )


def find_shapes(validator: Validator, *records: Record) -> list[list[str]]:
    return [
        sorted(finding.shape.removeprefix(SHAPES) for finding in outcome.findings)
        for outcome in validator.validate(records)
    ]


@pytest.fixture(params=["shacl", "pyshacl"])
def validator(request: pytest.FixtureRequest) -> Validator:
    return make_validator(request.param)


def test_outcomes_come_in_the_order_of_the_records(validator: Validator) -> None:
    records = [make_record("idea", f"example-{number}", "a ssc4c:Idea") for number in range(5)]

    outcomes = validator.validate(records)

    assert [outcome.record for outcome in outcomes] == records


def test_finding_names_focus_path_value_and_message(validator: Validator) -> None:
    record = make_record(
        "publication", "example", 'a ssc4c:Publication ; dcterms:title "No \\"language\\"\\n"'
    )

    (outcome,) = validator.validate([record])

    assert outcome.findings == (
        Finding(
            focus=f"<{ID}/publication/example>",
            path="<http://purl.org/dc/terms/title>",
            shape=f"{SHAPES}Publication-title",
            severity="Violation",
            value='"No \\"language\\"\\n"',
            message="“Title”: write plain text and say in which language it is, "
            "once in each language.",
        ),
    )


def test_warnings_are_kept_and_violations_refuse_the_record(validator: Validator) -> None:
    partial = make_record("idea", "example-partial", "a ssc4c:Idea")
    wrong = make_record("idea", "example-wrong", f"a ssc4c:Idea ; ssc4c:theme <{ID}/theme/none>")

    warned, refused = validator.validate([partial, wrong])

    assert warned.accepted and warned.findings
    assert not refused.accepted


def test_finding_about_a_nested_node_belongs_to_its_record(validator: Validator) -> None:
    part = f"{ID}/practice/example#example-part"
    record = make_record(
        "practice",
        "example",
        f"ssc4c:hasParticipation <{part}> . <{part}> a ssc4c:Participation ; "
        f"ssc4c:participant <{ID}/actor/example>",
    )

    assert find_shapes(validator, record) == [["Participation-roleGiven"]]


def test_two_sources_on_one_thing_do_not_complete_each_other(validator: Validator) -> None:
    first = make_record("idea", "example", 'a ssc4c:Idea ; dcterms:title "Example"@en', "one")
    source = f"<{ID}/publication/example>"
    second = make_record("idea", "example", f"a ssc4c:Idea ; dcterms:source {source}", "two")

    assert find_shapes(validator, first, second) == [["Thing-sourceGiven"], ["Thing-titleGiven"]]


def test_record_cannot_lean_on_another_record_of_the_run(validator: Validator) -> None:
    country = make_record("country", "XEX", 'a ssc4c:Country ; skos:prefLabel "Exampleland"@en')
    practice = make_record(
        "practice",
        "example",
        f'a ssc4c:Practice ; dcterms:title "Example"@en ; ssc4c:startYear "2015"^^xsd:gYear ; '
        f"ssc4c:originCountry <{ID}/country/XEX> ; dcterms:source <{ID}/publication/example>",
    )

    assert find_shapes(validator, country, practice) == [[], ["Practice-originCountry"]]


def test_faults_of_reference_data_are_not_blamed_on_a_record(validator: Validator) -> None:
    record = make_record(
        "challenge",
        "example",
        f'a ssc4c:Challenge ; dcterms:title "Example"@en ; ssc4c:affectsCountry '
        f"<{ID}/country/BRA> ; dcterms:source <{ID}/publication/example>",
    )

    assert find_shapes(validator, record) == [[]], "the country of the fixture has no name"


@pytest.mark.parametrize("sizes", [(1, 1), (7, 3), (50, 1000), (10_000, 10)])
def test_result_does_not_depend_on_batches(
    sizes: tuple[int, int], alone: list[tuple[Record, tuple[Finding, ...]]]
) -> None:
    shuffled = random.Random(7).sample(alone, len(alone))

    outcomes = make_validator("shacl", *sizes).validate([record for record, _ in shuffled])

    assert [(outcome.record, outcome.findings) for outcome in outcomes] == shuffled


@pytest.fixture(scope="module")
def alone() -> list[tuple[Record, tuple[Finding, ...]]]:
    """The records of all examples, some from a second source, each validated by itself."""
    validator = make_validator()
    records = [record for path in PATHS for record in read_example(path).records]
    again = [Record.of("second", each.kind, each.key, each.triples) for each in records[::3]]
    return [(each, validator.validate([each])[0].findings) for each in (*records, *again)]


def test_batches_keep_records_apart_that_know_each_other() -> None:
    practice = make_record("practice", "example", "a ssc4c:Practice")
    adaptation = make_record("adaptation", "example", f"ssc4c:adaptationOf <{ID}/practice/example>")
    other = make_record("practice", "other", "a ssc4c:Practice")
    entries = [
        Entry.of(place, each) for place, each in enumerate([practice, adaptation, other, practice])
    ]

    batches = [[entry.place for entry in batch.entries] for batch in make_batches(entries, 10)]

    assert batches == [[0, 2], [1], [3]]


def test_batches_are_no_larger_than_asked() -> None:
    records = [make_record("idea", f"example-{number}", "a ssc4c:Idea") for number in range(7)]
    entries = [Entry.of(place, record) for place, record in enumerate(records)]

    assert [len(batch.entries) for batch in make_batches(entries, 3)] == [3, 3, 1]


@pytest.mark.parametrize(
    ("today", "shapes"),
    [(date(2026, 10, 31), []), (date(2026, 11, 1), ["Activity-verifiedLately"])],
)
@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_rules_about_time_go_by_the_day_that_is_given(
    engine: str, today: date, shapes: list[str]
) -> None:
    checked = make_record("practice", "example", 'ssc4c:verifiedOn "2024-10-31"^^xsd:date')
    validator = Validator(FOLDER, read_reference(), engine, today=today)

    assert find_shapes(validator, checked) == [shapes]


def test_unknown_engine_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match="shacl, pyshacl"):
        make_validator("topbraid")


def test_no_records_have_no_outcomes(validator: Validator) -> None:
    assert validator.validate([]) == []


@cache
def read_shipped() -> tuple[Record, ...]:
    lookup = read_lookup(PROJECT)
    items = (
        item
        for source in (*GROUND, "ssc4c")
        for item in read_project_source(PROJECT, source, lookup)
    )
    return tuple(item for item in items if isinstance(item, Record))


def validate_shipped(engine: str, *sources: str) -> dict[Record, tuple[Finding, ...]]:
    ground = (record.content() for record in read_shipped() if record.source in GROUND)
    validator = Validator(FOLDER, ReferenceGraph(ground), engine, today=TODAY)
    records = [record for record in read_shipped() if record.source in sources]
    return {outcome.record: outcome.findings for outcome in validator.validate(records)}


@pytest.mark.parametrize("source", [*GROUND, "ssc4c"])
def test_both_engines_agree_on_all_shipped_data(source: str) -> None:
    found = validate_shipped("shacl", source)

    assert found
    assert found == validate_shipped("pyshacl", source)


def test_shipped_data_has_no_violation() -> None:
    findings = [
        each for found in validate_shipped("shacl", *GROUND, "ssc4c").values() for each in found
    ]

    assert [each for each in findings if each.severity == "Violation"] == []


def test_rows_known_to_be_incomplete_are_warned_of() -> None:
    warned = defaultdict(set)
    for record, findings in validate_shipped("shacl", "ssc4c").items():
        for finding in findings:
            warned[finding.shape.removeprefix(SHAPES)].add(record.key)

    path = Path(__file__).with_name("incomplete.csv")
    with path.open(encoding="utf-8", newline="") as file:
        known = [(row["id"], row["shape"]) for row in csv.DictReader(file)]

    assert len(known) == 66
    assert [(key, shape) for key, shape in known if key not in warned[shape]] == []
