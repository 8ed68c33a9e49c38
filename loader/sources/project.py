"""What the project ships, by source: the ontology, reference data, and the editors' tables."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.errors import BadInput
from kg.records import Record
from loader.forms import read_forms
from loader.problems import RowProblem
from loader.sources import queries, reference
from loader.sources.layouts import learn_tables
from loader.sources.lookup import PROJECT_SOURCE, Lookup
from loader.sources.rows import read_tables
from loader.sources.turtle import read_turtle
from loader.tables import read_rows

_Read = Callable[[Iterable[reference.Row], str], Iterator[Record]]
_REFERENCE: Final[tuple[tuple[str, _Read], ...]] = (
    ("regions.csv", reference.read_regions),
    ("country-groups.csv", reference.read_groups),
    ("sdg.csv", reference.read_sdgs),
    ("crc-articles.csv", reference.read_articles),
    ("iati-codelists.csv", reference.read_iati_codes),
    ("iati-codelists.csv", reference.read_iati_lists),
    ("publications.csv", reference.read_publications),
)


def read_lookup(project: Path) -> Lookup:
    """What the folders ontology, shapes and data of the project make known."""
    lookup = Lookup(read_forms(project / "shapes"))
    lookup.learn_reference(project / "data" / "reference")
    lookup.learn_concepts(sorted((project / "ontology" / "schemes").glob("*.ttl")))
    learn_tables(sorted((project / "data" / "practices").glob("*.csv")), lookup)
    return lookup


def read_project_source(
    project: Path, source: str, lookup: Lookup
) -> Iterator[Record | RowProblem]:
    """All records of one of the sources of the project, ``reference`` for example."""
    if source == "vocabulary":
        return _read_vocabulary(project / "ontology", source)
    if source == "reference":
        return _read_reference(project / "data" / "reference", source)
    if source == queries.SOURCE:
        return queries.read_queries(project)
    if source == PROJECT_SOURCE:
        return read_tables(sorted((project / "data" / "practices").glob("*.csv")), source, lookup)
    raise BadInput(f"The project ships no source {source!r}.")


def _read_vocabulary(folder: Path, source: str) -> Iterator[Record]:
    """Records of our terms and concepts; what the ontology says of foreign terms is no record."""
    items = read_turtle(sorted(folder.rglob("*.ttl")), source)
    return (item for item in items if isinstance(item, Record))


def _read_reference(folder: Path, source: str) -> Iterator[Record]:
    groups = list(read_rows(folder / "country-groups.csv"))
    yield from reference.read_countries(read_rows(folder / "countries.csv"), groups, source)
    for name, read in _REFERENCE:
        yield from read(read_rows(folder / name), source)
