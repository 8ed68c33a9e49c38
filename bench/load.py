"""Rows: load, validate, journal and publish many practices, and then one changed record."""

import json
import time
from pathlib import Path

from bench.build import peak
from bench.generate import write_rows
from bench.processes import Ran
from bench.results import Row, show_bytes
from bench.workplace import SOURCE, Graph
from kg.journal import Journal
from kg.publishing import publish
from kg.settings import Settings
from loader.building import Workshop

LIMIT_SECONDS, LIMIT_BYTES = 150, 3 << 30


def measure_load(graph: Graph) -> Row:
    """Load the synthetic practices into a graph that has the shipped data."""
    before = graph.snapshot.manifest
    ran = graph.load()
    after = graph.snapshot.manifest
    triples = after["triples"] - before["triples"]
    share = min(1.0, graph.count / 100_000)
    return Row(
        f"load, validate, journal, publish {graph.count:,} practices",
        "under 150 s on two cores, under 3 GiB (100,000 practices, 1.8 M triples)",
        f"{ran.seconds:.0f} s, {show_bytes(ran.peak_bytes)}",
        ran.seconds < LIMIT_SECONDS * share and ran.peak_bytes < LIMIT_BYTES,
        f"`ssc4c load` of {graph.count:,} generated rows (seed 1, lean: about 18 "
        "triples a row) into a home with the shipped data: "
        f"{after['records'] - before['records']:,} records, {triples:,} merged triples, "
        f"{_count_quads(graph):,} quads in the snapshot in all; {_outcome(ran)}; "
        f"{triples / ran.seconds:,.0f} triples/s; {peak(ran)}.",
    )


def _outcome(ran: Ran) -> str:
    [load] = json.loads(ran.output)["loads"]
    return (
        f"{load['created']:,} created, {len(load['quarantined']):,} set aside, "
        f"{len(load['warnings']):,} with warnings, {len(load['problems']):,} row problems"
    )


def _count_quads(graph: Graph) -> int:
    return len(graph.snapshot.open())


def measure_change(graph: Graph) -> Row:
    """Load one changed row by command, then another in this process to time the publish alone."""
    command = graph.run("load", _write_changed(graph, 0), "--source", SOURCE)
    settings = Settings(home=graph.home)
    with Journal(settings.journal) as journal:
        load_changed(settings, journal, _write_changed(graph, 1))
        start = time.perf_counter()
        publish(settings, journal)
        seconds = time.perf_counter() - start
    return Row(
        f"publish one changed record on a snapshot of {graph.count:,} practices",
        "under 1 s",
        f"{seconds:.2f} s",
        seconds < 1,
        "From a changed record in the journal to the renamed link: working store, checks, text "
        f"index, snapshot. The whole command `ssc4c load` of a file with one changed row takes "
        f"{command.seconds:.1f} s, with its start, mapping and validation.",
    )


def load_changed(settings: Settings, journal: Journal, path: Path) -> None:
    """Bring one file into the journal without publishing it."""
    workshop = Workshop(settings, journal)
    report = workshop.load_file(
        path, SOURCE, dry_run=False, full=False, on_batch=lambda count: None
    )
    assert report.updated == 1, report


def _write_changed(graph: Graph, number: int) -> Path:
    row = dict(graph.rows()[number])
    row["title"] += f" (changed at {time.time():.0f})"
    path = graph.folder / "practices-changed.csv"
    write_rows(path, iter([row]), list(row))
    return path
