"""Writing the full-text index: documents become entries of its fields."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import tantivy

from kg.searching import fold
from kg.textdocuments import TextDocument
from kg.textfacets import MANY
from kg.textgaps import share_of
from kg.textschema import SCHEMA, STEMMERS, normalise, registered

_FAME: Final = (
    *("country", "theme", "sdg", "instrument", "population", "form", "region"),
    *("country-group", "actor-type", "actor", "person", "role", "community", "challenge"),
)
"""Kinds whose names people look for first, the first of all first."""


def open_index(path: Path) -> tantivy.Index:
    """The index in a folder; raises ValueError if its schema is another."""
    return registered(tantivy.Index(SCHEMA, str(path), reuse=True))


def create_index(path: Path, documents: Iterable[TextDocument]) -> None:
    """Write a new index into an empty folder."""
    path.mkdir(parents=True, exist_ok=True)
    _write(tantivy.Index(SCHEMA, str(path), reuse=False), documents, is_new=True)


def change_index(path: Path, changed: Iterable[TextDocument], removed: Iterable[str]) -> None:
    """Replace the documents that changed and drop those removed."""
    _write(open_index(path), changed, removed)


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
    made = tantivy.Document(iri=document.iri, kind=document.kind)
    made.add_integer("alphabet", alphabet("".join(document.titles[:1])))
    made.add_integer("fame", fame_of(document.kind))
    _add_names(made, document)
    _add_texts(made, document)
    _add_years(made, document)
    for facet, values in document.facets.items():
        for value in values:
            made.add_text(facet, value)
    if "gap" in document.facets:
        made.add_float("share", share_of(document.facets))
    for target, predicate in document.links:
        made.add_text("link", f"{target} {predicate}")
    if document.traits:
        made.add_bytes("traits", document.traits)
    return made


def _add_names(made: tantivy.Document, document: TextDocument) -> None:
    for title in document.titles:
        made.add_text("title", normalise(title))
    for name in {fold(each) for each in (*document.titles, _key_of(document.iri))}:
        made.add_text("name", name)
        if document.kind not in MANY:
            made.add_text("entry", name)


def _add_texts(made: tantivy.Document, document: TextDocument) -> None:
    for language, texts in document.texts.items():
        for text in map(normalise, texts):
            made.add_text("plain", text)
            if language in STEMMERS:
                made.add_text(language, text)
    for language, texts in document.about.items():
        for text in texts:
            made.add_bytes("about", f"{language}:{normalise(text)}".encode())


def _add_years(made: tantivy.Document, document: TextDocument) -> None:
    """Years that are told; what tells one alone ran in that year, as far as anyone knows."""
    start, end = document.year, document.end_year
    for name, year in (
        ("year", start),
        ("endyear", end),
        ("began", start or end),
        ("ran", max(start, end)),
    ):
        if year:
            made.add_integer(name, year)


def fame_of(kind: str) -> int:
    """How soon things of a kind are suggested; 0 for those that are many."""
    if kind in MANY:
        return 0
    return len(_FAME) + 1 - _FAME.index(kind) if kind in _FAME else 1


def _key_of(iri: str) -> str:
    """What a thing is called in its IRI, such as ``BRA`` or ``2.1``."""
    return iri.replace("#", "/").rpartition("/")[2]


def alphabet(title: str) -> int:
    """A number that sorts as the first letters of the title do."""
    letters = fold(title).replace(" ", "").encode()[:7]
    return int.from_bytes(letters.ljust(7, b"\0"), "big")
