"""Full text in queries: what `ssc4c:matches` finds is put into the query before the store sees it.

``?thing ssc4c:matches ("child marriage" ?score 50)`` becomes a VALUES block of things and scores at
the start of its group, and in its own place a path of no or one step from the subject to the thing
found: no triple has the predicate of the path, so it only joins the two. The block stands in a
SELECT DISTINCT, since the planner takes more than 1,000 rows of plain VALUES for longer than all
things of a class and then tries every pair (9 s instead of 2.8 s for 2,468 hits on 1.8 M triples).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NoReturn

from pyoxigraph import NamedNode, QuerySolutions, Store

from kg.engines.columns import find_star
from kg.engines.prologue import Prologue
from kg.engines.syntax import explain_syntax
from kg.engines.triples import Token, Verb, find_verbs, has_quoted_triples, read_tokens
from kg.errors import BadQuery, EngineFailed
from kg.namespaces import DEF
from kg.textindex import TextIndex

MATCHES: Final = DEF + "matches"
LIMIT: Final = 100
"""Hits of a text that sets no limit."""
MOST: Final = 10_000
"""Hits that all texts of a query may ask for together."""

Find = Callable[[str, str, int], Sequence[tuple[str, float]]]
"""Gives things and scores, the best first, for a text, a language tag or nothing, and a limit."""

_STEP: Final = f"(<{MATCHES}>?)"
_FORM: Final = (
    'write ?thing ssc4c:matches "school meals", or ?thing ssc4c:matches ("school meals" ?score 50) '
    "with a variable for the score and the number of hits"
)
_STRING_TYPE: Final = "http://www.w3.org/2001/XMLSchema#string"
_ESCAPE: Final = re.compile(r"""\\(?:([tbnrf\\"'])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))""")
_ESCAPED: Final[Mapping[str, str]] = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True)
class _Wish:
    """What one text asks for."""

    text: str
    language: str = ""
    score: str = ""
    limit: int = LIMIT


@dataclass(frozen=True)
class _Edit:
    """A piece of the query and what takes its place."""

    start: int
    end: int
    text: str


def open_find(index: Path) -> Find:
    """The way into a text index; one that this version cannot read finds nothing and says so."""
    return TextIndex(index).match if TextIndex.is_compatible(index) else no_index


def no_index(text: str, language: str, limit: int) -> Sequence[tuple[str, float]]:
    """Stands where there is no text index; raises EngineFailed."""
    raise EngineFailed(
        "This snapshot has no full-text index that this version can read, so ssc4c:matches cannot "
        "be answered from it; ask the current one, or have it published anew."
    )


def expand_matches(query: str, find: Find) -> str:
    """The query with what its texts find; raises BadQuery where one is asked for wrongly."""
    if "matches" not in query:
        return query
    expansion = _Expansion(query, find)
    return expansion.make() if expansion.calls else query


class _Expansion:
    """One query on its way from texts to things."""

    def __init__(self, query: str, find: Find) -> None:
        self.query = query
        self.find = find
        self.tokens = read_tokens(query)
        self.names = Prologue(self.tokens)
        self.calls = [verb for verb in find_verbs(self.tokens) if self._is_call(verb)]
        self.asked = 0
        self.fresh = 0

    def _is_call(self, verb: Verb) -> bool:
        return self.names.resolve(self.tokens[verb.at]) == MATCHES

    def make(self) -> str:
        """The query that the store is asked."""
        columns = self._columns()
        self._refuse_unclear()
        edits = [edit for verb in self.calls for edit in self._replace(verb)]
        if self.fresh:
            edits.extend(self._name_columns(columns))
        query = self.query
        for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
            query = query[: edit.start] + edit.text + query[edit.end :]
        return query

    def _columns(self) -> list[str]:
        """The columns of the answer; raises BadQuery if the query as written is no SPARQL."""
        try:
            result = Store().query(self.query)
        except SyntaxError as error:
            raise explain_syntax(self.query, str(error)) from None
        return list(map(str, result.variables)) if isinstance(result, QuerySolutions) else []

    def _refuse_unclear(self) -> None:
        if has_quoted_triples(self.tokens):
            self._refuse(self.calls[0].at, "ssc4c:matches cannot stand beside << … >>")
        if re.search(r"\bCONSTRUCT\s+(?!\{)", self._blank, re.IGNORECASE):
            at = self.calls[0].at
            self._refuse(
                at, "CONSTRUCT with ssc4c:matches needs a template of its own: { … } WHERE"
            )

    @cached_property
    def _blank(self) -> str:
        """The words and signs of the query."""
        return " ".join(each.text for each in self.tokens if each.kind in ("word", "sign"))

    @cached_property
    def _bound(self) -> set[str]:
        """The variables that BIND or an expression gives a value."""
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return {_variable(name) for word, name in pairs if word.text.upper() == "AS"}

    def _replace(self, verb: Verb) -> Iterator[_Edit]:
        if verb.role == "template":
            self._refuse(verb.at, "ssc4c:matches is asked, never stated: it cannot stand here")
        if verb.role == "path":
            self._refuse(verb.at, "ssc4c:matches cannot be part of a path", _FORM)
        at, subjects, blocks = verb.at, [], []
        while True:
            wish, at = self._read_wish(at + 1, verb)
            subject, block = self._answer(wish, verb)
            subjects.append(subject)
            blocks.append(block)
            if self._text(at) != ",":
                break
        end = self.tokens[at - 1].end
        pair = f"{_STEP} {' , '.join(subjects)}"
        yield _Edit(self.tokens[verb.at].start, end, pair)
        yield _Edit(verb.group, verb.group, "".join(blocks))

    def _answer(self, wish: _Wish, verb: Verb) -> tuple[str, str]:
        """The variable that holds the things found, and the block that gives them."""
        self.asked += wish.limit
        if self.asked > MOST:
            self._refuse(verb.at, f"a query may ask for {MOST:,} hits in all")
        subject = verb.subject.replace("$", "?")
        if wish.score and wish.score in {subject, *self._bound}:
            self._refuse(verb.at, f"the score needs a variable of its own, not {wish.score}")
        if not subject or subject in self._bound:
            self.fresh += 1
            subject = f"?_match{self.fresh}"
        hits = self.find(wish.text, wish.language, wish.limit)
        rows = " ".join(_row(iri, score if wish.score else None) for iri, score in hits)
        columns = f"{subject} {wish.score}".strip()
        return subject, f" {{ SELECT DISTINCT {columns} {{ VALUES ({columns}) {{ {rows} }} }} }} "

    def _read_wish(self, at: int, verb: Verb) -> tuple[_Wish, int]:
        """What is asked by the object that begins at a token, and the number of the next token."""
        if self._text(at) != "(":
            return self._read_text(at, verb)
        wish, at = self._read_text(at + 1, verb)
        score, limit = "", LIMIT
        if self._kind(at) == "variable":
            score, at = _variable(self.tokens[at]), at + 1
        if self._kind(at) == "number":
            limit, at = self._read_limit(at), at + 1
        if self._text(at) != ")":
            self._refuse(at, "this is not what a list after ssc4c:matches holds", _FORM)
        return _Wish(wish.text, wish.language, score, limit), at + 1

    def _read_text(self, at: int, verb: Verb) -> tuple[_Wish, int]:
        if self._kind(at) != "string":
            self._refuse(verb.at, "ssc4c:matches needs the text itself", _FORM)
        text = _unquote(self.tokens[at].text)
        if self._kind(at + 1) == "language":
            tag = self.tokens[at + 1].text[1:].lower().partition("-")[0]
            return _Wish(text, tag), at + 2
        if self._text(at + 1) == "^^":
            if self.names.resolve(self.tokens[at + 2]) != _STRING_TYPE:
                self._refuse(at, "the text of ssc4c:matches is a plain string", _FORM)
            return _Wish(text), at + 3
        return _Wish(text), at + 1

    def _read_limit(self, at: int) -> int:
        text = self._text(at)
        if not text.isdecimal() or len(text) > len(str(MOST)) or not 0 < int(text) <= MOST:
            self._refuse(at, f"the number of hits is a whole number from 1 to {MOST:,}")
        return int(text)

    def _text(self, at: int) -> str:
        return self.tokens[at].text if self._kind(at) not in ("", "string") else ""

    def _kind(self, at: int) -> str:
        return self.tokens[at].kind if at < len(self.tokens) else ""

    def _name_columns(self, columns: Sequence[str]) -> Iterator[_Edit]:
        """Keeps helping variables out of the answer of a ``SELECT *``."""
        if columns and (star := find_star(self.tokens)):
            yield _Edit(star.start, star.end, " ".join(columns))

    def _refuse(self, at: int, reason: str, cure: str = "") -> NoReturn:
        place = self.tokens[at].start
        line = self.query.count("\n", 0, place) + 1
        column = place - self.query.rfind("\n", 0, place)
        advice = f"; {cure}" if cure else ""
        raise BadQuery(f"Line {line}, column {column}: {reason}{advice}.", line, column)


def _variable(token: Token) -> str:
    return f"?{token.text[1:]}"


def _row(iri: str, score: float | None) -> str:
    return f"({NamedNode(iri)})" if score is None else f"({NamedNode(iri)} {score:.6e})"


def _unquote(text: str) -> str:
    marks = 3 if text.startswith(('"""', "'''")) else 1
    return _ESCAPE.sub(_unescape, text[marks:-marks])


def _unescape(found: re.Match[str]) -> str:
    if found[1]:
        return _ESCAPED.get(found[1], found[1])
    return chr(int(found[2] or found[3], 16))
