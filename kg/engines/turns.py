"""Whose turn it is: waiting queries in one line a client, so that nobody waits for a crowd."""

import math
from bisect import insort
from collections import OrderedDict
from collections.abc import Iterator, Mapping

from kg.engines.runs import Run


class Turns:
    """Lines of waiting queries; the client that was served the longest ago stands first."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, list[Run]] = OrderedDict()

    def __iter__(self) -> Iterator[Run]:
        """All that wait, line by line."""
        for line in self._lines.values():
            yield from line

    def __bool__(self) -> bool:
        """Whether anybody waits."""
        return bool(self._lines)

    def add(self, run: Run) -> None:
        """Let a query wait at the end of its client's line."""
        self._lines.setdefault(run.client, []).append(run)

    def put_back(self, run: Run) -> None:
        """Let a query wait again that could not use its turn to the end, where it stood."""
        insort(self._lines.setdefault(run.client, []), run, key=lambda each: each.since)

    def remove(self, run: Run) -> bool:
        """Take a query out; whether it waited."""
        for client, line in self._lines.items():
            if run in line:
                self._take(client, line.index(run))
                return True
        return False

    def next(self, at_work: Mapping[str, int], most: float = math.inf) -> Run | None:
        """The query whose turn it is: of the client with the fewest at work, if below `most`."""
        if not self._lines:
            return None
        client = min(self._lines, key=lambda each: at_work.get(each, 0))
        if at_work.get(client, 0) >= most:
            return None
        return self.serve(self._lines[client][0])

    def next_fresh(self) -> Run | None:
        """The newest query that was not tried yet, of the client served the longest ago."""
        for line in self._lines.values():
            for run in reversed(line):
                if not run.is_long:
                    return self.serve(run)
        return None

    def count(self, is_long: bool) -> int:
        """How many wait that are known to be long, or are not."""
        return sum(run.is_long == is_long for run in self)

    def take_surplus(self, is_long: bool) -> Run | None:
        """The query to turn away: of the client that has the most waiting.

        Of those that were not tried yet the oldest, since the newest is tried first.
        """
        lines = {
            client: found
            for client, line in self._lines.items()
            if (found := [place for place, run in enumerate(line) if run.is_long == is_long])
        }
        if not lines:
            return None
        client = max(lines, key=lambda each: len(lines[each]))
        return self._take(client, lines[client][-1 if is_long else 0])

    def serve(self, run: Run) -> Run:
        """Take a query out whose turn it is."""
        client = run.client
        self._take(client, self._lines[client].index(run))
        if client in self._lines:
            self._lines.move_to_end(client)
        return run

    def _take(self, client: str, place: int) -> Run:
        line = self._lines[client]
        run = line.pop(place)
        if not line:
            del self._lines[client]
        return run
