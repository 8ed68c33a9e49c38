"""The scripts, styles and fonts that `make assets` built; the server runs without them too."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from markupsafe import Markup

_ENDINGS: Final = (("br", ".br"), ("gzip", ".gz"))
FOLDER: Final = Path(__file__).parent / "assets" / "built"


@dataclass(frozen=True)
class Entry:
    """Addresses of what a page loads; their names change with their content."""

    script: str
    style: str = ""
    """Empty if the script brings no styles of its own."""


@lru_cache(maxsize=8)
def read_entries(folder: Path = FOLDER) -> Mapping[str, Entry]:
    """What there is to load, by name; nothing before `make assets`. Read once a process."""
    return MappingProxyType(
        {
            name: Entry(*(_address(each) for each in (files["script"], files["style"])))
            for name, files in _read_manifest(folder).get("entries", {}).items()
        }
    )


def entry(name: str) -> Entry | None:
    """One of the entries in `frontend/src`, for example ``site``; None before `make assets`."""
    return read_entries().get(name)


def script(name: str) -> Markup:
    """The elements for the head of a page that load an entry; none before `make assets`."""
    found = entry(name)
    if not found:
        return Markup()
    style = Markup('<link rel="stylesheet" href="{}">').format(found.style) if found.style else ""
    return Markup('{}<script type="module" src="{}"></script>').format(style, found.script)


def fonts(language: str, folder: Path = FOLDER) -> tuple[str, ...]:
    """Addresses of the fonts that every page in a language shows at once, to be loaded early."""
    early = _read_manifest(folder).get("fonts", {})
    return tuple(_address(name) for name in early.get(language, early.get("", ())))


def world(folder: Path = FOLDER) -> str:
    """Address of the outline of the land, for the map of the home page; empty if there is none."""
    return _address(_read_manifest(folder).get("world", ""))


@lru_cache(maxsize=8)
def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def _address(name: str) -> str:
    return f"/assets/built/{name}" if name else ""


def find_packed(name: str, encodings: str) -> tuple[str, str]:
    """The name under which the build packed an asset, in the best way that is accepted, if any."""
    named = {part.partition(";")[0].strip() for part in encodings.lower().split(",")}
    for coding, ending in _ENDINGS:
        if coding in named and (FOLDER.parent / (name + ending)).is_file():
            return name + ending, coding
    return name, ""
