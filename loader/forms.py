"""The forms: what the shapes say about each class, as plain values for mappers and pages."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

import yaml
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse
from pyoxigraph import Literal as RdfLiteral

from kg.namespaces import ID, SHAPES, expand, kind_of_class, split_thing

Node = NamedNode | BlankNode
Texts = Mapping[str, str]
NodeKind = Literal["IRI", "Literal"]

SCHEME_OF_CONCEPTS: Final = f"{ID}scheme/"
_KINDS_IN_PATTERN: Final = re.compile(r"/id/\(?([a-z|-]+)\)?/")
_SDG: Final = expand("sdgo:")
_PROPERTIES: Final = re.compile(r"\b(?:ssc4c|dcterms):[a-z]\w*")
_PATHS: Final = frozenset(map(expand, ("sh:path", "rdf:first")))
"""Where a rule names properties: a path, or a member of a list of them."""


@dataclass(frozen=True)
class Group:
    """A section of a form or page."""

    iri: str
    names: Texts
    order: float


@dataclass(frozen=True)
class Field:
    """One property of a class: what it is called, where it stands, which values it takes."""

    shape: str
    path: str
    names: Texts
    """Name by language: ``{"en": "Title", "fr": "Titre", …}``."""
    descriptions: Texts
    messages: Texts
    order: float
    group: str
    column: str
    """Column of the CSV files that fills it; empty where code maps it."""
    datatypes: tuple[str, ...]
    value_class: str
    """Class of the values, where there is one: ``…/def/Country``."""
    scheme: str
    """Scheme of the concepts that are its values: ``theme``."""
    kinds: tuple[str, ...]
    """Kinds of things that it may link to: ``("practice", "adaptation")``; ``("theme",)``."""
    node_kind: NodeKind
    min_count: int
    max_count: int | None
    is_once_per_language: bool
    severity: str
    pattern: str
    is_recommended: bool
    """Whether its absence is a warning."""

    @property
    def datatype(self) -> str:
        """The one datatype; empty for links and where several are possible."""
        return self.datatypes[0] if len(self.datatypes) == 1 else ""


@dataclass(frozen=True)
class Form:
    """All properties of a class in their order, with those it shares with other classes."""

    shape: str
    target_class: str
    names: Texts
    descriptions: Texts
    fields: tuple[Field, ...]

    def field_of(self, path: str) -> Field | None:
        """The field of a property, if the form has it."""
        return next((field for field in self.fields if field.path == path), None)


def read_forms(shapes_dir: Path) -> dict[str, Form]:
    """Class IRI to form, for every class that a shape targets."""
    return ShapeReader(shapes_dir).forms()


def columns_by_iri(forms: Mapping[str, Form]) -> dict[str, str]:
    """Shape of each property that a column of a table fills, and the property, to that column.

    A property that is filled by different columns in different tables is left out.
    """
    fields = [field for form in forms.values() for field in form.fields if field.column]
    columns = defaultdict(set)
    for field in fields:
        columns[field.path].add(field.column)
    paths = {path: names.pop() for path, names in columns.items() if len(names) == 1}
    return paths | {field.shape: field.column for field in fields}


def read_groups(shapes_dir: Path) -> dict[str, Group]:
    """Group IRI to group, in their order."""
    return ShapeReader(shapes_dir).groups()


def read_messages(shapes_dir: Path) -> dict[str, Texts]:
    """Shape IRI to its message in each language."""
    return ShapeReader(shapes_dir).messages()


def read_rule_names(shapes_dir: Path) -> dict[str, Texts]:
    """Shape IRI to its name in each language, for those that have a message."""
    return ShapeReader(shapes_dir).rule_names()


def read_mentions(shapes_dir: Path) -> dict[str, tuple[str, ...]]:
    """Shape IRI to the properties that its rule looks at, in the order in which it names them."""
    return ShapeReader(shapes_dir).mentions()


def read_triples(shapes_dir: Path) -> Iterator[Triple]:
    """Every statement of the shapes in a folder; examples stand in folders below it."""
    for path in sorted(shapes_dir.glob("*.ttl")):
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            yield quad.triple


class ShapeReader:
    """Reads the shapes of a folder and their translations."""

    def __init__(self, shapes_dir: Path) -> None:
        self._said: defaultdict[Node, defaultdict[str, list[Any]]]
        self._said = defaultdict(lambda: defaultdict(list))
        for triple in read_triples(shapes_dir):
            if isinstance(triple.subject, Node):
                self._said[triple.subject][triple.predicate.value].append(triple.object)
        translations = shapes_dir / "translations.yaml"
        text = translations.read_text(encoding="utf-8") if translations.exists() else ""
        self._translations: dict[str, dict[str, dict[str, str]]] = yaml.load(text, _Loader) or {}

    def forms(self) -> dict[str, Form]:
        """Class IRI to form."""
        return {target: self._form(target, shapes) for target, shapes in self._targets.items()}

    def groups(self) -> dict[str, Group]:
        """Group IRI to group, in their order."""
        found = [
            Group(iri.value, self._texts(iri, "rdfs:label", "name"), self._number(iri, "sh:order"))
            for iri in self._of_type("sh:PropertyGroup")
        ]
        return {group.iri: group for group in sorted(found, key=lambda each: each.order)}

    def messages(self) -> dict[str, Texts]:
        """Shape IRI to its message in each language."""
        shapes = (*self._of_type("sh:NodeShape"), *self._of_type("sh:PropertyShape"))
        return {
            shape.value: self._texts(shape, "sh:message", "message")
            for shape in shapes
            if self._values(shape, "sh:message")
        }

    def rule_names(self) -> dict[str, Texts]:
        """Shape IRI to its name in each language, for those that have a message."""
        labelled = (NamedNode(iri) for iri in self.messages())
        return {shape.value: self._texts(shape, "rdfs:label", "name") for shape in labelled}

    def mentions(self) -> dict[str, tuple[str, ...]]:
        """Shape IRI to the properties that its rule looks at."""
        shapes = (*self._of_type("sh:NodeShape"), *self._of_type("sh:PropertyShape"))
        ruled = [shape for shape in shapes if self._values(shape, "sh:severity")]
        return {shape.value: tuple(dict.fromkeys(self._mentioned(shape))) for shape in ruled}

    def _mentioned(self, node: Node) -> Iterator[str]:
        """Properties below a node: those of its paths, and those that its queries name."""
        for name, values in self._said.get(node, {}).items():
            for value in values:
                if isinstance(value, RdfLiteral) and name == expand("sh:select"):
                    yield from map(expand, _PROPERTIES.findall(value.value))
                elif isinstance(value, NamedNode) and name in _PATHS:
                    yield from () if value.value.startswith(ID) else (value.value,)
                elif isinstance(value, BlankNode):
                    yield from self._mentioned(value)

    @cached_property
    def _targets(self) -> dict[str, list[NamedNode]]:
        """Class IRI to the shapes that describe it, its own shape first; rules are left out."""
        found: defaultdict[str, list[NamedNode]] = defaultdict(list)
        for shape in self._of_type("sh:NodeShape"):
            if not self._values(shape, "sh:severity"):
                for target in self._values(shape, "sh:targetClass"):
                    found[target.value].append(shape)
        for target_class, shapes in found.items():
            shapes.sort(
                key=lambda shape: (_local(shape.value) != _local(target_class), shape.value)
            )
        return dict(sorted(found.items()))

    @cached_property
    def _recommended(self) -> set[tuple[str, str]]:
        """Class and property of each warning about something missing."""
        return {
            (target.value, self._one(shape, "sh:path").value)
            for shape in self._of_type("sh:PropertyShape")
            if self._values(shape, "sh:minCount") and not self._values(shape, "sh:order")
            for target in self._values(shape, "sh:targetClass")
        }

    def _form(self, target: str, shapes: list[NamedNode]) -> Form:
        fields = [
            self._field(field, target)
            for shape in shapes
            for field in self._values(shape, "sh:property")
            if self._values(field, "sh:order")
        ]
        return Form(
            shapes[0].value,
            target,
            self._texts(shapes[0], "rdfs:label", "name"),
            self._texts(shapes[0], "rdfs:comment", "description"),
            tuple(sorted(fields, key=lambda field: (field.order, field.shape))),
        )

    def _field(self, shape: NamedNode, target: str) -> Field:
        path = self._one(shape, "sh:path").value
        datatypes = tuple(self._find_deep(shape, "sh:datatype"))
        maximum = self._one(shape, "sh:maxCount")
        return Field(
            shape=shape.value,
            path=path,
            names=self._texts(shape, "sh:name", "name"),
            descriptions=self._texts(shape, "sh:description", "description"),
            messages=self._texts(shape, "sh:message", "message"),
            order=self._number(shape, "sh:order"),
            group=self._text(shape, "sh:group"),
            column=self._text(shape, "ssc4c:column"),
            datatypes=datatypes,
            value_class=self._text(shape, "sh:class"),
            scheme=self._scheme(shape),
            kinds=self._kinds(shape),
            node_kind="Literal" if datatypes else "IRI",
            min_count=int(self._number(shape, "sh:minCount")),
            max_count=int(maximum.value) if maximum else None,
            is_once_per_language=self._text(shape, "sh:uniqueLang") == "true",
            severity=_local(self._text(shape, "sh:severity")),
            pattern=self._text(shape, "sh:pattern"),
            is_recommended=(target, path) in self._recommended,
        )

    def _kinds(self, shape: NamedNode) -> tuple[str, ...]:
        if scheme := self._scheme(shape):
            return (scheme,)
        if found := _KINDS_IN_PATTERN.search(self._text(shape, "sh:pattern").replace("[.]", ".")):
            return tuple(found[1].split("|"))
        classes = self._find_deep(shape, "sh:class")
        kinds = ("sdg" if name.startswith(_SDG) else kind_of_class(name) for name in classes)
        return tuple(dict.fromkeys(kinds))

    def _scheme(self, shape: NamedNode) -> str:
        """The key of the scheme that the values must stand in."""
        for node in self._values(shape, "sh:node"):
            for part in self._values(node, "sh:property"):
                for value in self._values(part, "sh:hasValue"):
                    if value.value.startswith(SCHEME_OF_CONCEPTS):
                        return (split_thing(value.value) or ("", ""))[1]
        return ""

    def _find_deep(self, shape: Node, name: str) -> Iterator[str]:
        """Values of a property on the shape or in its alternatives (``sh:or``)."""
        yield from (value.value for value in self._values(shape, name))
        for head in self._values(shape, "sh:or"):
            for option in self._items(head):
                yield from self._find_deep(option, name)

    def _items(self, head: Node) -> Iterator[Node]:
        while first := self._values(head, "rdf:first"):
            yield first[0]
            head = self._one(head, "rdf:rest")

    def _of_type(self, name: str) -> list[NamedNode]:
        wanted = NamedNode(expand(name))
        rdf_type = expand("rdf:type")
        return sorted(
            (
                node
                for node, said in self._said.items()
                if isinstance(node, NamedNode) and wanted in said.get(rdf_type, ())
            ),
            key=str,
        )

    def _values(self, node: Node, name: str) -> list[Any]:
        return self._said[node].get(expand(name), []) if node in self._said else []

    def _one(self, node: Node, name: str) -> Any:
        return next(iter(self._values(node, name)), None)

    def _text(self, node: Node, name: str) -> str:
        found = self._one(node, name)
        return str(found.value) if found else ""

    def _number(self, node: Node, name: str) -> float:
        return float(self._text(node, name) or 0)

    def _texts(self, node: NamedNode, name: str, translated: str) -> Texts:
        """Texts by language: those of the shape, then those of the translation file."""
        found = {
            value.language or "en": value.value
            for value in self._values(node, name)
            if isinstance(value, RdfLiteral)
        }
        for language, texts in self._translations.get(node.value.removeprefix(SHAPES), {}).items():
            if translated in texts:
                found[language] = texts[translated]
        return MappingProxyType(found)


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """The fast YAML reader where it was built, else the plain one."""


def _local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]
