"""The examples of the shapes, read with what their headers promise."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kg.namespaces import SHAPES, split_thing
from kg.records import Finding, Record
from kg.reference import ReferenceGraph
from loader.validation import Validator

FOLDER: Final = Path(__file__).resolve().parents[2] / "shapes"
PATHS: Final = sorted((FOLDER / "examples").glob("*/*.ttl"))
TODAY: Final = date(2026, 11, 24)
"""The day on which the examples are what their headers say."""


@dataclass(frozen=True)
class Example:
    """The records of one file and the shapes that they break."""

    name: str
    why: str
    expects: tuple[str, ...]
    """Shape IRIs, sorted."""
    records: tuple[Record, ...]


def read_example(path: Path) -> Example:
    """Read one file; its first comment line tells why, the second what it breaks."""
    why, expects = (
        line.removeprefix("#").strip() for line in path.read_text(encoding="utf-8").splitlines()[:2]
    )
    names = expects.removeprefix("expects:").replace("nothing", "").split(",")
    shapes = sorted(name.strip().replace("ssc4csh:", SHAPES) for name in names if name.strip())
    triples = [quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)]
    name = f"{path.parent.name}/{path.stem}"
    return Example(name, why, tuple(shapes), tuple(_records(triples)))


def read_reference() -> ReferenceGraph:
    """The reference data of the examples."""
    reference = ReferenceGraph()
    path = FOLDER / "examples" / "reference.ttl"
    reference.add_triples(quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE))
    return reference


def find_all(examples: Sequence[Example], validator: Validator) -> dict[str, tuple[Finding, ...]]:
    """Name of each example to what validation finds in it, in one run."""
    records = [record for example in examples for record in example.records]
    outcomes = iter(validator.validate(records))
    return {
        example.name: tuple(
            finding for _record in example.records for finding in next(outcomes).findings
        )
        for example in examples
    }


def _records(triples: list[Triple]) -> list[Record]:
    things: defaultdict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        assert isinstance(triple.subject, NamedNode)
        things[triple.subject.value.partition("#")[0]].append(triple)
    return [_record(thing, said) for thing, said in sorted(things.items())]


def _record(thing: str, said: list[Triple]) -> Record:
    found = split_thing(thing)
    assert found, f"{thing} is none of our things"
    return Record.of("example", *found, said)
