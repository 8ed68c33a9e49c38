"""Classes and properties found by what a person begins to type: label or name."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode

from endpoint.languages import LANGUAGES, best_of
from endpoint.model import Model, best_text
from endpoint.values import shorten
from kg.namespaces import DEF, PREFIXES, expand, kind_of_class

CLASS: Final = "class"
PROPERTY: Final = "property"
_TYPES: Final = {
    CLASS: ("owl:Class", "rdfs:Class"),
    PROPERTY: (
        "owl:ObjectProperty",
        "owl:DatatypeProperty",
        "owl:AnnotationProperty",
        "rdf:Property",
    ),
}
_TYPE: Final = NamedNode(expand("rdf:type"))
_WORDS: Final = re.compile(r"[A-Z]+(?![^\W_A-Z])|[A-Z]?[^\W_A-Z]+")
_BASIC: Final = ("rdf:type", "rdfs:label", "rdfs:comment", "skos:prefLabel", "skos:broader")
"""Properties that queries use often, whatever the ontology says of them."""


@dataclass(frozen=True)
class Term:
    """A class or property, and by which words it is found."""

    iri: str
    label: str
    name: str
    """With its prefix, for example ``ssc4c:inCountry``."""
    words: tuple[str, ...]

    def rank(self, wanted: tuple[str, ...]) -> int:
        """How well it fits: 0 is best, below 0 is not at all."""
        if not all(any(word.startswith(each) for word in self.words) for each in wanted):
            return -1
        name = split_words(self.name.partition(":")[2])
        label = split_words(self.label)
        if wanted in (name, label):
            return 0
        first = "".join(wanted)
        return 1 if _begins(name, first) else 2 if _begins(label, first) else 3


def _begins(words: tuple[str, ...], first: str) -> bool:
    return "".join(words).startswith(first)


def find_terms(model: Model, kind: str, text: str, language: str, most: int) -> list[Term]:
    """Classes or properties that fit the text, the best first, our own before others."""
    namespace, words = split_text(text)
    ranked = [
        (rank, not term.iri.startswith(DEF), term.name, term)
        for term in _list_terms(model, kind, language)
        if term.iri.startswith(namespace) and (rank := term.rank(words)) >= 0
    ]
    return [term for *_, term in sorted(ranked, key=lambda each: each[:3])[:most]]


def find_range(model: Model, name: str) -> frozenset[str]:
    """The kinds of things that a property leads to; none where nothing is said of it."""
    bare = name.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = bare.partition(":")
    iri = PREFIXES[prefix] + local if colon and prefix in PREFIXES else bare
    fields = (field for form in model.forms.values() for field in form.fields)
    said = {kind for field in fields if field.path == iri for kind in field.kinds}
    return frozenset(said.union(kind_of_class(cls) for cls in model.ranges(iri)))


def split_text(text: str) -> tuple[str, tuple[str, ...]]:
    """Namespace and words of what was typed, such as ``ssc4c:providerCountry`` or ``funder``."""
    bare = text.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = bare.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix], split_words(local)
    for namespace in sorted(PREFIXES.values(), key=len, reverse=True):
        if bare.startswith(namespace):
            return namespace, split_words(bare.removeprefix(namespace))
    return "", split_words(bare)


def split_words(text: str) -> tuple[str, ...]:
    """Words in lower case without accents; humps of a name are words: ``in``, ``country``."""
    return tuple(fold(word) for word in _WORDS.findall(text))


def fold(text: str) -> str:
    """Lower case without accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in plain if not unicodedata.combining(each))


def name_of(iri: str) -> str:
    """An IRI by its prefix, else as it is."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


@lru_cache(maxsize=2 * len(LANGUAGES))
def _list_terms(model: Model, kind: str, language: str) -> tuple[Term, ...]:
    return tuple(_term(model, iri, language) for iri in sorted(set(_iris(model, kind))))


def _iris(model: Model, kind: str) -> Iterator[str]:
    for name in _TYPES[kind]:
        pattern = model.ontology.quads_for_pattern(None, _TYPE, NamedNode(expand(name)))
        yield from (quad.subject.value for quad in pattern if isinstance(quad.subject, NamedNode))
    if kind == CLASS:
        yield from model.forms
    else:
        yield from (field.path for form in model.forms.values() for field in form.fields)
        yield from map(expand, _BASIC)


def _term(model: Model, iri: str, language: str) -> Term:
    given = best_of(model.names(iri), language)
    label = given.value if given else _name_in_shapes(model, iri, language)
    label = label or " ".join(split_words(shorten(iri)))
    name = name_of(iri)
    local = name.partition(":")[2] if name != iri else shorten(iri)
    words = (*split_words(label), *split_words(local), fold(local))
    return Term(iri, label, name, words)


def _name_in_shapes(model: Model, iri: str, language: str) -> str:
    fields = (field for form in model.forms.values() for field in form.fields)
    named = (best_text(field.names, language) for field in fields if field.path == iri)
    form = model.forms.get(iri)
    return best_text(form.names, language) if form else next(named, "")
