"""What a table describes, told from its header: which kinds of things, in which columns."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz, process

from kg.errors import BadInput
from kg.namespaces import expand
from loader.forms import Form
from loader.normalise import read_slug
from loader.problems import Misfit, RowProblem, shorten
from loader.sources.citations import pair_sources
from loader.sources.lookup import Lookup
from loader.sources.mapper import split_language
from loader.sources.parts import PARTS
from loader.tables import Row, Table, open_table

CLASSES: Final[Mapping[str, str]] = {
    "practice": "ssc4c:Practice",
    "initiative": "ssc4c:Initiative",
    "adaptation": "ssc4c:Adaptation",
    "need": "ssc4c:Need",
    "offer": "ssc4c:Offer",
    "challenge": "ssc4c:Challenge",
    "idea": "ssc4c:Idea",
    "event": "ssc4c:Event",
    "publication": "ssc4c:Publication",
    "community": "ssc4c:Community",
    "actor": "ssc4c:Organization",
}
"""Kind of the things that tables describe, to their class."""
_TOGETHER: Final = (
    ("practice", "initiative", "adaptation"),
    ("need", "offer"),
    *((kind,) for kind in list(CLASSES)[5:]),
)
"""Kinds that share a table, told apart by its column ``kind``."""
_KEYS: Final = ("id", "key")
_LIKE: Final = 75
"""Likeness, of 100, from which an unknown column counts as a known one misspelt."""
_NEAR: Final = 65
"""Likeness from which a known column is worth a hint."""
HINTS: Final[Mapping[str, tuple[str, ...]]] = {
    "recipient": ("beneficiary_countries",),
    "beneficiary": ("beneficiary_countries", "beneficiaries_stated"),
    "receiver": ("beneficiary_countries",),
    "donor": ("provider_countries",),
    "giver": ("provider_countries",),
    "provider": ("provider_countries",),
    "country": ("origin_country", "owner_country", "country_iso3", "countries"),
    "form": ("form",),
    "implementing": ("lead_organisations",),
    "implementer": ("lead_organisations",),
    "executing": ("lead_organisations",),
    "organisation": ("lead_organisations", "organisers"),
    "organization": ("lead_organisations", "organisers"),
    "facilitator": ("facilitating_partners",),
    "partner": ("facilitating_partners", "other_actors"),
    "actor": ("other_actors",),
    "name": ("title", "name"),
    "description": ("summary", "description"),
    "abstract": ("summary", "description"),
    "summary": ("summary", "description"),
    "theme": ("theme_keys", "themes"),
    "topic": ("theme_keys", "themes"),
    "sector": ("theme_keys", "themes"),
    "sdg": ("sdg_targets_stated", "sdg_targets_assigned"),
    "goal": ("sdg_targets_stated", "sdg_targets_assigned"),
    "target": ("sdg_targets_stated", "sdg_targets_assigned"),
    "instrument": ("instrument_keys",),
    "group": ("population_keys",),
    "result": ("results_stated",),
    "outcome": ("results_stated",),
    "budget": ("budget_usd",),
    "cost": ("budget_usd",),
    "year": ("start_year", "year"),
    "start": ("start_year", "start_date", "started"),
    "end": ("end_year", "end_date", "valid_until"),
    "url": ("source_urls", "source_url", "homepage", "url"),
    "link": ("source_urls", "source_url", "homepage", "url"),
    "source": ("source_urls", "source_url"),
    "website": ("homepage", "source_urls"),
}
"""Word in the name of an unknown column to the columns that may be meant."""


Places = dict[tuple[str, str], tuple[str, int]]
"""Kind and key of a thing to the file and row that describe it first."""


@dataclass(frozen=True)
class Layout:
    """The kinds of things that the rows of a table describe, and where its key and kind stand."""

    kinds: tuple[str, ...]
    header: tuple[str, ...]
    columns: frozenset[str]
    """All columns that such a table may have."""
    key_place: int
    kind_place: int | None

    def key_of(self, row: Row) -> str:
        """The key of what the row describes."""
        return row.cells[self.key_place].strip()

    def kind_of(self, row: Row) -> str:
        """The kind of what the row describes; raises Misfit."""
        if self.kind_place is None:
            return self.kinds[0]
        cell = row.cells[self.kind_place].strip()
        kind = cell.lower()
        if kind not in self.kinds:
            raise Misfit(f"“{shorten(cell)}” is not a kind of row in such a table.", self.kinds)
        return kind


def recognise(name: str, header: tuple[str, ...], forms: Mapping[str, Form]) -> Layout:
    """The layout that fits the header best; raises BadInput where none fits."""
    options = [(kinds, columns_of(kinds, forms)) for kinds in _TOGETHER]
    kinds, columns = max(options, key=lambda option: _fit(header, option[1]))
    if len(columns.intersection(header)) < 2:
        raise BadInput(
            f"{name}: The header does not look like a table of practices, organisations, "
            f"challenges, needs and offers, ideas, events, publications or communities. "
            f"Its first columns are {', '.join(header[:5])}."
        )
    places = {column: place for place, column in enumerate(header)}
    key_place = next((places[column] for column in _KEYS if column in places), -1)
    kind_place = places.get("kind") if len(kinds) > 1 else None
    return Layout(kinds, header, columns, key_place, kind_place)


def columns_of(kinds: Iterable[str], forms: Mapping[str, Form]) -> frozenset[str]:
    """The columns that a table of these kinds may have."""
    names = {*_KEYS}
    for kind in kinds:
        form = forms.get(expand(CLASSES[kind]))
        names.update(field.column for field in (form.fields if form else ()) if field.column)
        names.update(column for part in PARTS.get(kind, ()) for column in part.columns)
    return frozenset(names)


def _fit(header: Sequence[str], columns: frozenset[str]) -> float:
    known = sum(is_known(column, columns) for column in header)
    return known - (len(header) - known) / 2


def is_known(column: str, columns: frozenset[str]) -> bool:
    """Whether a column belongs to a layout, by its name or its name without a language."""
    return column in columns or split_language(column)[0] in columns


def find_unknown(layout: Layout) -> list[str]:
    """The columns of a table that no form and no part knows."""
    return [column for column in layout.header if not is_known(column, layout.columns)]


def count_filled(table: Table, columns: Iterable[str]) -> Counter[str]:
    """How many rows hold data in each of some columns; reads the table if there are any."""
    places = {column: table.header.index(column) for column in columns}
    filled: Counter[str] = Counter()
    for row in table.rows() if places else ():
        if isinstance(row, Row):
            filled.update(column for column, place in places.items() if row.cells[place].strip())
    return filled


def check_header(name: str, layout: Layout, filled: Mapping[str, int]) -> list[RowProblem]:
    """What is wrong with the header: columns that are missing, misspelt or not known.

    For unknown columns the number of rows that hold data there is told.
    """
    unknown = find_unknown(layout)
    missing = _missing(layout)
    absent = sorted(layout.columns.difference(layout.header))
    problems = [_tell_missing(name, column, unknown) for column in missing]
    return problems + [
        _tell_unknown(name, column, absent, filled.get(column, 0)) for column in unknown
    ]


def _missing(layout: Layout) -> list[str]:
    own = [column for column in _KEYS if column in layout.header]
    title = "name" if "actor" in layout.kinds else "title"
    has_title = any(split_language(column)[0] == title for column in layout.header)
    lacking = [] if own else ["id" if "practice" in layout.kinds else "key"]
    lacking += [] if has_title else [title]
    return lacking + (["kind"] if len(layout.kinds) > 1 and layout.kind_place is None else [])


def _tell_missing(name: str, column: str, unknown: list[str]) -> RowProblem:
    near = tuple(
        near for near, _, _ in process.extract(column, unknown, scorer=fuzz.ratio, score_cutoff=60)
    )
    return RowProblem(
        name, 1, column, "", "The column is missing; without it no row can be read.", near
    )


def _tell_unknown(name: str, column: str, absent: list[str], filled: int) -> RowProblem:
    near = process.extract(column, absent, scorer=fuzz.ratio, limit=3, score_cutoff=_LIKE)
    if near:
        message = "The column is not known, but looks like one that is. Rename it, or remove it."
        return RowProblem(name, 1, column, "", message, tuple(found for found, _, _ in near))
    rows = "1 row holds" if filled == 1 else f"{filled:,} rows hold"
    loss = f"{rows} data there, which is left out." if filled else "It is empty."
    message = f"The column is not known. {loss}"
    return RowProblem(name, 1, column, "", message, suggest_columns(column, absent), "warning")


def suggest_columns(column: str, absent: Sequence[str]) -> tuple[str, ...]:
    """The absent columns that an unknown one may stand for, by its first telling word or looks."""
    words = re.findall(r"[a-z]+", column.lower())
    singular = [re.sub(r"ies$", "y", word).removesuffix("s") for word in words]
    told = next((HINTS[word] for word in singular if word in HINTS), ())
    if told:
        return tuple(name for name in told if name in absent)
    near = process.extract(column, absent, scorer=fuzz.ratio, limit=3, score_cutoff=_NEAR)
    return tuple(name for name, _, _ in near)


def learn_tables(paths: Iterable[Path], lookup: Lookup) -> None:
    """Make known what tables describe, and under which titles they cite addresses."""
    for path in paths:
        with open_table(path) as table:
            layout = recognise(table.name, table.header, lookup.forms)
            learn_rows(table, layout, lookup, {})
            learn_titles(table, lookup)


def learn_rows(table: Table, layout: Layout, lookup: Lookup, first: Places) -> None:
    """Make known what a table describes, and note the place of the first row about each thing."""
    url_place = table.header.index("url") if "url" in table.header else None
    for row in table.rows():
        if isinstance(row, RowProblem):
            continue
        try:
            kind, key = layout.kind_of(row), read_slug(layout.key_of(row))
        except Misfit:
            continue
        place = (table.name, row.number)
        if first.setdefault((kind, key), place) != place:
            continue
        if kind == "actor":
            lookup.learn_actor(key, dict(zip(table.header, row.cells, strict=True)))
        else:
            lookup.learn_key(kind, key)
        if kind == "publication" and url_place is not None and row.cells[url_place].strip():
            lookup.learn_address(row.cells[url_place].strip(), key)


def learn_titles(table: Table, lookup: Lookup) -> None:
    """Remember under which titles a table cites each address."""
    for row in table.rows():
        if isinstance(row, Row):
            cells = dict(zip(table.header, row.cells, strict=True))
            for url, title in pair_sources(cells):
                lookup.titles[url].update({title} - {""})
