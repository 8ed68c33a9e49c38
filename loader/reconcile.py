"""Names, codes and keys into the things they stand for; what is unknown or ambiguous is refused."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, Self

from rapidfuzz import fuzz, process

from kg.namespaces import SDG
from loader.normalise import read_sdg
from loader.problems import Misfit, shorten

KEY, NAME, OTHER_NAME, ACRONYM = range(4)
"""How good a match is: of several things that a text may mean, the best kind of match decides."""
MOST_CANDIDATES: Final = 3
LOWEST_SCORE: Final = 76
"""Likeness, of 100, below which a name is no candidate."""
LOWEST_SCORE_OF_CODES: Final = 60
LONGEST_CODE: Final = 3
"""Characters up to which a text is compared as a code and not as a name."""
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'’‘`´ʼʻ′"))


@lru_cache(maxsize=65_536)
def fold(name: str) -> str:
    """The name without case, accents and punctuation: ``Côte d’Ivoire`` gives ``cote divoire``."""
    spread = unicodedata.normalize("NFKD", name.translate(_APOSTROPHES).replace("&", " and "))
    plain = "".join(letter for letter in spread if not unicodedata.combining(letter)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


class NameIndex:
    """The keys of one kind of thing, found by key, name, other name or acronym."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.keys: dict[str, str] = {}
        """Key to the label that is shown to people."""
        self._exact: dict[str, dict[str, int]] = {}
        self._folded: dict[str, dict[str, int]] = {}

    def add(self, key: str, label: str, names: Iterable[tuple[str, int]] = ()) -> None:
        """Make a key known, with its label and other names and how good a match each is."""
        self.keys[key] = label
        for name, rank in ((key, KEY), (label, NAME), *names):
            for index, form in ((self._exact, name), (self._folded, fold(name))):
                if form:
                    ranks = index.setdefault(form, {})
                    ranks[key] = min(rank, ranks.get(key, rank))

    def match(self, text: str) -> list[str]:
        """The keys that the text may mean: none, one, or several that match equally well."""
        found = self._exact.get(text) or self._folded.get(fold(text)) or {}
        best = min(found.values(), default=KEY)
        return sorted(key for key, rank in found.items() if rank == best)

    def find(self, text: str) -> str:
        """The one key that the text means; raises Misfit."""
        return choose([(self.what, key) for key in self.match(text)], {self.what: self}, text)[1]

    def nearest(self, text: str) -> list[tuple[float, str]]:
        """Labels of things with names like the text, each with its likeness."""
        wanted = fold(text)
        is_code = len(wanted) <= LONGEST_CODE
        near = process.extract(
            wanted,
            [name for name in self._folded if is_code or len(name) > LONGEST_CODE],
            scorer=fuzz.ratio if is_code else fuzz.WRatio,
            limit=9,
            score_cutoff=LOWEST_SCORE_OF_CODES if is_code else LOWEST_SCORE,
        )
        scores: dict[str, float] = {}
        for name, score, _ in near:
            for key in sorted(self._folded[name]):
                scores.setdefault(self.show(key), score)
        return [(score, label) for label, score in scores.items()]

    def show(self, key: str) -> str:
        """A key and its label for people: ``CIV (Côte d’Ivoire)``."""
        label = self.keys[key]
        return key if label == key else f"{key} ({shorten(label)})"


class KeyIndex:
    """The keys of one kind of thing that tables name by nothing else."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.keys: dict[str, str] = {}

    def match(self, text: str) -> list[str]:
        """The key, if it is known."""
        return [text] if text in self.keys else []

    def nearest(self, text: str) -> list[tuple[float, str]]:
        """Keys like the text, each with its likeness."""
        near = process.extract(
            text, self.keys.keys(), scorer=fuzz.WRatio, limit=3, score_cutoff=LOWEST_SCORE
        )
        return [(score, key) for key, score, _ in near]

    def show(self, key: str) -> str:
        """The key."""
        return key


Index = NameIndex | KeyIndex


def choose(
    hits: list[tuple[str, str]], indexes: Mapping[str, Index], text: str, *, search: bool = True
) -> tuple[str, str]:
    """The only hit, kind and key; raises Misfit with candidates if there is none, or several."""
    if len(hits) == 1:
        return hits[0]
    what = " or ".join(index.what for index in indexes.values())
    if hits:
        shown = tuple(indexes[kind].show(key) for kind, key in hits)
        raise Misfit(f"“{shorten(text)}” can be more than one {what}. Write the key.", shown)
    near = [found for index in indexes.values() if search for found in index.nearest(text[:200])]
    labels = [label for _, label in sorted(near, key=lambda found: (-found[0], found[1]))]
    candidates = tuple(dict.fromkeys(labels))[:MOST_CANDIDATES]
    raise Misfit(f"“{shorten(text)}” is not a known {what}.", candidates)


class CountryIndex(NameIndex):
    """Countries by ISO codes, M49 number, and names in many languages."""

    @classmethod
    def of(
        cls, rows: Iterable[Mapping[str, str]], alternatives: Iterable[Mapping[str, str]]
    ) -> Self:
        """From the rows of ``countries.csv`` and ``country-alternatives.csv``."""
        index = cls("country")
        for row in rows:
            codes = [(row["iso2"], KEY), (row["m49"], KEY)]
            names = [(name, NAME) for column, name in row.items() if "name_" in column[:8]]
            index.add(row["iso3"], row["name_en"], [*codes, *names])
        for row in alternatives:
            index.add(row["iso3"], index.keys[row["iso3"]], [(row["name"], OTHER_NAME)])
        return index

    def match(self, text: str) -> list[str]:
        """As for any name; a number that lost its leading zeros in a spreadsheet is still M49."""
        is_number = text.isascii() and text.isdigit()
        return super().match(text.zfill(3) if is_number else text)


class SdgIndex(NameIndex):
    """Goals, targets and indicators by number, code or address; one may have two numbers."""

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str]]) -> Self:
        """From the rows of ``sdg.csv``."""
        index = cls("SDG goal, target or indicator")
        for row in rows:
            index.add(row["uri"].removeprefix(SDG), row["short_label_en"], [(row["notation"], KEY)])
            index.numbers.append(row["notation"])
        return index

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.numbers: list[str] = []

    def match(self, text: str) -> list[str]:
        """The key of a number however it is written; labels are not looked at."""
        ranks = self._exact.get(read_sdg(text), {})
        return [key for key, rank in ranks.items() if rank == KEY]

    def nearest(self, text: str) -> list[tuple[float, str]]:
        """The numbers of the same level under the same goal that lie nearest; for codes none."""
        wanted = read_sdg(text).split(".")
        if not wanted[0].isdigit():
            return []
        same = [n.split(".") for n in self.numbers if n.count(".") == len(wanted) - 1]
        kin = [n for n in same if n[:-1] == wanted[:-1]] or [n for n in same if n[0] == wanted[0]]
        near = sorted(kin or same, key=lambda number: _distance(number, wanted))
        return [
            (100 - rank, ".".join(number)) for rank, number in enumerate(near[:MOST_CANDIDATES])
        ]


def _distance(one: list[str], other: list[str]) -> list[int]:
    return [abs(_ordinal(a) - _ordinal(b)) for a, b in zip(one, other, strict=False)]


def _ordinal(part: str) -> int:
    return int(part) if part.isdigit() else 10 + ord(part[0])
