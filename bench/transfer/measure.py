"""Precision at five on the pairs of `pairs.csv`, beside what simpler ways would have given."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.catalogue import Catalogue
from kg.namespaces import thing_iri
from kg.reader import View, open_view
from kg.settings import PROJECT, Settings
from kg.similarity import WEIGHTS, find_alike
from kg.snapshots import Snapshots

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


WAYS: Final[Mapping[str, Mapping[str, Way]]] = {
    "similar": {"all": _alike(*WEIGHTS), "words": _alike("words"), "theme": _alike("theme")}
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
            f"{one.pair.name} {one.way:8} {one.precision:.1f} {one.pair.query}  not wanted: {wrong}"
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
            print(f"{task:9} {way:8} all {mean(row):.2f}  {told}")
