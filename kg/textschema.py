"""The fields of the text index, and how words are cut, folded and stemmed in each language."""

import re
import unicodedata
from types import MappingProxyType
from typing import Final

import tantivy

from kg.textfacets import FACETS
from kg.textgaps import GAP_FACETS

STEMMERS: Final = MappingProxyType(
    {"en": "english", "fr": "french", "es": "spanish", "pt": "portuguese", "ar": "arabic"}
)
"""Languages with a field of their own; words of all others are found as they are written."""

_WORD: Final = re.compile(r"\w+")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    _add_exact(builder, "iri", stored=True)
    _add_exact(builder, "kind", stored=True, fast=True)
    _add_exact(builder, "link")
    _add_exact(builder, "name")
    _add_exact(builder, "entry")
    for facet in (*FACETS, *GAP_FACETS):
        _add_exact(builder, facet, fast=True)
    builder.add_text_field("title", tokenizer_name="folded", index_option="position")
    builder.add_text_field("plain", tokenizer_name="folded", index_option="position")
    for language in STEMMERS:
        analyzer = f"folded-{language}"
        builder.add_text_field(language, tokenizer_name=analyzer, index_option="freq")
    for name in ("year", "endyear", "began", "ran", "alphabet", "fame"):
        builder.add_integer_field(name, fast=True)
    builder.add_float_field("share", fast=True)
    builder.add_bytes_field("about", stored=True)
    builder.add_bytes_field("traits", stored=True)
    return builder.build()


def _add_exact(
    builder: tantivy.SchemaBuilder, name: str, stored: bool = False, fast: bool = False
) -> None:
    """A field of whole values, such as IRIs."""
    builder.add_text_field(
        name, stored=stored, fast=fast, tokenizer_name="raw", index_option="basic"
    )


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


SCHEMA: Final = _schema()
FOLDED: Final = _analyzer()
STEMMED: Final = {
    language: _analyzer(tantivy.Filter.stemmer(name)) for language, name in STEMMERS.items()
}
_UNSTOPPED: Final = tuple(
    _analyzer(tantivy.Filter.stopword(name)) for tag, name in STEMMERS.items() if tag != "ar"
)


def registered(index: tantivy.Index) -> tantivy.Index:
    """The index, told how its fields cut their words."""
    index.register_tokenizer("folded", FOLDED)
    for language, analyzer in STEMMED.items():
        index.register_tokenizer(f"folded-{language}", analyzer)
    return index


def normalise(text: str) -> str:
    """The text with each accented letter as one character."""
    return unicodedata.normalize("NFC", text)


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    folded = (FOLDED.analyze(word) for word in _WORD.findall(normalise(text)))
    return [part for parts in folded for part in parts]


def is_telling(word: str) -> bool:
    """Whether a word is none of those, such as "in" or "de", that are in every text."""
    return all(each.analyze(word) for each in _UNSTOPPED)
