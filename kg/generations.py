"""A bounded memory of what was asked for lately, safe between threads without a lock.

Two generations instead of a list by age: what is asked for moves to the younger one, and when that
is full the older one is let go. No thread waits for another.
"""

from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Generations(Generic[Key, Value]):
    """Values up to a number of bytes; those that nobody asked for the longest go first."""

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self._young: dict[Key, tuple[Value, int]] = {}
        self._old: dict[Key, tuple[Value, int]] = {}
        self._size = 0

    def find(self, key: Key) -> Value | None:
        """What is remembered under a key."""
        if entry := self._young.get(key):
            return entry[0]
        if entry := self._old.get(key):
            self.keep(key, *entry)
            return entry[0]
        return None

    def keep(self, key: Key, value: Value, size: int) -> None:
        """Remember a value that takes so many bytes, about."""
        if self._size + size > self.bound // 2:
            self._old, self._young, self._size = self._young, {}, 0
        self._young[key] = (value, size)
        self._size += size
