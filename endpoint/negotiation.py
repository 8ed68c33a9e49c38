"""Content negotiation: which of the offered media types a request accepts best."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_ANY: Final = "*/*"
_USUAL: Final = 512
"""Characters up to which a header is kept with its choice; longer ones are no client's habit."""
HTML: Final = "text/html"


@dataclass(frozen=True)
class Range:
    """One entry of an Accept header, for example ``text/*;q=0.5``."""

    kind: str
    subkind: str
    parameters: int
    quality: float

    @property
    def specificity(self) -> tuple[bool, bool, int]:
        """Orders ranges: the more specific one decides, RFC 9110 section 12.5.1."""
        return self.kind != "*", self.subkind != "*", self.parameters

    def covers(self, media_type: str) -> bool:
        """Whether a media type is meant; parameters of the range narrow nothing."""
        kind, _, subkind = media_type.partition("/")
        return self.kind in ("*", kind) and self.subkind in ("*", subkind)


def choose(accept: str, offers: Sequence[str]) -> str | None:
    """The best of the offers (a tuple, the server's favourite first), or none."""
    return _choose_often(accept, offers) if len(accept) <= _USUAL else _choose(accept, offers)


def _choose(accept: str, offers: Sequence[str]) -> str | None:
    ranges = read_accept(accept)
    best = max(offers, key=lambda offer: _quality(offer, ranges), default=None)
    return best if best is not None and _quality(best, ranges) > 0 else None


_choose_often = lru_cache(maxsize=1024)(_choose)


def read_accept(accept: str) -> tuple[Range, ...]:
    """The ranges of an Accept header; an empty or unreadable one accepts everything."""
    ranges = tuple(each for part in accept.split(",") if (each := _read_range(part)))
    return ranges or (Range("*", "*", 0, 1.0),)


def _quality(offer: str, ranges: tuple[Range, ...]) -> float:
    fitting = [each for each in ranges if each.covers(offer)]
    return max(fitting, key=lambda each: each.specificity).quality if fitting else 0.0


def _read_range(text: str) -> Range | None:
    media_type, *parameters = (part.strip().lower() for part in text.split(";"))
    kind, slash, subkind = (_ANY if media_type == "*" else media_type).partition("/")
    if not slash or not kind or not subkind:
        return None
    values = dict(_split_parameter(parameter) for parameter in parameters if parameter)
    quality = read_quality(values.pop("q", "1"))
    return Range(kind, subkind, len(values), quality)


def _split_parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def read_quality(text: str) -> float:
    """The value of a `q` parameter; 0 if it cannot be read."""
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0
