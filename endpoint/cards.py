"""A thing as one line of a list: its name, and who did it for whom, or what else tells most."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from endpoint.facts import DEFINITION, DESCRIPTION
from endpoint.kinds import name_one
from endpoint.languages import best_of
from endpoint.participations import period
from endpoint.values import Shower, Shown, sort_key
from kg.namespaces import expand, split_thing
from kg.reader import Statements, View

_PROVIDER: Final = NamedNode(expand("ssc4c:providerCountry"))
_RECIPIENT: Final = NamedNode(expand("ssc4c:recipientCountry"))
GRADE: Final = NamedNode(expand("ssc4c:currentGrade"))
_SHORT: Final = 180


@dataclass(frozen=True)
class Card:
    """What a list shows of a thing."""

    name: Shown
    kind: str
    kind_name: str
    period: str
    givers: tuple[Shown, ...]
    receivers: tuple[Shown, ...]
    places: tuple[Shown, ...]
    """Countries it names, where it has no givers and receivers."""
    grade: Shown | None
    summary: str
    summary_language: str = ""
    """Where it is not that of the page."""
    roles: tuple[str, ...] = ()
    """In which way it points to the thing whose page lists it."""


def make_cards(view: View, iris: Iterable[str], shower: Shower) -> list[Card]:
    """The cards of things, in the order given."""
    return [_card(iri, view.describe(iri), shower) for iri in iris]


def _card(iri: str, said: Statements, shower: Shower) -> Card:
    kind = (split_thing(iri) or ("def",))[0]
    givers, receivers = (_links(said, name, shower) for name in (_PROVIDER, _RECIPIENT))
    return Card(
        shower.link(iri),
        kind,
        name_one(kind, shower),
        period(said),
        givers,
        receivers,
        () if givers or receivers else places(said, shower),
        next(iter(_links(said, GRADE, shower)), None),
        summary(said, shower.language),
        _language(said, shower.language),
    )


def summary(said: Statements, language: str) -> str:
    """The beginning of the description or definition in the language, or in another one."""
    text = _told(said, language)
    if text is None or len(text.value) <= _SHORT:
        return text.value if text else ""
    return text.value[:_SHORT].rpartition(" ")[0] + " …"


def _told(said: Statements, language: str) -> Literal | None:
    texts = said.get(DESCRIPTION, ()) or said.get(DEFINITION, ())
    return best_of([each for each in texts if isinstance(each, Literal)], language)


def _language(said: Statements, language: str) -> str:
    """The language of the summary, if it is another than that of the page."""
    text = _told(said, language)
    tag = (text.language if text else None) or ""
    return "" if tag.partition("-")[0] == language else tag


def _links(said: Statements, name: NamedNode, shower: Shower) -> tuple[Shown, ...]:
    found = (shower.show(value) for value in said.get(name, ()))
    return tuple(sorted(found, key=sort_key))


def places(said: Statements, shower: Shower) -> tuple[Shown, ...]:
    """The countries that a thing names itself."""
    countries = {
        value.value
        for values in said.values()
        for value in values
        if (split_thing(value.value) or ("",))[0] == "country" and "#" not in value.value
    }
    return tuple(sorted(map(shower.link, countries), key=sort_key))
