"""Words that no thing has, and the nearest that some have."""

from collections import deque
from collections.abc import Collection, Sequence, Set
from dataclasses import replace
from typing import Final

import tantivy
from rapidfuzz.distance import OSA

from kg.generations import Generations
from kg.searching import Text, fold
from kg.textqueries import has_word
from kg.textschema import words_of

_SPELLINGS: Final = 20_000
"""Words with the same beginning among which a near spelling is looked for."""
_SHORTEST: Final = 5
"""Shorter words are searched for as they stand: too much is near to them."""
_KEPT: Final = 1 << 20
"""Bytes of near words that are remembered, about."""


class Speller:
    """Spells words as the things of one index do."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._kept: Generations[str, str] = Generations(_KEPT)

    def correct(self, text: str) -> str:
        """The words of a text, unknown ones as near known ones; nothing if there is no other."""
        words = words_of(text)
        corrected = self._spell(words, {word for word in words if not self._is_known(word)})
        return " ".join(corrected) if corrected != words else ""

    def mend(self, text: Text, unknown: Collection[str]) -> Text:
        """The text with near words for those unknown, so that it finds what these find."""
        strange = {word for word in unknown if len(word) >= _SHORTEST}
        if not strange:
            return text
        words = dict.fromkeys(self._spell(text.words, strange))
        names = [" ".join(self._spell(name.split(), strange)) for name in text.names]
        return replace(text, words=tuple(words), names=tuple(map(fold, names)))

    def _spell(self, words: Sequence[str], unknown: Set[str]) -> list[str]:
        """The words, unknown ones joined with their neighbour (breast feeding) or by near ones."""
        spelled: list[str] = []
        waiting = deque(words)
        while waiting:
            word = waiting.popleft()
            beside = waiting[0] if waiting else ""
            whole = self._join(word, beside) if unknown & {word, beside} else ""
            if whole:
                waiting.popleft()
            spelled.append(whole or (self._near(word) if word in unknown else "") or word)
        return spelled

    def _join(self, one: str, other: str) -> str:
        """The known word that is spelled like both together, or nothing."""
        whole = one + other
        if not other or len(whole) < 2 * _SHORTEST or not whole.isalpha():
            return ""
        return whole if has_word(self._searcher, whole) else self._near(whole)

    def _is_known(self, word: str) -> bool:
        return len(word) < 4 or not word.isalpha() or has_word(self._searcher, word)

    def _near(self, word: str) -> str:
        """The known word that was meant, or nothing."""
        near = self._kept.find(word)
        if near is None:
            near = self._look(word)
            self._kept.keep(word, near, 200)
        return near

    def _look(self, word: str) -> str:
        """People seldom err in the first two letters, or more than once."""
        bound = 1 if len(word) < 5 else 2
        return self._nearest(word, word[:2], 1) or self._nearest(word, word[:1], bound)

    def _nearest(self, word: str, begun: str, bound: int) -> str:
        """The known word so begun that differs least, the most frequent of these, or nothing."""
        known = self._searcher.terms_with_prefix("plain", begun, limit=_SPELLINGS)
        near = [
            (differ(word, other, bound), -count, other) for other, count in known if other.isalpha()
        ]
        best = min(near, default=(bound + 1, 0, ""))
        return best[2] if best[0] <= bound else ""


def differ(one: str, other: str, bound: int) -> int:
    """How many letters are wrong, missing, too many or swapped; one above the bound at most."""
    return OSA.distance(one, other, score_cutoff=bound)
