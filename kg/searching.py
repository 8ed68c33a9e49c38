"""What a search asks for, and how its text is read.

Words are looked for in any form; all of them, or half of them where no thing holds all. A
``"phrase in quotes"`` must stand as it is written. ``title:word``, ``theme:word``,
``country:"two words"`` and so on look in one place (`FIELDS`). What begins with ``-`` must not be
there.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Literal, Self

from kg.textschema import FOLDED, is_telling, normalise, words_of

Order = Literal["best", "newest", "oldest", "title"]
Chosen = Mapping[str, tuple[str, ...]]

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "",
        "theme": "theme",
        "country": "country",
        "provider": "country",
        "recipient": "country",
        "facilitator": "country",
        "region": "region",
        "actor": "actor",
        "instrument": "instrument",
        "population": "population",
        "form": "form",
        "sdg": "sdg",
    }
)
"""Names before a colon, with the kind of the things that are values of this facet."""
_PART: Final = re.compile(
    rf"(?P<minus>(?<!\S)-)?(?:(?P<field>{'|'.join(FIELDS)}):)?"
    r'(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))',
    re.IGNORECASE,
)
_LONGEST: Final = 20
"""Words and parts of a search that are looked at; the rest is left out."""


@dataclass(frozen=True)
class Wanted:
    """What a search asks for; a thing must have one of the values of each facet chosen."""

    text: str = ""
    chosen: Chosen = field(default_factory=dict)
    """Values by facet: IRIs; for ``kind`` its key, for ``sourcelang`` a tag."""
    since: int = 0
    until: int = 0
    """Years in which it began or ran. With either, things that tell no year are left out."""

    @property
    def key(self) -> tuple[object, ...]:
        """The same for searches that ask for the same."""
        chosen = sorted((name, tuple(sorted(set(each)))) for name, each in self.chosen.items())
        return (self.text, tuple(chosen), self.since, self.until)

    def without(self, facet: str) -> Self:
        """The same search with nothing chosen of this facet."""
        if facet not in self.chosen:
            return self
        kept = {name: values for name, values in self.chosen.items() if name != facet}
        return replace(self, chosen=kept)


@dataclass(frozen=True)
class Part:
    """A piece of the text that is no plain word."""

    words: tuple[str, ...]
    field: str = ""
    """Where to look, one of `FIELDS`; empty for everywhere."""
    is_excluded: bool = False


@dataclass(frozen=True)
class Text:
    """The text of a search, read."""

    words: tuple[str, ...]
    """Folded; words such as "in" or "de" only if there are no others."""
    names: tuple[str, ...]
    """Whole names that the words may be."""
    parts: tuple[Part, ...]

    @property
    def is_ranked(self) -> bool:
        """Whether some things fit it better than others."""
        return bool(self.words) or any(not each.is_excluded for each in self.parts)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.words and not self.parts


def read_text(text: str) -> Text:
    """The words and parts of any text; nothing raises."""
    plain: list[str] = []
    parts: list[Part] = []
    for each in _PART.finditer(text):
        words = tuple(words_of(each["phrase"] or each["word"] or ""))[:_LONGEST]
        if not words:
            continue
        if each["minus"] or each["field"] or each["phrase"] is not None:
            parts.append(Part(words, (each["field"] or "").lower(), bool(each["minus"])))
        else:
            plain.append(each["word"])
    named = " ".join(plain)
    return Text(tuple(_words(named)), tuple(whole_names(named)), tuple(parts[:_LONGEST]))


def _words(text: str) -> list[str]:
    words = words_of(text)[:_LONGEST]
    return list(dict.fromkeys([word for word in words if is_telling(word)] or words))


def whole_names(text: str) -> Sequence[str]:
    """What a thing may be called by these words; for ``SDG 2.1`` also ``2.1``."""
    name = fold(text)
    number = name.partition(" ")[2]
    return [name, number] if number and name[0].isalpha() and number[0].isdecimal() else [name]


def fold(text: str) -> str:
    """A whole name without accents, case and marks."""
    return " ".join(FOLDED.analyze(normalise(text)))
