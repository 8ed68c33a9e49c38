"""What an address of `/transfer` asks: country, problem, age, setting, way of working."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode
from werkzeug.datastructures import MultiDict

from endpoint.choices import find_named, find_thing
from endpoint.texts import Words, _l
from kg.matching import Question
from kg.namespaces import SDG, expand, split_thing, thing_iri
from kg.reader import View
from kg.textqueries import of_kinds
from kg.textschema import STEMMED
from kg.textwords import ask_stems, stems_of

_PROBLEMS: Final = ("theme", "challenge", "need", "goal", "target", "indicator")
_AGES: Final = re.compile(r"(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?")
_LONGEST: Final = 300
_THEME: Final = NamedNode(expand("ssc4c:theme"))
_TARGET: Final = NamedNode(expand("ssc4c:contributesTo"))
_POPULATION: Final = NamedNode(expand("ssc4c:populationGroup"))
_ADDRESSED: Final = NamedNode(expand("ssc4c:addressedBy"))
_BROADER: Final = NamedNode(expand("skos:broader"))
_OWNER: Final = NamedNode(expand("ssc4c:ownerCountry"))
_TITLE: Final = NamedNode(expand("dcterms:title"))
_NARROWER: Final = 0.7
_WIDER: Final = 0.35
_GUESSED: Final = 0.7
"""How much a concept is meant that the words of the question lead to."""
_FOUND: Final = 60
"""Activities found by words that are weighed."""
_NEAR: Final = 0.7
"""Part of the best score that a concept needs to be taken as meant."""
SETTINGS: Final[Mapping[str, tuple[Words, tuple[str, ...]]]] = {
    "emergency": (
        _l("Emergency or crisis"),
        ("population/children-in-emergencies", "theme/humanitarian"),
    ),
    "rural": (_l("Rural areas"), ("population/rural-children",)),
    "moving": (
        _l("Migration or flight"),
        ("population/migrant-children", "population/refugees", "theme/migration"),
    ),
    "poverty": (_l("Poor households"), ("population/poor-families", "theme/cash-transfers")),
    "indigenous": (_l("Indigenous peoples"), ("population/indigenous",)),
    "disability": (
        _l("Living with a disability"),
        (
            "population/children-with-disabilities",
            "population/persons-with-disabilities",
            "theme/disability",
        ),
    ),
}
"""Settings that can be asked for, with the population groups and themes that tell of them."""


@dataclass(frozen=True)
class Wish:
    """What was asked, as it was understood."""

    country: str
    problem: str
    """The text as it was written."""
    thing: str
    """The theme, target, challenge or need that the text names; empty for free words."""
    age: str
    setting: str
    modality: str
    guessed: tuple[str, ...]
    """Concepts that free words led to."""
    slips: tuple[tuple[str, str], ...]
    """Parameters whose value could not be read."""
    question: Question


def read_wish(view: View, given: MultiDict[str, str]) -> Wish:
    """The wish of an address; what cannot be read is told and left out."""
    texts = {
        name: given.get(name, "").strip()[:_LONGEST]
        for name in ("country", "problem", "age", "setting", "modality")
    }
    slips = []
    country = _find(view, ("country",), texts["country"])
    ages = _read_ages(texts["age"])
    setting = SETTINGS.get(texts["setting"], (None, ()))[1]
    modality = _find(view, ("form", "instrument"), texts["modality"])
    for name, value in (
        ("country", country),
        ("age", ages),
        ("setting", setting),
        ("modality", modality),
    ):
        if texts[name] and not value:
            slips.append((name, texts[name]))
    thing = _find(view, _PROBLEMS, texts["problem"])
    if thing and not country and not texts["country"]:
        country = view.first(thing, _OWNER)
    concepts, guessed = _read_concepts(view, thing, texts["problem"])
    question = Question(
        country,
        concepts,
        _find_by_words(view, _words_of(view, thing, texts["problem"])),
        frozenset(value.value for value in view.values(thing, _ADDRESSED))
        if thing
        else frozenset(),
        ages,
        frozenset(map(_concept, setting)),
        frozenset((modality,)) if modality else frozenset(),
    )
    return Wish(
        country,
        texts["problem"],
        thing,
        texts["age"] if ages else "",
        texts["setting"] if setting else "",
        modality,
        guessed,
        tuple(slips),
        question,
    )


def _find(view: View, kinds: tuple[str, ...], text: str) -> str:
    return (find_thing(view, kinds, text) or find_named(view, kinds, text)) if text else ""


def _concept(text: str) -> str:
    kind, _, key = text.partition("/")
    return thing_iri(kind, key)


def _read_ages(text: str) -> tuple[float, float] | None:
    found = _AGES.fullmatch(text)
    if not found:
        return None
    low, high = int(found[1]), int(found[2] or found[1])
    return (float(low), float(high)) if low <= high else None


def _read_concepts(view: View, thing: str, text: str) -> tuple[dict[str, float], tuple[str, ...]]:
    """The concepts of a problem with how much each is meant, and those that were guessed."""
    if not thing:
        guessed = dict(_guess(view, text))
        return guessed, tuple(guessed)
    kind = (split_thing(thing) or ("",))[0]
    if kind == "theme":
        return dict(_widen(view, thing)), ()
    if kind == "sdg":
        return {thing: 1.0}, ()
    said = [*view.values(thing, _THEME), *view.values(thing, _TARGET)]
    return {each.value: 1.0 for each in said if not _is_goal(each.value)}, ()


def _is_goal(iri: str) -> bool:
    return iri.startswith(SDG) and iri.removeprefix(SDG).isdecimal()


def _widen(view: View, theme: str) -> Iterator[tuple[str, float]]:
    """A theme with those beneath it, and a little of the one above."""
    yield from ((each.value, _WIDER) for each in view.values(theme, _BROADER))
    yield from ((each, _NARROWER) for each in view.subjects(_BROADER, NamedNode(theme)))
    yield theme, 1.0


def _guess(view: View, text: str) -> Iterator[tuple[str, float]]:
    """Themes, targets, and what challenges are about, that free words come nearest to."""
    kinds = {"theme", "challenge", "sdg"}
    found = [
        (iri, score)
        for iri, score in _search(view, text, sorted(kinds), 6)
        if not _is_goal(iri) and not iri.startswith(SDG + "C")
    ]
    best = found[0][1] if found else 0.0
    for iri, score in reversed(found):
        if score >= _NEAR * best:
            meant = _GUESSED * score / best
            if (split_thing(iri) or ("",))[0] == "challenge":
                said = [*view.values(iri, _THEME), *view.values(iri, _TARGET)]
                yield from ((each.value, 0.8 * meant) for each in said if not _is_goal(each.value))
            else:
                yield iri, meant


def _words_of(view: View, thing: str, text: str) -> str:
    """The words to look for: those written, or the title of a challenge or need."""
    if not thing:
        return text
    kind = (split_thing(thing) or ("",))[0]
    if kind in ("challenge", "need"):
        titles = [each for each in view.values(thing, _TITLE) if isinstance(each, Literal)]
        return " ".join(each.value for each in titles)
    return ""


def _find_by_words(view: View, text: str) -> dict[str, float]:
    """Activities that words fit, the best with 1."""
    found = _search(view, text, ["adaptation", "initiative", "practice"], _FOUND)
    best = found[0][1] if found else 1.0
    return {iri: score / best for iri, score in found}


def _search(view: View, text: str, kinds: list[str], limit: int) -> list[tuple[str, float]]:
    stems = [stem for field in (*STEMMED, "plain") for stem in stems_of(text, field)]
    query = ask_stems(view.index, dict.fromkeys(stems), set())
    if query is None:
        return []
    return view.index.best(of_kinds(query, kinds), limit)
