"""The scripts and styles that `make assets` built; the server runs without them too."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_ENDINGS: Final = (("br", ".br"), ("gzip", ".gz"))
_FOLDER: Final = Path(__file__).parent / "assets" / "built"


@dataclass(frozen=True)
class Built:
    """Addresses of the editor's files; their names change with their content."""

    script: str
    style: str


def read_built(folder: Path = _FOLDER) -> Built | None:
    """What there is to load; nothing before `make assets`."""
    try:
        names = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Built(f"/assets/built/{names['script']}", f"/assets/built/{names['style']}")


def find_packed(name: str, encodings: str) -> tuple[str, str]:
    """The name under which the build packed an asset, in the best way that is accepted, if any."""
    named = {part.partition(";")[0].strip() for part in encodings.lower().split(",")}
    for coding, ending in _ENDINGS:
        if coding in named and (_FOLDER.parent / (name + ending)).is_file():
            return name + ending, coding
    return name, ""
