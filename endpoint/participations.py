"""Who took part, in which role, for whom and when: the heart of a page about cooperation."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode

from endpoint.facts import DESCRIPTION, HAS_PARTICIPATION, PARTICIPATION, TYPE
from endpoint.provenance import Sayers
from endpoint.texts import _, _l
from endpoint.values import Shower, Shown, sort_key
from kg.namespaces import GRAPH, expand, thing_iri
from kg.reader import Statements, Thing

_ROLE: Final = NamedNode(expand("ssc4c:role"))
_ACTOR: Final = NamedNode(expand("ssc4c:participant"))
_COUNTRY: Final = NamedNode(expand("ssc4c:participantCountry"))
_START: Final = NamedNode(expand("ssc4c:startYear"))
_END: Final = NamedNode(expand("ssc4c:endYear"))
YEARS: Final = (_START, _END)
"""What a period is told from."""
_GIVES: Final = {thing_iri("role", key) for key in ("solution-provider", "mutual")}
_RECEIVES: Final = {thing_iri("role", key) for key in ("recipient", "mutual")}
_NEUTRAL: Final = {thing_iri("role", "participant")}
"""Roles that tell of no side."""
_SIDES: Final = (
    (_l("for"), _RECEIVES),
    (_l("with"), _GIVES | _RECEIVES),
    (_l("for"), _RECEIVES),
    (_l("from"), _GIVES),
)
"""For each place of a line: how its counterparts are introduced, and their roles."""


@dataclass(frozen=True)
class Part:
    """One participation as a line of the table."""

    anchors: tuple[str, ...]
    """Of all participations that the line stands for."""
    roles: tuple[Shown, ...]
    countries: tuple[Shown, ...]
    actors: tuple[Shown, ...]
    period: str
    notes: tuple[Shown, ...]
    sources: tuple[str, ...]
    """Keys of the sources that say so."""
    counterparts: "Counterparts | None" = None
    said_by: tuple[int, ...] = ()
    """Numbers of the records that say so, where the page tells them."""

    @property
    def members(self) -> tuple[Shown, ...]:
        """Everybody whom the line names."""
        return (*self.countries, *self.actors)


@dataclass(frozen=True)
class Counterparts:
    """With whom somebody took part: ``for`` those who receive, ``from`` those who give."""

    word: str
    members: tuple[Shown, ...]


@dataclass(frozen=True)
class Column:
    """One of the three boxes at the top: who gives, who helps, who receives."""

    title: str
    members: tuple[Shown, ...]
    gap: str = ""
    """What is said where nobody is named."""


def read_parts(thing: Thing, shower: Shower, sayers: Sayers | None = None) -> list[Part]:
    """The participations of a thing, those who give first, those who receive last.

    What several sources say alike is one line.
    """
    sources = sorted({name.removeprefix(GRAPH).partition("/")[0] for name in thing.records})
    parts = [
        replace(
            _part(node, said, sources, shower),
            said_by=_find_sayers(thing.iri, node, sayers or {}),
        )
        for node, said in thing.nested.items()
        if PARTICIPATION in said.get(TYPE, ())
    ]
    lines = sorted(_merge(parts), key=lambda part: (_place(part), _text(part)))
    return [replace(line, counterparts=_find_counterparts(line, lines)) for line in lines]


def at_a_glance(parts: list[Part]) -> list[Column]:
    """Who gives, helps and receives; only columns with somebody in them."""
    return [column for column in _columns(parts) if column.members]


def as_drawn(parts: list[Part]) -> list[Column]:
    """The same where a check misses somebody: a side that nobody is named on is a gap."""
    gives, both, helps, receives = _columns(parts)
    if both.members or not (gives.members or helps.members or receives.members):
        return at_a_glance(parts)
    sides = (
        gives if gives.members else replace(gives, gap=_("Nobody is named yet who gives.")),
        helps,
        receives if receives.members else replace(receives, gap=_("No recipient is named yet.")),
    )
    return [column for column in sides if column.members or column.gap]


def _columns(parts: list[Part]) -> list[Column]:
    titles = enumerate((_("Gives"), _("Gives and receives"), _("Makes it happen"), _("Receives")))
    return [
        Column(title, tuple(_members([part for part in parts if _place(part) == place])))
        for place, title in titles
    ]


def _find_sayers(thing: str, node: str, sayers: Sayers) -> tuple[int, ...]:
    return sayers.get((thing, HAS_PARTICIPATION.value, NamedNode(node)), ())


def period(said: Statements) -> str:
    """The years of something: ``2012–2017``, ``since 2012``, or nothing."""
    start, end = (_first(said, name) for name in (_START, _END))
    if start and end:
        return start if start == end else f"{start}–{end}"
    if start:
        return _("since %(year)s", year=start)
    return _("until %(year)s", year=end) if end else ""


def _part(node: str, said: Statements, sources: Iterable[str], shower: Shower) -> Part:
    anchor = node.partition("#")[2]
    shown = {
        name: tuple(shower.show(value) for value in said.get(name, ()))
        for name in (_ROLE, _COUNTRY, _ACTOR, DESCRIPTION)
    }
    return Part(
        (anchor,),
        shown[_ROLE],
        shown[_COUNTRY],
        shown[_ACTOR],
        period(said),
        shown[DESCRIPTION],
        tuple(source for source in sources if anchor.startswith(f"{source}-")),
    )


def _merge(parts: Iterable[Part]) -> Iterator[Part]:
    """Lines that tell the same of the same become one."""
    same: defaultdict[object, list[Part]] = defaultdict(list)
    for part in parts:
        same[part.roles, part.countries, part.actors, part.period].append(part)
    for each in same.values():
        anchors, notes, sources, said_by = (
            tuple(dict.fromkeys(chain.from_iterable(values)))
            for values in zip(
                *((part.anchors, part.notes, part.sources, part.said_by) for part in each),
                strict=True,
            )
        )
        yield replace(
            each[0],
            anchors=anchors,
            notes=notes,
            sources=tuple(sorted(sources)),
            said_by=tuple(sorted(said_by)),
        )


def _find_counterparts(line: Part, lines: list[Part]) -> Counterparts | None:
    """The other side of a line; none where nobody is named there, or no side is told."""
    if _NEUTRAL & _role_iris(line):
        return None
    place = _place(line)
    word, roles = _SIDES[place]
    others = [other for other in lines if other is not line and _role_iris(other) & roles]
    own = {member.iri for member in line.members}
    members = tuple(each for each in _members(others) if each.iri not in own)
    return Counterparts(str(word), members) if members else None


def _role_iris(part: Part) -> set[str]:
    return {role.iri for role in part.roles}


def _place(part: Part) -> int:
    roles = _role_iris(part)
    gives, receives = roles & _GIVES, roles & _RECEIVES
    return 1 if gives and receives else 0 if gives else 3 if receives else 2


def _text(part: Part) -> list[tuple[str, str]]:
    return [sort_key(each) for each in (*part.roles, *part.members)]


def _members(parts: list[Part]) -> Iterator[Shown]:
    seen: set[str] = set()
    for part in parts:
        for member in part.members:
            if member.iri not in seen:
                seen.add(member.iri)
                yield member


def _first(said: Statements, name: NamedNode) -> str:
    values = [value.value for value in said.get(name, ()) if isinstance(value, Literal)]
    return min(values, default="")
