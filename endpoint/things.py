"""The pages of things: addresses of IRIs, documents in all formats, and the page for people."""

from datetime import UTC, datetime

from flask import Blueprint, Response, request
from pyoxigraph import Literal, NamedNode

from endpoint.addresses import page_of
from endpoint.alike import read_alike
from endpoint.cards import make_cards, places
from endpoint.citations import STYLES
from endpoint.documents import MEDIA_TYPES, write_document, write_graph, write_quads
from endpoint.facts import DEFINITION, DESCRIPTION, TYPE, Facts
from endpoint.history import read_withdrawal, show_day
from endpoint.journeys import on_the_way
from endpoint.kinds import name_many, name_one
from endpoint.languages import best_of
from endpoint.layouts import Reading, gather, layout_of
from endpoint.model import best_text
from endpoint.pages import (
    PAGE_POLICY,
    Desk,
    answer,
    choose_extension,
    document_links,
    open_desk,
    render,
    split_extension,
)
from endpoint.participations import period
from endpoint.provenance import Sayers, read_notes, read_sayers
from endpoint.questions import about_thing
from endpoint.redirects import lead_to
from endpoint.references import cite_as_text
from endpoint.services import services
from endpoint.sources import count_records, show_source
from endpoint.standing import read_check, read_grades
from endpoint.structured import share_thing
from endpoint.values import Shown
from kg.errors import UnknownResource, WithdrawnResource
from kg.namespaces import GRAPH, expand, thing_iri
from kg.reader import Thing, View, read_thing

blueprint = Blueprint("things", __name__)
_NOTATION = NamedNode(expand("skos:notation"))
_ACRONYM = NamedNode(expand("ssc4c:acronym"))
_REPLACED = NamedNode(expand("dcterms:isReplacedBy"))
_SUGGESTIONS = 8


@blueprint.get("/id/<kind>/<key>")
def follow_iri(kind: str, key: str) -> Response:
    """From the IRI of a thing to the document that the request accepts best."""
    desk = open_desk()
    key, asked = split_extension(key)
    extension = choose_extension(asked)
    if not _has_page(desk.view, kind, key):
        return show_unknown(desk, kind, key, extension)
    suffix = "" if extension == "html" else f".{extension}"
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    path = Response(status=303)
    path.headers["Location"] = _path(kind, key) + suffix + query
    path.vary.add("Accept")
    return path


@blueprint.get("/<kind>/<key>")
def show_thing(kind: str, key: str) -> Response:
    """The page or document of a thing."""
    desk = open_desk()
    key, asked = split_extension(key)
    extension = choose_extension(asked)
    iri = thing_iri(kind, key)
    thing = read_thing(desk.view, iri)
    if kind == "source" and count_records(desk.view, key):
        return answer(desk, extension, lambda: show_source(desk, key, extension))
    if not thing.is_known:
        return _other_name(desk, kind, key, asked) or show_unknown(desk, kind, key, extension)
    if extension == "html" and (successor := thing.said.get(_REPLACED)):
        return _moved(desk.addresses.of(successor[0].value))
    links = document_links(iri, f"/{kind}/{key}")
    if extension == "html":
        return answer(desk, extension, lambda: _page(desk, thing, kind, key), links)
    compactor = desk.pages.compactor
    return answer(
        desk, extension, lambda: write_document(desk.view, iri, extension, compactor), links
    )


@blueprint.get("/graph/<path:name>")
def show_graph(name: str) -> Response:
    """One record, or what is derived from it or known about it, as the graph keeps it."""
    desk = open_desk()
    name, asked = split_extension(name)
    extension = choose_extension(asked)
    iri = GRAPH + name
    quads = desk.view.graph(iri) if _is_iri(iri) else ()
    if not quads:
        raise UnknownResource(f"There is no graph {iri}")
    if extension == "html":
        text = write_quads(quads, "trig").decode()
        return answer(
            desk, extension, lambda: render(desk, "graph.html", iri=iri, text=text, name=name)
        )
    compactor = desk.pages.compactor
    return answer(desk, extension, lambda: write_graph(desk.view, iri, extension, compactor))


def show_unknown(desk: Desk, kind: str, key: str, extension: str) -> Response:
    """A page that says so and suggests what may have been meant; an error for programs.

    Of what was withdrawn it tells the day, and leads to the history that stays.
    """
    withdrawn = read_withdrawal(desk, kind, key)
    if extension != "html":
        raise _unknown(kind, key, withdrawn)
    words = key.replace("-", " ").replace("_", " ")
    hits = desk.view.index.search(words, limit=_SUGGESTIONS)
    cards = make_cards(desk.view, [hit.iri for hit in hits.items], desk.shower)
    day = show_day(desk, withdrawn).text if withdrawn else ""
    page = render(desk, "unknown.html", words=words, cards=cards, address=f"/{kind}/{key}", day=day)
    status = 410 if withdrawn else 404
    policy = {"Content-Security-Policy": PAGE_POLICY}
    return Response(page, status, policy, content_type="text/html; charset=utf-8")


