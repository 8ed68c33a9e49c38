"""The full-text index of a snapshot: things by their words, and by the concepts they carry."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

import tantivy
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg.namespaces import PREFIXES, expand, split_thing

FACETS: Final = ("theme", "country", "sdg", "form")
"""Kinds of things whose IRIs are kept with each document, to filter and count by."""
STEMMERS: Final = MappingProxyType(
    {"en": "english", "fr": "french", "es": "spanish", "pt": "portuguese", "ar": "arabic"}
)
"""Languages with a field of their own; words of all others are found as they are written."""

_TITLES: Final = tuple(
    NamedNode(expand(name)) for name in ("dcterms:title", "skos:prefLabel", "rdfs:label")
)
_NAMES: Final = (
    *_TITLES,
    *(
        NamedNode(expand(name))
        for name in ("skos:altLabel", "dcterms:alternative", "ssc4c:acronym", "skos:notation")
    ),
)
_UNREAD: Final = frozenset(
    NamedNode(expand(name)) for name in ("dcterms:source", "skos:exactMatch", "geo:asWKT")
)
"""Properties whose values are no words about the thing."""
_TEXT_TYPES: Final = frozenset({PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString"})
_START: Final = NamedNode(expand("ssc4c:startYear"))
_WORD: Final = re.compile(r"\w+")
_LONGEST: Final = 20
"""Words of a search that are looked at; the rest is left out."""
_DEEPEST: Final = 10_000
"""Hits beyond this one are counted and not listed."""

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
    year: int = 0


@dataclass(frozen=True)
class Hit:
    """One thing that was found."""

    iri: str
    kind: str


@dataclass(frozen=True)
class Hits:
    """A page of what was found, how much there is, and how much of each kind."""

    total: int
    items: tuple[Hit, ...]
    kinds: Mapping[str, int]
    """Counts by kind, without regard to the kind asked for."""


class TextIndex:
    """An index folder opened for searching; it stays as it was when opened."""

    def __init__(self, path: Path) -> None:
        self._index = _open(path)
        self._searcher = self._index.searcher()

    @classmethod
    def build(cls, path: Path, documents: Iterable[TextDocument]) -> Self:
        """Write a new index into an empty folder, and open it."""
        path.mkdir(parents=True, exist_ok=True)
        _write(tantivy.Index(_SCHEMA, str(path), reuse=False), documents)
        return cls(path)

    @classmethod
    def update(cls, path: Path, changed: Iterable[TextDocument], removed: Iterable[str]) -> Self:
        """Replace the documents that changed and drop those removed, and open the index."""
        _write(_open(path), changed, removed)
        return cls(path)

    @staticmethod
    def is_compatible(path: Path) -> bool:
        """Whether the folder holds an index of this version; otherwise it is to be built anew."""
        try:
            return bool(tantivy.Index.exists(str(path)) and _open(path))
        except (OSError, ValueError):
            return False

    def __len__(self) -> int:
        """Number of things in the index."""
        return int(self._searcher.num_docs)

    def search(
        self,
        text: str = "",
        kind: str = "",
        limit: int = 20,
        offset: int = 0,
        facets: Mapping[str, str] | None = None,
    ) -> Hits:
        """Things that hold all words, or at least half of them if none holds all; best first."""
        words = _words(text)
        if text.strip() and not words:
            return Hits(0, (), {})
        filters = [_exactly(name, value) for name, value in (facets or {}).items()]
        hits = self._find(words, len(words), filters, kind, limit, offset)
        if not hits.kinds and len(words) > 1:
            hits = self._find(words, (len(words) + 1) // 2, filters, kind, limit, offset)
        return hits

    def _find(
        self,
        words: Sequence[str],
        needed: int,
        filters: Sequence[tantivy.Query],
        kind: str,
        limit: int,
        offset: int,
    ) -> Hits:
        query = _all([*filters, self._matching(words, needed)] if words else filters)
        kinds = self._count(query, "kind")
        if kind:
            query = _all([query, _exactly("kind", kind)])
        total = kinds.get(kind, 0) if kind else sum(kinds.values())
        limit = min(limit, _DEEPEST - offset)
        if limit < 1:
            return Hits(total, (), kinds)
        order = None if words else "year"
        found = self._searcher.search(
            query, limit, count=False, order_by_field=order, offset=offset
        )
        return Hits(total, tuple(self._hit(address) for _, address in found.hits), kinds)

    def _hit(self, address: tantivy.DocAddress) -> Hit:
        document = self._searcher.doc(address)
        return Hit(str(document.get_first("iri")), str(document.get_first("kind")))

    def _count(self, query: tantivy.Query, facet: str) -> dict[str, int]:
        terms = {"terms": {"field": facet, "size": 1000}}
        buckets = self._searcher.aggregate(query, {"counts": terms})["counts"]["buckets"]
        return {bucket["key"]: bucket["doc_count"] for bucket in buckets}

    def _matching(self, words: Sequence[str], needed: int) -> tantivy.Query:
        last = len(words) - 1
        parts = [
            (tantivy.Occur.Should, _word_query(word, is_prefix=at == last))
            for at, word in enumerate(words)
        ]
        return tantivy.Query.boolean_query(parts, minimum_number_should_match=needed)


def documents(store: Store, things: Iterable[str]) -> Iterator[TextDocument]:
    """The documents of things in a store: their own words and the names of what they link to."""
    names = lru_cache(maxsize=50_000)(lambda node: tuple(_names(store, node)))
    for iri in things:
        if known := split_thing(iri):
            yield _document(store, iri, known[0], names)


def _document(
    store: Store,
    iri: str,
    kind: str,
    names: Callable[[NamedNode], tuple[Literal, ...]],
) -> TextDocument:
    titles: list[str] = []
    texts: defaultdict[str, list[str]] = defaultdict(list)
    facets: defaultdict[str, dict[str, None]] = defaultdict(dict)
    year = 0
    for predicate, value in _said(store, NamedNode(iri)):
        if isinstance(value, NamedNode):
            target = split_thing(value.value)
            if target and target[0] in FACETS:
                facets[target[0]][value.value] = None
            for name in names(value) if target else ():
                _add_text(texts, name)
        elif predicate == _START:
            year = _to_year(value.value)
        elif value.datatype.value in _TEXT_TYPES:
            _add_text(texts, value)
            if predicate in _NAMES:
                titles.append(value.value)
    lists = {name: tuple(values) for name, values in facets.items()}
    return TextDocument(iri, kind, tuple(titles), _without_repeats(texts), lists, year)


def _said(store: Store, node: NamedNode) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    """Statements about a thing and its nested nodes."""
    nested = node.value.partition("#")[0] + "#"
    for quad in store.quads_for_pattern(node, None, None, DefaultGraph()):
        value = quad.object
        if quad.predicate in _UNREAD or not isinstance(value, NamedNode | Literal):
            continue
        if isinstance(value, NamedNode) and value.value.startswith(nested) and node != value:
            if "#" not in node.value:
                yield from _said(store, value)
        else:
            yield quad.predicate, value


def _names(store: Store, node: NamedNode) -> Iterator[Literal]:
    for predicate in _NAMES:
        for quad in store.quads_for_pattern(node, predicate, None, DefaultGraph()):
            if isinstance(quad.object, Literal):
                yield quad.object


def _add_text(texts: dict[str, list[str]], value: Literal) -> None:
    texts[(value.language or "").partition("-")[0]].append(value.value)


def _without_repeats(texts: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {language: tuple(dict.fromkeys(values)) for language, values in texts.items()}


def _to_year(text: str) -> int:
    return int(text[:4]) if text[:4].isdecimal() else 0


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder().add_text_field("iri", stored=True, tokenizer_name="raw")
    builder.add_text_field("kind", stored=True, fast=True, tokenizer_name="raw")
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw")
    for name in ("title", "plain"):
        builder.add_text_field(name, tokenizer_name="folded")
    for language in STEMMERS:
        builder.add_text_field(language, tokenizer_name=f"folded-{language}")
    builder.add_integer_field("year", fast=True)
    return builder.build()


def _analyzer(*filters: tantivy.Filter) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    # Accents go before the stemmer, so that words typed without them get the same stem.
    for each in (
        tantivy.Filter.remove_long(80),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        *filters,
    ):
        builder = builder.filter(each)
    return builder.build()


_SCHEMA: Final = _schema()
_FOLDED: Final = _analyzer()
_STEMMED: Final = {
    language: _analyzer(tantivy.Filter.stemmer(name)) for language, name in STEMMERS.items()
}
_UNSTOPPED: Final = tuple(
    _analyzer(tantivy.Filter.stopword(name)) for tag, name in STEMMERS.items() if tag != "ar"
)


def _open(path: Path) -> tantivy.Index:
    """The index in a folder; raises ValueError if its schema is another."""
    return _registered(tantivy.Index(_SCHEMA, str(path), reuse=True))


def _registered(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer("folded", _FOLDED)
    for language, analyzer in _STEMMED.items():
        index.register_tokenizer(f"folded-{language}", analyzer)
    return index


def _write(
    index: tantivy.Index, added: Iterable[TextDocument], removed: Iterable[str] = ()
) -> None:
    writer = _registered(index).writer(num_threads=1)
    for iri in removed:
        writer.delete_documents_by_term("iri", iri)
    for document in added:
        writer.delete_documents_by_term("iri", document.iri)
        writer.add_document(_to_tantivy(document))
    writer.commit()
    writer.wait_merging_threads()


def _to_tantivy(document: TextDocument) -> tantivy.Document:
    made = tantivy.Document(iri=document.iri, kind=document.kind, year=document.year)
    for title in document.titles:
        made.add_text("title", _normalise(title))
    for language, texts in document.texts.items():
        for text in map(_normalise, texts):
            made.add_text("plain", text)
            if language in STEMMERS:
                made.add_text(language, text)
    for facet, values in document.facets.items():
        for value in values:
            made.add_text(facet, value)
    return made


def _normalise(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _words(text: str) -> list[str]:
    """Words of a search, folded; words such as "in" or "de" count only if there are no others."""
    raw = _WORD.findall(_normalise(text))[:_LONGEST]
    telling = [word for word in raw if all(each.analyze(word) for each in _UNSTOPPED)]
    folded = (_FOLDED.analyze(word) for word in telling or raw)
    return list(dict.fromkeys(part for parts in folded for part in parts))


def _word_query(word: str, is_prefix: bool) -> tantivy.Query:
    query = tantivy.Query
    choices = [
        query.boost_query(query.term_query(_SCHEMA, "title", word), 3.0),
        query.term_query(_SCHEMA, "plain", word),
        *(
            query.boost_query(query.term_query(_SCHEMA, language, stem), 0.8)
            for language, analyzer in _STEMMED.items()
            for stem in analyzer.analyze(word)
        ),
    ]
    if is_prefix and len(word) > 2:
        choices.append(_close(word, distance=0, boost=0.4))
    if len(word) > 4:
        choices.append(_close(word, distance=1 if len(word) < 9 else 2, boost=0.2))
    return query.disjunction_max_query(choices, 0.1)


def _close(word: str, distance: int, boost: float) -> tantivy.Query:
    """Words that begin so (distance 0) or differ by a letter or two: misspellings."""
    close = tantivy.Query.fuzzy_term_query(
        _SCHEMA, "plain", word, distance=distance, prefix=distance == 0
    )
    return tantivy.Query.boost_query(close, boost)


def _exactly(name: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(_SCHEMA, name, value)


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if not queries:
        return tantivy.Query.all_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])
