"""Answers made ahead: those of the offered queries, kept with each release."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from kg.catalogue import NamedQuery
from kg.engines import QueryEngine, QueryRequest
from kg.engines.formats import GRAPHS, TABLES

FOLDER: Final = "answers"
_LIST: Final = "answers.json"
_LONG: Final = 1 << 20
"""Bytes up to which an answer is kept in every format of tables, else in the first alone."""
_LONGEST: Final = 64 << 20
"""Bytes up to which an answer is kept at all."""


@dataclass(frozen=True)
class ReadyAnswer:
    """One answer in one format."""

    name: str
    """Of the query in the catalogue."""
    query: str
    """The SPARQL text with its example values in it."""
    media_type: str
    file: str
    """Name in the folder of answers."""
    length: int
    seconds: float
    """Time that the engine took."""


def answer_ahead(folder: Path, queries: Iterable[NamedQuery], engine: QueryEngine) -> int:
    """Ask all queries with their example values, and write the answers; the number of queries."""
    folder.mkdir()
    kept = [each for query in queries for each in _answer(folder, query, engine)]
    text = json.dumps([asdict(each) for each in kept], indent=1, ensure_ascii=False) + "\n"
    (folder / _LIST).write_text(text, encoding="utf-8")
    return len({each.name for each in kept})


def read_ready(folder: Path) -> list[ReadyAnswer]:
    """The answers in a folder that `answer_ahead` filled."""
    rows: list[dict[str, Any]] = json.loads((folder / _LIST).read_bytes())
    return [ReadyAnswer(**row) for row in rows]


def _answer(folder: Path, query: NamedQuery, engine: QueryEngine) -> Iterator[ReadyAnswer]:
    is_graph = query.form in ("CONSTRUCT", "DESCRIBE")
    text = query.bind(query.parameters)
    for number, each in enumerate(GRAPHS[:1] if is_graph else TABLES):
        answer = engine.run(QueryRequest(text, each.media_type, each.media_type))
        content = answer.read()
        if len(content) > (_LONG if number else _LONGEST):
            return
        file = f"{query.name.replace('/', '-')}.{each.key}"
        (folder / file).write_bytes(content)
        yield ReadyAnswer(query.name, text, each.media_type, file, len(content), answer.seconds)
        if len(content) > _LONG:
            return
