"""What a query says before it begins: its base, its prefixes, and the graphs that it is about."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urljoin

from kg.engines.triples import Token, read_tokens

_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(0010[0-9A-Fa-f]{4}|000[0-9A-Fa-f]{5})")
"""SPARQL 1.1, section 19.2."""
_ESCAPED: Final = re.compile(r"\\(.)")
_NOTHING: Final = Token("", "", 0, 0)


class Prologue:
    """The prefixes and the base of a query."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.base = ""
        self.prefixes: dict[str, str] = {}
        words = iter(tokens)
        for token in words:
            if token.text.upper() == "BASE":
                self.base = self.resolve(next(words, _NOTHING))
            elif token.text.upper() == "PREFIX":
                name = next(words, _NOTHING).text[:-1]
                self.prefixes[name] = self.resolve(next(words, _NOTHING))
            else:
                break

    def resolve(self, token: Token) -> str:
        """The IRI that a token stands for; empty if it stands for none."""
        text = _CODE_POINT.sub(lambda found: chr(int(found[1] or found[2], 16)), token.text)
        if token.kind == "iri":
            return urljoin(self.base, text[1:-1])
        prefix, colon, local = text.partition(":")
        known = token.kind == "name" and colon and prefix in self.prefixes
        return self.prefixes[prefix] + _ESCAPED.sub(r"\1", local) if known else ""


def read_dataset(query: str) -> tuple[list[str], list[str]]:
    """The IRIs that stand behind FROM and behind FROM NAMED (SPARQL 1.1, section 13.2).

    FROM is a word of its own nowhere else, so the tokens tell.
    """
    default: list[str] = []
    named: list[str] = []
    if "from" not in query.lower():
        return default, named
    tokens = read_tokens(query)
    prologue = Prologue(tokens)
    for at, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() == "FROM":
            following = tokens[at + 1 : at + 3]
            is_named = [each.text.upper() for each in following[:1]] == ["NAMED"]
            iris = [prologue.resolve(each) for each in following[is_named : is_named + 1]]
            (named if is_named else default).extend(iris)
    return default, named
