"""The full-text index of a snapshot: things by their words, and by the concepts they carry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, Self

import tantivy

from kg.textdocuments import TextDocument
from kg.textmatching import read_match
from kg.textschema import (
    FOLDED,
    SCHEMA,
    STEMMED,
    STEMMERS,
    is_telling,
    normalise,
    registered,
    words_of,
)

_LONGEST: Final = 20
"""Words of a search that are looked at; the rest is left out."""
_DEEPEST: Final = 10_000
"""Hits beyond this one are counted and not listed."""

Order = Literal["newest", "title"]
Facets = Mapping[str, str]
"""Values that things must have, by name of the facet (or `link`, see there)."""
_ORDERS: Final = MappingProxyType(
    {"newest": ("year", tantivy.Order.Desc), "title": ("alphabet", tantivy.Order.Asc)}
)


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
        _write(tantivy.Index(SCHEMA, str(path), reuse=False), documents, is_new=True)
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
        facets: Facets | None = None,
        order: Order = "newest",
    ) -> Hits:
        """Things that hold all words, or at least half of them if none holds all; best first.

        Without words, things come in the order asked for.
        """
        words = _words(text)
        named = _whole_names(text)
        if text.strip() and not words:
            return Hits(0, (), {})
        query = _query(words, len(words), facets, named)
        hits = self._find(query, bool(words), kind, limit, offset, order)
        if not hits.kinds and len(words) > 1:
            query = _query(words, (len(words) + 1) // 2, facets, named)
            hits = self._find(query, True, kind, limit, offset, order)
        return hits

    def match(self, text: str, language: str = "", limit: int = 100) -> list[tuple[str, float]]:
        """Things that the text matches and how well, the best first; see `kg.textmatching`."""
        query = read_match(text, language)
        found = self._searcher.search(query, min(limit, _DEEPEST), count=False) if query else None
        hits = found.hits if found else ()
        return [(self._hit(address).iri, float(score)) for score, address in hits]

    def count(
        self, field: str, kinds: Sequence[str] = (), facets: Facets | None = None
    ) -> dict[str, int]:
        """How many things of these kinds there are for each value of a facet or of `year`."""
        query = _query([], 0, facets)
        if kinds:
            query = _all([query, tantivy.Query.term_set_query(SCHEMA, "kind", list(kinds))])
        return self._count(query, field)

    def relations(self, iri: str) -> dict[str, dict[str, int]]:
        """What points to a thing: for each property the number of things by kind."""
        terms = self._searcher.terms_with_prefix("link", iri + " ")
        found = {term.partition(" ")[2]: _exactly("link", term) for term, _ in terms}
        counts = {predicate: self._count(query, "kind") for predicate, query in found.items()}
        return {predicate: kinds for predicate, kinds in counts.items() if kinds}

    def _find(
        self,
        query: tantivy.Query,
        is_ranked: bool,
        kind: str,
        limit: int,
        offset: int,
        order: Order,
    ) -> Hits:
        kinds = self._count(query, "kind")
        if kind:
            query = _all([query, _exactly("kind", kind)])
        total = kinds.get(kind, 0) if kind else sum(kinds.values())
        limit = min(limit, _DEEPEST - offset)
        if limit < 1:
            return Hits(total, (), kinds)
        field, direction = (None, tantivy.Order.Desc) if is_ranked else _ORDERS[order]
        found = self._searcher.search(
            query, limit, count=False, order_by_field=field, offset=offset, order=direction
        )
        return Hits(total, tuple(self._hit(address) for _, address in found.hits), kinds)

    def _hit(self, address: tantivy.DocAddress) -> Hit:
        document = self._searcher.doc(address)
        return Hit(str(document.get_first("iri")), str(document.get_first("kind")))

    def _count(self, query: tantivy.Query, field: str) -> dict[str, int]:
        terms = {"terms": {"field": field, "size": 1000}}
        buckets = self._searcher.aggregate(query, {"counts": terms})["counts"]["buckets"]
        return {_key(bucket["key"]): bucket["doc_count"] for bucket in buckets}


def link(iri: str, predicate: str) -> dict[str, str]:
    """The facet of what points to a thing by a property."""
    return {"link": f"{iri} {predicate}"}


def _open(path: Path) -> tantivy.Index:
    """The index in a folder; raises ValueError if its schema is another."""
    return registered(tantivy.Index(SCHEMA, str(path), reuse=True))


def _write(
    index: tantivy.Index,
    added: Iterable[TextDocument],
    removed: Iterable[str] = (),
    is_new: bool = False,
) -> None:
    writer = registered(index).writer(num_threads=1)
    for iri in removed:
        writer.delete_documents_by_term("iri", iri)
    for document in added:
        if not is_new:
            writer.delete_documents_by_term("iri", document.iri)
        writer.add_document(_to_tantivy(document))
    writer.commit()
    writer.wait_merging_threads()


def _to_tantivy(document: TextDocument) -> tantivy.Document:
    made = tantivy.Document(iri=document.iri, kind=document.kind, year=document.year)
    made.add_integer("alphabet", _alphabet("".join(document.titles[:1])))
    for title in document.titles:
        made.add_text("title", normalise(title))
    for name in {_fold(each) for each in (*document.titles, _key_of(document.iri))}:
        made.add_text("name", name)
    for language, texts in document.texts.items():
        for text in map(normalise, texts):
            made.add_text("plain", text)
            if language in STEMMERS:
                made.add_text(language, text)
    for facet, values in document.facets.items():
        for value in values:
            made.add_text(facet, value)
    for target, predicate in document.links:
        made.add_text("link", f"{target} {predicate}")
    return made


def _key_of(iri: str) -> str:
    """What a thing is called in its IRI, such as ``BRA`` or ``2.1``."""
    return iri.replace("#", "/").rpartition("/")[2]


def _alphabet(title: str) -> int:
    """A number that sorts as the first letters of the title do."""
    letters = _fold(title).replace(" ", "").encode()[:7]
    return int.from_bytes(letters.ljust(7, b"\0"), "big")


def _fold(text: str) -> str:
    """A whole name without accents, case and marks."""
    return " ".join(FOLDED.analyze(normalise(text)))


def _whole_names(text: str) -> list[str]:
    """What a thing may be called by these words; for ``SDG 2.1`` also ``2.1``."""
    name = _fold(text)
    number = name.partition(" ")[2]
    return [name, number] if number and name[0].isalpha() and number[0].isdecimal() else [name]


def _words(text: str) -> list[str]:
    """Words of a search, folded; words such as "in" or "de" count only if there are no others."""
    words = words_of(text)[:_LONGEST]
    return list(dict.fromkeys([word for word in words if is_telling(word)] or words))


def _query(
    words: Sequence[str], needed: int, facets: Facets | None, named: Sequence[str] = ()
) -> tantivy.Query:
    """What holds so many of the words and all values; first of all what bears one of the names."""
    parts = [_exactly(name, value) for name, value in (facets or {}).items()]
    if words:
        last = len(words) - 1
        choices = [
            (tantivy.Occur.Should, _word_query(word, is_prefix=at == last))
            for at, word in enumerate(words)
        ]
        matching = tantivy.Query.boolean_query(choices, minimum_number_should_match=needed)
        bearing = tantivy.Query.term_set_query(SCHEMA, "name", list(named))
        first = tantivy.Query.const_score_query(bearing, 50.0)
        parts.append(
            tantivy.Query.boolean_query(
                [(tantivy.Occur.Should, matching), (tantivy.Occur.Should, first)]
            )
        )
    return _all(parts)


def _word_query(word: str, is_prefix: bool) -> tantivy.Query:
    query = tantivy.Query
    choices = [
        query.boost_query(query.term_query(SCHEMA, "title", word, "freq"), 3.0),
        query.term_query(SCHEMA, "plain", word, "freq"),
        *(
            query.boost_query(query.term_query(SCHEMA, language, stem, "freq"), 0.8)
            for language, analyzer in STEMMED.items()
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
        SCHEMA, "plain", word, distance=distance, prefix=distance == 0
    )
    return tantivy.Query.boost_query(close, boost)


def _exactly(name: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(SCHEMA, name, value, index_option="basic")


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if not queries:
        return tantivy.Query.all_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _key(key: object) -> str:
    """The value of a bucket; numbers come as floats."""
    return str(int(key)) if isinstance(key, float) else str(key)
