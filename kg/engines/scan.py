"""Finds the keywords SERVICE and LOAD in a query, whatever they hide behind; and what changes.

The store's grammar needs no space around keywords (``5SERVICE<…>`` is read as SERVICE), so the word
is refused everywhere but in strings, comments, IRIs, variables, language tags, the local part of
names, and in a prefix (``service:foo``) whose name no brace follows. A ``<…>`` that may also be the
operator ``<`` and what follows it could hide the start of a string or comment; beside such a one
the word is refused wherever it stands. Escapes cannot spell a keyword.

Web processes scan what anybody sends, so each query is scanned in linear time.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from kg.errors import ServiceRefused

_WORDS: Final = re.compile(r"SERVICE|\bLOAD\b", re.IGNORECASE | re.ASCII)
_STRINGS: Final = {
    '"""': r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""',
    "'''": r"'''(?:'{0,2}(?:[^'\\]|\\.))*'''",
    '"': r'"(?:[^"\\\n\r]|\\.)*"',
    "'": r"'(?:[^'\\\n\r]|\\.)*'",
}
_NO_STRING: Final = r"(?!)"
_OTHERS: Final = r"""
  | (?P<torn> ["'] )
  | (?P<iri> <[^\x00-\x20<>"{}|^`]*> )
  | (?P<comment> \#[^\n\r]* )
  | (?P<variable> [?$]\w+ )
  | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
  | (?P<name> (?P<prefix>[\w.\-]{0,64}) :
        (?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\.) (?:[\w:.\-·]|%[0-9A-Fa-f]{2}|\\.)*)? )
  | (?P<word> \w+ )
"""
_TO_LINE_END: Final = re.compile(r"(?:[^\\\n\r]|\\.)*+", re.DOTALL)
_CHANGING_WORDS: Final = ("NOW", "RAND", "UUID", "BNODE", "SERVICE")
_CHANGING: Final = re.compile("|".join(_CHANGING_WORDS), re.IGNORECASE | re.ASCII)
"""What gives something else each time; UUID stands in STRUUID too."""
_CHANGING_CALL: Final = re.compile(r"(?:NOW|RAND|UUID|BNODE)\(", re.IGNORECASE | re.ASCII)
_HARMLESS: Final = re.compile(r"(?=[\s#;,.)}\]<]|$)(?:\s|\#[^\n\r]*+)*+(?!\{)")
"""What may stand after the name ``service:foo`` if no pattern in braces follows."""


def refuse_federation(query: str) -> None:
    """Raise ServiceRefused if the query may reach another server; names the place."""
    place = find_federation(query)
    if place is not None:
        raise _refusal(query, place)


def find_federation(query: str) -> int | None:
    """Where the query may reach another server; None if it cannot."""
    upper = query.upper()  # looking for words in it is ten times as fast as the expression
    first = _WORDS.search(query) if "SERVICE" in upper or "LOAD" in upper else None
    if first is None:
        return None
    for token in tokens_of(query):
        if _may_be_operator(token["iri"] or ""):
            return first.start()
        if _WORDS.search(token["word"] or "") or _is_clause(query, token):
            return token.start()
    return None


def is_repeatable(query: str) -> bool:
    """Whether the same graph gives the same answer again; in doubt it does not."""
    upper = query.upper()
    if not any(word in upper for word in _CHANGING_WORDS):
        return True
    for token in tokens_of(query):
        if _CHANGING.search(token["word"] or ""):
            return False
        iri = token["iri"] or ""
        if _CHANGING_CALL.search(iri) or _may_be_operator(iri):
            return False
    return True


def _may_be_operator(iri: str) -> bool:
    """Whether ``<…>`` may be ``<`` and a string, or a closing and a comment: ``<'a>``, ``<b)#>``.

    Told in one pass; an expression for it took minutes for a megabyte of closings.
    """
    closing = iri.find(")")
    return "'" in iri or 0 <= closing < iri.rfind("#")


def _is_clause(query: str, name: re.Match[str]) -> bool:
    """Whether a name may be read as SERVICE and an address, as ``SERVICEex:foo {`` is.

    That needs a brace after it; a sign that the scan does not know may stand for anything.
    """
    has_word = _WORDS.search(name["prefix"] or "")
    return has_word is not None and _HARMLESS.match(query, name.end()) is None


def tokens_of(query: str) -> Iterator[re.Match[str]]:
    """The strings, IRIs, comments, variables, names and words, in order; not the signs.

    A quote that nothing closes makes no string, and so do those behind it as far as that is known;
    looking again from each of them to the end would take a long query for hours.
    """
    torn: dict[str, int] = {}
    """Quotes, with the place up to which nothing closes them."""
    place, expression = 0, _expression()
    while token := expression.search(query, place):
        place = token.end()
        quote = token["torn"]
        if quote is None:
            yield token
            if token[0] in ('""', "''") and query.startswith(token[0][0], place):
                torn[token[0][0] * 3] = len(query)
                expression = _expression(*sorted(torn))
        elif token.start() >= torn.get(quote, 0):
            if torn.pop(quote, None) is None:
                end = _TO_LINE_END.match(query, place)
                torn[quote] = end.end() if end else place
            else:  # a line further down, where it may be closed
                place = token.start()
            expression = _expression(*sorted(torn))


@lru_cache(16)
def _expression(*torn: str) -> re.Pattern[str]:
    """What finds the next token, but no string between these quotes."""
    strings = [text for quote, text in _STRINGS.items() if quote not in torn]
    text = f"(?P<string> {' | '.join(strings) or _NO_STRING} ){_OTHERS}"
    return re.compile(text, re.VERBOSE | re.DOTALL)


def _refusal(query: str, place: int) -> ServiceRefused:
    line = query.count("\n", 0, place) + 1
    column = place - query.rfind("\n", 0, place)
    return ServiceRefused(
        f"The query asks for another server (line {line}, column {column}). "
        "This endpoint answers from its own graph only: leave out SERVICE and LOAD, "
        "or send that part to the other server by itself."
    )
