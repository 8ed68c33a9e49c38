"""The columns that say more than one statement about the thing itself, by kind of thing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal

from loader.normalise import read_text, split_cell
from loader.problems import Misfit
from loader.sources import citations, participations
from loader.sources.draft import Draft, short_name, term, thing
from loader.sources.lookup import ACTIVITIES, PROJECT_SOURCE, Lookup

ASSESSOR: Final = "ssc4c-graph-editors"
ASSESSED_ON: Final = "2026-11"
CRITERIA: Final = (
    "Lead: named in a public source. Promising: a public source also tells a result. "
    "The editors of this graph graded by these two rules and judged no evidence."
)
_CROSS_CUTTING: Final = "cross-cutting"

Add = Callable[[Draft, Mapping[str, str], Lookup], None]


@dataclass(frozen=True)
class Part:
    """Columns that are read together, and how they are added to a record."""

    columns: tuple[str, ...]
    add: Add


def add_result(draft: Draft, cells: Mapping[str, str], lookup: Lookup) -> None:
    """State results as told, with the evidence that a source tells them."""
    cell = cells.get("results_stated", "")
    if not cell.strip():
        return
    try:
        text = Literal(read_text(cell), language="en")
    except Misfit as misfit:
        draft.refuse("results_stated", cell, misfit)
        return
    sources = draft.publications
    result = draft.nest(
        "result",
        "ssc4c:hasResult",
        "ssc4c:Result",
        {"dcterms:description": (text,), "dcterms:source": sources},
    )
    if sources:
        evidence = {
            "ssc4c:evidenceType": (thing("evidence-type", "self-report"),),
            "ssc4c:supports": (result,),
            "dcterms:source": sources,
        }
        draft.nest("evidence", "ssc4c:hasEvidence", "ssc4c:Evidence", evidence)


def add_assessment(draft: Draft, cells: Mapping[str, str], lookup: Lookup) -> None:
    """State the grade that the editors of this graph give to their own rows."""
    if draft.source != PROJECT_SOURCE:
        return
    has_result = bool(cells.get("results_stated", "").strip() and draft.publications)
    draft.nest(
        "assessment",
        "ssc4c:hasAssessment",
        "ssc4c:Assessment",
        {
            "ssc4c:grade": (thing("practice-grade", "promising" if has_result else "lead"),),
            "ssc4c:assessor": (thing("actor", ASSESSOR),),
            "ssc4c:assessedOn": (Literal(ASSESSED_ON, datatype=term("xsd:gYearMonth")),),
            "ssc4c:criteria": (Literal(CRITERIA, language="en"),),
        },
    )


def add_origins(draft: Draft, cells: Mapping[str, str], lookup: Lookup) -> None:
    """State what was adapted, carried, or grown out of, by the kinds of both ends."""
    for value in split_cell(cells.get("adapted_from", "")):
        try:
            kind, key = lookup.resolve(ACTIVITIES, value)
        except Misfit as misfit:
            draft.refuse("adapted_from", value, misfit)
        else:
            draft.say(origin_property(draft.kind, kind), thing(kind, key))


def origin_property(kind: str, origin: str) -> str:
    """How an activity of one kind relates to the activity of another kind it comes from."""
    if kind == "adaptation" and origin in ("practice", "adaptation"):
        return "ssc4c:adaptationOf"
    if kind == "initiative" and origin == "practice":
        return "ssc4c:carries"
    return "ssc4c:growsOutOf"


def add_matches(draft: Draft, cells: Mapping[str, str], lookup: Lookup) -> None:
    """State which activities met a need or came of an offer."""
    for value in split_cell(cells.get("matched_by", "")):
        try:
            kind, key = lookup.resolve(ACTIVITIES, value)
        except Misfit as misfit:
            draft.refuse("matched_by", value, misfit)
        else:
            draft.nest(
                f"match-{short_name(key)}",
                "ssc4c:hasMatch",
                "ssc4c:Match",
                {
                    "ssc4c:matchedActivity": (thing(kind, key),),
                    "ssc4c:matchedListing": (draft.node,),
                },
            )


def add_open_theme(draft: Draft, cells: Mapping[str, str], lookup: Lookup) -> None:
    """State that a need or offer without a theme is not for children alone."""
    if not cells.get("theme_keys", "").strip():
        draft.say("ssc4c:theme", thing("theme", _CROSS_CUTTING))


_SOURCES: Final = Part(("source_urls", "source_titles"), citations.cite_sources)
_ACTIVITY: Final = (
    _SOURCES,
    Part(participations.COLUMNS, participations.add_participations),
    Part(("results_stated",), add_result),
    Part((), add_assessment),
    Part(("adapted_from",), add_origins),
)
_LISTING: Final = (
    _SOURCES,
    Part(("kind", "matched_by"), add_matches),
    Part(("theme_keys",), add_open_theme),
)
PARTS: Final[Mapping[str, tuple[Part, ...]]] = {
    **{
        kind: (*_ACTIVITY, Part(("kind",), lambda draft, cells, lookup: None))
        for kind in ACTIVITIES
    },
    "need": _LISTING,
    "offer": _LISTING,
    **dict.fromkeys(("challenge", "idea", "event", "publication", "community"), (_SOURCES,)),
    "actor": (Part(("source_url", "source_titles"), citations.cite_sources),),
}
"""Kind to the parts of its tables; sources come first, since results rest on them."""
