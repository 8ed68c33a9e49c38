"""The things that a parameter of a query takes: found by what people call them, or listed."""

from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode

from endpoint.values import Shower, Shown, sort_key
from kg.namespaces import ID, SDG, expand, split_thing, thing_iri
from kg.reader import View

FEW: Final = 300
"""So many things fit into a list that people choose from."""
_NEAR: Final = 5
_LOOKED_AT: Final = 20
"""Things whose names are compared with a text."""
_LEVELS: Final = MappingProxyType(
    {
        "goal": expand("sdgo:Goal"),
        "target": expand("sdgo:Target"),
        "indicator": expand("sdgo:Indicator"),
    }
)
"""Kinds that share the addresses of the SDGs, by their class."""
_TYPE: Final = NamedNode(expand("rdf:type"))
_MATCH: Final = NamedNode(expand("skos:exactMatch"))
_NOTATION: Final = NamedNode(expand("skos:notation"))
_CODES: Final = (
    _NOTATION,
    *(NamedNode(expand(f"ssc4c:{name}")) for name in ("iso2", "m49")),
)
"""Properties whose value names a thing as well as its key does."""

Kinds = Sequence[str]


def find_thing(view: View, kinds: Kinds, text: str) -> str:
    """The IRI of the thing of one of these kinds that a text names; empty if there is none.

    It may be its IRI here or elsewhere, the end of it (``country/BRA``), its key or its code.
    """
    candidates = _by_iri(view, text) if "://" in text else _by_key(view, kinds, text)
    return next((iri for iri in candidates if is_of(view, kinds, iri)), "")


def find_named(view: View, kinds: Kinds, text: str) -> str:
    """The IRI of the one thing that is called exactly so, in any language; else empty."""
    name = text.casefold()
    found = [
        iri
        for iri in find_near(view, kinds, text, _LOOKED_AT)
        if any(each.value.casefold() == name for each in view.names(iri))
    ]
    return found[0] if len(found) == 1 else ""


def name_list(kinds: Kinds) -> str:
    """Where the things of these kinds are listed."""
    return " and ".join(dict.fromkeys(f"/{_space(kind)}/" for kind in kinds))


def shorten_iri(view: View, kinds: Kinds, iri: str) -> str:
    """The shortest text that names the thing among these kinds."""
    known = split_thing(iri)
    if not known:
        return iri
    if len(set(map(_space, kinds))) > 1:
        return "/".join(known)
    number = view.first(iri, _NOTATION) if known[0] == "sdg" else ""
    return number if number and find_thing(view, kinds, number) == iri else known[1]


def list_things(view: View, kinds: Kinds, shower: Shower) -> list[Shown]:
    """All things of these kinds by name; none where they are too many to choose from."""
    return sorted((shower.link(iri) for iri in _members(view, kinds)), key=sort_key)


def find_near(view: View, kinds: Kinds, text: str, most: int = _NEAR) -> list[str]:
    """Things of these kinds whose names or words come near the text, the nearest first."""
    words = text.rpartition("/")[2].replace("-", " ").replace("_", " ")
    found: list[str] = []
    for space in dict.fromkeys(map(_space, kinds)):
        hits = view.index.search(words, kind=space, limit=4 * most).items
        found += [hit.iri for hit in hits if is_of(view, kinds, hit.iri)][:most]
    return found[:most]


def is_of(view: View, kinds: Kinds, iri: str) -> bool:
    """Whether the graph knows a thing of this IRI and one of these kinds."""
    return is_iri(iri) and view.is_known(iri) and bool(find_kinds(view, iri).intersection(kinds))


def find_kinds(view: View, iri: str) -> set[str]:
    """The kinds of a thing, as parameters name them; none for what is no thing of ours."""
    known = split_thing(iri)
    if not known:
        return set()
    if known[0] != "sdg":
        return {known[0]}
    classes = {value.value for value in view.values(iri, _TYPE)}
    return {kind for kind, cls in _LEVELS.items() if cls in classes}


def is_iri(text: str) -> bool:
    """Whether the text can be an IRI at all."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _space(kind: str) -> str:
    """The kind by which its addresses go."""
    return "sdg" if kind in _LEVELS else kind


def _by_iri(view: View, text: str) -> Iterator[str]:
    yield text
    if is_iri(text):
        yield from view.subjects(_MATCH, NamedNode(text))


def _by_key(view: View, kinds: Kinds, text: str) -> Iterator[str]:
    path = text.removeprefix("/").removeprefix("id/")
    if "/" in path:
        yield SDG + path.removeprefix("sdg/") if path.startswith("sdg/") else ID + path
    for key in dict.fromkeys((text, text.upper(), text.lower())):
        for kind in kinds:
            yield thing_iri(_space(kind), key)
    for code in _CODES:
        yield from view.subjects(code, Literal(text.upper()))


def _members(view: View, kinds: Kinds) -> list[str]:
    """The things of these kinds; none where there are too many."""
    if sum(view.kinds().get(_space(kind), 0) for kind in kinds if kind not in _LEVELS) > FEW:
        return []
    found = [iri for kind in kinds for iri in _of_kind(view, kind)]
    return found if len(found) <= FEW else []


def _of_kind(view: View, kind: str) -> Iterable[str]:
    if kind in _LEVELS:
        return view.subjects(_TYPE, NamedNode(_LEVELS[kind]))
    return [hit.iri for hit in view.index.search(kind=kind, limit=FEW, order="title").items]
