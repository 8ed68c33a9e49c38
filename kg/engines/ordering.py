"""Another ORDER BY for values of mixed kinds, which the store's own comparison cannot sort.

SPARQL leaves open how a text compares with a date, and the store's answer is no total order: its
sort gives up. Here unbound comes first, then blank nodes, IRIs and literals (SPARQL 1.1, section
15.1); among literals numbers by value, then the others by datatype and by what they say.
"""

from collections.abc import Iterator
from typing import Final

from kg.engines.triples import Token, read_tokens

_KEYS: Final = (
    "COALESCE(IF(ISBLANK({0}), 1, IF(ISIRI({0}), 2, 3)), 0)",
    "COALESCE(IF(ISNUMERIC({0}), 0, 1), 0)",
    "COALESCE(IF(ISNUMERIC({0}), {0}, 0), 0)",
    'COALESCE(STR(DATATYPE({0})), "")',
    'COALESCE(STR({0}), "")',
    'COALESCE(LANG({0}), "")',
)
"""Each compares values of one kind only."""
_ENDS: Final = frozenset({"LIMIT", "OFFSET", "VALUES", "HAVING", "}"})


def order_totally(query: str) -> str:
    """The query with every ORDER BY in other words; the query itself if it has none."""
    tokens = read_tokens(query)
    made, done = [], 0
    for start, end, keys in _find_orders(query, tokens):
        made += [query[done:start], " ".join(keys)]
        done = end
    return "".join([*made, query[done:]])


def _find_orders(query: str, tokens: list[Token]) -> Iterator[tuple[int, int, list[str]]]:
    """Where the conditions of each ORDER BY begin and end in the text, and the other ones."""
    for at, token in enumerate(tokens[:-2]):
        if token.text.upper() == "ORDER" and tokens[at + 1].text.upper() == "BY":
            pieces = list(_split(tokens, at + 2))
            keys = [key for first, last in pieces for key in _rewrite(query, tokens, first, last)]
            if pieces:
                yield tokens[at + 2].start, tokens[pieces[-1][1]].end, keys


def _split(tokens: list[Token], at: int) -> Iterator[tuple[int, int]]:
    """Number of the first and last token of each condition: a variable, a call, or brackets."""
    first = at
    while at < len(tokens) and tokens[at].text.upper() not in _ENDS:
        has_more = at + 1 < len(tokens) and tokens[at + 1].text == "("
        if tokens[at].text == "(":
            at = _closing(tokens, at)
            yield first, at
            first = at + 1
        elif tokens[at].kind == "variable" or not has_more:
            yield first, at
            first = at + 1
        at += 1


def _closing(tokens: list[Token], at: int) -> int:
    depth = 0
    while at < len(tokens):
        depth += {"(": 1, ")": -1}.get(tokens[at].text, 0)
        if not depth:
            return at
        at += 1
    return at - 1


def _rewrite(query: str, tokens: list[Token], first: int, last: int) -> Iterator[str]:
    direction = tokens[first].text.upper()
    is_told = direction in ("ASC", "DESC")
    value = query[tokens[first + is_told].start : tokens[last].end]
    for key in _KEYS:
        yield f"{direction if is_told else 'ASC'}({key.format(value)})"
