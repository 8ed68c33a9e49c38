"""The Turtle formatter changes the layout and nothing else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize
from rdflib import Graph
from rdflib.compare import isomorphic

from loader.turtle import format_turtle, main

MESSY = r'''# What this file is.
#   And more.

@prefix ex: <https://example.org/> .
@prefix s: <http://www.w3.org/ns/shacl#> .
# A remark inside is not kept.
ex:b s:name "b" .
ex:a10 s:order 10 . ex:a9 s:order 9 , 1.50, true ; a s:PropertyShape ;
  s:in ( 1 "two" [ s:name "three" ; s:path [ s:inversePath ex:p ] ] ( ) ) ;
  s:name "x"@pt, "x"@en , "a \"quoted\" \\ text" ;
  s:select """one "" line
and "another" \\ with a tail\"""" .
[] s:name "nobody" .
'''
FORMATTED = r'''# What this file is.
#   And more.

@prefix sh: <http://www.w3.org/ns/shacl#> .

<https://example.org/a9>
  a sh:PropertyShape ;
  sh:in (
    1
    "two"
    [
      sh:path [
        sh:inversePath <https://example.org/p> ;
      ] ;
      sh:name "three" ;
    ]
    ()
  ) ;
  sh:name
    "x"@en,
    "x"@pt,
    "a \"quoted\" \\ text" ;
  sh:order
    1.50,
    9,
    true ;
  sh:select """one \"" line
and "another" \\ with a tail\"""" ;
.

<https://example.org/a10>
  sh:order 10 ;
.

<https://example.org/b>
  sh:name "b" ;
.

[]
  sh:name "nobody" ;
.
'''
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))


def test_messy_file_is_put_in_order() -> None:
    assert format_turtle(MESSY) == FORMATTED


def test_formatting_keeps_the_graph_and_is_done_once() -> None:
    once = format_turtle(MESSY)

    before = Graph().parse(data=MESSY, format="turtle")
    assert isomorphic(Graph().parse(data=once, format="turtle"), before)
    assert format_turtle(once) == once


def test_order_of_statements_does_not_matter() -> None:
    lines = "<urn:b> <urn:p> 1 .", "<urn:a> <urn:p> 2 .", "<urn:a> <urn:p> [ <urn:q> 3 ] ."

    assert format_turtle("\n".join(lines)) == format_turtle("\n".join(reversed(lines)))


@given(TEXTS)
def test_any_text_comes_back(text: str) -> None:
    triple = Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal(text, language="en"))
    turtle = (serialize([triple], format=RdfFormat.TURTLE) or b"").decode()

    (quad,) = parse(format_turtle(turtle), format=RdfFormat.TURTLE)

    assert quad.triple == triple


@pytest.mark.parametrize(
    "turtle",
    ["<urn:a> <urn:p> _:x . <urn:b> <urn:p> _:x .", "_:x <urn:p> _:y . _:y <urn:p> _:x ."],
)
def test_blank_node_in_two_places_is_refused(turtle: str) -> None:
    with pytest.raises(ValueError, match="give it an IRI"):
        format_turtle(turtle)


def test_check_names_the_file_and_leaves_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "messy.ttl"
    path.write_text(MESSY, encoding="utf-8")

    assert main(["--check", str(tmp_path)]) == 1
    assert "messy.ttl" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == MESSY


def test_command_rewrites_what_is_not_formatted(tmp_path: Path) -> None:
    path = tmp_path / "messy.ttl"
    path.write_text(MESSY, encoding="utf-8")

    assert main([str(path)]) == 0
    assert path.read_text(encoding="utf-8") == FORMATTED
    assert main(["--check", str(path)]) == 0


def test_file_that_is_no_turtle_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("this is not Turtle", encoding="utf-8")

    with pytest.raises(SystemExit, match=r"broken\.ttl"):
        main([str(path)])
