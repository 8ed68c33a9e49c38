"""Several names in one sentence, in the manner of the language."""

from collections.abc import Sequence

import flask_babel
from babel.lists import format_list


def join(names: Sequence[str], style: str = "standard") -> str:
    """``A, B and C``; with the style ``or``: ``A, B or C``."""
    return str(format_list(list(names), style=style, locale=flask_babel.get_locale() or "en"))  # type: ignore[arg-type]
