"""What machines outside are told of a thing's page: schema.org, and how it looks when shared.

schema.org knows no practice and no initiative of cooperation; both are projects to it, an
`additionalType` names the class of ours. What the page itself rests on stands at the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from endpoint.cards import places, summary
from endpoint.citations import AUTHOR, LICENSE, TITLE
from endpoint.facts import DEFINITION, DESCRIPTION, TYPE
from endpoint.kinds import name_many
from endpoint.languages import LANGUAGES
from endpoint.pages import Desk
from endpoint.provenance import RecordNote
from endpoint.services import services
from endpoint.values import Shown, make_plain
from kg.namespaces import DEF, expand, split_thing
from kg.reader import Term, Thing

_TYPES: Final = MappingProxyType(
    {
        "practice": "Project",
        "initiative": "Project",
        "adaptation": "Project",
        "actor": "Organization",
        "community": "Organization",
        "country-group": "Place",
        "country": "Country",
        "region": "Place",
        "event": "Event",
        "need": "Demand",
        "offer": "Offer",
        "person": "Person",
        "publication": "CreativeWork",
        "crc": "Legislation",
        "challenge": "Thing",
        "idea": "Thing",
        "match": "Thing",
        "source": "Dataset",
        "scheme": "DefinedTermSet",
    }
)
"""By kind; all others are defined terms."""
_MOST: Final = 50
_SUMMARY: Final = 300
_FIELDS: Final = MappingProxyType(
    {
        "Project": {
            "foundingDate": "ssc4c:startYear",
            "dissolutionDate": "ssc4c:endYear",
            "areaServed": "ssc4c:recipientCountry",
            "funder": "ssc4c:fundingActor",
            "member": "ssc4c:involvesActor",
            "keywords": "ssc4c:theme",
        },
        "Event": {
            "startDate": "ssc4c:startDate",
            "endDate": "ssc4c:endDate",
            "location": "ssc4c:inCountry",
            "organizer": "ssc4c:organiser",
            "about": "ssc4c:theme",
        },
        "Organization": {"foundingDate": "ssc4c:startYear", "location": "ssc4c:seatCountry"},
        "Person": {"affiliation": "ssc4c:affiliation"},
        "CreativeWork": {
            "datePublished": "dcterms:issued",
            "inLanguage": "dcterms:language",
            "publisher": "dcterms:publisher",
            "about": "ssc4c:about",
        },
        "DefinedTerm": {"termCode": "skos:notation", "inDefinedTermSet": "skos:inScheme"},
    }
)
"""For each type: what schema.org calls a property of ours."""
_NAMED: Final = MappingProxyType(
    {
        "country": "Country",
        "actor": "Organization",
        "person": "Person",
        "region": "Place",
        "scheme": "DefinedTermSet",
    }
)
_SOURCE: Final = NamedNode(expand("dcterms:source"))
_SAME: Final = NamedNode(expand("skos:exactMatch"))
_START: Final = ("ssc4c:startYear", "ssc4c:startDate")
_END: Final = ("ssc4c:endYear", "ssc4c:endDate")


@dataclass(frozen=True)
class Share:
    """What a page says of itself in its head."""

    title: str
    description: str
    address: str
    """The page without a language, on this server."""
    tongues: tuple[tuple[str, str], ...]
    """Language and address of the page in it."""
    data: dict[str, Any]
    """schema.org as JSON-LD."""


def share_thing(desk: Desk, thing: Thing, kind: str, notes: Sequence[RecordNote]) -> Share:
    """The head of a thing's page."""
    base = services().settings.public_url
    own = desk.addresses.of(thing.iri).partition("?")[0]
    address = base + own if own.startswith("/") else thing.iri
    title = make_plain(desk.shower.known_name(thing.iri) or desk.shower.name(thing.iri))
    description = make_plain(summary(thing.said, desk.language), _SUMMARY)
    graph = [
        _page(desk, thing, kind, notes, address, title, description),
        _thing(desk, thing, kind, title),
    ]
    return Share(
        title,
        description,
        address,
        tuple((language, f"{address}?lang={language}") for language in LANGUAGES),
        {"@context": "https://schema.org", "@graph": [_without_empty(node) for node in graph]},
    )


