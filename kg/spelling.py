"""Words of a search that no thing has, and the known words nearest to them."""

from typing import Final

import tantivy

from kg.generations import Generations
from kg.textschema import words_of

_SPELLINGS: Final = 20_000
"""Words with the same beginning among which a near spelling is looked for."""
_KEPT: Final = 1 << 20
"""Bytes of near words that are remembered, about."""


class Speller:
    """Spells words as one index does."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._near: Generations[str, str] = Generations(_KEPT)

    def correct(self, text: str) -> str:
        """The words of a text, each unknown one as a near known one; nothing if all are known."""
        words = words_of(text)
        corrected = [word if self._is_known(word) else self.nearest(word) for word in words]
        return " ".join(corrected) if corrected != words and all(corrected) else ""

    def nearest(self, word: str) -> str:
        """The known word that differs least, the most frequent of these; itself if none is near."""
        near = self._near.find(word)
        if near is None:
            near = self._look(word)
            self._near.keep(word, near, 200)
        return near

    def _is_known(self, word: str) -> bool:
        return len(word) < 4 or not word.isalpha() or self._searcher.doc_freq("plain", word) > 0

    def _look(self, word: str) -> str:
        bound = 1 if len(word) < 5 else 2
        known = self._searcher.terms_with_prefix("plain", word[0], limit=_SPELLINGS)
        near = [
            (differ(word, other, bound), -count, other)
            for other, count in known
            if abs(len(other) - len(word)) <= bound and other.isalpha()
        ]
        best = min(near, default=(bound + 1, 0, ""))
        return best[2] if best[0] <= bound else word


def differ(one: str, other: str, bound: int) -> int:
    """How many letters are wrong, missing, too many or swapped; one above the bound at most."""
    before: list[int] = []
    line = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        now = [at]
        for to, mark in enumerate(other, 1):
            best = min(line[to] + 1, now[-1] + 1, line[to - 1] + (letter != mark))
            if at > 1 and to > 1 and letter == other[to - 2] and mark == one[at - 2]:
                best = min(best, before[to - 2] + 1)
            now.append(best)
        if min(now) > bound:
            return bound + 1
        before, line = line, now
    return line[-1]
