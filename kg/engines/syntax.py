"""Syntax errors in the words of people: where in the query, and what could stand there."""

import re
from typing import Final

from kg.engines.slips import find_slip
from kg.errors import BadQuery, KgError, UpdateRefused

_PLACE: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_EXPECTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Z][\w ]*[a-z][\w ]*|[A-Z]{2,}')
"""Quoted signs, sentences about a rule that was broken, keywords; not the classes of characters."""
_UPDATE: Final = re.compile(
    r"(?:\s|\#[^\n]*\n|(?:BASE|PREFIX)[^<]*<[^>]*>)*"
    r"(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.IGNORECASE,
)
NO_UPDATES: Final = (
    "This endpoint answers queries and takes no updates, so that every change is validated and "
    "kept with its source. Entries are changed by loading files with `ssc4c load`: see "
    "docs/loading.md of the project."
)
_REFUSED: Final = ("SERVICE", "LATERAL")
"""Keywords that the store knows and that we refuse or that SPARQL 1.1 does not have."""
_LONGEST: Final = 8
"""Number of possible continuations that a person still reads."""


def explain_syntax(query: str, message: str) -> KgError:
    """The error for a query that the store refused with this message."""
    if update := _UPDATE.match(query):
        return UpdateRefused(f"{update[1].upper()} is an update. {NO_UPDATES}")
    place = _PLACE.match(message)
    if not place:
        return BadQuery(message)
    line = int(place[1])
    column = _start_of_word(query, line, int(place[2]))
    reason = _expected(place[3])
    slip = find_slip(query)
    if slip and slip.start <= _offset(query, line, int(place[2])):
        reason, line = slip.reason, query.count("\n", 0, slip.start) + 1
        column = slip.start - query.rfind("\n", 0, slip.start)
    before = _text_at(query, line, column)
    return BadQuery(f"Line {line}, column {column}, {before}: {reason}.", line, column)


def _offset(query: str, line: int, column: int) -> int:
    """Place in the text of a line and column, both counted from one."""
    return sum(len(each) + 1 for each in query.split("\n")[: line - 1]) + column - 1


def _start_of_word(query: str, line: int, column: int) -> int:
    """The store stops inside a word that begins as another: ``LIMIT`` as ``LATERAL`` does."""
    before = _line(query, line)[: column - 1]
    word = re.search(r"\w*$", before)
    inside = re.match(r"\w", _line(query, line)[column - 1 :])
    return column - len(word[0]) if word and inside else column


def _line(query: str, line: int) -> str:
    lines = query.split("\n")
    return lines[line - 1] if line <= len(lines) else ""


def _text_at(query: str, line: int, column: int) -> str:
    rest = _line(query, line)[column - 1 :].strip()
    if rest:
        return f"before `{rest[:20]}`"
    return "at the end" if line > query.count("\n") else "at the end of the line"


def _expected(text: str) -> str:
    found = _EXPECTED.findall(text)
    broken = [each.strip() for each in found if " " in each and not each.startswith('"')]
    if any("unbound" in each for each in broken):
        return "a variable in SELECT beside a count or the like must stand in GROUP BY too"
    if broken:
        return "; ".join(broken)
    signs = [each.strip('"').replace('\\"', '"') for each in found if each not in _REFUSED]
    if not signs:
        return "the query cannot be read as SPARQL up to here"
    more = " …" if len(signs) > _LONGEST else ""
    return "expected " + ("one of " if len(signs) > 1 else "") + "  ".join(signs[:_LONGEST]) + more
