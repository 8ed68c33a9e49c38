"""The commonest slips in queries, each told in its own words at its own place.

The store's parser goes back when it fails and names the last place that it reached, which is often
far from the slip. These rules look at the tokens of a query that it has refused.
"""

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from itertools import pairwise
from typing import Final, NamedTuple

from kg.engines.triples import Token, find_surplus, read_tokens

_FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_CLAUSES: Final = (
    "OPTIONAL", "UNION", "MINUS", "GRAPH", "SERVICE", "FILTER", "BIND", "VALUES", "SELECT",
    "WHERE", "GROUP", "HAVING", "ORDER", "BY", "LIMIT", "OFFSET", "DISTINCT", "REDUCED", "FROM",
    "NAMED", "EXISTS", "NOT", "TRUE", "FALSE", "A", "UNDEF", "ASC", "DESC", "AS", "IN", "SILENT",
    "LATERAL",
)  # fmt: skip
_PAIRS: Final = {"{": "}", "(": ")", "[": "]"}
_QUOTES: Final = ('"', "'")


class Slip(NamedTuple):
    """What is wrong, and where in the text."""

    start: int
    reason: str


def find_slip(query: str) -> Slip | None:
    """The first slip that one of the rules knows; none leaves the word to the store."""
    tokens = read_tokens(query)
    for rule in _RULES:
        if slip := next(iter(rule(tokens)), None):
            return slip
    return None


def _open_string(tokens: list[Token]) -> Iterator[Slip]:
    for token in tokens:
        if token.kind == "sign" and token.text in _QUOTES:
            yield Slip(token.start, "the string that begins here has no end")


def _broken_iri(tokens: list[Token]) -> Iterator[Slip]:
    for token, following in pairwise(tokens):
        if token.text == "<" and following.start == token.end and following.kind == "name":
            yield Slip(token.start, "the IRI that begins here holds a space or has no end")


def _unknown_prefix(tokens: list[Token]) -> Iterator[Slip]:
    declared = {"_"}
    for before, token in pairwise([Token("", "", 0, 0), *tokens]):
        if token.kind != "name":
            continue
        prefix = token.text.partition(":")[0]
        if before.text.upper() == "PREFIX":
            declared.add(prefix)
        elif prefix not in declared:
            yield Slip(token.start, f"the prefix {prefix}: is not declared")


def _wrong_form(tokens: list[Token]) -> Iterator[Slip]:
    words = [each for each in tokens if each.kind == "word"]
    first = next((each for each in words if each.text.upper() not in ("PREFIX", "BASE")), None)
    if first and first.text.upper() not in (*_FORMS, "VERSION"):
        yield Slip(first.start, f"a query begins with {', '.join(_FORMS[:-1])} or {_FORMS[-1]}")


def _wrong_columns(tokens: list[Token]) -> Iterator[Slip]:
    """Between SELECT and the pattern: variables, expressions with a name, or a star."""
    for at, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() == "SELECT":
            yield from _check_columns(tokens, at + 1)


def _check_columns(tokens: list[Token], at: int) -> Iterator[Slip]:
    depth, opened, has_name = 0, 0, False
    for token in tokens[at:]:
        word = token.text.upper()
        if depth == 0 and (token.text == "{" or word in ("WHERE", "FROM")):
            return
        if token.text == "(":
            opened, has_name = (token.start, False) if depth == 0 else (opened, has_name)
            depth += 1
        elif token.text == ")":
            depth -= 1
            if depth == 0 and not has_name:
                yield Slip(opened, "an expression in SELECT needs a name: (COUNT(?x) AS ?count)")
        elif depth:
            has_name = has_name or word == "AS"
        elif token.text == ",":
            yield Slip(token.start, "the columns stand with spaces between them, not commas")
        elif token.kind in ("word", "name") and word not in ("DISTINCT", "REDUCED"):
            yield Slip(
                token.start,
                "a column is a variable such as ?x, or an expression in brackets with a name: "
                "(COUNT(?x) AS ?count)",
            )


def _wrong_brackets(tokens: list[Token]) -> Iterator[Slip]:
    waiting: list[Token] = []
    for token in tokens:
        if token.text in _PAIRS and token.kind == "sign":
            waiting.append(token)
        elif token.text in _PAIRS.values() and token.kind == "sign":
            if not waiting:
                yield Slip(token.start, f"nothing is open that this {token.text} could close")
                return
            opening = waiting.pop()
            if _PAIRS[opening.text] != token.text:
                yield Slip(token.start, f"a {_PAIRS[opening.text]} is due before this")
                return
    if waiting:
        yield Slip(waiting[-1].start, f"the {waiting[-1].text} that opens here is not closed")


def _incomplete_clause(tokens: list[Token]) -> Iterator[Slip]:
    nothing = Token("", "", 0, 0)
    for token, following in pairwise([*tokens, nothing]):
        word = token.text.upper() if token.kind == "word" else ""
        if word in ("ORDER", "GROUP") and following.text.upper() != "BY":
            yield Slip(token.start, f"{word} is followed by BY")
        elif word in ("LIMIT", "OFFSET") and not following.text.isdecimal():
            yield Slip(token.start, f"{word} is followed by a whole number")
        elif word == "FILTER" and following.kind in ("variable", "number", "string"):
            yield Slip(following.start, "the condition of a FILTER stands in brackets: FILTER(…)")


def _surplus(tokens: list[Token]) -> Iterator[Slip]:
    terms, words = find_surplus(tokens)
    for token in terms:
        yield Slip(token.start, "a dot, a comma or a semicolon is due before this term")
    for token in words:
        word = token.text.upper()
        if word not in _CLAUSES:
            near = get_close_matches(word, _CLAUSES, 1)
            advice = f"; perhaps {near[0]} is meant" if near else ""
            yield Slip(token.start, f"{token.text} is no word of SPARQL{advice}")


def _bound_twice(tokens: list[Token]) -> Iterator[Slip]:
    seen: set[str] = set()
    for before, token in pairwise(tokens):
        if token.kind == "variable":
            if before.text.upper() == "AS" and token.text in seen:
                yield Slip(token.start, f"{token.text} has a value before it is given one here")
            seen.add(token.text)


_RULES: Final[tuple[Callable[[list[Token]], Iterable[Slip]], ...]] = (
    _open_string,
    _broken_iri,
    _wrong_form,
    _unknown_prefix,
    _wrong_columns,
    _wrong_brackets,
    _incomplete_clause,
    _surplus,
    _bound_twice,
)
"""In order: what makes the tokens after it mean something else comes first."""
