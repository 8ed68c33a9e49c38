"""The columns of ``SELECT *`` in the order in which the query names them; the store sorts them."""

from collections.abc import Sequence
from itertools import pairwise

from kg.engines.triples import Token, read_tokens

_BEFORE_STAR = ("SELECT", "DISTINCT", "REDUCED")


def name_columns(query: str, columns: Sequence[str]) -> str:
    """The query with these columns, which its ``*`` stands for, named as they come in its text."""
    tokens = read_tokens(query)
    star = find_star(tokens)
    if star is None or not columns:
        return query
    order = dict.fromkeys(each.text[1:] for each in tokens if each.kind == "variable")
    named = [name for name in order if name in set(columns)]
    if len(named) < len(columns):  # a name that is written with escapes
        return query
    return query[: star.start] + " ".join(f"?{name}" for name in named) + query[star.end :]


def has_star(query: str) -> bool:
    """Whether the query may begin with ``SELECT *``; cheap, and true for some that do not."""
    return "*" in query.partition("{")[0]


def find_star(tokens: Sequence[Token]) -> Token | None:
    """The ``*`` that stands for all columns of the whole query, if there is one."""
    for before, token in pairwise(tokens):
        if token.text in ("{", "("):  # what follows is an expression: COUNT(DISTINCT *)
            return None
        if token.text == "*" and before.text.upper() in _BEFORE_STAR:
            return token
    return None
