"""Cells into values: years, dates, codes, keys, addresses and text.

Each reader is pure, returns the value in its one written form, and raises `Misfit` with advice
where the cell does not say clearly what it means. Nothing is guessed.
"""

import html
import re
import unicodedata
from datetime import date
from typing import Final
from urllib.parse import quote, urlsplit

from loader.problems import Misfit, shorten

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
EARLIEST_YEAR: Final = 1900
"""No cooperation told of here began before."""
LATEST_END: Final = 30
"""Years that a planned end may lie ahead."""
LONGEST_NUMBER: Final = 30
"""Characters of a number."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_YEAR = re.compile(r"[12][0-9]{3}")
_YEARS_INSIDE = re.compile(r"(?<![0-9])[12][0-9]{3}(?![0-9])")
_DATE = re.compile(r"([12][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_OTHER_DATE = re.compile(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.S)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.I | re.S)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]|[\ud800-\udfff]"
)
_BAD_IN_IRI = re.compile(r"[\x00-\x20\x7f-\xa0<>\"{}|\\^`\u2028\u2029\ud800-\udfff]|\s")
_SDG_PREFIX = re.compile(
    r"(?:https?://metadata\.un\.org/sdg/|(?:sdg|goal|target|indicator)s?[ :-]?)\s*", re.I
)
_SDG = re.compile(r"0*([1-9][0-9]?)(?:\.(?:0*([1-9][0-9]?)|([a-d]))(?:\.0*([1-9]))?)?", re.I)
_INDICATOR_CODE = re.compile(r"C[0-9]{6}", re.I)
_YES: Final = {"yes": True, "true": True, "no": False, "false": False}


def split_cell(cell: str) -> list[str]:
    """The values of a cell, joined there by semicolons; empty parts are left out."""
    return [part for piece in cell.split(";") if (part := piece.strip())]


def read_text(cell: str) -> str:
    """Plain text, composed (NFC) and trimmed; refuses HTML and control characters."""
    text = unicodedata.normalize("NFC", cell).strip()
    if "<" in text or "&" in text:
        _refuse_html(text)
    if found := _CONTROL.search(text):
        raise Misfit(
            f"The text holds an invisible character (U+{ord(found[0]):04X}). Remove it.",
        )
    return text


def _refuse_html(text: str) -> None:
    if found := _TAG.search(text) or _ENTITY.search(text):
        clean = html.unescape(_TAG.sub("", _SCRIPT.sub("", text)))
        raise Misfit(
            f"The text holds HTML ({shorten(found[0])}). Write plain text.",
            (shorten(clean.strip()),) if clean.strip() else (),
        )


def read_year(cell: str, latest: int) -> str:
    """Four digits, not after the latest year: ``2013``."""
    text = cell.strip()
    if not _YEAR.fullmatch(text):
        raise Misfit(*_year_advice(text))
    if int(text) > latest:
        raise Misfit(f"The year {text} lies in the future (after {latest}). Check it.")
    if int(text) < EARLIEST_YEAR:
        raise Misfit(f"The year {text} lies before {EARLIEST_YEAR}. Check it.")
    return text


def _year_advice(text: str) -> tuple[str, tuple[str, ...]]:
    years = tuple(dict.fromkeys(_YEARS_INSIDE.findall(text)))
    if len(years) > 1:
        advice = "Put the first year and the last year into columns of their own."
    elif years:
        advice = "If it is uncertain, leave the cell empty and say so in the description."
    else:
        advice = "A year has four digits, like 2013."
    return f"“{shorten(text)}” is not one year. {advice}", years


def read_date(cell: str) -> tuple[str, str]:
    """A day, month or year that exists, with its datatype: ``("2018-05", "…#gYearMonth")``."""
    text = cell.strip()
    match = _DATE.fullmatch(text)
    if not match:
        raise Misfit(*_date_advice(text))
    year, month, day = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise Misfit(f"The date {text} does not exist.") from None
    return text, _XSD + ("date" if day else "gYearMonth" if month else "gYear")


def _date_advice(text: str) -> tuple[str, tuple[str, ...]]:
    form = "Write 2018-05-18 (year, month, day), 2018-05 or 2018."
    if _OTHER_DATE.search(text):
        return f"“{shorten(text)}” can be read in more than one way. {form}", ()
    return f"“{shorten(text)}” is not a date. {form}", tuple(_YEARS_INSIDE.findall(text)[:3])


def read_decimal(cell: str) -> str:
    """A number without separators, as written but without needless signs: ``1000000``."""
    text = cell.strip()
    if not text.isascii() or not _DECIMAL.fullmatch(text):
        plain = re.sub(r"USD|US\$|[\s,'’_$€]", "", text)
        fits = plain.isascii() and _DECIMAL.fullmatch(plain)
        raise Misfit(
            f"“{shorten(text)}” is not a plain number. Write digits, with a point before decimals "
            "and without separators, units or signs of currency.",
            (plain,) if fits else (),
        )
    if len(text) > LONGEST_NUMBER:
        raise Misfit(f"“{shorten(text)}” has more than {LONGEST_NUMBER} digits. Check it.")
    sign = "-" if text.startswith("-") else ""
    whole, _, rest = text.lstrip("+-").partition(".")
    return f"{sign}{whole or '0'}{'.' + rest if rest else ''}"


def read_integer(cell: str) -> str:
    """A whole number without leading zeros."""
    number = read_decimal(cell)
    if "." in number:
        raise Misfit(f"“{shorten(cell.strip())}” is not a whole number.")
    return str(int(number))


def read_boolean(cell: str) -> bool:
    """Yes or no."""
    value = _YES.get(cell.strip().lower())
    if value is None:
        raise Misfit(f"“{shorten(cell.strip())}” is neither yes nor no.", ("yes", "no"))
    return value


def read_slug(cell: str) -> str:
    """A key: small letters a to z, digits and single hyphens."""
    text = cell.strip()
    if _SLUG.fullmatch(text):
        return text
    suggestion = slugify(text)
    raise Misfit(
        f"“{shorten(text)}” cannot be a key. A key has small letters a to z, digits and hyphens "
        "only, since it becomes part of a web address.",
        (suggestion,) if suggestion else (),
    )


def slugify(text: str) -> str:
    """The text as a key: ``Côte d’Ivoire`` gives ``cote-divoire``; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def read_iri(cell: str) -> str:
    """A web address with http or https and without spaces."""
    text = unicodedata.normalize("NFC", cell.strip())
    scheme, colon, _ = text.partition(":")
    if not colon or scheme.lower() not in ("http", "https"):
        raise Misfit(
            f"“{shorten(text)}” is not a web address. It must begin with http:// or https://."
        )
    if found := _BAD_IN_IRI.search(text):
        name = "a space" if found[0].isspace() else f"the character {found[0]!r}"
        raise Misfit(f"The address “{shorten(text)}” holds {name}.", _encode_iri(text))
    if not _has_host(text):
        raise Misfit(f"The address “{shorten(text)}” names no site.")
    return text


def _encode_iri(text: str) -> tuple[str, ...]:
    encoded = _BAD_IN_IRI.sub(lambda found: quote(found[0], errors="ignore"), text)
    return (shorten(encoded),) if _has_host(encoded) else ()


def _has_host(text: str) -> bool:
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def read_sdg(cell: str) -> str:
    """Number of a goal, target or indicator, or its code: ``SDG 02.01`` gives ``2.1``."""
    text = cell.strip()
    bare = _SDG_PREFIX.sub("", text, count=2) if not text[:1].isdigit() else text
    bare = bare.rstrip("/")
    if _INDICATOR_CODE.fullmatch(bare):
        return bare.upper()
    match = _SDG.fullmatch(bare)
    if not match or not text.isascii():
        raise Misfit(
            f"“{shorten(text)}” is not the number of an SDG goal, target or indicator. "
            "Write 2, 2.1 or 2.1.1."
        )
    goal, number, letter, indicator = match.groups()
    parts = [goal, number or (letter.lower() if letter else None), indicator]
    return ".".join(part for part in parts if part)
