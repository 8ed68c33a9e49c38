"""How the page of a thing is cited: as a text, and as a file for reference managers."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from flask import Blueprint, Response
from pyoxigraph import Literal

from endpoint.citations import LICENSE, STYLES, TITLE, Citation, find_style, write_text
from endpoint.languages import LANGUAGES, best_of
from endpoint.pages import Desk, open_desk
from endpoint.provenance import RecordNote, read_notes
from endpoint.values import make_plain
from kg.errors import UnknownResource
from kg.namespaces import GRAPH, thing_iri
from kg.reader import Thing, read_thing

blueprint = Blueprint("references", __name__)
_LONGEST: Final = 400
_DIGITS: Final = 16
"""Digits of the hash that a citation gives: enough to tell versions of a record apart."""
_NO_KEY: Final = re.compile(r"[^A-Za-z0-9]+")
_ISSUED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@blueprint.get("/<kind>/<key>/cite.<extension>")
def send_reference(kind: str, key: str, extension: str) -> Response:
    """The citation of a thing in one style, to be saved as a file."""
    style = find_style(extension)
    desk = open_desk()
    thing = read_thing(desk.view, thing_iri(kind, key))
    if style is None or style.extension != extension or not thing.is_known:
        styles = ", ".join(each.extension for each in STYLES)
        raise UnknownResource(f"There is no such citation; known things have: {styles}")
    cited = cite_thing(desk, thing, read_notes(desk.view, thing, desk.model, desk.shower))
    response = Response(style.write(cited), content_type=f"{style.media_type}; charset=utf-8")
    name = f"{cited.key}.{extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Link"] = f'<{thing.iri}>; rel="cite-as", <{LICENSE}>; rel="license"'
    response.cache_control.no_cache = True
    return response


def cite_thing(desk: Desk, thing: Thing, notes: Sequence[RecordNote]) -> Citation:
    """A thing under its lasting address, with what tells which version of its records was read."""
    name = best_of(desk.view.names(thing.iri), LANGUAGES[0]) or Literal(desk.shower.name(thing.iri))
    kind, key = thing.iri.rpartition("/")[0].rpartition("/")[2], thing.iri.rpartition("/")[2]
    made = str(desk.view.manifest["created"])
    moments = [note.moment for note in notes if _ISSUED.match(note.moment)]
    return Citation(
        _NO_KEY.sub("-", f"ssc4c-{kind}-{key}").strip("-")[:100],
        make_plain(name.value, _LONGEST),
        date.fromisoformat(max(moments, default=made)[:10]),
        "",
        thing.iri,
        "; ".join(filter(None, map(_seal, notes))),
        TITLE,
    )


def cite_as_text(desk: Desk, thing: Thing, notes: Sequence[RecordNote]) -> str:
    """One sentence for a list of references."""
    return write_text(cite_thing(desk, thing, notes)).strip()


def _seal(note: RecordNote) -> str:
    graph = note.graph.iri.removeprefix(GRAPH)
    return f"record {graph}, SHA-256 {note.content_hash[:_DIGITS]}…" if note.content_hash else ""
