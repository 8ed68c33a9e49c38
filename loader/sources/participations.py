"""Countries and organisations of an activity into participations with roles."""

from collections.abc import Iterator, Mapping
from typing import Final

from loader.normalise import split_cell
from loader.problems import Misfit
from loader.sources.draft import Draft, short_name, thing
from loader.sources.lookup import Lookup

_PROVIDERS: Final = "provider_countries"
_RECIPIENTS: Final = "beneficiary_countries"
_ROLES: Final = {
    "facilitating_partners": "facilitating-partner",
    "lead_organisations": "lead",
    "other_actors": "participant",
}
COLUMNS: Final = (_PROVIDERS, _RECIPIENTS, *_ROLES)


def add_participations(draft: Draft, cells: Mapping[str, str], lookup: Lookup) -> None:
    """State who takes part, in which role; a country that gives and takes is a mutual partner.

    A country alone keeps both its roles, so that the rule against cooperating with oneself sees it.
    """
    givers = dict.fromkeys(_resolve(draft, cells, _PROVIDERS, "country", lookup))
    takers = dict.fromkeys(_resolve(draft, cells, _RECIPIENTS, "country", lookup))
    countries = {**givers, **takers}
    for country in countries:
        for role in _roles(country in givers, country in takers, len(countries) == 1):
            _take_part(draft, role, "ssc4c:participantCountry", "country", country)
    for column, role in _ROLES.items():
        for actor in _resolve(draft, cells, column, "actor", lookup):
            _take_part(draft, role, "ssc4c:participant", "actor", actor)


def _roles(gives: bool, takes: bool, is_alone: bool) -> tuple[str, ...]:
    """The roles of a country that gives, takes, or does both."""
    if gives and takes:
        return ("solution-provider", "recipient") if is_alone else ("mutual",)
    return ("solution-provider",) if gives else ("recipient",)


def _resolve(
    draft: Draft, cells: Mapping[str, str], column: str, kind: str, lookup: Lookup
) -> Iterator[str]:
    for value in split_cell(cells.get(column, "")):
        try:
            yield lookup.resolve((kind,), value)[1]
        except Misfit as misfit:
            draft.refuse(column, value, misfit)


def _take_part(draft: Draft, role: str, predicate: str, kind: str, key: str) -> None:
    draft.nest(
        f"{role}-{short_name(key)}",
        "ssc4c:hasParticipation",
        "ssc4c:Participation",
        {predicate: (thing(kind, key),), "ssc4c:role": (thing("role", role),)},
    )
