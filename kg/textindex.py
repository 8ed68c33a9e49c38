"""The full-text index of a snapshot: things by their words, and by the concepts they carry."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

import tantivy

from kg.generations import Generations
from kg.searching import Order, Text, Wanted, read_text
from kg.spelling import Speller
from kg.suggesting import Suggester
from kg.textdocuments import TextDocument
from kg.textfacets import FACETS
from kg.textgaps import GAP_FACETS
from kg.textmatching import read_match
from kg.textqueries import ALIASES, Queries, every, exactly, one_of
from kg.textwriting import change_index, create_index, open_index

__all__ = ["Hit", "Hits", "Order", "TextIndex", "Wanted", "link"]

_DEEPEST: Final = 10_000
"""Hits beyond this one are counted and not listed."""
_SORTED_OUT: Final = 5_000
"""Among more things no kind is preferred: nearly all are activities, and it costs milliseconds."""
_COUNTED: Final = 1000
"""Values of a facet that are counted, unless more are asked for."""
_MOST: Final = 65_000
"""Values of a facet of which each piece of the index may tell the count."""
_KEPT: Final = 16 << 20
"""Bytes of counts that are remembered, about."""
_READ: Final = 4 << 20
"""Bytes of traits that are remembered."""
_COUNTABLE: Final = frozenset({"kind", "year", "endyear", *FACETS, *GAP_FACETS, *ALIASES})

Facets = Mapping[str, str]
"""Values that things must have, by name of the facet (or `link`, see there)."""
Counts = Mapping[str, int]
_ORDERS: Final = MappingProxyType(
    {
        "newest": ("year", tantivy.Order.Desc),
        "oldest": ("year", tantivy.Order.Asc),
        "title": ("alphabet", tantivy.Order.Asc),
    }
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
    kinds: Counts
    """Counts by kind, without regard to the kind asked for."""


class TextIndex:
    """An index folder opened for searching; it stays as it was when opened."""

    def __init__(self, path: Path) -> None:
        self._index = open_index(path)
        self._searcher = self._index.searcher()
        self._queries = Queries(self._searcher)
        self._suggester = Suggester(self._searcher)
        self._speller = Speller(self._searcher)
        self._counted: Generations[object, dict[str, int]] = Generations(_KEPT)
        self._texts: Generations[str, tuple[Text, int]] = Generations(_KEPT)
        self._traits: Generations[str, bytes] = Generations(_READ)

    @classmethod
    def build(cls, path: Path, documents: Iterable[TextDocument]) -> Self:
        """Write a new index into an empty folder, and open it."""
        create_index(path, documents)
        return cls(path)

    @classmethod
    def update(cls, path: Path, changed: Iterable[TextDocument], removed: Iterable[str]) -> Self:
        """Replace the documents that changed and drop those removed, and open the index."""
        change_index(path, changed, removed)
        return cls(path)

    @staticmethod
    def is_compatible(path: Path) -> bool:
        """Whether the folder holds an index of this version; otherwise it is to be built anew."""
        try:
            return bool(tantivy.Index.exists(str(path)) and open_index(path))
        except (OSError, ValueError):
            return False

    def __len__(self) -> int:
        """Number of things in the index."""
        return int(self._searcher.num_docs)

    def find(self, wanted: Wanted, limit: int = 20, offset: int = 0, order: Order = "best") -> Hits:
        """Things that fit; the best first is the newest first where there are no words.

        Of words, at least half must be there if no thing has them all.
        """
        kinds = self.tally(wanted, ["kind"])["kind"]
        chosen = wanted.chosen.get("kind") or tuple(kinds)
        total = sum(kinds.get(kind, 0) for kind in set(chosen))
        limit = min(limit, _DEEPEST - offset)
        if limit < 1 or not total:
            return Hits(total, (), kinds)
        sorting = self._sorting(wanted, order)
        query = self._query(wanted)
        if not sorting and total <= _SORTED_OUT:
            query = self._queries.preferring(query)
        found = self._searcher.search(query, limit, count=False, offset=offset, **sorting)
        return Hits(total, tuple(self._hit(address) for _, address in found.hits), kinds)

    def tally(
        self, wanted: Wanted, fields: Sequence[str], most: int = _COUNTED
    ) -> dict[str, dict[str, int]]:
        """How many things there are for each value of these fields, the most frequent values.

        Of a field that is chosen itself, the counts are those without its own choice.
        """
        groups: defaultdict[object, list[str]] = defaultdict(list)
        asked = {field: wanted.without(field) for field in fields if field in _COUNTABLE}
        found: dict[str, dict[str, int]] = {field: {} for field in fields}
        for field, each in asked.items():
            known = self._counted.find((each.key, field, most))
            if known is None:
                groups[each.key].append(field)
            else:
                found[field] = known
        for together in groups.values():
            found |= self._count(asked[together[0]], together, most)
        return found

    def cross(self, wanted: Wanted, fields: Sequence[str]) -> dict[tuple[str, ...], int]:
        """How many things there are for each combination of values of these fields."""
        query = self._query(wanted)
        return dict(self._cross(query, list(fields)))

    def together(
        self, wanted: Wanted, field: str, values: Sequence[str]
    ) -> dict[tuple[str, str], int]:
        """How many things have both of two of these values, for each pair that some have."""
        terms = _terms(field, len(values)) | {"aggs": {field: _terms(field, len(values))}}
        for each in (terms, terms["aggs"][field]):
            each["terms"]["include"] = list(values)
        found = self._searcher.aggregate(self._query(wanted), {field: terms})
        return {
            (one, other): count
            for (one, other), count in _combinations(found, [field, field])
            if one < other
        }

    def weigh(self, wanted: Wanted) -> dict[str, tuple[int, float]]:
        """Of each cell of the grid in `kg.textgaps`: how many things, and their shares in sum."""
        terms = _terms("gap", _MOST) | {"aggs": {"share": {"sum": {"field": "share"}}}}
        found = self._searcher.aggregate(self._query(wanted), {"gap": terms})
        return {
            str(each["key"]): (each["doc_count"], each["share"]["value"])
            for each in found["gap"]["buckets"]
        }

    def suggest(self, text: str, limit: int = 8) -> tuple[Hit, ...]:
        """Things whose names begin so or nearly so; what most things point to comes first."""
        return tuple(self._hit(address) for address in self._suggester.suggest(text, limit))

    def alike(
        self, iri: str, limit: int = 20, kinds: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """Things whose names and descriptions share telling words with those of a thing."""
        found = self._suggester.alike(iri, limit, kinds)
        return [(self._hit(address).iri, score) for score, address in found]

    def traits(self, iri: str) -> bytes:
        """What an activity is compared by, as `kg.texttraits` wrote it; empty if it is not known.

        Of what was found a moment ago it is remembered.
        """
        if self._traits.find(iri) is None:
            for _, address in self._searcher.search(exactly("iri", iri), 1, count=False).hits:
                self._hit(address)
        return self._traits.find(iri) or b""

    def unknown(self, text: str) -> tuple[str, ...]:
        """Words of a search that no thing has, folded: near ones stand in for them, or none."""
        return self._queries.unknown(read_text(text))

    def is_eased(self, text: str) -> bool:
        """Whether no thing has all words, so that those are found that have at least half."""
        read, needed = self._read(text)
        return needed < len(read.words)

    def correct(self, text: str) -> str:
        """The text with each unknown word spelled as a near one that is known, or nothing."""
        corrected = self._speller.correct(text)
        return corrected if corrected and self.find(Wanted(corrected), 1).total else ""

    def search(
        self,
        text: str = "",
        kind: str = "",
        limit: int = 20,
        offset: int = 0,
        facets: Facets | None = None,
        order: Order = "newest",
    ) -> Hits:
        """Things with these words, values and kind; with words always the best first."""
        chosen = _choices(facets)
        if kind:
            chosen["kind"] = (kind,)
        return self.find(Wanted(text, chosen), limit, offset, "best" if text.strip() else order)

    def match(self, text: str, language: str = "", limit: int = 100) -> list[tuple[str, float]]:
        """Things that the text matches and how well, the best first; see `kg.textmatching`."""
        query = read_match(text, language)
        found = self._searcher.search(query, min(limit, _DEEPEST), count=False) if query else None
        hits = found.hits if found else ()
        return [(self._hit(address).iri, float(score)) for score, address in hits]

    def best(self, query: tantivy.Query, limit: int) -> list[tuple[str, float]]:
        """The things that a query fits best, with how well."""
        found = self._searcher.search(query, limit, count=False)
        return [(self._hit(address).iri, float(score)) for score, address in found.hits]

    def frequency(self, field: str, value: str) -> int:
        """How many things hold a word or value in a field, as the index reckons it."""
        return int(self._searcher.doc_freq(field, value))

    def count(
        self, field: str, kinds: Sequence[str] = (), facets: Facets | None = None
    ) -> dict[str, int]:
        """How many things of these kinds there are for each value of a facet or of `year`."""
        chosen = _choices(facets)
        if kinds:
            chosen["kind"] = tuple(kinds)
        return self._count(Wanted(chosen=chosen), [field], _COUNTED)[field]

    def relations(self, iri: str) -> dict[str, dict[str, int]]:
        """What points to a thing: for each property the number of things by kind."""
        terms = self._searcher.terms_with_prefix("link", iri + " ")
        found = {term.partition(" ")[2]: exactly("link", term) for term, _ in terms}
        counts = {
            predicate: self._aggregate(query, ["kind"], _COUNTED)["kind"]
            for predicate, query in found.items()
        }
        return {predicate: kinds for predicate, kinds in counts.items() if kinds}

    def _read(self, text: str) -> tuple[Text, int]:
        """A text, read, and how many of its words a thing must have."""
        known = self._texts.find(text)
        if known is None:
            known = self._read_anew(text)
            self._texts.keep(text, known, 1000 + 10 * len(text))
        return known

    def _read_anew(self, text: str) -> tuple[Text, int]:
        plain = read_text(text)
        read = self._speller.mend(plain, self._queries.unknown(plain))
        count = len(read.words)
        if count > 1:
            query = every(self._queries.matching(read, count))
            if not self._searcher.search(query, 1, count=False).hits:
                return read, (count + 1) // 2
        return read, count

    def _query(self, wanted: Wanted) -> tantivy.Query:
        text, needed = self._read(wanted.text)
        if text.is_empty and wanted.text.strip():
            return tantivy.Query.empty_query()
        return every([*self._queries.matching(text, needed), *self._queries.filters(wanted)])

    def _sorting(self, wanted: Wanted, order: Order) -> dict[str, Any]:
        if order == "best":
            if self._read(wanted.text)[0].is_ranked:
                return {}
            order = "newest"
        field, direction = _ORDERS[order]
        return {"order_by_field": field, "order": direction}

    def _hit(self, address: tantivy.DocAddress) -> Hit:
        document = self._searcher.doc(address)
        hit = Hit(str(document.get_first("iri")), str(document.get_first("kind")))
        if self._traits.find(hit.iri) is None:
            traits = bytes(document.get_first("traits") or b"")
            self._traits.keep(hit.iri, traits, len(hit.iri) + len(traits) + 100)
        return hit

    def _count(self, wanted: Wanted, fields: Sequence[str], most: int) -> dict[str, dict[str, int]]:
        counts = self._aggregate(self._query(wanted), fields, most)
        for field, found in counts.items():
            self._counted.keep((wanted.key, field, most), found, 200 + 120 * len(found))
        return counts

    def _aggregate(
        self, query: tantivy.Query, fields: Sequence[str], most: int
    ) -> dict[str, dict[str, int]]:
        asked = {field: _terms(ALIASES.get(field, field), most) for field in fields}
        found = self._searcher.aggregate(query, asked)
        return {
            field: {_key(each["key"]): each["doc_count"] for each in found[field]["buckets"]}
            for field in fields
        }

    def _cross(
        self, query: tantivy.Query, fields: Sequence[str]
    ) -> Iterator[tuple[tuple[str, ...], int]]:
        """Counts by combination, field by field, since the engine bounds how many come at once."""
        first, *rest = fields
        if len(rest) < 2:
            yield from _combinations(self._nested(query, fields), fields)
            return
        for value in self._aggregate(query, [first], _MOST)[first]:
            within = every([query, one_of(first, [value])])
            for values, count in self._cross(within, rest):
                yield (value, *values), count

    def _nested(self, query: tantivy.Query, fields: Sequence[str]) -> dict[str, Any]:
        asked: dict[str, Any] = {}
        for field in reversed(fields):
            asked = {field: _terms(field, _MOST) | ({"aggs": asked} if asked else {})}
        return dict(self._searcher.aggregate(query, asked))


def link(iri: str, predicate: str) -> dict[str, str]:
    """The facet of what points to a thing by a property."""
    return {"link": f"{iri} {predicate}"}


def _choices(facets: Facets | None) -> dict[str, tuple[str, ...]]:
    return {name: (value,) for name, value in (facets or {}).items()}


def _terms(field: str, most: int) -> dict[str, Any]:
    return {"terms": {"field": field, "size": most, "segment_size": max(most, _MOST)}}


def _combinations(
    found: Mapping[str, Any], fields: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], int]]:
    field, *rest = fields
    for bucket in found[field]["buckets"]:
        key = _key(bucket["key"])
        if not rest:
            yield (key,), bucket["doc_count"]
        else:
            for values, count in _combinations(bucket, rest):
                yield (key, *values), count


def _key(key: object) -> str:
    """The value of a bucket; numbers come as floats."""
    return str(int(key)) if isinstance(key, float) else str(key)
