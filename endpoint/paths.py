"""How a practice travelled, told in words: who began it, what carried it, where it was set up."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from endpoint.pages import Desk
from endpoint.participations import period
from endpoint.texts import _
from endpoint.values import Shown
from endpoint.wording import Sentence, fill
from kg.matching import Answer, Fit, Question
from kg.namespaces import expand, split_thing, thing_iri
from kg.traits import measure_likeness, read_context

_START: Final = NamedNode(expand("ssc4c:startYear"))
_FACILITATOR: Final = NamedNode(expand("ssc4c:facilitatingPartner"))
_GROUPS: Final = tuple(thing_iri("country-group", key) for key in ("ldc", "lldc", "sids"))
_TOLD: Final = 5
_STEPS: Final = 3
_CLOSE: Final = 0.35
"""How alike two countries must be for the likeness to be told."""


@dataclass(frozen=True)
class Step:
    """One step of the path: a sentence, and what sort of step it is."""

    kind: str
    """``origin``, ``carrier``, ``adaptation``, ``alone`` or ``likeness``."""
    sentence: Sentence


def tell_path(desk: Desk, question: Question, answer: Answer) -> list[Step]:
    """The path of a line as sentences, each name a link."""
    steps = list(_tell(desk, question, answer))
    likeness = _tell_likeness(desk, question, answer)
    return [*steps, Step("likeness", likeness)] if likeness else steps


def _tell(desk: Desk, question: Question, answer: Answer) -> Iterator[Step]:
    head = answer.head
    is_practice = _kind(head.traits.iri) == "practice"
    yield Step("origin", _begin(desk, head)) if is_practice else Step("alone", _alone(desk, head))
    members = [each for each in answer.members if each.traits.iri != head.traits.iri]
    for each in members[:_STEPS]:
        is_set_up = _kind(each.traits.iri) == "adaptation"
        tell = _set_up if is_set_up else _carry
        yield Step("adaptation" if is_set_up else "carrier", tell(desk, question, each))
    if len(members) > _STEPS:
        more = Shown(str(len(members) - _STEPS), desk.addresses.of(head.traits.iri) + "#others")
        yield Step("more", fill(_("… and %(number)s more"), number=more))


def _begin(desk: Desk, fit: Fit) -> Sentence:
    thing, year = desk.shower.link(fit.traits.iri), desk.view.first(fit.traits.iri, _START)
    origins = _countries(desk, fit.traits.origins)
    if origins and year:
        return fill(
            _("%(countries)s began %(thing)s in %(year)s"),
            countries=origins,
            thing=thing,
            year=year,
        )
    if origins:
        return fill(_("%(countries)s began %(thing)s"), countries=origins, thing=thing)
    return fill(_("It began as %(thing)s"), thing=thing)


def _carry(desk: Desk, question: Question, fit: Fit) -> Sentence:
    names = _names(desk, question, fit)
    if names["places"] and names["helpers"]:
        return fill(_("carried by %(thing)s with %(helpers)s to %(places)s"), **names)
    if names["places"]:
        return fill(_("carried by %(thing)s to %(places)s"), **names)
    return fill(_("carried by %(thing)s"), **names)


def _set_up(desk: Desk, question: Question, fit: Fit) -> Sentence:
    names = _names(desk, question, fit)
    if names["places"]:
        return fill(_("set up in %(places)s as %(thing)s"), **names)
    return fill(_("set up as %(thing)s"), **names)


def _alone(desk: Desk, fit: Fit) -> Sentence:
    names = _names(desk, Question(), fit)
    givers = _countries(desk, fit.traits.origins)
    receivers = _countries(desk, fit.traits.places - fit.traits.origins)
    names |= {"givers": givers, "places": receivers}
    if givers and receivers:
        return fill(_("%(givers)s worked with %(places)s in %(thing)s"), **names)
    if givers:
        return (
            fill(_("%(givers)s worked together in %(thing)s"), **names)
            if len(givers) > 1
            else fill(_("%(givers)s offers %(thing)s"), **names)
        )
    if receivers:
        return fill(_("%(places)s took part in %(thing)s"), **names)
    return fill(_("There is %(thing)s"), **names)


def _names(desk: Desk, question: Question, fit: Fit) -> dict[str, str | Shown | Sequence[Shown]]:
    said = desk.view.describe(fit.traits.iri)
    thing = desk.shower.link(fit.traits.iri)
    years = period(said)
    helpers = [desk.shower.show(each) for each in said.get(_FACILITATOR, ())][:3]
    places = _countries(desk, fit.traits.places - fit.traits.origins, question.country, fit.nearest)
    named = Shown(
        f"{thing.text} ({years})" if years else thing.text, thing.address, thing.language, thing.iri
    )
    return {"thing": named, "helpers": helpers, "places": places}


def _countries(desk: Desk, iris: Iterable[str], *first: str) -> list[Shown]:
    """Countries by name, these before others; past a few a number stands for the rest."""
    links = [desk.shower.link(iri) for iri in iris]
    links.sort(
        key=lambda each: (
            each.iri not in first,
            each.iri != first[0] if first else False,
            each.text,
        )
    )
    if len(links) <= _TOLD:
        return links
    return [
        *links[: _TOLD - 1],
        Shown(_("%(number)s more countries", number=len(links) - _TOLD + 1)),
    ]


def _tell_likeness(desk: Desk, question: Question, answer: Answer) -> Sentence:
    """Why the place is like the asker's: it is the same, or what both are."""
    mine = question.country
    nearest = max((answer.head, *answer.members), key=lambda each: each.place)
    theirs = nearest.nearest
    if not mine or not theirs:
        return ()
    if mine == theirs:
        return fill(_("%(country)s itself took part."), country=desk.shower.link(mine))
    if measure_likeness(desk.view, mine, theirs) < _CLOSE:
        return ()
    shared = read_context(desk.view, mine).shared(read_context(desk.view, theirs))
    region = next((each for each in shared if _kind(each) == "region"), "")
    groups = [each for each in _GROUPS if each in shared]
    names = {"there": desk.shower.link(theirs), "here": desk.shower.link(mine)}
    if region and groups:
        return fill(
            _("%(there)s, like %(here)s, lies in %(region)s and belongs to: %(groups)s."),
            region=desk.shower.link(region),
            groups=[desk.shower.link(each) for each in groups],
            **names,
        )
    if region:
        return fill(
            _("%(there)s, like %(here)s, lies in %(region)s."),
            region=desk.shower.link(region),
            **names,
        )
    if groups:
        return fill(
            _("%(there)s, like %(here)s, belongs to: %(groups)s."),
            groups=[desk.shower.link(each) for each in groups],
            **names,
        )
    return ()


def _kind(iri: str) -> str:
    return (split_thing(iri) or ("",))[0]
