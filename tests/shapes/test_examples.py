"""Each example breaks exactly the shapes that its header names, and both engines say so."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from kg.namespaces import SHAPES
from kg.records import Finding
from loader.forms import read_forms, read_messages
from loader.validation import Validator
from tests.shapes.examples import (
    FOLDER,
    PATHS,
    TODAY,
    Example,
    find_all,
    read_example,
    read_reference,
)

EXAMPLES = [read_example(path) for path in PATHS]
ENGINE_DEFECTS: Mapping[str, tuple[str, str]] = {
    "country/iso3-line-end": ("pyshacl", "`$` of Python's `re` also matches before a line end"),
    "country/valid-long-with-many-decimals": ("shacl", "its decimals have 18 places at most"),
}
"""Example to the engine that is wrong about it and the reason; the header says what is right."""

Findings = Mapping[str, tuple[Finding, ...]]


@pytest.fixture(scope="module")
def bulk() -> Findings:
    return find_all(EXAMPLES, Validator(FOLDER, read_reference(), today=TODAY))


@pytest.fixture(scope="module")
def oracle() -> Findings:
    return find_all(EXAMPLES, Validator(FOLDER, read_reference(), "pyshacl", today=TODAY))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_example_breaks_the_shapes_that_its_header_names(
    example: Example, bulk: Findings, oracle: Findings
) -> None:
    wrong_engine, _reason = ENGINE_DEFECTS.get(example.name, ("", ""))
    findings = (oracle if wrong_engine == "shacl" else bulk)[example.name]

    assert tuple(sorted({finding.shape for finding in findings})) == example.expects


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_both_engines_find_the_same(example: Example, bulk: Findings, oracle: Findings) -> None:
    is_same = bulk[example.name] == oracle[example.name]

    assert is_same == (example.name not in ENGINE_DEFECTS), "one differs, or a defect is mended"


def test_each_shape_has_an_example_that_breaks_it() -> None:
    broken = {shape for example in EXAMPLES for shape in example.expects}

    assert set(read_messages(FOLDER)) - broken == set()


def test_each_class_has_a_valid_example() -> None:
    valid = [example for example in EXAMPLES if not example.expects]
    types = {
        each.object for example in valid for record in example.records for each in record.triples
    }

    assert {NamedNode(target) for target in read_forms(FOLDER)} - types == set()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_header_is_one_sentence_about_an_invented_record(example: Example) -> None:
    assert example.why.endswith(".") and len(example.why) < 110
    assert len(example.records) == 1
    key = example.records[0].key
    assert "example" in key or key in {"XEX", "999", "99", "99.1", "C990101"}


def test_examples_stand_in_the_folder_of_their_class() -> None:
    folders = {path.parent.name for path in PATHS}
    classes = {_kebab(path.stem) for path in FOLDER.glob("[A-Z]*.ttl")}

    assert folders == classes


def test_a_file_named_after_a_property_breaks_that_property() -> None:
    shapes = {iri.removeprefix(SHAPES) for iri in read_messages(FOLDER)}
    for path, example in zip(PATHS, EXAMPLES, strict=True):
        for name in (name for name in shapes if _is_of(path, name)):
            assert SHAPES + name in example.expects, path


def _is_of(path: Path, shape: str) -> bool:
    class_name, _, local = shape.partition("-")
    return path.parent.name == _kebab(class_name) and path.stem == _kebab(local)


def _kebab(name: str) -> str:
    return "".join(
        f"-{letter}" if place and letter.isupper() and name[place - 1].islower() else letter
        for place, letter in enumerate(name)
    ).lower()
