"""The words of the pages themselves, ready for translation."""

import flask_babel
from flask_babel.speaklater import LazyString

Words = LazyString
"""Text that is put into the language of the page when it is shown."""


def _(text: str, /, **values: object) -> str:
    """The text in the language of the page, with the values in it."""
    return str(flask_babel.gettext(text, **values))


def _l(text: str) -> Words:
    """The text, to be translated when it is shown."""
    return flask_babel.lazy_gettext(text)
