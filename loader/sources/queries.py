"""The named queries as records, so that the graph itself tells which questions it answers.

They are SHACL executables with the metadata that the SIB examples have, and run as they stand.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.catalogue import Catalogue, NamedQuery
from kg.namespaces import BASE, DEF
from kg.records import Record
from loader.sources.draft import Draft, term

SOURCE: Final = "catalogue"
KIND: Final = "queries"
_FORMS: Final = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
}
"""Form of a query to its class and the property that holds its text."""


def read_queries(project: Path) -> Iterator[Record]:
    """A record for each offered query of a project."""
    return describe_queries(Catalogue(project / "queries").offered())


def describe_queries(queries: Iterable[NamedQuery]) -> Iterator[Record]:
    """A record for each of these queries."""
    return map(describe_query, queries)


def describe_query(query: NamedQuery) -> Record:
    """What the graph says of a query: its question, its text with example values, its words."""
    cls, text = _FORMS[query.form]
    draft = Draft(SOURCE, KIND, query.key, f"{query.name}.rq")
    draft.say_typed("sh:SPARQLExecutable")
    draft.say("rdf:type", term(cls))
    draft.say("rdfs:label", Literal(query.summary, language="en"))
    draft.say("rdfs:comment", Literal(query.summary, language="en"))
    if query.note:
        draft.say("skos:note", Literal(query.note, language="en"))
    draft.say("sh:prefixes", NamedNode(DEF))
    draft.say(text, Literal(query.write(query.parameters)))
    draft.say("schema:keywords", *map(Literal, keywords(query)))
    draft.say("schema:target", NamedNode(BASE + "sparql"))
    return draft.to_record()


def keywords(query: NamedQuery) -> list[str]:
    """Words to find a query by: its topic, the kinds of things it takes, its question."""
    kinds = {kind for kinds in query.kinds.values() for kind in kinds}
    return sorted({query.topic, *kinds, *filter(None, [query.question])})
