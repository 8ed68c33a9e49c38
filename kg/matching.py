"""Transfer: who solved something like this in a country like mine, and what travelled?

Candidates come from the index; each is weighed by how it fits the question, and the line it
belongs to by where it went. `docs/transfer.md` tells the weights and argues for them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import log1p
from types import MappingProxyType
from typing import Final

import tantivy
from pyoxigraph import NamedNode

from kg.lines import ADAPTS, CARRIES
from kg.namespaces import expand, split_thing, thing_iri
from kg.reader import View
from kg.similarity import having, of_activities
from kg.textindex import link
from kg.texttraits import FIELDS
from kg.traits import Traits, list_countries, measure_likeness, read_traits

WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {"fit": 0.35, "place": 0.40, "travel": 0.20, "grade": 0.05}
)
"""What a line is worth: its fit, and shares of it for where it went, how far, how well proven."""
_ASPECTS: Final = MappingProxyType({"problem": 3.0, "age": 1.0, "setting": 1.0, "modality": 0.5})
_CANDIDATES: Final = 120
_MEMBERS: Final = 20
"""Carriers and adaptations that are read of each line."""
_UNKNOWN: Final = 0.4
"""How well a thing fits an age or a setting of which it tells nothing: missing is not no."""
_FAR: Final = 12
"""Countries after which it matters little whether there is one more."""
_ORIGIN: Final = 0.8
"""What it counts that a country gave, beside one that took."""
_LEAST: Final = 0.4
"""Part of the best fit that an answer needs, wherever it went."""
_LIKE: Final = 0.25
"""How alike a country must be for its things to be looked for."""
_GOAL: Final = expand("ssc4c:goal")
_GRADE: Final = NamedNode(expand("ssc4c:currentGrade"))
_GRADES: Final = {
    thing_iri("practice-grade", key): worth
    for key, worth in (("proven", 1.0), ("good", 0.9), ("promising", 0.6), ("innovation", 0.4))
}
_MIN: Final = NamedNode(expand("ssc4c:minAge"))
_MAX: Final = NamedNode(expand("ssc4c:maxAge"))
_THERE: Final = (expand("ssc4c:recipientCountry"), expand("ssc4c:inCountry"))


@dataclass(frozen=True)
class Question:
    """What somebody looks for, in terms of the graph."""

    country: str = ""
    concepts: Mapping[str, float] = field(default_factory=dict)
    """Themes, targets and goals with how much each is meant, from 0 to 1."""
    words: Mapping[str, float] = field(default_factory=dict)
    """Activities that the words of the question fit, from 0 to 1."""
    named: frozenset[str] = frozenset()
    """Activities that are said to address the problem."""
    ages: tuple[float, float] | None = None
    setting: frozenset[str] = frozenset()
    """Population groups and themes that stand for the setting."""
    modality: frozenset[str] = frozenset()
    """Forms and instruments that are wanted."""


@dataclass(frozen=True)
class Fit:
    """How one activity fits the question."""

    traits: Traits
    aspects: Mapping[str, float]
    """How well it fits each aspect that was asked for, from 0 to 1."""
    matched: tuple[str, ...]
    """Concepts of the question that it has."""
    place: float
    """How like the asker's country the likest country is that it went to or came from."""
    nearest: str
    """That country."""

    @property
    def fit(self) -> float:
        """All aspects together."""
        weight = sum(_ASPECTS[name] for name in self.aspects)
        return sum(_ASPECTS[name] * value for name, value in self.aspects.items()) / weight


@dataclass(frozen=True)
class Answer:
    """One line: what began it, what carried it, where it went."""

    head: Fit
    members: tuple[Fit, ...]
    """What carries or adapts it, the one nearest to the question first."""
    countries: tuple[str, ...]
    """Where it went, the likest first."""
    parts: Mapping[str, float]
    """How it does by fit, place, travel and grade, each from 0 to 1."""
    score: float

    @property
    def best(self) -> Fit:
        """What of the line is nearest to the question."""
        return self.members[0] if self.members else self.head


