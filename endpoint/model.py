"""Ontology and shapes as the pages use them: names, groups and order of properties."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from endpoint.languages import best_of
from endpoint.relations import HEADINGS
from endpoint.texts import _
from endpoint.values import shorten
from kg.namespaces import DEF, expand
from kg.reader import Statements, Term
from loader.forms import (
    Field,
    Form,
    Group,
    read_forms,
    read_groups,
    read_mentions,
    read_messages,
    read_rule_names,
)

_NAMES: Final = tuple(
    NamedNode(expand(name)) for name in ("rdfs:label", "skos:prefLabel", "dcterms:title")
)
_NARROWER: Final = NamedNode(expand("rdfs:subPropertyOf"))
_RANGE: Final = NamedNode(expand("rdfs:range"))
_OURS: Final = re.compile(rf"{re.escape(DEF)}[\w-]+")
_LAST: Final = 1000.0


@dataclass(frozen=True, eq=False)
class Model:
    """Forms by class, and the ontology with its labels; the same for all requests."""

    forms: Mapping[str, Form]
    groups: Mapping[str, Group]
    messages: Mapping[str, Mapping[str, str]]
    """What each shape tells a data owner, by shape and language."""
    rule_names: Mapping[str, Mapping[str, str]]
    mentions: Mapping[str, tuple[str, ...]]
    """The properties that each rule looks at, by its shape."""
    ontology: Store
    shapes: Store
    context: Path
    """File of the JSON-LD context."""

    @classmethod
    def read(cls, project: Path) -> Self:
        """From the project's shapes and Turtle modules."""
        ontology, shapes = project / "ontology", project / "shapes"
        return cls(
            read_forms(shapes),
            read_groups(shapes),
            read_messages(shapes),
            read_rule_names(shapes),
            read_mentions(shapes),
            _load(ontology),
            _load(shapes),
            ontology / "context.jsonld",
        )

    @lru_cache(maxsize=2_000)  # noqa: B019 - one model lives as long as the process
    def names(self, iri: str) -> tuple[Literal, ...]:
        """Labels of a term in all languages."""
        for predicate in _NAMES:
            pattern = self.ontology.quads_for_pattern(NamedNode(iri), predicate, None)
            if found := [quad.object for quad in pattern if isinstance(quad.object, Literal)]:
                return tuple(sorted(found, key=str))
        return ()

    @lru_cache(maxsize=2_000)  # noqa: B019
    def narrower(self, predicate: str) -> tuple[str, ...]:
        """Properties that say the same more precisely."""
        pattern = self.ontology.quads_for_pattern(None, _NARROWER, NamedNode(predicate))
        return tuple(quad.subject.value for quad in pattern if isinstance(quad.subject, NamedNode))

    @lru_cache(maxsize=2_000)  # noqa: B019
    def broader(self, predicate: str) -> tuple[str, ...]:
        """Properties that say the same less precisely."""
        pattern = self.ontology.quads_for_pattern(NamedNode(predicate), _NARROWER, None)
        return tuple(quad.object.value for quad in pattern if isinstance(quad.object, NamedNode))

    @lru_cache(maxsize=2_000)  # noqa: B019
    def ranges(self, predicate: str) -> tuple[str, ...]:
        """Classes of our own that the ontology gives as the range of a property."""
        if not _OURS.fullmatch(predicate):
            return ()
        pattern = self.ontology.quads_for_pattern(NamedNode(predicate), _RANGE, None)
        values = (quad.object for quad in pattern if isinstance(quad.object, NamedNode))
        return tuple(value.value for value in values if value.value.startswith(DEF))

    def fields_of(self, classes: Iterable[Term]) -> dict[NamedNode, Field]:
        """The fields of a thing's classes by property."""
        forms = [self.forms[cls.value] for cls in classes if cls.value in self.forms]
        return {NamedNode(field.path): field for form in forms for field in form.fields}

    def without_repeats(self, said: Statements) -> Statements:
        """Without the values that a narrower property gives as well."""
        kept: dict[NamedNode, tuple[Term, ...]] = {}
        for predicate, values in said.items():
            narrower = (NamedNode(name) for name in self.narrower(predicate.value))
            told = {value for name in narrower for value in said.get(name, ())}
            kept[predicate] = tuple(value for value in values if value not in told)
        return {predicate: values for predicate, values in kept.items() if values}

    def group(self, field: Field | None, language: str) -> tuple[float, str]:
        """Order and name of the group of a field; last and empty if it has none."""
        group = self.groups.get(field.group) if field else None
        return (group.order, best_text(group.names, language)) if group else (_LAST, "")

    def label(self, predicate: NamedNode, field: Field | None, language: str) -> str:
        """The name of a property: by its shape, else by the ontology, else its own words."""
        if field and (given := best_text(field.names, language)):
            return given
        name = best_of(self.names(predicate.value), language)
        text = name.value if name else _spaced(shorten(predicate.value))
        return text[:1].upper() + text[1:]

    def hint(self, predicate: NamedNode, field: Field | None, language: str) -> str:
        """What the property means, in a sentence."""
        return best_text(field.descriptions, language) if field else ""

    def hint_language(self, field: Field | None, language: str) -> str:
        """The language of that sentence where it is not the one that was asked for."""
        return "en" if field and field.descriptions and language not in field.descriptions else ""

    def message(self, shape: str, found: str, language: str) -> str:
        """What a rule tells in the language, where that says what was found; else empty."""
        texts = self.messages.get(shape, {})
        return texts.get(language, "") if texts.get("en") == found else ""

    def inverse_label(self, predicate: NamedNode, language: str) -> str:
        """How a heading names what points somewhere by this property."""
        if predicate.value in HEADINGS:
            return str(HEADINGS[predicate.value])
        label = self.label(predicate, None, language)
        return _("with it as %(property)s", property=label[:1].lower() + label[1:])


def best_text(texts: Mapping[str, str], language: str) -> str:
    """The text in the language, else in English."""
    return texts.get(language) or texts.get("en", "")


def _spaced(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)


def _load(folder: Path) -> Store:
    store = Store()
    for file in sorted(folder.glob("*.ttl")):
        store.load(path=file, format=RdfFormat.TURTLE)
    return store
