"""The words of the pages themselves, in the language of the page.

English stands in the code and the templates, the other languages in `translations/`.
"""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel.speaklater import LazyString

from endpoint.languages import LANGUAGES, chosen_language, mark_language

Words = LazyString
"""Text that is put into the language of the page when it is shown."""
FOLDER: Final = Path(__file__).parent / "translations"


class Catalogues(flask_babel.Domain):
    """The catalogues as translators write them: read when first needed, never compiled to disk."""

    def get_translations(self) -> NullTranslations:
        """The translations for the language of this request."""
        locale = flask_babel.get_locale()
        return read_translations(locale.language if locale else LANGUAGES[0])


@cache
def read_translations(language: str) -> NullTranslations:
    """The catalogue of a language; English needs none."""
    if language == LANGUAGES[0]:
        return NullTranslations()
    with path_of(language).open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def path_of(language: str) -> Path:
    """Where the catalogue of a language stands."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def wire_languages(app: Flask) -> None:
    """Put the words of an app's pages into the language of each request."""
    if "babel" in app.extensions:
        return
    babel = flask_babel.Babel(app, locale_selector=chosen_language)  # type: ignore[no-untyped-call]
    babel.domain_instance = Catalogues()  # type: ignore[no-untyped-call]
    app.jinja_env.globals.update(_=_, gettext=_, ngettext=ngettext)
    app.after_request(mark_language)


def _(text: str, /, **values: object) -> str:
    """The text in the language of the page, with the values in it."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, /, num: int, **values: object) -> str:
    """The text for that number of things; `%(num)s` is the number, grouped by thousands."""
    locale = flask_babel.get_locale() or LANGUAGES[0]
    shown = {"num": format_decimal(num, locale=locale)} | values
    return str(flask_babel.get_translations().ungettext(one, many, num)) % shown


def _l(text: str) -> Words:
    """The text, to be translated when it is shown."""
    return flask_babel.lazy_gettext(text)
