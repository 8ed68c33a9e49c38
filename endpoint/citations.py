"""How releases and answers are cited: as text, BibTeX, CSL-JSON and RIS."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

AUTHOR: Final = "SSC4C Graph contributors"
TITLE: Final = (
    "SSC4C Graph: a linked open knowledge graph of South-South and triangular cooperation "
    "for children"
)
LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
_SPECIAL: Final = re.compile(r"([#$%&_{}])")
_WRITTEN: Final = MappingProxyType(
    {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


@dataclass(frozen=True)
class Citation:
    """What is cited, and where it is found."""

    key: str
    """Name in a bibliography, such as ``ssc4c-2026-11-24``."""
    title: str
    issued: date
    version: str
    """Name of the release; empty for what is cited by itself."""
    address: str
    note: str = ""
    """Anything by which a reader can check that it is the same."""
    within: str = ""
    """Title of what it is a part of."""


def write_text(cited: Citation) -> str:
    """One sentence for a list of references."""
    note = f" ({cited.note})" if cited.note else ""
    release = f" (release {cited.version})" if cited.version else ""
    within = f". In: {cited.within}" if cited.within else ""
    return (
        f"{AUTHOR} ({cited.issued.year}). {cited.title}{within}{release} [Data set]. "
        f"{cited.address}{note}\n"
    )


def write_bibtex(cited: Citation) -> str:
    """An entry of a BibTeX file."""
    fields = {
        "author": f"{{{_escape(AUTHOR)}}}",
        "title": f"{{{_escape(cited.title)}}}",
        "year": str(cited.issued.year),
        "month": str(cited.issued.month),
        "version": _escape(cited.version),
        "howpublished": _escape(f"In: {cited.within} [Data set]") if cited.within else "Data set",
        "url": cited.address,
        "note": _escape(cited.note),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{cited.key},\n" + ",\n".join(lines) + "\n}\n"


def write_csl(cited: Citation) -> str:
    """A list of one item, as citation styles read it."""
    item = {
        "id": cited.key,
        "type": "dataset",
        "title": cited.title,
        "container-title": cited.within,
        "author": [{"literal": AUTHOR}],
        "publisher": AUTHOR,
        "issued": {"date-parts": [[cited.issued.year, cited.issued.month, cited.issued.day]]},
        "version": cited.version,
        "URL": cited.address,
        "note": cited.note,
    }
    kept = {name: value for name, value in item.items() if value}
    return json.dumps([kept], indent=1, ensure_ascii=False) + "\n"


def write_ris(cited: Citation) -> str:
    """A record for reference managers; its lines end as the format has it."""
    rows = (
        ("TY", "DATA"),
        ("AU", AUTHOR),
        ("TI", cited.title),
        ("T2", cited.within),
        ("PY", str(cited.issued.year)),
        ("DA", f"{cited.issued:%Y/%m/%d}"),
        ("ET", cited.version),
        ("PB", AUTHOR),
        ("UR", cited.address),
        ("N1", cited.note),
        ("ER", ""),
    )
    kept = (f"{tag}  - {value}" for tag, value in rows if value or tag == "ER")
    return "\r\n".join(kept) + "\r\n"


@dataclass(frozen=True)
class Style:
    """One way to write a citation."""

    extension: str
    label: str
    media_type: str
    write: Callable[[Citation], str]


STYLES: Final = (
    Style("txt", "Text", "text/plain", write_text),
    Style("bib", "BibTeX", "application/x-bibtex", write_bibtex),
    Style("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json", write_csl),
    Style("ris", "RIS", "application/x-research-info-systems", write_ris),
)


def find_style(name: str) -> Style | None:
    """The style of that extension or media type."""
    return next((each for each in STYLES if name in (each.extension, each.media_type)), None)


def title_of(query: str, otherwise: str) -> str:
    """What a query says of itself: its summary, or the comment that it begins with."""
    first = query.lstrip().partition("\n")[0]
    if not first.startswith("#"):
        return otherwise
    text = first.lstrip("#+ ").removeprefix("summary:").strip()
    return " ".join(text.split())[:200] or otherwise


def _escape(text: str) -> str:
    """Text as TeX reads it."""
    return "".join(_WRITTEN.get(each) or _SPECIAL.sub(r"\\\1", each) for each in text)
