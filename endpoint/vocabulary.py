"""The reference pages of ontology and shapes, and the ontology itself in every format."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response
from pyoxigraph import Literal, NamedNode, Quad

from endpoint.addresses import page_of
from endpoint.documents import MEDIA_TYPES, write_quads, write_triples
from endpoint.facts import DEFINITION
from endpoint.kinds import name_many
from endpoint.languages import LANGUAGES, best_of
from endpoint.model import best_text
from endpoint.pages import (
    Desk,
    answer,
    choose_extension,
    document_links,
    open_desk,
    render,
    split_extension,
)
from endpoint.redirects import lead_to
from endpoint.values import Shown
from kg.errors import UnknownResource
from kg.namespaces import DEF, SHAPES, expand
from loader.forms import Field, Form

blueprint = Blueprint("vocabulary", __name__)
_TYPE = NamedNode(expand("rdf:type"))
_CLASS = NamedNode(expand("owl:Class"))
_DOMAIN = NamedNode(expand("rdfs:domain"))
_SUPER = tuple(NamedNode(expand(name)) for name in ("rdfs:subClassOf", "rdfs:subPropertyOf"))
_FACTS = (
    "skos:scopeNote",
    "skos:example",
    "rdfs:domain",
    "rdfs:range",
    "owl:inverseOf",
    "dcterms:isReplacedBy",
)


@dataclass(frozen=True)
class TermNote:
    """A class or property in a few words."""

    name: Shown
    local: str
    definition: Shown | None
    is_class: bool


@dataclass(frozen=True)
class ShapeSection:
    """The form of one class as a section of the reference."""

    form: Form
    name: str
    description: Shown
    anchor: str
    target: Shown
    fields: tuple["ShapeField", ...]


@dataclass(frozen=True)
class ShapeField:
    """One property of a form, in words."""

    field: Field
    anchor: str
    name: str
    description: Shown
    property: Shown
    values: tuple[Shown, ...]


@dataclass(frozen=True)
class Rule:
    """A rule that is more than the form of one property."""

    anchor: str
    name: str
    message: str
    is_binding: bool


@blueprint.get("/def/")
def show_ontology() -> Response:
    """The list of classes and properties, or the whole ontology."""
    return _ontology(choose_extension())


@blueprint.get("/def.<extension>")
def show_ontology_as(extension: str) -> Response:
    """The whole ontology in one format."""
    if extension not in MEDIA_TYPES:
        raise UnknownResource(f"There is no /def.{extension}")
    return _ontology(extension)


@blueprint.get("/def/context.jsonld")
def send_context() -> Response:
    """The JSON-LD context of our documents."""
    desk = open_desk()
    return answer(desk, "jsonld", desk.model.context.read_bytes)


@blueprint.get("/def/<term>")
def show_term(term: str) -> Response:
    """A class or property: what it means, what stands above and below, where it is used."""
    desk = open_desk()
    term, asked = split_extension(term)
    extension = choose_extension(asked)
    iri = DEF + term
    quads = _statements(desk, iri)
    if not quads:
        raise UnknownResource(f"The ontology has no term {term!r}")
    links = document_links(iri, f"/def/{term}")
    if extension == "html":
        return answer(desk, extension, lambda: _term_page(desk, iri, term), links)
    return answer(desk, extension, lambda: _write(desk, quads, extension), links)


@blueprint.get("/shapes/")
def show_shapes() -> Response:
    """What a record of each class should say: the reference made from the shapes."""
    return _shapes(choose_extension())


@blueprint.get("/shapes.<extension>")
def show_shapes_as(extension: str) -> Response:
    """All shapes in one format."""
    if extension not in MEDIA_TYPES:
        raise UnknownResource(f"There is no /shapes.{extension}")
    return _shapes(extension)


def _shapes(extension: str) -> Response:
    desk = open_desk()
    if extension == "html":
        return answer(desk, extension, lambda: _shapes_page(desk))
    quads = list(desk.model.shapes.quads_for_pattern(None, None, None))
    return answer(desk, extension, lambda: _write(desk, quads, extension))


@blueprint.get("/shapes/<name>")
def follow_shape(name: str) -> Response:
    """From the IRI of a shape to its place in the reference."""
    return lead_to(page_of(SHAPES + name), 303)


def _ontology(extension: str) -> Response:
    desk = open_desk()
    if extension == "html":
        return answer(desk, extension, lambda: render(desk, "ontology.html", terms=_terms(desk)))
    quads = list(desk.model.ontology.quads_for_pattern(None, None, None))
    return answer(desk, extension, lambda: _write(desk, quads, extension))


def _write(desk: Desk, quads: Iterable[Quad], extension: str) -> bytes:
    ordered = sorted(quads, key=str)
    if extension in {"nq", "trig"}:
        return write_quads(ordered, extension)
    return write_triples(ordered, extension, desk.pages.compactor)


def _statements(desk: Desk, iri: str) -> list[Quad]:
    try:
        return list(desk.model.ontology.quads_for_pattern(NamedNode(iri), None, None))
    except ValueError:
        return []


def _terms(desk: Desk) -> list[TermNote]:
    subjects = {
        quad.subject.value
        for quad in desk.model.ontology.quads_for_pattern(None, _TYPE, None)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(DEF)
    }
    notes = (_note(desk, iri) for iri in subjects - {DEF})
    return sorted(notes, key=lambda note: (not note.is_class, note.local.lower()))


def _note(desk: Desk, iri: str) -> TermNote:
    is_class = _CLASS in _objects(desk, iri, _TYPE)
    found = _in_one_language(_objects(desk, iri, DEFINITION), desk.language)
    definition = desk.shower.show(found[0]) if found else None
    return TermNote(desk.shower.link(iri), iri.removeprefix(DEF), definition, is_class)


def _objects(desk: Desk, iri: str, predicate: NamedNode) -> list[NamedNode | Literal]:
    pattern = desk.model.ontology.quads_for_pattern(NamedNode(iri), predicate, None)
    found = (quad.object for quad in pattern)
    return sorted((each for each in found if isinstance(each, NamedNode | Literal)), key=str)


def _subjects(desk: Desk, predicate: NamedNode, iri: str) -> list[str]:
    pattern = desk.model.ontology.quads_for_pattern(None, predicate, NamedNode(iri))
    return sorted(quad.subject.value for quad in pattern if isinstance(quad.subject, NamedNode))


def _term_page(desk: Desk, iri: str, term: str) -> str:
    show = desk.shower.show
    return render(
        desk,
        "term.html",
        iri=iri,
        path=f"/def/{term}",
        note=_note(desk, iri),
        labels=[name for name in desk.model.names(iri) if name.language],
        above=[show(each) for name in _SUPER for each in _objects(desk, iri, name)],
        below=[desk.shower.link(each) for name in _SUPER for each in _subjects(desk, name, iri)],
        properties=[desk.shower.link(each) for each in _subjects(desk, _DOMAIN, iri)],
        facts=list(_term_facts(desk, iri)),
        uses=list(_uses(desk, iri)),
        formats={name: kind for name, kind in MEDIA_TYPES.items() if name != "html"},
    )


def _term_facts(desk: Desk, iri: str) -> Iterator[tuple[str, list[Shown]]]:
    for name in _FACTS:
        predicate = NamedNode(expand(name))
        if values := _objects(desk, iri, predicate):
            label = desk.model.label(predicate, None, desk.language)
            best = _in_one_language(values, desk.language)
            yield label, [desk.shower.show(value) for value in best]


def _in_one_language(values: list[NamedNode | Literal], language: str) -> list[NamedNode | Literal]:
    """The values, and of texts in several languages those in the best one."""
    tagged = [each for each in values if isinstance(each, Literal) and each.language]
    best = best_of(tagged, language)
    others = [each for each in tagged if best and each.language != best.language]
    return [each for each in values if each not in others]


def _uses(desk: Desk, iri: str) -> Iterator[Shown]:
    """The shapes that ask for the term."""
    for form in desk.model.forms.values():
        if form.target_class == iri:
            yield _shape(desk, form.shape, best_text(form.names, desk.language))
        for field in form.fields:
            if iri in (field.path, field.value_class):
                words = (best_text(each.names, desk.language) for each in (form, field))
                yield _shape(desk, field.shape, ": ".join(words))


def _shape(desk: Desk, iri: str, text: str) -> Shown:
    return Shown(text, desk.addresses.of(iri), iri=iri)


def _shapes_page(desk: Desk) -> str:
    return render(desk, "shapes.html", sections=_forms(desk), rules=list(_rules(desk)))


def _rules(desk: Desk) -> Iterator[Rule]:
    """Shapes with a message of their own that belong to no property of a form."""
    in_forms = {field.shape for form in desk.model.forms.values() for field in form.fields}
    for iri, messages in sorted(desk.model.messages.items()):
        if iri not in in_forms:
            severity = _of_shape(desk, iri, "sh:severity")
            yield Rule(
                iri.removeprefix(SHAPES),
                best_text(desk.model.rule_names[iri], desk.language) or iri.removeprefix(SHAPES),
                best_text(messages, desk.language),
                severity == expand("sh:Violation"),
            )


def _of_shape(desk: Desk, iri: str, name: str) -> str:
    pattern = desk.model.shapes.quads_for_pattern(NamedNode(iri), NamedNode(expand(name)), None)
    values = (quad.object for quad in pattern)
    return min((each.value for each in values if isinstance(each, NamedNode | Literal)), default="")


def _forms(desk: Desk) -> list[ShapeSection]:
    forms = sorted(desk.model.forms.values(), key=lambda form: form.target_class)
    placed: set[str] = set()
    return [_section(desk, form, placed) for form in forms]


def _section(desk: Desk, form: Form, placed: set[str]) -> ShapeSection:
    return ShapeSection(
        form,
        best_text(form.names, desk.language),
        _described(form.descriptions, desk.language),
        form.target_class.replace("#", "/").rpartition("/")[2],
        desk.shower.link(form.target_class),
        tuple(_field(desk, field, placed) for field in form.fields),
    )


def _field(desk: Desk, field: Field, placed: set[str]) -> ShapeField:
    """A property; where several classes share it, its IRI leads to the first of them."""
    is_first = field.shape not in placed
    placed.add(field.shape)
    return ShapeField(
        field,
        field.shape.removeprefix(SHAPES) if is_first else "",
        best_text(field.names, desk.language),
        _described(field.descriptions, desk.language),
        desk.shower.link(field.path),
        tuple(_values(desk, field)),
    )


def _described(texts: Mapping[str, str], language: str) -> Shown:
    """A description of the shapes, marked where only the English one stands."""
    return Shown(best_text(texts, language), language="" if language in texts else LANGUAGES[0])


def _values(desk: Desk, field: Field) -> Iterator[Shown]:
    """What the property takes: things of a kind, concepts of a scheme, or a datatype."""
    if field.kinds:
        for kind in field.kinds:
            has_list = kind in desk.view.kinds()
            address = desk.addresses.carry(f"/{kind}/") if has_list else ""
            yield Shown(name_many(kind, desk.shower), address)
    elif field.value_class:
        yield desk.shower.link(field.value_class)
    for datatype in field.datatypes:
        yield Shown(datatype.replace("#", "/").rpartition("/")[2])
