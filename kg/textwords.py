"""Asking the index for things with like words: the rare words of a text, each stem once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import tantivy
from pyoxigraph import NamedNode

from kg.namespaces import expand
from kg.textschema import SCHEMA, STEMMED, is_telling, words_of

if TYPE_CHECKING:
    from kg.textindex import TextIndex

_TITLES: Final = tuple(NamedNode(expand(f"dcterms:{name}")) for name in ("title", "alternative"))
_TEXTS: Final = (
    NamedNode(expand("dcterms:description")),
    *(NamedNode(expand(f"ssc4c:{name}")) for name in ("themeLabel", "beneficiariesStated")),
)
_WORDS: Final = 14
"""Rare words that are looked for."""
_FEW: Final = 20
"""Things that a telling word may be in however small the graph is."""
_COMMON: Final = 20_000
"""Things that a word may be in; commoner ones tell nothing and cost much."""


def ask_stems(
    index: "TextIndex", stems: Iterable[tuple[str, str]], favoured: set[tuple[str, str]]
) -> tantivy.Query | None:
    """A query for the rarest of the stems, given with the field that each stands in."""
    counted = {stem: index.frequency(*stem) for stem in stems}
    useful = sorted((n, stem) for stem, n in counted.items() if 0 < n <= _COMMON)
    telling = [(n, stem) for n, stem in useful if n <= max(_FEW, len(index) // 50)]
    useful = telling or useful
    clauses = [
        (
            tantivy.Occur.Should,
            tantivy.Query.boost_query(
                tantivy.Query.term_query(SCHEMA, field, word, "freq"),
                2.0 if (field, word) in favoured else 1.0,
            ),
        )
        for _, (field, word) in useful[:_WORDS]
    ]
    return tantivy.Query.boolean_query(clauses) if clauses else None


def stems_of(text: str, field: str) -> Iterable[tuple[str, str]]:
    """The telling words of a text as the field keeps them."""
    for word in words_of(text):
        if len(word) > 2 and not word.isdecimal() and is_telling(word):
            yield from (
                (field, stem)
                for stem in (STEMMED[field].analyze(word) if field in STEMMED else [word])
            )
