"""The parts of a query, by the scan's tokens: prologue, dataset clauses, SERVICE clauses.

What is found here is only as good as the scan: a query with a ``<…>`` that may also be an operator
is not taken apart. Nothing rests on it for safety; the scan is asked again about what comes out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urljoin

from kg.engines.scan import tokens_of
from kg.errors import BadQuery, ServiceRefused

MOST_CLAUSES: Final = 10
"""So many SERVICE clauses one query may have."""
_FORMS: Final = {"SELECT", "CONSTRUCT", "ASK", "DESCRIBE"}
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LOCAL_ESCAPE: Final = re.compile(r"\\(.)")
_SERVERS_OWN: Final = re.compile(
    r"(?:bif|sql|sql_[a-z]*):|https?://www\.openlinksw\.com/schemas/(?:bif|sql)#", re.IGNORECASE
)
"""IRIs behind which Virtuoso has its SQL functions."""


class Lexeme(NamedTuple):
    """A token, or one sign between tokens."""

    kind: str
    """``string``, ``iri``, ``variable``, ``language``, ``name``, ``word`` or ``sign``."""
    text: str
    start: int
    end: int

    def is_word(self, word: str) -> bool:
        """Whether it is this keyword."""
        return self.kind == "word" and self.text.upper() == word


@dataclass(frozen=True)
class ServiceClause:
    """One SERVICE clause of a query."""

    start: int
    end: int
    """Behind the closing brace."""
    is_silent: bool
    address: str
    pattern: str
    """What stands between its braces."""
    line: int


def lexemes_of(query: str) -> Iterator[Lexeme]:
    """The tokens and signs of a query, without comments and white space."""
    place = 0
    for token in tokens_of(query):
        yield from _signs(query, place, token.start())
        place = token.end()
        kind = token.lastgroup if token["name"] is None else "name"
        if kind != "comment":
            yield Lexeme(str(kind), token[0], token.start(), place)
    yield from _signs(query, place, len(query))


def _signs(query: str, start: int, end: int) -> Iterator[Lexeme]:
    for place in range(start, end):
        if not query[place].isspace():
            yield Lexeme("sign", query[place], place, place + 1)


def prologue_of(query: str) -> str:
    """All that stands before SELECT, ASK, CONSTRUCT or DESCRIBE: the base and the prefixes."""
    for lexeme in lexemes_of(query):
        if lexeme.kind == "word" and lexeme.text.upper() in _FORMS:
            return query[: lexeme.start]
    return ""


def uses_graph(query: str) -> bool:
    """Whether the query has a GRAPH clause; in doubt it has."""
    return any("GRAPH" in each.text.upper() for each in lexemes_of(query) if each.kind == "word")


def hide_graphs(query: str, graphs: Sequence[str]) -> str:
    """The query with a FILTER behind each GRAPH and variable, which leaves these graphs out."""
    lexemes = list(lexemes_of(query))
    parts: list[tuple[int, str]] = []
    for number, lexeme in enumerate(lexemes[:-2]):
        variable = lexemes[number + 1]
        if lexeme.is_word("GRAPH") and variable.kind == "variable":
            end = _closing(lexemes, number + 2)
            if end is not None:
                parts.append((end.end, " && ".join(f"{variable.text} != <{g}>" for g in graphs)))
    for position, condition in sorted(parts, reverse=True):
        query = f"{query[:position]} FILTER({condition}) {query[position:]}"
    return query


def dataset_of(query: str) -> tuple[list[str], list[str]]:
    """The IRIs of its FROM and of its FROM NAMED clauses."""
    lexemes = list(lexemes_of(query))
    prefixes = prefixes_in(lexemes)
    default: list[str] = []
    named: list[str] = []
    for place, lexeme in enumerate(lexemes):
        if lexeme.is_word("FROM"):
            is_named = lexemes[place + 1].is_word("NAMED")
            iri = _expand(lexemes[place + 1 + is_named], prefixes)
            (named if is_named else default).append(iri)
    return default, named


def refuse_functions_of_server(query: str) -> None:
    """Raise BadQuery if an IRI stands for a function that only the server's own SQL has."""
    for lexeme in lexemes_of(query):
        if lexeme.kind == "iri" and _SERVERS_OWN.match(_unescape(lexeme.text[1:-1])):
            raise BadQuery(f"{lexeme.text} is a function of one server only; use those of SPARQL.")


def services_of(query: str) -> list[ServiceClause]:
    """All SERVICE clauses, those within others too; raises ServiceRefused for a variable."""
    lexemes = list(lexemes_of(query))
    places = [place for place, each in enumerate(lexemes) if each.is_word("SERVICE")]
    if len(places) > MOST_CLAUSES:
        raise ServiceRefused(f"A query may have {MOST_CLAUSES} SERVICE clauses at most.")
    prefixes = prefixes_in(lexemes)
    return [_read_service(query, lexemes, place, prefixes) for place in places]


def _read_service(
    query: str, lexemes: list[Lexeme], place: int, prefixes: Mapping[str, str]
) -> ServiceClause:
    line = query.count("\n", 0, lexemes[place].start) + 1
    is_silent = place + 1 < len(lexemes) and lexemes[place + 1].is_word("SILENT")
    where, *after = lexemes[place + 1 + is_silent : place + 3 + is_silent] or [lexemes[place]]
    if where.kind == "variable":
        raise ServiceRefused(
            f"SERVICE {where.text} (line {line}) leaves open whom it asks. "
            "Write the address of the other endpoint as an IRI."
        )
    if not after or after[0].text != "{" or where.kind not in ("iri", "name"):
        raise BadQuery(f"Line {line}: SERVICE needs an address and a pattern in braces.", line)
    end = _closing(lexemes, place + 2 + is_silent)
    if end is None:
        raise BadQuery(f"Line {line}: the brace after SERVICE is not closed.", line)
    pattern = query[after[0].end : end.start]
    address = _expand(where, prefixes)
    return ServiceClause(lexemes[place].start, end.end, is_silent, address, pattern, line)


def _closing(lexemes: list[Lexeme], opening: int) -> Lexeme | None:
    depth = 0
    for place in range(opening, len(lexemes)):
        lexeme = lexemes[place]
        if lexeme.kind == "sign":
            depth += {"{": 1, "}": -1}.get(lexeme.text, 0)
            if depth == 0 and lexeme.text == "}":
                return lexeme
    return None


def prefixes_in(lexemes: list[Lexeme]) -> dict[str, str]:
    """Prefix to namespace, as the query declares them; the base under ``@``."""
    found: dict[str, str] = {}
    for place, lexeme in enumerate(lexemes[:-2]):
        if lexeme.is_word("PREFIX") and lexemes[place + 2].kind == "iri":
            found[lexemes[place + 1].text.partition(":")[0]] = _iri(lexemes[place + 2].text, found)
        elif lexeme.is_word("BASE") and lexemes[place + 1].kind == "iri":
            found["@"] = _iri(lexemes[place + 1].text, found)
    return found


def _iri(text: str, prefixes: Mapping[str, str]) -> str:
    iri = _unescape(text[1:-1])
    return urljoin(prefixes["@"], iri) if "@" in prefixes else iri


def _expand(lexeme: Lexeme, prefixes: Mapping[str, str]) -> str:
    if lexeme.kind == "iri":
        return _iri(lexeme.text, prefixes)
    prefix, _, local = lexeme.text.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + _LOCAL_ESCAPE.sub(r"\1", local)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