def _unknown(kind: str, key: str, withdrawn: str) -> UnknownResource:
    iri = thing_iri(kind, key)
    if withdrawn:
        history = f"{_path(kind, key)}/history"
        return WithdrawnResource(f"{iri} was withdrawn on {withdrawn[:10]}; see {history}.")
    return UnknownResource(f"The graph says nothing about {iri}")


def _path(kind: str, key: str) -> str:
    return page_of(thing_iri(kind, key))


def _has_page(view: View, kind: str, key: str) -> bool:
    """Whether the address of the page is answered, be it by leading on to another one."""
    iri = thing_iri(kind, key)
    if _is_iri(iri) and view.is_known(iri):
        return True
    is_number = kind == "sdg" and bool(view.subjects(_NOTATION, Literal(key)))
    return is_number or (kind == "source" and bool(count_records(view, key)))


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _other_name(desk: Desk, kind: str, key: str, asked: str) -> Response | None:
    """SDG indicators also by the numbers that people know: ``/sdg/2.1.1`` leads to its code."""
    if kind != "sdg":
        return None
    found = desk.view.subjects(_NOTATION, Literal(key))
    suffix = f".{asked}" if asked else ""
    return _moved(desk.addresses.of(found[0]) + suffix) if found else None


def _moved(address: str) -> Response:
    return lead_to(address, 301)


def _page(desk: Desk, thing: Thing, kind: str, key: str) -> str:
    shower, view = desk.shower, desk.view
    notes = read_notes(view, thing, desk.model, shower)
    remarks = tuple(remark for note in notes for remark in note.remarks)
    sayers = read_sayers(view, thing) if _tells_sayers(thing) else {}
    facts = Facts(thing, desk.model, shower, remarks, sayers)
    shown = gather(Reading(desk, thing, kind, sayers, bool(facts.on_parts())))
    return render(
        desk,
        "thing.html",
        iri=thing.iri,
        path=f"/{kind}/{key}",
        kind=kind,
        layout=layout_of(kind),
        kind_name=_class_name(desk, thing) if kind == "sdg" else name_one(kind, shower),
        kind_names=name_many(kind, shower),
        name=shower.link(thing.iri),
        title=_whole_name(desk, thing.iri),
        acronym=view.first(thing.iri, _ACRONYM),
        lead=_lead(thing, desk.language, sayers),
        grades=read_grades(thing, shower),
        check=read_check(thing, shower, datetime.now(UTC).date()),
        period=period(thing.said),
        places=places(thing.said, shower),
        sections=facts.sections(),
        part_remarks=facts.on_parts(),
        remarks=facts.unplaced(),
        questions=about_thing(services().catalogue, desk, thing.iri),
        notes=notes,
        tells_sayers=bool(sayers),
        citation=cite_as_text(desk, thing, notes),
        styles=STYLES,
        formats={name: kind for name, kind in MEDIA_TYPES.items() if name != "html"},
        alike=read_alike(desk, thing.iri, on_the_way(shown.get("journey", ()))),
        share=share_thing(desk, thing, kind, notes),
        **shown,
    )


def _tells_sayers(thing: Thing) -> bool:
    """Whether each statement names its records: where there are several, or if asked for."""
    return len(thing.records) > 1 or request.args.get("sources") == "1"


def _whole_name(desk: Desk, iri: str) -> str:
    """The name as it stands, however long it is."""
    name = best_of(desk.view.names(iri), desk.language)
    return name.value if name else desk.shower.name(iri)


def _class_name(desk: Desk, thing: Thing) -> str:
    """The name of its class by the shapes: Goal, Target or Indicator."""
    classes = [cls.value for cls in thing.said.get(TYPE, ())]
    names = [desk.model.forms[cls].names for cls in classes if cls in desk.model.forms]
    return best_text(names[0], desk.language) if names else ""


def _lead(thing: Thing, language: str, sayers: Sayers) -> list[Shown]:
    """The description or definition that opens the page."""
    for predicate in (DESCRIPTION, DEFINITION):
        texts = [value for value in thing.said.get(predicate, ()) if isinstance(value, Literal)]
        if best := best_of(texts, language):
            same = [text for text in texts if text.language == best.language]
            return [
                Shown(
                    text.value,
                    language=best.language or "",
                    said_by=sayers.get((thing.iri, predicate.value, text), ()),
                )
                for text in same
            ]
    return []
