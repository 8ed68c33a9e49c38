"""What one may write as the text of `ssc4c:matches`, and what the index is asked for it.

All words must be there, in any form that the stemmer brings together. ``"school meals"`` is a
phrase as written, ``nutri*`` any word that begins so, ``-vaccine`` must not be there, ``OR`` stands
between two of these of which one is enough.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import tantivy

from kg.textschema import SCHEMA, STEMMED, is_telling, words_of

_PART: Final = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_MOST: Final = 20
"""Parts of a text that are looked at; the rest is left out."""
_TITLE: Final = 3.0
_STEM: Final = 0.8


@dataclass(frozen=True)
class _Part:
    """A word, a phrase or the start of words, folded."""

    words: tuple[str, ...]
    kind: str
    """``word``, ``phrase`` or ``start``."""
    is_excluded: bool = False
    is_alternative: bool = False
    """Whether OR stands before it."""

    @property
    def is_telling(self) -> bool:
        return self.kind != "word" or is_telling(self.words[0])


def read_match(text: str, language: str = "") -> tantivy.Query | None:
    """The query for a text in a language, or in any; nothing if the text holds no word to find."""
    parts = _read_parts(text)
    parts = [each for each in parts if each.is_telling] or parts
    choices: list[list[tantivy.Query]] = []
    excluded = []
    for part in parts:
        query = _ask(part, language)
        if part.is_excluded:
            excluded.append(query)
        elif part.is_alternative and choices:
            choices[-1].append(query)
        else:
            choices.append([query])
    return _combine(choices, excluded) if choices else None


def _combine(
    choices: Sequence[Sequence[tantivy.Query]], excluded: Sequence[tantivy.Query]
) -> tantivy.Query:
    needed = [
        tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in some])
        for some in choices
    ]
    return tantivy.Query.boolean_query(
        [
            *((tantivy.Occur.Must, each) for each in needed),
            *((tantivy.Occur.MustNot, each) for each in excluded),
        ]
    )


def _read_parts(text: str) -> list[_Part]:
    found: list[_Part] = []
    is_alternative = False
    for each in _PART.finditer(text):
        if each[0] == "OR":
            is_alternative = True
            continue
        found.extend(_read_part(each, is_alternative))
        is_alternative = False
    return found[:_MOST]


def _read_part(found: re.Match[str], is_alternative: bool) -> list[_Part]:
    words = tuple(words_of(found["phrase"] or found["word"] or ""))
    excluded = bool(found["minus"])
    if not words:
        return []
    if found["phrase"] is None and found[0].endswith("*") and len(words) == 1:
        return [_Part(words, "start", excluded, is_alternative)]
    if len(words) > 1:  # several words in one piece, such as "d'Ivoire", stand together
        return [_Part(words, "phrase", excluded, is_alternative)]
    return [_Part(words, "word", excluded, is_alternative)]


def _ask(part: _Part, language: str) -> tantivy.Query:
    query = tantivy.Query
    if part.kind == "phrase":
        return query.phrase_query(SCHEMA, "plain", list(part.words))
    [word] = part.words
    if part.kind == "start":
        return query.fuzzy_term_query(SCHEMA, "plain", word, distance=0, prefix=True)
    if language in STEMMED:
        return query.disjunction_max_query(_stems(word, language), 0.1)
    plain = query.term_query(SCHEMA, "plain", word, "freq")
    if language:
        return plain
    title = query.boost_query(query.term_query(SCHEMA, "title", word, "freq"), _TITLE)
    stems = [each for tag in STEMMED for each in _stems(word, tag)]
    weaker = [query.boost_query(each, _STEM) for each in stems]
    return query.disjunction_max_query([title, plain, *weaker], 0.1)


def _stems(word: str, language: str) -> list[tantivy.Query]:
    stems = STEMMED[language].analyze(word)
    return [tantivy.Query.term_query(SCHEMA, language, stem, "freq") for stem in stems]
