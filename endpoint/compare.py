"""Comparing two to four things: `/compare?thing=practice/paa-africa&thing=…`."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, request

from endpoint.alike import AlikeCard, key_of, tell_all
from endpoint.cards import Card, make_cards
from endpoint.choices import find_named, find_near, find_thing
from endpoint.pages import Desk, answer, choose_form, open_desk, render
from endpoint.redirects import lead_to
from endpoint.sides import ALONE, DIFFERENT, PARTLY, Comparison, compare_things
from endpoint.texts import _
from kg.errors import BadInput, UnknownResource
from kg.similarity import find_alike
from kg.traits import ACTIVITIES

blueprint = Blueprint("compare", __name__)
MOST: Final = 4
_LEAST: Final = 2
_KINDS: Final = (*ACTIVITIES, "challenge", "need", "offer", "idea", "actor", "country")
"""Kinds of things that can be compared; a name is looked for among the first of them first."""
_TYPES: Final[Mapping[str, str]] = {
    "html": "text/html",
    "json": "application/json",
    "csv": "text/csv",
}
_SUGGESTED: Final = 6
_LONGEST: Final = 200
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""Characters that make spreadsheets reckon with a cell."""


@dataclass(frozen=True)
class Wanted:
    """What an address asks to compare."""

    iris: tuple[str, ...]
    unknown: tuple[str, ...]
    """Keys that name nothing."""
    surplus: tuple[str, ...]
    """Things past the fourth."""


@blueprint.get("/compare", strict_slashes=False)
@blueprint.get("/compare.<extension>")
def compare(extension: str = "") -> Response:
    """The page, or the same table as CSV or JSON."""
    desk = open_desk()
    extension = choose_form(_TYPES, extension)
    wanted = _read(desk)
    if extension != "html":
        return _file(desk, wanted, extension)
    added = request.args.get("add", "").strip()[:_LONGEST]
    if added and (iri := _resolve(desk, added)) and len(wanted.iris) < MOST:
        return lead_to(_address(desk, (*wanted.iris, iri)), 302)
    return answer(desk, "html", lambda: _page(desk, wanted, added))


def _read(desk: Desk) -> Wanted:
    texts = [text.strip()[:_LONGEST] for text in request.args.getlist("thing") if text.strip()]
    found = {text: _find(desk, text) for text in dict.fromkeys(texts)}
    known = tuple(dict.fromkeys(iri for iri in found.values() if iri))
    unknown = tuple(text for text, iri in found.items() if not iri)
    return Wanted(known[:MOST], unknown[:MOST], known[MOST:])


def _find(desk: Desk, text: str) -> str:
    kind, slash, key = text.partition("/")
    kinds = (kind,) if slash and kind in _KINDS else _KINDS
    return find_thing(desk.view, kinds, key if kinds == (kind,) else text)


def _resolve(desk: Desk, text: str) -> str:
    """The one thing that is meant: by its key, else by its exact name."""
    return _find(desk, text) or find_named(desk.view, _KINDS, text)


def _address(desk: Desk, iris: Sequence[str], **values: str) -> str:
    return desk.addresses.carry("/compare", thing=[key_of(iri) for iri in iris], **values)


def _page(desk: Desk, wanted: Wanted, added: str) -> str:
    iris = wanted.iris
    table = compare_things(desk, iris) if iris else None
    only = request.args.get("only") == "differences"
    shown = table.of_state(DIFFERENT, PARTLY, ALONE) if table and only else table
    return render(
        desk,
        "compare.html",
        wanted=wanted,
        is_enough=len(iris) >= _LEAST,
        has_room=len(iris) < MOST,
        table=shown,
        counts=table.counts if table else {},
        only=only,
        keys=[key_of(iri) for iri in iris],
        removing=[_address(desk, [each for each in iris if each != iri]) for iri in iris],
        surplus=make_cards(desk.view, wanted.surplus, desk.shower),
        added=added,
        found=_hits(desk, added, iris),
        adding=lambda key: desk.addresses.carry("/compare", thing=[*map(key_of, iris), key]),
        key_of=lambda card: key_of(card.name.iri),
        suggested=_suggest(desk, iris),
    )


def _hits(desk: Desk, text: str, iris: Sequence[str]) -> list[Card]:
    """What the words of the field may mean."""
    near = find_near(desk.view, ACTIVITIES, text, _SUGGESTED) if text else []
    return make_cards(desk.view, [iri for iri in near if iri not in iris], desk.shower)


def _suggest(desk: Desk, iris: Sequence[str]) -> list[AlikeCard]:
    """Things like the first one that may stand beside it."""
    if not iris or len(iris) >= MOST or key_of(iris[0]).partition("/")[0] not in ACTIVITIES:
        return []
    found = find_alike(desk.view, iris[0], _SUGGESTED + MOST)
    return list(tell_all(desk, [each for each in found if each.iri not in iris][:_SUGGESTED]))


def _file(desk: Desk, wanted: Wanted, extension: str) -> Response:
    if wanted.unknown:
        raise UnknownResource(f"The graph knows nothing called {', '.join(wanted.unknown)}.")
    if wanted.surplus or len(wanted.iris) < _LEAST:
        raise BadInput(
            f"Two to four things are compared, each given as thing=kind/key; "
            f"{len(wanted.iris) + len(wanted.surplus)} were given."
        )
    table = compare_things(desk, wanted.iris)
    write = _to_csv if extension == "csv" else _to_json
    response = answer(desk, extension, lambda: write(table))
    response.content_type = f"{_TYPES[extension]}; charset=utf-8"
    if extension == "csv":
        response.headers["Content-Disposition"] = 'attachment; filename="comparison.csv"'
    return response


def _to_csv(table: Comparison) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    names = [each.name.text for each in table.sides]
    writer.writerow(map(_plain, [_("Section"), _("Property"), _("Compared"), *names]))
    for section in table.sections:
        for row in section.rows:
            cells = [cell.text for cell in row.cells]
            writer.writerow(map(_plain, [section.title, row.label, row.state, *cells]))
    return "\ufeff" + text.getvalue()


def _plain(text: str) -> str:
    """The text as no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _to_json(table: Comparison) -> str:
    data: dict[str, Any] = {
        "things": [
            {"key": each.key, "iri": each.name.iri, "name": each.name.text, "kind": each.kind}
            for each in table.sides
        ],
        "rows": [
            {
                "section": section.title,
                "property": row.label,
                "compared": row.state,
                "values": [
                    {
                        "values": [_value(shown.text, shown.iri) for shown, _shared in cell.values],
                        "parts": [
                            {r.label: [each.text for each in r.values] for r in block.rows}
                            for block in cell.blocks
                        ],
                    }
                    for cell in row.cells
                ],
            }
            for section in table.sections
            for row in section.rows
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _value(text: str, iri: str) -> dict[str, str]:
    return {"text": text} | ({"iri": iri} if iri else {})
