"""The language of a page: asked for in the address, else remembered, else the browser's."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from flask import Response, has_request_context, request
from pyoxigraph import Literal

LANGUAGES: Final = ("en", "fr", "es", "pt", "ar")
"""Languages of the pages, and of names in the graph and the shapes; the fallback first."""
NATIVE_NAMES: Final = ("English", "Français", "Español", "Português", "العربية")
SHARE_LOCALES: Final = MappingProxyType(
    {"en": "en_US", "fr": "fr_FR", "es": "es_LA", "pt": "pt_BR", "ar": "ar_AR"}
)
"""What those who show links call the languages; they know none without a territory."""
RIGHT_TO_LEFT: Final = frozenset({"ar"})
COOKIE: Final = "lang"
"""Holds the language that the reader chose last, and nothing else."""
_YEAR: Final = timedelta(days=365)


def asked_language() -> str:
    """The language that the address asks for, or an empty text."""
    return _known(request.args.get("lang", ""))


def chosen_language() -> str:
    """The language of this page."""
    remembered = _known(request.cookies.get(COOKIE, ""))
    return asked_language() or remembered or next(_accepted(), LANGUAGES[0])


def direction_of(language: str) -> str:
    """How lines of the language run: ``ltr`` or ``rtl``."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def locale_of(language: str) -> str:
    """The language for scripts that write numbers: with the digits that the pages use."""
    return f"{language}-u-nu-latn" if language == "ar" else language


def mark_language(response: Response) -> Response:
    """Tell of a page in which language it is and by what that was chosen, and remember a choice."""
    if response.mimetype != "text/html" or not has_request_context():
        return response
    response.vary.update(("Accept-Language", "Cookie"))
    response.headers.setdefault("Content-Language", chosen_language())
    asked = asked_language()
    if asked and asked != request.cookies.get(COOKIE):
        response.set_cookie(
            COOKIE, asked, max_age=_YEAR, samesite="Lax", secure=request.is_secure, httponly=True
        )
    return response


def best_of(names: Sequence[Literal], language: str) -> Literal | None:
    """The name to show: in the language, else untagged, else English, else any."""
    for wanted in (language, "", LANGUAGES[0]):
        for name in names:
            if (name.language or "").partition("-")[0] == wanted:
                return name
    return names[0] if names else None


def _known(tag: str) -> str:
    return tag if tag in LANGUAGES else ""


def _accepted() -> Iterator[str]:
    """Languages that the browser wants and the pages have, the best first."""
    for tag in request.accept_languages.values():
        if language := _known(tag.partition("-")[0].lower()):
            yield language
