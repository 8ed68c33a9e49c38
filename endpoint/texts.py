"""The words of the pages themselves, in the language of the page.

English stands in the code and the templates, the other languages in `translations/`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import flask_babel
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel.speaklater import LazyString

from endpoint.languages import LANGUAGES, chosen_language, mark_language

Words = LazyString
"""Text that is put into the language of the page when it is shown."""
_SCRIPTS: Final = "endpoint/frontend/"
_SIGNS: Final[Mapping[str, Mapping[str, str]]] = {
    "forward": {"en": "→", "ar": "←"},
    "backward": {"en": "←", "ar": "→"},
    "comma": {"en": ", ", "ar": "، "},
    "colon": {"en": ": ", "fr": "\u00a0: "},
    "semicolon": {"en": "; ", "fr": "\u00a0; ", "ar": "؛ "},
    "asking": {"en": "?", "ar": "؟"},
    "opening": {"en": "“", "fr": "«\u00a0", "es": "«", "ar": "«"},
    "closing": {"en": "”", "fr": "\u00a0»", "es": "»", "ar": "»"},
}
"""Signs of templates by language; where one has none of its own, that of English stands."""
_SPOKEN: Final = "spoken"
FOLDER: Final = Path(__file__).parent / "translations"


class Catalogues(flask_babel.Domain):
    """The catalogues as translators write them: read when first needed, never compiled to disk."""

    def __init__(self, read: Callable[[str], NullTranslations]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._read = read

    def get_translations(self) -> NullTranslations:
        """The translations for the language of this request."""
        locale = flask_babel.get_locale()
        return self._read(locale.language if locale else LANGUAGES[0])


@cache
def read_translations(language: str) -> NullTranslations:
    """The catalogue of a language; English needs none."""
    if language == LANGUAGES[0]:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return Translations(compiled)


@cache
def words_of_scripts(language: str) -> Mapping[str, str | list[str]]:
    """What the scripts say, by the English that stands in them; several forms by number."""
    if language == LANGUAGES[0]:
        return {}
    return {
        _first(message.id): list(text) if isinstance(text := message.string, tuple) else text
        for message in read_catalogue(language)
        if any(file.startswith(_SCRIPTS) for file, _line in message.locations) and message.string
    }


def read_catalogue(language: str) -> Catalog:
    """The catalogue of a language as it stands."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _sign(name: str) -> str:
    signs = _SIGNS[name]
    return signs.get(chosen_language(), signs[LANGUAGES[0]])


def quote(text: str) -> str:
    """The text within the quotation marks of the page's language."""
    return f"{_sign('opening')}{text}{_sign('closing')}"


def comma() -> str:
    """What stands between the names of a plain list in the language of the page."""
    return _sign("comma")


def _first(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else text[0]


def path_of(language: str) -> Path:
    """Where the catalogue of a language stands."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def wire_languages(app: Flask) -> None:
    """Put the words of an app's pages into the language of each request."""
    if "babel" in app.extensions:
        return
    babel = flask_babel.Babel(app, locale_selector=chosen_language)  # type: ignore[no-untyped-call]
    babel.domain_instance = Catalogues(read_translations)
    app.jinja_env.globals.update(_=_, gettext=_, ngettext=ngettext)
    for name in _SIGNS:
        app.jinja_env.globals[name] = LazyString(_sign, name)  # type: ignore[no-untyped-call]
    app.after_request(mark_language)


def _(text: str, /, **values: object) -> str:
    """The text in the language of the page, with the values in it."""
    if not text:
        return ""  # gettext would give the header of the catalogue
    said = str(_spoken().ugettext(text))
    return said % values if values else said


def ngettext(one: str, many: str, /, num: int, **values: object) -> str:
    """The text for that number of things; `%(num)s` is the number, grouped by thousands."""
    locale = flask_babel.get_locale() or LANGUAGES[0]
    shown = {"num": format_decimal(num, locale=locale)} | values
    return str(_spoken().ungettext(one, many, num)) % shown


def _spoken() -> NullTranslations:
    """The catalogue of this request, looked up once: a page asks a hundred times."""
    if not g:
        return flask_babel.get_translations()
    kept: NullTranslations | None = g.get(_SPOKEN)
    if kept is None:
        kept = flask_babel.get_translations()
        setattr(g, _SPOKEN, kept)
    return kept


def _l(text: str) -> Words:
    """The text, to be translated when it is shown."""
    return flask_babel.lazy_gettext(text)
