"""Walks over the text of a query and tells where predicates stand, and of which subject.

It rests on the tokens alone and leaves to the store whether the query is right; a query that the
store takes is walked over without error.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

_TOKEN: Final = re.compile(
    r"""
    (?P<string>
        \"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\"
      | \'\'\'(?:'{0,2}(?:[^'\\]|\\.))*\'\'\'
      | "(?:[^"\\\n\r]|\\.)*"
      | '(?:[^'\\\n\r]|\\.)*'
    )
  | (?P<iri> <[^\x00-\x20<>"{}|^`]*> )
  | (?P<comment> \#[^\n\r]* )
  | (?P<variable> [?$]\w+ )
  | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)? )
  | (?P<name> (?:\w(?:[\w.\-·]*[\w\-·])?)? :
        (?: (?:[\w:]|%[0-9A-Fa-f]{2}|\\.)
            (?:(?:[\w:.\-·]|%[0-9A-Fa-f]{2}|\\.)*(?:[\w:\-·]|%[0-9A-Fa-f]{2}|\\.))? )? )
  | (?P<number> (?:\d+\.\d*|\.?\d+)[eE][+-]?\d+ | \d*\.\d+ | \d+ )
  | (?P<word> \w+ )
  | (?P<sign> \^\^ | && | \|\| | != | <= | >= | << | >> | \{\| | \|\} | \S )
    """,
    re.VERBOSE | re.DOTALL,
)
_TERMS: Final = frozenset({"string", "iri", "variable", "name", "number"})
_BEFORE_PATH: Final = frozenset("^!/|")
_AFTER_PATH: Final = frozenset("/|*+?")
_QUOTED: Final = frozenset({"<<", ">>", "{|", "|}"})
_ASIDE: Final = {"VALUES": "data", "SELECT": "select", "GRAPH": "aside", "SERVICE": "aside"}
"""Words that lead to braces with other things between."""

Role = Literal["pattern", "template", "path"]


@dataclass(frozen=True)
class Token:
    """A piece of a query, such as a variable or a sign."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Verb:
    """A name or IRI that stands as predicate."""

    at: int
    """Number of its token."""
    subject: str
    """The variable of which it is the predicate; empty for another subject."""
    group: int
    """Place in the text after the brace that opens the group around it."""
    role: Role
    """Whether it stands alone in a pattern, in a template or in a path with others."""


@dataclass
class _Frame:
    """What is open: a brace, bracket or parenthesis."""

    sign: str
    role: str
    """``group``, ``template``, ``node``, ``path``, or ``other`` where no triples stand."""
    group: int = 0
    place: str = "subject"
    """What comes next: subject, verb, object; ``done`` after an object; or something aside."""
    subject: str = ""


@dataclass
class _Walk:
    tokens: list[Token]
    frames: list[_Frame] = field(default_factory=lambda: [_Frame("", "other", place="select")])
    surplus: list[Token] = field(default_factory=list)
    """Terms that follow a whole triple, with no dot between."""
    words: list[Token] = field(default_factory=list)
    """Words that stand where a triple or a clause may begin."""

    @property
    def top(self) -> _Frame:
        return self.frames[-1]

    def run(self) -> Iterator[Verb]:
        for at, token in enumerate(self.tokens):
            if token.kind == "sign" and token.text in "{[(":
                self._open(at, token)
            elif token.kind == "sign" and token.text in "}])":
                self._close(token)
            elif token.kind == "sign":
                self._sign(token.text)
            elif token.kind == "word":
                self._word(token)
            elif token.kind in _TERMS:
                yield from self._term(at, token)

    def _open(self, at: int, token: Token) -> None:
        top = self.top
        if token.text == "{":
            before = self.tokens[at - 1].text.upper() if at else ""
            role = "other" if top.place == "data" else "group"
            role = "template" if before == "CONSTRUCT" else role
            place = "list" if role == "other" else "subject"
            self.frames.append(_Frame("{", role, token.end, place))
            return
        is_path = token.text == "(" and top.place == "verb"
        role = "path" if is_path or top.role == "path" else "node" if token.text == "[" else "other"
        group = top.group
        place = "verb" if role == "node" else "subject" if role == "path" else "list"
        self.frames.append(_Frame(token.text, role, group, place))

    def _close(self, token: Token) -> None:
        if len(self.frames) == 1:
            return
        closed = self.frames.pop()
        top = self.top
        if closed.sign == "{":
            if top.role == "other":
                top.place = "select" if top.place == "data" else top.place
            elif top.place != "select":
                top.place = "subject"
        elif top.place in ("subject", "object", "verb-end"):
            self._end_term("")
        elif top.place == "verb":
            top.place = "verb-end"
        elif top.place == "expression":
            top.place = "subject"

    def _sign(self, text: str) -> None:
        top = self.top
        if top.place == "verb-end" and text in "/|":
            top.place = "verb"
        elif top.place == "done" and text in (",", "^^"):
            top.place = "object"
        elif top.place in ("done", "verb") and text == ";":
            top.place = "verb"
        elif top.place in ("done", "verb", "subject") and text == ".":
            top.place = "subject"

    def _word(self, token: Token) -> None:
        top, text = self.top, token.text
        word = text.upper()
        if top.role == "group" and top.place in ("subject", "done"):
            self.words.append(token)
        if text == "a" and top.place == "verb":
            top.place = "verb-end"
        elif word in ("TRUE", "FALSE") and top.place in ("object", "verb-end"):
            top.place = "done"
        elif word in _ASIDE and (top.role == "group" or top.place == "select"):
            top.place = _ASIDE[word]
        elif top.role in ("group", "template") and word in ("FILTER", "BIND"):
            top.place = "expression"

    def _term(self, at: int, token: Token) -> Iterator[Verb]:
        top = self.top
        if top.place == "done" and top.role in ("group", "template"):
            self.surplus.append(token)
        if top.role == "path":
            yield Verb(at, "", top.group, "path")
        elif top.place in ("subject", "object", "verb-end"):
            self._end_term(token.text if token.kind == "variable" else "")
        elif top.place == "verb":
            top.place = "verb-end"
            yield Verb(at, top.subject, top.group, self._role(at))

    def _role(self, at: int) -> Role:
        if any(frame.role == "template" for frame in self.frames):
            return "template"
        before, after = self.tokens[at - 1], self.tokens[at + 1 : at + 2]
        joined = before.text in _BEFORE_PATH or any(each.text in _AFTER_PATH for each in after)
        return "path" if joined else "pattern"

    def _end_term(self, subject: str) -> None:
        top = self.top
        if top.place == "subject":
            top.subject, top.place = subject, "verb"
        else:
            top.place = "done"


def read_tokens(query: str) -> list[Token]:
    """The tokens of a query, without comments."""
    return [
        Token(str(each.lastgroup), each[0], each.start(), each.end())
        for each in _TOKEN.finditer(query)
        if each.lastgroup != "comment"
    ]


def has_quoted_triples(tokens: list[Token]) -> bool:
    """Whether triples stand inside triples, which the walk cannot tell apart."""
    return any(token.text in _QUOTED for token in tokens if token.kind == "sign")


def find_surplus(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """Terms that follow a whole triple, and the words that stand where a clause may begin."""
    walk = _Walk(tokens)
    for _ in walk.run():
        pass
    return walk.surplus, walk.words


def find_verbs(tokens: list[Token]) -> Iterator[Verb]:
    """Every name, IRI or variable that stands as predicate, in order."""
    return _Walk(tokens).run()
