"""Where things stand on this server: from IRI to address and back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from kg.namespaces import BASE, DEF, GRAPH, ID, QUERIES, SDG, SHAPES

_SDG_KEY: Final = re.compile(r"[0-9]{1,2}([.][0-9a-z]+)*|C[0-9a-z]+")
_SAFE: Final = "/:@!$&'()*+,;=-._~%"


@dataclass(frozen=True)
class Addresses:
    """Links of one page; they carry on the language that its address asked for."""

    language: str = ""

    def of(self, iri: str) -> str:
        """Address to follow for an IRI; empty if it is none that a browser should open."""
        if page := page_of(iri):
            path, hash_mark, fragment = page.partition("#")
            return self.carry(path) + hash_mark + fragment
        return iri if is_web_address(iri) else ""

    def carry(self, path: str, **values: str | int | Sequence[str]) -> str:
        """A path with these values and the language, empty values left out.

        A list gives its name once for each value: ``provider=["BRA", "IND"]``.
        """
        given = {name: value for name, value in values.items() if value}
        if self.language:
            given["lang"] = self.language
        return f"{path}?{urlencode(given, doseq=True, safe='/')}" if given else path


def page_of(iri: str) -> str:
    """The path of the page of one of our IRIs or of an SDG; empty for all others."""
    base, hash_mark, fragment = iri.partition("#")
    if base.startswith(SDG):
        key = base.removeprefix(SDG)
        return f"/sdg/{_quote(key)}" if _SDG_KEY.fullmatch(key) and not hash_mark else ""
    if base.startswith(ID):
        return f"/{_quote(base.removeprefix(ID))}{hash_mark}{_quote(fragment)}"
    if base.startswith(SHAPES):
        return "/shapes/#" + _quote(base.removeprefix(SHAPES))
    if base.startswith((DEF, GRAPH, QUERIES)):
        return f"/{_quote(base.removeprefix(BASE))}{hash_mark}{_quote(fragment)}"
    return ""


def is_web_address(text: str) -> bool:
    """Whether a browser may open it: `javascript:` and the like are never links."""
    return text.lower().startswith(("http://", "https://"))


def _quote(path: str) -> str:
    return quote(path, safe=_SAFE)
