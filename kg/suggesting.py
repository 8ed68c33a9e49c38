"""What the index suggests: names as they are typed, and things alike."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import tantivy

from kg.searching import fold, whole_names
from kg.textfacets import ACTIVITIES
from kg.textqueries import const, either, every, exactly, of_kinds, phrase
from kg.textschema import SCHEMA, STEMMED, is_telling, words_of

_LOOKED_AT: Final = 200
"""Names among which those that most things point to are chosen."""
_POINTED: Final = ("country", "theme", "sdg", "actor", "instrument", "population", "form", "region")
"""Facets whose values are things with names."""
_TELLING: Final = 25
"""Words by which things are compared."""
_RARE: Final = 2
_COMMON: Final = 0.2
"""A word in more than this share of all things tells nothing."""
_WIDEST: Final = 4_000
"""Nor does one in more things than this, and asking for it costs a millisecond."""

Query = tantivy.Query
Scored = tuple[float, tantivy.DocAddress]
_Found = tuple[str, tantivy.DocAddress]


class Suggester:
    """Suggests from one index."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def suggest(self, text: str, limit: int) -> list[tantivy.DocAddress]:
        """Names that begin so, names with words that begin so, and then nearly so."""
        name, words = fold(text), words_of(text)
        if not name or not words or limit < 1:
            return []
        found: dict[str, tantivy.DocAddress] = {}
        for find in self._steps(name, words, limit):
            for iri, address in find:
                found.setdefault(iri, address)
            if len(found) >= limit:
                break
        return list(found.values())[:limit]

    def _steps(self, name: str, words: Sequence[str], limit: int) -> Iterator[Iterable[_Found]]:
        yield self._ranked(exactly("entry", name))
        for number in whole_names(" ".join(words))[1:]:  # SDG 2.1 is called 2.1
            yield self._ranked(every([_begins("entry", number), exactly("kind", "sdg")]))
        yield self._ranked(_begins("entry", name))
        holding = every([*(phrase("title", [word]) for word in words[:-1]), _last(words[-1])])
        yield self._ranked(every([holding, _few()]))
        yield self._best(of_kinds(holding, ACTIVITIES), limit)
        yield self._best(holding, limit)
        if len(name) > 3:
            yield self._ranked(_begins("entry", name, 1 if len(name) < 8 else 2))
            near = [_begins("title", word, 1 if len(word) > 3 else 0) for word in words]
            yield self._ranked(every([*near, _few()]))
            yield self._best(every(near), limit)

    def _ranked(self, query: tantivy.Query) -> list[_Found]:
        """What most things point to comes first, then what people look for first."""
        hits = self._searcher.search(
            query, _LOOKED_AT, count=False, order_by_field="fame", order=tantivy.Order.Desc
        ).hits
        found = [(fame or 0, self._iri(address), address) for fame, address in hits]
        found.sort(key=lambda each: (self._pointed(each[1]), each[0]), reverse=True)
        return [(iri, address) for _, iri, address in found]

    def _best(self, query: tantivy.Query, limit: int) -> list[_Found]:
        """Of the many only so many are read: each takes 0.1 ms."""
        hits = self._searcher.search(query, limit, count=False).hits
        return [(self._iri(address), address) for _, address in hits]

    def _iri(self, address: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("iri"))

    def _pointed(self, iri: str) -> int:
        """How many things point to this one."""
        return sum(self._searcher.doc_freq(field, iri) for field in _POINTED)

    def alike(self, iri: str, limit: int, kinds: Sequence[str]) -> list[Scored]:
        """Things that share telling words with the names and descriptions of a thing."""
        hits = self._searcher.search(exactly("iri", iri), 1, count=False).hits
        terms = self._telling(hits[0][1]) if hits else []
        if not terms or limit < 1:
            return []
        shared = either(
            [
                Query.boost_query(const_one(Query.term_query(SCHEMA, field, word, "freq")), weight)
                for field, word, weight in terms
            ]
        )
        query = of_kinds(shared, kinds) if kinds else shared
        found = self._searcher.search(query, limit + 1, count=False).hits
        own = sum(weight for _, _, weight in terms)
        others = [(score / own, address) for score, address in found if address != hits[0][1]]
        return others[:limit]

    def _telling(self, address: tantivy.DocAddress) -> list[tuple[str, str, float]]:
        """Field, word and weight of the rarest words that others have too."""
        total = self._searcher.num_docs
        found: dict[tuple[str, str], float] = {}
        for said in self._searcher.doc(address).get_all("about"):
            language, _, text = bytes(said).decode().partition(":")
            field = language if language in STEMMED else "plain"
            for word in filter(is_telling, words_of(text)):
                for stem in STEMMED[field].analyze(word) if field in STEMMED else [word]:
                    frequency = self._searcher.doc_freq(field, stem)
                    if _RARE <= frequency <= max(min(_COMMON * total, _WIDEST), _RARE):
                        found[field, stem] = math.log(1 + total / frequency)
        best = sorted(found.items(), key=lambda each: (-each[1], each[0]))[:_TELLING]
        return [(field, word, weight) for (field, word), weight in best]


def _few() -> tantivy.Query:
    """Kinds of things that are few."""
    return const(Query.range_query(SCHEMA, "fame", tantivy.FieldType.Integer, lower_bound=1))


def _last(word: str) -> tantivy.Query:
    """A word that is still being typed; numbers are whole, since far too many begin with a 1."""
    return phrase("title", [word]) if word.isdecimal() else _begins("title", word)


def _begins(field: str, word: str, distance: int = 0) -> tantivy.Query:
    return Query.fuzzy_term_query(SCHEMA, field, word, distance=distance, prefix=True)


def const_one(query: tantivy.Query) -> tantivy.Query:
    """The same things, each worth one."""
    return Query.const_score_query(query, 1.0)
