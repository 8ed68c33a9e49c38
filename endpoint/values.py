"""How one value of a statement is shown: words, where they lead, in which language."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from markupsafe import Markup, escape
from pyoxigraph import Literal, NamedNode

from endpoint.addresses import Addresses, is_web_address, page_of
from endpoint.languages import best_of
from endpoint.texts import _
from kg.namespaces import PREFIXES

Term = NamedNode | Literal
AddressFinder = Callable[[str], tuple[str, str]]
"""Gives the number that a thing is known by and its own address on the web; empty if none."""
NameFinder = Callable[[str], tuple[Literal, ...]]
"""Gives the names of an IRI in all languages; none if it has none."""
_XSD: Final = PREFIXES["xsd"]
_LONGEST_URL: Final = 80
_LONGEST_NAME: Final = 200
_TURNING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows them, even outside of what they stand in."""
_DIGITS: Final = re.compile(r"[0-9]+")
_WIDTH: Final = 8


@dataclass(frozen=True)
class Shown:
    """A value as it stands on a page; templates escape it."""

    text: str
    address: str = ""
    """Where it leads; empty for plain words."""
    language: str = ""
    """Language of the text where it is not that of the page."""
    iri: str = ""
    is_external: bool = False
    number: str = ""
    """Number of a goal, target or indicator, read before its name."""
    outside: str = ""
    """Where a publication itself is found."""
    said_by: tuple[int, ...] = ()
    """Numbers of the records that say so, where the page tells them."""

    @property
    def words(self) -> Markup:
        """The text as it stands within a page, marked where it is in another language."""
        if not self.language:
            return escape(self.text)
        return Markup('<bdi lang="{}">{}</bdi>').format(self.language, self.text)


@dataclass(frozen=True)
class Shower:
    """Shows terms in one language with the names that a snapshot holds."""

    names: NameFinder
    addresses: Addresses
    language: str
    marks: AddressFinder = lambda _: ("", "")

    def show(self, term: Term) -> Shown:
        """Any term."""
        return self.link(term.value) if isinstance(term, NamedNode) else self.literal(term)

    def link(self, iri: str) -> Shown:
        """A thing by its best name, leading to its page."""
        name = best_of(self.names(iri), self.language)
        text = clip(name.value if name else shorten(iri))
        own = self.addresses.of(iri)
        is_external = own == iri
        number, outside = self.marks(iri)
        return Shown(text, own, self._mark(name), iri, is_external, number, outside)

    def name(self, iri: str) -> str:
        """The name of a thing, or the end of its IRI."""
        return self.link(iri).text

    def known_name(self, iri: str) -> str:
        """The name of a thing with its number; empty if it has none."""
        if not self.names(iri):
            return ""
        shown = self.link(iri)
        return f"{shown.number} {shown.text}".strip()

    def literal(self, term: Literal) -> Shown:
        """A text, number, date or address."""
        if term.language:
            return Shown(term.value, language=self._mark(term))
        text = format_literal(term, self.language)
        is_address = is_web_address(text) and " " not in text
        return Shown(text, text if is_address else "", is_external=is_address)

    def _mark(self, name: Literal | None) -> str:
        language = (name.language if name else None) or ""
        return "" if language.partition("-")[0] == self.language else language


def sort_key(shown: Shown) -> tuple[str, str]:
    """Sorts by number, then by name as people do: É beside E."""
    plain = unicodedata.normalize("NFKD", shown.text).casefold()
    text = "".join(each for each in plain if not unicodedata.combining(each))
    return _natural(shown.number), _natural(text)


def _natural(text: str) -> str:
    """Numbers filled up, so that ``2.1`` comes before ``12.7``."""
    return _DIGITS.sub(lambda found: found[0].zfill(_WIDTH), text)


def clip(text: str, longest: int = _LONGEST_NAME) -> str:
    """A name as lists and links show it: the beginning of one that is too long."""
    return text if len(text) <= longest else text[: longest - 2].rstrip() + " …"


def make_plain(text: str, longest: int = _LONGEST_NAME) -> str:
    """A text for places that know no markup, such as a title: one line, running one way."""
    return clip(" ".join(_TURNING.sub("", text).split()), longest)


@lru_cache(maxsize=4096)
def format_number(number: int, language: str) -> str:
    """A count in the manner of the language: ``1,112``."""
    return str(format_decimal(number, locale=language))


def shorten(iri: str) -> str:
    """What stands for an IRI without a name: its end, or a web address without its scheme."""
    if is_web_address(iri) and not page_of(iri):
        bare = iri.partition("://")[2].removeprefix("www.").rstrip("/")
        return bare if len(bare) <= _LONGEST_URL else bare[:_LONGEST_URL] + "…"
    return iri.rstrip("/").rpartition("#")[2].rpartition("/")[2] or iri


def format_literal(term: Literal, language: str) -> str:
    """A literal in the manner of the language; as it stands if it is not well formed."""
    reader = _READERS.get(term.datatype.value.removeprefix(_XSD))
    try:
        return reader(term.value, language) if reader else term.value
    except (ValueError, InvalidOperation):
        return term.value


def _month(text: str, language: str) -> str:
    return format_skeleton("yMMMM", date.fromisoformat(f"{text[:7]}-01"), locale=language)


def _day(text: str, language: str) -> str:
    return format_date(date.fromisoformat(text[:10]), "long", locale=language)


def _moment(text: str, language: str) -> str:
    return format_date(datetime.fromisoformat(text), "long", locale=language)


def _number(text: str, language: str) -> str:
    return str(format_decimal(Decimal(text), locale=language))


def _truth(text: str, language: str) -> str:
    return _("yes") if text in {"true", "1"} else _("no")


_READERS: Final = {
    "gYearMonth": _month,
    "date": _day,
    "dateTime": _moment,
    "decimal": _number,
    "integer": _number,
    "boolean": _truth,
}
"""By XSD type; other types are shown as they are written."""
