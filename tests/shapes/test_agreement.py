"""Both engines find the same in examples with values put in that nobody would think of."""

import random
from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import expand, thing_iri
from kg.records import Record
from loader.validation import Validator
from tests.shapes.examples import FOLDER, PATHS, TODAY, read_example, read_reference

Term = NamedNode | Literal
LEXICAL_FORMS = {
    "gYear": ["", "2013 ", "2013Z", "-2013", "02013", "12013", "2013-05", "2013-2015", "0000"],
    "date": ["2019-02-29", "2020-02-29Z", "2020-02-29+14:00", "20", "2020-1-1"],
    "gYearMonth": ["2020-13", "2020-1", "2020-05Z"],
    "decimal": ["1e5", "1.", ".5", "+1.50", "-0", "abc", "", "-91"],
    "integer": ["5", "5.0", ""],
    "double": ["1e5", "NaN", "INF"],
    "boolean": ["1", "TRUE", "yes", ""],
    "anyURI": ["https://example.org/"],
}
ODD: list[Term] = [
    *(
        Literal(text, datatype=NamedNode(expand(f"xsd:{name}")))
        for name, texts in LEXICAL_FORMS.items()
        for text in texts
    ),
    *(
        Literal(text)
        for text in ("", "x", "+55 61 5555 0100", "info@example.org, jane@example.org")
    ),
    *(Literal(text, language="en") for text in ("", "<b>", "a < b", "two\nlines", "@example")),
    Literal("x", datatype=NamedNode("https://example.org/datatype")),
    *(
        NamedNode(thing_iri(kind, key))
        for kind, key in (
            ("country", "BRA"),
            ("theme", "nutrition"),
            ("form", "triangular"),
            ("sdg", "2.1"),
            ("sdg", "C020101"),
            ("publication", ""),
        )
    ),
    NamedNode("urn:example"),
    NamedNode("https://example.org/é"),
]


@pytest.mark.parametrize("seed", range(3))
def test_engines_agree_on_mutilated_records(seed: int) -> None:
    records = list(mutilate(random.Random(seed), 150))
    bulk, oracle = (
        Validator(FOLDER, read_reference(), engine, today=TODAY) for engine in ("shacl", "pyshacl")
    )

    assert bulk.validate(records) == oracle.validate(records)


def mutilate(chance: random.Random, count: int) -> Iterator[Record]:
    """Examples under new keys, each with one to three values replaced."""
    examples = [
        record
        for path in PATHS
        if path.stem != "iso3-line-end"
        for record in read_example(path).records
    ]
    for number in range(count):
        record = chance.choice(examples)
        triples = list(record.triples)
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(triples))
            subject, predicate, _value = triples[place]
            triples[place] = Triple(subject, predicate, chance.choice(ODD))
        yield rename(record, f"9{number}", triples)


def rename(record: Record, key: str, triples: list[Triple]) -> Record:
    """The same record about another thing, so that all can be validated in one batch."""
    old, new = record.thing, thing_iri(record.kind, key)

    def move(term: Term) -> Term:
        is_own = isinstance(term, NamedNode) and term.value.partition("#")[0] == old
        return NamedNode(new + term.value.removeprefix(old)) if is_own else term

    moved = [Triple(move(each.subject), each.predicate, move(each.object)) for each in triples]  # type: ignore[arg-type]
    return Record.of("example", record.kind, key, moved)
