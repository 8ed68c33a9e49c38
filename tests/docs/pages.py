"""The pages as tests read them: their text and their code blocks."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.settings import PROJECT

README: Final = PROJECT / "README.md"
DOCS: Final = sorted((PROJECT / "docs").glob("*.md"))
PAGES: Final = [README, PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]
_PRINTED = re.compile(r"(?:\s*^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block of code."""

    page: Path
    language: str
    """``sh`` blocks run, ``console`` blocks are only shown."""
    text: str
    line: int
    printed: str = ""
    """The ``text`` block that follows it, if one does."""

    def __str__(self) -> str:
        """Name for a test: ``README.md:55``."""
        return f"{self.page.relative_to(PROJECT)}:{self.line}"


def read_blocks(page: Path, language: str) -> list[Block]:
    """The blocks of one language, in the order of the page."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, language, found[2], text.count("\n", 0, found.start()) + 1, printed[1] or "")
        for found in _BLOCK.finditer(text)
        if found[1] == language and (printed := _PRINTED.match(text, found.end()))
    ]
