"""Seals: hashes written when a release is made, by which it can be shown that nothing changed."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.journal import Journal
from kg.releases import FACTS, Release


def hash_lines(lines: Iterable[bytes]) -> tuple[str, int]:
    """SHA-256 over lines, and their number."""
    digest, count = hashlib.sha256(), 0
    for line in lines:
        digest.update(line)
        count += 1
    return digest.hexdigest(), count


def hash_files(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a release but the one that lists them; locks are no content."""
    return {
        path.relative_to(folder).as_posix(): _hash_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / FACTS and path.suffix != ".lock"
    }


def seal(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with their own hash."""
    return {**facts, "seal": _hash_facts(facts)}


def find_damage(release: Release, journal: Journal) -> Iterator[str]:
    """What is not as it was when the release was made, in sentences; nothing if all is well."""
    facts = dict(release.facts)
    if facts.pop("seal", "") != _hash_facts(facts):
        yield f"{FACTS} was altered"
        return
    yield from _compare_files(facts["files"], hash_files(release.path))
    if journal.hash_at(facts["sequence"]) != facts["hash"]:
        yield f"the journal has no entry {facts['sequence']} like the one released"
    yield from _compare_graph(release, facts["dump"]["sha256"])


def _compare_files(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*then, *now}):
        if name not in now:
            yield f"the file {name} is missing"
        elif name not in then:
            yield f"the file {name} was added"
        elif then[name] != now[name]:
            yield f"the file {name} was altered"


def _compare_graph(release: Release, then: str) -> Iterator[str]:
    try:
        now, _ = hash_lines(release.snapshot.dump())
    except (OSError, RuntimeError) as error:  # what a store raises that is damaged
        yield f"the graph cannot be read: {error}"
        return
    if now != then:
        yield "the graph is another one than the one released"


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_facts(facts: Mapping[str, Any]) -> str:
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
