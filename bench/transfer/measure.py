"""Precision at five on the pairs of `pairs.csv`, beside what simpler ways would have given."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict

from bench.results import Row
from endpoint.addresses import Addresses
from endpoint.values import Shower
from endpoint.wishes import read_wish
from kg.catalogue import Catalogue
from kg.lines import read_line
from kg.matching import WEIGHTS as MATCHING
from kg.matching import find_answers
from kg.namespaces import expand, thing_iri
from kg.reader import View, open_view
from kg.settings import PROJECT, Settings
from kg.similarity import WEIGHTS, find_alike, of_activities
from kg.snapshots import Snapshots
from kg.textindex import link
from kg.texttraits import FIELDS
from kg.textwords import ask_stems, stems_of
from kg.traits import ACTIVITIES

PAIRS: Final = Path(__file__).with_name("pairs.csv")
FIRST: Final = 5


@dataclass(frozen=True)
class Pair:
    """One question with all the keys that would be right."""

    name: str
    task: str
    part: str
    query: str
    wanted: frozenset[str]


@dataclass(frozen=True)
class Found:
    """What a way of answering gave for a question."""

    pair: Pair
    way: str
    keys: tuple[str, ...]

    @property
    def precision(self) -> float:
        """The share of five answers that are right; an answer that is missing is a wrong one."""
        return sum(key in self.pair.wanted for key in self.keys[:FIRST]) / FIRST


def read_pairs() -> list[Pair]:
    """The questions, in the order of the file."""
    lines = PAIRS.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return [
        Pair(r["name"], r["task"], r["part"], r["query"], frozenset(r["wanted"].split()))
        for r in rows
    ]


Way = Callable[[View, str], Iterable[str]]


def _alike(*names: str) -> Way:
    """Likeness by these parts alone."""
    weights = {name: weight if name in names else 0.0 for name, weight in WEIGHTS.items()}
    return lambda view, query: [each.iri for each in find_alike(view, _iri(query), FIRST, weights)]


def _by_text(view: View, query: str) -> Iterable[str]:
    """Text retrieval at its plainest: BM25 for the rarest words, those of titles doubled."""
    iri = _iri(query)
    own = {iri, *read_line(view, iri).members}
    titles, texts = (
        [value.value for value in view.values(iri, NamedNode(expand(name)))]
        for name in ("dcterms:title", "dcterms:description")
    )
    favoured = {stem for text in titles for stem in stems_of(text, "en")}
    stems = [*favoured, *(stem for text in texts for stem in stems_of(text, "en"))]
    asked = ask_stems(view.index, dict.fromkeys(stems), favoured)
    found = view.index.best(of_activities(asked), 30) if asked else []
    return [each for each, _ in found if each not in own]


def _match(**changed: float) -> Way:
    """Lines for the country; each stands for what of it is nearest."""
    weights = dict(MATCHING) | changed

    def answer(view: View, query: str) -> Iterable[str]:
        wish = read_wish(view, MultiDict(parse_qsl(query)))
        return [each.head.traits.iri for each in find_answers(view, wish.question, FIRST, weights)]

    return answer


def _by_words(view: View, query: str) -> Iterable[str]:
    """What the search gives for the name of the problem and of the country."""
    wish = read_wish(view, MultiDict(parse_qsl(query)))
    shower = Shower(view.names, Addresses(), "en")
    text = f"{shower.name(wish.thing) if wish.thing else wish.problem} {shower.name(wish.country)}"
    return [hit.iri for hit in view.index.search(text, limit=200).items if hit.kind in ACTIVITIES]


def _by_theme(view: View, query: str) -> Iterable[str]:
    """What has the concepts of the problem, the newest first, whatever the country."""
    wish = read_wish(view, MultiDict(parse_qsl(query)))
    concept = max(wish.question.concepts.items(), key=lambda pair: pair[1], default=("", 0))[0]
    found = [
        hit
        for field in ("theme", "target")
        for hit in view.index.search(limit=200, facets=link(concept, FIELDS[field])).items
    ]
    return [hit.iri for hit in found if hit.kind in ACTIVITIES][:FIRST]


WAYS: Final[Mapping[str, Mapping[str, Way]]] = {
    "similar": {
        "all": _alike(*WEIGHTS),
        "words": _alike("words"),
        "bm25": _by_text,
        "theme": _alike("theme"),
    },
    "transfer": {
        "all": _match(),
        "search": _by_words,
        "theme": _by_theme,
        "no place": _match(place=0.0),
        "no travel": _match(travel=0.0),
    },
}


def _iri(query: str) -> str:
    kind, _, key = query.partition("/")
    return thing_iri(kind, key)


def measure_all(view: View | None = None) -> list[Found]:
    """Every question answered in every way, over the current snapshot."""
    shown = view or _open()
    return [
        Found(pair, name, tuple(iri.rpartition("/")[2] for iri in way(shown, pair.query)))
        for pair in read_pairs()
        for name, way in WAYS.get(pair.task, {}).items()
    ]


def _open() -> View:
    settings = Settings.from_environment()
    return open_view(Snapshots(settings.home).current(), Catalogue(PROJECT / "queries"))


def mean(found: Iterable[Found]) -> float:
    """The mean precision."""
    values = [each.precision for each in found]
    return sum(values) / len(values) if values else 0.0


def show(found: list[Found], part: str | None, each: bool) -> None:
    """Print the table."""
    chosen = [one for one in found if part in (None, one.pair.part)]
    for one in chosen if each else ():
        wrong = [key for key in one.keys[:FIRST] if key not in one.pair.wanted]
        print(
            f"{one.pair.name} {one.way:9} {one.precision:.1f} {one.pair.query}  not wanted: {wrong}"
        )
    for task, ways in WAYS.items():
        for way in ways:
            row = [one for one in chosen if (one.pair.task, one.way) == (task, way)]
            parts = {
                name: [one for one in row if one.pair.part == name] for name in ("tune", "held")
            }
            told = "  ".join(
                f"{name} {mean(some):.2f} ({len(some)})" for name, some in parts.items() if some
            )
            print(f"{task:9} {way:9} all {mean(row):.2f}  {told}")


def make_rows(found: list[Found]) -> list[Row]:
    """The figures as rows of the table of results."""
    return [_make_row(task, [one for one in found if one.pair.task == task]) for task in WAYS]


def _make_row(task: str, found: list[Found]) -> Row:
    means = {way: mean(one for one in found if one.way == way) for way in WAYS[task]}
    plain = max(value for way, value in means.items() if way in _PLAIN)
    held = mean(one for one in found if one.way == "all" and one.pair.part == "held")
    return Row(
        f"{_TITLES[task]}, precision at five on 15 written questions",
        "more than any plainer way",
        f"{means['all']:.2f} (best plainer way {plain:.2f})",
        means["all"] > plain,
        "; ".join(f"{way} {value:.2f}" for way, value in means.items())
        + f"; on the five questions set aside {held:.2f}. See `docs/transfer.md`.",
    )


_TITLES: Final = {
    "similar": "similar practices",
    "transfer": "what travelled to countries like one",
}
_PLAIN: Final = ("words", "bm25", "search", "theme")