def _page(
    desk: Desk,
    thing: Thing,
    kind: str,
    notes: Sequence[RecordNote],
    address: str,
    title: str,
    description: str,
) -> dict[str, Any]:
    base = services().settings.public_url
    sources = [desk.shower.show(value) for value in thing.said.get(_SOURCE, ())]
    return {
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": title,
        "description": description,
        "inLanguage": desk.language,
        "dateModified": max((note.moment for note in notes), default=""),
        "license": LICENSE,
        "publisher": {"@type": "Organization", "name": AUTHOR, "url": base + "/"},
        "isPartOf": {"@type": "Dataset", "name": TITLE, "url": base + "/", "license": LICENSE},
        "mainEntity": {"@id": thing.iri},
        "spatialCoverage": [_node(place) for place in places(thing.all, desk.shower)[:_MOST]],
        "temporalCoverage": _interval(thing),
        "citation": [_work(source) for source in sources[:_MOST]],
        "isBasedOn": [source.outside for source in sources[:_MOST] if source.outside],
        "breadcrumb": _crumbs(desk, kind, title, address),
    }


def _thing(desk: Desk, thing: Thing, kind: str, title: str) -> dict[str, Any]:
    name = _TYPES.get(kind, "DefinedTerm")
    classes = [value.value for value in thing.said.get(TYPE, ())]
    found: dict[str, Any] = {
        "@type": name,
        "@id": thing.iri,
        "identifier": thing.iri,
        "name": title,
        "alternateName": _other_names(desk, thing.iri, title),
        "description": _texts(thing),
        "additionalType": [each for each in classes if each.startswith(DEF)],
        "sameAs": [value.value for value in thing.said.get(_SAME, ()) if _is_link(value)],
    }
    for key, ours in _FIELDS.get(name, {}).items():
        values = thing.all.get(NamedNode(expand(ours)), ())[:_MOST]
        found[key] = [_value(desk, key, value) for value in values]
    return found


def _other_names(desk: Desk, iri: str, title: str) -> list[dict[str, str]]:
    names = (name for name in desk.view.names(iri) if make_plain(name.value) != title)
    return [_text(name) for name in names]


def _texts(thing: Thing) -> list[dict[str, str]]:
    for predicate in (DESCRIPTION, DEFINITION):
        values = [value for value in thing.said.get(predicate, ()) if isinstance(value, Literal)]
        if values:
            return [_text(value) for value in values]
    return []


def _text(value: Literal) -> dict[str, str]:
    language = {"@language": value.language} if value.language else {}
    return {"@value": value.value, **language}


def _value(desk: Desk, key: str, value: Term) -> object:
    """A date or word as it is written, another thing by name and address."""
    if isinstance(value, Literal):
        return value.value
    shown = desk.shower.link(value.value)
    return shown.text if key == "keywords" else _node(shown)


def _node(shown: Shown) -> dict[str, str]:
    kind = (split_thing(shown.iri) or ("",))[0]
    name = _NAMED.get(kind, "DefinedTerm" if kind not in _TYPES else "Thing")
    return {"@type": name, "@id": shown.iri, "name": make_plain(shown.text)}


def _work(shown: Shown) -> dict[str, str]:
    work = {"@type": "CreativeWork", "@id": shown.iri, "name": make_plain(shown.text)}
    return work | ({"url": shown.outside} if shown.outside else {})


def _interval(thing: Thing) -> str:
    """The time that it covers as ISO 8601 has it, ``2012/2016``; open where one end is missing."""
    start, end = (_first(thing, names) for names in (_START, _END))
    return f"{start or '..'}/{end or '..'}" if start or end else ""


def _first(thing: Thing, names: Iterable[str]) -> str:
    values = (thing.said.get(NamedNode(expand(name)), ()) for name in names)
    return next((found[0].value for found in values if found), "")


def _crumbs(desk: Desk, kind: str, title: str, address: str) -> dict[str, Any]:
    base = services().settings.public_url
    steps = (
        ("SSC4C Graph", base + "/"),
        (name_many(kind, desk.shower), f"{base}/{kind}/"),
        (title, address),
    )
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": step}
            for number, (name, step) in enumerate(steps, start=1)
        ],
    }


def _is_link(value: Term) -> bool:
    return isinstance(value, NamedNode) and value.value.startswith(("http://", "https://"))


def _without_empty(node: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known; a list of one as the one."""
    kept = {name: value for name, value in node.items() if value not in ("", [], None)}
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in kept.items()
    }
