"""Rows: searches with their open facets in a small and in a large graph."""

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import product
from statistics import median
from typing import Final

from bench.client import get, put_load
from bench.results import Row
from bench.servers import serving_ours
from bench.workplace import Graph
from endpoint.addresses import Addresses
from endpoint.searchaddress import search_address
from kg.namespaces import SDG, thing_iri
from kg.searching import Wanted
from kg.textindex import TextIndex

OPEN: Final = ("kind", "form", "provider", "recipient", "theme", "goal")
"""Facets that the page of a search counts at once."""
TEXTS: Final = (
    *("", "school feeding", "nutrition", "vaccination cold chain", '"child protection"'),
    *("theme:education", "early childhood", "water hygiene", "social protection", "shcool meals"),
)
CHOICES: Final[Sequence[Mapping[str, tuple[str, ...]]]] = (
    {},
    {"provider": (thing_iri("country", "BRA"),)},
    {"theme": (thing_iri("theme", "nutrition"), thing_iri("theme", "education"))},
    {"kind": ("initiative",), "goal": (SDG + "3",)},
)
BEGINNINGS: Final = (
    *("b", "br", "bra", "nutr", "school f", "unic", "child pro", "brzil", "moz", "edu", "health"),
    *("2.1", "sdg 4", "world food", "afri", "côte"),
)
PERIODS: Final = ((0, 0), (2010, 2015))
WARM: Final = 10


def measure_search(small: Graph, large: Graph) -> Iterator[Row]:
    """Median times of searches and suggestions in the index alone, and of pages of searches."""
    graphs = (small, large)
    yield _row("search with six facets, index alone", 60, graphs, map(_find, graphs), _FOUND)
    yield _row("suggestions as one types, index alone", 5, graphs, map(_suggest, graphs), _TYPED)
    with ExitStack() as stack:
        ports = [stack.enter_context(serving_ours(graph)).port for graph in graphs]
        yield _row("search page with six facets", 60, graphs, map(_pages, ports), _SHOWN)


_FOUND: Final = (
    f"{len(TEXTS) * len(CHOICES) * len(PERIODS)} different searches (words, phrases, a slip, "
    "none; values of one or two facets; a period), each asked once of the opened index: twenty "
    f"things, and the counts of {', '.join(OPEN)}, those of a chosen facet without its own choice."
)
_TYPED: Final = f"{len(BEGINNINGS)} beginnings of names, each asked once, eight names each."
_SHOWN: Final = (
    "The same searches as pages over one kept connection, one request at a time, none twice, "
    f"the first {WARM} to warm up."
)


def _searches() -> list[Wanted]:
    """Different searches, mixed."""
    made = [
        Wanted(text, chosen, since, until)
        for text, chosen, (since, until) in product(TEXTS, CHOICES, PERIODS)
    ]
    return random.Random(1).sample(made, len(made))


def _find(graph: Graph) -> list[float]:
    index = _open(graph)
    times = []
    for wanted in _searches():
        start = time.perf_counter()
        index.tally(wanted, OPEN)
        index.find(wanted)
        times.append(time.perf_counter() - start)
    return times


def _suggest(graph: Graph) -> list[float]:
    index = _open(graph)
    times = []
    for text in BEGINNINGS:
        start = time.perf_counter()
        index.suggest(text)
        times.append(time.perf_counter() - start)
    return times


def _open(graph: Graph) -> TextIndex:
    """The index, read from disk once."""
    index = TextIndex(graph.snapshot.index_path)
    index.tally(Wanted(), OPEN)
    return index


def _pages(port: int) -> Sequence[float]:
    addresses = [
        search_address(Addresses(), each.chosen, each.text, each.since, each.until)
        for each in _searches()
    ]
    requests = [get(address, "text/html") for address in addresses]
    put_load(port, requests[:WARM], 1)
    return put_load(port, requests[WARM:], 1).latencies


def _row(
    what: str, limit: int, graphs: Sequence[Graph], times: Iterable[Sequence[float]], detail: str
) -> Row:
    found = [[each * 1000 for each in some] for some in times]
    few, many = map(median, found)
    return Row(
        f"{what}, median, at {' and '.join(f'{graph.count:,}' for graph in graphs)} practices",
        f"under {limit} ms",
        f"{few:.1f} and {many:.1f} ms",
        max(few, many) < limit,
        f"{detail} The slowest took {max(found[0]):.1f} and {max(found[1]):.1f} ms.",
    )
