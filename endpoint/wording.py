"""Sentences made of names: several in the manner of the language, and with links in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import flask_babel
from babel.lists import format_list

from endpoint.values import Shown

_SLOT: Final = re.compile(r"%\((\w+)\)s")
_MARK: Final = "\x00"


@dataclass(frozen=True)
class Piece:
    """A part of a sentence: words, or a thing to be linked."""

    text: str = ""
    shown: Shown | None = None

    def __str__(self) -> str:
        """The words of it."""
        return self.shown.text if self.shown else self.text


Sentence = tuple[Piece, ...]


def join(names: Sequence[str], style: str = "standard") -> str:
    """``A, B and C``; with the style ``or``: ``A, B or C``."""
    locale = flask_babel.get_locale() or "en"
    return str(format_list(list(names), style=style, locale=locale))  # type: ignore[arg-type]


def isolate(name: str) -> str:
    """A name that keeps its own direction in a sentence that is read from right to left."""
    locale = flask_babel.get_locale()
    is_left = locale is None or locale.text_direction == "ltr"
    return name if is_left else f"\u2068{name}\u2069"


def fill(text: str, **names: str | Shown | Sequence[Shown]) -> Sentence:
    """A translated text with the names in their slots, things as things that can be linked."""
    pieces: list[Piece] = []
    parts = _SLOT.split(text)
    for at, part in enumerate(parts):
        pieces.extend(_put(names[part]) if at % 2 else [Piece(part)] if part else [])
    return tuple(pieces)


def speak(sentence: Sentence) -> str:
    """The sentence as plain text."""
    return "".join(map(str, sentence))


def _put(value: str | Shown | Sequence[Shown]) -> list[Piece]:
    if isinstance(value, str):
        return [Piece(value)]
    if isinstance(value, Shown):
        return [Piece(shown=value)]
    words = join([_MARK] * len(value)).split(_MARK)
    pieces = [Piece(words[0])] if words[0] else []
    for shown, after in zip(value, words[1:], strict=True):
        pieces.append(Piece(shown=shown))
        pieces.extend([Piece(after)] if after else [])
    return pieces
