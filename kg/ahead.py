"""An engine that gives the answers which were made ahead, and asks another one for the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.engines import QueryAnswer, QueryEngine, QueryRequest, RunningQuery
from kg.errors import EngineFailed
from kg.ready import FOLDER, ReadyAnswer, read_ready
from kg.releases import Releases
from kg.settings import Settings
from kg.snapshots import Snapshots

_Place = tuple[str, str, str]
"""Snapshot, query and media type."""


@dataclass(frozen=True)
class _Shelf:
    """What stands ready at one moment."""

    age: int = 0
    """When the folder of releases changed last."""
    queries: frozenset[str] = frozenset()
    answers: Mapping[_Place, tuple[Path, ReadyAnswer]] = field(default_factory=dict)


class AnsweredAhead:
    """Answers the offered queries with their example values from the releases, at once."""

    def __init__(self, engine: QueryEngine, settings: Settings) -> None:
        self._engine = engine
        self._snapshots = Snapshots(settings.home)
        self._releases = Releases(settings.home)
        self._is_remote = bool(settings.engine)
        self._shelf = _Shelf()

    def run(self, request: QueryRequest) -> QueryAnswer:
        """The answer, on exactly the snapshot that is asked for."""
        answer = self._find(request) or self._engine.run(request)
        if request.snapshot and answer.snapshot != request.snapshot:
            answer.file.close()
            raise EngineFailed(
                f"This server's engine answers from {answer.snapshot} only, not from the "
                f"snapshot {request.snapshot} that was asked for."
            )
        return answer

    def submit(self, request: QueryRequest) -> None:
        """Queue the query at the other engine."""
        self._engine.submit(request)

    def fetch(self, query_id: str) -> QueryAnswer | None:
        """The answer that the other engine keeps."""
        return self._engine.fetch(query_id)

    def running(self) -> list[RunningQuery]:
        """What waits or runs at the other engine."""
        return self._engine.running()

    def stop(self, query_id: str) -> bool:
        """Stop a query of the other engine."""
        return self._engine.stop(query_id)

    def tell_store(self) -> str:
        """Where the other engine has the served snapshot."""
        return self._engine.tell_store()

    def _find(self, request: QueryRequest) -> QueryAnswer | None:
        shelf = self._look()
        if request.query not in shelf.queries or request.default_graphs or request.named_graphs:
            return None
        if self._is_remote and not request.snapshot:
            return None  # the other server may hold something else than we serve
        snapshot = request.snapshot or self._snapshots.current().id
        for media_type in (request.table, request.graph):
            if found := shelf.answers.get((snapshot, request.query, media_type or "")):
                return _open(snapshot, *found)
        return None

    def _look(self) -> _Shelf:
        """What stands ready now; read again when a release came."""
        try:
            age = self._releases.folder.stat().st_mtime_ns
        except FileNotFoundError:
            return _Shelf()
        if age != self._shelf.age:
            self._shelf = _read(self._releases, age)
        return self._shelf


def _read(releases: Releases, age: int) -> _Shelf:
    answers = {}
    for release in releases.all():
        snapshot = str(release.facts["snapshot"])
        for each in read_ready(release.path / FOLDER):
            path = release.path / FOLDER / each.file
            answers[snapshot, each.query, each.media_type] = (path, each)
    return _Shelf(age, frozenset(query for _, query, _ in answers), answers)


def _open(snapshot: str, path: Path, ready: ReadyAnswer) -> QueryAnswer:
    return QueryAnswer(
        ready.media_type, path.open("rb"), ready.length, snapshot, ready.seconds, True
    )
