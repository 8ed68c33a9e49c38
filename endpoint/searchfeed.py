"""A search as a feed: what was taken in last and fits, as Atom 1.0 (RFC 4287)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final
from xml.etree import ElementTree as Xml

from pyoxigraph import Literal, NamedNode

from endpoint.cards import make_cards
from endpoint.pages import Desk
from endpoint.searchaddress import Asked
from endpoint.texts import _
from kg.namespaces import PREFIXES, expand
from kg.reader import View
from kg.records import meta_graph

MEDIA_TYPE: Final = "application/atom+xml; charset=utf-8"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_ENTRIES: Final = 50
_BATCH: Final = 500
_FEW: Final = 200
_DEEPEST: Final = 5_000
"""Entries of the journal that are looked at, from the last one back."""
_SEQUENCE: Final = NamedNode(expand("ssc4c:sequence"))
_DESCRIBES: Final = NamedNode(expand("ssc4c:describes"))
_TIME: Final = NamedNode(expand("prov:generatedAtTime"))
_INTEGER: Final = NamedNode(PREFIXES["xsd"] + "integer")
_UNWRITABLE: Final = dict.fromkeys(
    [*(each for each in range(32) if each not in (9, 10, 13)), 0xFFFE, 0xFFFF]
) | dict.fromkeys(range(0xD800, 0xE000))
"""Characters that XML 1.0 has no way to write."""


@dataclass(frozen=True)
class Taken:
    """A thing and when what is said of it was last taken in."""

    iri: str
    time: str


def write_feed(desk: Desk, asked: Asked, root: str, title: str) -> bytes:
    """The feed of a search; `root` is the address of this server."""
    taken = list(islice(read_newest(desk.view, asked), _ENTRIES))
    feed = Xml.Element("feed", {"xmlns": _ATOM, "xml:lang": desk.language})
    own = root + asked.address(desk.addresses, ".atom")
    _put(feed, "id", own)
    _put(feed, "title", title)
    newest = max((each.time for each in taken), default=str(desk.view.manifest.get("created", "")))
    _put(feed, "updated", newest)
    _link(feed, "self", own, MEDIA_TYPE.partition(";")[0])
    _link(feed, "alternate", root + asked.address(desk.addresses), "text/html")
    _put(Xml.SubElement(feed, "author"), "name", "SSC4C Graph")
    _put(feed, "rights", _("Data: CC BY 4.0."))
    cards = make_cards(desk.view, [each.iri for each in taken], desk.shower)
    for each, card in zip(taken, cards, strict=True):
        entry = Xml.SubElement(feed, "entry")
        _put(entry, "id", each.iri)
        _put(entry, "title", card.name.text)
        _put(entry, "updated", each.time)
        address = card.name.address
        _link(entry, "alternate", root + address if address.startswith("/") else address)
        Xml.SubElement(entry, "category", {"term": card.kind, "label": _clean(card.kind_name)})
        _put(entry, "summary", card.summary or card.name.text)
    return bytes(Xml.tostring(feed, encoding="utf-8", xml_declaration=True))


def read_newest(view: View, asked: Asked) -> Iterator[Taken]:
    """What fits, the last taken in first, a thing once.

    Few things are looked up one by one; of many, those among the last entries of the journal.
    """
    hits = view.index.find(asked.wanted(), _FEW)
    if hits.total <= _FEW:
        told = chain.from_iterable(_taken_of(view, hit.iri) for hit in hits.items)
        yield from _once(sorted(told, key=lambda each: (each.time, each.iri), reverse=True))
        return
    entries = islice(_once(_taken_in(view)), _DEEPEST)
    while batch := list(islice(entries, _BATCH)):
        among = asked.wanted(among=tuple(each.iri for each in batch))
        fitting = {hit.iri for hit in view.index.find(among, _BATCH).items}
        yield from (each for each in batch if each.iri in fitting)


def _once(taken: Iterable[Taken]) -> Iterator[Taken]:
    seen: set[str] = set()
    for each in taken:
        if each.iri not in seen:
            seen.add(each.iri)
            yield each


def _taken_of(view: View, iri: str) -> Iterator[Taken]:
    """When the records of a thing were taken in."""
    for record in view.thing(iri).records:
        yield from (Taken(iri, time) for time in _values(view, NamedNode(record), _TIME))


def _taken_in(view: View) -> Iterator[Taken]:
    """The records of the snapshot from its last entry of the journal back."""
    for number in range(int(view.manifest.get("sequence", 0)), 0, -1):
        value = Literal(str(number), datatype=_INTEGER)
        for quad in view.store.quads_for_pattern(None, _SEQUENCE, value, None):
            if isinstance(quad.subject, NamedNode):
                times = _values(view, quad.subject, _TIME)
                for iri in _values(view, quad.subject, _DESCRIBES):
                    yield Taken(iri, max(times, default=""))


def _values(view: View, record: NamedNode, predicate: NamedNode) -> list[str]:
    """What the graph about a record says of it."""
    graph = NamedNode(meta_graph(record.value))
    quads = view.store.quads_for_pattern(record, predicate, None, graph)
    return [quad.object.value for quad in quads if isinstance(quad.object, NamedNode | Literal)]


def _put(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = _clean(text)


def _link(parent: Xml.Element, relation: str, address: str, kind: str = "text/html") -> None:
    Xml.SubElement(parent, "link", {"rel": relation, "href": _clean(address), "type": kind})


def _clean(text: str) -> str:
    return text.translate(_UNWRITABLE)