def find_answers(
    view: View, question: Question, limit: int = 10, weights: Mapping[str, float] = WEIGHTS
) -> list[Answer]:
    """The lines that answer a question best."""
    found = [_weigh(view, question, iri) for iri in _candidates(view, question)]
    lines: defaultdict[str, dict[str, Fit]] = defaultdict(dict)
    for each in found:
        if each.aspects["problem"] > 0:
            lines[_head_of(view, each)][each.traits.iri] = each
    answers = [_answer(view, question, head, fits, weights) for head, fits in lines.items()]
    best = max((each.parts["fit"] for each in answers), default=0.0)
    fitting = [each for each in answers if each.parts["fit"] >= _LEAST * best]
    return sorted(fitting, key=lambda each: (-each.score, each.head.traits.iri))[:limit]


def _weigh(view: View, question: Question, iri: str) -> Fit:
    traits = read_traits(view, iri)
    having = traits.concepts["theme"] | traits.concepts["target"] | _goals(view, iri)
    matched = [each for each in question.concepts if each in having]
    aspects = {"problem": _fit_problem(question, traits, matched)}
    if question.ages:
        aspects["age"] = _fit_ages(view, question.ages, traits.concepts["population"])
    if question.setting:
        told = traits.concepts["population"] | traits.concepts["theme"]
        aspects["setting"] = 1.0 if told & question.setting else _UNKNOWN / 2
    if question.modality:
        used = traits.concepts["form"] | traits.concepts["instrument"]
        aspects["modality"] = 1.0 if used & question.modality else 0.0
    place, nearest = _place(view, question.country, traits)
    matched.sort(key=lambda each: (-question.concepts[each], each))
    return Fit(traits, aspects, tuple(matched), place, nearest)


def _goals(view: View, iri: str) -> frozenset[str]:
    return frozenset(value.value for value in view.values(iri, NamedNode(_GOAL)))


def _fit_problem(question: Question, traits: Traits, matched: Iterable[str]) -> float:
    """One minus the chance that no sign holds; a thing of many themes is less about each."""
    missed = 1.0 - 0.7 * question.words.get(traits.iri, 0.0)
    if traits.iri in question.named:
        missed *= 0.4
    for concept in matched:
        is_theme = (split_thing(concept) or ("",))[0] == "theme"
        among = len(traits.concepts["theme" if is_theme else "target"]) or 1
        missed *= 1.0 - question.concepts[concept] * (0.45 + 0.35 / among)
    return 1.0 - missed


def _fit_ages(view: View, asked: tuple[float, float], groups: Iterable[str]) -> float:
    """The best overlap of the ages asked for with those of a population group."""
    best = -1.0
    for group in groups:
        least, most = (view.first(group, name) for name in (_MIN, _MAX))
        if least and most:
            low, high = float(least), float(most)
            both = min(high, asked[1]) - max(low, asked[0]) + 1
            all_ages = max(high, asked[1]) - min(low, asked[0]) + 1
            best = max(best, both / all_ages if both > 0 else 0.0)
    return _UNKNOWN if best < 0 else min(1.0, 0.3 + best) if best else 0.0


def _place(view: View, country: str, traits: Traits) -> tuple[float, str]:
    if not country:
        return 0.5, ""
    told = {each: _ORIGIN * measure_likeness(view, country, each) for each in traits.origins}
    told |= {each: measure_likeness(view, country, each) for each in traits.places}
    nearest = min(told, key=lambda each: (-told[each], each), default="")
    return told.get(nearest, 0.0), nearest


def _head_of(view: View, fit: Fit) -> str:
    """The practice that the activity passes on, the one that fits best if there are several."""
    practices = sorted(each for each in fit.traits.sources if _kind(each) == "practice")
    if not practices:
        return fit.traits.iri
    shared = {
        each: len(read_traits(view, each).concepts["theme"].intersection(fit.matched))
        for each in practices
    }
    return min(practices, key=lambda each: (-shared[each], each))


def _kind(iri: str) -> str:
    return (split_thing(iri) or ("",))[0]


