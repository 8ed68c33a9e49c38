"""Who took part, in which role, for whom and when: the heart of a page about cooperation."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from endpoint.facts import DESCRIPTION, PARTICIPATION, TYPE
from endpoint.texts import _
from endpoint.values import Shower, Shown, sort_key
from kg.namespaces import expand, thing_iri
from kg.reader import Statements, Thing

_ROLE: Final = NamedNode(expand("ssc4c:role"))
_ACTOR: Final = NamedNode(expand("ssc4c:participant"))
_COUNTRY: Final = NamedNode(expand("ssc4c:participantCountry"))
_START: Final = NamedNode(expand("ssc4c:startYear"))
_END: Final = NamedNode(expand("ssc4c:endYear"))
_GIVES: Final = {thing_iri("role", key) for key in ("solution-provider", "mutual")}
_RECEIVES: Final = {thing_iri("role", key) for key in ("recipient", "mutual")}


@dataclass(frozen=True)
class Part:
    """One participation as a line of the table."""

    anchor: str
    roles: tuple[Shown, ...]
    countries: tuple[Shown, ...]
    actors: tuple[Shown, ...]
    period: str
    notes: tuple[Shown, ...]
    role_iris: frozenset[str]


@dataclass(frozen=True)
class Column:
    """One of the three boxes at the top: who gives, who helps, who receives."""

    title: str
    members: tuple[Shown, ...]


def read_parts(thing: Thing, shower: Shower) -> list[Part]:
    """The participations of a thing, those who give first, those who receive last."""
    parts = [
        _part(node, said, shower)
        for node, said in thing.nested.items()
        if PARTICIPATION in said.get(TYPE, ())
    ]
    return sorted(parts, key=lambda part: (_place(part), _text(part)))


def at_a_glance(parts: list[Part]) -> list[Column]:
    """Who gives, helps and receives; only columns with somebody in them."""
    titles = enumerate((_("Gives"), _("Gives and receives"), _("Makes it happen"), _("Receives")))
    columns = [
        Column(title, tuple(_members([part for part in parts if _place(part) == place])))
        for place, title in titles
    ]
    return [column for column in columns if column.members]


def period(said: Statements) -> str:
    """The years of something: ``2012–2017``, ``since 2012``, or nothing."""
    start, end = (_first(said, name) for name in (_START, _END))
    if start and end:
        return start if start == end else f"{start}–{end}"
    if start:
        return _("since %(year)s", year=start)
    return _("until %(year)s", year=end) if end else ""


def _part(node: str, said: Statements, shower: Shower) -> Part:
    shown = {
        name: tuple(shower.show(value) for value in said.get(name, ()))
        for name in (_ROLE, _COUNTRY, _ACTOR, DESCRIPTION)
    }
    return Part(
        node.partition("#")[2],
        shown[_ROLE],
        shown[_COUNTRY],
        shown[_ACTOR],
        period(said),
        shown[DESCRIPTION],
        frozenset(role.iri for role in shown[_ROLE]),
    )


def _place(part: Part) -> int:
    gives, receives = part.role_iris & _GIVES, part.role_iris & _RECEIVES
    return 1 if gives and receives else 0 if gives else 3 if receives else 2


def _text(part: Part) -> list[tuple[str, str]]:
    return [sort_key(each) for each in (*part.roles, *part.countries, *part.actors)]


def _members(parts: list[Part]) -> Iterator[Shown]:
    seen: set[str] = set()
    for part in parts:
        for member in (*part.countries, *part.actors):
            if member.iri not in seen:
                seen.add(member.iri)
                yield member


def _first(said: Statements, name: NamedNode) -> str:
    values = [value.value for value in said.get(name, ()) if isinstance(value, Literal)]
    return min(values, default="")
