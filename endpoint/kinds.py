"""What the kinds of things are called on pages."""

from typing import Final

from endpoint.texts import Words, _l
from endpoint.values import Shower
from kg.namespaces import thing_iri

ONE: Final[dict[str, Words]] = {
    "practice": _l("Practice"),
    "initiative": _l("Initiative"),
    "adaptation": _l("Adaptation"),
    "actor": _l("Organisation"),
    "person": _l("Person"),
    "country": _l("Country"),
    "region": _l("Region"),
    "country-group": _l("Country group"),
    "sdg": _l("Goal, target or indicator"),
    "crc": _l("Article of the Convention on the Rights of the Child"),
    "publication": _l("Publication"),
    "challenge": _l("Challenge"),
    "idea": _l("Idea"),
    "need": _l("Need"),
    "offer": _l("Offer"),
    "event": _l("Event"),
    "community": _l("Community"),
    "iati": _l("IATI code"),
    "scheme": _l("Concept scheme"),
    "source": _l("Data source"),
    "def": _l("Term"),
    "queries": _l("Ready query"),
}
MANY: Final[dict[str, Words]] = {
    "practice": _l("Practices"),
    "initiative": _l("Initiatives"),
    "adaptation": _l("Adaptations"),
    "actor": _l("Organisations"),
    "person": _l("People"),
    "country": _l("Countries"),
    "region": _l("Regions"),
    "country-group": _l("Country groups"),
    "sdg": _l("Goals, targets and indicators"),
    "crc": _l("Articles of the Convention on the Rights of the Child"),
    "publication": _l("Publications"),
    "challenge": _l("Challenges"),
    "idea": _l("Ideas"),
    "need": _l("Needs"),
    "offer": _l("Offers"),
    "event": _l("Events"),
    "community": _l("Communities"),
    "iati": _l("IATI codes"),
    "scheme": _l("Concept schemes"),
    "source": _l("Data sources"),
    "def": _l("Terms of the ontology"),
    "queries": _l("Ready queries"),
    "theme": _l("Themes"),
    "instrument": _l("Instruments"),
    "population": _l("Groups of people"),
}
"""Concepts of other schemes go by the name of their scheme."""
ORDER: Final = tuple(MANY)
"""The order in which kinds are listed; those of other concepts follow."""


def name_one(kind: str, shower: Shower) -> str:
    """What one thing of the kind is called; a concept by the name of its scheme."""
    return str(ONE[kind]) if kind in ONE else _scheme_name(kind, shower)


def name_many(kind: str, shower: Shower) -> str:
    """What many things of the kind are called."""
    return str(MANY[kind]) if kind in MANY else _scheme_name(kind, shower)


def rank(kind: str) -> tuple[int, str]:
    """Sorts kinds the way they are listed."""
    return (ORDER.index(kind) if kind in ORDER else len(ORDER), kind)


def _scheme_name(kind: str, shower: Shower) -> str:
    iri = thing_iri("scheme", kind)
    has_name = bool(shower.names(iri))
    return shower.name(iri) if has_name else kind.replace("-", " ").capitalize()
