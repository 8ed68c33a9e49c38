"""Turtle files become one record for each of our subjects, without blank nodes."""

from pathlib import Path

import pytest

from kg.errors import BadInput
from kg.records import Record
from loader.problems import RowProblem
from loader.sources.turtle import read_turtle

PREFIXES = """
@prefix def: <https://w3id.org/ssc4c/def/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def read(folder: Path, *texts: str) -> list[Record]:
    paths = []
    for number, text in enumerate(texts):
        paths.append(folder / f"{number}.ttl")
        paths[-1].write_text(PREFIXES + text, encoding="utf-8")
    items = list(read_turtle(paths, "vocabulary"))
    assert [item for item in items if isinstance(item, RowProblem)] == []
    return [item for item in items if isinstance(item, Record)]


def test_statements_of_several_files_about_one_subject_are_one_record(tmp_path: Path) -> None:
    records = read(
        tmp_path, "def:A rdfs:seeAlso def:B .", 'def:A a owl:Class ; rdfs:label "A"@en .'
    )

    assert [(r.kind, r.key, r.origin, len(r.triples)) for r in records] == [
        ("def", "A", "1.ttl", 3)
    ]
    assert records[0].graph.value == "https://w3id.org/ssc4c/graph/vocabulary/def/A"


def test_ontology_itself_is_a_record(tmp_path: Path) -> None:
    records = read(tmp_path, "<https://w3id.org/ssc4c/def/> a owl:Ontology .")

    assert [(r.kind, r.key) for r in records] == [("def", "")]


def test_foreign_subject_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<https://a.org/x> a <https://a.org/Y> .", encoding="utf-8")

    message = "This is no thing of this graph; what is said of it is left out."
    assert list(read_turtle([path], "x")) == [
        RowProblem("a.ttl", 0, "", "https://a.org/x", message, (), "warning")
    ]


def test_nested_nodes_belong_to_the_record_of_their_thing(tmp_path: Path) -> None:
    thing = "https://w3id.org/ssc4c/id/practice/x"
    nested = f"<{thing}#a> rdfs:label 'a', 'b' ; rdfs:seeAlso [ a owl:Thing ] ."

    (record,) = read(tmp_path, f"<{thing}> rdfs:seeAlso <{thing}#a> . {nested}")

    assert (record.kind, record.key, len(record.triples)) == ("practice", "x", 5)


def test_blank_nodes_are_named_by_what_they_say(tmp_path: Path) -> None:
    text = "def:A rdfs:domain [ owl:unionOf (def:B def:C) ] ."
    (one,) = read(tmp_path, text)
    (other,) = read(tmp_path, f"def:A rdfs:domain [ owl:unionOf ( def:B  def:C ) ] . # {'x' * 9}")

    assert one.triples == other.triples
    assert len(one.triples) == 6


def test_blank_nodes_in_a_circle_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="refer to each other in a circle"):
        read(tmp_path, "def:A rdfs:seeAlso _:a . _:a rdfs:seeAlso _:b . _:b rdfs:seeAlso _:a .")


def test_what_is_no_turtle_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"0\.ttl cannot be read as Turtle"):
        read(tmp_path, "def:A a ;;; x")