def _answer(
    view: View,
    question: Question,
    head: str,
    fits: Mapping[str, Fit],
    weights: Mapping[str, float],
) -> Answer:
    known = dict(fits)
    for iri in (head, *_passing_on(view, head)):
        if iri not in known:
            known[iri] = _weigh(view, question, iri)
    top = known.pop(head)
    others = (_arrive(view, question, each) for each in known.values())
    members = sorted(others, key=lambda each: _nearness(view, each), reverse=True)
    reached = _reached(view, question.country, top, members)
    parts = {
        "fit": max(top.fit, *(0.95 * each.fit for each in members)) if members else top.fit,
        "place": max(each.place for each in (top, *members)),
        "travel": min(1.0, log1p(len(reached)) / log1p(_FAR)),
        "grade": max(_worth(view, each.traits.iri) for each in (top, *members[:3])),
    }
    shares = sum(weights[name] * parts[name] for name in ("place", "travel", "grade"))
    score = parts["fit"] * (weights["fit"] + shares)
    return Answer(top, tuple(members), tuple(reached), parts, score)


def _arrive(view: View, question: Question, fit: Fit) -> Fit:
    """The same with only countries where it arrived: who passes a thing on does not have it yet."""
    if not question.country:
        return fit
    told = {each: measure_likeness(view, question.country, each) for each in fit.traits.arrived}
    nearest = min(told, key=lambda each: (-told[each], each), default="")
    return replace(fit, place=told.get(nearest, 0.0), nearest=nearest)


def _nearness(view: View, fit: Fit) -> tuple[float, str]:
    proven = 1.0 + 0.3 * _worth(view, fit.traits.iri)
    return fit.fit * (0.2 + fit.place) * proven, fit.traits.iri


def _passing_on(view: View, head: str) -> Iterator[str]:
    """What carries or adapts a practice, the newest first."""
    if _kind(head) == "practice":
        for predicate in (ADAPTS, CARRIES):
            hits = view.index.search(limit=_MEMBERS, facets=link(head, predicate))
            yield from (hit.iri for hit in hits.items)


def _reached(view: View, country: str, top: Fit, members: Iterable[Fit]) -> list[str]:
    """Countries that a line went to, beside those it came from."""
    places = {place for each in (top, *members) for place in each.traits.arrived}
    places -= top.traits.origins
    if not country:
        return sorted(places)
    likeness = {each: measure_likeness(view, country, each) for each in places}
    return sorted(places, key=lambda each: (-likeness[each], each))


def _worth(view: View, iri: str) -> float:
    return _GRADES.get(view.first(iri, _GRADE), 0.0)


def _candidates(view: View, question: Question) -> list[str]:
    """Activities that fit the problem, those of like countries and fitting people first."""
    found: dict[str, float] = dict.fromkeys(question.named, 2.0)
    problem = [
        _ask(name, each, weight)
        for each, weight in question.concepts.items()
        for name in _links(each)
    ]
    found |= {iri: found.get(iri, 0.0) + part for iri, part in question.words.items()}
    if problem:
        wanted = [(tantivy.Occur.Must, _any(problem)), *_preferences(view, question)]
        query = of_activities(tantivy.Query.boolean_query(wanted))
        for iri, score in view.index.best(query, _CANDIDATES):
            found[iri] = found.get(iri, 0.0) + score
    return sorted(found, key=lambda iri: (-found[iri], iri))[:_CANDIDATES]


def _preferences(view: View, question: Question) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
    """What makes a candidate likelier: people of the age, and countries like the asker's."""
    for group in sorted(question.setting):
        if _kind(group) == "population":
            yield tantivy.Occur.Should, _ask(FIELDS["population"], group, 0.3)
    if not question.country:
        return
    countries = _like_countries(view, question.country)
    choices = [_ask(name, each, likeness) for each, likeness in countries for name in _THERE]
    if choices:
        yield tantivy.Occur.Should, tantivy.Query.disjunction_max_query(choices, 0.05)


def _like_countries(view: View, country: str) -> list[tuple[str, float]]:
    rated = ((each, measure_likeness(view, country, each)) for each in list_countries(view))
    return sorted(((c, n) for c, n in rated if n >= _LIKE), key=lambda pair: (-pair[1], pair[0]))[
        :40
    ]


def _links(concept: str) -> tuple[str, ...]:
    if _kind(concept) == "theme":
        return (FIELDS["theme"],)
    return (FIELDS["target"],) if "." in concept.rpartition("/")[2] else (_GOAL,)


def _ask(predicate: str, value: str, weight: float) -> tantivy.Query:
    return tantivy.Query.const_score_query(having("link", f"{value} {predicate}"), weight)


def _any(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in queries])
