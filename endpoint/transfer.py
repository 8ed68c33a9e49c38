"""Transfer matching: who solved something like this in a country like mine, and what travelled?

`/transfer?country=MOZ&problem=school-feeding&age=6-14&setting=rural`
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, request

from endpoint.alike import key_of
from endpoint.cards import Card, make_cards
from endpoint.choices import find_near, list_things
from endpoint.pages import Desk, answer, choose_form, open_desk, render
from endpoint.paths import Step, tell_path
from endpoint.texts import _, comma
from endpoint.values import Shown
from endpoint.wishes import SETTINGS, Wish, read_wish
from endpoint.wording import join, speak
from kg.errors import BadInput
from kg.matching import WEIGHTS, Answer, find_answers
from kg.namespaces import split_thing

blueprint = Blueprint("transfer", __name__)
_TYPES: Final[Mapping[str, str]] = {"html": "text/html", "json": "application/json"}
_LISTED: Final = 10
_BANDS: Final = ((0.6, 4), (0.42, 3), (0.25, 2), (0.0, 1))
"""From which score on an answer is told to be very close, close, and so on."""


@dataclass(frozen=True)
class Told:
    """One answer as the page tells it."""

    card: Card
    key: str
    steps: tuple[Step, ...]
    matched: str
    """Concepts that fit, in words."""
    reasons: tuple[tuple[str, float, str], ...]
    """Each part of the score: its name, from 0 to 1, and what it means here."""
    score: float
    band: int


@blueprint.get("/transfer", strict_slashes=False)
@blueprint.get("/transfer.<extension>")
def match(extension: str = "") -> Response:
    """The page with the form and the answers, or the answers as JSON."""
    desk = open_desk()
    extension = choose_form(_TYPES, extension)
    wish = read_wish(desk.view, request.args)
    if extension == "json":
        if wish.slips:
            raise BadInput(
                "; ".join(f"{name}: {text!r} cannot be read" for name, text in wish.slips)
            )
        return answer(desk, "json", lambda: _to_json(desk, wish))
    return answer(desk, "html", lambda: _page(desk, wish))


def _find(desk: Desk, wish: Wish) -> list[Answer]:
    return find_answers(desk.view, wish.question, _LISTED) if wish.problem else []


def _page(desk: Desk, wish: Wish) -> str:
    shower = desk.shower
    return render(
        desk,
        "transfer.html",
        wish=wish,
        answers=[_tell(desk, wish, each) for each in _find(desk, wish)],
        country=shower.link(wish.country) if wish.country else None,
        thing=shower.link(wish.thing) if wish.thing else None,
        guessed=[shower.link(iri) for iri in wish.guessed],
        key=lambda shown: (split_thing(shown.iri) or ("", ""))[1],
        countries=list_things(desk.view, ("country",), shower),
        themes=list_things(desk.view, ("theme",), shower),
        forms=list_things(desk.view, ("form",), shower),
        challenges=_challenges(desk, wish),
        settings=[(key, str(words)) for key, (words, _concepts) in SETTINGS.items()],
    )


def _challenges(desk: Desk, wish: Wish) -> list[Shown]:
    """Challenges that the words may mean, to ask more exactly."""
    if not wish.problem or wish.thing:
        return []
    return [desk.shower.link(iri) for iri in find_near(desk.view, ("challenge",), wish.problem, 4)]


def _tell(desk: Desk, wish: Wish, found: Answer) -> Told:
    [card] = make_cards(desk.view, [found.head.traits.iri], desk.shower)
    band = next(level for least, level in _BANDS if found.score >= least)
    matched = [desk.shower.link(iri) for iri in found.head.matched or found.best.matched]
    return Told(
        card,
        key_of(found.head.traits.iri),
        tuple(tell_path(desk, wish.question, found)),
        join([each.number or each.text for each in matched[:4]]),
        tuple(_reasons(desk, wish, found)),
        found.score,
        band,
    )


def _reasons(desk: Desk, wish: Wish, found: Answer) -> list[tuple[str, float, str]]:
    reached = [desk.shower.name(each) for each in found.countries]
    more = len(reached) - 5
    told = (
        join(reached[:5])
        if more <= 0
        else _("%(names)s and %(number)s more", names=comma().join(reached[:5]), number=more)
    )
    nearest = max((found.head, *found.members), key=lambda each: each.place).nearest
    return (
        [
            (_("Fits the problem"), found.parts["fit"], _aspects(found)),
            (
                _("A country like yours"),
                found.parts["place"],
                desk.shower.name(nearest) if nearest else "",
            ),
            (_("Has travelled"), found.parts["travel"], told),
            (_("How far proven"), found.parts["grade"], ""),
        ]
        if wish.country
        else [
            (_("Fits the problem"), found.parts["fit"], _aspects(found)),
            (_("Has travelled"), found.parts["travel"], told),
            (_("How far proven"), found.parts["grade"], ""),
        ]
    )


def _aspects(found: Answer) -> str:
    """Aspects beside the problem that were asked for, and whether they fit."""
    names = {"age": _("age"), "setting": _("setting"), "modality": _("way of working")}
    fitting = [
        names[name] for name, value in found.best.aspects.items() if name in names and value >= 0.5
    ]
    missing = [
        names[name] for name, value in found.best.aspects.items() if name in names and value < 0.5
    ]
    told = [_("fits: %(what)s", what=join(fitting))] if fitting else []
    return "; ".join(
        [*told, *([_("not told or other: %(what)s", what=join(missing))] if missing else [])]
    )


def _to_json(desk: Desk, wish: Wish) -> str:
    data: dict[str, Any] = {
        "country": wish.country,
        "problem": {
            "text": wish.problem,
            "thing": wish.thing,
            "concepts": dict(wish.question.concepts),
        },
        "age": wish.age,
        "setting": wish.setting,
        "modality": wish.modality,
        "weights": dict(WEIGHTS),
        "answers": [_answer_data(desk, wish, each) for each in _find(desk, wish)],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _answer_data(desk: Desk, wish: Wish, found: Answer) -> dict[str, Any]:
    return {
        "iri": found.head.traits.iri,
        "name": desk.shower.name(found.head.traits.iri),
        "score": round(found.score, 4),
        "parts": {name: round(value, 4) for name, value in found.parts.items()},
        "matched": list(found.head.matched or found.best.matched),
        "carried_by": [each.traits.iri for each in found.members],
        "countries": list(found.countries),
        "path": [
            {
                "step": step.kind,
                "text": speak(step.sentence),
                "things": [
                    piece.shown.iri for piece in step.sentence if piece.shown and piece.shown.iri
                ],
            }
            for step in tell_path(desk, wish.question, found)
        ],
    }
