"""Suggestions while somebody types: things, countries and targets with their kinds."""

from typing import Any, Final

from endpoint.kinds import name_one
from endpoint.pages import Desk

_MOST: Final = 8
_LONGEST: Final = 100


def suggest(desk: Desk, text: str) -> dict[str, Any]:
    """Things whose names begin so or nearly so, the best known first, and where they stand."""
    text = " ".join(text[:_LONGEST].split())
    hits = desk.view.index.suggest(text, _MOST) if text else ()
    return {"text": text, "items": [_item(desk, hit.iri, hit.kind) for hit in hits]}


def _item(desk: Desk, iri: str, kind: str) -> dict[str, str]:
    shown = desk.shower.link(iri)
    return {
        "name": shown.text,
        "language": shown.language,
        "number": shown.number,
        "kind": kind,
        "kind_name": name_one(kind, desk.shower),
        "address": shown.address,
    }
