"""Queries to the full-text index, made of what a search asks for."""

from collections.abc import Collection, Iterator, Sequence
from types import MappingProxyType
from typing import Final

import tantivy

from kg.namespaces import expand
from kg.searching import FIELDS, Part, Text, Wanted
from kg.textfacets import ACTIVITIES, MANY
from kg.textschema import SCHEMA, STEMMED

_CALLED: Final = 1000
"""Things whose names hold the words after ``actor:`` and the like; more are left out."""

ALIASES: Final = MappingProxyType({"with": "actor"})
"""Facets under a second name, for things that need a value of each: one actor with another."""
ROLES: Final = MappingProxyType(
    {
        "facilitates": "ssc4c:facilitatingPartner",
        "leads": "ssc4c:leadActor",
        "funds": "ssc4c:fundingActor",
        "implements": "ssc4c:implementingActor",
    }
)
"""Facets of what an actor does, by the property of the link; links are not counted by value."""
_LIKED: Final = (
    *((kind, 8.0) for kind in sorted(ACTIVITIES)),
    *((kind, 4.0) for kind in ("theme", "country", "actor", "sdg")),
)
"""Kinds and what they are worth, beside 50 for a name and about 10 for a rare word."""
Query = tantivy.Query


class Queries:
    """Makes queries for one index, whose words it looks up."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def filters(self, wanted: Wanted) -> list[tantivy.Query]:
        """What the facets and years ask for."""
        chosen = [_chosen(name, values) for name, values in wanted.chosen.items() if values]
        return [*chosen, *_period(wanted.since, wanted.until)]

    def matching(self, text: Text, needed: int) -> list[tantivy.Query]:
        """What the text asks for, with so many of its words; what bears its name comes first."""
        parts = [self._part(part) for part in text.parts if not part.is_excluded]
        if text.words:
            parts.append(self._words(text, needed))
        excluded = [self._part(part) for part in text.parts if part.is_excluded]
        if excluded:
            without = [(tantivy.Occur.MustNot, each) for each in excluded]
            everything = (tantivy.Occur.Must, Query.const_score_query(Query.all_query(), 0.0))
            parts.append(Query.boolean_query([everything, *without]))
        return parts

    def preferring(self, query: tantivy.Query) -> tantivy.Query:
        """The same things; of those that fit as well, the kinds first that people look for."""
        for kind, score in _LIKED:  # one by one: together they would be read through whole
            liked = Query.const_score_query(exactly("kind", kind), score)
            query = Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Should, liked)]
            )
        return query

    def _words(self, text: Text, needed: int) -> tantivy.Query:
        last = len(text.words) - 1
        choices = [self._word(word, is_prefix=at == last) for at, word in enumerate(text.words)]
        matching = Query.boolean_query(
            [(tantivy.Occur.Should, each) for each in choices], minimum_number_should_match=needed
        )
        bearing = Query.term_set_query(SCHEMA, "name", list(text.names))
        return either([matching, Query.const_score_query(bearing, 50.0)])

    def _word(self, word: str, is_prefix: bool) -> tantivy.Query:
        """A word in any form; where no thing has it, words that differ by a letter or two."""
        choices = list(_forms(word))
        if is_prefix and len(word) > 2:
            choices.append(_close(word, distance=0, boost=0.4))
        if len(word) > 4 and not self._is_known(word, is_prefix):
            choices.append(_close(word, distance=1 if len(word) < 9 else 2, boost=0.2))
        return Query.disjunction_max_query(choices, 0.1)

    def unknown(self, text: Text) -> tuple[str, ...]:
        """The words that no thing has, folded."""
        last = len(text.words) - 1
        return tuple(
            word for at, word in enumerate(text.words) if not self._is_known(word, at == last)
        )

    def _is_known(self, word: str, is_prefix: bool) -> bool:
        """Whether a thing has the word, or one that begins so where it may be unfinished."""
        begun = is_prefix and len(word) > 2
        return has_word(self._searcher, word) or (
            begun and bool(self._searcher.terms_with_prefix("plain", word, limit=1))
        )

    def _part(self, part: Part) -> tantivy.Query:
        if kind := FIELDS.get(part.field):
            return const(one_of(part.field, self._called(kind, part.words)))
        if part.field == "title":
            return phrase("title", part.words)
        if len(part.words) == 1:
            return Query.disjunction_max_query(list(_forms(part.words[0])), 0.1)
        return phrase("plain", part.words)

    def _called(self, kind: str, words: Sequence[str]) -> list[str]:
        """Things of a kind whose names hold all these words, or whose key or acronym it is."""
        held = [_close_title(word) if len(word) > 2 else _term("title", word) for word in words]
        bearing = Query.term_query(SCHEMA, "name", " ".join(words), "basic")
        query = every([exactly("kind", kind), either([every(held), bearing])])
        found = self._searcher.search(query, _CALLED, count=False).hits
        return [str(self._searcher.doc(address).get_first("iri")) for _, address in found]


def _chosen(name: str, values: Sequence[str]) -> tantivy.Query:
    """Things that have one of the values of a facet."""
    if predicate := ROLES.get(name):
        return one_of("link", [f"{value} {expand(predicate)}" for value in values])
    return one_of(ALIASES.get(name, name), values)


def _period(since: int, until: int) -> Iterator[tantivy.Query]:
    """What began by `until` and still ran in `since`; things without years never fit."""
    integer = tantivy.FieldType.Integer
    if since:
        yield const(Query.range_query(SCHEMA, "ran", integer, lower_bound=since))
    if until:
        yield const(Query.range_query(SCHEMA, "began", integer, upper_bound=until))


def has_word(searcher: tantivy.Searcher, word: str) -> bool:
    """Whether a thing has the word in any form."""
    stems = ((field, each.analyze(word)) for field, each in STEMMED.items())
    return searcher.doc_freq("plain", word) > 0 or any(
        searcher.doc_freq(field, stem) > 0 for field, found in stems for stem in found
    )


def _forms(word: str) -> Iterator[tantivy.Query]:
    """A word as it is, in titles and anywhere, and in the forms that stemmers bring together."""
    yield Query.boost_query(_term("title", word), 3.0)
    yield _term("plain", word)
    for language, analyzer in STEMMED.items():
        for stem in analyzer.analyze(word):
            yield Query.boost_query(_term(language, stem), 0.8)


def _term(field: str, word: str) -> tantivy.Query:
    return Query.term_query(SCHEMA, field, word, "freq")


def _close(word: str, distance: int, boost: float) -> tantivy.Query:
    """Words that begin so (distance 0) or differ by a letter or two: misspellings."""
    close = Query.fuzzy_term_query(SCHEMA, "plain", word, distance=distance, prefix=distance == 0)
    return Query.boost_query(close, boost)


def _close_title(word: str) -> tantivy.Query:
    return Query.fuzzy_term_query(SCHEMA, "title", word, distance=0, prefix=True)


def phrase(field: str, words: Sequence[str]) -> tantivy.Query:
    """Words that stand side by side."""
    return Query.phrase_query(SCHEMA, field, list(words)) if words[1:] else _term(field, words[0])


def exactly(name: str, value: str) -> tantivy.Query:
    """Things with this value; it does not count how rare it is."""
    return const(Query.term_query(SCHEMA, name, value, index_option="basic"))


def one_of(name: str, values: Sequence[str]) -> tantivy.Query:
    """Things with one of these values."""
    if len(values) == 1:
        return exactly(name, values[0])
    return const(Query.term_set_query(SCHEMA, name, list(values)))


def of_kinds(query: tantivy.Query, kinds: Collection[str]) -> tantivy.Query:
    """What a query finds of these kinds.

    A set of values is listed whole first, which takes a millisecond where it has 400,000 things.
    Kinds that are many are told by the number that sets them apart from the few instead, which is
    looked at only in what the query finds.
    """
    if len(kinds) == 1 or not MANY.issuperset(kinds):
        return every([query, one_of("kind", sorted(kinds))])
    many = Query.range_query(SCHEMA, "fame", tantivy.FieldType.Integer, upper_bound=0)
    others = [exactly("kind", each) for each in sorted(MANY.difference(kinds))]
    return Query.boolean_query(
        [
            (tantivy.Occur.Must, query),
            (tantivy.Occur.Must, const(many)),
            *((tantivy.Occur.MustNot, each) for each in others),
        ]
    )


def const(query: tantivy.Query) -> tantivy.Query:
    """The same things without a score of their own."""
    return Query.const_score_query(query, 0.0)


def every(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """What all of these find; everything if there are none."""
    if not queries:
        return Query.all_query()
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(tantivy.Occur.Must, each) for each in queries])


def either(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """What any of these finds."""
    return Query.boolean_query([(tantivy.Occur.Should, each) for each in queries])
