"""The results: kept as JSON from run to run, written as Markdown for people."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

PEERS: Final = (
    "pyoxigraph",
    "oxigraph",
    "rdflib",
    "rdflib-endpoint",
    "shacl",
    "pyshacl",
    "tantivy",
    "granian",
    "flask",
)


@dataclass(frozen=True)
class Row:
    """One measured figure beside what is to be held."""

    what: str
    hold: str
    measured: str
    is_held: bool
    detail: str = ""
    """How it was measured and what else was seen."""
    on: str = field(default_factory=lambda: date.today().isoformat())
    """The day."""


@dataclass(frozen=True)
class Table:
    """Figures of several servers side by side, from one run."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    detail: str
    """How it was measured."""
    on: str = field(default_factory=lambda: date.today().isoformat())
    """The day."""


def write_results(folder: Path, rows: Sequence[Row], tables: Sequence[Table], command: str) -> None:
    """Write page and JSON; what was not measured this time stays as an earlier run left it."""
    file = folder / "results.json"
    known: dict[str, Any] = json.loads(file.read_bytes()) if file.exists() else {}
    kept = {each["what"]: Row(**each) for each in known.get("rows", [])}
    shown = {each["title"]: Table(**each) for each in known.get("tables", [])}
    kept |= {each.what: each for each in rows}
    shown |= {each.title: each for each in tables}
    every = {"rows": list(map(asdict, kept.values())), "tables": list(map(asdict, shown.values()))}
    file.write_text(json.dumps(every, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page = "\n".join(_page(list(kept.values()), list(shown.values()), command)) + "\n"
    (folder / "RESULTS.md").write_text(page, encoding="utf-8")


def _page(rows: Sequence[Row], tables: Sequence[Table], command: str) -> Iterable[str]:
    yield "# Benchmark results"
    yield ""
    yield f"Written by `{command}` on {date.today().isoformat()}; never edited by hand."
    yield ""
    yield f"Machine: {_machine()}"
    yield f"Software: {', '.join(f'{name} {version(name)}' for name in PEERS)}."
    yield "Servers, clients and peers share the machine."
    yield "Ratios to a peer are from one run with the same data and client."
    yield ""
    yield "| what | to hold | measured | held | on |"
    yield "| --- | --- | --- | --- | --- |"
    for row in rows:
        held = "yes" if row.is_held else "**no**"
        yield f"| {row.what} | {row.hold} | {row.measured} | {held} | {row.on} |"
    for table in tables:
        yield from ("", f"## {table.title}", "")
        yield f"| {' | '.join(table.columns)} |"
        yield f"| {' | '.join('---' for _ in table.columns)} |"
        for cells in table.rows:
            yield f"| {' | '.join(cells)} |"
        yield from ("", f"{table.detail} Measured on {table.on}.")
    yield ""
    yield "## How each was measured"
    for row in rows:
        yield ""
        yield f"**{row.what}.** {row.detail}"


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return (
        f"{cores} cores ({platform.machine()}), {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}."
    )


def show_bytes(size: float) -> str:
    """``1.5 GiB`` or ``300 MiB``."""
    return f"{size / 2**30:.2f} GiB" if size >= 2**30 else f"{size / 2**20:.0f} MiB"
