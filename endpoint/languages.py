"""The languages in which a page shows names: asked for in the address, else by the browser."""

from collections.abc import Sequence
from typing import Final

from flask import request
from pyoxigraph import Literal

LANGUAGES: Final = ("en", "fr", "es", "pt")
"""Languages in which the graph and the shapes carry names, the fallback first."""
NATIVE_NAMES: Final = ("English", "Français", "Español", "Português")


def asked_language() -> str:
    """The language that the address asks for, or an empty text."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else ""


def chosen_language() -> str:
    """The language of this page."""
    accepted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    known = (language for language in accepted if language in LANGUAGES)
    return asked_language() or next(known, LANGUAGES[0])


def best_of(names: Sequence[Literal], language: str) -> Literal | None:
    """The name to show: in the language, else untagged, else English, else any."""
    for wanted in (language, "", LANGUAGES[0]):
        for name in names:
            if (name.language or "").partition("-")[0] == wanted:
                return name
    return names[0] if names else None
