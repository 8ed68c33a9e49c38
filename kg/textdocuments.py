"""What the full-text index keeps of a thing: its words, the names it links to, and its links."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg.namespaces import DEF, PREFIXES, expand, split_thing

FACETS: Final = ("theme", "country", "sdg", "form")
"""Kinds of things whose IRIs are kept with each document, to filter and count by."""
_NAMES: Final = tuple(
    NamedNode(expand(name))
    for name in (
        "dcterms:title",
        "skos:prefLabel",
        "rdfs:label",
        "skos:altLabel",
        "dcterms:alternative",
        "ssc4c:acronym",
        "skos:notation",
    )
)
_UNREAD: Final = frozenset(
    NamedNode(expand(name))
    for name in (
        *("skos:exactMatch", "rdf:type", "rdfs:isDefinedBy"),
        *("sh:select", "sh:ask", "sh:construct", "sh:prefixes"),
    )
)
"""Properties that are neither words about the thing nor links that people follow backwards."""
_UNNAMED: Final = frozenset({NamedNode(expand("dcterms:source"))})
"""Links whose names are not words about the thing."""
_TEXT_TYPES: Final = frozenset({PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString"})
_START: Final = NamedNode(expand("ssc4c:startYear"))

_Statement = tuple[NamedNode, NamedNode | Literal]
Words = Mapping[str, Sequence[str]]
"""Texts by language tag; untagged ones under an empty tag."""


@dataclass(frozen=True)
class TextDocument:
    """What the index keeps of one thing."""

    iri: str
    kind: str
    titles: tuple[str, ...] = ()
    texts: Words = field(default_factory=dict)
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()
    """What the thing or a nested node of it points to: the other thing and the property."""
    year: int = 0
    """Year of the start, 0 if not told."""


Names = Callable[[NamedNode], str]


def documents(store: Store, things: Iterable[str]) -> Iterator[TextDocument]:
    """The documents of things in a store: their own words and the names of what they link to."""
    names: Names = lru_cache(maxsize=50_000)(lambda node: _names(store, node))
    for iri in things:
        if kind := _kind(iri):
            node = NamedNode(iri)
            yield _document(iri, kind, list(_said(store, node)), names, _year(store, node))


@lru_cache(maxsize=50_000)
def _kind(iri: str) -> str:
    known = split_thing(iri)
    return known[0] if known else "def" if iri.startswith(DEF) else ""


def _document(
    iri: str, kind: str, said: Sequence[_Statement], names: Names, year: int
) -> TextDocument:
    links = {
        (value.value, predicate.value): None
        for predicate, value in said
        if isinstance(value, NamedNode) and _kind(value.value)
    }
    facets: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for target, _ in links:
        facets[_kind(target)][target] = None
    return TextDocument(
        iri,
        kind,
        titles=_titles(said),
        texts=_texts(said, names),
        facets={name: tuple(facets[name]) for name in FACETS if name in facets},
        links=tuple(links),
        year=year,
    )


def _titles(said: Sequence[_Statement]) -> tuple[str, ...]:
    """Its names, the English ones first."""
    found = [value for name, value in said if name in _NAMES and isinstance(value, Literal)]
    return tuple(each.value for each in sorted(found, key=lambda each: each.language != "en"))


def _texts(said: Sequence[_Statement], names: Names) -> Words:
    """Its own words by language; the names of what it links to are under no language."""
    texts: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for predicate, value in said:
        if isinstance(value, NamedNode):
            if predicate not in _UNNAMED and _kind(value.value):
                texts[""][names(value)] = None
        elif value.datatype.value in _TEXT_TYPES:
            texts[(value.language or "").partition("-")[0]][value.value] = None
    return {language: tuple(words) for language, words in texts.items()}


def _said(store: Store, node: NamedNode) -> Iterator[_Statement]:
    """Statements about a thing and, instead of the links to them, about its nested nodes."""
    nested = node.value + "#"
    for quad in store.quads_for_pattern(node, None, None, DefaultGraph()):
        value = quad.object
        if isinstance(value, NamedNode) and value.value.startswith(nested):
            yield from _said(store, value)
        elif isinstance(value, NamedNode | Literal) and quad.predicate not in _UNREAD:
            yield quad.predicate, value


def _names(store: Store, node: NamedNode) -> str:
    """The words of all names of a thing, each once."""
    words: dict[str, None] = {}
    for predicate in _NAMES:
        for quad in store.quads_for_pattern(node, predicate, None, DefaultGraph()):
            if isinstance(quad.object, Literal):
                words.update(dict.fromkeys(quad.object.value.split()))
    return " ".join(words)


def _year(store: Store, node: NamedNode) -> int:
    """The year in which the thing itself began; its parts may have years of their own."""
    pattern = store.quads_for_pattern(node, _START, None, DefaultGraph())
    texts = [quad.object.value[:4] for quad in pattern if isinstance(quad.object, Literal)]
    return min((int(text) for text in texts if text.isdecimal()), default=0)
