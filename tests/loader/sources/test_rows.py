"""Rows become records; a row with a wrong value is set aside with advice, and the others go on."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import BadInput
from kg.records import Record
from loader.problems import RowProblem
from loader.sources import Lookup, read_source, read_sources
from tests.loader.sources.tables import COLUMNS, GOOD, read_table, write_table

NO_KEY = (
    "A key has small letters a to z, digits and hyphens only, "
    "since it becomes part of a web address."
)
PLAIN = (
    "Write digits, with a point before decimals and without separators, units or signs of currency."
)


@pytest.mark.parametrize(
    ("column", "cell", "message", "candidates"),
    [
        (
            "id",
            "Jardín escolar",
            f"“Jardín escolar” cannot be a key. {NO_KEY}",
            ("jardin-escolar",),
        ),
        ("id", "", "The row has no key. Each row needs one that no other row has.", ()),
        (
            "kind",
            "practise",
            "“practise” is not a kind of row in such a table.",
            ("practice", "initiative", "adaptation"),
        ),
        (
            "title",
            "<b>School</b> gardens",
            "The text holds HTML (<b>). Write plain text.",
            ("School gardens",),
        ),
        (
            "start_year",
            "2013-2015",
            "“2013-2015” is not one year. "
            "Put the first year and the last year into columns of their own.",
            ("2013", "2015"),
        ),
        (
            "start_year",
            "c. 2013",
            "“c. 2013” is not one year. "
            "If it is uncertain, leave the cell empty and say so in the description.",
            ("2013",),
        ),
        ("start_year", "2031", "The year 2031 lies in the future (after 2026). Check it.", ()),
        ("end_year", "2057", "The year 2057 lies in the future (after 2056). Check it.", ()),
        (
            "origin_country",
            "Brasilien",
            "“Brasilien” is not a known country.",
            ("BRA (Brazil)",),
        ),
        (
            "provider_countries",
            "BRA;Korea",
            "“Korea” is not a known country.",
            ("KOR (South Korea)", "PRK (North Korea)"),
        ),
        (
            "provider_countries",
            "BRA;Congo",
            "“Congo” can be more than one country. Write the key.",
            ("COD (Democratic Republic of the Congo)", "COG (Congo - Brazzaville)"),
        ),
        ("theme_keys", "nutritoin", "“nutritoin” is not a known theme.", ("nutrition",)),
        (
            "sdg_targets_assigned",
            "2.1;2.9",
            "“2.9” is not a known SDG goal, target or indicator.",
            ("2.5", "2.4", "2.3"),
        ),
        (
            "lead_organisations",
            "RNP",
            "“RNP” can be more than one organisation. Write the key.",
            (
                "national-civil-registry-of-honduras (National Civil Registry of Honduras)",
                "rwanda-national-police (Rwanda National Police)",
            ),
        ),
        ("budget_usd", "1,000 USD", f"“1,000 USD” is not a plain number. {PLAIN}", ("1000",)),
        (
            "source_urls",
            "https://a.org/my page",
            "The address “https://a.org/my page” holds a space.",
            ("https://a.org/my%20page",),
        ),
        (
            "source_urls",
            "javascript:alert(1)",
            "“javascript:alert(1)” is not a web address. It must begin with http:// or https://.",
            (),
        ),
        (
            "source_titles",
            "A page;B page",
            "Source addresses: 1, source titles: 2. Give as many of both, in the same order; "
            "a title cannot hold a semicolon.",
            (),
        ),
    ],
)
def test_row_with_a_wrong_value_is_set_aside_and_the_others_go_on(
    tmp_path: Path,
    lookup: Lookup,
    column: str,
    cell: str,
    message: str,
    candidates: tuple[str, ...],
) -> None:
    path = write_table(tmp_path / "p.csv", {"id": "first"}, {column: cell}, {"id": "last"})

    records, problems = read_table(path, lookup)

    value = cell.split(";")[-1] if column == "provider_countries" else cell
    assert problems == [RowProblem("p.csv", 3, column, value, message, candidates)]
    assert [record.key for record in records] == ["first", "last"]


def test_all_problems_of_a_row_are_told(tmp_path: Path, lookup: Lookup) -> None:
    path = write_table(tmp_path / "p.csv", {"start_year": "13", "theme_keys": "x", "end_year": "y"})

    _, problems = read_table(path, lookup)

    assert [problem.column for problem in problems] == ["start_year", "end_year", "theme_keys"]


@pytest.mark.parametrize(
    "change",
    [
        {"origin_country": "NA"},
        {"origin_country": "Namibia"},
        {"origin_country": "https://w3id.org/ssc4c/id/country/NAM"},
    ],
)
def test_na_is_namibia(tmp_path: Path, lookup: Lookup, change: dict[str, str]) -> None:
    (record,), problems = read_table(write_table(tmp_path / "p.csv", change), lookup)

    assert problems == []
    assert "/def/originCountry> <https://w3id.org/ssc4c/id/country/NAM>" in str(record.content())


def test_target_8_10_stays_8_10(tmp_path: Path, lookup: Lookup) -> None:
    path = write_table(tmp_path / "p.csv", {"sdg_targets_assigned": "8.10"})

    (record,), _ = read_table(path, lookup)

    said = {
        triple.object.value  # type: ignore[union-attr]
        for triple in record.triples
        if "contributesTo" in triple.predicate.value
    }
    assert said == {"http://metadata.un.org/sdg/8.10"}


def test_duplicate_id_is_told_with_the_row_of_the_first(tmp_path: Path, lookup: Lookup) -> None:
    records, problems = read_table(write_table(tmp_path / "p.csv", {}, {"title": "Other"}), lookup)

    message = "The key school-garden stands in row 2 already. Keys are unique."
    assert problems == [RowProblem("p.csv", 3, "id", "school-garden", message)]
    assert len(records) == 1


def test_duplicate_id_in_another_file_is_told_with_its_name(tmp_path: Path, lookup: Lookup) -> None:
    paths = [write_table(tmp_path / name, {}) for name in ("a.csv", "b.csv")]

    problems = [i for i in read_sources(paths, "x", lookup) if isinstance(i, RowProblem)]

    message = "The key school-garden stands in row 2 of a.csv already. Keys are unique."
    assert problems == [RowProblem("b.csv", 2, "id", "school-garden", message)]


def test_rows_may_refer_to_later_rows_and_other_files(tmp_path: Path, lookup: Lookup) -> None:
    columns = (*COLUMNS, "adapted_from")
    adaptation = {"kind": "adaptation", "id": "first", "adapted_from": "school-garden"}
    initiative = {"kind": "initiative", "id": "other", "adapted_from": "school-garden"}
    paths = [
        write_table(tmp_path / "a.csv", initiative, columns=columns),
        write_table(tmp_path / "b.csv", adaptation, {}, columns=columns),
    ]

    items = list(read_sources(paths, "x", lookup))

    said = [str(item.content()) for item in items if isinstance(item, Record)]
    practice = "<https://w3id.org/ssc4c/id/practice/school-garden>"
    assert f"/def/carries> {practice}" in said[0]
    assert f"/def/adaptationOf> {practice}" in said[1]
    assert not any(isinstance(item, RowProblem) for item in items)


@pytest.mark.parametrize(
    ("columns", "problems"),
    [
        (
            ("key_", *COLUMNS[1:]),
            [
                ("id", "The column is missing; without it no row can be read.", ()),
                (
                    "key_",
                    "The column is not known, but looks like one that is. Rename it, or remove it.",
                    ("key",),
                ),
            ],
        ),
        (
            ("id", "kind", "name", *COLUMNS[3:]),
            [
                ("title", "The column is missing; without it no row can be read.", ()),
                (
                    "name",
                    "The column is not known. 1 row holds data there, which is left out.",
                    ("title",),
                ),
            ],
        ),
        (
            ("id", "kind", "title", "theme_key", "sdg_targets_assigned"),
            [
                (
                    "theme_key",
                    "The column is not known, but looks like one that is. Rename it, or remove it.",
                    ("theme_keys",),
                )
            ],
        ),
        (
            (*COLUMNS, "colour of hair"),
            [("colour of hair", "The column is not known. It is empty.", ())],
        ),
        (
            (*COLUMNS, "recipient_countries"),
            [
                (
                    "recipient_countries",
                    "The column is not known. 1 row holds data there, which is left out.",
                    ("beneficiary_countries",),
                )
            ],
        ),
    ],
)
def test_missing_renamed_and_extra_columns_are_told(
    tmp_path: Path,
    lookup: Lookup,
    columns: tuple[str, ...],
    problems: list[tuple[str, str, tuple[str, ...]]],
) -> None:
    path = write_table(
        tmp_path / "p.csv", {"name": "x", "recipient_countries": "TGO"}, columns=columns
    )

    _, found = read_table(path, lookup)

    assert [(p.row, p.column, p.message, p.candidates) for p in found] == [
        (1, *each) for each in problems
    ]


def test_header_without_rows_is_told(tmp_path: Path, lookup: Lookup) -> None:
    _, problems = read_table(write_table(tmp_path / "p.csv"), lookup)

    message = "The table has a header and no rows."
    assert problems == [RowProblem("p.csv", 0, "", "", message, (), "warning")]


def test_table_of_something_else_is_refused(tmp_path: Path, lookup: Lookup) -> None:
    path = tmp_path / "p.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(BadInput) as refused:
        list(read_source(path, "x", lookup))
    assert refused.value.detail == (
        "p.csv: The header does not look like a table of practices, organisations, challenges, "
        "needs and offers, ideas, events, publications or communities. Its first columns are a, b."
    )


def test_nothing_is_given_of_a_table_that_is_broken_further_down(
    tmp_path: Path, lookup: Lookup
) -> None:
    path = write_table(tmp_path / "p.csv", {})
    path.write_bytes(path.read_bytes() + b'x,practice,"open\n')

    with pytest.raises(BadInput):
        next(read_source(path, "x", lookup))


def test_texts_carry_the_language_of_column_or_row(tmp_path: Path, lookup: Lookup) -> None:
    columns = ("id", "kind", "title", "title_fr", "summary_es", "sdg_targets_assigned")
    path = write_table(
        tmp_path / "p.csv", {"title_fr": "Jardins", "summary_es": "Huertos"}, columns=columns
    )

    (record,), _ = read_table(path, lookup)

    said = record.content().decode()
    assert all(text in said for text in ('"School gardens"@en', '"Jardins"@fr', '"Huertos"@es'))


def test_publication_has_the_language_that_its_row_tells(tmp_path: Path, lookup: Lookup) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        "key,title,type,language,url\nx,Saber,report,es;en,https://a.org/s\n", encoding="utf-8"
    )

    (record,) = read_source(path, "partner", lookup)

    assert isinstance(record, Record)
    assert '"Saber"@es' in record.content().decode()


def test_partner_rows_are_not_graded_by_the_editors(tmp_path: Path, lookup: Lookup) -> None:
    path = write_table(tmp_path / "p.csv", {})

    (theirs,), _ = read_table(path, lookup, "partner")
    (ours,), _ = read_table(path, lookup, "ssc4c")

    assert b"hasAssessment" not in theirs.content()
    assert b"practice-grade/lead" in ours.content()


def test_source_with_a_name_that_is_no_key_is_refused(tmp_path: Path, lookup: Lookup) -> None:
    path = write_table(tmp_path / "p.csv", {})

    with pytest.raises(BadInput) as refused:
        list(read_source(path, "My source", lookup))
    assert refused.value.detail == (
        f"The name of the source will not do: “My source” cannot be a key. {NO_KEY}"
    )


@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=20), min_size=14, max_size=14)
)
def test_no_cells_crash_the_reading(project_lookup: Lookup, cells: list[str]) -> None:
    with TemporaryDirectory() as folder:
        change = dict(zip(COLUMNS, cells, strict=True))
        path = write_table(Path(folder) / "p.csv", {"kind": "practice"}, change)
        try:
            items = list(read_source(path, "partner", project_lookup))
        except BadInput as refused:
            assert "NUL" in refused.detail or "quote" in refused.detail
        else:
            assert items


def test_record_does_not_depend_on_the_order_of_columns(tmp_path: Path, lookup: Lookup) -> None:
    (one,), _ = read_table(write_table(tmp_path / "p.csv", {}), lookup)
    (other,), _ = read_table(write_table(tmp_path / "p.csv", {}, columns=COLUMNS[::-1]), lookup)

    assert one == other
    assert GOOD["id"] == one.key


def test_records_know_the_row_that_they_come_from(tmp_path: Path, lookup: Lookup) -> None:
    path = write_table(tmp_path / "p.csv", {}, {"id": "other", "source_urls": "https://a.org/y"})

    records = [item for item in read_source(path, "x", lookup) if isinstance(item, Record)]

    assert [(record.kind, record.row) for record in records] == [
        ("practice", 2),
        ("practice", 3),
        ("publication", 2),
        ("publication", 3),
    ]
