"""What a long page holds: its sections, read off the page so that no list is kept by hand."""

import re
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

_HEADING: Final = re.compile(r'<h2\b[^>]*? id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
"""Text of the data is escaped, so that none of it looks like a heading."""
_LONG: Final = 12_000
"""Letters of HTML, about two screens. Headings alone do not tell: short pages have eight."""
_SEVERAL: Final = 4


@dataclass(frozen=True)
class Part:
    """A section of a page, by its heading."""

    anchor: str
    title: str


def list_parts(page: str) -> tuple[Part, ...]:
    """The sections of a long page in their order; none of a page that is seen at one look."""
    if len(page) < _LONG:
        return ()
    parts = tuple(
        Part(anchor, Markup(title).striptags()) for anchor, title in _HEADING.findall(page)
    )
    return parts if len(parts) >= _SEVERAL else ()
