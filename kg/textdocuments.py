"""What the full-text index keeps of a thing: its words, the names it links to, and its links."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg.namespaces import DEF, PREFIXES, expand, split_thing
from kg.textfacets import ACTIVITIES, Graphs, Statement, Told, read_facets
from kg.textgaps import read_gaps
from kg.texttraits import write_kept

NAMES: Final = tuple(
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
"""Properties whose values are names of a thing, and words about what points to it."""
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
_MERGED: Final = DefaultGraph()
_TERMS: Final = (NamedNode, Literal)
_ABOUT: Final = frozenset({*NAMES[:2], NamedNode(expand("dcterms:description"))})
_TEXT_TYPES: Final = frozenset({PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString"})
_START: Final = NamedNode(expand("ssc4c:startYear"))
_END: Final = NamedNode(expand("ssc4c:endYear"))

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
    end_year: int = 0
    """Year of the end, 0 if not told."""
    about: Words = field(default_factory=dict)
    """Its names and descriptions, by which others are found to be about the same."""
    traits: bytes = b""
    """What an activity is compared by, as `kg.texttraits` writes it."""


Names = Callable[[NamedNode], str]


def documents(
    store: Store, things: Iterable[str], graphs: Graphs | None = None
) -> Iterator[TextDocument]:
    """The documents of things in a store: their own words and the names of what they link to."""
    names: Names = lru_cache(maxsize=50_000)(lambda node: _names(store, node))
    told = Told(store, graphs)
    for iri in things:
        if kind := _kind(iri):
            own, nested = _said(store, NamedNode(iri))
            yield _document(iri, kind, own, nested, names, told)


@lru_cache(maxsize=50_000)
def _kind(iri: str) -> str:
    known = split_thing(iri)
    return known[0] if known else "def" if iri.startswith(DEF) else ""


def _document(
    iri: str,
    kind: str,
    own: Sequence[Statement],
    nested: Sequence[Statement],
    names: Names,
    told: Told,
) -> TextDocument:
    said = (*own, *nested)
    links = {
        (value.value, predicate.value): None
        for predicate, value in said
        if isinstance(value, NamedNode) and _kind(value.value)
    }
    facets = read_facets(kind, said, told)
    return TextDocument(
        iri,
        kind,
        titles=_titles(said),
        texts=_texts(said, names),
        facets={**facets, **read_gaps(kind, own, facets, told), "source": told.sources(iri)},
        links=tuple(links),
        year=min(_years(own, _START), default=0),
        end_year=max(_years(own, _END), default=0),
        about=_texts([each for each in own if each[0] in _ABOUT], names),
        traits=write_kept(own) if kind in ACTIVITIES else b"",
    )


def _titles(said: Sequence[Statement]) -> tuple[str, ...]:
    """Its names, the English ones first."""
    found = [value for name, value in said if name in NAMES and isinstance(value, Literal)]
    return tuple(each.value for each in sorted(found, key=lambda each: each.language != "en"))


def _texts(said: Sequence[Statement], names: Names) -> Words:
    """Its own words by language; the names of what it links to are under no language."""
    texts: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for predicate, value in said:
        if isinstance(value, NamedNode):
            if predicate not in _UNNAMED and _kind(value.value):
                texts[""][names(value)] = None
        elif value.datatype.value in _TEXT_TYPES:
            texts[(value.language or "").partition("-")[0]][value.value] = None
    return {language: tuple(words) for language, words in texts.items()}


def _said(store: Store, node: NamedNode) -> tuple[list[Statement], list[Statement]]:
    """Statements about a thing and, instead of the links to them, about its nested nodes."""
    own: list[Statement] = []
    nested: list[Statement] = []
    waiting = [(node, own)]
    while waiting:
        subject, said = waiting.pop()
        within = subject.value + "#"
        for _, predicate, value, _ in store.quads_for_pattern(subject, None, None, _MERGED):
            if isinstance(value, NamedNode) and value.value.startswith(within):
                waiting.append((value, nested))
            elif isinstance(value, _TERMS) and predicate not in _UNREAD:
                said.append((predicate, value))
    return own, nested


def _names(store: Store, node: NamedNode) -> str:
    """The words of all names of a thing, each once."""
    words: dict[str, None] = {}
    for predicate in NAMES:
        for quad in store.quads_for_pattern(node, predicate, None, DefaultGraph()):
            if isinstance(quad.object, Literal):
                words.update(dict.fromkeys(quad.object.value.split()))
    return " ".join(words)


def _years(said: Iterable[Statement], predicate: NamedNode) -> list[int]:
    """Years of the thing itself; its parts may have years of their own."""
    texts = [value.value[:4] for name, value in said if name == predicate]
    return [int(text) for text in texts if text.isascii() and text.isdecimal()]
