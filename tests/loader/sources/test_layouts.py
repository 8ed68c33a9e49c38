"""What a table describes is told from its header."""

from pathlib import Path

import pytest

from kg.settings import PROJECT
from loader.problems import Misfit
from loader.sources import Lookup
from loader.sources.layouts import (
    HINTS,
    check_header,
    columns_of,
    recognise,
    suggest_columns,
)
from loader.tables import Row, open_table

TABLES = PROJECT / "data" / "practices"
KINDS = {
    "actors": ("actor",),
    "challenges": ("challenge",),
    "communities": ("community",),
    "community-actors": ("actor",),
    "events": ("event",),
    "graph-actors": ("actor",),
    "ideas": ("idea",),
    "needs-offers": ("need", "offer"),
    "practices": ("practice", "initiative", "adaptation"),
    "publications": ("publication",),
}


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.csv")), ids=lambda path: path.stem)
def test_shipped_table_is_recognised_and_all_its_columns_are_known(
    path: Path, project_lookup: Lookup
) -> None:
    with open_table(path) as table:
        layout = recognise(table.name, table.header, project_lookup.forms)

    assert layout.kinds == KINDS[path.stem]
    assert check_header(path.name, layout, {}) == []


def test_kind_of_a_row_is_told_by_its_column(project_lookup: Lookup) -> None:
    layout = recognise("n.csv", ("key", "kind", "title", "owner"), project_lookup.forms)

    assert layout.kind_of(Row(2, ["x", "offer", "X", "Y"])) == "offer"
    with pytest.raises(Misfit):
        layout.kind_of(Row(3, ["x", "wish", "X", "Y"]))


def test_shared_table_without_the_column_kind_is_refused(project_lookup: Lookup) -> None:
    layout = recognise("n.csv", ("key", "title", "owner", "status"), project_lookup.forms)

    assert [(p.column, p.severity) for p in check_header("n.csv", layout, {})] == [
        ("kind", "error")
    ]


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        ("recipient_countries", "beneficiary_countries"),
        ("form_key", "form"),
        ("Implementing partners", "lead_organisations"),
        ("theme", "theme_keys"),
        ("source", "source_urls"),
        ("SDGs", "sdg_targets_stated"),
    ],
)
def test_unknown_column_gets_the_known_one_that_is_meant(
    project_lookup: Lookup, column: str, meant: str
) -> None:
    layout = recognise("n.csv", ("id", "kind", "title", "summary", column), project_lookup.forms)

    assert meant in suggest_columns(column, sorted(layout.columns.difference(layout.header)))


def test_hints_name_columns_that_exist(project_lookup: Lookup) -> None:
    columns = {name for kinds in KINDS.values() for name in columns_of(kinds, project_lookup.forms)}

    assert {name for names in HINTS.values() for name in names} <= columns
