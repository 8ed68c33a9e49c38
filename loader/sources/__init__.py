"""Files in, records out: the tables of partners and editors, reference data, and the ontology."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import BadInput
from kg.records import Record
from loader.normalise import read_slug
from loader.problems import Misfit, RowProblem
from loader.sources.lookup import Lookup
from loader.sources.project import read_lookup, read_project_source
from loader.sources.rows import read_tables
from loader.sources.turtle import read_turtle

__all__ = ["Lookup", "read_lookup", "read_project_source", "read_source", "read_sources"]


def read_source(path: Path, source: str, lookup: Lookup) -> Iterator[Record | RowProblem]:
    """The records of one file (CSV or Turtle) of a source, and what is wrong with its rows.

    Streams; raises BadInput where the file as a whole cannot be read.
    """
    return read_sources([path], source, lookup)


def _check_source(source: str) -> None:
    """Raise BadInput for a name that cannot be part of an address."""
    try:
        read_slug(source)
    except Misfit as misfit:
        raise BadInput(f"The name of the source will not do: {misfit.message}") from None


def read_sources(
    paths: Sequence[Path], source: str, lookup: Lookup
) -> Iterator[Record | RowProblem]:
    """The records of several files of a source, whose rows may refer to each other."""
    _check_source(source)
    turtle = [path for path in paths if path.suffix.lower() == ".ttl" and path.is_file()]
    yield from read_turtle(turtle, source)
    yield from read_tables([path for path in paths if path not in turtle], source, lookup)
